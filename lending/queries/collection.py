"""The weekly meeting, asked: what is planned for a day, and the sheet of one meeting. What was recorded: `records`."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from lending.database import is_postgresql, session
from lending.domain.access import Actor
from lending.domain.ledger import Account
from lending.domain.lifecycle import RUNS, LoanState
from lending.domain.money import Rupiah
from lending.domain.plan import Plan
from lending.domain.refusals import NotFound
from lending.models import (
    Assignment,
    DayClose,
    Group,
    Leadership,
    Loan,
    Meeting,
    MeetingRecord,
    Member,
    Membership,
    Posting,
    RecordUndo,
    Restructuring,
    ScheduleRow,
    Unit,
    User,
)
from lending.queries import figures
from lending.queries.plans import plans
from lending.queries.scope import in_force, sees_group, sees_member
from lending.queries.standings import officer_of


@dataclass(frozen=True)
class MeetingListed:
    """A planned meeting of one day. `due` is what its sheet asks for in all, arrears included, as of now."""

    id: int
    group_id: int
    group_name: str
    officer: str | None
    leader: str | None
    seq: int
    planned_on: date
    original_on: date
    reason: str | None
    time: str
    place: str
    members: int
    due: Rupiah
    record: str | None

    @property
    def state(self) -> str:
        """`planned`, `moved` (to another day than first laid out) or `held` (recorded)."""
        return meeting_state(self.record is not None, self.planned_on, self.original_on)


@dataclass(frozen=True)
class MeetingHead:
    """What stands above a sheet: the meeting, its group, its unit."""

    id: int
    seq: int
    planned_on: date
    original_on: date
    reason: str | None
    group_id: int
    group_name: str
    place: str
    time: str
    unit_id: int
    unit_code: str
    record: str | None

    @property
    def state(self) -> str:
        """`planned`, `moved` or `held`."""
        return meeting_state(self.record is not None, self.planned_on, self.original_on)


@dataclass(frozen=True)
class SheetLine:
    """One woman on the sheet. `number` is her instalment due at this meeting, None where none is; sums as of now."""

    member_id: int
    name: str
    member_number: str
    sub_group: int
    loan_id: int | None
    number: int | None
    due: Rupiah
    arrears: Rupiah
    outstanding_total: Rupiah
    savings: Rupiah


@dataclass(frozen=True)
class Sheet:
    """The sheet of one meeting."""

    meeting: MeetingHead
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True)
class BorrowerOnDay:
    """A member of the group on the day of a meeting, with one of her loans, if she has any."""

    member_id: int
    sub_group: int
    loan_id: int | None
    state: LoanState | None
    plan: Plan | None
    """How it is to be paid, while it is."""
    disbursed_on: date | None
    total_paid: Rupiah


def meeting_state(recorded: bool, planned_on: date, original_on: date) -> str:
    """`held` once recorded, else `moved` where the date is not the first one, else `planned`."""
    if recorded:
        return "held"
    return "planned" if planned_on == original_on else "moved"


def standing_record() -> ColumnElement[bool]:
    """The join from `Meeting` to its record that has not been undone."""
    undone = exists().where(RecordUndo.record_uuid == MeetingRecord.uuid)
    return and_(MeetingRecord.meeting_id == Meeting.id, ~undone)


def _asked_in_all() -> ColumnElement[int]:
    fallen = figures.fallen_by(Meeting.seq)
    asked = figures.largest(0, figures.cumulative_due(fallen) - Loan.total_paid)
    evenly = (
        select(func.coalesce(func.sum(asked), 0))
        .where(Loan.group_id == Group.id, Loan.state == LoanState.RUNNING)
        .correlate(Group, Meeting)
        .scalar_subquery()
    )
    newest = select(func.max(Restructuring.version)).where(Restructuring.loan_id == Loan.id).correlate(Loan).scalar_subquery()
    due = (
        select(func.coalesce(func.max(ScheduleRow.cum_due), 0))
        .where(ScheduleRow.loan_id == Loan.id, ScheduleRow.version == newest, ScheduleRow.seq <= Meeting.seq)
        .correlate(Loan, Meeting)
        .scalar_subquery()
    )
    as_agreed = (
        select(func.coalesce(func.sum(figures.largest(0, due - Loan.total_paid)), 0))
        .where(Loan.group_id == Group.id, Loan.state == LoanState.RESTRUCTURED)
        .correlate(Group, Meeting)
        .scalar_subquery()
    )
    return evenly + as_agreed


def meetings(
    by: Actor, on: date, *, officer: str | None = None, until: date | None = None, after_id: int = 0, limit: int | None = None
) -> list[MeetingListed]:
    """The meetings that `by` may see, planned for `on` (or from `on` to `until`), by day, hour and id."""
    leader = aliased(Member)
    officer_user = aliased(User)
    size = (
        select(func.count())
        .where(Membership.group_id == Group.id, in_force(Membership.joined_on, Membership.left_on, on))
        .correlate(Group)
        .scalar_subquery()
    )
    question: Select[*tuple[Any, ...]] = (
        select(
            Meeting.id,
            Group.id,
            Group.name,
            officer_user.username,
            leader.name,
            Meeting.seq,
            Meeting.planned_on,
            Meeting.original_on,
            Meeting.reason,
            Group.time,
            Group.place,
            size,
            _asked_in_all(),
            MeetingRecord.uuid,
        )
        .join(Group, Group.id == Meeting.group_id)
        .outerjoin(Assignment, officer_of(on))
        .outerjoin(officer_user, officer_user.id == Assignment.user_id)
        .outerjoin(Leadership, and_(Leadership.group_id == Group.id, in_force(Leadership.from_on, Leadership.to_on, on)))
        .outerjoin(leader, leader.id == Leadership.member_id)
        .outerjoin(MeetingRecord, standing_record())
        .where(Meeting.planned_on.between(on, until or on), sees_group(by), Meeting.id > after_id)
        .order_by(*((Meeting.id,) if limit is not None else (Meeting.planned_on, Group.time, Meeting.id)))
        .limit(limit)
    )
    if officer is not None:
        question = question.where(officer_user.username == officer)
    return [MeetingListed(*row) for row in session.execute(question)]


@dataclass(frozen=True)
class MissedMeeting:
    """A meeting whose day has passed and that nobody has recorded."""

    id: int
    group_id: int
    group_name: str
    officer: str | None
    officer_name: str | None
    planned_on: date


def missed(by: Actor, since: date) -> list[MissedMeeting]:
    """Meetings planned from `since` until yesterday that were not recorded, of groups with a running loan; oldest first."""
    lends = exists().where(Loan.group_id == Group.id, Loan.state.in_(RUNS), Loan.disbursed_on < Meeting.planned_on)
    question = (
        select(Meeting.id, Group.id, Group.name, User.username, User.name, Meeting.planned_on)
        .join(Group, Group.id == Meeting.group_id)
        .outerjoin(Assignment, officer_of(by.today))
        .outerjoin(User, User.id == Assignment.user_id)
        .where(Meeting.planned_on >= since, Meeting.planned_on < by.today, sees_group(by), lends)
        .where(~exists().where(standing_record()))
        .order_by(Meeting.planned_on, Group.id)
    )
    return [MissedMeeting(*row) for row in session.execute(question)]


_HEAD = (
    Meeting.id,
    Meeting.seq,
    Meeting.planned_on,
    Meeting.original_on,
    Meeting.reason,
    Group.id,
    Group.name,
    Group.place,
    Group.time,
    Unit.id,
    Unit.code,
    MeetingRecord.uuid,
)


def sheet(by: Actor, meeting_id: int) -> Sheet:
    """The sheet of a meeting: every woman of the group that day, by sub-group and name, with what is due and what is late, as of now.

    One statement, whatever the size of the group, and one more where a loan was restructured. `not_found` for a meeting that is not hers.
    """
    saved = (
        select(func.coalesce(-func.sum(Posting.amount), 0))
        .where(Posting.member_id == Member.id, Posting.account == Account.SAVINGS)
        .correlate(Member)
        .scalar_subquery()
    )
    day = Meeting.planned_on
    of_the_day = and_(
        Membership.group_id == Group.id, Membership.joined_on <= day, or_(Membership.left_on.is_(None), Membership.left_on > day)
    )
    question: Select[*tuple[Any, ...]] = (
        select(*_HEAD, Member.id, Member.name, Member.number, Membership.sub_group, Loan, saved)
        .join(Group, Group.id == Meeting.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .outerjoin(MeetingRecord, standing_record())
        .outerjoin(Membership, of_the_day)
        .outerjoin(Member, Member.id == Membership.member_id)
        .outerjoin(Loan, and_(Loan.member_id == Member.id, Loan.group_id == Group.id, Loan.state.in_(RUNS)))
        .where(Meeting.id == meeting_id, sees_group(by))
        .order_by(Membership.sub_group, Member.name, Member.id)
    )
    rows = session.execute(question).all()
    if not rows:
        raise NotFound
    head, agreed = MeetingHead(*rows[0][:12]), plans(row[16] for row in rows if row[16] is not None)
    return Sheet(head, tuple(_line(head.seq, agreed, *row[12:]) for row in rows if row[12] is not None))


def _line(
    seq: int, agreed: Mapping[int, Plan], member_id: int, name: str, number: str, sub_group: int, loan: Loan | None, saved: Rupiah
) -> SheetLine:
    if loan is None or loan.id not in agreed:
        return SheetLine(member_id, name, number, sub_group, None, None, 0, 0, 0, saved)
    instalment, due, arrears = agreed[loan.id].asked(seq, loan.total_paid)
    left = loan.principal + loan.margin - loan.total_paid
    return SheetLine(member_id, name, number, sub_group, loan.id, instalment, due, arrears, left, saved)


@dataclass(frozen=True)
class MeetingToRecord:
    """What the act needs to know of a meeting before it reads the lines: its calendar, what is recorded, who was there."""

    head: MeetingHead
    attempt: int
    """Which record of this meeting the next one would be."""
    uuid_known: bool
    """Whether a record with the uuid that was sent exists already."""
    planned: dict[int, date]
    """The group's calendar: planned day by `seq`."""
    people: tuple[BorrowerOnDay, ...]
    """The members of the group on the day it was held: a row a loan, and a row for a woman without one."""
    closed_up_to: date | None
    """The last day of the unit's books that is closed."""


