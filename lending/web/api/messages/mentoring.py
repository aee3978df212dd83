"""A mentoring visit, what was agreed at it, and what became of that."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, field

from lending.domain.mentoring import ActionOwner, ActionState, Outcome, Topic, VisitPlace, VisitTrigger
from lending.web.api.messages.collection import Fix
from lending.web.api.messages.fields import Answer, AsOf, Body, Day, Id, Maybe, Moment, Name, Note, Question, Warned, Words


class TopicListed(Answer, frozen=True, kw_only=True):
    """What a visit can be about."""

    code: str
    name: str


class NewAction(Body, frozen=True, kw_only=True):
    """Something agreed: what, who does it, until when."""

    what: Words
    owner: ActionOwner
    due: Day


class Followed(Body, frozen=True, kw_only=True):
    """What became of an action of an earlier visit."""

    action: Id
    outcome: Outcome


class VisitSent(Body, frozen=True, kw_only=True):
    """A visit as its author recorded it; at most three actions."""

    on: Day
    started_at: Moment
    place: VisitPlace
    members: list[Id]
    topics: list[Topic]
    findings: Note
    actions: list[NewAction]
    previous: list[Followed]
    ended_at: Maybe[Moment] = UNSET
    group: Maybe[Id] = UNSET
    trigger: Maybe[VisitTrigger] = UNSET
    fix: Maybe[Fix] = UNSET


class Action(Answer, frozen=True, kw_only=True):
    """An agreed action and where it stands."""

    id: Id
    what: str
    owner: ActionOwner
    due: date
    state: str


class VisitKept(Answer, frozen=True, kw_only=True):
    """The visit is kept; sent again, the same answer with `replay` true."""

    kept: bool
    replay: bool
    actions: list[Action]
    warnings: list[Warned]


class VisitsAsked(Question, frozen=True, kw_only=True):
    """Which visits: to a group or a member, by whom, between which days."""

    group: Maybe[Id] = UNSET
    member: Maybe[Id] = UNSET
    by: Maybe[Name] = UNSET
    since: Maybe[Day] = field(name="from", default=UNSET)
    until: Maybe[Day] = field(name="to", default=UNSET)


class VisitListed(Answer, frozen=True, kw_only=True):
    """A visit as lists show it."""

    uuid: str
    on: date
    by: str
    group: Id
    members: list[Id]
    place: VisitPlace
    trigger: VisitTrigger
    topics: list[str]
    findings: str


class Photo(Answer, frozen=True, kw_only=True):
    """A picture of the visit, under the id it was sent with."""

    id: str


class PhotoKept(Photo, frozen=True, kw_only=True):
    """The picture is kept; sent again, the same answer."""

    warnings: list[Warned]


class PhotoAsked(Question, frozen=True, kw_only=True):
    """How large: `thumb` is at most 320 pixels wide and high, without it 1,600."""

    size: Maybe[Literal["thumb"]] = UNSET


class Visit(VisitListed, frozen=True, kw_only=True):
    """A visit with all that was agreed at it."""

    started_at: str
    ended_at: str | None
    recorded_at: datetime
    fix: Fix | None
    actions: list[Action]
    previous: list[Followed]
    photos: list[Photo]


class ActionsAsked(AsOf, frozen=True, kw_only=True):
    """Which actions, as of the end of a day."""

    state: Maybe[ActionState] = UNSET
    group: Maybe[Id] = UNSET
    member: Maybe[Id] = UNSET


class ActionListed(Answer, frozen=True, kw_only=True):
    """An agreed action; `days` is how long it is overdue, 0 when it is not."""

    id: Id
    visit: str
    group: Id
    member: Id | None
    what: str
    owner: ActionOwner
    due: date
    days: Annotated[int, Meta(ge=0)]
    state: str
