"""An officer's groups go to another officer of the unit from a day on, for good or for as long as she is away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from lending import clock
from lending.actions.audit import note
from lending.actions.groups import NOT_OF_DUTY, member_of_staff
from lending.database import lock, session, transaction
from lending.domain.access import Actor, Permission, Role
from lending.domain.groups import Duty
from lending.domain.people import doubts
from lending.domain.refusals import Gathered, NotFound, Refusal, Warned
from lending.models import Assignment, Group, User
from lending.queries import people
from lending.queries.scope import in_force, sees_group

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Given:
    """A group that is now given: also where the same was sent before."""

    id: int
    code: str
    name: str


@dataclass(frozen=True)
class Reassigned:
    """What stands after it: `officer` and `to` are user names, `until` is the last day of `to`, None where nothing comes back by itself."""

    officer: str
    to: str
    from_on: date
    until: date | None
    groups: tuple[Given, ...]
    warnings: tuple[Warned, ...]


@dataclass(frozen=True)
class _Turn:
    """Who serves one group on the first day: the row that holds then, and the one that it took over from, if that was the day before."""

    group: Group
    row: Assignment
    before: Assignment | None


def reassign(
    officer: str, to: str, by: Actor, *, from_on: date, until: date | None = None, group_ids: Sequence[int] | None = None, reason: str
) -> Reassigned:
    """Give the groups that `officer` serves on `from_on`, all or those named, to another officer from the beginning of that day.

    With `until`, the last day of the other, they are hers again from the day after. All of it or nothing; the same again changes nothing.

    Refused: `not_found` (404: no such person in the unit; at `groups.N`, no such group of it), `not_an_officer` (also who is shut out: her
    groups may be given away, but never come back to her), `same_officer`, `in_the_past`, `from_after_to`, `reason_needed`,
    `serves_no_group`, `group_not_served` (not hers on that day), `given_from` (until a day that somebody else begins on, or past it).
    Warned: `unsent_on_phone` (from today on, and her phone has records that never came).
    """
    by.require(Permission.ASSIGN_STAFF)
    with transaction():
        her, other = member_of_staff(officer, by, at=None), member_of_staff(to, by, at="to")
        _check(her, other, by, from_on, until, reason)
        wanted = _wanted(her, other, by, from_on, until, group_ids)
        lock(Group.id, *wanted)
        turns = [_turn(group_id, from_on) for group_id in wanted]
        todo = [turn for turn in turns if not _is_so(turn, her, other, from_on, until)]
        _check_turns(todo, turns, her, from_on, until, named=group_ids)
        for turn in todo:
            _give(turn, her, other, by, from_on, until, reason)
        warnings: tuple[Warned, ...] = ()
        if todo and from_on == by.today:
            left = doubts(people.ties(her.id, her.role, by.today, clock.now()), her.role, "from")
            warnings = tuple(one for one in left if one.code == "unsent_on_phone")
        given = tuple(Given(turn.group.id, turn.group.code, turn.group.name) for turn in turns)
        return Reassigned(officer, to, from_on, until, given, warnings)


def _check(her: User, other: User, by: Actor, from_on: date, until: date | None, reason: str) -> None:
    found = Gathered()
    with found:
        if her.role is not Role.OFFICER or (until is not None and not her.active):
            raise Refusal(NOT_OF_DUTY[Duty.OFFICER], at="name", username=her.username)
    with found:
        if other.role is not Role.OFFICER or not other.active:
            raise Refusal(NOT_OF_DUTY[Duty.OFFICER], at="to", username=other.username)
        if other.id == her.id:
            raise Refusal("same_officer", at="to", name=her.name)
    with found:
        if from_on < by.today:
            raise Refusal("in_the_past", at="from", on=from_on)
    with found:
        if until is not None and until < from_on:
            raise Refusal("from_after_to", at="until")
    with found:
        if not reason.strip():
            raise Refusal("reason_needed", at="reason")
    found.refuse()


def _wanted(her: User, other: User, by: Actor, from_on: date, until: date | None, named: Sequence[int] | None) -> list[int]:
    """The groups that this is about, by id: those named, or all that she serves on that day or that were given just so before."""
    if named is not None:
        known = set(session.scalars(select(Group.id).where(Group.id.in_(named), sees_group(by))))
        for place, group_id in enumerate(named):
            if group_id not in known:
                raise NotFound(at=f"groups.{place}")
        return sorted(known)
    served = (
        select(Assignment.group_id)
        .join(Group, Group.id == Assignment.group_id)
        .where(Assignment.duty == Duty.OFFICER, in_force(Assignment.from_on, Assignment.to_on, from_on), sees_group(by))
    )
    hers = list(session.scalars(served.where(Assignment.user_id == her.id)))
    others = session.scalars(served.where(Assignment.user_id == other.id, Assignment.from_on == from_on))
    return sorted({*hers, *(one for one in others if _is_so(_turn(one, from_on), her, other, from_on, until))})


def _turn(group_id: int, on: date) -> _Turn:
    rows = session.scalars(
        select(Assignment)
        .where(Assignment.group_id == group_id, Assignment.duty == Duty.OFFICER, Assignment.from_on <= on)
        .order_by(Assignment.from_on.desc(), Assignment.id.desc())
        .execution_options(populate_existing=True)
    ).all()
    # A row that begins and ends on one day was never in force; of those that began earlier one ended where this one begins.
    row = next((one for one in rows if one.to_on is None or one.to_on > on), None)
    if row is None:
        raise AssertionError(f"group {group_id} has no officer on {on}")
    before = next((one for one in rows if one is not row and one.to_on == row.from_on), None)
    return _Turn(session.get_one(Group, group_id), row, before)


def _is_so(turn: _Turn, her: User, other: User, from_on: date, until: date | None) -> bool:
    """Whether this was done before: hers until that day, the other's from then on and for just as long."""
    row, before = turn.row, turn.before
    took_over = row.user_id == other.id and row.from_on == from_on and before is not None and before.user_id == her.id
    return took_over and row.to_on == (until + A_DAY if until is not None else None)


