"""Meetings as they were recorded: which records there are, what each says line by line, what undoing it would do, what its receipt says."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import aliased

from lending.database import session
from lending.domain.access import Actor
from lending.domain.collection import Attendance, ShortReason
from lending.domain.ledger import CREDITED, NO_PAYMENT
from lending.domain.lifecycle import LoanStep
from lending.domain.money import Rupiah
from lending.domain.plan import Plan
from lending.domain.refusals import NotFound
from lending.models import (
    Entry,
    Group,
    LineUndo,
    Loan,
    LoanEvent,
    Meeting,
    MeetingLine,
    MeetingRecord,
    Member,
    Posting,
    RecordUndo,
    Renteng,
    Unit,
    User,
)
from lending.queries.plans import calendars, plans
from lending.queries.scope import sees_group
from lending.queries.undone import is_undone, of_line


@dataclass(frozen=True)
class RecordKept:
    """A record as it was kept, and whether it was undone."""

    uuid: str
    meeting_id: int
    group_id: int
    group_name: str
    unit_id: int
    unit_code: str
    officer_id: int
    by: str
    officer_name: str
    held_on: date
    recorded_at: datetime
    recorded_on: date
    cash_counted: Rupiah
    total: Rupiah
    year: int
    number: int
    body: dict[str, Any]
    body_hash: str
    answer: dict[str, Any]
    undone_at: datetime | None
    undone_by: str | None
    undone_reason: str | None

    @property
    def receipt(self) -> str:
        """The receipt's number, such as `JMB-2026-000123`."""
        return receipt_number(self.unit_code, self.year, self.number)


def receipt_number(unit_code: str, year: int, number: int) -> str:
    """`UNIT-YEAR-NNNNNN`, per unit and year of `held_on`, without gaps."""
    return f"{unit_code}-{year}-{number:06d}"


_UndoneBy = aliased(User)


def _records(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            MeetingRecord.uuid,
            MeetingRecord.meeting_id,
            Group.id,
            Group.name,
            Unit.id,
            Unit.code,
            MeetingRecord.officer_id,
            User.username,
            User.name,
            MeetingRecord.held_on,
            MeetingRecord.recorded_at,
            MeetingRecord.recorded_on,
            MeetingRecord.cash_counted,
            MeetingRecord.total,
            MeetingRecord.year,
            MeetingRecord.number,
            MeetingRecord.body,
            MeetingRecord.body_hash,
            MeetingRecord.answer,
            RecordUndo.undone_at,
            _UndoneBy.username,
            RecordUndo.reason,
        )
        .join(Meeting, Meeting.id == MeetingRecord.meeting_id)
        .join(Group, Group.id == Meeting.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .join(User, User.id == MeetingRecord.officer_id)
        .outerjoin(RecordUndo, RecordUndo.record_uuid == MeetingRecord.uuid)
        .outerjoin(_UndoneBy, _UndoneBy.id == RecordUndo.actor_id)
        .where(*conditions)
    )


def record(by: Actor, uuid: str) -> RecordKept:
    """A record that `by` may see: of one of her groups, or sent by herself; otherwise `not_found`."""
    found = session.execute(_records(MeetingRecord.uuid == uuid, or_(sees_group(by), MeetingRecord.officer_id == by.user_id))).one_or_none()
    if found is None:
        raise NotFound
    return RecordKept(*found)


def record_anywhere(uuid: str) -> RecordKept | None:
    """A record by its UUID, whosever it is: only for telling whether the UUID is taken; nothing of it may be shown."""
    found = session.execute(_records(MeetingRecord.uuid == uuid)).one_or_none()
    return None if found is None else RecordKept(*found)


def records(by: Actor, *, group_id: int | None = None, limit: int = 50) -> Sequence[RecordKept]:
    """The newest records of groups that `by` may see."""
    question = _records(sees_group(by)).order_by(MeetingRecord.recorded_at.desc(), MeetingRecord.uuid).limit(limit)
    if group_id is not None:
        question = question.where(Group.id == group_id)
    return [RecordKept(*row) for row in session.execute(question)]


def next_receipt(unit_id: int, year: int) -> ColumnElement[int]:
    """The next receipt number of a unit and year, as an expression for the very statement that takes it."""
    return (
        select(func.coalesce(func.max(MeetingRecord.number), 0) + literal(1))
        .where(MeetingRecord.unit_id == unit_id, MeetingRecord.year == year)
        .scalar_subquery()
    )


@dataclass(frozen=True)
class RecordLine:
    """One woman's line of a record, with who paid for her."""

    member_id: int
    name: str
    member_number: str
    attendance: Attendance
    loan_id: int | None
    paid: Rupiah
    savings: Rupiah
    renteng: Rupiah
    short_reason: ShortReason | None
    promise_on: date | None
    undone_at: datetime | None
    undone_by: str | None
    undone_reason: str | None
    covers: tuple[tuple[str, Rupiah], ...] = ()

    @property
    def total(self) -> Rupiah:
        """All that was handed over in her line."""
        return self.paid + self.renteng + self.savings

    @property
    def stands(self) -> Rupiah:
        """What of it was not undone by itself."""
        return 0 if self.undone_at else self.total


