"""What the night does: every business date that is not closed yet, oldest first, one transaction a date."""

import os
import socket
from datetime import date, timedelta

from lending import clock
from lending.actions.arrears import close_date
from lending.domain.access import HEAD_OFFICE_ZONE
from lending.queries.operations import night_state


def yesterday() -> date:
    """The newest date that is over everywhere: the night closes up to it unless told otherwise."""
    return clock.today(HEAD_OFFICE_ZONE) - timedelta(days=1)


def close_days(up_to: date) -> list[date]:
    """Close every open date up to this one and return those that *this* call closed. Safe with any number of processes at once."""
    worker = f"{socket.gethostname()}:{os.getpid()}"[:60]
    return [on for on in night_state(up_to).open_dates if close_date(on, worker) is not None]
