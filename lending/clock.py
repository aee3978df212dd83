"""The only reader of the time.

A *moment* is when something was written down: always real, always UTC. A *business date* is the day a unit is working on: the real date
in its zone, or the one date that the settings fix for demo and tests. Rules never ask; they are told.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_fixed: date | None = None


def fix(on: date | None) -> None:
    """Hold the business date at `on` for this process; None lets it run again. Moments stay real."""
    global _fixed  # noqa: PLW0603  (there is one clock)
    _fixed = on


def fixed() -> date | None:
    """The date the clock is held at, if it is."""
    return _fixed


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The business date in a unit's zone, an IANA name such as `Asia/Jakarta`."""
    return _fixed or datetime.now(ZoneInfo(zone)).date()
