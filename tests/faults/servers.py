"""Our side of the nursery (`nursery.py`): ask for a server, kill it, ask for the next."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.faults.field import Sent

ROOT = Path(__file__).resolve().parents[2]

#: Long enough for a slow machine under load; nothing waits that long when all is well.
PATIENCE = 120


class Child:
    """A process of the nursery."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def kill(self, how: int = signal.SIGKILL) -> None:
        """Send a signal, and wait until the process is gone."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, how)
        self.wait()

    def wait(self) -> None:
        """Wait until the process is gone."""
        until = time.monotonic() + PATIENCE
        while self.is_alive():
            if time.monotonic() > until:
                raise AssertionError(f"the process {self.pid} does not end")
            time.sleep(0.001)

    def is_alive(self) -> bool:
        """Whether the process is still there; the nursery lets the system bury its dead at once."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True


class Server(Child):
    """A running server of ours."""

    def __init__(self, pid: int, address: str) -> None:
        super().__init__(pid)
        self.port = int(address.rsplit(":", 1)[1])


class Nursery:
    """Our side of the pipe."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._born: list[Server] = []

    def serve(self, settings: Mapping[str, str], plant: str | None = None) -> Server:
        """Start a server with these settings and wait until it answers; `plant` is a fault to be built in, by its name in `faulty.py`."""
        told = self._ask({"settings": dict(settings), "plant": plant})
        if "failed" in told:
            raise AssertionError(told["failed"])
        self._born = [one for one in self._born if one.is_alive()] + [Server(told["pid"], told["address"])]
        return self._born[-1]

    def migrate(self, url: str, revision: str) -> Child:
        """Begin to bring the database at this address to that schema."""
        return Child(self._ask({"migrate": url, "to": revision})["pid"])

    def warm(self, settings: Mapping[str, str], token: str, sent: Sequence[Sent]) -> None:
        """Let the nursery itself answer these first, so that its children begin as quick as a server that has been up for a while."""
        asked = [{"method": one.method, "path": f"/api/v1{one.path}", "body": one.body, "token": token} for one in sent]
        for one, (status, answer) in zip(sent, self._ask({"settings": dict(settings), "warm": asked}), strict=True):
            one.tries, one.status, one.answer = 1, status, answer

    def _ask(self, order: Mapping[str, Any]) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline() or '{"failed": "the nursery is gone"}')

    def close(self) -> None:
        """End whoever still runs, and the nursery."""
        for server in self._born:
            server.kill()
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        assert self._process.stdout
        self._process.stdout.close()


@contextmanager
def a_nursery(*before: str) -> Iterator[Nursery]:
    """A nursery for as long as the block lasts, perhaps behind other words such as `strace …`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LENDING_")}
    command = [*before, sys.executable, "-m", "tests.faults.nursery"]
    process = subprocess.Popen(command, cwd=ROOT, env=kept, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    nursery = Nursery(process)
    try:
        yield nursery
    finally:
        nursery.close()
