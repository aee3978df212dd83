"""The books of an SQLite house: copied by the library itself while others write, and put in place in one step."""

import os
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import pysqlite3

from lending.domain.refusals import Conflict, Refusal

PART = "books/lending.db.gz"

_AT_A_TIME = 1 << 20
_BUSY_SECONDS = 30


def file_of(url: str) -> Path:
    """The file behind an SQLite address."""
    return Path(url.removeprefix("sqlite:///"))


@contextmanager
def snapshot(database: Path, beside: Path) -> Iterator[Path]:
    """A copy of the database as it stands at one moment, in a file of its own beside that one; gone at the end of the block."""
    copy = beside.with_name(f".{beside.name}.{os.getpid()}.copy")
    try:
        address = f"file:{quote(str(database))}?mode=ro"
        try:
            with closing(pysqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
                connection.execute("VACUUM INTO ?", (str(copy),))
        except pysqlite3.DatabaseError as fault:
            raise Refusal("file_trouble", reason=str(fault)) from fault
        copy.chmod(0o600)
        yield copy
    finally:
        remove(copy)


def content(path: Path) -> Iterator[bytes]:
    """A file, a piece at a time."""
    with path.open("rb") as file:
        while chunk := file.read(_AT_A_TIME):
            yield chunk


@contextmanager
def staged(database: Path, chunks: Iterable[bytes]) -> Iterator[Path]:
    """The books beside the place where they belong, not yet in it; what is not placed by the end of the block is gone."""
    draft = database.with_name(f".{database.name}.{os.getpid()}.restoring")
    try:
        write(draft, chunks)
        with closing(pysqlite3.connect(str(draft), isolation_level=None)) as connection:
            if connection.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
                raise Refusal("backup_damaged")
        yield draft
    finally:
        remove(draft)


def place(draft: Path, database: Path) -> None:
    """The staged books where they belong, unless something came there meanwhile."""
    try:
        os.link(draft, database)
    except FileExistsError as fault:
        raise Conflict("not_empty") from fault


def write(path: Path, chunks: Iterable[bytes]) -> None:
    """A new file with this in it, for its owner only, on the disk before this returns."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def remove(database: Path) -> None:
    """Take a database file away with what the library keeps beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
