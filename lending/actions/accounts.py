"""Signing in and out. Sessions are rows: ending one ends every copy of it."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, select, update

from lending import clock
from lending.actions.audit import note
from lending.database import session, transaction
from lending.domain.access import Actor, Permission, Person, session_limit
from lending.domain.passwords import check_password
from lending.domain.refusals import NotFound, NotSignedIn, Refusal
from lending.models import KnownBrowser, SignIn, User, WrongPassword
from lending.queries import accounts
from lending.queries.admin import SYSTEM

_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
NOBODYS_HASH = _HASHER.hash(secrets.token_hex(8))
"""What no password fits: for an unknown name, and for the account by which the house itself acts."""

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
    """Open a session.

    Refused: `wrong_password` (401, the same for an unknown name), `account_closed` (401, said only to whoever knows the password),
    `too_many_tries` (429, `retry_after` seconds).

    After ten wrong passwords within the hour an account takes none from a stranger, the right one included; a browser that has
    signed in to it before goes on, so that guessing locks nobody out. Officers who share a phone are each known on it: its token
    stays as long as it is one of ours.
    """
    now = clock.now()
    account = accounts.account(username)
    people = accounts.browsers_people(digest(browser_token)) if browser_token else frozenset()
    known = account is not None and account.person.user_id in people
    if not known:
        _refuse_guessing(username, now)
    if not _right_password(account.password_hash if account else NOBODYS_HASH, password) or account is None:
        with transaction():
            session.add(_guess(username, now))
        raise NotSignedIn("wrong_password")
    if not account.active:
        raise NotSignedIn("account_closed")
    with transaction():
        return _opened(account.person, now, browser_token, people)


def _opened(person: Person, now: datetime, browser_token: str | None, people: frozenset[int]) -> SignedIn:
    """A session of hers, within the act's transaction; her browser, which `people` have signed in on so far, is known from now on."""
    token = secrets.token_urlsafe(32)
    browser = browser_token if people and browser_token else secrets.token_urlsafe(32)
    session.add(
        SignIn(token_hash=digest(token), user_id=person.user_id, signed_in_at=now, seen_at=now, until=now + session_limit(person.role))
    )
    if person.user_id not in people:
        session.add(KnownBrowser(token_hash=digest(browser), user_id=person.user_id, since=now))
    return SignedIn(token, browser, person)


def _refuse_guessing(name: str, now: datetime) -> None:
    """Refuse (`too_many_tries`, 429) after ten wrong ones under this name within the hour."""
    guesses, oldest = accounts.wrong_guesses(name, now - accounts.GUESSING_WINDOW)
    if guesses >= accounts.GUESSES_ALLOWED:
        freed = (oldest or now) + accounts.GUESSING_WINDOW
        raise Refusal("too_many_tries", status=429, retry_after=max(1, int((freed - now).total_seconds())))


def _guess(name: str, now: datetime) -> WrongPassword:
    """A wrong one, as it is counted."""
    return WrongPassword(username=name[:60], at=now)