def _check_turns(
    todo: Sequence[_Turn], turns: Sequence[_Turn], her: User, from_on: date, until: date | None, *, named: Sequence[int] | None
) -> None:
    if not turns:
        raise Refusal("serves_no_group", at="name", name=her.name, on=from_on)
    found = Gathered()
    for turn in todo:
        with found:
            if turn.row.user_id != her.id:
                place = f"groups.{named.index(turn.group.id)}" if named is not None else "groups"
                raise Refusal("group_not_served", at=place, name=her.name, group=turn.group.name, on=from_on)
            ends = turn.row.to_on
            if ends is not None and (until is None or until + A_DAY > ends):
                raise Refusal("given_from", at="until", group=turn.group.name, on=ends, last=ends - A_DAY)
    found.refuse()


def _give(turn: _Turn, her: User, other: User, by: Actor, from_on: date, until: date | None, reason: str) -> None:
    """Cut her time at that day, put the other's into it, and what is left of hers behind it."""
    group_id, ends = turn.group.id, turn.row.to_on
    back_on = until + A_DAY if until is not None else None
    turn.row.to_on = from_on
    first = Assignment(group_id=group_id, user_id=other.id, duty=Duty.OFFICER, from_on=from_on, to_on=back_on, reason=reason)
    session.add(first)
    if back_on is not None and back_on != ends:
        # After the other's in the order of ids too, which tells rows of one day apart.
        session.flush()
        session.add(Assignment(group_id=group_id, user_id=her.id, duty=Duty.OFFICER, from_on=back_on, to_on=ends, reason=reason))
    after = {"officer": other.username, "from": from_on, "until": until}
    note(by, "groups.reassign", f"group:{group_id}", at=clock.now(), before={"officer": her.username}, after=after, reason=reason)
