"""The store is full, or somebody else holds it: people and programs are told so, reading goes on, and it heals without a new start."""

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
import pysqlite3
import pytest

from lending import database
from tests.faults.conftest import BusyHouse, busy_sqlite, made_busy
from tests.faults.field import Caller, Sent, Worker
from tests.faults.judge import judge
from tests.faults.numbers import SEED, times
from tests.faults.servers import Nursery
from tests.postgres import NOBODY

FILLINGS = times(2, 10)
"""How often the disk is filled and emptied."""


# ---- a full disk -----------------------------------------------------------------------------------------------------------------------


@contextmanager
def a_small_disk(megabytes: int) -> Iterator[Path | None]:
    """A folder on a disk of its own, None where none can be made here."""
    folder = Path(tempfile.mkdtemp(prefix="mb-small-disk-"))
    made = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "tmpfs", str(folder)], capture_output=True, check=False
    )
    try:
        yield folder if made and made.returncode == 0 else None
    finally:
        if made and made.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


def filled(disk: Path) -> None:
    """Not one more block fits."""
    with (disk / "filler").open("wb", buffering=0) as file:
        size = 1 << 20
        while size >= 512:
            try:
                file.write(bytes(size))
            except OSError:
                size //= 2


@pytest.mark.parametrize("kind", ["a disk", "a limit"])
def test_a_full_sqlite_is_507_reading_goes_on_and_it_heals(request: pytest.FixtureRequest, tmp_path: Path, nursery: Nursery, kind: str):
    with a_small_disk(8) as disk:
        busy = busy_sqlite(request, disk if disk and kind == "a disk" else tmp_path)
        if disk and kind == "a disk":
            full_and_well_again(busy, nursery, None, lambda: filled(disk), (disk / "filler").unlink)
        else:
            mark = busy.data_dir / "full"
            full_and_well_again(busy, nursery, "has_little_room", mark.touch, mark.unlink)


@pytest.mark.postgresql
@pytest.mark.parametrize("kind", ["a disk", "a limit"])
def test_a_full_postgresql_is_507_reading_goes_on_and_it_heals(request: pytest.FixtureRequest, tmp_path: Path, nursery: Nursery, kind: str):
    server = request.getfixturevalue("postgresql")
    template, house = request.getfixturevalue("furnished_postgresql")
    name = f"full_{os.getpid()}"
    with a_small_disk(40) as disk, ExitStack() as gone:
        small = disk is not None and kind == "a disk" and not os.environ.get("LENDING_TEST_DATABASE_URL")
        if small:
            assert disk
            space = disk / "space"
            space.mkdir(mode=0o700)
            if os.geteuid() == 0:
                os.chown(space, NOBODY, NOBODY)
            server.run(f"CREATE TABLESPACE {name} LOCATION '{space}'")
            gone.callback(server.run, f"DROP TABLESPACE {name}")
        server.run(f"CREATE DATABASE {name} TEMPLATE {template}" + (f" TABLESPACE {name}" if small else ""))
        gone.callback(server.run, f"DROP DATABASE {name} WITH (FORCE)")
        busy = made_busy(server.database(name), tmp_path / "data", house)
        if small:
            assert disk
            full_and_well_again(busy, nursery, None, lambda: filled(disk), (disk / "filler").unlink)
        else:
            mark = busy.data_dir / "full"
            full_and_well_again(busy, nursery, "has_little_room", mark.touch, mark.unlink)


