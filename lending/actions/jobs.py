"""Long work, written down by whoever does it: begun, how far it is, what came of it. Each is a transaction of its own, and a short one."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from lending import clock
from lending.actions.once import hold
from lending.database import session, transaction
from lending.domain.access import Actor
from lending.domain.refusals import NotFound, Refusal
from lending.models import Job

LEASE = timedelta(minutes=5)
"""Work that has said nothing for so long died with its process."""


def begin(kind: str, content: bytes, by: Actor, *, uuid: str | None = None) -> tuple[int, bool]:
    """Write down that this work was asked for: (its id, whether it was known already under this key).

    Refused: `key_reused` (another content, or another person, under this key), `not_found` (another unit's key, or somebody of no unit).
    """
    if by.unit_id is None:
        raise NotFound
    now, fingerprint = clock.now(), hashlib.sha256(content).hexdigest()
    with transaction():
        if uuid is not None:
            hold(uuid)
            known = session.scalar(select(Job).where(Job.uuid == uuid))
            if known is not None and known.unit_id != by.unit_id:
                raise NotFound
            if known is not None and (known.kind, known.actor_id, known.fingerprint) != (kind, by.user_id, fingerprint):
                raise Refusal("key_reused")
            if known is not None:
                return known.id, True
        job = Job(
            unit_id=by.unit_id,
            kind=kind,
            uuid=uuid,
            fingerprint=fingerprint,
            actor_id=by.user_id,
            asked_at=now,
            lease_until=now + LEASE,
            done=0,
            of=0,
            failed=False,
        )
        session.add(job)
        session.flush()
        return job.id, False


def go_on(job_id: int, done: int, of: int) -> None:
    """Write down how far it is, and that it lives."""
    with transaction():
        session.execute(update(Job).where(Job.id == job_id).values(done=done, of=of, lease_until=clock.now() + LEASE))


def finish(job_id: int, result: Mapping[str, Any], *, failed: bool, done: int, of: int) -> None:
    """Write down what came of it."""
    with transaction():
        ended = {"finished_at": clock.now(), "failed": failed, "result": dict(result), "done": done, "of": of}
        session.execute(update(Job).where(Job.id == job_id).values(**ended))
