"""The night: history appended for one business date, from the facts, in one transaction. Running it late gives what running it on time
would have given; running it again changes nothing (invariant I14).

A date is closed by each unit, when it is over in the unit's own zone. All units that may close the same date do so in one transaction, with
a few statements over all of them, so that a night costs the same whether its loans are of one unit or of hundreds.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from lending import clock
from lending.actions import night_cases, night_history
from lending.database import is_postgresql, session, transaction
from lending.domain.refusals import Refusal
from lending.models import Group, JobRun, PortfolioDay
from lending.queries import operations
from lending.queries.operations import UnitNight, Until, job_of

LEASE = timedelta(minutes=5)


@dataclass(frozen=True)
class Night:
    """What one pass over a date wrote. `whole`: now every unit that had lent by then has closed the date."""

    on: date
    late_loans: int
    groups: int
    units: tuple[str, ...]
    whole: bool


class NightFailed(Exception):
    """A date could not be closed for these units; the fault is its cause. Nothing of it stays behind."""

    def __init__(self, on: date, units: Sequence[UnitNight]) -> None:
        super().__init__(f"{on} of {', '.join(unit.code for unit in units)}")
        self.on = on
        self.units = tuple(unit.unit_id for unit in units)


def close_date(on: date, worker: str) -> Night | None:
    """Close one business date for history, for every unit that had lent by then and has not closed it. None when there is no such unit.

    The claims, the rows and the finish are one transaction: a worker that dies in the middle leaves nothing, and the next takes the date.
    """
    with transaction():
        _hold_the_night()
        return _close(on, operations.units_to_close(on), worker)


def close_next(until: Until, worker: str, but_not: Collection[tuple[int, date]] = ()) -> Night | None:
    """Close the oldest open date, up to the date `until` gives for a zone, for all units whose oldest it is. None when nothing is open.

    A unit's dates are closed in their order. One that failed before is tried by itself, so that its fault stops no other; what is named in
    `but_not`, a unit and its date, is left out. Raises `NightFailed`.
    """
    with transaction():
        _hold_the_night()
        found = _oldest(until, but_not)
        if found is None:
            return None
        on, units = found
        try:
            return _close(on, units, worker)
        except Refusal:
            raise
        except Exception as fault:
            raise NightFailed(on, units) from fault


def write_failure(failed: NightFailed, worker: str) -> None:
    """Write down that a night failed, by what kind of fault, so that people see it; whoever tries again takes the row over."""
    now = clock.now()
    with transaction():
        _hold_the_night()
        open_still = [unit for unit in operations.units_to_close(failed.on) if unit.unit_id in failed.units]
        result = {"fault": type(failed.__cause__).__name__}
        _claim(failed.on, open_still, worker, started=now, lease_until=now, result=result)


def _hold_the_night() -> None:
    """One night at a time: whoever comes second waits, and then looks at what the first has closed. SQLite has one writer anyway."""
    if is_postgresql():
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext("night"))))


def _oldest(until: Until, but_not: Collection[tuple[int, date]]) -> tuple[date, list[UnitNight]] | None:
    waiting = [
        (night.open_dates(until)[0], night)
        for night in operations.unit_nights()
        if night.open_dates(until) and (night.unit_id, night.open_dates(until)[0]) not in but_not
    ]
    if not waiting:
        return None
    on = min(first for first, _ in waiting)
    units = [night for first, night in waiting if first == on]
    unspoilt = [unit for unit in units if not unit.failed]
    return on, unspoilt or units[:1]


def _close(on: date, units: Sequence[UnitNight], worker: str) -> Night | None:
    if not units:
        return None
    started = clock.now()
    _claim(on, units, worker, started=started, lease_until=started + LEASE)
    everywhere = len(units) == len(operations.lending_units(on))
    closed = None if everywhere else [unit.unit_id for unit in units]
    late, groups = night_history.append(on, closed)
    night_cases.follow(on, closed)
    _finish(on, units, late, groups)
    return Night(on, late, groups, tuple(unit.code for unit in units), whole=not operations.units_to_close(on))


def _claim(
    on: date,
    units: Sequence[UnitNight],
    worker: str,
    *,
    started: datetime,
    lease_until: datetime,
    result: Mapping[str, Any] | None = None,
) -> None:
    """Take the date for these units. What a failure left is taken over."""
    left = delete(JobRun).where(JobRun.for_date == on, JobRun.unit_id.in_([unit.unit_id for unit in units]), JobRun.finished_at.is_(None))
    session.execute(left)
    shared = {"for_date": on, "worker": worker, "started_at": started, "lease_until": lease_until, "result": result}
    session.execute(insert(JobRun), [{"job": job_of(unit.code), "unit_id": unit.unit_id, **shared} for unit in units])


def _finish(on: date, units: Sequence[UnitNight], late: int, groups: int) -> None:
    """Say of each unit what the pass found."""
    written = {units[0].unit_id: (groups, late)}
    if len(units) > 1:
        question = (
            select(Group.unit_id, func.count(), func.coalesce(func.sum(PortfolioDay.late_loans), 0))
            .join(Group, Group.id == PortfolioDay.group_id)
            .where(PortfolioDay.as_of == on)
            .group_by(Group.unit_id)
        )
        written = {unit_id: (of_groups, of_loans or 0) for unit_id, of_groups, of_loans in session.execute(question)}
    cases = night_cases.counted(on)
    now = clock.now()
    done = update(JobRun).where(JobRun.job == bindparam("of_job"), JobRun.for_date == on)
    rows = []
    for unit in units:
        of_groups, of_loans = written.get(unit.unit_id, (0, 0))
        of_cases = cases.get(unit.unit_id, {})
        result = {"late_loans": of_loans, "groups": of_groups, **dict.fromkeys(night_cases.COUNTED, 0), **of_cases}
        rows.append({"of_job": job_of(unit.code), "finished_at": now, "result": result})
    session.connection().execute(done, rows)
