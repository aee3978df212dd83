"""The demo is there whole or not at all, however often a start was cut off, and however many start at once."""

import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from flask import Flask

from lending import anchors, clock, schema
from lending.domain.access import HEAD_OFFICE_ZONE
from lending.queries import operations
from lending.settings import Settings

GROUPS, WEEKS = 12, 26
"""The demo's size when nobody says otherwise."""


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """One process at a time builds the demo of a data folder. The system lets go when the process ends, however it ends."""
    with (settings.data_dir / "demo.lock").open("a+b") as file:
        if sys.platform != "win32":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def opened(settings: Settings, open_house: Callable[[], Flask], say: Callable[[str], None]) -> Flask:
    """What a start does: the house opened, with the demo where it was empty, and anew where a start was cut off while building it."""
    with only_one(settings):
        app = open_house()
        if _was_cut_off(settings, app):
            empty(settings)
            app = open_house()
        with app.app_context():
            anything = not operations.is_empty()
        if not anything:
            build(settings, app, groups=GROUPS, weeks=WEEKS, on=clock.today(HEAD_OFFICE_ZONE), say=say)
        return app


def _was_cut_off(settings: Settings, app: Flask) -> bool:
    """Whether an earlier building of the demo in this very database never came to its end, and nothing but the demo is in it."""
    mark = _mark(settings)
    if not mark.exists() or mark.read_text(encoding="ascii") != _fingerprint(settings):
        return False
    with app.app_context():
        return operations.is_only_demo()


def build(settings: Settings, app: Flask, *, groups: int, weeks: int, on: date, say: Callable[[str], None]) -> Mapping[str, int]:
    """Fill the empty house with the demo; tells `{units, groups, members, loans, meetings}`."""
    password = settings.demo_password
    assert password is not None, "only production has none, and it has no demo"
    mark = _mark(settings)
    mark.write_text(_fingerprint(settings), encoding="ascii")
    say("Building the demo unit …")
    from lending import demo  # a start that finds the demo in place does without its lists of names

    with app.app_context():
        built = demo.build(groups, weeks, on=on, password=password, progress=lambda month: say(f"  {month}"))
    mark.unlink()
    return built


def empty(settings: Settings) -> None:
    """Take everything out of the database, and its anchors away; whoever calls this has made sure that it may go."""
    schema.move_to(settings.database_url, "base")
    (settings.data_dir / anchors.NAME).unlink(missing_ok=True)


def _mark(settings: Settings) -> Path:
    return settings.data_dir / "demo.unfinished"


def _fingerprint(settings: Settings) -> str:
    """Which database the mark speaks of: another one in the same folder is none of its business."""
    return hashlib.sha256(settings.database_url.encode()).hexdigest()
