"""What the first page of the day shows besides the portfolio: the week so far, whose cash is not handed over, what waits on phones."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, exists, func, or_, select, true, type_coerce

from lending.database import session
from lending.domain.access import Actor, Role
from lending.domain.ledger import IN_CASH, NO_PAYMENT, Account
from lending.domain.lifecycle import LENT, RUNS
from lending.domain.money import Rupiah
from lending.models import Assignment, Entry, Group, Loan, Meeting, MeetingRecord, Posting, SignIn, User
from lending.queries.books import CashInHand, cash_in_hand
from lending.queries.collection import standing_record
from lending.queries.portfolio import due_by_then
from lending.queries.scope import sees_group
from lending.queries.standings import officer_of

CASH_LOOKS_BACK = timedelta(days=14)
"""Whoever has held cash for longer is said to hold it *for longer than that*."""


@dataclass
class Sums:
    """What one day, or one officer, has to show for the week so far."""

    due: Rupiah = 0
    collected: Rupiah = 0
    planned: int = 0
    held: int = 0


@dataclass(frozen=True)
class Week:
    """From Monday on: each day up to Saturday, those to come with what is planned; and each officer, up to today."""

    monday: date
    today: date
    days: Mapping[date, Sums] = field(default_factory=dict)
    officers: Mapping[str | None, Sums] = field(default_factory=dict)

    @property
    def so_far(self) -> Sums:
        """All officers together, up to today."""
        return Sums(*(sum(getattr(one, name) for one in self.officers.values()) for name in ("due", "collected", "planned", "held")))


def week(by: Actor) -> Week:
    """The week of today, of her groups; three statements, whatever the size of the unit."""
    monday = by.today - timedelta(days=by.today.weekday())
    days = {monday + timedelta(days=n): Sums() for n in range(6)}
    officers: dict[str | None, Sums] = {}

    def add(on: date, officer: str | None, **sums: int) -> None:
        parts = [days.setdefault(on, Sums())]
        if on <= by.today:
            parts.append(officers.setdefault(officer, Sums()))
        for part in parts:
            for name, amount in sums.items():
                setattr(part, name, getattr(part, name) + amount)

    for on, officer, due in session.execute(_due(by, monday, monday + timedelta(days=6))):
        add(on, officer, due=int(due))
    for on, officer, planned, held in session.execute(_meetings(by, monday, monday + timedelta(days=6))):
        add(on, officer, planned=planned, held=int(held))
    for on, officer, collected in session.execute(_collected(by, monday)):
        add(on, officer, collected=int(collected))
    return Week(monday, by.today, dict(sorted(days.items())), officers)


def _due(by: Actor, first: date, last: date) -> Select[*tuple[Any, ...]]:
    """What falls due at each day's meetings, by their officer."""
    on = type_coerce(Meeting.planned_on, Meeting.planned_on.type)
    due = due_by_then(Meeting.seq + 0, by.today) - due_by_then(Meeting.seq - 1, by.today)
    return (
        select(Meeting.planned_on, User.username, func.sum(due))
        .join(Group, Group.id == Meeting.group_id)
        .join(Loan, and_(Loan.group_id == Meeting.group_id, Loan.first_seq <= Meeting.seq))
        .outerjoin(Assignment, officer_of(by.today))
        .outerjoin(User, User.id == Assignment.user_id)
        .where(on.between(first, last), Loan.state.in_(LENT), sees_group(by))
        .group_by(Meeting.planned_on, User.username)
    )


def _meetings(by: Actor, first: date, last: date) -> Select[*tuple[Any, ...]]:
    """Meetings of each day at which somebody has an instalment to pay, and those that are recorded."""
    last_seq = Loan.first_seq + (Loan.count - 1) * Loan.every_weeks
    asks = and_(Loan.first_seq <= Meeting.seq, or_(last_seq >= Meeting.seq, Loan.state.in_(RUNS)))
    recorded = MeetingRecord.uuid.is_not(None)
    return (
        select(Meeting.planned_on, User.username, func.count(), func.sum(case((recorded, 1), else_=0)))
        .join(Group, Group.id == Meeting.group_id)
        .outerjoin(MeetingRecord, standing_record())
        .outerjoin(Assignment, officer_of(by.today))
        .outerjoin(User, User.id == Assignment.user_id)
        .where(Meeting.planned_on.between(first, last), sees_group(by))
        .where(or_(recorded, exists().where(Loan.group_id == Group.id, asks)))
        .group_by(Meeting.planned_on, User.username)
    )


