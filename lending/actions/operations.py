"""What is done after the nights, once a date by whoever comes first; and doing it again because somebody asks."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from lending import clock
from lending.actions.audit import note
from lending.database import is_postgresql, session, transaction
from lending.domain.access import Actor, Permission
from lending.models import JobRun
from lending.queries import report_schedules
from lending.queries.operations import CHECK

LEASE = timedelta(minutes=30)
"""So long a look may take; when its worker has died, another takes it over after that."""


def claim(job: str, on: date, worker: str) -> bool:
    """Take this job of the date, if nobody has done it and nobody holds it."""
    now = clock.now()
    with transaction():
        _hold(job)
        known = session.get(JobRun, (job, on), populate_existing=True)
        if known is None:
            known = JobRun(job=job, for_date=on, worker=worker, started_at=now, lease_until=now)
            session.add(known)
        elif known.finished_at is not None or known.lease_until > now:
            return False
        known.worker, known.started_at, known.lease_until = worker, now, now + LEASE
        known.result = {name: value for name, value in (known.result or {}).items() if name not in {"fault", "said"}} or None
        return True


def go_on(job: str, on: date, worker: str, result: Mapping[str, Any]) -> None:
    """Say how far it is, and that it lives."""
    _say(job, on, worker, result, clock.now() + LEASE)


def finish(job: str, on: date, worker: str, result: Mapping[str, Any]) -> None:
    """Say what it found. Whoever lost the job to another meanwhile says nothing."""
    with transaction():
        session.execute(
            update(JobRun)
            .where(JobRun.job == job, JobRun.for_date == on, JobRun.worker == worker, JobRun.finished_at.is_(None))
            .values(finished_at=clock.now(), result=dict(result))
        )


def fail(job: str, on: date, worker: str, result: Mapping[str, Any], *, rest: timedelta) -> None:
    """Say what stopped it (`fault`); after that rest whoever comes first tries again."""
    _say(job, on, worker, result, clock.now() + rest)


def _say(job: str, on: date, worker: str, result: Mapping[str, Any], lease_until: datetime) -> None:
    with transaction():
        session.execute(
            update(JobRun)
            .where(JobRun.job == job, JobRun.for_date == on, JobRun.worker == worker, JobRun.finished_at.is_(None))
            .values(lease_until=lease_until, result=dict(result))
        )


def run_again(by: Actor) -> int:
    """Let everything be done again that follows the nights: what failed and what waits is free at once, and so is the newest check.

    Closing the dates that are open is for whoever asked, or for the clock; asking twice asks once. Gives how many reports are tried again.
    """
    by.require(Permission.RUN_NIGHT)
    now = clock.now()
    with transaction():
        _hold(CHECK)
        newest = select(func.max(JobRun.for_date)).where(JobRun.job == CHECK).scalar_subquery()
        freed = update(JobRun).where(JobRun.job == CHECK, JobRun.for_date == newest, JobRun.finished_at.is_not(None))
        asked = session.connection().execute(freed.values(finished_at=None, lease_until=now)).rowcount
        # Only what has failed: what another is sending at this moment is not taken out of its hands.
        jobs = [report_schedules.job_of(failed.schedule.id) for failed in report_schedules.failed(by)]
        session.execute(update(JobRun).where(JobRun.job.in_(jobs), JobRun.finished_at.is_(None)).values(lease_until=now))
        note(by, "operations.run_again", "job:night", at=now, after={"check_asked": bool(asked), "reports_asked": len(jobs)})
        return len(jobs)


def _hold(job: str) -> None:
    """One at a time: whoever comes second waits, and then sees what the first has done. SQLite has one writer anyway."""
    if is_postgresql():
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(job))))