def full_and_well_again(busy: BusyHouse, nursery: Nursery, plant: str | None, fill: Callable[[], None], free: Callable[[], None]) -> None:
    """Fill the store while meetings are posted, look what is answered, free it, and let the same server go on."""
    workers = busy.workers(SEED)
    server = nursery.serve(busy.settings(), plant)
    refused = 0
    with ExitStack() as lines:
        callers = [lines.enter_context(closing(Caller(server.port, worker.token))) for worker in workers]
        for _ in range(FILLINGS):
            for worker, caller in zip(workers, callers, strict=True):
                caller.send(worker.next())
            fill()
            for worker, caller in zip(workers, callers, strict=True):
                refused += sent_until_full(worker, caller)
                status, _, _ = caller.call("GET", "/me")
                assert status == 200
            status, sheet, _ = callers[0].call("GET", f"/meetings/{busy.sheets[busy.house.melati][0]['meeting']}/sheet")
            assert (status, len(sheet["lines"])) == (200, 12)
            free()
            for worker, caller in zip(workers, callers, strict=True):
                for one in worker.unanswered():
                    caller.send(one)
    assert {one.status for worker in workers for one in worker.sent} <= {200, 201}
    verdict = judge(busy.url, workers, busy.today)
    answered = sum(len(worker.sent) for worker in workers)
    print(f"{FILLINGS} times full: {answered} answered, {refused} refused, {len(verdict.lost)} lost, {len(verdict.half)} half")
    assert verdict.is_clean, verdict


def sent_until_full(worker: Worker, caller: Caller) -> int:
    """Go on until there is no room, and be refused three times."""
    for _ in range(3_000):
        one = worker.next()
        caller.send(one)
        if one.status not in (200, 201):
            break
    for again in range(3):
        assert (one.status, one.answer["type"]) == (507, "/problems/disk_full"), one
        assert "SQL" not in str(one.answer)
        if again < 2:
            caller.send(one)
    one.status = None  # she will send it once more
    return 3


# ---- held by another process -----------------------------------------------------------------------------------------------------------


@contextmanager
def held(busy: BusyHouse) -> Iterator[Callable[[], None]]:
    """Another programme holds what every posting needs; yields what lets go of it."""
    if busy.url.startswith("sqlite"):
        with closing(pysqlite3.connect(busy.url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield lambda: other.execute("ROLLBACK")
        return
    with psycopg.connect(busy.url.replace("+psycopg", "")) as line:
        line.execute("SELECT id FROM unit FOR UPDATE")
        yield line.rollback


def test_held_for_three_seconds_everybody_waits_and_is_kept(busy: BusyHouse, nursery: Nursery):
    assert database.BUSY_SECONDS > 3
    workers = busy.workers(SEED)
    server = nursery.serve(busy.settings(), plant="waits_minutes")
    sent = [worker.next() for worker in workers[:2]]
    answered: dict[str, float] = {}

    def send(worker: Worker, one: Sent) -> None:
        with closing(Caller(server.port, worker.token)) as caller:
            caller.send(one)
            answered[one.uuid] = time.monotonic()

    threads = [threading.Thread(target=send, args=pair) for pair in zip(workers, sent, strict=False)]
    with held(busy) as let_go, closing(Caller(server.port, workers[0].token)) as reader:
        for thread in threads:
            thread.start()
        until = time.monotonic() + 3
        while time.monotonic() < until:
            assert reader.call("GET", f"/meetings/{sent[0].body['meeting']}/sheet")[0] == 200
            time.sleep(0.1)  # as a person reads, or she hears that she asks too often
        freed = time.monotonic()
        let_go()
    for thread in threads:
        thread.join()
    assert [one.status for one in sent] == [201, 201]
    assert min(answered.values()) > freed
    assert judge(busy.url, workers, busy.today).is_clean


def test_held_for_longer_everybody_is_told_to_come_again_and_nothing_is_kept(busy: BusyHouse, nursery: Nursery):
    assert database.BUSY_SECONDS == 10, "the house itself waits ten seconds; the server of this test one"
    workers = busy.workers(SEED)[:2]
    server = nursery.serve(busy.settings(), plant="waits_a_second")
    with held(busy) as let_go:
        for worker in workers:
            with closing(Caller(server.port, worker.token)) as caller:
                one = worker.next()
                status, problem, headers = caller.call(one.method, one.path, one.body)
                assert (status, problem["type"]) == (503, "/problems/busy")
                assert int(headers["Retry-After"]) > 0
        let_go()
    assert judge(busy.url, [], busy.today).is_clean, "nothing was kept"
    for worker in workers:
        with closing(Caller(server.port, worker.token)) as caller:
            caller.send(worker.sent[0])
    assert [worker.sent[0].status for worker in workers] == [201, 201]
    assert judge(busy.url, workers, busy.today).is_clean
