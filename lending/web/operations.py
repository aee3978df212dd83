"""For whoever keeps the house running: is it alive, is it ready."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, current_app

from lending import clock
from lending.queries import operations as questions
from lending.web.guards import open_to_anyone

LATE_DAYS_BORNE = 1
"""So many days may lie unclosed: the night has until the next evening. From the second on the house is not ready."""

pages = Blueprint("operations", __name__)


def _yesterday(zone: str) -> date:
    return clock.today(zone) - timedelta(days=1)


@pages.get("/healthz")
@open_to_anyone("whoever watches the process has no account")
def alive() -> dict[str, str]:
    """The process answers; nothing else is asked."""
    return {"status": "ok"}


@pages.get("/readyz")
@open_to_anyone("whoever watches the process has no account")
def ready() -> tuple[dict[str, Any], int]:
    """Whether the database answers, is migrated to what this programme wants, and the nights are closed; 503 where one of them is not.

    `clock` is `behind` while the business date stands because the machine's clock went back: work goes on, and somebody should look.
    """
    said: dict[str, Any] = {
        "database": "down",
        "migrations": "unknown",
        "nightly": {"last_closed": None, "late_days": 0},
        "clock": "behind" if clock.went_back() else "ok",
    }
    if not questions.answers():
        return said, 503
    said["database"] = "ok"
    revision, wanted = questions.revision(), current_app.extensions.get("lending_revision")
    if revision is None or (wanted is not None and revision != wanted):
        said["migrations"] = "behind"
        return said, 503
    said["migrations"] = "ok"
    night = questions.night_state(_yesterday)
    said["nightly"] = {"last_closed": night.last_closed.isoformat() if night.last_closed else None, "late_days": night.late_days}
    return said, 200 if night.late_days <= LATE_DAYS_BORNE else 503