def meeting_to_record(by: Actor, meeting_id: int, uuid: str, held_on: date) -> MeetingToRecord | None:
    """A meeting that `by` may record, with its group's calendar and people, in one statement, and one more where a loan was restructured;
    None for one that is not hers."""
    every = aliased(Meeting)
    whole = func.json_object_agg if is_postgresql() else func.json_group_object
    of_meeting = select(Meeting.group_id).where(Meeting.id == meeting_id).scalar_subquery()
    calendar = select(cast(whole(every.seq, every.planned_on), Text)).where(every.group_id == of_meeting).scalar_subquery()
    attempts = select(func.count()).where(MeetingRecord.meeting_id == meeting_id).scalar_subquery()
    known = exists().where(MeetingRecord.uuid == uuid).correlate(None)
    closed = select(func.max(DayClose.on_day)).where(DayClose.unit_id == Unit.id).correlate(Unit).scalar_subquery()
    of_the_day = and_(Membership.group_id == Group.id, in_force(Membership.joined_on, Membership.left_on, held_on))
    question: Select[*tuple[Any, ...]] = (
        select(*_HEAD, attempts, known, calendar, closed, Membership.member_id, Membership.sub_group, Loan)
        .join(Group, Group.id == Meeting.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .outerjoin(MeetingRecord, standing_record())
        .outerjoin(Membership, of_the_day)
        .outerjoin(Loan, and_(Loan.member_id == Membership.member_id, Loan.group_id == Group.id))
        .where(Meeting.id == meeting_id, sees_group(by))
        .order_by(Membership.sub_group, Membership.member_id, Loan.id)
        .execution_options(populate_existing=True)
    )
    rows = session.execute(question).all()
    if not rows:
        return None
    head, (attempt, uuid_known, planned, closed_up_to) = MeetingHead(*rows[0][:12]), rows[0][12:16]
    agreed = plans(row[18] for row in rows if row[18] is not None and row[18].state in RUNS)
    people = tuple(_borrower(agreed, *row[16:]) for row in rows if row[16] is not None)
    days = {int(seq): date.fromisoformat(on) for seq, on in json.loads(planned).items()}
    return MeetingToRecord(head, attempt + 1, uuid_known, days, people, closed_up_to)


def _borrower(agreed: Mapping[int, Plan], member_id: int, sub_group: int, loan: Loan | None) -> BorrowerOnDay:
    if loan is None:
        return BorrowerOnDay(member_id, sub_group, None, None, None, None, 0)
    return BorrowerOnDay(member_id, sub_group, loan.id, loan.state, agreed.get(loan.id), loan.disbursed_on, loan.total_paid)


def username(user_id: int) -> str:
    """Who that is."""
    return session.scalar(select(User.username).where(User.id == user_id)) or ""


def all_seen(by: Actor, member_ids: Collection[int]) -> bool:
    """Whether every one of these women belongs, or belonged, to a group that `by` may see."""
    found = session.scalar(
        select(func.count(func.distinct(Membership.member_id))).where(Membership.member_id.in_(member_ids), sees_member(by))
    )
    return found == len(member_ids)
