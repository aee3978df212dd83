"""Forming a group, and saying who leads it and who serves it."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select

from lending import clock
from lending.actions.audit import note
from lending.actions.replanning import FIRST_LAID_OUT, add_meetings
from lending.database import lock, session, transaction
from lending.domain.access import Actor, Permission, Role
from lending.domain.calendar import SUNDAY, lay_out
from lending.domain.groups import FIRST_HOUR, LAST_HOUR, Duty
from lending.domain.identity import check_name
from lending.domain.refusals import Conflict, Gathered, NotAllowed, NotFound, Refusal, Warned
from lending.models import Assignment, Group, Leadership, Membership, Unit, User
from lending.queries.admin import holiday_calendar, knows_region, serves
from lending.queries.scope import require_group

NOT_OF_DUTY = {Duty.OFFICER: "not_an_officer", Duty.MENTOR: "not_a_mentor"}

_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


@dataclass(frozen=True)
class NewGroup:
    """A group to be formed: `kelurahan` is a code, `weekday` 1 Monday … 6 Saturday, `time` as `09:00`, `officer` a user name."""

    name: str
    kelurahan: str
    weekday: int
    time: str
    place: str
    officer: str
    first_meeting: date


@dataclass(frozen=True)
class Formed:
    """A new group with its code, such as `JMB-0007`."""

    id: int
    code: str
    warnings: tuple[Warned, ...]


def form_group(new: NewGroup, by: Actor, *, imported: bool = False, once: bool = False) -> Formed:
    """Form a group of her unit and lay out its first sixty meetings; an officer forms it for herself, the head for any officer.

    Refused: `not_found` (no such officer in the unit), `not_yours` (403, another's group), `not_an_officer`, `kelurahan_unknown`,
    `kelurahan_not_served`, `unlawful_day` (Sunday), `hour_format`, `wrong_weekday`, `in_the_past` (a first meeting before today, unless
    the group is imported), `name_characters`, `name_length`; with `once`, for a page's button that is pressed twice, `group_taken` (409,
    the unit has a group of that name at that hour and place). Warned: `unlawful_hour` (before 08:00 or after 20:00).
    """
    by.require(Permission.MANAGE_GROUPS)
    unit_id, unit_code = _unit_of(by)
    with transaction():
        officer = member_of_staff(new.officer, by, at="officer")
        if by.role is Role.OFFICER and officer.id != by.user_id:
            raise NotAllowed("not_yours", at="officer")
        name, warnings = _check_group(new, unit_id, officer, by, imported=imported)
        lock(Unit.id, unit_id)
        if once:
            _check_first(new, name, unit_id)
        number = 1 + (session.scalar(select(func.count()).where(Group.unit_id == unit_id)) or 0)
        group = Group(
            unit_id=unit_id,
            code=f"{unit_code}-{number:04}",
            name=name,
            kelurahan=new.kelurahan,
            weekday=new.weekday,
            time=new.time,
            place=new.place,
        )
        session.add(group)
        session.flush()
        from_on = min(by.today, new.first_meeting)
        session.add(Assignment(group_id=group.id, user_id=officer.id, duty=Duty.OFFICER, from_on=from_on))
        add_meetings(group.id, lay_out(new.first_meeting, FIRST_LAID_OUT, holiday_calendar()))
        after = {"name": name, "kelurahan": new.kelurahan, "officer": new.officer, "first_meeting": new.first_meeting}
        note(by, "groups.form_group", f"group:{group.id}", at=clock.now(), after=after)
        return Formed(group.id, group.code, warnings)


def name_leader(group_id: int, member_id: int, by: Actor, *, from_on: date | None = None) -> None:
    """Name the woman who leads the group from that day on, by default today; naming her again changes nothing.

    Refused: `not_found` (group or member, or a woman of another group), `before_joining`, `out_of_order` (before the present leader).
    """
    by.require(Permission.MANAGE_GROUPS)
    first = from_on or by.today
    with transaction():
        require_group(by, group_id)
        lock(Group.id, group_id)
        joined_on = session.scalar(
            select(Membership.joined_on).where(
                Membership.group_id == group_id,
                Membership.member_id == member_id,
                Membership.left_on.is_(None) | (Membership.left_on > first),
            )
        )
        if joined_on is None:
            raise NotFound(at="member")
        if joined_on > first:
            raise Refusal("before_joining", at="from", on=joined_on)
        last = session.scalar(
            select(Leadership).where(Leadership.group_id == group_id).order_by(Leadership.from_on.desc(), Leadership.id.desc()).limit(1)
        )
        still = last is not None and (last.to_on is None or last.to_on > first)
        if last is not None and still and last.member_id == member_id:
            return
        if last is not None and first < last.from_on:
            raise Refusal("out_of_order", at="from", after=last.from_on)
        before = {"member": last.member_id} if last is not None and still else None
        if last is not None and still:
            last.to_on = first
        session.add(Leadership(group_id=group_id, member_id=member_id, from_on=first))
        note(by, "groups.name_leader", f"group:{group_id}", at=clock.now(), before=before, after={"member": member_id, "from": first})


def assign_officer(group_id: int, officer: str, by: Actor, *, from_on: date | None = None, reason: str) -> None:
    """Give the group to another officer of the unit, from the beginning of that day, by default today.

    Refused: `not_found`, `not_an_officer`, `in_the_past`, `out_of_order` (before the present one), `reason_needed`.
    """
    _assign(group_id, officer, Duty.OFFICER, by, from_on=from_on, reason=reason)


def assign_mentor(group_id: int, mentor: str, by: Actor, *, from_on: date | None = None, reason: str) -> None:
    """Give the group a mentor of its own; until then its officer mentors. Refused as for `assign_officer`, but `not_a_mentor`."""
    _assign(group_id, mentor, Duty.MENTOR, by, from_on=from_on, reason=reason)


def _assign(group_id: int, username: str, duty: Duty, by: Actor, *, from_on: date | None, reason: str) -> None:
    by.require(Permission.ASSIGN_STAFF)
    first = from_on or by.today
    with transaction():
        require_group(by, group_id)
        person = member_of_staff(username, by, at=duty.value)
        lock(Group.id, group_id)
        found = Gathered()
        with found:
            if person.role.value != duty.value or not person.active:
                raise Refusal(NOT_OF_DUTY[duty], at=duty.value, username=username)
        with found:
            if first < by.today:
                raise Refusal("in_the_past", at="from", on=first)
        with found:
            if not reason.strip():
                raise Refusal("reason_needed", at="reason")
        found.refuse()
        last = session.scalar(
            select(Assignment)
            .where(Assignment.group_id == group_id, Assignment.duty == duty)
            .order_by(Assignment.from_on.desc(), Assignment.id.desc())
            .limit(1)
        )
        if last is not None and first < last.from_on:
            raise Refusal("out_of_order", at="from", after=last.from_on)
        if last is not None and last.user_id == person.id:
            return
        if last is not None:
            last.to_on = first
        session.add(Assignment(group_id=group_id, user_id=person.id, duty=duty, from_on=first, reason=reason))
        before = {duty.value: last.user_id} if last is not None else None
        after = {duty.value: username, "from": first}
        note(by, f"groups.assign_{duty.value}", f"group:{group_id}", at=clock.now(), before=before, after=after, reason=reason)


def _unit_of(by: Actor) -> tuple[int, str]:
    if by.unit_id is None or by.unit_code is None:
        raise NotAllowed("not_allowed", role=by.role.value)
    return by.unit_id, by.unit_code


def member_of_staff(username: str, by: Actor, *, at: str | None) -> User:
    """Somebody of the unit of `by`, held: she is not shut out or moved (actions/people.py) meanwhile. Refused: `not_found`."""
    person = session.scalar(select(User).where(User.username == username, User.unit_id == by.unit_id).with_for_update(read=True))
    if person is None:
        raise NotFound(at=at)
    return person


def _check_first(new: NewGroup, name: str, unit_id: int) -> None:
    same = (Group.name == name, Group.weekday == new.weekday, Group.time == new.time, Group.place == new.place)
    if session.scalar(select(exists().where(Group.unit_id == unit_id, *same))):
        raise Conflict("group_taken", at="name")


def _check_group(new: NewGroup, unit_id: int, officer: User, by: Actor, *, imported: bool) -> tuple[str, tuple[Warned, ...]]:
    """Its name as it will be stored, if the rest makes sense, and what is doubtful."""
    found = Gathered()
    with found:
        name = check_name(new.name)
    with found:
        if officer.role is not Role.OFFICER or not officer.active:
            raise Refusal(NOT_OF_DUTY[Duty.OFFICER], at="officer", username=new.officer)
    with found:
        if not knows_region(new.kelurahan, "kelurahan"):
            raise Refusal("kelurahan_unknown", at="kelurahan", kelurahan=new.kelurahan)
        if not serves(unit_id, new.kelurahan):
            raise Refusal("kelurahan_not_served", at="kelurahan", kelurahan=new.kelurahan)
    with found:
        if not 1 <= new.weekday < SUNDAY:
            raise Refusal("unlawful_day", at="weekday")
        if new.first_meeting.isoweekday() != new.weekday:
            raise Refusal("wrong_weekday", at="first_meeting", on=new.first_meeting)
    with found:
        if new.first_meeting < by.today and not imported:
            raise Refusal("in_the_past", at="first_meeting", on=new.first_meeting)
    with found:
        if _TIME.fullmatch(new.time) is None:
            raise Refusal("hour_format", at="time")
    found.refuse()
    late = not FIRST_HOUR <= new.time <= LAST_HOUR
    return name, (Warned("time", "unlawful_hour", {"first": FIRST_HOUR, "last": LAST_HOUR}),) if late else ()
