"""The general ledger: every account with its balance, and one account leg by leg with the balance after each.

Legs stand in the order of the books: by the books' day, then as they were written. A piece of the list begins after a leg and never counts
rows, and what stood before it is added up anew: however many are read on between, no balance is carried from page to page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from lending.database import is_postgresql, session
from lending.domain.access import Actor
from lending.domain.ledger import AT_EVERY_MEETING, Account, AccountClass, EntryKind, class_of
from lending.domain.money import Rupiah
from lending.models import Entry, Group, Loan, Meeting, MeetingRecord, Member, Posting, User
from lending.queries import balances
from lending.queries.balances import Carried
from lending.queries.books import trial_balance, unit_asked


@dataclass(frozen=True)
class AccountRow:
    """One account of the chart, as it stands; `balance` is debit less credit."""

    account: Account
    code: str
    kind: AccountClass
    debit: Rupiah
    credit: Rupiah
    balance: Rupiah


def accounts(by: Actor, on: date, unit: str | None = None, kind: AccountClass | None = None) -> list[AccountRow]:
    """The chart of accounts, by code, with what stands on each at the end of a day of the books; all of them, or those of a class."""
    rows = [
        AccountRow(one.account, one.code, class_of(one.account), one.debit, one.credit, one.balance)
        for one in trial_balance(by, on, unit).accounts
    ]
    return [row for row in rows if kind is None or row.kind is kind]


Place = tuple[date, int, int]
"""Where a leg stands in the books: its day, its entry, and which leg of it."""


@dataclass(frozen=True)
class LedgerAsked:
    """One account of one unit, from one day of the books to another; entries of one kind or of all."""

    unit_id: int
    unit_code: str
    account: Account
    first: date
    last: date
    kind: EntryKind | None = None


@dataclass(frozen=True)
class LedgerLine:
    """One leg with its entry beside it, whose it is, and the balance of the account after it, legs of other kinds counted."""

    entry_id: int
    n: int
    on: date
    happened_on: date
    kind: EntryKind
    actor: str
    record: str | None
    reversal_of: int | None
    reason: str | None
    user: str | None
    user_name: str | None
    member_id: int | None
    member_name: str | None
    member_number: str | None
    loan_id: int | None
    group_name: str | None
    amount: Rupiah
    balance: Rupiah = 0

    @property
    def debit(self) -> Rupiah:
        """What it adds on the left."""
        return max(0, self.amount)

    @property
    def credit(self) -> Rupiah:
        """What it adds on the right."""
        return max(0, -self.amount)

    @property
    def place(self) -> Place:
        """Where it stands."""
        return (self.on, self.entry_id, self.n)


@dataclass(frozen=True)
class LedgerSums:
    """What stood on the account before the first day and after the last; what the legs asked for come to, and how many they are."""

    opening: Rupiah
    legs: int
    debit: Rupiah
    credit: Rupiah
    closing: Rupiah


def ask(by: Actor, account: Account, *, first: date, last: date, unit: str | None = None, kind: EntryKind | None = None) -> LedgerAsked:
    """The question, of a unit that she may read. Refused: `not_found`."""
    return LedgerAsked(*unit_asked(by, unit), account, first, last, kind)


def sums(asked: LedgerAsked) -> LedgerSums:
    """Opening and closing balance, and the sums of the legs between, in one look."""
    amount, within = Posting.amount, Entry.on_day >= asked.first
    wanted = within if asked.kind is None else and_(within, Entry.kind == asked.kind)

    def of(condition: ColumnElement[bool], value: Any = amount) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, value), else_=0)), 0)

    before = _carried(asked)
    stood = before.of(asked.account).balance
    question = select(
        of(~within), of(wanted, 1), of(and_(wanted, amount > 0)), -of(and_(wanted, amount < 0)), func.coalesce(func.sum(amount), 0)
    ).where(Entry.on_day > before.on, Entry.on_day <= asked.last)
    opening, legs, debit, credit, closing = map(int, session.execute(_of(asked, question)).one())
    return LedgerSums(stood + opening, legs, debit, credit, stood + closing)


def _carried(asked: LedgerAsked) -> Carried:
    """What was carried forward to before the first day."""
    return balances.carried(asked.unit_id, asked.first - timedelta(days=1)) if asked.first > date.min else Carried(date.min, {})


def lines(asked: LedgerAsked, *, after: Place | None = None, limit: int | None = None, opening: Rupiah | None = None) -> list[LedgerLine]:
    """The legs asked for, in the order of the books, after that one, each with the balance of the account after it.

    `opening` is what stood on the account before the first day, where that is known already (`sums`).
    """
    found = [LedgerLine(*row) for row in session.execute(_lines(asked, after, limit))]
    if not found:
        return []
    before = _balance_before(asked, found[0].place, opening)
    if asked.kind is not None:
        others = dict(_running(asked, found[0].place, found[-1].place))
        return [replace(line, balance=before + others[line.entry_id, line.n]) for line in found]
    stands, told = before, []
    for line in found:
        stands += line.amount
        told.append(replace(line, balance=stands))
    return told


def _of(asked: LedgerAsked, question: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Only legs of that account in that unit.

    SQLite keeps no statistics, so it is told the way: an account that nearly every entry touches is found by the unit's days, one with
    few legs by those. (An expression is no way into an index.)
    """
    unit, account = Entry.unit_id == asked.unit_id, Posting.account == asked.account
    if not is_postgresql():
        if asked.account in AT_EVERY_MEETING:
            account = type_coerce(Posting.account, String).concat("") == asked.account.value
        else:
            unit = Entry.unit_id + 0 == asked.unit_id
    return question.select_from(Entry).join(Posting, Posting.entry_id == Entry.id).where(unit, account)


