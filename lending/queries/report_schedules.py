"""Reports that go out by themselves: which are wanted, which are owed and not out yet, and what became of those that were sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true, tuple_

from lending.database import session
from lending.domain.access import Actor, Permission
from lending.domain.refusals import NotFound
from lending.domain.report_schedules import Every, FileForm, Wanted, owed
from lending.models import JobRun, ReportSchedule, Unit, User
from lending.queries import operations


def job_of(schedule_id: int) -> str:
    """What a schedule is called among the jobs."""
    return f"report:{schedule_id}"


@dataclass(frozen=True)
class Schedule:
    """One schedule, with its unit (None: all of them, compared) and its owner, whose eyes it has."""

    id: int
    unit_id: int | None
    unit_code: str | None
    unit_name: str | None
    reports: Sequence[str]
    every: Every
    form: FileForm
    to_folder: bool
    addresses: Sequence[str]
    owner_id: int
    owner_name: str
    from_on: date
    stopped_on: date | None

    @property
    def wanted(self) -> Wanted:
        """What it says, as an act would be told."""
        return Wanted(tuple(self.reports), self.every, self.form, self.to_folder, tuple(self.addresses))


@dataclass(frozen=True)
class Sending:
    """One schedule's one date: under way, sent, or failed and why."""

    schedule: Schedule
    for_date: date
    started_at: datetime
    finished_at: datetime | None
    lease_until: datetime
    result: dict[str, Any] | None

    @property
    def fault(self) -> str | None:
        """Which fault stopped it (a word of `delivery_fault`), where one did."""
        return (self.result or {}).get("fault") if self.finished_at is None else None

    @property
    def said(self) -> str:
        """What the other side said to it."""
        return str((self.result or {}).get("said", ""))

    @property
    def tries(self) -> int:
        """How often it has failed."""
        return int((self.result or {}).get("tries", 0))

    @property
    def sent(self) -> list[str]:
        """Where it has gone already: `folder`, and addresses."""
        return list((self.result or {}).get("sent", ()))


_COLUMNS = (
    ReportSchedule.id,
    ReportSchedule.unit_id,
    Unit.code,
    Unit.name.label("unit_name"),
    ReportSchedule.reports,
    ReportSchedule.every,
    ReportSchedule.form,
    ReportSchedule.to_folder,
    ReportSchedule.addresses,
    ReportSchedule.owner_id,
    User.name,
    ReportSchedule.from_on,
    ReportSchedule.stopped_on,
)


def _schedules(*which: ColumnElement[bool]) -> list[Schedule]:
    question: Select[*tuple[Any, ...]] = (
        select(*_COLUMNS)
        .join(User, User.id == ReportSchedule.owner_id)
        .outerjoin(Unit, Unit.id == ReportSchedule.unit_id)
        .where(*which)
        .order_by(Unit.code, ReportSchedule.id)
    )
    return [Schedule(*row) for row in session.execute(question)]


def _seen(by: Actor) -> ColumnElement[bool]:
    """Her own unit's; people of head office and the auditor see everybody's."""
    return true() if by.unit_id is None or by.reads_every_unit else ReportSchedule.unit_id == by.unit_id


def schedules(by: Actor) -> list[Schedule]:
    """The schedules that run, by unit. Head office sees where every unit's reports go."""
    by.require(Permission.SCHEDULE_REPORTS)
    return _schedules(_seen(by), ReportSchedule.stopped_on.is_(None))


def schedule(by: Actor, schedule_id: int) -> Schedule:
    """One of them that is hers to change. Refused: `not_found`, also for another unit's and for one that was stopped."""
    by.require(Permission.SCHEDULE_REPORTS)
    whose = ReportSchedule.unit_id.is_(None) if by.unit_id is None else ReportSchedule.unit_id == by.unit_id
    found = _schedules(ReportSchedule.id == schedule_id, ReportSchedule.stopped_on.is_(None), whose)
    if not found:
        raise NotFound
    return found[0]


def waiting(now: datetime) -> list[Sending]:
    """What is owed and not out: for dates that the night has closed, and that nobody holds at this moment; oldest date first."""
    running = _schedules(ReportSchedule.stopped_on.is_(None))
    if not running:
        return []
    nights = operations.unit_nights()
    closed: dict[int | None, date | None] = {night.unit_id: night.last_closed for night in nights}
    reach = [night.reach for night in nights if night.reach is not None]
    closed[None] = min(reach) if any(night.last_closed for night in nights) else None
    found = []
    for one in running:
        until = closed.get(one.unit_id)
        dates = owed(one.every, one.from_on, until) if until else []
        if not dates:
            continue
        runs = {run.for_date: run for run in _runs([one], JobRun.for_date >= dates[0])}
        held = {on for on, run in runs.items() if run.finished_at or run.lease_until > now}
        found += [runs.get(on) or Sending(one, on, now, None, now, None) for on in dates if on not in held]
    return sorted(found, key=lambda sending: (sending.for_date, sending.schedule.id))


def sendings(by: Actor, *, limit: int) -> list[Sending]:
    """The newest of the schedules that she may see, by date."""
    by.require(Permission.SEE_OPERATIONS)
    return _runs(_schedules(_seen(by)), limit=limit)


def failed(by: Actor) -> list[Sending]:
    """Those of running schedules that failed and were not sent since, newest date first."""
    by.require(Permission.SEE_OPERATIONS)
    unsent = _runs(_schedules(_seen(by), ReportSchedule.stopped_on.is_(None)), JobRun.finished_at.is_(None))
    return [one for one in unsent if one.fault]


def newest(known: Sequence[Schedule]) -> dict[int, Sending]:
    """The newest sending of each of these schedules that has one."""
    jobs = [job_of(one.id) for one in known]
    last = select(JobRun.job, func.max(JobRun.for_date)).where(JobRun.job.in_(jobs)).group_by(JobRun.job)
    return {one.schedule.id: one for one in _runs(known, tuple_(JobRun.job, JobRun.for_date).in_(last))}


def _runs(known: Sequence[Schedule], *which: ColumnElement[bool], limit: int | None = None) -> list[Sending]:
    by_job = {job_of(one.id): one for one in known}
    question = (
        select(JobRun.job, JobRun.for_date, JobRun.started_at, JobRun.finished_at, JobRun.lease_until, JobRun.result)
        .where(JobRun.job.in_(by_job), *which)
        .order_by(JobRun.for_date.desc(), JobRun.job)
        .limit(limit)
    )
    return [Sending(by_job[job], *row) for job, *row in session.execute(question)]
