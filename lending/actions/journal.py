"""Adding entries to the journal: entries, their legs, their seals, in three statements however many there are.

Everything here runs inside the transaction of the act that calls it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate

from sqlalchemy import case, func, insert, select

from lending.database import is_postgresql, session
from lending.domain.access import Actor
from lending.domain.days import day_in_books
from lending.domain.ledger import Account, EntryKind, Leg, control_total
from lending.domain.money import Rupiah
from lending.domain.refusals import Refusal
from lending.models import Entry, EntrySeal, Posting
from lending.models.base import table_of
from lending.queries.days import closed_up_to

_ENTRY, _POSTING, _SEAL = (table_of(model) for model in (Entry, Posting, EntrySeal))
"""Tables, not models: the mapper would write one statement for each set of columns that are not NULL."""


@dataclass(frozen=True)
class NewEntry:
    """An entry to be added: what it tells, on which day it happened, and its legs, which sum to zero."""

    kind: EntryKind
    happened_on: date
    legs: tuple[Leg, ...]
    record_uuid: str | None = None
    reversal_of_id: int | None = None
    reason: str | None = None


def book_day(wanted: date, *, unit_id: int, by: Actor, late_is_kept: bool = False, at: str = "on") -> date:
    """The day of the books for what happened on `wanted`: **every act that posts asks this, after it has locked the unit.**

    That day, while it is open. A day that is closed is refused (`day_closed`), and so is one that has not come (`future_date`); but a
    meeting's record or undo (`late_is_kept`) is booked on the open day instead and keeps its own `happened_on` (api-detail part 4).
    (Only `record_meeting` asks the rule itself: it has read the last closed day along with the meeting.)
    """
    return day_in_books(wanted, today=by.today, closed_up_to=closed_up_to(unit_id), late_is_kept=late_is_kept, at=at)


def post(entries: Sequence[NewEntry], *, unit_id: int, on_day: date, at: datetime, by: Actor) -> list[int]:
    """Add these entries to the books of `on_day`, as `book_day` gave it, and return their ids, in the same order."""
    if not entries:
        return []
    rows = [
        {
            "unit_id": unit_id,
            "kind": entry.kind,
            "on_day": on_day,
            "happened_on": entry.happened_on,
            "recorded_at": at,
            "actor_id": by.user_id,
            "record_uuid": entry.record_uuid,
            "reversal_of_id": entry.reversal_of_id,
            "reason": entry.reason,
            "control_total": control_total(entry.legs),
        }
        for entry in entries
    ]
    connection = session.connection()
    # SQLite numbers the rows of one statement in their order, and would be asked for each row alone if it had to promise that.
    told = insert(_ENTRY).returning(_ENTRY.c.id, sort_by_parameter_order=is_postgresql())
    ids = sorted(connection.execute(told, rows).scalars())
    legs = [
        {
            "entry_id": entry_id,
            "n": n,
            "account": leg.account,
            "loan_id": leg.loan_id,
            "member_id": leg.member_id,
            "user_id": leg.user_id,
            "amount": leg.amount,
        }
        for entry_id, entry in zip(ids, entries, strict=True)
        for n, leg in enumerate(entry.legs, 1)
    ]
    connection.execute(insert(_POSTING), legs)
    connection.execute(insert(_SEAL), [{"entry_id": entry_id} for entry_id in ids])
    return ids


def held(account: Account, *, unit_id: int, user_id: int | None = None) -> Rupiah:
    """What an account of a unit, or one officer's purse in it, holds at this moment by the books."""
    question = (
        select(func.coalesce(func.sum(Posting.amount), 0))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account == account, Entry.unit_id == unit_id)
    )
    if user_id is not None:
        question = question.where(Posting.user_id == user_id)
    return int(session.scalar(question) or 0)


def least_held(account: Account, on_day: date, *, unit_id: int, user_id: int | None = None) -> Rupiah:
    """The least that an account of a unit, or one officer's purse in it, held by the books at the end of that day or of any day since."""
    since = case((Entry.on_day > on_day, Entry.on_day), else_=on_day)
    legs = select(since.label("day"), Posting.amount).join(Entry, Entry.id == Posting.entry_id)
    legs = legs.where(Posting.account == account, Entry.unit_id == unit_id)
    moved = (legs if user_id is None else legs.where(Posting.user_id == user_id)).subquery()
    by_day = select(moved.c.day, func.sum(moved.c.amount)).group_by(moved.c.day)
    came: dict[date, int] = {on_day: 0} | {day: int(amount) for day, amount in session.execute(by_day)}
    return min(accumulate(came[day] for day in sorted(came)))


def require_cash(account: Account, amount: Rupiah, on_day: date, *, unit_id: int, at: str) -> None:
    """Refuse (`not_enough_cash`, with `left`) to take more out of a unit's vault on a day of the books than was in it that evening, or on
    any evening since: what is dated back takes from all of them."""
    left = least_held(account, on_day, unit_id=unit_id)
    if left < amount:
        raise Refusal("not_enough_cash", at=at, left=max(0, left))
