"""Which rows are hers: one condition a role, used by every question and every act that touches a group's rows.

What lies outside is *not there* (404), the same answer as for an id that never existed (invariant I18).
"""

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from lending.database import session
from lending.domain.access import Actor, Role
from lending.domain.groups import Duty
from lending.domain.refusals import NotFound, Refusal
from lending.models import Assignment, Group, Leadership, Member, Membership

Day = date | ColumnElement[date]
"""A day, or a place for one in a statement that is built once and asked of many days."""


def in_force(from_on: InstrumentedAttribute[date], to_on: InstrumentedAttribute[date | None], on: Day) -> ColumnElement[bool]:
    """Whether a dated row holds on that day: from its first day, until the day before the next one's first."""
    return and_(from_on <= on, or_(to_on.is_(None), to_on > on))


def _served(by: Actor, duty: Duty) -> Select[int]:
    return select(Assignment.group_id).where(
        Assignment.user_id == by.user_id, Assignment.duty == duty, in_force(Assignment.from_on, Assignment.to_on, by.today)
    )


def sees_group(by: Actor) -> ColumnElement[bool]:
    """The condition on `Group` that keeps what `by` may see today: her groups, the group she leads, her unit's, or every one."""
    match by.role:
        case Role.OFFICER:
            return and_(Group.unit_id == by.unit_id, Group.id.in_(_served(by, Duty.OFFICER)))
        case Role.MENTOR:
            return and_(Group.unit_id == by.unit_id, Group.id.in_(_served(by, Duty.MENTOR)))
        case Role.LEADER:
            led = select(Leadership.group_id).where(
                Leadership.member_id == by.member_id, in_force(Leadership.from_on, Leadership.to_on, by.today)
            )
            return and_(Group.unit_id == by.unit_id, Group.id.in_(led))
        case Role.HEAD | Role.CASHIER:
            return Group.unit_id == by.unit_id
        case Role.AUDITOR:
            return true()
        case Role.ADMIN | Role.CITY:
            return false()


def sees_member(by: Actor) -> ColumnElement[bool]:
    """The condition on `Membership` that keeps women of groups that `by` may see, members still or not."""
    return Membership.group_id.in_(select(Group.id).where(sees_group(by)))


def as_of(by: Actor, on: date | None) -> date:
    """The day a question is about: today when nobody says; a day that has not come is refused (`future_date`)."""
    if on is not None and on > by.today:
        raise Refusal("future_date", at="on", today=by.today)
    return on or by.today


def require_group(by: Actor, group_id: int) -> Group:
    """The group, if it is hers; otherwise `not_found`."""
    group = session.scalar(select(Group).where(Group.id == group_id, sees_group(by)))
    if group is None:
        raise NotFound
    return group


def require_member(by: Actor, member_id: int) -> Member:
    """The member, if she is or was of a group that is hers; otherwise `not_found`."""
    hers = select(Membership.member_id).where(sees_member(by))
    member = session.scalar(select(Member).where(Member.id == member_id, Member.id.in_(hers)))
    if member is None:
        raise NotFound
    return member
