"""Groups, their women by name, and their calendar."""

from datetime import date
from typing import Annotated

from msgspec import UNSET, Meta, field

from lending.web.api.messages.fields import (
    Answer,
    AsOf,
    Body,
    Count,
    Day,
    Hour,
    Id,
    Maybe,
    Name,
    Place,
    Typed,
    Warned,
    Words,
    either,
)


class NewGroup(Body, frozen=True, kw_only=True):
    """A group to be formed. `weekday` 1 Monday … 6 Saturday; `officer` a user name; `first_meeting` on that weekday, today or later."""

    name: Name
    kelurahan: Typed
    weekday: Count
    time: Hour
    place: Place
    officer: Name
    first_meeting: Day


class GroupListed(Answer, frozen=True, kw_only=True):
    """A group as lists show it; `leader` is a member's id."""

    id: Id
    code: str
    name: str
    unit: str
    kelurahan: str
    weekday: int
    time: str
    place: str
    officer: str | None
    mentor: str | None
    leader: Id | None


class GroupMember(Answer, frozen=True, kw_only=True):
    """A woman of a group; `role` is leader or member, `loan` the id of her running loan."""

    id: Id
    number: str
    name: str
    sub_group: int
    role: str
    joined_on: date
    loan: Id | None


class Group(GroupListed, frozen=True, kw_only=True):
    """A group with its women, as of a day."""

    members: list[GroupMember]


class GroupsAsked(AsOf, frozen=True, kw_only=True):
    """Which groups: of one officer, or all that she may see."""

    officer: Maybe[Name] = UNSET


class PlannedMeeting(Answer, frozen=True, kw_only=True):
    """One meeting of the calendar; `original_on` is the day it was first laid out for, `reason` what took it off that day."""

    id: Id
    seq: int
    planned_on: date
    original_on: date
    state: str
    reason: str | None


class Shift(Body, frozen=True, kw_only=True):
    """Either one meeting to another day (`seq`, `to`), or a meeting and all after it by whole weeks (`from_seq`, `weeks`)."""

    reason: Words
    seq: Maybe[Count] = UNSET
    to: Maybe[Day] = UNSET
    from_seq: Maybe[Count] = UNSET
    weeks: Maybe[Count] = UNSET


NewMove = Annotated[Shift, Meta(extra_json_schema={"oneOf": either(("seq", "to"), ("from_seq", "weeks"))})]


class MovedMeeting(Answer, frozen=True, kw_only=True):
    """A meeting's old and new day."""

    group: Id
    id: Id
    seq: int
    before: date = field(name="from")
    after: date = field(name="to")


class MovedDue(Answer, frozen=True, kw_only=True):
    """An instalment's old and new due date."""

    number: int
    before: date = field(name="from")
    after: date = field(name="to")


class MovedLoan(Answer, frozen=True, kw_only=True):
    """A loan whose dates follow."""

    id: Id
    dues: list[MovedDue]


class Moved(Answer, frozen=True, kw_only=True):
    """What changed, or with `dry_run` would change; `move` is the id to undo it by, null where nothing was stored."""

    dry_run: bool
    move: Id | None
    meetings: list[MovedMeeting]
    loans: list[MovedLoan]


class MoveUndone(Body, frozen=True, kw_only=True):
    """Why a move is taken back."""

    reason: Words


class NewLeader(Body, frozen=True, kw_only=True):
    """Who leads the group, from which day on."""

    member: Id
    since: Day = field(name="from")


class NewServant(Body, frozen=True, kw_only=True):
    """Which officer serves the group, from which day on, and why."""

    officer: Name
    since: Day = field(name="from")
    reason: Words


class NewMentor(Body, frozen=True, kw_only=True):
    """Who mentors the group, from which day on, and why."""

    mentor: Name
    since: Day = field(name="from")
    reason: Words


class Reassignment(Body, frozen=True, kw_only=True):
    """Who gets the groups, from which day on and why; `until`, the last day after which they come back; `groups`, when not all of them."""

    to: Name
    since: Day = field(name="from")
    until: Maybe[Day] = UNSET
    groups: Maybe[Annotated[list[Id], Meta(min_length=1, max_length=500)]] = UNSET
    reason: Words


class GroupGiven(Answer, frozen=True, kw_only=True):
    """A group that is given."""

    id: Id
    code: str
    name: str


class Reassigned(Answer, frozen=True, kw_only=True):
    """Whose groups go to whom, from which day on; `until` is null where they do not come back by themselves."""

    officer: str
    to: str
    since: date = field(name="from")
    until: date | None
    groups: list[GroupGiven]
    warnings: list[Warned]


class GroupKept(Group, frozen=True, kw_only=True):
    """A group as it stands after the change, and what was doubtful in it."""

    warnings: list[Warned]
