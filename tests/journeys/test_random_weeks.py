"""Months of a unit's life at random: after every step, in whatever order, the books are those that the test keeps for itself.

    LENDING_TEST_FAULTS=full .venv/bin/python -m pytest tests/journeys/test_random_weeks.py -rP      (thousands of steps a database)
    LENDING_TEST_LIVES=500 …                                                                         (so many lives a database, not 60)
    LENDING_TEST_SEED=4711 …                                                                         (the same weeks again)

What may happen stands in `weeks/`, a room a file; how many steps of which kind were played is printed at the end.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.numbers import FULL, SEED, times
from tests.furnished import House, copy_of_postgresql, opened
from tests.journeys.weeks import counter, days, lending, meetings, truth
from tests.journeys.weeks.unit import Opening

LIVES = int(os.environ.get("LENDING_TEST_LIVES") or 60)
STEPS = 60
"""Lives a database, and steps a life, where all is asked for."""


class Weeks(meetings.Meetings, lending.Lending, counter.Counters, days.Days, truth.Truth):
    """All of it."""


def lived(opening: Opening, *, examples: int, steps: int) -> None:
    played, refusals = Counter[str](), Counter[str]()
    more = {"opening": staticmethod(opening), "played": played, "refusals": refusals}
    machine = type("Weeks", (Weeks,), more)
    unhurried = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    bounds: dict[str, Any] = {"max_examples": examples, "stateful_step_count": steps, "database": None}
    if FULL:
        machine = seed(SEED)(machine)
    try:
        # A life that failed is told as it was: to make it shorter would take longer than to read it.
        bounds["phases"] = (Phase.generate,)
        told = settings(**bounds, deadline=None, derandomize=not FULL, suppress_health_check=unhurried)
        run_state_machine_as_test(machine, settings=told, _min_steps=steps)
    finally:
        print(f"seed {SEED if FULL else 'none: the same weeks every time'}; {played.total()} steps, {refusals.total()} of them refused")
        print(", ".join(f"{name} {many}" for name, many in played.most_common()))
        print("refused:", ", ".join(f"{code} {many}" for code, many in refusals.most_common()))


def test_months_at_random_on_sqlite(furnished_sqlite: tuple[Path, House], tmp_path: Path):
    path, house = furnished_sqlite

    @contextmanager
    def opening() -> Iterator[House]:
        copy = tmp_path / "lending.db"
        for left in tmp_path.iterdir():
            left.unlink()
        shutil.copy(path, copy)
        with opened(f"sqlite:///{copy}"):
            yield house

    lived(opening, examples=times(2, LIVES), steps=times(30, STEPS))


@pytest.mark.postgresql
def test_weeks_at_random_on_postgresql(request: pytest.FixtureRequest):
    template, house = request.getfixturevalue("furnished_postgresql")

    @contextmanager
    def opening() -> Iterator[House]:
        with copy_of_postgresql(request.getfixturevalue("postgresql"), template) as (_, url), opened(url):
            yield house

    lived(opening, examples=times(1, LIVES), steps=times(30, STEPS))
