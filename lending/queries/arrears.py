"""Who is late, by how much, since when, and what she said: the worklist, on any day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Subquery, case, func, or_, select

from lending.database import session
from lending.domain.access import Actor
from lending.domain.arrears import weeks_late
from lending.domain.collection import ShortReason
from lending.domain.money import Rupiah
from lending.models import Assignment, Group, Loan, MeetingLine, MeetingRecord, Member, RecordUndo, Unit, User
from lending.queries import standings
from lending.queries.scope import sees_group

FIRST_WEEK = 7


@dataclass(frozen=True)
class LateLoan:
    """One row of the worklist."""

    loan_id: int
    member_id: int
    member_name: str
    member_number: str
    phone: str | None
    group_id: int
    group_name: str
    kelurahan: str
    unit_code: str
    officer: str | None
    officer_name: str | None
    days_late: int
    quality: str
    overdue: Rupiah
    outstanding_principal: Rupiah
    oldest_due: date
    reason: ShortReason | None
    promise: date | None
    promise_broken: bool
    urgency: int
    """0 a broken promise, 1 the first week, 2 older: the worklist's order."""
    said_on: date | None = None
    said_at: datetime | None = None
    """On which day, and when it was written down, she gave that reason and made that promise at a meeting."""

    @property
    def weeks_late(self) -> int:
        """Weeks begun since the oldest unpaid due date."""
        return weeks_late(self.days_late)


def _latest_words(on: date) -> Subquery:
    """The newest shortfall of each loan by that day, from records that stood at its end: `loan_id`, `short_reason`, `promise_on`,
    `held_on`, `recorded_at`."""
    undone = select(RecordUndo.record_uuid).where(RecordUndo.on_day <= on)
    newest_first = func.row_number().over(
        partition_by=MeetingLine.loan_id, order_by=(MeetingRecord.held_on.desc(), MeetingRecord.recorded_at.desc())
    )
    lines = (
        select(
            MeetingLine.loan_id,
            MeetingLine.short_reason,
            MeetingLine.promise_on,
            MeetingRecord.held_on,
            MeetingRecord.recorded_at,
            newest_first.label("nth"),
        )
        .join(MeetingRecord, MeetingRecord.uuid == MeetingLine.record_uuid)
        .where(MeetingLine.short_reason.is_not(None), MeetingRecord.held_on <= on, MeetingRecord.uuid.not_in(undone))
        .subquery()
    )
    said = (lines.c.loan_id, lines.c.short_reason, lines.c.promise_on, lines.c.held_on, lines.c.recorded_at)
    return select(*said).where(lines.c.nth == 1).subquery("words")


def worklist(
    by: Actor,
    on: date,
    *,
    officer: str | None = None,
    group_id: int | None = None,
    unit: str | None = None,
    limit: int | None = None,
    offset: int = 0,
    besides: "Select[int] | None" = None,
) -> list[LateLoan]:
    """Loans that are late at the end of `on`, in the order in which a call today can still save them: broken promises, then the first
    week, then the oldest. Of groups that are hers, and of the loans that `besides` names."""
    hers = sees_group(by) if besides is None else or_(sees_group(by), Loan.id.in_(besides))
    question = _late(on).where(hers).limit(limit).offset(offset or None)
    if officer is not None:
        question = question.where(User.username == officer)
    if group_id is not None:
        question = question.where(Group.id == group_id)
    if unit is not None:
        question = question.where(Unit.code == unit)
    return [LateLoan(*row) for row in session.execute(question)]


def worklist_of(loan_id: int, on: date) -> list[LateLoan]:
    """This one loan, whosever it is, if it is late at the end of `on`."""
    return [LateLoan(*row) for row in session.execute(_late(on).where(Loan.id == loan_id))]


def is_late(loan_id: int, on: date) -> bool:
    """Whether this loan is late at the end of `on`."""
    standing = standings.at(on)
    return session.scalar(standing.select(Loan.id).where(standing.is_late, Loan.id == loan_id)) is not None


def _late(on: date) -> Select[*tuple[Any, ...]]:
    standing = standings.at(on)
    words = _latest_words(on)
    broken = case((words.c.promise_on < on, True), else_=False)
    urgency = case((broken, 0), (standing.days_late <= FIRST_WEEK, 1), else_=2)
    return (
        standing.select(
            Loan.id,
            Loan.member_id,
            Member.name,
            Member.number,
            Member.phone,
            Group.id,
            Group.name,
            Group.kelurahan,
            Unit.code,
            User.username,
            User.name,
            standing.days_late,
            standing.quality,
            standing.overdue,
            standing.outstanding_principal,
            standing.next_due,
            words.c.short_reason,
            words.c.promise_on,
            broken,
            urgency,
            words.c.held_on,
            words.c.recorded_at,
        )
        .join(Member, Member.id == Loan.member_id)
        .outerjoin(User, User.id == Assignment.user_id)
        .outerjoin(words, words.c.loan_id == Loan.id)
        .where(standing.is_late)
        .order_by(urgency, standing.days_late.desc(), Loan.id)
    )
