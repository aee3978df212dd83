"""Mentoring visits: logged, told again, and what became of what was agreed."""

from datetime import date

from msgspec.structs import asdict

from lending.actions import mentoring as acts
from lending.actions import photos as photo_acts
from lending.domain import mentoring as rules
from lending.domain.access import Actor, Permission
from lending.domain.refusals import Warned
from lending.queries import mentoring as questions
from lending.queries import photos
from lending.queries.mentoring import ActionListed, VisitListed
from lending.web.api.door import Column, Paper
from lending.web.api.messages import mentoring as messages
from lending.web.api.messages.collection import Fix
from lending.web.api.messages.fields import AsOf, Page, Uuid, or_none
from lending.web.api.paging import Window
from lending.web.api.said import named, warned
from lending.web.api.uploads import PhotoSent

column = Column("mentoring", "Mentoring visits and what was agreed at them")


@column.call("GET", "/topics", needs=(Permission.LOG_VISITS, Permission.SEE_VISITS))
def list_topics(by: Actor) -> Page[messages.TopicListed]:
    """What a visit can be about."""
    return Page(items=[messages.TopicListed(code=topic.value, name=named(topic)) for topic in questions.topics()], next=None)


@column.call("PUT", "/visits/{uuid}", needs=Permission.LOG_VISITS, status=(201, 200))
def put_visit(by: Actor, uuid: Uuid, body: messages.VisitSent) -> tuple[messages.VisitKept, int]:
    """Keep a visit. The same body again is 200 with the same answer."""
    kept = acts.log_visit(uuid, _visit(body), by)
    actions = [messages.Action(id=one.id, what=one.what, owner=one.owner, due=one.due, state=one.state.value) for one in kept.actions]
    return messages.VisitKept(kept=True, replay=kept.replay, actions=actions, warnings=warned(kept.warnings)), 200 if kept.replay else 201


@column.call("GET", "/visits", needs=Permission.SEE_VISITS)
def list_visits(by: Actor, asked: messages.VisitsAsked, window: Window) -> Page[messages.VisitListed]:
    """The visits that she may see, newest first."""
    rows = questions.visits(
        by,
        group_id=or_none(asked.group),
        member_id=or_none(asked.member),
        author=or_none(asked.by),
        from_on=or_none(asked.since),
        to_on=or_none(asked.until),
        limit=window.fetch,
        after=window.after_key(date, str),
    )
    return window.page([_listed(row) for row in rows], lambda visit: (visit.on, visit.uuid))


@column.call("GET", "/visits/{uuid}", needs=Permission.SEE_VISITS)
def get_visit(by: Actor, uuid: Uuid, asked: AsOf) -> messages.Visit:
    """A visit, and where what was agreed at it stands at the end of a day."""
    found = questions.visit(by, uuid, on=or_none(asked.on))
    return messages.Visit(
        **asdict(_listed(found.about)),
        recorded_at=found.about.recorded_at,
        started_at=found.started_at,
        ended_at=found.ended_at,
        fix=Fix(lat=found.fix.lat, lon=found.fix.lon) if found.fix else None,
        actions=[messages.Action(id=one.id, what=one.what, owner=one.owner, due=one.due, state=one.state.value) for one in found.actions],
        previous=[messages.Followed(action=one.action, outcome=one.outcome) for one in found.previous],
        photos=[messages.Photo(id=one.id) for one in photos.of_visits([uuid]).get(uuid, ())],
    )


@column.call("POST", "/visits/{uuid}/photos", needs=Permission.LOG_VISITS, status=(201, 200))
def add_photo(by: Actor, uuid: Uuid, upload: PhotoSent) -> tuple[messages.PhotoKept, int]:
    """Keep a picture of her own visit, at most eight of them. The same id and picture again is 200 with the same answer.

    Only its pixels are kept: no place, no name of a camera, nothing else that the file carried. The warning `photo_without_consent` says
    that a woman of the visit has not agreed to photos.
    """
    known, answer = photo_acts.add_photo(uuid, upload.id, upload.photo, by)
    doubts = [Warned("photo", "photo_without_consent", {"members": answer["without_consent"]})] if answer["without_consent"] else []
    return messages.PhotoKept(id=answer["id"], warnings=warned(doubts)), 200 if known else 201


# Whoever sees visits, and those who never do and are told that it is not there (api-detail, part 3, *Mentoring*); leader and city: 403.
_SEES_OR_IS_TOLD_404 = (Permission.SEE_VISITS, Permission.SEE_MEMBERS, Permission.MANAGE_ADMIN)


@column.call("GET", "/photos/{id}", needs=_SEES_OR_IS_TOLD_404, media="image/jpeg")
def get_photo(by: Actor, uuid: Uuid, asked: messages.PhotoAsked) -> Paper:
    """A picture as a JPEG without metadata: at most 1,600 pixels and 400 KB, or a thumb of at most 320 pixels."""
    content = photos.photo(by, uuid, small=or_none(asked.size) == "thumb")
    return Paper(content, "image/jpeg", f"foto-{uuid}.jpg", attached=True)


@column.call("GET", "/actions", needs=Permission.SEE_VISITS)
def list_actions(by: Actor, asked: messages.ActionsAsked, window: Window) -> Page[messages.ActionListed]:
    """What was agreed, as it stands at the end of a day, oldest due first."""
    rows = questions.actions(
        by,
        state=or_none(asked.state),
        group_id=or_none(asked.group),
        member_id=or_none(asked.member),
        on=or_none(asked.on),
        limit=window.fetch,
        after=window.after_key(date, int),
    )
    return window.page([_action(row) for row in rows], lambda action: (action.due, action.id))


def _visit(body: messages.VisitSent) -> rules.NewVisit:
    fix = or_none(body.fix)
    return rules.NewVisit(
        on=body.on,
        started_at=body.started_at,
        place=body.place,
        findings=body.findings,
        members=tuple(body.members),
        topics=tuple(body.topics),
        actions=tuple(rules.NewAction(one.what, one.owner, one.due) for one in body.actions),
        previous=tuple(rules.Followed(one.action, one.outcome) for one in body.previous),
        ended_at=or_none(body.ended_at),
        group=or_none(body.group),
        trigger=or_none(body.trigger),
        fix=rules.Fix(fix.lat, fix.lon) if fix else None,
    )


def _listed(row: VisitListed) -> messages.VisitListed:
    return messages.VisitListed(
        uuid=row.uuid,
        on=row.on,
        by=row.by,
        group=row.group,
        members=list(row.members),
        place=row.place,
        trigger=row.trigger,
        topics=list(row.topics),
        findings=row.findings,
    )


def _action(row: ActionListed) -> messages.ActionListed:
    return messages.ActionListed(
        id=row.id,
        visit=row.visit,
        group=row.group,
        member=row.member,
        what=row.what,
        owner=row.owner,
        due=row.due,
        days=row.days,
        state=row.state.value,
    )
