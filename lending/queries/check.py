"""Do the books add up? Every stored figure proved from the facts, in a few statements over whole tables; nothing is ever repaired.

The codes V1 … V19 are those of reliability §2.1. Which stands where: values that cannot be in `check_values`, the journal in `check_books`,
loans in `check_loans`, days in `check_dates`, the night's history in `check_history`, the database's own guards in `check_guards`.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby, islice

from sqlalchemy import func, select

from lending.database import session
from lending.models import Entry, Posting
from lending.queries import check_books, check_dates, check_guards, check_history, check_loans, check_values
from lending.queries.differences import MOST, Difference

_AT_A_TIME = 10_000


@dataclass(frozen=True)
class Proof:
    """What was found: the differences (none when all is well, at most a thousand), how many entries the journal has, its chain's head."""

    differences: tuple[Difference, ...]
    entries: int
    head: str


def prove(today: date | None = None) -> Proof:
    """Look at everything, reading only. With `today`, the business date, what is dated after it is a difference too."""
    count = session.scalar(select(func.count()).select_from(Entry)) or 0
    return Proof(tuple(differences(today)), count, _head())


def differences(today: date | None = None) -> list[Difference]:
    """Every difference found, at most a thousand."""
    unreadable = list(islice(check_values.look(), MOST))
    if unreadable:
        return unreadable  # what follows reads these columns
    looks = (check_guards.look(), check_books.look(), check_loans.look(), check_dates.look(today), check_history.look())
    return list(islice(chain.from_iterable(looks), MOST))


def _head() -> str:
    """The head of the chain over the whole journal: each entry, with all its legs, hashed onto the one before it (invariant I16).

    Two copies of one journal have the same head; one that lost, gained or changed an entry has another.
    """
    head = ""
    for _, rows in groupby(_journal(), key=lambda row: row[0]):
        told = json.dumps([head, list(rows)], separators=(",", ":"))
        head = hashlib.sha256(told.encode()).hexdigest()
    return head


def _journal() -> Iterator[tuple[object, ...]]:
    question = (
        select(
            Entry.id,
            Entry.unit_id,
            Entry.kind,
            Entry.on_day,
            Entry.happened_on,
            Entry.recorded_at,
            Entry.actor_id,
            Entry.record_uuid,
            Entry.reversal_of_id,
            Entry.reason,
            Entry.control_total,
            Posting.n,
            Posting.account,
            Posting.loan_id,
            Posting.member_id,
            Posting.user_id,
            Posting.amount,
        )
        .outerjoin(Posting, Posting.entry_id == Entry.id)
        .order_by(Entry.id, Posting.n)
        .execution_options(yield_per=_AT_A_TIME)
    )
    for row in session.execute(question):
        entry, (unit, kind, on_day, happened_on, recorded_at), rest = row[0], row[1:6], row[6:]
        yield entry, unit, kind.value, on_day.isoformat(), happened_on.isoformat(), recorded_at.isoformat(), *rest
