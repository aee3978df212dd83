"""A backup is taken while the house works: one snapshot of the books, then the photos, then the manifest that vouches for both."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from flask import Flask
from sqlalchemy import text

from lending import clock, schema
from lending.actions import chain
from lending.app import create_house
from lending.backup import archive, postgresql, sqlite
from lending.backup.places import PHOTOS, photos
from lending.database import db, session
from lending.domain.refusals import Conflict, NotFound, Refusal
from lending.queries import check, operations
from lending.settings import Settings


@dataclass(frozen=True)
class Taken:
    """What a backup holds."""

    schema: str
    entries: int
    head: str
    photos: int
    size: int


@dataclass(frozen=True)
class Vouched:
    """What the manifest says of the books: how many entries, the head of their chain, the newest business date."""

    entries: int
    head: str
    newest: date | None


def take(settings: Settings, file: Path) -> Taken:
    """Write everything but the keys into this one file; whoever writes meanwhile is not kept waiting.

    Refused: `nothing_to_back_up`, `schema_not_ours` (the database is an older or newer programme's), `file_in_the_way`, `file_trouble`,
    `no_database`.
    """
    revision = _revision(settings)
    _anchor(settings)
    with archive.written(file) as writer:
        vouched = _books(settings, file, writer)
        found = 0
        for name, path in photos(settings.data_dir):
            # A photo's row comes after its file, and the books were copied before: each photo they speak of is here.
            writer.add(f"{PHOTOS}/{name}", sqlite.content(path))
            found += 1
        manifest = {
            "made_at": clock.now().isoformat(timespec="seconds"),
            "database": _kind(settings.database_url),
            "schema": revision,
            "entries": vouched.entries,
            "head": vouched.head,
            "newest": vouched.newest.isoformat() if vouched.newest else None,
        }
        writer.close(manifest, settings.master_key)
    return Taken(revision, vouched.entries, vouched.head, found, file.stat().st_size)


def _anchor(settings: Settings) -> None:
    """Seal the hash chains and tell outside the database how far they have come; a house too busy or full for that is kept all the same."""
    with house_at(settings, settings.database_url), suppress(Refusal):
        chain.seal_house("backup")


def _revision(settings: Settings) -> str:
    url = settings.database_url
    if url.startswith("sqlite") and not sqlite.file_of(url).exists():
        raise NotFound("nothing_to_back_up")
    revision = schema.current(url)
    if revision is None:
        raise NotFound("nothing_to_back_up")
    if revision != schema.newest():
        raise Conflict("schema_not_ours", has=revision, knows=schema.newest())
    return revision


def _books(settings: Settings, file: Path, writer: archive.Writer) -> Vouched:
    if settings.database_url.startswith("sqlite"):
        with sqlite.snapshot(sqlite.file_of(settings.database_url), beside=file) as copy:
            with house_at(settings, f"sqlite:///{copy}"):
                vouched = _vouched()
            writer.add(sqlite.PART, sqlite.content(copy), packed=True)
        return vouched
    with house_at(settings, settings.database_url):
        connection = session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        vouched = _vouched()
        postgresql.copy_out(connection, writer)
    return vouched


def _vouched() -> Vouched:
    return Vouched(check.count(), check.head(), operations.newest_business_date())


def _kind(url: str) -> str:
    return "sqlite" if url.startswith("sqlite") else "postgresql"


@contextmanager
def house_at(settings: Settings, url: str) -> Iterator[Flask]:
    """The rooms behind the doors, on this database; every connection is closed at the end of the block."""
    app = create_house(cast("Settings", replace(cast("Any", settings), database_url=url)))
    with app.app_context():
        try:
            yield app
        finally:
            session.remove()
            db.engine.dispose()
