"""Whatever the house can say, it can say in Indonesian and in English."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from lending.i18n import words
from tests.house.source import ROOT, house_files, tree, where

ENGLISH = ROOT / "lending" / "i18n" / "translations" / "en" / "LC_MESSAGES"

SOURCES = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract"), ("**.txt", "jinja2.ext:babel_extract")]
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "mark": None}

# An Indonesian text is its own translation when it is a name, a figure or a sign.
PLACEHOLDER = re.compile(r"\{([a-z_]*)(?::[a-z_]+)?\}|%\(([a-z_]+)\)[sd]")


@dataclass(frozen=True)
class Raised:
    """A code in the source, and the facts given with it; None where they are handed on as they came."""

    code: str
    facts: frozenset[str] | None
    where: str


def refusal_classes() -> dict[str, tuple[int, str | None]]:
    """Classes whose instances carry a code: at which place of the call it stands, and which code by default."""
    found: dict[str, tuple[int, str | None]] = {"Refusal": (0, None), "FieldFault": (1, None)}
    for node in ast.walk(tree(ROOT / "lending" / "domain" / "refusals.py")):
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Refusal" for base in node.bases):
            default = next((ast.literal_eval(first.defaults[0]) for first in _constructors(node) if first.defaults), None)
            found[node.name] = (0, default)
    return found


def _constructors(node: ast.ClassDef) -> Iterator[ast.arguments]:
    return (inner.args for inner in node.body if isinstance(inner, ast.FunctionDef) and inner.name == "__init__")


def raised(kinds: dict[str, tuple[int, str | None]]) -> Iterator[Raised]:
    """Every code that is written down where it is raised."""
    own = {"at", "status", "faults", "facts"}
    for path in house_files():
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or (name := ast.unparse(node.func).split(".")[-1]) not in kinds:
                continue
            place, default = kinds[name]
            given = node.args[place] if len(node.args) > place else ast.Constant(default)
            texts = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
            handed_on = any(keyword.arg is None for keyword in node.keywords) or name == "FieldFault"
            facts = None if handed_on else frozenset(str(keyword.arg) for keyword in node.keywords) - own
            for text in texts:
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield Raised(text.value, facts, where(path, node.lineno))


def placeholders(text: str) -> set[str]:
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def english() -> Catalog:
    with (ENGLISH / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def said_in_the_source() -> dict[str | tuple[str, ...], str]:
    """Every text that is marked to be said, with the place where it stands."""
    found = extract_from_dir(ROOT / "lending", SOURCES, keywords=KEYWORDS, options_map={"**.html": {"silent": "false"}})
    return {message: f"lending/{name}:{line}" for name, line, message, _, _ in found if message}


def test_every_refusal_in_the_source_has_its_sentence() -> None:
    missing = {one.code: one.where for one in raised(refusal_classes()) if one.code not in words.REFUSALS}
    assert missing == {}


def test_every_warning_in_the_source_has_its_sentence() -> None:
    missing = {one.code: one.where for one in raised({"Warned": (1, None)}) if one.code not in words.WARNINGS}
    assert missing == {}


def test_a_refusal_gives_every_fact_that_its_sentence_names() -> None:
    # Without the fact the reader would get the title only.
    short = [
        f"{one.where}: {one.code} lacks {sorted(lacking)}"
        for one in raised(refusal_classes())
        if one.facts is not None and one.code in words.REFUSALS
        if (lacking := placeholders(words.REFUSALS[one.code][1]) - one.facts)
    ]
    assert short == []


@pytest.mark.parametrize("code", sorted(words.REFUSALS))
def test_a_sentence_is_a_sentence(code: str) -> None:
    title, detail = words.REFUSALS[code]
    assert title.endswith((".", "?"))
    assert detail.endswith((".", "?", "}"))
    assert len(detail) >= len(title) or detail == title


def test_every_text_has_its_english() -> None:
    catalogue = english()
    missing = {}
    for message, place in said_in_the_source().items():
        entry = catalogue.get(message if isinstance(message, str) else message[0])
        if entry is None or not entry.string or entry.fuzzy:
            missing[place] = message
    assert missing == {}


def test_no_english_is_left_over_from_a_text_that_is_gone() -> None:
    said = {message if isinstance(message, str) else message[0] for message in said_in_the_source()}
    assert {entry.id for entry in english() if entry.id and entry.id not in said} == set()


def test_the_english_names_the_same_facts() -> None:
    differing = {
        entry.id: entry.string
        for entry in english()
        if isinstance(entry.id, str) and isinstance(entry.string, str) and entry.string
        if placeholders(entry.id) != placeholders(entry.string)
    }
    assert differing == {}


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with (ENGLISH / "messages.mo").open("rb") as file:
        compiled = {entry.id: entry.string for entry in read_mo(file) if entry.id}
    assert compiled == {entry.id: entry.string for entry in english() if entry.id and entry.string and not entry.fuzzy}


def test_indonesian_is_the_source_so_it_needs_no_catalogue() -> None:
    assert [path.name for path in Path(ENGLISH.parents[1]).iterdir() if path.is_dir()] == ["en"]
