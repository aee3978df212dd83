"""What a phone or a program may send twice: the key is held while it is looked at, and what was sent is compared by value.

Everything here runs inside the transaction of the act that calls it.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lending.database import is_postgresql, session
from lending.domain.access import Actor
from lending.domain.refusals import Conflict, NotFound, Refusal
from lending.models import SentOnce


def hold(uuid: str) -> None:
    """Hold this key until the transaction ends, so that twins who arrive together are looked at one after the other.

    SQLite needs nothing: its writer is alone from the beginning.
    """
    if is_postgresql():
        key = int.from_bytes(hashlib.sha256(uuid.encode()).digest()[:8], "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(key)))


def answered(uuid: str, act: str, said: Mapping[str, Any], by: Actor) -> Mapping[str, Any] | None:
    """The first answer to this act under this key, for whoever sent the same; None for a key that is new.

    Refused: `key_reused` (another body, act or person), `not_found` (another unit's key).
    """
    known = session.scalar(select(SentOnce).where(SentOnce.uuid == uuid))
    if known is None:
        return None
    if known.unit_id != by.unit_id:
        raise NotFound
    if (known.actor_id, known.act, known.body_hash) != (by.user_id, act, canonical_hash(said)):
        raise Refusal("key_reused")
    return known.answer


def keep_answer(uuid: str, act: str, said: Mapping[str, Any], answer: Mapping[str, Any], by: Actor, at: datetime) -> None:
    """Remember the answer to this act under this key, for ever."""
    if by.unit_id is None:
        raise AssertionError("an act with a key belongs to a unit")
    session.add(
        SentOnce(
            uuid=uuid,
            unit_id=by.unit_id,
            actor_id=by.user_id,
            act=act,
            body_hash=canonical_hash(said),
            answer=dict(answer),
            recorded_at=at,
        )
    )


@contextmanager
def first_wins(code: str, at: str, **facts: Any) -> Iterator[None]:
    """Refuse (409, this code) where another act stored the same unique value between our look and our flush: PostgreSQL's writers race."""
    try:
        yield
    except IntegrityError as fault:
        if getattr(fault.orig, "sqlstate", None) == "23505" or "UNIQUE constraint failed" in str(fault.orig):
            raise Conflict(code, at=at, **facts) from fault
        raise


def plain(value: Any) -> Any:
    """The same value in what JSON knows. Moments become UTC, so that one moment written in two zones is one value."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def canonical_hash(body: Mapping[str, Any]) -> str:
    """The fingerprint of what was sent: equal for equal values, whatever the order of the fields (api-detail, part 1, *replay*)."""
    text = json.dumps(plain(body), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
