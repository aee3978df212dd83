"""Is the house in order? What the night has closed, what it has missed, how far the business has come."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, exists, func, select, text
from sqlalchemy.exc import DBAPIError

from lending.database import session
from lending.domain.access import Actor
from lending.models import ChainSeal, DayClose, Entry, Group, JobRun, Loan, LoanEvent, MeetingRecord, Unit, User, Visit
from lending.queries.admin import SYSTEM

RECENT_STEPS = 1000

Until = date | Callable[[str], date]
"""Up to which date, the same everywhere or by the zone of the unit: `Asia/Jayapura` is two hours ahead."""


CHECK: Final = "check"
"""Proving the books and every derived column, once a date, after its nights."""


def job_of(unit_code: str) -> str:
    """What the night of a unit is called among the jobs."""
    return f"night:{unit_code}"


@dataclass(frozen=True)
class Run:
    """One date of one unit as the night closed it, or failed to."""

    unit: str
    for_date: date
    worker: str
    started_at: datetime
    finished_at: datetime | None
    result: dict[str, Any] | None

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None

    @property
    def fault(self) -> str | None:
        """What kind of fault stopped it, where one did."""
        return (self.result or {}).get("fault") if self.finished_at is None else None

    def late_days(self, zone: str) -> int:
        """How many days too late it was closed; 0 within the day after. The demo's nights were lived through in one evening."""
        if self.finished_at is None or self.worker == "demo":
            return 0
        return max(0, (self.finished_at.astimezone(ZoneInfo(zone)).date() - self.for_date).days - 1)


@dataclass(frozen=True)
class Look:
    """One date's look at everything: whether all agreed, how many differences there are, and the first of them."""

    for_date: date
    started_at: datetime
    finished_at: datetime | None
    result: dict[str, Any] | None

    @property
    def is_good(self) -> bool | None:
        """Whether nothing was found; None while nobody has looked."""
        return self.result.get("ok") if self.finished_at and self.result else None

    @property
    def differences(self) -> list[dict[str, str]]:
        """The first of them: `code`, `row`, `what`."""
        return list((self.result or {}).get("first", ()))

    @property
    def count(self) -> int:
        """How many were found, at most a thousand."""
        return int((self.result or {}).get("differences", 0))


@dataclass(frozen=True)
class UnitNight:
    """How far one unit's history reaches: the first date to close, the last one closed, and whether the one after it has failed."""

    unit_id: int
    code: str
    name: str
    zone: str
    first: date | None
    """The date of its first disbursement; None where nothing was lent yet, and then there is nothing to close."""
    last_closed: date | None
    failed: bool

    @property
    def reach(self) -> date | None:
        """The date up to which nothing is open there; None where there is nothing to close."""
        return self.last_closed or (self.first - timedelta(days=1) if self.first else None)

    def open_dates(self, until: Until) -> tuple[date, ...]:
        """The dates that are over there and still open, oldest first."""
        if self.reach is None:
            return ()
        last = until if isinstance(until, date) else until(self.zone)
        return tuple(self.reach + timedelta(days=n) for n in range(1, (last - self.reach).days + 1))


@dataclass(frozen=True)
class NightState:
    """How far history reaches in the units that are looked at: the last date that all of them closed, and the dates that any has open."""

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


def _has_lent(on: date) -> ColumnElement[bool]:
    return exists().where(Group.unit_id == Unit.id, Loan.group_id == Group.id, Loan.disbursed_on <= on).correlate(Unit)


def lending_units(on: date) -> list[int]:
    """The units that had lent by then."""
    return list(session.scalars(select(Unit.id).where(_has_lent(on))))


def units_to_close(on: date) -> list[UnitNight]:
    """The units that had lent by that date and have not closed it."""
    closed = exists().where(JobRun.unit_id == Unit.id, JobRun.for_date == on, JobRun.finished_at.is_not(None)).correlate(Unit)
    return _nights(_has_lent(on), ~closed)


def unit_nights(unit_id: int | None = None) -> list[UnitNight]:
    """How far the history of each unit reaches, or of this one."""
    return _nights(*([] if unit_id is None else [Unit.id == unit_id]))


def _nights(*which: ColumnElement[bool]) -> list[UnitNight]:
    def ran(*how: ColumnElement[bool]) -> ScalarSelect[Any]:
        return select(func.max(JobRun.for_date)).where(JobRun.unit_id == Unit.id, *how).correlate(Unit).scalar_subquery()

    last = ran(JobRun.finished_at.is_not(None))
    first = select(func.min(Loan.disbursed_on)).join(Group, Group.id == Loan.group_id).where(Group.unit_id == Unit.id)
    # Asked only where nothing is closed yet: it looks at all of a unit's loans.
    only_new = case((last.is_(None), first.correlate(Unit).scalar_subquery()))
    failed = exists().where(JobRun.unit_id == Unit.id, JobRun.finished_at.is_(None)).correlate(Unit)
    question = select(Unit.id, Unit.code, Unit.name, Unit.zone, only_new, last, failed).where(*which).order_by(Unit.id)
    return [UnitNight(*row) for row in session.execute(question)]


