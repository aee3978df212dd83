"""Pictures, asked: whose they are, which file each one is, and who of a visit has not agreed to any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from lending import pictures
from lending.database import session
from lending.domain.access import Actor, Permission
from lending.domain.eligibility import Purpose
from lending.domain.refusals import NotAllowed, NotFound
from lending.models import Consent, Group, Photo, Visit, VisitMember
from lending.queries.scope import sees_group


@dataclass(frozen=True)
class PhotoKept:
    """A picture of a visit: its id, which of them it is, and its size in pixels."""

    id: str
    visit: str
    n: int
    width: int
    height: int


def of_visits(uuids: Sequence[str]) -> Mapping[str, list[PhotoKept]]:
    """The pictures of these visits, in their order; whether the visits are hers to see, the caller has asked."""
    found: dict[str, list[PhotoKept]] = {}
    question = select(Photo.uuid, Photo.visit_uuid, Photo.n, Photo.width, Photo.height).where(Photo.visit_uuid.in_(uuids))
    for row in session.execute(question.order_by(Photo.visit_uuid, Photo.n)):
        found.setdefault(row.visit_uuid, []).append(PhotoKept(*row))
    return found


def photo(by: Actor, uuid: str, *, small: bool = False) -> bytes:
    """The picture as it was kept, or `small`.

    Refused: `not_found` for everybody but the visit's author, the group's officer and mentor, the head and the auditor.
    """
    if not by.may(Permission.SEE_VISITS):
        raise NotFound
    question = (
        select(Photo.file)
        .join(Visit, Visit.uuid == Photo.visit_uuid)
        .join(Group, Group.id == Visit.group_id)
        .where(Photo.uuid == uuid, or_(sees_group(by), Visit.author_id == by.user_id))
    )
    file = session.scalar(question)
    content = pictures.content_of(file) if file is not None else None
    if content is None:
        raise NotFound
    return pictures.thumb(content) if small else content


def require_own_visit(by: Actor, uuid: str) -> None:
    """Refuse a visit that is not hers: `not_found` where she may not even see it, `not_yours` (403) where somebody else made it."""
    question = (
        select(Visit.author_id)
        .join(Group, Group.id == Visit.group_id)
        .where(Visit.uuid == uuid, or_(sees_group(by), Visit.author_id == by.user_id))
    )
    author_id = session.scalar(question)
    if author_id is None:
        raise NotFound
    if author_id != by.user_id:
        raise NotAllowed("not_yours")


def has_not_agreed(visit: str, on: date) -> list[int]:
    """The women of a visit who have not agreed to photos, or no longer, by that day."""
    age = func.row_number().over(partition_by=Consent.member_id, order_by=(Consent.on_day.desc(), Consent.id.desc()))
    newest = (
        select(Consent.member_id, Consent.given, age.label("age"))
        .where(Consent.purpose == Purpose.PHOTO, Consent.on_day <= on)
        .where(Consent.member_id.in_(select(VisitMember.member_id).where(VisitMember.visit_uuid == visit)))
        .subquery()
    )
    agreed = select(newest.c.member_id).where(newest.c.age == 1, newest.c.given)
    question = select(VisitMember.member_id).where(VisitMember.visit_uuid == visit, VisitMember.member_id.not_in(agreed))
    return list(session.scalars(question.order_by(VisitMember.member_id)))


def with_rows(files: Sequence[str]) -> set[str]:
    """Those of these files that a row names."""
    known: set[str] = set()
    for first in range(0, len(files), 500):
        known.update(session.scalars(select(Photo.file).where(Photo.file.in_(files[first : first + 500]))))
    return known
