"""The machine's clock jumps: no date is stored that has not come, the business date never goes back, each night is closed once.

The clock of the nursery is one that we set (libfaketime reads it from a file at every look); everything else about the servers is real.
"""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from lending.database import session
from lending.models import Entry, JobRun, MeetingRecord
from lending.queries.check import differences
from tests.conftest import TODAY, missing
from tests.faults.conftest import BusyHouse
from tests.faults.field import Caller
from tests.faults.servers import PATIENCE, ROOT, Nursery, a_nursery
from tests.furnished import opened

MIDDAY = datetime(TODAY.year, TODAY.month, TODAY.day, 5, 0, tzinfo=UTC)
"""Noon in Jambi on the day of the tests."""

SetClock = Callable[[datetime], None]


def another_clock(file: Path) -> dict[str, str]:
    """The environment of a process that takes its time from this file."""
    found = find_spec("libfaketime")
    if found is None or found.origin is None or sys.platform != "linux":
        missing("no libfaketime: `python run.py test` installs it on Linux")
    library = Path(found.origin).parent / "vendor/libfaketime/src/libfaketime.so.1"
    # Without the first two a server hangs: its sleeps would be measured by the other clock.
    return {
        "LD_PRELOAD": str(library), "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1",
    }  # fmt: skip


def set_to(file: Path, moment: datetime) -> None:
    """Move that clock: from now on it runs on from this moment."""
    draft = file.with_suffix(".new")
    ahead = moment - datetime.now(UTC)
    draft.write_text(f"{ahead.total_seconds():+.0f}s")
    draft.replace(file)


@pytest.fixture(scope="module")
def jumping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Nursery, SetClock]]:
    """A nursery whose clock we set."""
    file = tmp_path_factory.mktemp("time") / "clock"
    set_to(file, MIDDAY)
    with a_nursery("env", *(f"{name}={value}" for name, value in another_clock(file).items())) as nursery:
        yield nursery, lambda moment: set_to(file, moment)


def ready(port: int) -> dict[str, object]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=60) as answer:
            found: dict[str, object] = json.load(answer)
    except urllib.error.HTTPError as late:
        with late:
            found = json.load(late)
    return found


def test_a_clock_that_jumps_ahead_and_back(busy: BusyHouse, jumping: tuple[Nursery, SetClock]):
    nursery, set_clock = jumping
    set_clock(MIDDAY)
    real = busy.settings(LENDING_TODAY="")
    server = nursery.serve(real)
    day = TODAY

    def asked(name: str, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        # On a line of its own: a server whose clock leaps takes every idle line for one that was left.
        with closing(Caller(server.port, busy.tokens[name])) as caller:
            return caller.call(method, path, body)[:2]

    def today() -> date:
        return date.fromisoformat(asked("officer", "GET", "/me")[1]["today"])

    def moved(on: date) -> tuple[int, str | None]:
        """Cash of that day, as the cashier sends it."""
        body = {"id": str(uuid4()), "on": on.isoformat(), "amount": 1_000, "from": "bank", "to": "vault", "reason": "ambil"}
        status, answer = asked("cashier", "POST", "/cash/transfers", body)
        return status, answer.get("type")

    assert (today(), ready(server.port)["clock"]) == (day, "ok")
    assert moved(day) == (201, None)
    assert moved(day + timedelta(days=1)) == (422, "/problems/future_date")
    # Ten days ahead: the house goes along, and no farther.
    set_clock(MIDDAY + timedelta(days=10))
    day += timedelta(days=10)
    assert (today(), ready(server.port)["clock"]) == (day, "ok")
    assert moved(day) == (201, None)
    assert moved(day + timedelta(days=1)) == (422, "/problems/future_date")
    # Three days back: the date that was reached stands, and it is told.
    set_clock(MIDDAY + timedelta(days=7))
    assert (today(), ready(server.port)["clock"]) == (day, "behind")
    assert moved(day) == (201, None)
    assert moved(day + timedelta(days=1)) == (422, "/problems/future_date")
    server.kill()
    # A new start remembers by the books.
    server = nursery.serve(real)
    assert (today(), ready(server.port)["clock"]) == (day, "behind")
    # And when the clock has caught up, all goes on.
    set_clock(MIDDAY + timedelta(days=11))
    assert (today(), ready(server.port)["clock"]) == (day + timedelta(days=1), "ok")
    server.kill()
    assert "the machine's clock is behind the books" in (busy.data_dir / "stderr.log").read_text()
    with opened(busy.url):
        assert session.scalar(select(func.max(Entry.on_day))) == day
        assert session.scalar(select(func.count()).select_from(MeetingRecord)) == 0
        assert differences(day) == []


SPRING = datetime(2026, 2, 5, 5, 0, tzinfo=UTC)
"""Three days after the first disbursement."""


def nights(busy: BusyHouse) -> list[date]:
    """The nights of the unit that are closed."""
    with opened(busy.url):
        return list(session.scalars(select(JobRun.for_date).where(JobRun.job == "night:JMB").order_by(JobRun.for_date)))


def test_nights_are_each_closed_once_whatever_the_clock_does(busy: BusyHouse, jumping: tuple[Nursery, SetClock]):
    nursery, set_clock = jumping
    # By how many days the clock stands ahead (it jumps back once), and up to which night the house then comes.
    for ahead, closed in ((0, 4), (5, 9), (2, 9), (6, 10)):
        set_clock(SPRING + timedelta(days=ahead))
        server = nursery.serve(busy.settings(LENDING_TODAY="", LENDING_SCHEDULER="1"))
        until = time.monotonic() + PATIENCE
        while nights(busy)[-1:] != [date(2026, 2, closed)]:
            assert time.monotonic() < until, nights(busy)
            time.sleep(0.1)
        server.kill()
    assert nights(busy) == [date(2026, 2, 2 + n) for n in range(9)], "none is missing and none is there twice"


ASKED = """
import sys
sys.path.insert(0, sys.argv[1])
from lending import clock
for line in sys.stdin:
    print(*(clock.today(zone) for zone in sys.argv[2:]), flush=True)
"""


def test_each_zone_has_its_own_date_at_every_quarter_of_a_day(tmp_path: Path):
    zones, file = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"), tmp_path / "clock"
    set_to(file, MIDDAY)
    begin = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    command, words = [sys.executable, "-c", ASKED, str(ROOT), *zones], {**os.environ, "TZ": "UTC", **another_clock(file)}
    with subprocess.Popen(command, env=words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin
        assert child.stdout
        for quarter in range(4 * 24):
            moment = begin + timedelta(minutes=15 * quarter, seconds=30)
            set_to(file, moment)
            child.stdin.write("\n")
            child.stdin.flush()
            wanted = [(moment + timedelta(hours=east)).date().isoformat() for east in (7, 8, 9)]
            assert child.stdout.readline().split() == wanted, moment
        child.stdin.close()
