"""What the start and the operator ask: is anything here yet, and how far has this house got."""

from datetime import date

from sqlalchemy import exists, func, select

from lending.database import session
from lending.models import Entry, JobRun, LoanEvent, MeetingRecord, Unit, User, Visit
from lending.queries.admin import SYSTEM

_RECENT = 1000


def is_empty() -> bool:
    """Whether nobody has an account and no unit is open: then the demo may be built, or the first admin made."""
    people = exists().where(User.username != SYSTEM)
    return not session.scalar(select(people | exists().where(Unit.id.is_not(None))))


def newest_business_date() -> date | None:
    """The latest business date on which something was done here; None in an empty house.

    A business date only goes forward: a start with an earlier one is refused. Asked of each unit through its indexes, and of the latest
    thousand steps of loans, so that a start costs the same in a large house.
    """
    booked = select(func.max(Entry.on_day)).where(Entry.unit_id == Unit.id).correlate(Unit).scalar_subquery()
    visited = select(func.max(Visit.on_day)).where(Visit.unit_id == Unit.id).correlate(Unit).scalar_subquery()
    newest_first = (MeetingRecord.year.desc(), MeetingRecord.number.desc())
    kept = select(MeetingRecord.recorded_on).where(MeetingRecord.unit_id == Unit.id).order_by(*newest_first).limit(1)
    days: set[date | None] = set()
    for row in session.execute(select(booked, visited, kept.correlate(Unit).scalar_subquery())):
        days |= set(row)
    steps = select(LoanEvent.on_day).order_by(LoanEvent.id.desc()).limit(_RECENT).subquery()
    days |= {session.scalar(select(func.max(steps.c.on_day))), session.scalar(select(func.max(JobRun.for_date)))}
    return max((day for day in days if day is not None), default=None)
