"""The schema's version: which one the code wants, which one the database has, and the way up.

Migrations are numbered (`0001_first_tables.py`, revision `0001`) and run in one transaction on either database: a kill half-way leaves the
old schema or the new one, never something between. Several processes that start at once wait for each other here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pysqlite3
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from lending.domain.refusals import Refusal

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

_ADVISORY_LOCK = 5_021_994
"""Any number that no other programme on the same PostgreSQL database takes."""

_WAIT_SECONDS = 120


def newest() -> str:
    """The revision this code was written for: the highest number among the migrations."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def current(url: str) -> str | None:
    """The revision of the database at `url`; None when it holds no tables of ours yet. Refuses `no_database` where nobody answers."""
    with _connection(url, writing=False) as connection:
        return _current(connection)


def upgrade(url: str) -> str:
    """Bring the database at `url` to the newest revision and return that revision.

    Refuses `schema_too_new` for a database that a newer programme has written, `no_database` where nobody answers.
    """
    wanted = newest()
    if current(url) != wanted:
        with _connection(url, writing=True) as connection:
            _migrate(connection, to="head")
    return wanted


def move_to(url: str, revision: str) -> None:
    """Take the database at `url` up or down to one revision (`base` is empty): for tests and for repairs by hand."""
    with _connection(url, writing=True) as connection:
        _migrate(connection, to=revision)


@contextmanager
def first_filled(url: str, revision: str) -> Iterator[Connection]:
    """An empty database brought to this revision, and the connection on which rows are put in: both in one transaction, or neither.

    Refuses `not_empty` where tables are there already.
    """
    with _connection(url, writing=True) as connection:
        if inspect(connection).get_table_names():
            raise Refusal("not_empty", status=409)
        _migrate(connection, to=revision)
        yield connection


def _migrate(connection: Connection, *, to: str) -> None:
    # Alembic is imported only where something is to be migrated: a start that finds all in place does without.
    from alembic import command
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    # Asked again behind the lock: another start may have been quicker.
    now, last = _current(connection), newest()
    if now is not None and now > last:
        raise Refusal("schema_too_new", status=409, has=now, knows=last)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    if to == "head" or (to != "base" and to >= (now or "")):
        command.upgrade(config, to)
    else:
        command.downgrade(config, to)
    if connection.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
        raise RuntimeError(f"a migration left {len(broken)} rows that refer to nothing, the first in {broken[0][0]}")


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


@contextmanager
def _connection(url: str, *, writing: bool) -> Iterator[Connection]:
    """A connection of its own in one transaction: migrations may not go through the guards that the house's sessions live behind."""
    sqlite = url.startswith("sqlite")
    options: dict[str, Any] = {"module": pysqlite3, "connect_args": {"timeout": _WAIT_SECONDS}} if sqlite else {}
    engine = create_engine(url, poolclass=NullPool, **options)
    if sqlite:
        event.listen(engine, "connect", _on_sqlite_connect)
        begin = "BEGIN IMMEDIATE" if writing else "BEGIN"
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    try:
        with _first_word(engine) as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


def _first_word(engine: Engine) -> Connection:
    """Knock at the database; refuse by name where nobody answers."""
    try:
        return engine.connect()
    except DBAPIError as fault:
        raise Refusal("no_database", status=503, reason=str(fault.orig).strip().splitlines()[0]) from fault


def _on_sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=wal")
    connection.execute("PRAGMA synchronous=2")
    # A table is changed by copying it; foreign keys are checked as a whole at the end instead.
    connection.execute("PRAGMA foreign_keys=0")
