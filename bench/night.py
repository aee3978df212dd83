"""The night's pass over so many running loans, one in twenty-five of them late, against one raw look at all of them.

The night is the act itself: claim, late loans, every group's portfolio, commit. Each round closes one evening and takes its rows away
again, so that every round has the same to do. What the late loans alone cost is told beside it: performance §B measured no more.
"""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from sqlalchemy import text

from bench.generator import ON, a_house
from lending.actions import arrears
from lending.actions.arrears import Night, close_date
from lending.database import is_postgresql, session, transaction

SIZE = 1_000_000
GOAL = 2.0
FLOOR = text("SELECT count(*), sum(principal), sum(total_paid) FROM loan")
HISTORY = ("arrears_snapshot", "portfolio_day", "job_run")


def run(size: int | None = None, db: str = "sqlite", *, rounds: int = 3) -> list[dict[str, Any]]:
    """Close an evening of a house of that many loans, and look at all of its loans, in turn; the best of each counts."""
    with a_house(db, size or SIZE) as house:
        floor = night = late = float("inf")
        for _ in range(rounds):
            floor = min(floor, *(_seconds(_look) for _ in range(3)))
            _forget_the_night()
            night = min(night, _seconds(_close))
            _forget_the_night()
            late = min(late, _seconds(_late_loans_alone))
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


def _look() -> None:
    session.rollback()
    session.execute(FLOOR).all()


def _close() -> Night | None:
    return close_date(ON, "bench")


def _late_loans_alone() -> None:
    with transaction():
        session.connection().execute(arrears._snapshot(is_postgresql()), {"on_day": ON})  # noqa: SLF001  (a part of the act, measured)


def _snapshots() -> int:
    return int(session.execute(text("SELECT count(*) FROM arrears_snapshot")).scalar() or 0)


def _forget_the_night() -> None:
    """Take the evening's rows away, past the guards, which stand again afterwards."""
    with transaction():
        if is_postgresql():
            for table in HISTORY:
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
                session.execute(text(f"TRUNCATE {table}"))
                session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
            return
        guards = session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_delete'")).all()
        for name, _ in guards:
            session.execute(text(f"DROP TRIGGER {name}"))
        for table in HISTORY:
            session.execute(text(f"DELETE FROM {table}"))
        for _, guard in guards:
            session.execute(text(guard))


def _seconds(act: Callable[[], object]) -> float:
    start = perf_counter()
    act()
    return perf_counter() - start
