"""Backups of the furnished house, and empty places to put them."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from flask import current_app

from config import Settings
from tests.conftest import TODAY
from tests.furnished import MASTER_KEY, furnished_postgresql, furnished_sqlite, house
from tests.postgres import PostgreSQL

__all__ = ["furnished_postgresql", "furnished_sqlite", "house"]

_places = itertools.count(1)

MakePlace = Callable[..., Settings]


@pytest.fixture
def here(house: object, tmp_path: Path) -> Settings:
    """The settings of the furnished house itself, with two photos in its folder."""
    found = settings_of(tmp_path / "here", current_app.config["SQLALCHEMY_DATABASE_URI"])
    for name, content in (("ab/first.jpg", b"\xff\xd8 a photo \x00\xff" * 5000), ("second.jpg", b"")):
        path = found.data_dir / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (found.data_dir / "photos" / ".draft").write_bytes(b"not whole yet")
    return found


def settings_of(data_dir: Path, url: str | None = None, **words: str) -> Settings:
    """Settings of the test kind at that folder; SQLite in it unless an address is given."""
    given = {"LENDING_ENV": "test", "LENDING_TODAY": TODAY.isoformat(), "LENDING_MASTER_KEY": MASTER_KEY, "LENDING_DATA_DIR": str(data_dir)}
    return Settings.from_environment(given | ({"LENDING_DATABASE_URL": url} if url else {}) | words, root=data_dir.parent)


@pytest.fixture
def a_place(request: pytest.FixtureRequest, tmp_path: Path, here: Settings) -> Iterator[MakePlace]:
    """`a_place()`: settings of a new place, its database of the same kind as the house's and with nothing in it."""
    with ExitStack() as gone:

        def make(**words: str) -> Settings:
            folder = tmp_path / f"place{next(_places)}"
            if here.database_url.startswith("sqlite"):
                return settings_of(folder, **words)
            return settings_of(folder, gone.enter_context(an_empty_database(request.getfixturevalue("postgresql"))), **words)

        yield make


@contextmanager
def an_empty_database(server: PostgreSQL) -> Iterator[str]:
    """A database in which nothing was ever made."""
    name = f"empty_{os.getpid()}_{next(_places)}"
    server.run(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        yield server.database(name)
    finally:
        server.run(f"DROP DATABASE {name} WITH (FORCE)")
