"""Signing in and out, and programs' tokens. Sessions are rows: ending one ends every copy of it."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, update

from lending import clock
from lending.database import session, transaction
from lending.domain.access import Person, session_limit
from lending.domain.refusals import NotSignedIn, Refusal
from lending.models import KnownBrowser, SignIn, WrongPassword
from lending.queries import accounts

_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_NOBODYS_HASH = _HASHER.hash(secrets.token_hex(8))

TOUCH_AFTER = timedelta(minutes=1)
"""A session's last use is written at most once a minute: a page costs no write."""


@dataclass(frozen=True)
class SignedIn:
    """A new session: its token for the cookie, the browser's own token, and whose it is."""

    token: str
    browser_token: str
    person: Person


def digest(token: str) -> str:
    """What we keep of a secret token: its hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """The argon2id hash of a password (about 30 ms)."""
    return _HASHER.hash(password)


def sign_in(username: str, password: str, *, browser_token: str | None = None) -> SignedIn:
    """Open a session. Refused: `wrong_password` (401, the same for an unknown name), `too_many_tries` (429, `retry_after` seconds).

    After ten wrong passwords within the hour an account takes none from a stranger, the right one included; a browser that has
    signed in to it before goes on, so that guessing locks nobody out.
    """
    now = clock.now()
    account = accounts.account(username)
    known = account is not None and browser_token is not None and accounts.is_known_browser(digest(browser_token), account.person.user_id)
    guesses, oldest = accounts.wrong_guesses(username, now - accounts.GUESSING_WINDOW)
    if guesses >= accounts.GUESSES_ALLOWED and not known:
        freed = (oldest or now) + accounts.GUESSING_WINDOW
        raise Refusal("too_many_tries", status=429, retry_after=max(1, int((freed - now).total_seconds())))
    if not _right_password(account.password_hash if account else _NOBODYS_HASH, password) or account is None or not account.active:
        with transaction():
            session.add(WrongPassword(username=username[:60], at=now))
        raise NotSignedIn("wrong_password")
    token = secrets.token_urlsafe(32)
    browser = browser_token if known and browser_token else secrets.token_urlsafe(32)
    person = account.person
    with transaction():
        session.add(
            SignIn(
                token_hash=digest(token),
                user_id=person.user_id,
                signed_in_at=now,
                seen_at=now,
                until=now + session_limit(person.role),
            )
        )
        if not known:
            session.add(KnownBrowser(token_hash=digest(browser), user_id=person.user_id, since=now))
    return SignedIn(token, browser, person)


def _right_password(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except VerificationError:
        return False


def sign_out(token: str) -> None:
    """End this session; ending it again is no fault."""
    with transaction():
        session.execute(delete(SignIn).where(SignIn.token_hash == digest(token)))


def touch(token: str, seen_at: datetime) -> None:
    """Remember that the session was used, if that is not remembered already."""
    now = clock.now()
    if now - seen_at > TOUCH_AFTER:
        with transaction():
            session.execute(update(SignIn).where(SignIn.token_hash == digest(token)).values(seen_at=now))
