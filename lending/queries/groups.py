"""Groups, asked: which there are, who serves and leads them, who belongs to them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from lending.database import session
from lending.domain.access import Actor, Permission
from lending.domain.groups import Duty, Place
from lending.domain.ledger import CREDITED, EntryKind
from lending.domain.refusals import NotFound
from lending.models import Assignment, Entry, Group, Leadership, Loan, Meeting, Member, Membership, Posting, Region, Unit, User
from lending.queries.admin import PAGE
from lending.queries.scope import as_of, in_force, sees_group


@dataclass(frozen=True)
class GroupListed:
    """A group as of a day; `officer` and `mentor` are user names, `leader` a member's id, `size` how many women belong to it."""

    id: int
    code: str
    name: str
    unit: str
    kelurahan: str
    kelurahan_name: str
    weekday: int
    time: str
    place: str
    officer: str | None
    officer_name: str | None
    mentor: str | None
    mentor_name: str | None
    leader: int | None
    leader_name: str | None
    size: int
    next_meeting: date | None
    """The first planned meeting on that day or after it."""


@dataclass(frozen=True)
class GroupMember:
    """A woman of a group; `loan` is the id of the loan that runs on that day."""

    id: int
    number: str
    name: str
    sub_group: int
    role: Place
    joined_on: date
    loan: int | None


@dataclass(frozen=True)
class GroupDetail:
    """A group with its women, by sub-group and name."""

    about: GroupListed
    members: tuple[GroupMember, ...]


@dataclass(frozen=True)
class Served:
    """A group and the user name of the officer who serves it on some day, perhaps one to come; `last` is her last day, None without one."""

    id: int
    code: str
    name: str
    weekday: int
    time: str
    officer: str
    last: date | None


@dataclass(frozen=True)
class ToCome:
    """From a day that is still to come, somebody else serves the group."""

    from_on: date
    name: str


def groups(by: Actor, *, on: date | None = None, officer: str | None = None, limit: int = PAGE, after_id: int = 0) -> list[GroupListed]:
    """The groups that `by` may see, by id, as they stood at the end of a day; of one officer (of that day) where she is named."""
    by.require(Permission.SEE_GROUPS)
    question = _groups(by, as_of(by, on)).where(Group.id > after_id).order_by(Group.id).limit(limit)
    if officer is not None:
        question = question.where(_Officer.username == officer)
    return [GroupListed(*row) for row in session.execute(question)]


def served_on(by: Actor, on: date) -> list[Served]:
    """Who serves which of the groups that `by` may see today, on that day as it is planned now; by name."""
    by.require(Permission.ASSIGN_STAFF)
    question = (
        select(Group.id, Group.code, Group.name, Group.weekday, Group.time, User.username, Assignment.to_on)
        .join(Assignment, Assignment.group_id == Group.id)
        .join(User, User.id == Assignment.user_id)
        .where(Assignment.duty == Duty.OFFICER, in_force(Assignment.from_on, Assignment.to_on, on), sees_group(by))
        .order_by(Group.name, Group.id)
    )
    return [Served(*row[:-1], last=row[-1] and row[-1] - timedelta(days=1)) for row in session.execute(question)]


def officers_to_come(by: Actor, group_id: int) -> list[ToCome]:
    """Which officers begin after today, in their order."""
    question = (
        select(Assignment.from_on, User.name)
        .join(Group, Group.id == Assignment.group_id)
        .join(User, User.id == Assignment.user_id)
        .where(Assignment.group_id == group_id, Assignment.duty == Duty.OFFICER, Assignment.from_on > by.today, sees_group(by))
        .where(Assignment.to_on.is_(None) | (Assignment.to_on > Assignment.from_on))
        .order_by(Assignment.from_on)
    )
    return [ToCome(*row) for row in session.execute(question)]


