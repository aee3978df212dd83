"""Programs' tokens, asked by head office: whose they are, what they may, until when, and when they were used last."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lending.database import session
from lending.domain.access import Actor, Permission, Scope
from lending.domain.refusals import NotFound
from lending.models import ApiToken, User
from lending.queries.admin import PAGE


@dataclass(frozen=True)
class TokenListed:
    """About a key, never the key itself. Without `expires_on` it holds until it is revoked; both days are those of her unit."""

    id: int
    username: str
    name: str
    scope: Scope
    made_at: datetime
    expires_on: date | None
    used_on: date | None
    revoked_at: datetime | None


_COLUMNS = (
    *(ApiToken.id, User.username, User.name, ApiToken.scope),
    *(ApiToken.made_at, ApiToken.expires_on, ApiToken.used_on, ApiToken.revoked_at),
)


def tokens(by: Actor, *, username: str | None = None, limit: int = PAGE, after_id: int = 0) -> list[TokenListed]:
    """Those that are not revoked, of everybody or of one person, the oldest first; one whose day has passed is still among them."""
    by.require(Permission.MANAGE_ADMIN)
    question = select(*_COLUMNS).join(User, User.id == ApiToken.user_id).where(ApiToken.revoked_at.is_(None), ApiToken.id > after_id)
    if username is not None:
        question = question.where(User.username == username)
    return [TokenListed(*row) for row in session.execute(question.order_by(ApiToken.id).limit(limit))]


def token(by: Actor, token_id: int) -> TokenListed:
    """One of them, revoked or not. Refused: `not_found`."""
    by.require(Permission.MANAGE_ADMIN)
    row = session.execute(select(*_COLUMNS).join(User, User.id == ApiToken.user_id).where(ApiToken.id == token_id)).one_or_none()
    if row is None:
        raise NotFound
    return TokenListed(*row)
