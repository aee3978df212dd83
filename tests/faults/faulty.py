"""Faults that are built into a server on purpose (each is told its data folder): a test that would not notice them is blind."""

import os
import signal
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import Connection

LATE_SECONDS = 600
"""Longer than anybody waits: whoever is killed in between is killed before it."""


def answers_before_commit(_: Path) -> None:
    """The commit comes some time after the answer, as with a store that promises and writes later."""
    from lending import database

    def commit_later() -> None:
        late = database.session()
        database.session.registry.clear()
        threading.Timer(LATE_SECONDS, late.commit).start()

    _commits(commit_later)


def does_not_wait_for_the_disk(_: Path) -> None:
    """SQLite as most programmes set it with a WAL: a commit returns before the log is on the disk."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    event.listen(Engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA synchronous=1"))


def waits_a_second(_: Path) -> None:
    """As the house, but it gives up on a lock after one second and not after ten: the test need not wait so long."""
    _waits(1)


def waits_minutes(_: Path) -> None:
    """As the house, but it does not give up on a lock after ten seconds: a machine that stands still for a while is no fault of its."""
    _waits(600)


def _waits(seconds: int) -> None:
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    from lending import database

    database.BUSY_SECONDS = seconds

    def wait(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA busy_timeout={1000 * seconds}")

    event.listen(Engine, "begin", wait, insert=True)


def has_little_room(data_dir: Path) -> None:
    """A store that is full while the file `full` lies in the data folder: for machines on which no small disk can be made."""
    import psycopg
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    def full() -> bool:
        return (data_dir / "full").exists()

    def no_more_pages(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar() if full() else 1_073_741_823
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def no_more_rows(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if connection.dialect.name == "postgresql" and statement.startswith("INSERT INTO posting") and full():
            raise psycopg.errors.DiskFull("could not extend file: No space left on device")

    event.listen(Engine, "begin", no_more_pages)
    event.listen(Engine, "before_cursor_execute", no_more_rows)


def dies_before_commit(_: Path) -> None:
    """Killed at the last moment at which nothing that it books is kept."""
    _dies(_kill_myself, lambda: None)


def dies_after_commit(_: Path) -> None:
    """Killed at the first moment at which all that it books is kept, and nobody was told."""
    _dies(lambda: None, _kill_myself)


def _dies(before: Callable[[], None], after: Callable[[], None]) -> None:
    from lending import database

    def commit() -> None:
        before()
        database.session().commit()
        after()

    _commits(commit)


def _commits(books: Callable[[], None]) -> None:
    """Let the commit of what was booked be this; the store's own method is put aside. Who signs in and the like is kept as ever."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    from lending import database

    booked = threading.Event()

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO posting"):
            booked.set()

    def commit() -> None:
        mine = database.session()
        mine.flush()
        if booked.is_set():
            books()
        else:
            mine.commit()

    event.listen(Engine, "before_cursor_execute", note)
    database.session.commit = commit  # type: ignore[method-assign]


def _kill_myself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


PLANTS: Mapping[str, Callable[[Path], None]] = {
    "answers_before_commit": answers_before_commit,
    "dies_before_commit": dies_before_commit,
    "dies_after_commit": dies_after_commit,
    "does_not_wait_for_the_disk": does_not_wait_for_the_disk,
    "waits_a_second": waits_a_second,
    "waits_minutes": waits_minutes,
    "has_little_room": has_little_room,
}
