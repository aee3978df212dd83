"""The night over all running loans, against one scan of their table: count and two sums, in the same run (design §7)."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from bench.generator import ON, a_house
from lending.actions.arrears import close_date
from lending.database import session

DEFAULT = 1_000_000
GOAL = 2.0


def run(size: int | None, kind: str) -> list[dict[str, Any]]:
    """Close three evenings, and scan three times; the best of each."""
    with a_house(kind, size or DEFAULT) as filled:
        floor = min(_timed(_scan) for _ in range(3))
        snapshots = 0
        seconds = []
        for days in range(3):
            started = time.perf_counter()
            night = close_date(ON + timedelta(days=days), "bench")
            seconds.append(time.perf_counter() - started)
            snapshots = night.late_loans if night else snapshots
        best = min(seconds)
        return [
            {
                "name": "night",
                "what": "close one business date: late loans and every group's portfolio",
                "db": kind,
                "size": filled.loans,
                "snapshots": snapshots,
                "seconds": round(best, 4),
                "than": "count and two sums over all loans",
                "floor_seconds": round(floor, 4),
                "ratio": round(best / floor, 2),
                "goal": f"<= {GOAL}",
                "held": best / floor <= GOAL,
            }
        ]


def _scan() -> None:
    session.execute(text("SELECT count(*), sum(principal), sum(total_paid) FROM loan")).one()
    session.rollback()


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