def night_state(until: Until, *, unit_id: int | None = None) -> NightState:
    """Where the night stands, in every unit or in this one: open dates run from the day after the last closed one (or the first
    disbursement) to `until`."""
    nights = unit_nights(unit_id)
    reach = [night.reach for night in nights if night.reach is not None]
    open_dates = sorted({on for night in nights for on in night.open_dates(until)})
    return NightState(min(reach) if any(night.last_closed for night in nights) else None, tuple(open_dates))


def newest_night() -> tuple[date, datetime] | None:
    """The newest date that every unit had closed which had lent by then, and the moment at which the first of them had."""
    closed = select(JobRun.for_date, func.min(JobRun.finished_at)).where(JobRun.unit_id.is_not(None), JobRun.finished_at.is_not(None))
    for on, first in session.execute(closed.group_by(JobRun.for_date).order_by(JobRun.for_date.desc())):
        if first is not None and not units_to_close(on):
            return on, first
    return None


def runs(by: Actor, *, limit: int = 30) -> list[Run]:
    """The newest dates, of the units whose nights she may see: everybody her own unit, people of head office and the auditor all."""
    question = (
        select(Unit.code, JobRun.for_date, JobRun.worker, JobRun.started_at, JobRun.finished_at, JobRun.result)
        .join(Unit, Unit.id == JobRun.unit_id)
        .order_by(JobRun.for_date.desc(), Unit.code)
        .limit(limit)
    )
    if by.unit_id is not None and not by.reads_every_unit:
        question = question.where(Unit.id == by.unit_id)
    return [Run(*row) for row in session.execute(question)]


def newest_look() -> Look | None:
    """The newest look at everything, done or waiting."""
    question = select(JobRun.for_date, JobRun.started_at, JobRun.finished_at, JobRun.result).where(JobRun.job == CHECK)
    found = session.execute(question.order_by(JobRun.for_date.desc()).limit(1)).one_or_none()
    return Look(*found) if found else None


def newest_seal(occasion: Literal["day", "night", "backup"] | None = None) -> datetime | None:
    """When the hash chains were sealed last, on that occasion or on any: a backup and a night each seal them, and write an anchor."""
    question = select(func.max(ChainSeal.sealed_at))
    found: datetime | None = session.scalar(question if occasion is None else question.where(ChainSeal.occasion == occasion))
    return found


def is_empty() -> bool:
    """Whether nobody has an account and no unit is open: then the demo may be built, or the first admin made."""
    people = exists().where(User.username != SYSTEM)
    return not session.scalar(select(people | exists().where(Unit.id.is_not(None))))


def is_only_demo() -> bool:
    """Whether every unit and every account here is the demo's: nothing that anybody would miss."""
    others = exists().where(User.username != SYSTEM, User.is_demo.is_(False)) | exists().where(Unit.is_demo.is_(False))
    return not session.scalar(select(others))


def newest_business_date() -> date | None:
    """The latest business date on which something was done here; None in an empty house. A start with an earlier one is refused."""
    return max(newest_business_dates().values(), default=None)


def newest_business_dates() -> dict[str, date]:
    """The latest business date on which something was done, in each zone that has units.

    Asked of each unit through its indexes, and of the latest thousand steps of loans, so that a start costs the same in a large house.
    """
    booked = select(func.max(Entry.on_day)).where(Entry.unit_id == Unit.id).correlate(Unit).scalar_subquery()
    closed = select(func.max(DayClose.on_day)).where(DayClose.unit_id == Unit.id).correlate(Unit).scalar_subquery()
    visited = select(func.max(Visit.on_day)).where(Visit.unit_id == Unit.id).correlate(Unit).scalar_subquery()
    newest_first = (MeetingRecord.year.desc(), MeetingRecord.number.desc())
    kept = select(MeetingRecord.recorded_on).where(MeetingRecord.unit_id == Unit.id).order_by(*newest_first).limit(1)
    days: dict[str, date] = {}

    def seen(zone: str, *found: date | None) -> None:
        known = [day for day in (days.get(zone), *found) if day is not None]
        if known:
            days[zone] = max(known)

    of_units: Select[*tuple[Any, ...]] = select(Unit.zone, booked, closed, visited, kept.correlate(Unit).scalar_subquery())
    for zone, booked_on, closed_on, *others in session.execute(of_units):
        # What comes after today was closed is booked on the day after, which has not come.
        ahead = closed_on is not None and booked_on == closed_on + timedelta(days=1)
        seen(zone, closed_on if ahead else booked_on, closed_on, *others)
    newest = select(LoanEvent.loan_id, LoanEvent.on_day).order_by(LoanEvent.id.desc()).limit(RECENT_STEPS).subquery()
    steps = select(Unit.zone, func.max(newest.c.on_day)).select_from(newest).join(Loan, Loan.id == newest.c.loan_id)
    for zone, on in session.execute(steps.join(Group, Group.id == Loan.group_id).join(Unit, Unit.id == Group.unit_id).group_by(Unit.zone)):
        seen(zone, on)
    nights = select(Unit.zone, func.max(JobRun.for_date)).join(Unit, Unit.id == JobRun.unit_id).group_by(Unit.zone)
    for zone, on in session.execute(nights):
        seen(zone, on)
    return days
