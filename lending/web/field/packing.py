"""Plain modules in, scripts out: a first visit over a weak line is paid by the byte and by the round trip.

The files under `static/js/field/` are ordinary ES modules, each readable and testable alone; nothing has to be built to work on them. When
the server starts, those that an entry imports are laid behind one another, each in a function of its own that returns what it exports.
Comments stay at home, and so do spaces and long names that only people need (`tightening.py`, `shortening.py`). No statement is moved.

It understands the forms we write, and refuses to start on others: `import { a, b } from "./x.js"`, `import * as x from "./x.js"`, and
`export` before a `const`, `function` or `class` at the beginning of a line.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lending.web.field.shortening import UnknownName, shortened
from lending.web.field.tightening import joined, tokens

_IMPORT = re.compile(r'^import (?:\{([^}]*)\}|\* as (\w+)) from "(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?:async )?(?:const|function|class) (\w+)", re.MULTILINE)


class CannotPack(Exception):
    """A script says something that packing does not understand, or imports in a circle."""


def pack(entry: Path, *, after: Path | None = None) -> str:
    """The script `entry` and all that it imports, as one classic script; without what `after`, which runs before it, has brought."""
    there: dict[Path, str] = {}
    if after is not None:
        _add(after.resolve(), there, ())
    parts = dict(there)
    _add(entry.resolve(), parts, ())
    return '"use strict";' + "".join(part for path, part in parts.items() if path not in there)


def _add(path: Path, parts: dict[Path, str], on_the_way: tuple[Path, ...]) -> None:
    if path in parts:
        return
    if path in on_the_way:
        raise CannotPack(f"{path.name} imports itself by way of {', '.join(one.name for one in on_the_way)}")
    text = path.read_text(encoding="utf-8")
    for imported in _imported(path, text):
        _add(imported, parts, (*on_the_way, path))
    parts[path] = _wrapped(path, text)


def _imported(path: Path, text: str) -> Iterator[Path]:
    for _names, _all, where in _IMPORT.findall(text):
        yield (path.parent / where).resolve()


@cache
def _wrapped(path: Path, text: str) -> str:
    names = _EXPORT.findall(text)
    body = _IMPORT.sub(lambda found: _taken(path, found), text)
    body = re.sub(r"^export (?=async |const |function |class )", "", body, flags=re.MULTILINE)
    if re.search(r"^\s*(import|export)\b", body, re.MULTILINE):
        raise CannotPack(f"{path.name} imports or exports in a form that packing does not know")
    module = f"const {_name(path)} = (() => {{\n{body}return {{ {', '.join(names)} }};\n}})();\n"
    try:
        return joined(shortened(list(tokens(module))))
    except UnknownName as name:
        raise CannotPack(f"{path.name} uses a name that nobody gives: {name}") from None


def _taken(path: Path, found: re.Match[str]) -> str:
    names, whole, where = found.groups()
    source = _name((path.parent / where).resolve())
    if whole:
        return f"const {whole} = {source};\n"
    return f"const {{ {names.strip().rstrip(',').replace(' as ', ': ')} }} = {source};\n"


def _name(path: Path) -> str:
    return "$" + re.sub(r"\W", "_", path.stem)
