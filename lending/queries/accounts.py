"""Who is it that asks? Sessions, tokens and users, in one statement each."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select

from lending.database import session
from lending.domain.access import HEAD_OFFICE_ZONE, Person, Role, Scope, idle_limit
from lending.models import ApiToken, KnownBrowser, SignIn, Unit, User, WrongPassword

_PERSON = (
    User.id,
    User.username,
    User.name,
    User.role,
    User.unit_id,
    Unit.code,
    Unit.name.label("unit_name"),
    func.coalesce(Unit.zone, HEAD_OFFICE_ZONE),
    User.member_id,
)


@dataclass(frozen=True)
class OpenSession:
    """A live session: whose, since when unused, until when at most."""

    person: Person
    seen_at: datetime
    until: datetime
    unsent: int | None

    @property
    def idle_until(self) -> datetime:
        """The moment at which it dies if nobody uses it."""
        return min(self.until, self.seen_at + idle_limit(self.person.role))


@dataclass(frozen=True)
class Account:
    """A user with what sign-in needs: the password's hash, and how she is guarded."""

    person: Person
    password_hash: str
    active: bool
    is_demo: bool
    code_hash: str | None
    code_until: datetime | None


def open_session(token_hash: str, now: datetime) -> OpenSession | None:
    """The session behind a browser's token, or None when it is unknown, ended, idle too long, too old, or its user was put out."""
    question = (
        select(*_PERSON, SignIn.seen_at, SignIn.until, SignIn.unsent)
        .join(User, User.id == SignIn.user_id)
        .outerjoin(Unit, Unit.id == User.unit_id)
        .where(SignIn.token_hash == token_hash, SignIn.ended.is_(None), User.active)
    )
    row = session.execute(question).one_or_none()
    if row is None:
        return None
    found = OpenSession(Person(*row[:9]), row[9], row[10], row[11])
    return found if now < found.idle_until else None


def why_ended(token_hash: str) -> str | None:
    """The code of why this session was ended on purpose, or None when it was not, or is unknown."""
    return session.scalar(select(SignIn.ended).where(SignIn.token_hash == token_hash))


@dataclass(frozen=True)
class OpenToken:
    """A program's token that was not revoked: whose, what it may, and the last day on which it opens anything."""

    person: Person
    id: int
    scope: Scope
    expires_on: date | None
    used_on: date | None

    def holds(self, today: date) -> bool:
        """Whether its last day has not passed."""
        return self.expires_on is None or today <= self.expires_on


def bearer(token_hash: str) -> OpenToken | None:
    """What is behind a program's token, or None when it is unknown or revoked, or its person was shut out."""
    question: Select[*tuple[Any, ...]] = (
        select(*_PERSON, ApiToken.id, ApiToken.scope, ApiToken.expires_on, ApiToken.used_on)
        .join(ApiToken, ApiToken.user_id == User.id)
        .outerjoin(Unit, Unit.id == User.unit_id)
        .where(ApiToken.token_hash == token_hash, ApiToken.revoked_at.is_(None), User.active)
    )
    row = session.execute(question).one_or_none()
    return None if row is None else OpenToken(Person(*row[:9]), *row[9:])


def was_a_token(token_hash: str) -> bool:
    """Whether this was ever one of ours: then whoever holds it is told that it has ended."""
    return bool(session.scalar(select(exists().where(ApiToken.token_hash == token_hash))))


def account(username: str) -> Account | None:
    """The account of this name, or None."""
    question: Select[*tuple[Any, ...]] = (
        select(*_PERSON, User.password_hash, User.active, User.is_demo, User.code_hash, User.code_until)
        .outerjoin(Unit, Unit.id == User.unit_id)
        .where(User.username == username)
    )
    row = session.execute(question).one_or_none()
    return None if row is None else Account(Person(*row[:9]), *row[9:])


def active_person(user_id: int) -> Person | None:
    """Somebody who may sign in, by her id; None once she may not any more."""
    question = select(*_PERSON).outerjoin(Unit, Unit.id == User.unit_id).where(User.id == user_id, User.active)
    row = session.execute(question).one_or_none()
    return None if row is None else Person(*row)


def wrong_guesses(username: str, since: datetime) -> tuple[int, datetime | None]:
    """How many wrong passwords were tried on this name since then, and when the oldest of them was."""
    count, oldest = session.execute(
        select(func.count(), func.min(WrongPassword.at)).where(WrongPassword.username == username, WrongPassword.at > since)
    ).one()
    return count, oldest


def browsers_people(token_hash: str) -> frozenset[int]:
    """Whose accounts this browser has signed in to before: a phone may be shared."""
    return frozenset(session.scalars(select(KnownBrowser.user_id).where(KnownBrowser.token_hash == token_hash)))


def demo_people() -> list[Person]:
    """The demo's active users, in the order they were made: for the start and the demo's sign-in page."""
    question = select(*_PERSON).outerjoin(Unit, Unit.id == User.unit_id).where(User.is_demo, User.active).order_by(User.id)
    return [Person(*row) for row in session.execute(question)]


def any_users() -> bool:
    """Whether anybody can sign in at all: an empty database gets the demo, or asks for a first admin."""
    return bool(session.scalar(select(exists().where(User.active))))


GUESSING_WINDOW = timedelta(hours=1)
GUESSES_ALLOWED = 10


def roles_of_unit(unit_id: int, role: Role) -> list[Person]:
    """The active users of a unit in one role, by name: to choose an officer or mentor from."""
    question = (
        select(*_PERSON)
        .outerjoin(Unit, Unit.id == User.unit_id)
        .where(User.unit_id == unit_id, User.role == role, User.active)
        .order_by(User.name, User.id)
    )
    return [Person(*row) for row in session.execute(question)]
