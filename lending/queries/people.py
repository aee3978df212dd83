"""Somebody with an account, asked by head office: who she is, and all that still hangs on her."""

from datetime import date, datetime

from sqlalchemy import Select, and_, func, or_, select

from lending.database import session
from lending.domain.access import Actor, Permission, Role, idle_limit
from lending.domain.groups import Duty
from lending.domain.ledger import Account
from lending.domain.people import Ties
from lending.domain.refusals import NotFound
from lending.models import ApiToken, Assignment, Posting, SignIn, User
from lending.queries.admin import UserListed, user_named


def person(by: Actor, username: str) -> UserListed:
    """Somebody's account. Refused: `not_found`, for the house's own too."""
    by.require(Permission.MANAGE_ADMIN)
    found = user_named(username)
    if found is None:
        raise NotFound
    return found


def ties(user_id: int, role: Role, on: date, now: datetime) -> Ties:
    """What hangs on her on that day, at that moment; a question each, by an index of hers."""
    # Given on before it began, it begins and ends on one day, and was never hers.
    still = or_(Assignment.to_on.is_(None), and_(Assignment.to_on > on, Assignment.to_on > Assignment.from_on))
    served = select(Assignment.duty, func.count(Assignment.group_id.distinct())).where(Assignment.user_id == user_id, still)
    duties = dict(session.execute(served.group_by(Assignment.duty)).all())
    cash = select(func.sum(Posting.amount)).where(Posting.account == Account.OFFICER_CASH, Posting.user_id == user_id)
    living = select(func.count()).where(
        SignIn.user_id == user_id, SignIn.ended.is_(None), SignIn.until > now, SignIn.seen_at > now - idle_limit(role)
    )
    ends_later = or_(ApiToken.expires_on.is_(None), ApiToken.expires_on >= on)
    tokens = select(func.count()).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None), ends_later)
    last = select(SignIn.unsent, SignIn.seen_at).where(SignIn.user_id == user_id).order_by(SignIn.seen_at.desc()).limit(1)
    unsent, heard_at = session.execute(last).one_or_none() or (None, None)
    return Ties(
        groups=duties.get(Duty.OFFICER, 0),
        mentored=duties.get(Duty.MENTOR, 0),
        holds_cash=bool(session.scalar(cash)),
        sessions=session.scalar(living) or 0,
        tokens=session.scalar(tokens) or 0,
        unsent=unsent or 0,
        heard_at=heard_at,
        alone=not session.scalar(_others(user_id)),
    )


def _others(user_id: int) -> Select[int]:
    hers = select(User.unit_id, User.role).where(User.id == user_id).subquery()
    return (
        select(func.count())
        .select_from(User)
        .join(hers, (hers.c.unit_id == User.unit_id) & (hers.c.role == User.role))
        .where(User.id != user_id, User.active)
    )


def other_admins(user_id: int) -> int:
    """How many besides her keep head office."""
    return session.scalar(select(func.count()).where(User.role == Role.ADMIN, User.active, User.id != user_id)) or 0
