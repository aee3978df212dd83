"""The words of a mentoring visit: where, why, who promised, what became of it, and about what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from lending.domain.calendar import check_not_later
from lending.domain.refusals import Gathered, Refusal

MOST_ACTIONS = 3
"""More than three promises at once are not kept (domain.md §8)."""

OLDEST_VISIT = timedelta(days=31)
"""A visit is written down while it is remembered."""


class VisitPlace(StrEnum):
    """Where the visit was."""

    MEETING = "meeting"
    HOME = "home"
    BUSINESS = "business"


class VisitTrigger(StrEnum):
    """Why the visit was made."""

    PLANNED = "planned"
    ARREARS = "arrears"
    ABSENCE = "absence"
    GROWTH = "growth"
    END_USE = "end_use"
    COMPLAINT = "complaint"


class ActionOwner(StrEnum):
    """Who promised to do it."""

    MEMBER = "member"
    GROUP = "group"
    MENTOR = "mentor"


class Outcome(StrEnum):
    """What became of a promise; `not_done` leaves it open."""

    DONE = "done"
    NOT_DONE = "not_done"
    DROPPED = "dropped"


class Topic(StrEnum):
    """What a visit can be about (domain.md §8)."""

    NIB = "nib"
    PIRT = "pirt"
    HALAL = "halal"
    PEMASARAN = "pemasaran"
    DIGITAL = "digital"
    PEMBUKUAN = "pembukuan"
    KEMASAN = "kemasan"
    KEUANGAN = "keuangan"
    PRODUKSI = "produksi"


class ActionState(StrEnum):
    """Where an agreed action stands on a day."""

    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"
    DROPPED = "dropped"


SETTLING = (Outcome.DONE, Outcome.DROPPED)
"""What ends an action; `not_done` leaves it as it was."""


@dataclass(frozen=True)
class Fix:
    """Where the phone was, in degrees; kept to three decimals, about a hundred metres."""

    lat: float
    lon: float

    @property
    def kept(self) -> "Fix":
        """As it is stored."""
        return Fix(round(self.lat, 3), round(self.lon, 3))


@dataclass(frozen=True)
class NewAction:
    """Something agreed at a visit: what, who does it, until when."""

    what: str
    owner: ActionOwner
    due: date


@dataclass(frozen=True)
class Followed:
    """What a visit found of an action of an earlier one."""

    action: int
    outcome: Outcome


@dataclass(frozen=True)
class NewVisit:
    """A visit as its author recorded it. Without a group it is the group of the members visited."""

    on: date
    started_at: datetime
    place: VisitPlace
    findings: str
    members: tuple[int, ...] = ()
    topics: tuple[Topic, ...] = ()
    actions: tuple[NewAction, ...] = ()
    previous: tuple[Followed, ...] = ()
    ended_at: datetime | None = None
    group: int | None = None
    trigger: VisitTrigger | None = None
    fix: Fix | None = None


def action_state(settled: Outcome | None, due: date, on: date) -> ActionState:
    """Where an action stands: settled as a visit found it, overdue from the day after it was due, open before."""
    if settled is not None:
        return ActionState(settled.value)
    return ActionState.OVERDUE if due < on else ActionState.OPEN


def check_visit(visit: NewVisit, today: date) -> None:
    """Refuse a visit without sense, all faults at once: `future_date`, `too_old`, `ends_before_start`, `too_many_actions`,
    `due_before_visit`, `topic_twice`, `action_twice`."""
    found = Gathered()
    with found:
        check_not_later(visit.on, "on", today=today)
        if today - visit.on > OLDEST_VISIT:
            raise Refusal("too_old", at="on", days=OLDEST_VISIT.days)
    with found:
        if visit.ended_at is not None and visit.ended_at < visit.started_at:
            raise Refusal("ends_before_start", at="ended_at")
    with found:
        if len(visit.actions) > MOST_ACTIONS:
            raise Refusal("too_many_actions", at="actions", largest=MOST_ACTIONS)
    for place, action in enumerate(visit.actions):
        with found:
            if action.due < visit.on:
                raise Refusal("due_before_visit", at=f"actions.{place}.due", on=visit.on)
    for at, code, things in (
        ("topics", "topic_twice", visit.topics),
        ("previous", "action_twice", [followed.action for followed in visit.previous]),
    ):
        with found:
            _check_each_once(at, code, things)
    found.refuse()


def _check_each_once(at: str, code: str, things: Sequence[object]) -> None:
    for place, thing in enumerate(things):
        if thing in things[:place]:
            raise Refusal(code, at=f"{at}.{place}")
