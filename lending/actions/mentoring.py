"""Logging a mentoring visit: what was found, what was agreed, and what became of what was agreed before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from lending import clock
from lending.actions.audit import note
from lending.actions.once import canonical_hash, hold, plain
from lending.database import lock, session, transaction
from lending.domain.access import Actor, Permission
from lending.domain.mentoring import ActionOwner, ActionState, NewVisit, VisitTrigger, check_visit
from lending.domain.refusals import Conflict, NotFound, Refusal, Warned
from lending.models import ActionOutcome, Membership, Visit, VisitAction, VisitMember
from lending.queries.mentoring import overdue_unmentioned, settled_among
from lending.queries.scope import in_force, require_group, sees_member


@dataclass(frozen=True)
class ActionKept:
    """An agreed action with the id by which a later visit follows it."""

    id: int
    what: str
    owner: ActionOwner
    due: date
    state: ActionState


@dataclass(frozen=True)
class VisitKept:
    """The visit is kept; `replay` when it had been before, and then the rest is what was answered then."""

    replay: bool
    actions: tuple[ActionKept, ...]
    warnings: tuple[Warned, ...]


def log_visit(uuid: str, new: NewVisit, by: Actor) -> VisitKept:
    """Keep a visit, once, however often it is sent; its author, group and actions then stand.

    Refused: `key_reused` (the uuid with another body, or somebody else's), `not_found` (group, a woman who never belonged to it, an action
    of another group), `already_settled` (409), `nobody_visited` (neither a group nor women of one group), what `check_visit` refuses,
    `action_unknown` (an action agreed after this visit). Warned: `open_actions_not_followed` (overdue actions that it leaves unmentioned).
    """
    by.require(Permission.LOG_VISITS)
    body = plain(new)
    body_hash = canonical_hash(body)
    with transaction():
        hold(uuid)
        known = session.get(Visit, uuid)
        if known is not None:
            return _again(known, body_hash, by)
        group = require_group(by, _group_of(new, by))
        _check_members(group.id, new.members)
        followed = _check_followed(group.id, new)
        check_visit(new, by.today)
        _check_earlier(new, followed)
        warnings = _unfollowed(group.id, new)
        now = clock.now()
        session.add(
            Visit(
                uuid=uuid,
                unit_id=group.unit_id,
                group_id=group.id,
                author_id=by.user_id,
                on_day=new.on,
                place=new.place,
                trigger=new.trigger or VisitTrigger.PLANNED,
                topics=[topic.value for topic in new.topics],
                findings=new.findings,
                recorded_at=now,
                body=plain(replace(new, fix=new.fix.kept if new.fix else None)),
                body_hash=body_hash,
                answer={"warnings": [{"at": one.at, "code": one.code, "facts": plain(one.facts)} for one in warnings]},
            )
        )
        session.flush()
        session.add_all(VisitMember(visit_uuid=uuid, member_id=member_id) for member_id in dict.fromkeys(new.members))
        session.add_all(ActionOutcome(action_id=one.action, visit_uuid=uuid, outcome=one.outcome, on_day=new.on) for one in new.previous)
        agreed = [
            VisitAction(visit_uuid=uuid, group_id=group.id, what=action.what, owner=action.owner, due=action.due) for action in new.actions
        ]
        for action in agreed:  # one by one: their ids rise in the order in which they were said
            session.add(action)
            session.flush()
        note(by, "mentoring.log_visit", f"visit:{uuid}", at=now, after={"group": group.id, "on": new.on, "actions": len(agreed)})
        return VisitKept(False, _as_kept(agreed), warnings)


def _again(known: Visit, body_hash: str, by: Actor) -> VisitKept:
    """The first answer once more; nothing of it for anybody else or for another body."""
    if known.unit_id != by.unit_id:
        raise NotFound
    if known.author_id != by.user_id or known.body_hash != body_hash:
        raise Refusal("key_reused")
    agreed = session.scalars(select(VisitAction).where(VisitAction.visit_uuid == known.uuid).order_by(VisitAction.id)).all()
    warnings = tuple(Warned(one["at"], one["code"], one["facts"]) for one in known.answer["warnings"])
    return VisitKept(True, _as_kept(agreed), warnings)


def _as_kept(agreed: Sequence[VisitAction]) -> tuple[ActionKept, ...]:
    return tuple(ActionKept(action.id, action.what, action.owner, action.due, ActionState.OPEN) for action in agreed)


def _group_of(new: NewVisit, by: Actor) -> int:
    """The group visited: the one named, or the one to which all members visited belong that day."""
    if new.group is not None:
        return new.group
    question = select(Membership.member_id, Membership.group_id).where(
        Membership.member_id.in_(new.members), in_force(Membership.joined_on, Membership.left_on, new.on), sees_member(by)
    )
    groups = dict(session.execute(question).all())
    for place, member_id in enumerate(new.members):
        if member_id not in groups:
            raise NotFound(at=f"members.{place}")
    if len(set(groups.values())) != 1:
        raise Refusal("nobody_visited", at="group")
    return groups[new.members[0]]


def _check_members(group_id: int, members: Sequence[int]) -> None:
    question = select(Membership.member_id).where(Membership.group_id == group_id, Membership.member_id.in_(members))
    of_group = set(session.scalars(question))
    for place, member_id in enumerate(members):
        if member_id not in of_group:
            raise NotFound(at=f"members.{place}")


def _check_followed(group_id: int, new: NewVisit) -> dict[int, date]:
    """The day each followed action was agreed on, by its id; all of them of this group and not settled yet."""
    ids = [one.action for one in new.previous]
    lock(VisitAction.id, *ids)
    question = (
        select(VisitAction.id, Visit.on_day)
        .join(Visit, Visit.uuid == VisitAction.visit_uuid)
        .where(VisitAction.id.in_(ids), VisitAction.group_id == group_id)
    )
    agreed_on = dict(session.execute(question).all())
    for place, action_id in enumerate(ids):
        if action_id not in agreed_on:
            raise NotFound(at=f"previous.{place}.action")
    settled = settled_among(ids)
    for place, action_id in enumerate(ids):
        if action_id in settled:
            raise Conflict("already_settled", at=f"previous.{place}.action")
    return agreed_on


def _check_earlier(new: NewVisit, agreed_on: dict[int, date]) -> None:
    for place, one in enumerate(new.previous):
        if agreed_on[one.action] > new.on:
            raise Refusal("action_unknown", at=f"previous.{place}.action", on=agreed_on[one.action])


def _unfollowed(group_id: int, new: NewVisit) -> tuple[Warned, ...]:
    left = overdue_unmentioned(group_id, new.on, [one.action for one in new.previous])
    return (Warned("previous", "open_actions_not_followed", {"actions": left}),) if left else ()
