"""Groups, who serves and leads them, and their calendars."""

from collections.abc import Iterable

from msgspec import UNSET
from msgspec.structs import asdict

from lending.actions import calendars as calendar_acts
from lending.actions import groups as acts
from lending.actions import reassigning
from lending.actions.replanning import CalendarChange
from lending.domain import refusals
from lending.domain.access import Actor, Permission
from lending.domain.refusals import Refusal
from lending.queries import calendars
from lending.queries import groups as questions
from lending.queries.groups import GroupDetail, GroupListed
from lending.web.api.door import Column
from lending.web.api.messages import groups as messages
from lending.web.api.messages.admin import DryRun
from lending.web.api.messages.fields import AsOf, Page, or_none
from lending.web.api.paging import Window
from lending.web.api.said import warned
from lending.web.api.shapes import needed

column = Column("groups", "Groups, who serves and leads them, and their calendars")


@column.call("GET", "/groups", needs=Permission.SEE_GROUPS)
def list_groups(by: Actor, asked: messages.GroupsAsked, window: Window) -> Page[messages.GroupListed]:
    """The groups that she may see, by id, as of the end of a day."""
    rows = questions.groups(by, on=or_none(asked.on), officer=or_none(asked.officer), limit=window.fetch, after_id=window.after_id)
    return window.page([_listed(row) for row in rows], lambda group: (group.id,))


@column.call("POST", "/groups", needs=Permission.MANAGE_GROUPS, status=201)
def form_group(by: Actor, body: messages.NewGroup) -> messages.GroupKept:
    """Form a group and lay out its first sixty meetings."""
    new = acts.NewGroup(body.name, body.kelurahan, body.weekday, body.time, body.place, body.officer, body.first_meeting)
    formed = acts.form_group(new, by)
    return _kept(by, formed.id, formed.warnings)


@column.call("GET", "/groups/{id}", needs=Permission.SEE_GROUPS)
def get_group(by: Actor, group: int, asked: AsOf) -> messages.Group:
    """A group with its women, as of the end of a day."""
    found = questions.group(by, group, on=or_none(asked.on))
    return messages.Group(**asdict(_listed(found.about)), members=_members(found))


@column.call("GET", "/groups/{id}/members", needs=Permission.SEE_GROUPS)
def list_group_members(by: Actor, group: int, asked: AsOf, window: Window) -> Page[messages.GroupMember]:
    """The women of a group as of the end of a day, by sub-group and name."""
    members = _members(questions.group(by, group, on=or_none(asked.on)))
    return window.cut(members, lambda member: (member.sub_group, member.name, member.id))


@column.call("GET", "/groups/{id}/calendar", needs=Permission.SEE_GROUPS)
def calendar(by: Actor, group: int) -> Page[messages.PlannedMeeting]:
    """The group's whole calendar, first meeting first; it always comes whole."""
    rows = [
        messages.PlannedMeeting(
            id=row.id, seq=row.seq, planned_on=row.planned_on, original_on=row.original_on, state=row.state.value, reason=row.reason
        )
        for row in calendars.calendar(by, group)
    ]
    return Page(items=rows, next=None)


@column.call("POST", "/groups/{id}/move", needs=Permission.MOVE_MEETINGS)
def move(by: Actor, group: int, body: messages.NewMove, asked: DryRun) -> messages.Moved:
    """Put one meeting on another day, or a meeting and all after it some weeks later. Due dates follow; no amount changes.

    With `?dry_run=1` it only tells what would change. The officer moves one meeting by up to seven days, the head any.
    """
    if body.from_seq is UNSET and body.weeks is UNSET:
        seq, to = needed(body.seq, "seq"), needed(body.to, "to")
        return moved(calendar_acts.move_meeting(group, seq, to, body.reason, by, dry_run=asked.dry_run))
    if not (body.seq is UNSET and body.to is UNSET):
        raise Refusal("shape", status=400, at="seq" if body.to is UNSET else "to")
    from_seq, weeks = needed(body.from_seq, "from_seq"), needed(body.weeks, "weeks")
    return moved(calendar_acts.shift_meetings(group, from_seq, weeks, body.reason, by, dry_run=asked.dry_run))


