"""Every loan's derived figures recomputed from the books and the calendar, and held against what is stored: against one raw look at them.

It is the part of `python run.py check` that proves `total_paid`, `outstanding_principal`, `next_due` and `ended_on`.
"""

from typing import Any

from bench.generator import a_house
from bench.night import look, seconds
from lending.database import session
from lending.queries import check_loans
from lending.queries.differences import Difference

SIZE = 200_000
GOAL = 20.0


def run(size: int | None = None, db: str = "sqlite", *, rounds: int = 3) -> list[dict[str, Any]]:
    """Recompute a house with all its books, and look at its loans, in turn; the best of each counts."""
    with a_house(db, size or SIZE, booked=True) as house:
        floor = proof = float("inf")
        found: list[Difference] = []

        def prove() -> None:
            session.rollback()
            found[:] = check_loans.standings()

        for _ in range(rounds):
            floor = min(floor, seconds(look))
            proof = min(proof, seconds(prove))
    ratio = proof / floor
    return [
        {
            "name": "derived",
            "what": f"the derived figures of {house.loans} loans recomputed from the books and the calendar",
            "db": db,
            "size": house.loans,
            "seconds": round(proof, 4),
            "than": "count and two sums over all loans",
            "floor_seconds": round(floor, 4),
            "ratio": round(ratio, 2),
            "goal": f"at most {GOAL:g}, and no difference",
            "held": ratio <= GOAL and not found,
            "differences": len(found),
        }
    ]
