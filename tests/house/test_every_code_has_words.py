"""Every no and every warning in the source has its sentence, and gets the facts that the sentence names (English: tests/i18n)."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from lending.i18n import words
from tests.house.source import ROOT, house_files, nodes, where

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
    for node in nodes(ROOT / "lending" / "domain" / "refusals.py"):
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
        for node in nodes(path):
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
