"""The first start builds the demo, also when it was cut off before; what a house with a past will and will not do."""

import shutil
import signal
import time
from datetime import date
from pathlib import Path

import pytest

from tests.start.programme import PATIENCE, a_server, run
from tests.start.test_verbs import PRODUCTION, is_problem

TODAY = "2026-11-26"
DEMO = {"LENDING_DEMO": "1", "LENDING_TODAY": TODAY, "LENDING_SCHEDULER": "0"}

SIGN_INS = ["officer", "officer2", "mentor", "leader", "head", "cashier", "auditor", "city", "admin", "srg-head", "srg-officer"]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """After a first start that was killed while it built the demo, and a second one: the data folder, and what the second printed."""
    data_dir = tmp_path_factory.mktemp("demo") / "data"
    with a_server(data_dir, **DEMO) as first:
        first.wait_for("  2026-06")
        first.end(signal.SIGKILL)
    with a_server(data_dir, **DEMO) as second:
        assert second.get("/healthz")[0] == 200
        assert "Building the demo unit …" in second.errors
        assert second.end() == 0
        return data_dir, second.lines


@pytest.fixture
def house(printed: tuple[Path, list[str]], tmp_path: Path) -> Path:
    """A copy of that data folder."""
    return shutil.copytree(printed[0], tmp_path / "data")


def test_it_prints_its_address_and_one_sign_in_for_each_role(printed: tuple[Path, list[str]]) -> None:
    address, *people = printed[1]
    assert address.startswith("http://127.0.0.1:")
    assert address.endswith("/")
    told = dict(line.split("\t") for line in people)
    assert set(SIGN_INS) <= set(told)
    assert set(told.values()) == {"maju-bersama-demo"}


def test_a_demo_that_was_begun_anew_adds_up(house: Path) -> None:
    proof = run(house, "check", "--json", LENDING_TODAY=TODAY)
    assert (proof.code, proof.document["ok"], proof.document["differences"]) == (0, True, [])
    assert proof.document["entries"] > 1000


def test_a_warm_start_builds_nothing(house: Path) -> None:
    with a_server(house, **DEMO) as server:
        assert server.get("/readyz")[0] == 200
        assert server.errors == []


def test_a_date_before_the_newest_one_here_is_refused_by_name(house: Path) -> None:
    for words in ([], ["check", "--json"], ["nightly"]):
        refused = run(house, *words, **DEMO | {"LENDING_TODAY": "2026-11-10"})
        assert refused.code == 1
        assert "Traceback" not in refused.err
    assert is_problem(run(house, "check", "--json", **DEMO | {"LENDING_TODAY": "2026-11-10"}), "date_before_data", 409)


def test_a_later_date_is_caught_up_by_the_server_itself(house: Path) -> None:
    later = DEMO | {"LENDING_TODAY": "2026-11-30", "LENDING_SCHEDULER": "1"}
    with a_server(house, **later) as server:
        # It answers at once, whatever the night has still to catch up.
        assert server.get("/healthz")[0] == 200
        until = time.monotonic() + PATIENCE
        while (state := server.get("/readyz")[1])["nightly"]["late_days"] and time.monotonic() < until:
            time.sleep(0.2)
        assert state["nightly"] == {"last_closed": "2026-11-29", "late_days": 0}
        assert server.end() == 0
    assert run(house, "nightly", "--json", **later).document == {"closed": []}
    assert run(house, "check", **later).code == 0


def test_nights_by_hand_close_each_date_once_oldest_first(house: Path) -> None:
    later = DEMO | {"LENDING_TODAY": "2026-11-30"}
    closed = run(house, "nightly", "--on", "2026-11-28", "--json", **later).document["closed"]
    assert closed == sorted(closed)
    assert closed[-1] == "2026-11-28"
    assert run(house, "nightly", "--on", "2026-11-28", "--json", **later).document == {"closed": []}
    assert run(house, "nightly", "--json", **later).document == {"closed": ["2026-11-29"]}
    assert date.fromisoformat(closed[0]) >= date(2026, 11, 1)


def test_the_demo_is_not_built_over_itself_unless_told_to_begin_anew(house: Path) -> None:
    assert is_problem(run(house, "demo", "--json", **DEMO), "not_empty", 409)
    small = run(house, "demo", "--reset", "--groups", "2", "--weeks", "3", "--json", **DEMO)
    assert small.code == 0, small.err
    assert small.document["groups"] == 2
    assert set(small.document) == {"units", "groups", "members", "loans", "meetings"}
    assert run(house, "check", **DEMO).code == 0


def test_a_reset_that_cannot_be_empties_nothing(house: Path) -> None:
    for words, code in ((["--groups", "0"], "out_of_range"), (["--on", "2027-01-01"], "future_date")):
        assert is_problem(run(house, "demo", "--reset", *words, "--json", **DEMO), code, 422)
    assert run(house, "check", "--json", **DEMO).document["entries"] > 1000


def test_production_does_not_start_on_demo_accounts(house: Path) -> None:
    assert is_problem(run(house, "check", "--json", **PRODUCTION), "demo_accounts", 422)
