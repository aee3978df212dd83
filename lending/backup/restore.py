"""Putting a backup down in an empty place: everything is proved before anything is written, and a no leaves nothing behind."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from lending import anchors, schema
from lending.backup import archive, postgresql, sqlite
from lending.backup.places import PHOTOS, refuse_unless_empty
from lending.backup.take import house_at
from lending.domain.refusals import Conflict, Refusal
from lending.queries import check
from lending.queries.differences import Difference
from lending.settings import Settings


@dataclass(frozen=True)
class PutBack:
    """A house that stands again: what `check` said of it, and how many photos came along."""

    proof: check.Proof
    schema: str
    photos: int


def restore(settings: Settings, file: Path, today: date) -> PutBack:
    """Put the backup into this data folder and database, bring its schema up, and prove the books.

    Refused: `not_empty`, `no_file`, `backup_damaged`, `other_master_key`, `other_database` (SQLite or PostgreSQL), `schema_too_new`,
    `date_before_data`, `file_trouble`, `no_database`.
    """
    refuse_unless_empty(settings, file)
    with archive.opened(file, settings.master_key) as backup:
        _judge(backup, settings)
        with _staged_photos(settings.data_dir, backup) as staged:
            if settings.database_url.startswith("sqlite"):
                proof = _into_sqlite(settings, backup, staged, today)
            else:
                proof = _into_postgresql(settings, backup, staged, today)
    return PutBack(proof, schema.newest(), sum(part.name.startswith(f"{PHOTOS}/") for part in backup.parts))


def _judge(backup: archive.Backup, settings: Settings) -> None:
    """Whether what is in the backup may go where we stand."""
    told = backup.manifest
    if str(told["schema"]) > schema.newest():
        raise Conflict("schema_too_new", has=told["schema"], knows=schema.newest())
    if told["database"] != ("sqlite" if settings.database_url.startswith("sqlite") else "postgresql"):
        raise Refusal("other_database", database=told["database"])
    newest = date.fromisoformat(told["newest"]) if told["newest"] else None
    if settings.today is not None and newest is not None and settings.today < newest:
        raise Conflict("date_before_data", newest=newest)


def _into_sqlite(settings: Settings, backup: archive.Backup, photos: Path | None, today: date) -> check.Proof:
    database = sqlite.file_of(settings.database_url)
    with sqlite.staged(database, backup.read(sqlite.PART, packed=True)) as draft:
        schema.upgrade(f"sqlite:///{draft}")
        with _placed(photos, settings.data_dir):  # the books name their files: proved without them, every photo would be missing
            proof = _proved(settings, f"sqlite:///{draft}", backup, today)
            sqlite.place(draft, database)
    return proof


def _into_postgresql(settings: Settings, backup: archive.Backup, photos: Path | None, today: date) -> check.Proof:
    with _placed(photos, settings.data_dir), schema.first_filled(settings.database_url, str(backup.manifest["schema"])) as connection:
        postgresql.copy_in(connection, backup)
    schema.upgrade(settings.database_url)
    return _proved(settings, settings.database_url, backup, today)


def _proved(settings: Settings, url: str, backup: archive.Backup, today: date) -> check.Proof:
    """What `check` says of the books at this address, and whether they are those of the manifest."""
    with house_at(settings, url):
        proof = check.prove(today, anchors.kept())
    told = backup.manifest
    # What the head is made of may grow with the schema; at the same schema it is the same.
    if proof.entries == told["entries"] and (told["schema"] != schema.newest() or proof.head == told["head"]):
        return proof
    strange = Difference("V6", "manifest", f"it speaks of {told['entries']} entries and of the head {told['head']}")
    return replace(proof, differences=(*proof.differences, strange))


@contextmanager
def _staged_photos(data_dir: Path, backup: archive.Backup) -> Iterator[Path | None]:
    """The photos in a folder beside their own, None where there are none; gone at the end of the block unless they were placed."""
    names = [part.name for part in backup.parts if part.name.startswith(f"{PHOTOS}/")]
    draft = data_dir / f".{PHOTOS}.{os.getpid()}.restoring"
    try:
        for name in names:
            path = draft / name.removeprefix(f"{PHOTOS}/")
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            sqlite.write(path, backup.read(name))
        yield draft if names else None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _placed(photos: Path | None, data_dir: Path) -> Iterator[None]:
    """The photos in their place before the books that speak of them; away again where the books do not come."""
    folder = data_dir / PHOTOS
    try:
        if photos:
            photos.rename(folder)
    except OSError as fault:
        raise Conflict("not_empty") from fault
    try:
        yield
    except BaseException:
        if photos:
            folder.rename(photos)
        raise