def group(by: Actor, group_id: int, *, on: date | None = None) -> GroupDetail:
    """One group with its women as of a day; `not_found` where it is not hers."""
    by.require(Permission.SEE_GROUPS)
    day = as_of(by, on)
    found = session.execute(_groups(by, day).where(Group.id == group_id)).one_or_none()
    if found is None:
        raise NotFound
    about = GroupListed(*found)
    question = (
        select(
            Member.id,
            Member.number,
            Member.name,
            Membership.sub_group,
            Membership.joined_on,
            select(func.max(Loan.id))
            .where(Loan.member_id == Member.id, Loan.group_id == group_id, runs_on(day))
            .correlate(Member)
            .scalar_subquery(),
        )
        .join(Membership, Membership.member_id == Member.id)
        .where(Membership.group_id == group_id, in_force(Membership.joined_on, Membership.left_on, day))
        .order_by(Membership.sub_group, Member.name, Member.id)
    )
    members = tuple(
        GroupMember(member_id, number, name, sub_group, Place.LEADER if member_id == about.leader else Place.MEMBER, joined_on, loan)
        for member_id, number, name, sub_group, joined_on, loan in session.execute(question)
    )
    return GroupDetail(about, members)


def runs_on(day: date) -> ColumnElement[bool]:
    """Whether `Loan` runs at the end of that day: disbursed by then, and not all of it paid by then."""
    paid_later = (
        select(func.coalesce(-func.sum(Posting.amount), 0))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(
            Posting.loan_id == Loan.id,
            Posting.account.in_(CREDITED),
            Entry.kind != EntryKind.DISBURSEMENT,
            Entry.happened_on > day,
        )
        .correlate(Loan)
        .scalar_subquery()
    )
    return and_(Loan.disbursed_on <= day, Loan.total_paid - paid_later < Loan.principal + Loan.margin)


_Officer = aliased(User)
_Mentor = aliased(User)
_Leader = aliased(Member)
_OfficerDuty = aliased(Assignment)
_MentorDuty = aliased(Assignment)


def _groups(by: Actor, day: date) -> Select[*tuple[Any, ...]]:
    size = (
        select(func.count())
        .where(Membership.group_id == Group.id, in_force(Membership.joined_on, Membership.left_on, day))
        .correlate(Group)
        .scalar_subquery()
    )
    next_meeting = (
        select(func.min(Meeting.planned_on))
        .where(Meeting.group_id == Group.id, Meeting.planned_on >= day)
        .correlate(Group)
        .scalar_subquery()
    )
    officer_on = in_force(_OfficerDuty.from_on, _OfficerDuty.to_on, day)
    mentor_on = in_force(_MentorDuty.from_on, _MentorDuty.to_on, day)
    return (
        select(
            Group.id,
            Group.code,
            Group.name,
            Unit.code,
            Group.kelurahan,
            Region.name,
            Group.weekday,
            Group.time,
            Group.place,
            _Officer.username,
            _Officer.name,
            _Mentor.username,
            _Mentor.name,
            _Leader.id,
            _Leader.name,
            size,
            next_meeting,
        )
        .join(Unit, Unit.id == Group.unit_id)
        .join(Region, Region.code == Group.kelurahan)
        .outerjoin(_OfficerDuty, and_(_OfficerDuty.group_id == Group.id, _OfficerDuty.duty == Duty.OFFICER, officer_on))
        .outerjoin(_Officer, _Officer.id == _OfficerDuty.user_id)
        .outerjoin(_MentorDuty, and_(_MentorDuty.group_id == Group.id, _MentorDuty.duty == Duty.MENTOR, mentor_on))
        .outerjoin(_Mentor, _Mentor.id == _MentorDuty.user_id)
        .outerjoin(Leadership, and_(Leadership.group_id == Group.id, in_force(Leadership.from_on, Leadership.to_on, day)))
        .outerjoin(_Leader, _Leader.id == Leadership.member_id)
        .where(sees_group(by))
    )
