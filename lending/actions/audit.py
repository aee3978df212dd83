"""The trace: one row an act, written in the act's own transaction."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from lending.database import session
from lending.domain.access import Actor
from lending.models import AuditEvent


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in values.items()}


def note(
    by: Actor,
    act: str,
    row: str,
    *,
    at: datetime,
    after: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Write down that `by` did `act` to `row` (`loan:12`), what it was and is, and why. Never a NIK, never a password."""
    session.add(
        AuditEvent(
            unit_id=by.unit_id,
            at=at,
            actor_id=by.user_id,
            act=act,
            row=row,
            before=_plain(before),
            after=_plain(after),
            reason=reason,
            came_from=by.came_from,
            request=by.request,
        )
    )
