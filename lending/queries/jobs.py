"""Long work, asked after: how far it is, and what came of it. Only the unit's own people see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from lending.database import session
from lending.domain.access import Actor
from lending.domain.refusals import NotFound
from lending.models import Job, User

RECENT = 20


@dataclass(frozen=True)
class JobSeen:
    """One piece of long work. `state`: waiting, running, done or failed."""

    id: int
    kind: str
    state: str
    done: int
    of: int
    asked_at: datetime
    by: str
    result: dict[str, Any] | None


def job(by: Actor, job_id: int, *, now: datetime, kind: str | None = None) -> JobSeen:
    """One piece of her unit's work, of this kind where one is named; otherwise `not_found`."""
    question = _jobs(by).where(Job.id == job_id)
    found = session.execute(question if kind is None else question.where(Job.kind == kind)).one_or_none()
    if found is None:
        raise NotFound
    return _seen(*found, now)


def recent(by: Actor, kind: str, *, now: datetime) -> list[JobSeen]:
    """The newest work of a kind in her unit."""
    question = _jobs(by).where(Job.kind == kind).order_by(Job.id.desc()).limit(RECENT)
    return [_seen(*found, now) for found in session.execute(question)]


def _jobs(by: Actor) -> Select[Job, str]:
    return select(Job, User.username).join(User, User.id == Job.actor_id).where(Job.unit_id == by.unit_id)


def _seen(job: Job, by: str, now: datetime) -> JobSeen:
    if job.finished_at is not None:
        state = "failed" if job.failed else "done"
    elif job.lease_until < now:
        state = "failed"  # its process died; all or nothing, so nothing of it was stored
    else:
        state = "running" if job.done else "waiting"
    return JobSeen(job.id, job.kind, state, job.done, job.of, job.asked_at, by, job.result)
