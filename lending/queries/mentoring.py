"""Mentoring, asked: which visits were made, what was agreed at them, and what has become of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from lending.database import session
from lending.domain.access import Actor, Permission
from lending.domain.mentoring import (
    SETTLING,
    ActionOwner,
    ActionState,
    Fix,
    Followed,
    Outcome,
    Topic,
    VisitPlace,
    VisitTrigger,
    action_state,
)
from lending.domain.refusals import NotFound
from lending.models import ActionOutcome, Group, Member, User, Visit, VisitAction, VisitMember
from lending.queries.admin import PAGE
from lending.queries.scope import as_of, sees_group


@dataclass(frozen=True)
class VisitListed:
    """A visit as lists show it; `by` is its author's user name."""

    uuid: str
    on: date
    by: str
    by_name: str
    group: int
    group_name: str
    members: tuple[int, ...]
    place: VisitPlace
    trigger: VisitTrigger
    topics: tuple[str, ...]
    findings: str
    recorded_at: datetime


@dataclass(frozen=True)
class ActionListed:
    """An agreed action as of a day: `days` it is overdue, 0 when it is not; `member` where one woman alone was visited."""

    id: int
    visit: str
    group: int
    group_name: str
    member: int | None
    member_name: str | None
    what: str
    owner: ActionOwner
    due: date
    days: int
    state: ActionState


@dataclass(frozen=True)
class Visited:
    """A woman who was visited."""

    id: int
    number: str
    name: str


@dataclass(frozen=True)
class FollowedUp:
    """An action of an earlier visit, and what this one found of it."""

    what: str
    owner: ActionOwner
    due: date
    outcome: Outcome


@dataclass(frozen=True)
class VisitDetail:
    """A visit with what was agreed at it, as that stands on the day asked about, and what it found of earlier actions."""

    about: VisitListed
    started_at: str
    ended_at: str | None
    fix: Fix | None
    actions: tuple[ActionListed, ...]
    previous: tuple[Followed, ...]


def topics() -> list[Topic]:
    """What a visit can be about."""
    return list(Topic)


def visits(
    by: Actor,
    *,
    group_id: int | None = None,
    member_id: int | None = None,
    author: str | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
    limit: int = PAGE,
    after: tuple[date, str] | None = None,
) -> list[VisitListed]:
    """The visits that `by` may see, newest first; `after` is the day and uuid of the last one seen already."""
    by.require(Permission.SEE_VISITS)
    question = _visits(by).order_by(Visit.on_day.desc(), Visit.uuid.desc()).limit(limit)
    if group_id is not None:
        question = question.where(Visit.group_id == group_id)
    if member_id is not None:
        question = question.where(Visit.uuid.in_(select(VisitMember.visit_uuid).where(VisitMember.member_id == member_id)))
    if author is not None:
        question = question.where(User.username == author)
    if from_on is not None:
        question = question.where(Visit.on_day >= from_on)
    if to_on is not None:
        question = question.where(Visit.on_day <= to_on)
    if after is not None:
        day, uuid = after
        question = question.where(or_(Visit.on_day < day, and_(Visit.on_day == day, Visit.uuid < uuid)))
    return _listed(session.execute(question).all())


def visit(by: Actor, uuid: str, *, on: date | None = None) -> VisitDetail:
    """One visit; `not_found` where she may not see it."""
    by.require(Permission.SEE_VISITS)
    day = as_of(by, on)
    found = session.execute(_visits(by).where(Visit.uuid == uuid)).one_or_none()
    if found is None:
        raise NotFound
    body: dict[str, Any] = found[0].body
    return VisitDetail(
        about=_listed([found])[0],
        started_at=body["started_at"],
        ended_at=body["ended_at"],
        fix=Fix(**body["fix"]) if body["fix"] else None,
        actions=tuple(
            _action(row, day) for row in session.execute(_actions(day).where(VisitAction.visit_uuid == uuid).order_by(VisitAction.id))
        ),
        previous=tuple(Followed(one["action"], Outcome(one["outcome"])) for one in body["previous"]),
    )


def visited(uuid: str) -> list[Visited]:
    """The women of a visit, by number; whether the visit is hers to see, the caller has asked."""
    question = (
        select(Member.id, Member.number, Member.name)
        .join(VisitMember, VisitMember.member_id == Member.id)
        .where(VisitMember.visit_uuid == uuid)
        .order_by(Member.number)
    )
    return [Visited(*row) for row in session.execute(question)]


def followed_up(uuid: str) -> list[FollowedUp]:
    """What a visit found of earlier actions, oldest due first; whether the visit is hers to see, the caller has asked."""
    question = (
        select(VisitAction.what, VisitAction.owner, VisitAction.due, ActionOutcome.outcome)
        .join(ActionOutcome, ActionOutcome.action_id == VisitAction.id)
        .where(ActionOutcome.visit_uuid == uuid)
        .order_by(VisitAction.due, VisitAction.id)
    )
    return [FollowedUp(*row) for row in session.execute(question)]


