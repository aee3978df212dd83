"""Is the house in order? What the night has closed, what it has missed, how far the business has come."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select, text
from sqlalchemy.exc import DBAPIError

from lending.database import session
from lending.models import Entry, JobRun, Loan, LoanEvent, MeetingRecord, Unit, User, Visit
from lending.queries.admin import SYSTEM

NIGHT = "night"

RECENT_STEPS = 1000


@dataclass(frozen=True)
class Run:
    """One run of the night."""

    for_date: date
    worker: str
    started_at: datetime
    finished_at: datetime | None
    result: dict[str, Any] | None


@dataclass(frozen=True)
class NightState:
    """How far history reaches: the last date closed, and the dates up to yesterday that are still open, oldest first."""

    last_closed: date | None
    open_dates: tuple[date, ...]

    @property
    def late_days(self) -> int:
        """How many dates should have been closed and are not."""
        return len(self.open_dates)


def answers() -> bool:
    """Whether the database answers at all."""
    try:
        session.execute(text("SELECT 1"))
    except DBAPIError:
        session.rollback()
        return False
    return True


def revision() -> str | None:
    """Which migration the database stands at; None when it has seen none."""
    try:
        found: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    except DBAPIError:
        session.rollback()
        return None
    return found


def night_state(up_to: date) -> NightState:
    """Where the night stands: open dates run from the day after the last closed one (or the first disbursement) to `up_to`."""
    last = session.scalar(select(func.max(JobRun.for_date)).where(JobRun.job == NIGHT, JobRun.finished_at.is_not(None)))
    first = last + timedelta(days=1) if last else session.scalar(select(func.min(Loan.disbursed_on)))
    if first is None:
        return NightState(last, ())
    return NightState(last, tuple(first + timedelta(days=n) for n in range((up_to - first).days + 1)))


def runs(limit: int = 30) -> list[Run]:
    """The newest runs of the night."""
    question = (
        select(JobRun.for_date, JobRun.worker, JobRun.started_at, JobRun.finished_at, JobRun.result)
        .where(JobRun.job == NIGHT)
        .order_by(JobRun.for_date.desc())
        .limit(limit)
    )
    return [Run(*row) for row in session.execute(question)]


def is_empty() -> bool:
    """Whether nobody has an account and no unit is open: then the demo may be built, or the first admin made."""
    people = exists().where(User.username != SYSTEM)
    return not session.scalar(select(people | exists().where(Unit.id.is_not(None))))


def is_only_demo() -> bool:
    """Whether every unit and every account here is the demo's: nothing that anybody would miss."""
    others = exists().where(User.username != SYSTEM, User.is_demo.is_(False)) | exists().where(Unit.is_demo.is_(False))
    return not session.scalar(select(others))


def newest_business_date() -> date | None:
    """The latest business date on which something was done here; None in an empty house. A start with an earlier one is refused.

    Asked of each unit through its indexes, and of the latest thousand steps of loans, so that a start costs the same in a large house.
    """
    booked = select(func.max(Entry.on_day)).where(Entry.unit_id == Unit.id).correlate(Unit).scalar_subquery()
    visited = select(func.max(Visit.on_day)).where(Visit.unit_id == Unit.id).correlate(Unit).scalar_subquery()
    newest_first = (MeetingRecord.year.desc(), MeetingRecord.number.desc())
    kept = select(MeetingRecord.recorded_on).where(MeetingRecord.unit_id == Unit.id).order_by(*newest_first).limit(1)
    days: set[date | None] = set()
    for row in session.execute(select(booked, visited, kept.correlate(Unit).scalar_subquery())):
        days |= set(row)
    steps = select(LoanEvent.on_day).order_by(LoanEvent.id.desc()).limit(RECENT_STEPS).subquery()
    days |= {session.scalar(select(func.max(steps.c.on_day))), session.scalar(select(func.max(JobRun.for_date)))}
    return max((day for day in days if day is not None), default=None)
