"""What the rules' own words become in an answer: sentences, in the language that was asked for."""

from collections.abc import Iterable
from enum import Enum

from lending.domain import refusals
from lending.i18n import words
from lending.web.api.messages.fields import Warned
from lending.web.language import language


def warned(found: Iterable[refusals.Warned]) -> list[Warned]:
    """What was accepted though it is doubtful."""
    return [Warned(at=one.at, code=one.code, message=words.warning(one.code, language())) for one in found]


def named(value: Enum, kind: str | None = None) -> str:
    """What people call this value."""
    return words.word(value, kind, language())
