"""What lies in a data folder, and when a place is empty enough for a backup to be put back into it."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from lending.domain.refusals import Conflict, Refusal
from lending.settings import Settings

PHOTOS = "photos"

_OF_THE_HOUSE = {"secret", "master.key", "demo.lock", "anchors.log", "backups"}
"""What may lie in a data folder that holds no data yet: keys, which a backup never has, anchors kept from before, and backups."""


def photos(data_dir: Path) -> Iterator[tuple[str, Path]]:
    """Every stored photo with its place in the folder of photos; drafts, whose names begin with a dot, are none."""
    folder = data_dir / PHOTOS
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            yield name.as_posix(), path


def refuse_unless_empty(settings: Settings, backup: Path) -> None:
    """Refused: `not_empty` where there are books or photos already, or anything else that is not the house's own; `no_database`."""
    url = settings.database_url
    if url.startswith("sqlite"):
        taken = Path(url.removeprefix("sqlite:///")).exists()
    else:
        taken = _has_tables(url)
    allowed = _OF_THE_HOUSE | ({backup.name} if backup.parent.resolve() == settings.data_dir.resolve() else set())
    others = [path for path in settings.data_dir.iterdir() if path.name not in allowed and not _is_left_over(path)]
    if taken or any(path.name == PHOTOS or url.startswith("sqlite") for path in others):
        raise Conflict("not_empty")


def _is_left_over(path: Path) -> bool:
    """Whether this is the draft of a backup or of a putting back that was killed; it belongs to nobody."""
    return path.name.startswith(".") and path.suffix in {".restoring", ".unfinished", ".copy"}


def _has_tables(url: str) -> bool:
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            return bool(inspect(connection).get_table_names())
    except DBAPIError as fault:
        raise Refusal("no_database", status=503, reason=str(fault.orig).strip().splitlines()[0]) from fault
    finally:
        engine.dispose()