@column.call("POST", "/groups/{id}/moves/{move}/undo", needs=Permission.MOVE_MEETINGS)
def undo_move(by: Actor, group: int, move: int, body: messages.MoveUndone) -> messages.Moved:
    """Take a move back: every meeting of it returns to the day it stood on."""
    return moved(calendar_acts.undo_move(group, move, body.reason, by))


@column.call("POST", "/groups/{id}/leader", needs=Permission.MANAGE_GROUPS)
def name_leader(by: Actor, group: int, body: messages.NewLeader) -> messages.GroupKept:
    """Name the woman who leads the group, from a day on."""
    acts.name_leader(group, body.member, by, from_on=body.since)
    return _kept(by, group, ())


@column.call("POST", "/groups/{id}/officer", needs=Permission.ASSIGN_STAFF)
def assign_officer(by: Actor, group: int, body: messages.NewServant) -> messages.GroupKept:
    """Give the group to another officer of the unit, from the beginning of a day."""
    acts.assign_officer(group, body.officer, by, from_on=body.since, reason=body.reason)
    return _kept(by, group, ())


@column.call("POST", "/groups/{id}/mentor", needs=Permission.ASSIGN_STAFF)
def assign_mentor(by: Actor, group: int, body: messages.NewMentor) -> messages.GroupKept:
    """Give the group a mentor of its own; until then its officer mentors."""
    acts.assign_mentor(group, body.mentor, by, from_on=body.since, reason=body.reason)
    return _kept(by, group, ())


@column.call("POST", "/users/{name}/reassign", needs=Permission.ASSIGN_STAFF)
def reassign(by: Actor, name: str, body: messages.Reassignment) -> messages.Reassigned:
    """Give the groups that an officer serves on the day `from` to another officer of the unit: all of them, or those named.

    With `until`, the last day of the substitute, they come back on the day after. Open sessions obey it from the first request of that
    day. All of it or nothing (`given_from`: a group goes to somebody else before `until` is over); the same again changes nothing.
    """
    now = reassigning.reassign(
        name, body.to, by, from_on=body.since, until=or_none(body.until), group_ids=or_none(body.groups), reason=body.reason
    )
    return messages.Reassigned(
        officer=now.officer,
        to=now.to,
        since=now.from_on,
        until=now.until,
        groups=[messages.GroupGiven(id=one.id, code=one.code, name=one.name) for one in now.groups],
        warnings=warned(now.warnings),
    )


def moved(change: CalendarChange) -> messages.Moved:
    """What changed, or would, as programs read it."""
    return messages.Moved(
        dry_run=change.dry_run,
        move=change.move_id,
        meetings=[
            messages.MovedMeeting(group=one.group_id, id=one.meeting_id, seq=one.seq, before=one.from_on, after=one.to_on)
            for one in change.meetings
        ],
        loans=[
            messages.MovedLoan(
                id=loan.loan_id, dues=[messages.MovedDue(number=due.number, before=due.from_on, after=due.to_on) for due in loan.dues]
            )
            for loan in change.loans
        ],
    )


def _kept(by: Actor, group_id: int, doubts: Iterable[refusals.Warned]) -> messages.GroupKept:
    found = questions.group(by, group_id)
    return messages.GroupKept(**asdict(_listed(found.about)), members=_members(found), warnings=warned(doubts))


def _listed(row: GroupListed) -> messages.GroupListed:
    return messages.GroupListed(
        id=row.id,
        code=row.code,
        name=row.name,
        unit=row.unit,
        kelurahan=row.kelurahan,
        weekday=row.weekday,
        time=row.time,
        place=row.place,
        officer=row.officer,
        mentor=row.mentor,
        leader=row.leader,
    )


def _members(found: GroupDetail) -> list[messages.GroupMember]:
    return [
        messages.GroupMember(
            id=one.id,
            number=one.number,
            name=one.name,
            sub_group=one.sub_group,
            role=one.role.value,
            joined_on=one.joined_on,
            loan=one.loan,
        )
        for one in found.members
    ]
