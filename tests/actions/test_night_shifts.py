"""The night by several processes at once, ten days late and one of them killed half-way: the same history as night by night, on time."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from lending.database import db
from lending.domain.collection import Shortfall, ShortReason
from lending.jobs.nightly import close_days
from tests.actions.test_night import history
from tests.furnished import LENT_ON, House, a_record, copy_of_postgresql, day, opened
from tests.house.source import ROOT

A_DAY = timedelta(days=1)
LAST = day(2) + 3 * A_DAY

Houses = Callable[[], AbstractContextManager[House]]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def houses(request: pytest.FixtureRequest, tmp_path: Path) -> Houses:
    """Furnished houses, each a copy of its own."""

    @contextmanager
    def on_sqlite() -> Iterator[House]:
        template, house = request.getfixturevalue("furnished_sqlite")
        with opened(f"sqlite:///{shutil.copy(template, tmp_path / 'lending.db')}"):
            yield house

    @contextmanager
    def on_postgresql() -> Iterator[House]:
        template, house = request.getfixturevalue("furnished_postgresql")
        with copy_of_postgresql(request.getfixturevalue("postgresql"), template) as (_, url), opened(url):
            yield house

    return on_sqlite if request.param == "sqlite" else on_postgresql


def facts(house: House, on: date) -> None:
    """What happens on that day."""
    first, second, third, *_ = house.women
    if on == day(1):
        a_record(house, 1, paid={first: 0, second: 20_000}, shortfalls={first: Shortfall(ShortReason.SAKIT, day(1) + 2 * A_DAY)})
    if on == day(2):
        a_record(house, 2, paid={first: 0, second: 80_000, third: 10_000})


def days() -> list[date]:
    return [LENT_ON + n * A_DAY for n in range((LAST - LENT_ON).days + 1)]


def a_worker(*how: str) -> "subprocess.Popen[str]":
    url = db.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.night_shift", url, LAST.isoformat(), *how]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_late_doubled_and_killed_it_writes_what_it_would_have_written_on_time(houses: Houses):
    with houses() as house:
        for on in days():
            facts(house, on)
            assert close_days(on) == [on]
        on_time = history()
    assert len(on_time) > 40
    with houses() as house:
        for on in days():
            facts(house, on)
        stuck = a_worker("--stuck")
        assert stuck.stdout is not None
        assert stuck.stdout.readline() == "half\n"
        workers = [a_worker() for _ in range(4)]
        stuck.kill()
        stuck.communicate()
        answers = [json.loads(worker.communicate(timeout=120)[0]) for worker in workers]
        assert [worker.returncode for worker in workers] == [0] * 4
        assert sorted(on for answer in answers for on in answer) == [on.isoformat() for on in days()]
        assert all(answer == sorted(answer) for answer in answers)
        assert history() == on_time
        assert close_days(LAST) == []
        assert history() == on_time
