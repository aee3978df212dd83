"""No 201 leaves the server before the log with what it promises is on the disk: the server's own system calls, in their order."""

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.faults.conftest import busy_sqlite
from tests.faults.field import Caller
from tests.faults.numbers import SEED, times
from tests.faults.servers import a_nursery

POSTS = times(20, 200)

CALL = re.compile(r"^\d+ +(?P<name>\w+)\((?P<rest>.*)")


def promises(trace: Path) -> list[bool]:
    """Of each 201 in the trace: whether all that was written to the log before it was on the disk."""
    found, dirty, written = [], False, False
    for line in trace.read_text(errors="replace").splitlines():
        call = CALL.match(line)
        if not call:
            continue
        name, rest = call["name"], call["rest"]
        if name.startswith("pwrite") and "-wal>" in rest:
            dirty = written = True
        elif name in ("fdatasync", "fsync") and "-wal>" in rest:
            dirty = False
        elif name.startswith("send") and "HTTP/1.1 201" in rest:
            assert written, "a 201 of which nothing was written"
            found.append(not dirty)
            written = False
    return found


@pytest.mark.parametrize(("plant", "safe"), [(None, True), ("does_not_wait_for_the_disk", False)])
def test_every_201_comes_after_the_disk(request: pytest.FixtureRequest, tmp_path: Path, plant: str | None, safe: bool):
    if not shutil.which("strace"):
        missing("no strace: install it (Debian, Ubuntu: sudo apt install strace)")
    busy, trace = busy_sqlite(request, tmp_path), tmp_path / "trace"
    cashier = busy.workers(SEED)[2]
    calls = "trace=pwrite64,pwritev,fdatasync,fsync,sendto,sendmsg"
    with a_nursery("strace", "-f", "-y", "--seccomp-bpf", "-s", "30", "-o", str(trace), "-e", calls) as nursery:
        caller = Caller(nursery.serve(busy.settings(), plant).port, cashier.token)
        for _ in range(POSTS):
            caller.send(cashier.next())
        caller.close()
    assert [one.status for one in cashier.sent] == [201] * POSTS
    told = promises(trace)
    print(f"{sum(told)} of {len(told)} answers came after the disk" + (f" ({plant})" if plant else ""))
    assert told == [safe] * POSTS
