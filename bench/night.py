"""The night's pass over so many running loans, one in twenty-five of them late, against one raw look at all of them.

The night is the act itself: claim, late loans, every group's portfolio, cases, commit. The evening before is closed first, for only a
house that has just begun opens a case for every late loan in one night. Each round closes one evening and takes its rows away again, so
that every round has the same to do. What the late loans alone cost is told beside it: performance §B measured no more.
"""

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter
from typing import Any

from sqlalchemy import text

from bench.generator import ON, a_house
from lending.actions import night_history
from lending.actions.arrears import Night, close_date
from lending.database import db as database
from lending.database import is_postgresql, session, transaction
from lending.queries import irregular

SIZE = 1_000_000
GOAL = 2.0
HISTORY = {"arrears_snapshot": "as_of", "portfolio_day": "as_of", "arrears_case": "opened_on", "job_run": "for_date"}
"""What an evening appends, and the column that tells which."""
GUARDS = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('{}')".format("', '".join(HISTORY)))
BEFORE = ON - timedelta(days=1)
FLOOR = text("SELECT count(*), sum(principal), sum(total_paid) FROM loan")


def run(size: int | None = None, db: str = "sqlite", *, rounds: int = 3) -> list[dict[str, Any]]:
    """Close an evening of a house of that many loans, and look at all of its loans, in turn; the best of each counts."""
    with a_house(db, size or SIZE) as house:
        floor = night = late = float("inf")
        close_date(BEFORE, "bench")
        for _ in range(rounds):
            floor = min(floor, *(seconds(look) for _ in range(3)))
            _forget_the_night()
            night = min(night, seconds(_close))
            _forget_the_night()
            late = min(late, seconds(_late_loans_alone))
        closed = _snapshots()
    shared = {"db": db, "size": house.loans, "than": "count and two sums over all loans", "floor_seconds": round(floor, 4)}

    def told(name: str, what: str, seconds: float) -> dict[str, Any]:
        ratio = seconds / floor
        figures = {"seconds": round(seconds, 4), "ratio": round(ratio, 2), "goal": f"at most {GOAL:g}", "held": ratio <= GOAL}
        return {"name": name, "what": what, "snapshots": closed, **shared, **figures}

    return [
        told("night", f"one evening closed: {closed} late loans, and the portfolio of every group", night),
        told("night", f"of it the {closed} late loans alone", late),
    ]


def look() -> None:
    """The floor: one raw look at all loans, the newest rows."""
    session.rollback()
    session.execute(FLOOR).all()


def _close() -> Night | None:
    return close_date(ON, "bench")


def _late_loans_alone() -> None:
    with transaction():
        session.connection().execute(
            night_history.snapshot(is_postgresql(), everywhere=True), {"on_day": ON, "restructured": irregular.told(ON)}
        )


def _snapshots() -> int:
    return int(session.execute(text("SELECT count(*) FROM arrears_snapshot WHERE as_of = :on"), {"on": ON.isoformat()}).scalar() or 0)


def _forget_the_night() -> None:
    """Take the evening's rows away, past the guards, which stand again afterwards."""
    evening = {"on": ON.isoformat()}
    with transaction():
        guards = [] if is_postgresql() else session.execute(GUARDS).all()
        for table in HISTORY if is_postgresql() else ():
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        for name, _ in guards:
            session.execute(text(f"DROP TRIGGER {name}"))
        for table, column in HISTORY.items():
            session.execute(text(f"DELETE FROM {table} WHERE {column} = :on"), evening)
        session.execute(text("UPDATE arrears_case SET closed_on = NULL WHERE closed_on = :on"), evening)
        for _, guard in guards:
            session.execute(text(guard))
        for table in HISTORY if is_postgresql() else ():
            session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    if is_postgresql():
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM " + ", ".join(HISTORY)))  # the rows taken away are not the next round's to walk over


def seconds(act: Callable[[], object]) -> float:
    """How long this takes."""
    start = perf_counter()
    act()
    return perf_counter() - start
