"""What a unit's accounts have come to at the end of a day: what its newest closed day carries forward, and what was booked since.

Nothing is booked on a closed day any more, so what an account had come to by then stands for ever and is not added up again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from lending.database import session
from lending.domain.ledger import Account
from lending.domain.money import Rupiah
from lending.models import DayBalance, Entry, Posting

BEFORE_ALL = date.min
"""Where nothing is carried forward yet."""


@dataclass(frozen=True)
class Sums:
    """What was debited to an account and what credited, both without a sign."""

    debit: Rupiah = 0
    credit: Rupiah = 0

    @property
    def balance(self) -> Rupiah:
        """Debit less credit."""
        return self.debit - self.credit


@dataclass(frozen=True)
class Carried:
    """What the accounts had come to at the end of a closed day; nothing, where none is closed."""

    on: date
    sums: Mapping[Account, Sums]

    def of(self, account: Account) -> Sums:
        """What that account had come to."""
        return self.sums.get(account, Sums())


def carried(unit_id: int, on: date) -> Carried:
    """The newest sums that are carried forward to a day: those of a closed day up to `on`."""
    newest = select(func.max(DayBalance.on_day)).where(DayBalance.unit_id == unit_id, DayBalance.on_day <= on).scalar_subquery()
    question = select(DayBalance).where(DayBalance.unit_id == unit_id, DayBalance.on_day == newest)
    rows = session.scalars(question).all()
    return Carried(rows[0].on_day if rows else BEFORE_ALL, {row.account: Sums(row.debit, row.credit) for row in rows})


def at_end_of(unit_id: int, on: date) -> dict[Account, Sums]:
    """What every account that was ever booked on has come to at the end of `on`, by the books' day."""
    before = carried(unit_id, on)
    debit = func.coalesce(func.sum(Posting.amount).filter(Posting.amount > 0), 0)
    credit = func.coalesce(func.sum(-Posting.amount).filter(Posting.amount < 0), 0)
    since = (
        select(Posting.account, debit, credit)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Entry.unit_id == unit_id, Entry.on_day > before.on, Entry.on_day <= on)
        .group_by(Posting.account)
    )
    found = dict(before.sums)
    for account, debited, credited in session.execute(since):
        stood = before.of(account)
        found[account] = Sums(stood.debit + int(debited), stood.credit + int(credited))
    return found