def actions(
    by: Actor,
    *,
    state: ActionState | None = None,
    group_id: int | None = None,
    member_id: int | None = None,
    on: date | None = None,
    limit: int = PAGE,
    after: tuple[date, int] | None = None,
) -> list[ActionListed]:
    """What was agreed, as it stands at the end of a day, oldest due first; `after` is the due day and id of the last one seen already."""
    by.require(Permission.SEE_VISITS)
    day = as_of(by, on)
    question = (
        _actions(day)
        .where(or_(sees_group(by), Visit.author_id == by.user_id), Visit.on_day <= day)
        .order_by(VisitAction.due, VisitAction.id)
        .limit(limit)
    )
    if state is not None:
        question = question.where(_is(state, day))
    if group_id is not None:
        question = question.where(VisitAction.group_id == group_id)
    if member_id is not None:
        question = question.where(VisitAction.visit_uuid.in_(select(VisitMember.visit_uuid).where(VisitMember.member_id == member_id)))
    if after is not None:
        due, action_id = after
        question = question.where(or_(VisitAction.due > due, and_(VisitAction.due == due, VisitAction.id > action_id)))
    return [_action(row, day) for row in session.execute(question)]


def overdue_unmentioned(group_id: int, on: date, mentioned: Sequence[int]) -> list[int]:
    """The group's actions that were due before that day, agreed by then, not settled, and not among those mentioned."""
    question = (
        select(VisitAction.id)
        .join(Visit, Visit.uuid == VisitAction.visit_uuid)
        .where(
            VisitAction.group_id == group_id,
            Visit.on_day <= on,
            VisitAction.due < on,
            _settled(None).is_(None),
            VisitAction.id.not_in(mentioned),
        )
        .order_by(VisitAction.id)
    )
    return list(session.scalars(question))


def settled_among(action_ids: Sequence[int]) -> set[int]:
    """Those of these actions that a visit has settled."""
    question = select(ActionOutcome.action_id).where(ActionOutcome.action_id.in_(action_ids), ActionOutcome.outcome.in_(SETTLING))
    return set(session.scalars(question))


def _visits(by: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(Visit, User.username, User.name, Group.name)
        .join(User, User.id == Visit.author_id)
        .join(Group, Group.id == Visit.group_id)
        .where(or_(sees_group(by), Visit.author_id == by.user_id))
    )


def _listed(rows: Sequence[Sequence[Any]]) -> list[VisitListed]:
    members: dict[str, list[int]] = {}
    question = select(VisitMember.visit_uuid, VisitMember.member_id).where(VisitMember.visit_uuid.in_([row[0].uuid for row in rows]))
    for uuid, member_id in session.execute(question.order_by(VisitMember.member_id)):
        members.setdefault(uuid, []).append(member_id)
    return [
        VisitListed(
            uuid=one.uuid,
            on=one.on_day,
            by=username,
            by_name=name,
            group=one.group_id,
            group_name=group_name,
            members=tuple(members.get(one.uuid, ())),
            place=one.place,
            trigger=one.trigger,
            topics=tuple(one.topics),
            findings=one.findings,
            recorded_at=one.recorded_at,
        )
        for one, username, name, group_name in rows
    ]


def _settled(by_day: date | None) -> ColumnElement[Outcome | None]:
    """What settled `VisitAction` by that day (None: at all), as a column; NULL while it is open. At most one visit can have."""
    question = select(ActionOutcome.outcome).where(ActionOutcome.action_id == VisitAction.id, ActionOutcome.outcome.in_(SETTLING))
    if by_day is not None:
        question = question.where(ActionOutcome.on_day <= by_day)
    return question.correlate(VisitAction).scalar_subquery()


def _is(state: ActionState, day: date) -> ColumnElement[bool]:
    settled = _settled(day)
    match state:
        case ActionState.OPEN:
            return and_(settled.is_(None), VisitAction.due >= day)
        case ActionState.OVERDUE:
            return and_(settled.is_(None), VisitAction.due < day)
        case ActionState.DONE | ActionState.DROPPED:
            return settled == Outcome(state.value)


def _actions(day: date) -> Select[*tuple[Any, ...]]:
    def alone(what: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
        only = select(case((func.count() == 1, func.max(what)))).select_from(VisitMember).join(Member, Member.id == VisitMember.member_id)
        return only.where(VisitMember.visit_uuid == VisitAction.visit_uuid).correlate(VisitAction).scalar_subquery()

    return (
        select(VisitAction, Group.name, alone(Member.id), alone(Member.name), _settled(day))
        .join(Visit, Visit.uuid == VisitAction.visit_uuid)
        .join(Group, Group.id == VisitAction.group_id)
    )


def _action(row: Sequence[Any], day: date) -> ActionListed:
    action, group_name, member, member_name, settled = row
    state = action_state(settled, action.due, day)
    days = (day - action.due).days if state is ActionState.OVERDUE else 0
    return ActionListed(
        id=action.id,
        visit=action.visit_uuid,
        group=action.group_id,
        group_name=group_name,
        member=member,
        member_name=member_name,
        what=action.what,
        owner=action.owner,
        due=action.due,
        days=days,
        state=state,
    )
