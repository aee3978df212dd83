"""What fell due against what came, and who was there: the weeks as they were lived."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)

from lending.database import session
from lending.domain.collection import Attendance
from lending.domain.ledger import IN_CASH, NO_PAYMENT, Account
from lending.domain.lifecycle import RUNS
from lending.domain.money import Rupiah
from lending.domain.portfolio import ratio
from lending.models import Assignment, Entry, Group, LineUndo, Loan, Meeting, MeetingLine, MeetingRecord, Member, Posting, RecordUndo, Unit
from lending.queries import figures, standings
from lending.queries.collection import standing_record
from lending.queries.portfolio import KEYS, due_by_then
from lending.queries.reports.asked import Asked, all_loans, day_in, keyed
from lending.queries.undone import UNDONE_ON, of_line

MOST_PERIODS = 53
"""Days or weeks in one report."""


@dataclass(frozen=True)
class CollectionRow:
    """One week, or one part over the whole period. `collected` is all that was credited to loans in it: of the instalments that fell due
    in it, of what was late before, and ahead of time. What had been paid ahead earlier is not collected a second time (`paid_before`)."""

    key: Any
    name: str
    due: Rupiah
    paid_before: Rupiah
    collected: Rupiah
    on_due: Rupiah
    on_arrears: Rupiah
    ahead: Rupiah
    arrears_before: Rupiah
    arrears_after: Rupiah
    renteng: Rupiah

    @property
    def rate(self) -> Decimal | None:
        """Paid of what fell due in the period, whenever it was paid; late money of other weeks does not count (CGAP)."""
        return ratio(self.paid_before + self.on_due, self.due)

    @property
    def own_rate(self) -> Decimal | None:
        """Which share of what came the members paid themselves."""
        return ratio(self.collected - self.renteng, self.collected)


def demand(asked: Asked) -> list[CollectionRow]:
    """A row for each day or week from the first on, or for each part of another layout over the whole time; all in a few statements."""
    periods = _Periods(asked.first, asked.last, {"day": 1, "week": 7}.get(asked.layout))
    laid_out = asked if asked.layout in KEYS else replace(asked, layout="unit")
    covered = _renteng(laid_out, periods)
    rows: dict[Any, CollectionRow] = {}
    for key, name, nth, *sums in session.execute(_split(laid_out, periods)):
        row = CollectionRow(key, str(name), *(*map(int, sums), covered.get((key, nth), 0)))
        if periods.length is None:
            rows[key] = row
        else:
            first = periods.first_of(nth)
            rows[first] = _plus(rows.get(first, CollectionRow(first, "", *(0,) * len(_SUMS))), row)
    if periods.length is not None:
        return [rows[first] for first in sorted(rows)]
    shown = [row for row in rows.values() if any(getattr(row, name) for name in _SUMS)]
    return sorted(shown, key=lambda row: (row.key is None, row.key))


_SUMS = ("due", "paid_before", "collected", "on_due", "on_arrears", "ahead", "arrears_before", "arrears_after", "renteng")


def _plus(one: CollectionRow, other: CollectionRow) -> CollectionRow:
    return replace(one, **{name: getattr(one, name) + getattr(other, name) for name in _SUMS})


@dataclass(frozen=True)
class _Periods:
    """The days asked about, cut into periods of so many days, numbered from 0; None: they are one."""

    first: date
    last: date
    length: int | None

    @property
    def count(self) -> int:
        """How many; a report of more rows than `MOST_PERIODS` would be read by nobody, and ends there."""
        return 1 if self.length is None else min((self.last - self.first).days // self.length + 1, MOST_PERIODS)

    def first_of(self, nth: int) -> date:
        """The first day of one."""
        return self.first + timedelta(days=nth * (self.length or 0))

    def last_of(self, nth: int) -> date:
        """The last day of one."""
        return self.last if self.length is None else min(self.first_of(nth + 1) - timedelta(days=1), self.last)

    @property
    def end(self) -> date:
        """The last day of the last one."""
        return self.last_of(self.count - 1)

    def of(self, day: ColumnElement[date]) -> ColumnElement[int]:
        """Which one a day from `first` on lies in; `count` for a day after them all."""
        within = literal(0) if self.length is None else figures.days_between(self.first, day) // self.length
        return case((day > self.end, self.count), else_=within)


def _split(asked: Asked, periods: _Periods) -> Select[*tuple[Any, ...]]:
    """Each loan's money of a period falls on the oldest instalments first; the sums of its parts, for each part of the layout and period.

    Margin that was let off at a settlement is credited like money, and is none: what was paid ahead is the less by it. Every figure is
    worked out once a loan, not once wherever it stands in another.
    """
    moved, held = _moved(periods), _fallen(asked, periods)
    later = moved.alias("moved_later")
    credited = func.coalesce(moved.c.credited, 0)
    since = func.sum(credited).over(partition_by=Loan.id, order_by=held.c.nth.desc())
    paid_before = Loan.total_paid - func.coalesce(later.c.credited, 0) - since
    at = _once(
        all_loans(
            asked,
            asked.last,
            held.c.nth,
            due_by_then(held.c.before, held.c.last).label("due_before"),
            due_by_then(held.c.after, held.c.last).label("due_after"),
            cast(paid_before, BigInteger).label("paid_before"),
            credited.label("credited"),
            func.coalesce(moved.c.in_cash, 0).label("collected"),
            case((Loan.ended_on < held.c.first, 0), else_=1).label("owed_before"),
            case((Loan.ended_on <= held.c.last, 0), else_=1).label("owed_after"),
        )
        .join(held, held.c.group_id == Loan.group_id)
        .outerjoin(moved, and_(moved.c.loan_id == Loan.id, moved.c.nth == held.c.nth))
        .outerjoin(later, and_(later.c.loan_id == Loan.id, later.c.nth == periods.count))
        .where(Loan.disbursed_on <= periods.end),
        "loans_of_period",
    ).c
    split = _once(
        select(
            at.key,
            at.name,
            at.nth,
            (at.due_after - at.due_before).label("due"),
            figures.smallest(at.due_after - at.due_before, figures.largest(0, at.paid_before - at.due_before)).label("ahead_before"),
            at.credited,
            at.collected,
            (at.owed_before * figures.largest(0, at.due_before - at.paid_before)).label("late"),
            (at.owed_after * figures.largest(0, at.due_after - at.paid_before - at.credited)).label("late_after"),
        ),
        "split_loans",
    ).c
    on_arrears = case((split.credited > 0, figures.smallest(split.credited, split.late)), else_=split.credited)
    on_due = figures.smallest(split.due - split.ahead_before, split.credited - on_arrears)
    ahead = split.collected - on_arrears - on_due
    parts = (split.due, split.ahead_before, split.collected, on_due, on_arrears, ahead, split.late, split.late_after)
    whole = (split.key, split.name, split.nth)
    return select(*whole, *(func.sum(part) for part in parts)).group_by(*whole)


def _once(question: Select[*tuple[Any, ...]], name: str) -> CTE:
    return question.cte(name).prefix_with("MATERIALIZED")


def _moved(periods: _Periods) -> CTE:
    """What was credited to each loan in each period, and after them all, and what of it was money: one walk along the entries since."""
    amount = case((Entry.kind.in_(NO_PAYMENT), 0), else_=-Posting.amount)
    credited = case((Posting.account != Account.REBATE, amount), else_=0)
    # A cast is a number to SQLite, so that it makes itself an index for the join; and it hides the index of all legs that ever were.
    loan_id, nth = cast(Posting.loan_id, BigInteger), cast(periods.of(day_in(Entry.happened_on)), BigInteger)
    account = type_coerce(Posting.account, String).concat("")
    sums = (("credited", credited), ("in_cash", amount))
    return (
        select(loan_id.label("loan_id"), nth.label("nth"), *(cast(func.sum(one), BigInteger).label(name) for name, one in sums))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(account.in_([one.value for one in IN_CASH]), Entry.happened_on >= periods.first)
        .group_by(loan_id, nth)
        .cte("moved")
    )


def _fallen(asked: Asked, periods: _Periods) -> CTE:
    """Each group's last meeting before each period and up to its end, once a group and not once a loan."""
    days = union_all(
        *(
            select(
                literal(nth).label("nth"),
                literal(periods.first_of(nth)).label("first"),
                literal(periods.last_of(nth)).label("last"),
            )
            for nth in range(periods.count)
        )
    ).cte("periods")
    first, last = type_coerce(days.c.first, Date), type_coerce(days.c.last, Date)
    before = func.coalesce(func.max(case((Meeting.planned_on < first, Meeting.seq))), 0)
    after = func.coalesce(func.max(case((Meeting.planned_on <= last, Meeting.seq))), 0)
    return (
        select(Meeting.group_id, days.c.nth, first.label("first"), last.label("last"), before.label("before"), after.label("after"))
        .select_from(Meeting)
        .join(Group, Group.id == Meeting.group_id)
        .join(days, true())
        .where(asked.groups, Meeting.planned_on <= periods.end)
        .group_by(Meeting.group_id, days.c.nth, days.c.first, days.c.last)
        .cte("held")
    )


