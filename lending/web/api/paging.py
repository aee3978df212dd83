"""Lists in pieces: a window onto a fixed order, and the opaque cursor that says where the next piece begins.

A cursor holds the sort key of the last row given out, not a count of rows, so that rows which come or go in between make no page repeat or
miss another. It also names the list it belongs to: a cursor of one list asks nothing of another.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from lending.domain.money import LARGEST_SHAPE
from lending.domain.refusals import Refusal
from lending.web.api.messages.fields import Page

T = TypeVar("T")
Key = tuple[int | str | date, ...]

DEFAULT_LIMIT, LARGEST_LIMIT = 50, 200
ALL_ROWS = 1_000_000_000
"""A limit that no list of ours reaches: a table's twin has every row."""


@dataclass(frozen=True)
class Window:
    """Which piece of a list is asked for: at most `limit` rows (None: all of them) after the row whose sort key is `after`."""

    listing: str
    limit: int | None = None
    after: Key | None = None

    @property
    def after_id(self) -> int:
        """Where the order is by id alone: the id to go on after, 0 at the beginning. Refused as `window` refuses."""
        key = self.after_key(int)
        return key[0] if key else 0

    def after_key(self, *kinds: type[int | str | date]) -> tuple[Any, ...] | None:
        """The sort key to go on after, whose parts are of these kinds; None at the beginning. Refused as `window` refuses."""
        if self.after is None:
            return None
        if len(self.after) != len(kinds) or not all(isinstance(part, kind) for part, kind in zip(self.after, kinds, strict=True)):
            raise _not_ours()
        return self.after

    @property
    def fetch(self) -> int:
        """How many rows to fetch: one more than are given out, to know whether there are more."""
        return ALL_ROWS if self.limit is None else self.limit + 1

    def page(self, rows: Sequence[T], key: Callable[[T], Key]) -> Page[T]:
        """A page of rows that begin after `after` and number at most `fetch`, as a question with a limit gives them."""
        if self.limit is None or len(rows) <= self.limit:
            return Page(items=list(rows), next=None)
        items = list(rows[: self.limit])
        return Page(items=items, next=_written(self.listing, key(items[-1])))

    def cut(self, rows: Iterable[T], key: Callable[[T], Key]) -> Page[T]:
        """A page out of the whole list, however it came: sorted by `key`, which no two rows share. Refused as `window` refuses."""
        ordered = sorted(rows, key=key)
        if self.after is not None:
            try:
                ordered = [row for row in ordered if key(row) > self.after]
            except TypeError:  # a cursor that somebody made up: its parts are of other kinds
                raise _not_ours() from None
        return self.page(ordered[: self.fetch], key)


def window(listing: str, limit: int | None, cursor: str | None) -> Window:
    """The window that a query string asks for. Refused: a cursor that is not one of this list's (`cursor_unknown`)."""
    return Window(listing, limit, None if cursor is None else _read(listing, cursor))


def _written(listing: str, key: Key) -> str:
    parts = [{"day": part.isoformat()} if isinstance(part, date) else part for part in key]
    text = json.dumps([listing, *parts], separators=(",", ":"))
    return base64.b32encode(text.encode()).decode().rstrip("=").lower()


def _read(listing: str, cursor: str) -> Key:
    try:
        text = base64.b32decode(cursor.upper() + "=" * (-len(cursor) % 8))
        name, *parts = json.loads(text)
        if name != listing or not parts:
            raise ValueError("of another list")
        return tuple(_part(part) for part in parts)
    except (binascii.Error, ValueError, TypeError, KeyError, RecursionError):
        raise _not_ours() from None


def _not_ours() -> Refusal:
    return Refusal("cursor_unknown", at="cursor")


def _part(part: Any) -> int | str | date:
    if isinstance(part, dict):
        return date.fromisoformat(part["day"])
    if isinstance(part, str) or (isinstance(part, int) and abs(part) <= LARGEST_SHAPE):
        return part
    raise ValueError("not a part of a key")
