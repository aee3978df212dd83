"""PAR live, over 0, 7, 30, 60 and 90 days, with no nightly job: against one raw look at all loans."""

from dataclasses import replace
from typing import Any

from bench.generator import ON, a_house
from bench.night import SIZE, look, seconds
from lending.database import session
from lending.domain.access import Role
from lending.queries import portfolio

GOAL = 1.0


def run(size: int | None = None, db: str = "sqlite", *, rounds: int = 5) -> list[dict[str, Any]]:
    """Ask for PAR of the whole house and look at all of its loans, in turn; the best of each counts."""
    with a_house(db, size or SIZE) as house:
        auditor = replace(house.officer, role=Role.AUDITOR, unit_id=None)
        floor = live = float("inf")
        for _ in range(rounds):
            floor = min(floor, seconds(look))
            session.rollback()
            live = min(live, seconds(lambda: portfolio.par(auditor, ON)))
        found = portfolio.par(auditor, ON)
    ratio = live / floor
    return [
        {
            "name": "par",
            "what": f"PAR over five bounds, asked live: Rp{found[0]:,} over 0 days, Rp{found[90]:,} over 90",
            "db": db,
            "size": house.loans,
            "seconds": round(live, 4),
            "than": "count and two sums over all loans",
            "floor_seconds": round(floor, 4),
            "ratio": round(ratio, 2),
            "goal": f"at most {GOAL:g}",
            "held": ratio <= GOAL,
        }
    ]