def _lines(asked: LedgerAsked, after: Place | None, limit: int | None) -> Select[*tuple[Any, ...]]:
    holder, actor, of_loan, of_meeting = aliased(User), aliased(User), aliased(Group), aliased(Group)
    question: Select[*tuple[Any, ...]] = select(
        Entry.id,
        Posting.n,
        Entry.on_day,
        Entry.happened_on,
        Entry.kind,
        actor.username,
        Entry.record_uuid,
        Entry.reversal_of_id,
        Entry.reason,
        holder.username,
        holder.name,
        Posting.member_id,
        Member.name,
        Member.number,
        Posting.loan_id,
        func.coalesce(of_loan.name, of_meeting.name),
        Posting.amount,
    )
    question = (
        _of(asked, question)
        .join(actor, actor.id == Entry.actor_id)
        .outerjoin(holder, holder.id == Posting.user_id)
        .outerjoin(Member, Member.id == Posting.member_id)
        .outerjoin(Loan, Loan.id == Posting.loan_id)
        .outerjoin(of_loan, of_loan.id == Loan.group_id)
        .outerjoin(MeetingRecord, MeetingRecord.uuid == Entry.record_uuid)
        .outerjoin(Meeting, Meeting.id == MeetingRecord.meeting_id)
        .outerjoin(of_meeting, of_meeting.id == Meeting.group_id)
        .where(Entry.on_day >= max(asked.first, after[0]) if after else Entry.on_day >= asked.first, Entry.on_day <= asked.last)
        .order_by(Entry.on_day, Entry.id, Posting.n)
        .limit(limit)
    )
    if asked.kind is not None:
        question = question.where(Entry.kind == asked.kind)
    return question if after is None else question.where(~_up_to(after))


def _up_to(place: Place) -> ColumnElement[bool]:
    """Whether a leg stands before that place, or there."""
    on, entry_id, n = place
    return or_(Entry.on_day < on, and_(Entry.on_day == on, or_(Entry.id < entry_id, and_(Entry.id == entry_id, Posting.n <= n))))


def _balance_before(asked: LedgerAsked, place: Place, opening: Rupiah | None) -> Rupiah:
    on, entry_id, n = place
    question = select(func.coalesce(func.sum(Posting.amount), 0)).where(Entry.on_day <= on, _up_to((on, entry_id, n - 1)))
    if opening is not None:
        return opening + int(session.scalar(_of(asked, question.where(Entry.on_day >= asked.first))) or 0)
    before = _carried(asked)
    return before.of(asked.account).balance + int(session.scalar(_of(asked, question.where(Entry.on_day > before.on))) or 0)


def _running(asked: LedgerAsked, first: Place, last: Place) -> Sequence[tuple[tuple[int, int], Rupiah]]:
    """What all legs of the account come to, from one place to another, after each."""
    on, entry_id, n = first
    running = func.sum(Posting.amount).over(order_by=(Entry.on_day, Entry.id, Posting.n), rows=(None, 0))
    question: Select[*tuple[Any, ...]] = select(Entry.id, Posting.n, Entry.kind, running).where(
        Entry.on_day >= on, Entry.on_day <= last[0], ~_up_to((on, entry_id, n - 1)), _up_to(last)
    )
    every = _of(asked, question).subquery()
    entry, leg, kind, amount = every.c
    rows = session.execute(select(entry, leg, amount).where(kind == asked.kind))
    return [((row_id, nth), int(stands)) for row_id, nth, stands in rows]
