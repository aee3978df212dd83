"""Seeing from outside that the store has just written, so that a kill can fall into a commit and not only somewhere near it."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg


@contextmanager
def a_watch(url: str) -> Iterator[Callable[[float], bool]]:
    """`moved(seconds)`: wait until the store at this address writes, at most so long; whether it did."""
    if url.startswith("sqlite:///"):
        log = url.removeprefix("sqlite:///") + "-wal"
        # A tight loop that waits for one write: no Path is built for each look.
        yield lambda seconds: _changes(lambda: os.stat(log).st_mtime_ns if os.path.exists(log) else 0, seconds)  # noqa: PTH110, PTH116
        return
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as line:
        yield lambda seconds: _changes(lambda: line.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").fetchone(), seconds)


def _changes(look: Callable[[], object], seconds: float) -> bool:
    before, until = look(), time.monotonic() + seconds
    while time.monotonic() < until:
        if look() != before:
            return True
    return False
