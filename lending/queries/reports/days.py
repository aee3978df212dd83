"""A day of the books: every account, each officer's cash, and how the day was closed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, select

from lending.database import session
from lending.domain.ledger import CODES, Account, EntryKind
from lending.domain.money import Rupiah
from lending.models import DayClose, Entry, Posting, User
from lending.queries.days import vault_on
from lending.queries.reports.asked import Asked


@dataclass(frozen=True)
class AccountDay:
    """One account on that day; `opening` and `closing` debit less credit."""

    account: Account
    code: str
    opening: Rupiah
    debit: Rupiah
    credit: Rupiah

    @property
    def closing(self) -> Rupiah:
        """What it came to."""
        return self.opening + self.debit - self.credit


def accounts(asked: Asked) -> list[AccountDay]:
    """Every account of the unit that has ever moved, by code: how it stood before the last day, and what the day did to it."""
    amount = Posting.amount
    that_day = Entry.on_day == asked.last
    sums = (
        case((Entry.on_day < asked.last, amount), else_=0),
        case((and_(that_day, amount > 0), amount), else_=0),
        case((and_(that_day, amount < 0), -amount), else_=0),
    )
    question = (
        select(Posting.account, *(func.sum(one) for one in sums))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Entry.on_day <= asked.last, asked.books)
        .group_by(Posting.account)
    )
    rows = [
        AccountDay(account, CODES[account], int(opening), int(debit), int(credit))
        for account, opening, debit, credit in session.execute(question)
    ]
    return sorted(rows, key=lambda row: row.code)


@dataclass(frozen=True)
class Closing:
    """How the day stands: closed, by whom, with what counted and which hash; or open, with what should lie in the vault."""

    state: str
    expected: Rupiah
    counted: Rupiah | None
    difference: Rupiah | None
    reason: str | None
    closed_at: datetime | None
    closed_by: str | None
    entries: int
    hash: str | None
    previous_hash: str | None


def closing(asked: Asked) -> Closing | None:
    """The close of the last day; None where units are compared, for a day is closed unit by unit."""
    if asked.unit_id is None:
        return None
    question = (
        select(DayClose, User.name)
        .join(User, User.id == DayClose.actor_id)
        .where(DayClose.unit_id == asked.unit_id, DayClose.on_day == asked.last)
    )
    found = session.execute(question).one_or_none()
    if found is None:
        entries = session.scalar(select(func.count()).where(Entry.unit_id == asked.unit_id, Entry.on_day == asked.last)) or 0
        return Closing("open", vault_on(asked.unit_id, asked.last), None, None, None, None, None, entries, None, None)
    day, by = found
    difference = None if day.counted is None else day.counted - day.expected
    return Closing("closed", day.expected, day.counted, difference, day.reason, day.closed_at, by, day.entries, day.hash, day.previous_hash)


@dataclass(frozen=True)
class PurseRow:
    """An officer's cash over the period: what she held before, what she took in, what she handed over, what was put right."""

    key: str
    name: str
    opening: Rupiah
    taken_in: Rupiah
    handed_over: Rupiah
    corrected: Rupiah

    @property
    def closing(self) -> Rupiah:
        """What she holds after it."""
        return self.opening + self.taken_in - self.handed_over + self.corrected


def purses(asked: Asked) -> list[PurseRow]:
    """Every officer who held or moved cash of the unit in the period, by name."""

    def of(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, Posting.amount), else_=0))

    within = Entry.on_day >= asked.first
    taken = Entry.kind.in_((EntryKind.COLLECTION, EntryKind.SAVINGS))
    question = (
        select(
            User.username,
            User.name,
            of(Entry.on_day < asked.first),
            of(and_(within, taken)),
            -of(and_(within, Entry.kind == EntryKind.HANDOVER)),
            of(and_(within, ~taken, Entry.kind != EntryKind.HANDOVER)),
        )
        .join(Posting, Posting.user_id == User.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account == Account.OFFICER_CASH, Entry.on_day <= asked.last, asked.books)
        .group_by(User.username, User.name)
    )
    rows = [PurseRow(username, name, *map(int, sums)) for username, name, *sums in session.execute(question)]
    return sorted(
        (row for row in rows if row.opening or row.taken_in or row.handed_over or row.corrected), key=lambda row: (row.name, row.key)
    )
