"""Bytes in; one strict JSON document out, or a named refusal (RFC 8259; api-detail part 4, *JSON*).

Python's reader is kinder than a book of money can be: it takes the last of two equal keys, `NaN`, and numbers of any length. Here the
reader keeps what it doubts, and a walk over the finished document refuses it by name and by place.
"""

import json
import re
from typing import Any, NoReturn

from lending.domain.refusals import Refusal

DEEPEST = 32
"""Objects and lists inside each other; a meeting record has four."""

MOST_DIGITS = 15
"""More digits than any amount of ours: not a number we could answer for."""

_UNFIT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters but the line feed, marks that turn the reading direction, halves of a character."""


class _TooLong:
    """A whole number of more than 15 digits: never the shape of anything."""


class _Twice(dict[str, Any]):
    """An object in which one key stood twice."""

    key: str


def read(raw: bytes) -> Any:
    """The document in `raw`. Refused (400): `not_json`, `duplicate_key`, `too_deep`, `text`; the last three at their field.

    Whole numbers of more than 15 digits come out as something that fits no shape. A line feed is let through: only notes allow it, and
    the field's type says so.
    """
    try:
        document = json.loads(raw.decode("utf-8"), parse_int=_whole, parse_constant=_no_constant, object_pairs_hook=_object)
    except RecursionError:
        raise Refusal("too_deep", status=400, deepest=DEEPEST) from None
    except ValueError:
        raise Refusal("not_json", status=400) from None
    _check(document, "", 1)
    return document


def check_text(text: str, at: str) -> None:
    """Refuse (`text`, 400) characters that no text of ours may hold."""
    if _UNFIT.search(text):
        raise Refusal("text", status=400, at=at)


def _whole(digits: str) -> int | _TooLong:
    return int(digits) if len(digits.lstrip("-")) <= MOST_DIGITS else _TooLong()


def _no_constant(_word: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice = _Twice(found)
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            twice.key = key
            break
        seen.add(key)
    return twice


def _check(value: Any, at: str, depth: int) -> None:
    if isinstance(value, str):
        check_text(value, at)
    elif isinstance(value, dict | list):
        if depth > DEEPEST:
            raise Refusal("too_deep", status=400, at=at, deepest=DEEPEST)
        if isinstance(value, list):
            for place, item in enumerate(value):
                _check(item, _under(at, str(place)), depth + 1)
            return
        for key, item in value.items():
            check_text(key, at)
            _check(item, _under(at, key), depth + 1)
        if isinstance(value, _Twice):
            check_text(value.key, at)
            raise Refusal("duplicate_key", status=400, at=_under(at, value.key), key=value.key[:60])


def _under(at: str, name: str) -> str:
    name = name[:60]  # what a stranger named is echoed, but not at any length
    return f"{at}.{name}" if at else name
