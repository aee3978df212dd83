"""The women of her groups today: who they are and what they agree to, in one breath for a whole phone."""

from dataclasses import dataclass

from sqlalchemy import and_, select

from lending.database import session
from lending.domain.access import Actor, Permission
from lending.models import Consent, Member, Membership
from lending.queries.admin import PAGE
from lending.queries.scope import in_force, require_group, sees_member

_MANY = 500


@dataclass(frozen=True)
class MemberListed:
    """A woman of a group today, and what she agrees to."""

    id: int
    number: str
    name: str
    group: int
    sub_group: int | None
    consents: tuple[str, ...]


def members(by: Actor, *, group_id: int | None = None, limit: int = PAGE, after_id: int = 0) -> list[MemberListed]:
    """The women of her groups today, by id; of one group alone if it is named. Refused: `not_found` (a group that is not hers)."""
    by.require(Permission.SEE_MEMBERS)
    question = (
        select(Member.id, Member.number, Member.name, Membership.group_id, Membership.sub_group)
        .join(Membership, and_(Membership.member_id == Member.id, in_force(Membership.joined_on, Membership.left_on, by.today)))
        .where(sees_member(by), Member.id > after_id)
        .order_by(Member.id)
        .limit(limit)
    )
    if group_id is not None:
        require_group(by, group_id)
        question = question.where(Membership.group_id == group_id)
    rows = session.execute(question).all()
    agreed = _agreed(by, [row.id for row in rows])
    return [MemberListed(*row, tuple(sorted(agreed.get(row.id, ())))) for row in rows]


def _agreed(by: Actor, member_ids: list[int]) -> dict[int, set[str]]:
    """What each agrees to today: the newest word of hers on a purpose holds."""
    found: dict[int, set[str]] = {}
    question = select(Consent.member_id, Consent.purpose, Consent.given).where(Consent.on_day <= by.today)
    for first in range(0, len(member_ids), _MANY):
        some = question.where(Consent.member_id.in_(member_ids[first : first + _MANY])).order_by(Consent.on_day, Consent.id)
        for member_id, purpose, given in session.execute(some):
            (found.setdefault(member_id, set()).add if given else found.setdefault(member_id, set()).discard)(purpose)
    return found
