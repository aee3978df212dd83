"""Programs' tokens: given out, marked as used, revoked."""

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select, update

from lending import clock
from lending.actions.accounts import digest
from lending.actions.audit import note
from lending.database import lock, session, transaction
from lending.domain.access import Actor, Permission, Scope
from lending.domain.refusals import NotFound, Refusal
from lending.models import ApiToken, User


@dataclass(frozen=True)
class MadeToken:
    """A new key, told this once."""

    id: int
    token: str


def issue_token(username: str, by: Actor, *, scope: Scope = Scope.WRITE, expires_on: date | None = None) -> MadeToken:
    """A new key for a program that acts as this user, up to the end of that day in her unit; earlier ones stay.

    Without a day it holds until it is revoked. Refused: `not_found`, `user_inactive`, `in_the_past`.
    """
    by.require(Permission.MANAGE_ADMIN)
    token = secrets.token_urlsafe(32)
    with transaction():
        # Held, so that nobody gets a key while she is shut out (actions/people.py).
        user = session.scalar(select(User).where(User.username == username).with_for_update(read=True))
        if user is None:
            raise NotFound(at="username")
        if not user.active:
            raise Refusal("user_inactive", at="username", username=username)
        if expires_on is not None and expires_on < by.today:
            raise Refusal("in_the_past", at="expires_on", on=expires_on)
        now = clock.now()
        made = ApiToken(token_hash=digest(token), user_id=user.id, made_at=now, scope=scope, expires_on=expires_on)
        session.add(made)
        session.flush()
        about = {"username": username, "token": made.id, "scope": scope.value, "expires_on": expires_on}
        note(by, "admin.issue_token", f"user:{user.id}", at=now, after=about)
        return MadeToken(made.id, token)


def revoke_token(token_id: int, by: Actor) -> None:
    """End a key; its next request is refused. One that is revoked already stays so, and nothing is written. Refused: `not_found`."""
    by.require(Permission.MANAGE_ADMIN)
    with transaction():
        lock(ApiToken.id, token_id)
        found = session.get(ApiToken, token_id)
        if found is None:
            raise NotFound
        if found.revoked_at is not None:
            return
        found.revoked_at = clock.now()
        note(by, "admin.revoke_token", f"user:{found.user_id}", at=found.revoked_at, after={"token": token_id})


def mark_used(token_id: int, on: date) -> None:
    """Remember that it was used on that day; once a day, so that a program's questions cost no write."""
    with transaction():
        earlier = or_(ApiToken.used_on.is_(None), ApiToken.used_on < on)
        session.execute(update(ApiToken).where(ApiToken.id == token_id, earlier).values(used_on=on))
