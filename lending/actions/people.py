"""Somebody gets another role or unit, is shut out, or is let in again. Her next request obeys it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import delete, or_, select, update

from lending import clock
from lending.actions.accounts import end_all_sessions, somebody
from lending.actions.audit import note
from lending.database import lock, session, transaction
from lending.domain.access import Actor, Permission, Role
from lending.domain.people import KEPT, Change, Kept, check_free, check_place, doubts
from lending.domain.refusals import NotAllowed, NotFound, Refusal, Warned
from lending.models import ApiToken, KnownBrowser, Member, Unit, User
from lending.queries import people

V = TypeVar("V")

MOVED, CLOSED = "session_revoked", "account_closed"
"""What her phones and browsers are told, once; they take away all but the unsent."""


@dataclass(frozen=True)
class Changed:
    """What became of an account, and what ended with it. `unit` is a code, `member` the number of the woman a leader is."""

    username: str
    name: str
    role: Role
    unit: str | None
    member: str | None
    active: bool
    sessions_ended: int
    tokens_revoked: int
    warnings: tuple[Warned, ...]


@dataclass(frozen=True)
class _Place:
    """Where somebody stands."""

    role: Role
    unit: str | None
    member: str | None
    active: bool

    def told(self) -> dict[str, Any]:
        """For the trace."""
        return {"role": self.role.value, "unit": self.unit, "member": self.member, "active": self.active}


def change_user(username: str, change: Change, by: Actor) -> Changed:
    """Give somebody another role or unit, shut her out, or let her in again; told what is so already, it changes nothing.

    Another place ends her sessions; programs' tokens go on, and may from now on what she may. Being shut out ends both, and the code that
    she may have been given; her records, visits and entries stay under her name.

    Refused: `not_found` (nobody of this name; a unit or member that is not there), `own_account` (403), `unit_needed`, `member_needed`,
    `member_not_hers`, `last_admin`; while she would leave her place, `serves_groups` and `holds_cash`. Warned: `unsent_on_phone`,
    `still_mentors`, `nobody_else`.
    """
    by.require(Permission.MANAGE_ADMIN)
    now = clock.now()
    with transaction():
        user = _held(username)
        if user.id == by.user_id:
            raise NotAllowed("own_account")
        before = _standing(user)
        unit, member = _unit_and_member(user, change)
        role = _or(change.role, user.role)
        after = _Place(role, unit.code if unit else None, member.number if member else None, _or(change.active, user.active))
        if after == before:
            return _told(user, before)
        check_place(after.role, after.unit, after.member)
        at = next((name for name in ("active", "unit", "role") if getattr(after, name) != getattr(before, name)), "member")
        if (
            before.active
            and before.role is Role.ADMIN
            and not (after.active and after.role is Role.ADMIN)
            and not people.other_admins(user.id)
        ):
            raise Refusal("last_admin", at=at)
        warnings: tuple[Warned, ...] = ()
        if before.active and (after.active, after.role, after.unit) != (True, before.role, before.unit):
            ties = people.ties(user.id, before.role, by.today, now)
            check_free(ties, user.name, at)
            warnings = doubts(ties, before.role, at)
        user.role, user.unit_id, user.member_id = after.role, unit.id if unit else None, member.id if member else None
        user.active = after.active
        sessions_ended = end_all_sessions(user.id, MOVED if after.active else CLOSED)
        tokens_revoked = 0 if after.active else _shut(user, now)
        ended = {"sessions_ended": sessions_ended, "tokens_revoked": tokens_revoked}
        told = {"username": username, **after.told(), **ended}
        note(by, "people.change_user", f"user:{user.id}", at=now, before=before.told(), after=told)
        return _told(user, after, sessions_ended, tokens_revoked, warnings)


def _held(username: str) -> User:
    """Her row as it is now, held with those of all admins: two of them who shut each other out are looked at one after the other."""
    wanted = select(User.id).where(or_(User.username == username, User.role == Role.ADMIN))
    lock(User.id, *session.scalars(wanted))
    return somebody(username)


def _standing(user: User) -> _Place:
    unit = session.scalar(select(Unit.code).where(Unit.id == user.unit_id))
    member = session.scalar(select(Member.number).where(Member.id == user.member_id))
    return _Place(user.role, unit, member, user.active)


def _unit_and_member(user: User, change: Change) -> tuple[Unit | None, Member | None]:
    """Her unit and, where she leads, the woman she is; one who is of another unit, or whom her new role does not need, is let go."""
    if change.unit is KEPT:
        unit = session.get(Unit, user.unit_id) if user.unit_id is not None else None
    else:
        unit = session.scalar(select(Unit).where(Unit.code == change.unit))
        if unit is None and change.unit is not None:
            raise NotFound(at="unit")
    if change.member is KEPT:
        leads = _or(change.role, user.role) is Role.LEADER and user.member_id is not None
        kept = session.get(Member, user.member_id) if leads else None
        return unit, kept if kept is not None and unit is not None and kept.unit_id == unit.id else None
    if change.member is None:
        return unit, None
    member = session.scalar(select(Member).where(Member.number == change.member))
    if member is None or unit is None or member.unit_id != unit.id:
        raise NotFound(at="member")
    return unit, member


def _shut(user: User, now: datetime) -> int:
    """All that would still open to her. → how many tokens of programs."""
    user.code_hash = user.code_until = None
    session.execute(delete(KnownBrowser).where(KnownBrowser.user_id == user.id))
    hers = update(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None)).values(revoked_at=now)
    return len(session.scalars(hers.returning(ApiToken.id)).all())


def _told(user: User, place: _Place, sessions_ended: int = 0, tokens_revoked: int = 0, warnings: tuple[Warned, ...] = ()) -> Changed:
    return Changed(
        username=user.username,
        name=user.name,
        role=place.role,
        unit=place.unit,
        member=place.member,
        active=place.active,
        sessions_ended=sessions_ended,
        tokens_revoked=tokens_revoked,
        warnings=warnings,
    )


def _or(value: V | Kept, as_it_is: V) -> V:
    return as_it_is if isinstance(value, Kept) else value
