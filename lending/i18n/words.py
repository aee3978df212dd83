"""Codes and states in; the sentence or word that people read out, in Indonesian or English.

Works without a request, for pages, programs, papers, the terminal and the night alike. A code without words is a mistake that a test finds;
a person who meets one all the same reads a general sentence, never a blank.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from string import Formatter
from typing import Any

from lending.i18n import formats
from lending.i18n.catalogue import SOURCE, mark, translated
from lending.i18n.refusals import REFUSALS, WARNINGS
from lending.i18n.states import STATES

__all__ = ["REFUSALS", "STATES", "WARNINGS", "Said", "kind_of", "refusal", "warning", "word"]


_OR = mark("atau")
_MINUTES = mark("menit")
_SO_MANY_DAYS = mark("{days} hari")
_MORE_DAYS = mark("lebih dari {days} hari")


@dataclass(frozen=True)
class Said:
    """A refusal in words: the title names it, the detail stands alone and says what to do next."""

    title: str
    detail: str


def refusal(code: str, facts: Mapping[str, Any], language: str = SOURCE) -> Said:
    """What a refusal says, with its facts written as the language writes them."""
    title, detail = (translated(text, language) for text in REFUSALS.get(code, REFUSALS["refused"]))
    try:
        return Said(title, _Facts(language).vformat(detail, (), facts))
    except (KeyError, ValueError, TypeError, AttributeError):
        return Said(title, title)  # a fact is missing or of another kind: say less rather than nonsense


def warning(code: str, language: str = SOURCE) -> str:
    """What a warning says."""
    return translated(WARNINGS.get(code, REFUSALS["refused"][0]), language)


def word(value: Enum | str, kind: str | None = None, language: str = SOURCE) -> str:
    """What people call this value of a kind; the value itself where we have no word for it."""
    text = str(value.value if isinstance(value, Enum) else value)
    kind = kind or kind_of(value)
    if kind == "lateness" and text not in STATES[kind]:
        return _bucket(text, language)
    return translated(STATES.get(kind, {}).get(text, text), language)


def _bucket(text: str, language: str) -> str:
    """A bucket of days whose bounds somebody chose: `0-45`, `>720`."""
    if text.startswith(">"):
        return translated(_MORE_DAYS, language).format(days=text[1:])
    return translated(_SO_MANY_DAYS, language).format(days=text.replace("-", "–"))


def kind_of(value: Enum | str) -> str:
    """The kind of an enum's member, from its class: `LoanState.RUNNING` is a `loan_state`; a bare string is of none."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(value).__name__).lower() if isinstance(value, Enum) else ""


class _Facts(Formatter):
    """`str.format` whose specs are the house's own: `{left:rupiah}`, `{on:date}`, `{weeks:list}`, `{state:loan_state}`."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        match format_spec:
            case "":
                return formats.grouped(value, self.language) if type(value) is int else str(value)
            case "rupiah":
                return formats.rupiah(value, self.language)
            case "date":
                return formats.long_date(value if isinstance(value, date) else date.fromisoformat(value), self.language)
            case "bytes":
                return f"{value // 1000:d} kB" if value < 1_000_000 else f"{value // 1_000_000:d} MB"
            case "wait":
                return self._wait(value)
            case "list":
                return self._joined(str(one) for one in value)
            case kind:
                many = [value] if isinstance(value, str) else list(value)
                return self._joined(word(one, kind, self.language) for one in many)

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        """A fact by its plain name; a sentence reaches into nothing."""
        return self.get_value(field_name, args, kwargs), field_name

    def _joined(self, texts: Iterable[str]) -> str:
        *most, last = list(texts) or ["–"]
        return f"{', '.join(most)} {translated(_OR, self.language)} {last}" if most else last

    def _wait(self, seconds: int) -> str:
        return f"{-(-seconds // 60)} {translated(_MINUTES, self.language)}"
