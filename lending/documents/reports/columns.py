"""What a column of a report is: its name for programs, its label for people, what it holds, and how it adds up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import Any, TypeAlias

from lending.domain.portfolio import ratio

Value: TypeAlias = int | Decimal | str | date | datetime | None
Read: TypeAlias = Callable[[Any], Any]


class Kind(StrEnum):
    """What a column holds: what it is written as, and which side of its column it keeps to."""

    KEY = "key"
    """For programs: never on a page, always text in a file."""
    TEXT = "text"
    WORD = "word"
    DAY = "day"
    MOMENT = "moment"
    COUNT = "count"
    RUPIAH = "rupiah"
    RATIO = "ratio"


NUMBERS = (Kind.COUNT, Kind.RUPIAH, Kind.RATIO)


@dataclass(frozen=True)
class Column:
    """One column. `words` names the kind of word it holds; `leads` what its link on the page leads to; `total` adds its rows up."""

    name: str
    label: str
    kind: Kind
    read: Read
    words: str | None = None
    leads: str | None = None
    total: Callable[[Sequence[Any]], Value] | None = None

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right."""
        return self.kind in NUMBERS

    @property
    def is_time(self) -> bool:
        """Whether it is a day or a moment."""
        return self.kind in (Kind.DAY, Kind.MOMENT)

    @property
    def is_shown(self) -> bool:
        """Whether people see it."""
        return self.kind is not Kind.KEY


def key(name: str = "key", of: str | None = None) -> Column:
    """An id, a code, a user name: what a program goes on with."""
    return Column(name, "", Kind.KEY, attrgetter(of or name))


def text(name: str, label: str, of: str | None = None, *, leads: str | None = None) -> Column:
    """A name, a number that is no amount, a purpose."""
    return Column(name, label, Kind.TEXT, attrgetter(of or name), leads=leads)


def word(name: str, label: str, words: str, of: str | None = None) -> Column:
    """One of the contract's words, said in the reader's language."""
    return Column(name, label, Kind.WORD, attrgetter(of or name), words=words)


def day(name: str, label: str, of: str | None = None) -> Column:
    """A business date."""
    return Column(name, label, Kind.DAY, attrgetter(of or name))


def moment(name: str, label: str, of: str | None = None) -> Column:
    """A moment."""
    return Column(name, label, Kind.MOMENT, attrgetter(of or name))


def count(name: str, label: str, of: str | Read | None = None, *, summed: bool = True) -> Column:
    """How many."""
    return _added_up(name, label, Kind.COUNT, of, summed)


def rupiah(name: str, label: str, of: str | Read | None = None, *, summed: bool = True) -> Column:
    """An amount."""
    return _added_up(name, label, Kind.RUPIAH, of, summed)


def share(name: str, label: str, part: str | Read, whole: str | Read) -> Column:
    """One amount as a share of another; of all rows together, the share of the sums."""
    one, other = _reader(part), _reader(whole)

    def together(rows: Sequence[Any]) -> Decimal | None:
        return ratio(sum(one(row) for row in rows), sum(other(row) for row in rows))

    return Column(name, label, Kind.RATIO, lambda row: ratio(one(row), other(row)), total=together)


def rate(name: str, label: str, of: str | None = None) -> Column:
    """A rate that nothing adds up to."""
    return Column(name, label, Kind.RATIO, attrgetter(of or name))


def _added_up(name: str, label: str, kind: Kind, of: str | Read | None, summed: bool) -> Column:
    read = _reader(of or name)
    return Column(name, label, kind, read, total=(lambda rows: sum(read(row) or 0 for row in rows)) if summed else None)


def _reader(of: str | Read) -> Read:
    return attrgetter(of) if isinstance(of, str) else of
