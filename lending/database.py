"""The one door to the database: the engine's safe settings, the session, and `transaction()`.

Outside a transaction the session only reads, and the database itself refuses a write. Inside, SQLite takes its write lock at the
beginning (a transaction that reads first and writes later would lose updates or fail at once), and PostgreSQL locks rows by `lock()`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pysqlite3
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Select, event, select
from sqlalchemy.engine import Engine, ExceptionContext
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import InstrumentedAttribute, Session, scoped_session

from lending.domain.refusals import Busy, Refusal
from lending.models import Base

SAFE_SQLITE = (3, 51, 3)
"""Older libraries carry the WAL-reset race that can corrupt a database written by several processes (reliability §0, fact 1)."""

BUSY_SECONDS = 10

_WRITING = "lending_writing"

db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
session: scoped_session[Session] = cast("scoped_session[Session]", db.session)


def hang_on(app: Flask, url: str, master_key: str) -> None:
    """Give the app its database. `master_key` is the root of the keys that seal NIK and KK; it never enters the database."""
    sqlite = url.startswith("sqlite")
    options: dict[str, Any] = {"module": pysqlite3, "connect_args": {"timeout": BUSY_SECONDS}} if sqlite else {"pool_pre_ping": True}
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=options, LENDING_MASTER_KEY=master_key)
    db.init_app(app)
    with app.app_context():
        _settle(db.engine, sqlite)


def master_key() -> str:
    """The root key of this app's sealed columns."""
    return cast(str, current_app.config["LENDING_MASTER_KEY"])


def is_postgresql() -> bool:
    """Whether this app stands on PostgreSQL: the few statements that differ ask here."""
    return db.engine.dialect.name == "postgresql"


def _settle(engine: Engine, sqlite: bool) -> None:
    if sqlite:
        if pysqlite3.sqlite_version_info < SAFE_SQLITE:
            raise RuntimeError(f"SQLite {pysqlite3.sqlite_version} can corrupt data; {'.'.join(map(str, SAFE_SQLITE))} or newer is needed")
        event.listen(engine, "connect", _on_sqlite_connect)
    else:
        event.listen(engine, "connect", _on_postgresql_connect)
    event.listen(engine, "begin", _on_sqlite_begin if sqlite else _on_postgresql_begin)
    event.listen(engine, "handle_error", _in_our_words)


def _on_sqlite_connect(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself; `_on_sqlite_begin` says how each begins.
    connection.isolation_level = None
    cursor = connection.cursor()
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}
    for name, value in wanted.items():
        cursor.execute(f"PRAGMA {name}={value}")
        held = cursor.execute(f"PRAGMA {name}").fetchone()[0]
        if held != value and not (name == "journal_mode" and held == "memory"):
            raise RuntimeError(f"SQLite would not keep {name}={value} but {held}")
    cursor.close()


def _on_postgresql_connect(connection: Any, _record: object) -> None:
    from psycopg.adapt import Loader

    class WholeNumber(Loader):
        """PostgreSQL sums whole rupiah as `numeric`; in this house a sum of whole numbers is one."""

        def load(self, data: Any) -> int:
            return int(bytes(data))

    connection.adapters.register_loader("numeric", WholeNumber)


def _on_sqlite_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql(f"PRAGMA query_only={0 if writing else 1}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _on_postgresql_begin(connection: Connection) -> None:
    if not connection.get_execution_options().get(_WRITING, False):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
    else:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")


@contextmanager
def transaction() -> Iterator[Session]:
    """One act's one transaction: everything in it is kept, or nothing. It refuses to nest: an act never calls an act.

    Raises `Busy` when another writer holds the database for ten seconds.
    """
    if session.info.get(_WRITING):
        raise RuntimeError("an act called an act: transactions do not nest")
    session.rollback()  # ends the request's reading, so that what follows sees the newest rows
    session.info[_WRITING] = True
    try:
        session.connection(execution_options={_WRITING: True})
        yield session()
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(_WRITING, None)


_LOCKED_OR_AWAY = ("database is locked", "unable to open database file")
_FULL = "database or disk is full"
_TRY_AGAIN = {"55P03", "40P01", "40001"}  # waited too long for a row; two waited for each other; the newest rows moved away
_DISK_FULL = "53100"


def _in_our_words(context: ExceptionContext) -> Refusal | None:
    """What the store itself refuses, reading or writing: `busy` (503) when it is locked or away, `disk_full` (507). All else is a bug."""
    fault = context.original_exception
    text, state = str(fault), getattr(fault, "sqlstate", None)
    if _FULL in text or state == _DISK_FULL:
        return Refusal("disk_full", status=507)
    away = context.is_disconnect or (context.connection is None and isinstance(context.sqlalchemy_exception, OperationalError))
    if away or state in _TRY_AGAIN or any(sign in text for sign in _LOCKED_OR_AWAY):
        return Busy()
    return None


def lock(key: InstrumentedAttribute[int], *ids: int) -> None:
    """Hold these rows until the transaction ends, in order of their ids so that two acts never wait for each other.

    SQLite needs nothing: its writer is alone from the beginning. New rows may refer to a held row meanwhile (no key of it changes), so
    that a trace written elsewhere in the unit does not wait.
    """
    if is_postgresql() and ids:
        question: Select[int] = select(key).where(key.in_(ids)).order_by(key).with_for_update(key_share=True)
        session.execute(question).all()
