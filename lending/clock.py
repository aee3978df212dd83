"""The only reader of the time.

A *moment* is when something was written down: always real, always UTC. A *business date* is the day a unit is working on: the real date
in its zone, or the one date that the settings fix for demo and tests. Rules never ask; they are told.

A business date never goes back. Where the machine's clock does, the date that was reached stands until the clock has caught up, and
`went_back` says so to whoever raises the alarm.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

FARTHEST = timedelta(days=31)
"""A date of the past that lies further ahead than this is believed to be the mistake, and not the clock."""

_fixed: date | None = None
_reached: dict[str, date] = {}


def fix(on: date | None) -> None:
    """Hold the business date at `on` for this process; None lets it run again, from wherever the clock stands. Moments stay real."""
    global _fixed  # noqa: PLW0603  (there is one clock)
    _fixed = on
    _reached.clear()


def fixed() -> date | None:
    """The date the clock is held at, if it is."""
    return _fixed


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The business date in a unit's zone, an IANA name such as `Asia/Jakarta`."""
    if _fixed:
        return _fixed
    machine, reached = _machine(zone), _reached.get(zone)
    if reached is None or machine > reached:
        _reached[zone] = reached = machine
    return reached


def has_come(days: Mapping[str, date]) -> None:
    """Know which business date each zone had reached, as the database remembers it."""
    _reached.update({zone: day for zone, day in days.items() if today(zone) < day <= _machine(zone) + FARTHEST})


def went_back() -> dict[str, date]:
    """The zones whose business date stands because the machine's clock is behind it, each with that date."""
    return {zone: day for zone, day in _reached.items() if _machine(zone) < day}


def today_by_the_machine(zone: str) -> date:
    """The date that the machine's clock shows there, or the one that is fixed: for whoever looks for dates that have not come yet."""
    return _fixed or _machine(zone)


def _machine(zone: str) -> date:
    return datetime.now(ZoneInfo(zone)).date()
