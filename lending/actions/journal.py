"""Adding entries to the journal: entries, their legs, their seals, in three statements however many there are.

Everything here runs inside the transaction of the act that calls it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, func, insert, select

from lending.database import is_postgresql, session
from lending.domain.access import Actor
from lending.domain.ledger import Account, EntryKind, Leg, control_total
from lending.domain.money import Rupiah
from lending.domain.refusals import Refusal
from lending.models import Entry, EntrySeal, Posting

_ENTRY, _POSTING, _SEAL = (cast(Table, model.__table__) for model in (Entry, Posting, EntrySeal))
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


def post(entries: Sequence[NewEntry], *, unit_id: int, on_day: date, at: datetime, by: Actor) -> list[int]:
    """Add these entries to the books of `on_day` and return their ids, in the same order."""
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


def require_cash(account: Account, amount: Rupiah, *, unit_id: int, at: str) -> None:
    """Refuse (`not_enough_cash`, with `left`) to take more out of a unit's vault or bank than is in it."""
    left = held(account, unit_id=unit_id)
    if left < amount:
        raise Refusal("not_enough_cash", at=at, left=max(0, left))
