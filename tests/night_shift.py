"""A worker of the night as a process of its own: `python -m tests.night_shift DATABASE DATE [--stuck]` says which dates it closed.

A stuck one says `half` in the middle of its first date, late loans written and nothing kept yet, and waits there for whoever kills it.
"""

import json
import sys
import time
from collections.abc import Sequence
from datetime import date

from flask import Flask

from lending.actions import night_cases
from lending.database import hang_on
from lending.jobs.nightly import close_days


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _stick(on: date, units: Sequence[int] | None) -> None:
    _say("half")
    time.sleep(600)


if __name__ == "__main__":
    url, until, *how = sys.argv[1:]
    if how:
        night_cases.follow = _stick
    app = Flask("lending")
    hang_on(app, url, "no secret: there are no numbers to open here")
    with app.app_context():
        _say(json.dumps([on.isoformat() for on in close_days(date.fromisoformat(until))]))
