"""Do the books add up? Every stored figure proved from the facts, in a few statements over whole tables; nothing is ever repaired.

The codes V1 … V19 are those of reliability §2.1. Which stands where: values that cannot be in `check_values`, the journal in `check_books`
and its purses in `check_floors`, loans in `check_loans`, `check_lives` and `check_restructured`, days in `check_dates`, closed ones in
`check_days`, hand-overs in `check_cash`, what may be sent twice in `check_once`, the night's history in `check_history`, the database's own
guards in `check_guards`, roles and product terms in `check_manifest`, the hash chains in `check_chain`, the pictures' files in
`check_photos`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, islice

from sqlalchemy import func, select

from lending.anchors import Anchor
from lending.database import session
from lending.models import Entry
from lending.queries import (
    check_books,
    check_cash,
    check_chain,
    check_dates,
    check_days,
    check_floors,
    check_guards,
    check_history,
    check_lives,
    check_loans,
    check_manifest,
    check_once,
    check_photos,
    check_restructured,
    check_values,
)
from lending.queries.differences import MOST, Difference


@dataclass(frozen=True)
class Proof:
    """What was found: the differences (none when all is well, at most a thousand), how many entries the journal has, its chains' head."""

    differences: tuple[Difference, ...]
    entries: int
    head: str


def prove(today: date | None = None, anchors: Sequence[Anchor] = ()) -> Proof:
    """Look at everything, reading only. With `today`, the business date, what is dated after it is a difference too.

    `anchors`: how far the chains had come at other times, as somebody outside the database remembers it.
    """
    unreadable = list(islice(check_values.look(), MOST))
    if unreadable:  # what follows reads these columns
        return Proof(tuple(unreadable), count(), "")
    chains = check_chain.prove(anchors)
    found = chain.from_iterable((chains.differences, *(look() for look in looks(today).values())))
    return Proof(tuple(islice(found, MOST)), chains.entries, chains.head)


def differences(today: date | None = None, anchors: Sequence[Anchor] = ()) -> list[Difference]:
    """Every difference found, at most a thousand."""
    return list(prove(today, anchors).differences)


def looks(today: date | None) -> Mapping[str, Callable[[], Iterator[Difference]]]:
    """What is asked of values that can be read, the chains apart, by name."""
    return {
        "guards": check_guards.look,
        "manifest": check_manifest.look,
        "books": check_books.look,
        "floors": check_floors.look,
        "cash": check_cash.look,
        "days": check_days.look,
        "once": check_once.look,
        "loans": check_loans.look,
        "lives": check_lives.look,
        "restructured": check_restructured.look,
        "dates": partial(check_dates.look, today),
        "history": check_history.look,
        "photos": check_photos.look,
    }


def count() -> int:
    """How many entries the journal has."""
    return session.scalar(select(func.count()).select_from(Entry)) or 0


def head() -> str:
    """The one head of all units' journals (`queries.chain.head_of`): two copies of the books have the same one."""
    return check_chain.prove().head