def _right_password(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except VerificationError:
        return False


_CHANGED = "password_changed"
"""What every other session of hers is told once; its phone then takes away all but the unsent."""


def change_password(old: str, new: str, by: Actor, *, token: str, browser_token: str | None) -> str:
    """Change her own password. → the token of the session that goes on here, since the one before may have been copied.

    Every other session of hers ends with it, and no other browser is known to her account any more. Programs' tokens stay: they were given
    by the admin and know no password. Refused: `too_many_tries` (429), `old_password_wrong`, `password_same`, `password_weak`.
    """
    now = clock.now()
    # Wrong ones typed here are counted apart, so that whoever guesses at the door cannot keep her from changing it.
    guessed_at = f"/{by.username}"[:60]  # nobody's name begins so
    _refuse_guessing(guessed_at, now)
    account = accounts.account(by.username)
    assert account is not None, "whoever asks has an account"
    if not _right_password(account.password_hash, old):
        with transaction():
            session.add(_guess(guessed_at, now))
        raise Refusal("old_password_wrong", at="old")
    if old == new:
        raise Refusal("password_same", at="password")
    check_password(new, by.username)
    hashed = hash_password(new)
    fresh = secrets.token_urlsafe(32)
    with transaction():
        # Two at once: the second one's old password is not hers any more.
        hers = update(User).where(User.id == by.user_id, User.password_hash == account.password_hash).values(password_hash=hashed)
        if session.scalar(hers.returning(User.id)) is None:
            raise Refusal("old_password_wrong", at="old")
        unsent = session.scalar(select(SignIn.unsent).where(SignIn.token_hash == digest(token)))
        session.execute(delete(SignIn).where(SignIn.token_hash == digest(token)))
        ended = end_all_sessions(by.user_id, _CHANGED)
        until = now + session_limit(by.role)
        session.add(SignIn(token_hash=digest(fresh), user_id=by.user_id, signed_in_at=now, seen_at=now, until=until, unsent=unsent))
        here = digest(browser_token) if browser_token else ""
        session.execute(delete(KnownBrowser).where(KnownBrowser.user_id == by.user_id, KnownBrowser.token_hash != here))
        note(by, "accounts.change_password", f"user:{by.user_id}", at=now, after={"sessions_ended": ended})
    return fresh


def end_all_sessions(user_id: int, why: str) -> int:
    """End every session of hers, each telling its phone why, within the act's transaction. → how many."""
    living = update(SignIn).where(SignIn.user_id == user_id, SignIn.ended.is_(None)).values(ended=why).returning(SignIn.token_hash)
    return len(session.scalars(living).all())


@dataclass(frozen=True)
class OneTimeCode:
    """With which she chooses a new password, once, until then. Told this once."""

    username: str
    code: str
    until: datetime


def reset_password(username: str, by: Actor) -> OneTimeCode:
    """Her password is lost: it opens nothing any more, every session of hers ends, and a code lets her choose another within a day.

    Refused: `not_found`, `user_inactive`.
    """
    by.require(Permission.MANAGE_ADMIN)
    code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    hashed, now = hash_password(code), clock.now()
    with transaction():
        user = somebody(username)
        if not user.active:
            raise Refusal("user_inactive", at="username", username=username)
        user.password_hash, user.code_hash, user.code_until = NOBODYS_HASH, hashed, now + _CODE_HOLDS
        ended = end_all_sessions(user.id, _CHANGED)
        session.execute(delete(KnownBrowser).where(KnownBrowser.user_id == user.id))
        note(by, "accounts.reset_password", f"user:{user.id}", at=now, after={"username": username, "sessions_ended": ended})
        return OneTimeCode(username, code, user.code_until)


_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is read for another
_CODE_LENGTH = 12
_CODE_HOLDS = timedelta(hours=24)


def end_sessions(username: str, by: Actor) -> int:
    """A phone is lost: end every session of its owner; her password stays. → how many ended. Refused: `not_found`."""
    by.require(Permission.MANAGE_ADMIN)
    with transaction():
        user = somebody(username)
        ended = end_all_sessions(user.id, "session_revoked")
        note(by, "accounts.end_sessions", f"user:{user.id}", at=clock.now(), after={"username": username, "sessions_ended": ended})
        return ended


def somebody(username: str) -> User:
    """The row of an account, within an act's transaction. Refused: `not_found`, for the house's own too."""
    user = session.scalar(select(User).where(User.username == username, User.username != SYSTEM))
    if user is None:
        raise NotFound
    return user


def choose_password(username: str, code: str, new: str, *, browser_token: str | None) -> SignedIn:
    """With the code that she was given, choose a new password and be signed in; the code is spent.

    Refused: `too_many_tries` (429), `code_wrong` (the same for an unknown name, and for a code that is spent or too old), `password_weak`.
    """
    now = clock.now()
    _refuse_guessing(username, now)
    account = accounts.account(username)
    if account is None or not _code_fits(account, code, now):
        with transaction():
            session.add(_guess(username, now))
        raise Refusal("code_wrong", at="code")
    check_password(new, username)
    hashed = hash_password(new)
    people = accounts.browsers_people(digest(browser_token)) if browser_token else frozenset()
    with transaction():
        spent = {"password_hash": hashed, "code_hash": None, "code_until": None}
        hers = update(User).where(User.id == account.person.user_id, User.code_hash == account.code_hash).values(**spent)
        if session.scalar(hers.returning(User.id)) is None:
            raise Refusal("code_wrong", at="code")
        herself = account.person.acting(now.date())  # nobody is in yet; the trace asks only who she is
        note(herself, "accounts.choose_password", f"user:{herself.user_id}", at=now)
        return _opened(account.person, now, browser_token, people)


def has_code(username: str, typed: str) -> bool:
    """Whether what was typed as a password is the code that lets her choose one: then she is shown where."""
    account = accounts.account(username)
    return account is not None and account.code_hash is not None and _code_fits(account, typed, clock.now())


def _code_fits(account: accounts.Account, typed: str, now: datetime) -> bool:
    plain = typed.strip().upper().replace("-", "").replace(" ", "")
    fits = _right_password(account.code_hash or NOBODYS_HASH, plain)
    return fits and account.active and account.code_until is not None and now < account.code_until


def sign_out(token: str) -> None:
    """End this session; ending it again is no fault."""
    with transaction():
        session.execute(delete(SignIn).where(SignIn.token_hash == digest(token)))


def touch(token: str, seen_at: datetime, *, unsent: int | None = None, unsent_before: int | None = None) -> None:
    """Remember that the session was used, if that is not remembered already, and how many records its phone says wait on it."""
    now = clock.now()
    says_otherwise = unsent is not None and unsent != unsent_before
    if now - seen_at > TOUCH_AFTER or says_otherwise:
        told = {"seen_at": now, "unsent": unsent} if says_otherwise else {"seen_at": now}
        with transaction():
            session.execute(update(SignIn).where(SignIn.token_hash == digest(token)).values(**told))
