"""The books of a PostgreSQL house: every table through COPY, out of one snapshot, and into freshly migrated tables in one transaction.

The guards judge acts in the order in which they happened (a day that is closed takes no entry); rows come back table by table. So the
guards rest while the rows go in, are put back as they were in the same transaction, and `check` then proves both. Keys are always held.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from sqlalchemy import Connection, inspect, text

from lending.backup.archive import Backup, Part, Writer
from lending.domain.refusals import Refusal

_VERSION = "alembic_version"


@dataclass(frozen=True)
class Table:
    """A table of the house: its columns in order, those of its key, and those that count up by themselves."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    counted: tuple[str, ...]


def tables(connection: Connection) -> list[Table]:
    """All tables but the version's, each after those it refers to."""
    looker = inspect(connection)
    sorter: TopologicalSorter[str] = TopologicalSorter()
    names = sorted(set(looker.get_table_names()) - {_VERSION})
    for name in names:
        # What is only checked at the end of the transaction may come later.
        needed = {str(one["referred_table"]) for one in looker.get_foreign_keys(name) if not one["options"].get("deferrable")}
        sorter.add(name, *(needed - {name}))
    return [_table(looker, name) for name in sorter.static_order()]


def _table(looker: Any, name: str) -> Table:
    columns = [one for one in looker.get_columns(name) if "computed" not in one]
    counted = tuple(one["name"] for one in columns if "nextval(" in str(one["default"]) or "identity" in one)
    return Table(name, tuple(one["name"] for one in columns), tuple(looker.get_pk_constraint(name)["constrained_columns"]), counted)


def copy_out(connection: Connection, writer: Writer) -> None:
    """Every table into a part of its own, as this connection's transaction sees it."""
    quoted = connection.dialect.identifier_preparer.quote
    for table in tables(connection):
        told: dict[str, Any] = {"table": table.name, "columns": list(table.columns)}
        columns, key = (", ".join(map(quote_one, names)) for names, quote_one in ((table.columns, quoted), (table.key, quoted)))
        command = f"COPY (SELECT {columns} FROM {quoted(table.name)} ORDER BY {key}) TO STDOUT"  # noqa: S608  (names of our own tables)
        writer.add(f"books/{table.name}.copy.gz", _copied(connection, command, told), packed=True, told=told)


def _copied(connection: Connection, command: str, told: dict[str, Any]) -> Iterator[bytes]:
    with _driver(connection).cursor() as cursor:
        with cursor.copy(command) as rows:
            for chunk in rows:
                yield bytes(chunk)
        told["rows"] = cursor.rowcount


def copy_in(connection: Connection, backup: Backup) -> None:
    """Every part into its table, in the one transaction of this connection. Refused: `backup_damaged` where the tables are not these."""
    parts = {str(part.told["table"]): part for part in backup.parts if "table" in part.told}
    there = tables(connection)
    if {table.name for table in there} != set(parts):
        raise Refusal("backup_damaged")
    with _guards_at_rest(connection):
        _fill(connection, backup, parts, there)


def _fill(connection: Connection, backup: Backup, parts: Mapping[str, Part], there: Sequence[Table]) -> None:
    quoted = connection.dialect.identifier_preparer.quote
    for table in there:
        part = parts[table.name]
        columns = ", ".join(quoted(str(name)) for name in part.told["columns"])
        rows = _poured(connection, f"COPY {quoted(table.name)} ({columns}) FROM STDIN", backup.read(part.name, packed=True))
        if rows != part.told["rows"]:
            raise Refusal("backup_damaged")
        for column in table.counted:
            count_on(connection, table.name, column)


_GUARDS = """
SELECT t.tgrelid::regclass::text, t.tgname, t.tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace ORDER BY 1, 2
"""

_AGAIN = {"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA", "D": "DISABLE"}


@contextmanager
def _guards_at_rest(connection: Connection) -> Iterator[None]:
    """Our own triggers do not fire inside the block; afterwards each is what it was."""
    quoted = connection.dialect.identifier_preparer.quote
    guards = connection.execute(text(_GUARDS)).all()
    for table in sorted({guard[0] for guard in guards}):
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    # What waits for the end of the transaction (an entry's seal) is proved now: a table with such work to do cannot be altered.
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table, name, state in guards:
        connection.exec_driver_sql(f"ALTER TABLE {table} {_AGAIN[state]} TRIGGER {quoted(name)}")


def _poured(connection: Connection, command: str, chunks: Iterable[bytes]) -> int:
    with _driver(connection).cursor() as cursor:
        with cursor.copy(command) as rows:
            for chunk in chunks:
                rows.write(chunk)
        count: int = cursor.rowcount
        return count


def count_on(connection: Connection, table: str, column: str) -> None:
    """Let a column that counts up by itself go on after the highest number that is there."""
    quoted = connection.dialect.identifier_preparer.quote
    highest = connection.execute(text(f"SELECT max({quoted(column)}) FROM {quoted(table)}")).scalar()  # noqa: S608  (names of our own)
    if highest is not None:
        question = text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)")
        connection.execute(question, {"table": quoted(table), "column": column, "highest": highest})


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
