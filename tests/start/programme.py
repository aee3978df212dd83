"""`python run.py VERB` as a stranger starts it: a process of its own, its words, what it printed, how it ended."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

#: Long enough for a slow machine under load; nothing waits that long when all is well.
PATIENCE = 120


@dataclass(frozen=True)
class Ended:
    """A process that has ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Its whole stdout as one JSON document."""
        return json.loads(self.out)


def surroundings(data_dir: Path, **settings: str) -> dict[str, str]:
    """The environment of such a process: nothing of ours but these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LENDING_")}
    return kept | {"LENDING_DATA_DIR": str(data_dir), "LENDING_DEMO": "0", "LANG": "C.UTF-8", "LC_ALL": ""} | settings


def run(data_dir: Path, *words: str, **settings: str) -> Ended:
    """One verb, to its end."""
    command = [sys.executable, str(ROOT / "run.py"), *words]
    # Started from elsewhere: paths are relative to the checkout, not to where somebody stands.
    done = subprocess.run(
        command, cwd=data_dir.parent, env=surroundings(data_dir, **settings), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    return Ended(done.returncode, done.stdout, done.stderr)


class Running:
    """A server that was started with `PORT=0`: `lines` is what it printed until it was ready."""

    def __init__(self, data_dir: Path, *words: str, **settings: str) -> None:
        settings = {"LENDING_PORT": "0"} | settings
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "run.py"), *words],
            env=surroundings(data_dir, **settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.lines: list[str] = []
        self.errors: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, args=(pipe, kept), daemon=True)
            for pipe, kept in ((self.process.stdout, self.lines), (self.process.stderr, self.errors))
        ]
        for reader in self._readers:
            reader.start()

    @staticmethod
    def _read(pipe: Any, kept: list[str]) -> None:
        for line in pipe:  # as each comes, not when all have come
            kept += [line.rstrip("\n")]

    @property
    def address(self) -> str:
        """Where it answers, without a slash at the end; waits until it has said so."""
        self._wait(lambda: bool(self.lines), "it never said where it is")
        return self.lines[0].rstrip("/")

    def wait_for(self, line: str) -> None:
        """Wait until it has said this on stderr."""
        self._wait(lambda: line in self.errors, f"it never said: {line}")

    def _wait(self, happened: Callable[[], bool], otherwise: str) -> None:
        until = time.monotonic() + PATIENCE
        while not happened():
            if self.process.poll() is not None or time.monotonic() > until:
                raise AssertionError("\n".join([otherwise, *self.errors]))
            time.sleep(0.02)

    def get(self, path: str) -> tuple[int, Any]:
        """Status and JSON of an answer."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, json.load(refusal)

    def end(self, how: int = signal.SIGTERM) -> int:
        """Send a signal and wait; gives the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()
        return code


@contextmanager
def a_server(data_dir: Path, *words: str, **settings: str) -> Iterator[Running]:
    """A running server, gone at the end of the block."""
    running = Running(data_dir, *words, **settings)
    try:
        yield running
    finally:
        running.end(signal.SIGKILL)
