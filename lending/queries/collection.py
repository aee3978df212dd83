"""The weekly meeting, asked: what is planned for a day, the sheet of one meeting, what was recorded."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from lending.database import is_postgresql, session
from lending.domain.access import Actor
from lending.domain.ledger import Account
from lending.domain.lifecycle import LoanState
from lending.domain.money import Rupiah
from lending.domain.refusals import NotFound
from lending.domain.schedule import LoanTerms, cumulative_due
from lending.models import Assignment, Group, Leadership, Loan, Meeting, MeetingRecord, Member, Membership, Posting, RecordUndo, Unit, User
from lending.queries import figures
from lending.queries.loans import terms
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
    terms: LoanTerms | None
    first_seq: int | None
    disbursed_on: date | None
    total_paid: Rupiah
    next_due: date | None


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
    return (
        select(func.coalesce(func.sum(asked), 0))
        .where(Loan.group_id == Group.id, Loan.state == LoanState.RUNNING)
        .correlate(Group, Meeting)
        .scalar_subquery()
    )


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
    planned_on: date


def missed(by: Actor, since: date) -> list[MissedMeeting]:
    """Meetings planned from `since` until yesterday that were not recorded, of groups with a running loan; oldest first."""
    lends = exists().where(Loan.group_id == Group.id, Loan.state == LoanState.RUNNING)
    question = (
        select(Meeting.id, Group.id, Group.name, User.username, Meeting.planned_on)
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

    One statement, whatever the size of the group. `not_found` for a meeting that is not hers.
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
        .outerjoin(Loan, and_(Loan.member_id == Member.id, Loan.group_id == Group.id, Loan.state == LoanState.RUNNING))
        .where(Meeting.id == meeting_id, sees_group(by))
        .order_by(Membership.sub_group, Member.name, Member.id)
    )
    rows = session.execute(question).all()
    if not rows:
        raise NotFound
    head = MeetingHead(*rows[0][:12])
    return Sheet(head, tuple(_line(head.seq, *row[12:]) for row in rows if row[12] is not None))


def _line(seq: int, member_id: int, name: str, number: str, sub_group: int, loan: Loan | None, saved: Rupiah) -> SheetLine:
    if loan is None or loan.first_seq is None:
        return SheetLine(member_id, name, number, sub_group, None, None, 0, 0, 0, saved)
    instalment, due, arrears = asked(terms(loan), loan.first_seq, seq, loan.total_paid)
    left = loan.principal + loan.margin - loan.total_paid
    return SheetLine(member_id, name, number, sub_group, loan.id, instalment, due, arrears, left, saved)


def asked(of: LoanTerms, first_seq: int, seq: int, total_paid: Rupiah) -> tuple[int | None, Rupiah, Rupiah]:
    """What the sheet of meeting `seq` asks of a loan: the number of the instalment due there (None where none is), what is unpaid of
    it, and what is unpaid of the earlier ones."""
    if seq < first_seq:
        return None, 0, 0
    behind, off = divmod(seq - first_seq, of.every_weeks)
    fallen = behind + 1
    on_this_day = off == 0 and fallen <= of.count
    earlier = max(0, cumulative_due(of, fallen - 1 if on_this_day else fallen) - total_paid)
    if not on_this_day:
        return None, 0, earlier
    return fallen, max(0, cumulative_due(of, fallen) - total_paid) - earlier, earlier


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


def meeting_to_record(by: Actor, meeting_id: int, uuid: str, held_on: date) -> MeetingToRecord | None:
    """A meeting that `by` may record, with its group's calendar and people, in one statement; None for one that is not hers."""
    every = aliased(Meeting)
    whole = func.json_object_agg if is_postgresql() else func.json_group_object
    of_meeting = select(Meeting.group_id).where(Meeting.id == meeting_id).scalar_subquery()
    calendar = select(cast(whole(every.seq, every.planned_on), Text)).where(every.group_id == of_meeting).scalar_subquery()
    attempts = select(func.count()).where(MeetingRecord.meeting_id == meeting_id).scalar_subquery()
    known = exists().where(MeetingRecord.uuid == uuid).correlate(None)
    of_the_day = and_(Membership.group_id == Group.id, in_force(Membership.joined_on, Membership.left_on, held_on))
    question: Select[*tuple[Any, ...]] = (
        select(*_HEAD, attempts, known, calendar, Membership.member_id, Membership.sub_group, Loan)
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
    head, (attempt, uuid_known, planned) = MeetingHead(*rows[0][:12]), rows[0][12:15]
    people = tuple(_borrower(*row[15:]) for row in rows if row[15] is not None)
    days = {int(seq): date.fromisoformat(on) for seq, on in json.loads(planned).items()}
    return MeetingToRecord(head, attempt + 1, uuid_known, days, people)


def _borrower(member_id: int, sub_group: int, loan: Loan | None) -> BorrowerOnDay:
    if loan is None:
        return BorrowerOnDay(member_id, sub_group, None, None, None, None, None, 0, None)
    return BorrowerOnDay(
        member_id, sub_group, loan.id, loan.state, terms(loan), loan.first_seq, loan.disbursed_on, loan.total_paid, loan.next_due
    )


def calendars(group_ids: Collection[int]) -> dict[tuple[int, int], date]:
    """The planned day of every meeting of these groups, by group and `seq`."""
    question = select(Meeting.group_id, Meeting.seq, Meeting.planned_on).where(Meeting.group_id.in_(group_ids))
    return {(group_id, seq): planned_on for group_id, seq, planned_on in session.execute(question)}


def all_seen(by: Actor, member_ids: Collection[int]) -> bool:
    """Whether every one of these women belongs, or belonged, to a group that `by` may see."""
    found = session.scalar(
        select(func.count(func.distinct(Membership.member_id))).where(Membership.member_id.in_(member_ids), sees_member(by))
    )
    return found == len(member_ids)


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