def _collected(by: Actor, first: date) -> Select[*tuple[Any, ...]]:
    """Money that came on loans each day, by the officer of their group: one walk along the entries of the week."""
    amount = case((Entry.kind.in_(NO_PAYMENT), 0), else_=-Posting.amount)
    account = type_coerce(Posting.account, String).concat("")
    return (
        select(Entry.happened_on, User.username, func.sum(amount))
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Loan, Loan.id == Posting.loan_id + 0)
        .join(Group, Group.id == Loan.group_id)
        .outerjoin(Assignment, officer_of(by.today))
        .outerjoin(User, User.id == Assignment.user_id)
        .where(Entry.happened_on >= first, account.in_([one.value for one in IN_CASH]), sees_group(by))
        .group_by(Entry.happened_on, User.username)
    )


@dataclass(frozen=True)
class Purse:
    """Cash of the unit that an officer holds; `since` the day from which she has held some, None for longer than `CASH_LOOKS_BACK`."""

    held: CashInHand
    since: date | None
    days: int


def purses(by: Actor) -> list[Purse]:
    """Each officer who holds cash, the largest sum first, and since when."""
    held = cash_in_hand(by)
    moves = _moves(by, [one.username for one in held])
    found = []
    for one in held:
        since, amount = None, one.amount
        for on in sorted(moves.get(one.username, {}), reverse=True):
            amount -= moves[one.username][on]
            if amount <= 0:
                since = on
                break
        found.append(Purse(one, since, (by.today - since).days if since else CASH_LOOKS_BACK.days))
    return found


def _moves(by: Actor, usernames: Iterable[str]) -> dict[str, Counter[date]]:
    """By how much each officer's cash changed on each of the last days of the books."""
    question = (
        select(User.username, Entry.on_day, func.sum(Posting.amount))
        .join(Posting, Posting.entry_id == Entry.id)
        .join(User, User.id == Posting.user_id)
        .where(
            Entry.unit_id == by.unit_id,
            Entry.on_day > by.today - CASH_LOOKS_BACK,
            type_coerce(Posting.account, String).concat("") == Account.OFFICER_CASH.value,
            User.username.in_(list(usernames)),
        )
        .group_by(User.username, Entry.on_day)
    )
    found: dict[str, Counter[date]] = {}
    for username, on, amount in session.execute(question):
        found.setdefault(username, Counter())[on] += int(amount)
    return found


@dataclass(frozen=True)
class Phone:
    """What an officer's phone last said of itself: how many records wait on it, and when it was last heard."""

    username: str
    name: str
    unsent: int | None
    heard_at: datetime


def phones(by: Actor, *, everywhere: bool = False) -> list[Phone]:
    """The phone, of each officer of her unit (or of every unit), that spoke to us last; an officer's own for herself.

    Not of those who were shut out: nothing can come from theirs any more, and head office was told so.
    """
    newest = func.row_number().over(partition_by=SignIn.user_id, order_by=SignIn.seen_at.desc())
    last = select(SignIn.user_id, SignIn.unsent, SignIn.seen_at, newest.label("nth")).subquery()
    each = last.c
    question = (
        select(User.username, User.name, each.unsent, each.seen_at)
        .join(last, each.user_id == User.id)
        .where(each.nth == 1, User.role == Role.OFFICER, User.active, true() if everywhere else _hers(by))
        .order_by(each.unsent.desc(), User.username)
    )
    return [Phone(*row) for row in session.execute(question)]


def _hers(by: Actor) -> ColumnElement[bool]:
    return User.id == by.user_id if by.role is Role.OFFICER else User.unit_id == by.unit_id


@dataclass(frozen=True)
class Served:
    """An officer and the groups she serves today."""

    username: str | None
    name: str
    groups: frozenset[int]


def officers(by: Actor) -> list[Served]:
    """Who serves which of her groups today, by name; groups that nobody serves last, under no name."""
    question = (
        select(Group.id, User.username, User.name)
        .outerjoin(Assignment, officer_of(by.today))
        .outerjoin(User, User.id == Assignment.user_id)
        .where(sees_group(by))
    )
    found: dict[tuple[str | None, str], set[int]] = {}
    for group_id, username, name in session.execute(question):
        found.setdefault((username, name or ""), set()).add(group_id)
    return [Served(*key, frozenset(found[key])) for key in sorted(found, key=lambda key: (key[0] is None, key[1]))]
