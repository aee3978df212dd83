"""What a running loan takes in the store, with its schedule, its group and its calendar; members and receipts apart."""

import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3
from sqlalchemy import text

from bench.generator import a_house
from lending.database import db as database
from lending.database import is_postgresql, session

SIZE = 200_000
GOALS = {"sqlite": 200, "postgresql": 400}
TABLES = ("loan", "meeting", "borrower_group", "assignment")


def run(size: int | None = None, db: str = "sqlite") -> list[dict[str, Any]]:
    """Bytes of these tables and their indexes, a loan."""
    with a_house(db, size or SIZE) as house:
        each = {table: _bytes(table) for table in TABLES}
    ratio = sum(each.values()) / house.loans
    told = ", ".join(f"{table} {bytes_ / house.loans:.0f}" for table, bytes_ in each.items())
    return [
        {
            "name": "store",
            "what": f"bytes a running loan, members and receipts apart: {told}",
            "db": db,
            "size": house.loans,
            "seconds": 0.0,
            "than": "one byte",
            "floor_seconds": 0.0,
            "ratio": round(ratio, 1),
            "goal": f"at most {GOALS[db]} bytes",
            "held": ratio <= GOALS[db],
        }
    ]


def _bytes(table: str) -> int:
    """The table and its indexes: PostgreSQL says so; of SQLite they are laid into a file of their own."""
    if is_postgresql():
        return int(session.execute(text(f"SELECT pg_total_relation_size('{table}')")).scalar() or 0)
    session.rollback()
    made = "SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC"
    with tempfile.TemporaryDirectory(prefix="mb-bench-") as folder, closing(database.engine.raw_connection()) as connection:
        apart = Path(folder) / "apart.db"
        statements = [str(row[0]) for row in session.execute(text(made), {"table": table})]
        session.rollback()
        with closing(pysqlite3.connect(str(apart))) as laid:
            laid.executescript(";".join(statements))
        empty = apart.stat().st_size
        cursor = connection.cursor()
        cursor.execute("PRAGMA query_only=0")
        cursor.execute("PRAGMA foreign_keys=0")  # the rows refer to tables that stay behind
        cursor.execute(f"ATTACH '{apart}' AS apart")
        cursor.execute(f"INSERT INTO apart.{table} SELECT * FROM main.{table}")
        cursor.execute("DETACH apart")
        cursor.execute("PRAGMA foreign_keys=1")
        return apart.stat().st_size - empty