def lines(uuid: str) -> list[RecordLine]:
    """The record's lines by name, with the names of the women who paid for others."""
    coverer = aliased(Member)
    covers: dict[int, list[tuple[str, Rupiah]]] = {}
    given = (
        select(Renteng.debtor_id, coverer.name, Renteng.amount)
        .join(coverer, coverer.id == Renteng.coverer_id)
        .where(Renteng.record_uuid == uuid)
        .order_by(coverer.name)
    )
    for debtor_id, name, amount in session.execute(given):
        covers.setdefault(debtor_id, []).append((name, amount))
    question: Select[*tuple[Any, ...]] = (
        select(
            Member.id,
            Member.name,
            Member.number,
            MeetingLine.attendance,
            MeetingLine.loan_id,
            MeetingLine.paid,
            MeetingLine.savings,
            MeetingLine.renteng,
            MeetingLine.short_reason,
            MeetingLine.promise_on,
            LineUndo.undone_at,
            User.username,
            LineUndo.reason,
        )
        .join(Member, Member.id == MeetingLine.member_id)
        .outerjoin(LineUndo, of_line())
        .outerjoin(User, User.id == LineUndo.actor_id)
        .where(MeetingLine.record_uuid == uuid)
        .order_by(Member.name, Member.id)
    )
    return [replace(RecordLine(*row), covers=tuple(covers.get(row[0], ()))) for row in session.execute(question)]


@dataclass(frozen=True)
class UndoEffect:
    """What undoing would do to one woman: what her loan and her savings give back, and where her loan stands then, if it gives any."""

    name: str
    amount: Rupiah
    savings: Rupiah
    outstanding_before: Rupiah | None = None
    outstanding_after: Rupiah | None = None
    next_due_after: date | None = None
    has_ended: bool = False
    """Whether her loan has ended meanwhile, so that nothing can be taken back from it."""

    @property
    def cash(self) -> Rupiah:
        """What would go back into her hand."""
        return self.amount + self.savings


def undo_effect(uuid: str, member_id: int | None = None) -> list[UndoEffect]:
    """Every woman whose line brought money that still stands (or one of them), and what undoing would do to her: shown before anybody
    presses the button."""
    credit = MeetingLine.paid + MeetingLine.renteng
    question = (
        select(Member.name, Loan, credit, MeetingLine.savings)
        .join(Member, Member.id == MeetingLine.member_id)
        .outerjoin(Loan, and_(Loan.id == MeetingLine.loan_id, credit > 0))
        .where(MeetingLine.record_uuid == uuid, credit + MeetingLine.savings > 0, ~is_undone())
        .order_by(Member.name, Member.id)
    )
    if member_id is not None:
        question = question.where(MeetingLine.member_id == member_id)
    found: Sequence[Any] = session.execute(question).all()
    loans = [loan for _, loan, *_ in found if loan is not None]
    agreed, planned = plans(loans), calendars({loan.group_id for loan in loans})
    steps = select(LoanEvent.loan_id).where(LoanEvent.step == LoanStep.SETTLE, LoanEvent.loan_id.in_([loan.id for loan in loans]))
    settled = set(session.scalars(steps))
    return [
        UndoEffect(name, 0, saved)
        if loan is None
        else _effect(name, loan, amount, saved, agreed[loan.id], planned, is_settled=loan.id in settled)
        for name, loan, amount, saved in found
    ]


def _effect(
    name: str, loan: Loan, amount: Rupiah, saved: Rupiah, plan: Plan, planned: dict[tuple[int, int], date], *, is_settled: bool
) -> UndoEffect:
    left = plan.terms.total - loan.total_paid
    then = plan.counted_from(loan.total_paid - amount)
    if then is None:
        raise AssertionError(f"loan {loan.id} gives back {amount} and stays repaid")
    ended = loan.ended_on is not None or is_settled
    return UndoEffect(name, amount, saved, left, left + amount, planned[loan.group_id, then], ended)


@dataclass(frozen=True)
class ReceiptOf:
    """What a receipt says of a record: the meeting's place in its group's calendar, and what each woman was short."""

    unit_name: str
    zone: str
    meeting_number: int
    lines: tuple[RecordLine, ...]
    short: dict[int, Rupiah]


def receipt(kept: RecordKept) -> ReceiptOf:
    """The receipt's facts. What a woman was short is what the sheet asked of her then, from her dues and what was paid before."""
    row = session.execute(
        select(Unit.name, Unit.zone, Meeting.seq)
        .join(Group, Group.id == Meeting.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .where(Meeting.id == kept.meeting_id)
    ).one()
    since = (
        select(Posting.loan_id, (-func.sum(Posting.amount)).label("amount"))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account.in_(CREDITED), Entry.recorded_at >= kept.recorded_at, Entry.kind.not_in(NO_PAYMENT))
        .group_by(Posting.loan_id)
        .subquery()
    )
    question = (
        select(Loan, func.coalesce(since.c.amount, 0), MeetingLine.member_id, MeetingLine.paid + MeetingLine.renteng)
        .join(MeetingLine, MeetingLine.loan_id == Loan.id)
        .outerjoin(since, since.c.loan_id == Loan.id)
        .where(MeetingLine.record_uuid == kept.uuid, MeetingLine.short_reason.is_not(None))
    )
    found, short = session.execute(question).all(), {}
    agreed = plans((loan for loan, *_ in found), known_at=kept.recorded_at)
    for loan, later, member_id, credited in found:
        _, due, arrears = agreed[loan.id].asked(row[2], int(loan.total_paid - later))
        short[member_id] = max(0, due + arrears - credited)
    return ReceiptOf(row[0], row[1], row[2], tuple(lines(kept.uuid)), short)