def _renteng(asked: Asked, periods: _Periods) -> Mapping[tuple[Any, int], Rupiah]:
    """What others paid for members in each period, less what was undone in it, by key and period."""
    found: Counter[tuple[Any, int]] = Counter()
    for day, sign in ((MeetingRecord.held_on, 1), (UNDONE_ON, -1)):
        nth = periods.of(day_in(day))
        question = (
            all_loans(asked, asked.last, nth, func.sum(MeetingLine.renteng))
            .join(MeetingLine, and_(MeetingLine.loan_id == Loan.id, MeetingLine.renteng > 0))
            .join(MeetingRecord, MeetingRecord.uuid == MeetingLine.record_uuid)
            .outerjoin(RecordUndo, RecordUndo.record_uuid == MeetingRecord.uuid)
            .outerjoin(LineUndo, of_line())
            .where(day.between(periods.first, periods.end))
            .group_by(*KEYS[asked.layout], nth)
        )
        for key, _, number, amount in session.execute(question):
            found[key, number] += sign * int(amount)
    return found


@dataclass(frozen=True)
class AttendanceRow:
    """How often the women of one part were there. `planned` and `held` count meetings; the others count women at meetings."""

    key: Any
    name: str
    number: str | None
    planned: int
    held: int
    hadir: int
    terlambat: int
    izin: int
    alpa: int
    diwakili: int

    @property
    def expected(self) -> int:
        """All who should have come."""
        return self.hadir + self.terlambat + self.izin + self.alpa + self.diwakili

    @property
    def present(self) -> int:
        """Those who came themselves."""
        return self.hadir + self.terlambat

    @property
    def rate(self) -> Decimal | None:
        """Their share."""
        return ratio(self.present, self.expected)


