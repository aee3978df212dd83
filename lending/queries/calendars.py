"""Groups' calendars, asked: which meetings are planned, which were held, what moved them, and which instalments hang on them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased

from lending.database import session
from lending.domain.access import Actor, Permission
from lending.domain.calendar import PlannedMeeting
from lending.domain.groups import MeetingState
from lending.domain.lifecycle import RUNS, LoanState
from lending.domain.plan import Plan
from lending.domain.schedule import LoanTerms
from lending.models import CalendarMove, Group, Loan, Meeting, MeetingMove, MeetingRecord, Unit, User
from lending.queries.collection import meeting_state, standing_record
from lending.queries.plans import as_agreed
from lending.queries.records import receipt_number
from lending.queries.scope import require_group

LOOK_BACK = 10
AT_ONCE = 500
"""So many groups in one statement: databases limit how many values a question may carry."""


@dataclass(frozen=True)
class CalendarMeeting:
    """One meeting of a group's calendar as people see it; `record` is the uuid of the record that stands."""

    id: int
    seq: int
    planned_on: date
    original_on: date
    state: MeetingState
    reason: str | None
    record: str | None


@dataclass(frozen=True)
class StoredMeeting:
    """One meeting as the rules see it, with its row's id and group, and the receipt of the record that stands."""

    id: int
    group_id: int
    plan: PlannedMeeting
    receipt: str | None


@dataclass(frozen=True)
class RunningLoan:
    """A loan that is being paid, and which of its group's meetings it falls due on."""

    id: int
    group_id: int
    plan: Plan


@dataclass(frozen=True)
class MoveListed:
    """One change of a group's calendar: when, by whom, why, which meetings; `undone` once another move took it back.

    `of_holiday`: a day off that was declared later moved it, and other groups' meetings with it.
    """

    id: int
    made_at: datetime
    actor: str
    reason: str
    undoes: int | None
    undone: bool
    of_holiday: bool
    meetings: tuple[tuple[int, date, date], ...]
    """Each with its number, the day it stood on and the day it went to."""


def calendar(by: Actor, group_id: int) -> list[CalendarMeeting]:
    """The whole calendar of a group, first meeting first; `not_found` where the group is not hers."""
    by.require(Permission.SEE_GROUPS)
    require_group(by, group_id)
    question = (
        select(Meeting.id, Meeting.seq, Meeting.planned_on, Meeting.original_on, Meeting.reason, MeetingRecord.uuid)
        .outerjoin(MeetingRecord, standing_record())
        .where(Meeting.group_id == group_id)
        .order_by(Meeting.seq)
    )
    return [
        CalendarMeeting(
            meeting_id,
            seq,
            planned_on,
            original_on,
            MeetingState(meeting_state(record is not None, planned_on, original_on)),
            reason,
            record,
        )
        for meeting_id, seq, planned_on, original_on, reason, record in session.execute(question)
    ]


def moves(by: Actor, group_id: int) -> list[MoveListed]:
    """What changed a group's calendar, newest first; `not_found` where the group is not hers."""
    by.require(Permission.SEE_GROUPS)
    require_group(by, group_id)
    undoing = aliased(CalendarMove)
    question = (
        select(
            CalendarMove.id,
            CalendarMove.made_at,
            User.username,
            CalendarMove.reason,
            CalendarMove.undoes_id,
            exists().where(undoing.undoes_id == CalendarMove.id),
            CalendarMove.group_id.is_(None),
            Meeting.seq,
            MeetingMove.from_on,
            MeetingMove.to_on,
        )
        .join(User, User.id == CalendarMove.actor_id)
        .join(MeetingMove, MeetingMove.move_id == CalendarMove.id)
        .join(Meeting, Meeting.id == MeetingMove.meeting_id)
        .where(Meeting.group_id == group_id)
        .order_by(CalendarMove.id.desc(), Meeting.seq)
    )
    found: dict[int, MoveListed] = {}
    for move_id, made_at, actor, reason, undoes, undone, of_holiday, seq, from_on, to_on in session.execute(question):
        before = found[move_id].meetings if move_id in found else ()
        found[move_id] = MoveListed(move_id, made_at, actor, reason, undoes, undone, of_holiday, (*before, (seq, from_on, to_on)))
    return list(found.values())


def stored_meetings(*where: ColumnElement[bool]) -> list[StoredMeeting]:
    """The meetings that meet these conditions, by group and number."""
    question: Select[*tuple[Any, ...]] = (
        select(
            Meeting.id,
            Meeting.group_id,
            Meeting.seq,
            Meeting.planned_on,
            Meeting.original_on,
            Meeting.reason,
            Unit.code,
            MeetingRecord.year,
            MeetingRecord.number,
        )
        .join(Group, Group.id == Meeting.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .outerjoin(MeetingRecord, standing_record())
        .where(*where)
        .order_by(Meeting.group_id, Meeting.seq)
    )
    return [
        StoredMeeting(row[0], row[1], PlannedMeeting(*row[2:6]), None if row[8] is None else receipt_number(*row[6:9]))
        for row in session.execute(question)
    ]


def last_meetings(group_ids: Sequence[int]) -> dict[int, list[PlannedMeeting]]:
    """The last ten meetings of each of these groups: more than the eight weeks by which a tail may move, so that one is on its own day."""
    newest = select(Meeting.group_id, func.max(Meeting.seq).label("seq")).where(Meeting.group_id.in_(group_ids))
    last = newest.group_by(Meeting.group_id).subquery()
    question = (
        select(Meeting.group_id, Meeting.seq, Meeting.planned_on, Meeting.original_on, Meeting.reason)
        .join(last, last.c.group_id == Meeting.group_id)
        .where(Meeting.seq > last.c.seq - LOOK_BACK)
        .order_by(Meeting.group_id, Meeting.seq)
    )
    found: dict[int, list[PlannedMeeting]] = {}
    for group_id, seq, planned_on, original_on, reason in session.execute(question):
        found.setdefault(group_id, []).append(PlannedMeeting(seq, planned_on, original_on, reason))
    return found


def groups_meeting_on(day: date) -> list[int]:
    """The groups that have a meeting planned on that day."""
    return list(session.scalars(select(Meeting.group_id).where(Meeting.planned_on == day).distinct().order_by(Meeting.group_id)))


def running_loans(group_ids: Sequence[int]) -> list[RunningLoan]:
    """The running loans of these groups, by id."""
    of = (Loan.principal, Loan.margin, Loan.weeks, Loan.every_weeks, Loan.count, Loan.instalment, Loan.payment_order)
    question = select(Loan.id, Loan.group_id, Loan.state, Loan.first_seq, *of).where(Loan.group_id.in_(group_ids), Loan.state.in_(RUNS))
    found, evenly, restructured = {}, {}, []
    for loan_id, group_id, state, first_seq, *terms in session.execute(question.order_by(Loan.id)):
        assert first_seq is not None
        found[loan_id], evenly[loan_id] = group_id, Plan(LoanTerms(*terms), first_seq)
        if state is LoanState.RESTRUCTURED:
            restructured.append(loan_id)
    agreed = evenly | as_agreed({loan_id: evenly[loan_id] for loan_id in restructured})
    return [RunningLoan(loan_id, group_id, agreed[loan_id]) for loan_id, group_id in found.items()]


def in_lots(group_ids: Iterable[int]) -> Iterator[list[int]]:
    """These groups, a few hundred at a time."""
    rest = iter(group_ids)
    while lot := list(islice(rest, AT_ONCE)):
        yield lot
