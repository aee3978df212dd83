"""The house's own source as the house tests read it: which file stands in which room, and what it imports."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Import:
    """One name that a file imports: `lending.domain.money` and `parse_rupiah`, or `flask` and None."""

    module: str
    name: str | None
    line: int


@cache
def tree(path: Path) -> ast.Module:
    """The file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything that stands in the file, at whatever depth."""
    return tuple(ast.walk(tree(path)))


def house_files() -> list[Path]:
    """Every Python file of `lending`."""
    return sorted((ROOT / "lending").rglob("*.py"))


def room(path: Path) -> str:
    """The room a file stands in: `domain` for lending/domain/money.py, `clock` for lending/clock.py."""
    inside = path.relative_to(ROOT / "lending")
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def module_name(path: Path) -> str:
    """`lending.domain.money` for lending/domain/money.py; a package's own file has the package's name."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports(path: Path) -> tuple[Import, ...]:
    """Everything the file imports, wherever in the file."""
    found: list[Import] = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found += [Import(alias.name, None, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [Import(node.module, alias.name, node.lineno) for alias in node.names]
    return tuple(found)


def where(path: Path, line: int) -> str:
    """`lending/domain/money.py:12`."""
    return f"{path.relative_to(ROOT)}:{line}"


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that belongs to the house: kept by git, or about to be."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(path for name in sorted(filter(None, listed.split("\0"))) if (path := ROOT / name).is_file())


def tracked_texts() -> Iterator[tuple[Path, str]]:
    """Those of them that are text."""
    for path in tracked_files():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