def attendance(asked: Asked) -> list[AttendanceRow]:
    """From the records that stand, whenever they were sent, of meetings held in the period; a row a group, officer, unit or member."""
    key, name = (Member.id, Member.name) if asked.layout == "member" else KEYS[asked.layout]
    number = Member.number if asked.layout == "member" else None
    counts = [func.sum(case((MeetingLine.attendance == word, 1), else_=0)) for word in Attendance]
    question = (
        _meetings(asked, key, name, *([number] if number is not None else []), func.count(func.distinct(MeetingRecord.uuid)), *counts)
        .join(MeetingRecord, standing_record())
        .join(MeetingLine, MeetingLine.record_uuid == MeetingRecord.uuid)
        .where(MeetingRecord.held_on.between(asked.first, asked.last))
    )
    if number is not None:
        question = question.join(Member, Member.id == MeetingLine.member_id).group_by(key, name, number)
        rows = [AttendanceRow(row[0], row[1], row[2], row[3], *row[3:]) for row in session.execute(question)]
        return sorted(rows, key=lambda row: (row.name, row.key))
    planned = _planned(asked)
    found = {row[0]: row for row in session.execute(question.group_by(key, name))}
    rows = [
        AttendanceRow(part, str(called), None, meetings, *(found[part][2:] if part in found else (0,) * 6))
        for part, (called, meetings) in planned.items()
    ]
    return sorted(rows, key=lambda row: (row.key is None, row.key))


def _planned(asked: Asked) -> dict[Any, tuple[str, int]]:
    """How many meetings each part should have held: those held, and those whose day has come
    and at which somebody of the group had an instalment to pay."""
    key, name = KEYS[asked.layout]
    last_seq = Loan.first_seq + (Loan.count - 1) * Loan.every_weeks
    asks = or_(last_seq >= Meeting.seq, Loan.state.in_(RUNS))
    lends = exists().where(Loan.group_id == Group.id, Loan.first_seq <= Meeting.seq, asks)
    question = (
        _meetings(asked, key, name, func.count())
        .outerjoin(MeetingRecord, standing_record())
        .where(
            or_(
                and_(MeetingRecord.uuid.is_(None), Meeting.planned_on.between(asked.first, asked.last), lends),
                MeetingRecord.held_on.between(asked.first, asked.last),
            )
        )
        .group_by(key, name)
    )
    return {part: (called, meetings) for part, called, meetings in session.execute(question)}


def _meetings(asked: Asked, *columns: Any) -> Select[*tuple[Any, ...]]:
    """These columns of meetings of her groups, under the officer of their day."""
    served: ColumnElement[bool] = standings.officer_of(day_in(Meeting.planned_on))
    question: Select[*tuple[Any, ...]] = (
        select(*columns)
        .select_from(Meeting)
        .join(Group, Group.id == Meeting.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .outerjoin(Assignment, served)
        .where(asked.groups)
    )
    return keyed(question, asked.layout)
