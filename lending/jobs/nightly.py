"""What the night does: every business date that is over in its unit's zone and not closed yet, oldest first, one transaction a date."""

import os
import socket
from datetime import date, timedelta

import structlog

from lending import anchors, clock
from lending.actions import operations as acts
from lending.actions.arrears import NightFailed, close_next, write_failure
from lending.actions.chain import seal_house
from lending.domain.access import HEAD_OFFICE_ZONE
from lending.queries.check import prove
from lending.queries.operations import CHECK, Until, night_state

_log = structlog.get_logger()

SHOWN = 20
"""So many differences are kept with the run; `check` tells all."""


def yesterday(zone: str) -> date:
    """The newest date that is over in that zone: the night closes up to it unless told otherwise."""
    return clock.today(zone) - timedelta(days=1)


def worker_name() -> str:
    """What this process is called in the runs."""
    return f"{socket.gethostname()}:{os.getpid()}"[:60]


def look_over(until: Until = yesterday) -> bool | None:
    """Once no date is open: prove the books and the derived columns, once for the newest date. None when that was done, or is being done.

    The hash chains are sealed before, and how far they have come is told outside the database. What is found is written down and told in
    the log; nothing is repaired.
    """
    state = night_state(until)
    if state.open_dates or state.last_closed is None or not acts.claim(CHECK, state.last_closed, worker_name()):
        return None
    seal_house("night")
    found = prove(clock.today_by_the_machine(HEAD_OFFICE_ZONE), anchors.kept()).differences
    first = [{"code": one.code, "row": one.row, "what": one.what} for one in found[:SHOWN]]
    acts.finish(CHECK, state.last_closed, worker_name(), {"ok": not found, "differences": len(found), "first": first})
    if found:
        _log.warning("check found differences", on=state.last_closed.isoformat(), differences=len(found))
    return not found


def close_days(until: Until = yesterday) -> list[date]:
    """Close every open date up to this one, and return those that *this* call closed: a date counts once its last unit has it.

    Safe with any number of processes at once. A unit that cannot be closed stops none of the others; its fault is raised at the end.
    """
    worker = worker_name()
    closed: list[date] = []
    stuck: dict[tuple[int, date], NightFailed] = {}
    while True:
        try:
            night = close_next(until, worker, but_not=stuck)
        except NightFailed as failed:
            _log.exception("night failed", on=failed.on.isoformat(), units=failed.units)
            write_failure(failed, worker)
            if len(failed.units) == 1:
                stuck[failed.units[0], failed.on] = failed
            continue
        if night is None:
            break
        if night.whole:
            closed.append(night.on)
    if stuck:
        raise next(iter(stuck.values()))
    return closed
