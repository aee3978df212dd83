"""The days of the books: which are closed, which are open, what lies in the vault and in officers' hands at the end of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from lending.database import session
from lending.domain.access import Actor
from lending.domain.days import Holding
from lending.domain.ledger import Account
from lending.domain.money import Rupiah
from lending.models import DayClose, Entry, Posting, Unit, User
from lending.queries import balances
from lending.queries.books import unit_asked


@dataclass(frozen=True)
class ClosedDay:
    """A day of a unit's books that is closed. `counted` is None where it was closed along with a later day, uncounted."""

    on: date
    expected: Rupiah
    counted: Rupiah | None
    notes: Mapping[Rupiah, int] | None
    reason: str | None
    entries: int
    hash: str
    previous_hash: str
    closed_at: datetime
    by: str
    by_name: str
    unit_code: str

    @property
    def difference(self) -> Rupiah:
        """Counted less expected: negative when money is missing."""
        return 0 if self.counted is None else self.counted - self.expected


def closed_up_to(unit_id: int) -> date | None:
    """The last day of a unit's books that is closed; every day before it is, too. None while none is."""
    return session.scalar(select(func.max(DayClose.on_day)).where(DayClose.unit_id == unit_id))


def open_days(unit_id: int, *, before: date) -> list[date]:
    """The days before that one which have entries and are not closed, oldest first."""
    question = select(Entry.on_day).where(Entry.unit_id == unit_id, Entry.on_day < before).distinct().order_by(Entry.on_day)
    closed = closed_up_to(unit_id)
    return list(session.scalars(question if closed is None else question.where(Entry.on_day > closed)))


@dataclass(frozen=True)
class OpenDay:
    """A day of a unit's books that is not closed yet: how many entries it has, and the sum of their debits."""

    on: date
    entries: int
    amount: Rupiah


def still_open(by: Actor, unit: str | None = None) -> list[OpenDay]:
    """The days of a unit's books, up to today, that have entries and are not closed, oldest first."""
    unit_id, _ = unit_asked(by, unit)
    question = (
        select(Entry.on_day, func.count(), func.sum(Entry.control_total))
        .where(Entry.unit_id == unit_id, Entry.on_day <= by.today)
        .group_by(Entry.on_day)
        .order_by(Entry.on_day)
    )
    closed = closed_up_to(unit_id)
    rows = session.execute(question if closed is None else question.where(Entry.on_day > closed))
    return [OpenDay(on, entries, int(amount)) for on, entries, amount in rows]


def vault_on(unit_id: int, on: date) -> Rupiah:
    """What lies in a unit's vault at the end of a day of the books."""
    before = balances.carried(unit_id, on)
    since = (
        select(func.coalesce(func.sum(Posting.amount), 0))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account == Account.VAULT_CASH, Entry.unit_id == unit_id, Entry.on_day > before.on, Entry.on_day <= on)
    )
    return before.of(Account.VAULT_CASH).balance + int(session.scalar(since) or 0)


def holding_on(unit_id: int, on: date) -> list[Holding]:
    """The officers who hold cash of a unit at the end of a day of the books, by user name."""
    held = func.sum(Posting.amount)
    question = (
        select(User.username, held)
        .join(Posting, Posting.user_id == User.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account == Account.OFFICER_CASH, Entry.unit_id == unit_id, Entry.on_day <= on)
        .group_by(User.username)
        .having(held != 0)
        .order_by(User.username)
    )
    return [Holding(*row) for row in session.execute(question)]


def _closed() -> Select[*tuple[Any, ...]]:
    return (
        select(DayClose, User.username, User.name, Unit.code)
        .join(User, User.id == DayClose.actor_id)
        .join(Unit, Unit.id == DayClose.unit_id)
    )


def closed_day(unit_id: int, on: date) -> ClosedDay:
    """One closed day, which is there."""
    return _row(*session.execute(_closed().where(DayClose.unit_id == unit_id, DayClose.on_day == on)).one())


def closed_days(
    by: Actor,
    *,
    first: date,
    last: date,
    unit: str | None = None,
    after: date | None = None,
    limit: int | None = None,
    newest_first: bool = False,
) -> list[ClosedDay]:
    """The closed days of a unit's books from one day to another, oldest first or newest; after that day in this order."""
    unit_id, _ = unit_asked(by, unit)
    order = DayClose.on_day.desc() if newest_first else DayClose.on_day
    question = _closed().where(DayClose.unit_id == unit_id, DayClose.on_day.between(first, last)).order_by(order).limit(limit)
    if after is not None:
        question = question.where(DayClose.on_day < after if newest_first else DayClose.on_day > after)
    return [_row(*row) for row in session.execute(question)]


def _row(day: DayClose, username: str, name: str, unit_code: str) -> ClosedDay:
    notes = None if day.notes is None else {int(value): many for value, many in day.notes.items()}
    return ClosedDay(
        day.on_day,
        day.expected,
        day.counted,
        notes,
        day.reason,
        day.entries,
        day.hash,
        day.previous_hash,
        day.closed_at,
        username,
        name,
        unit_code,
    )
