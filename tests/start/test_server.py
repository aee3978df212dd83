"""The server from outside: it says where it is, answers, stops, and comes back after a kill."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.ports import a_lasting_port
from tests.start.programme import PATIENCE, ROOT, a_server, run, surroundings


def test_it_says_where_it_is_and_answers(tmp_path: Path) -> None:
    with a_server(tmp_path / "data") as server:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.address)
        assert server.get("/healthz") == (200, {"status": "ok"})
        status, ready = server.get("/readyz")
        assert (status, ready["database"], ready["migrations"]) == (200, "ok", "ok")
        # Without a demo there is nobody to name.
        assert server.lines == [f"{server.address}/"]


def test_serve_is_the_same_as_no_verb(tmp_path: Path) -> None:
    with a_server(tmp_path / "data", "serve") as server:
        assert server.get("/healthz")[0] == 200


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_in_order(tmp_path: Path, how: signal.Signals) -> None:
    with a_server(tmp_path / "data") as server:
        assert server.get("/healthz")[0] == 200
        assert server.end(how) == 0
        assert "Traceback" not in "\n".join(server.errors)


def test_after_a_kill_it_starts_again_on_the_same_port_without_a_hand(tmp_path: Path) -> None:
    port = str(a_lasting_port())
    with a_server(tmp_path / "data", LENDING_PORT=port) as first:
        assert first.get("/healthz")[0] == 200
        first.end(signal.SIGKILL)
    with a_server(tmp_path / "data", LENDING_PORT=port) as second:
        assert second.address == first.address == f"http://127.0.0.1:{port}"
        assert second.get("/readyz")[0] == 200
    assert run(tmp_path / "data", "check").code == 0


def test_a_kill_during_the_very_first_start_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    for moment in (0.3, 0.6, 0.9, 1.2):
        with a_server(tmp_path / "data") as starting:
            time.sleep(moment)
            starting.end(signal.SIGKILL)
    with a_server(tmp_path / "data") as server:
        assert server.get("/readyz")[0] == 200


def test_two_first_starts_at_once_both_serve(tmp_path: Path) -> None:
    with a_server(tmp_path / "data") as one, a_server(tmp_path / "data") as other:
        assert one.get("/readyz")[0] == other.get("/readyz")[0] == 200
        assert one.address != other.address


def test_a_port_that_is_taken_is_refused_by_name(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = run(tmp_path / "data", LENDING_PORT=str(taken.getsockname()[1]))
    assert refused.code == 1
    assert "LENDING_PORT" in refused.err
    assert "Traceback" not in refused.err


def test_a_worker_stops_in_order(tmp_path: Path) -> None:
    assert run(tmp_path / "data", "setup").code == 0
    with a_server(tmp_path / "data", "worker") as worker:
        worker.wait_for("The clock runs.")
        assert worker.end(signal.SIGTERM) == 0
        assert worker.lines == []


def test_gunicorn_serves_the_same_house_with_several_processes(tmp_path: Path) -> None:
    port = a_lasting_port()
    gunicorn = [str(ROOT / ".venv" / "bin" / "gunicorn"), "--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    process = subprocess.Popen(
        [*gunicorn, "--bind", f"127.0.0.1:{port}", "--worker-tmp-dir", str(tmp_path), "run:application()"],
        cwd=ROOT, env=surroundings(tmp_path / "data"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE) as answer:
                    assert answer.status == 200
                    break
            except OSError:
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.1)
    finally:
        os.kill(process.pid, signal.SIGTERM)
        said, _ = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in said
    assert process.returncode == 0
