"""Everything `python run.py check` proves, over a house with all its books: against one raw look at the tables it proves.

The house is as true as the generator can make it: loans, their life, their calendar, and legs that sum to what is stored; no difference is
let pass.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from bench.generator import ON, a_house
from bench.night import seconds
from lending.database import session
from lending.queries import check
from lending.queries.differences import Difference

SIZE = 100_000
GOAL = 20.0
FLOOR = {
    "loan": "principal",
    "loan_event": "loan_id",
    "meeting": "seq",
    "entry": "control_total",
    "posting": "amount",
    "entry_seal": "entry_id",
    "member": "id",
    "membership": "member_id",
}
"""The tables that hold the house, and what is summed of each: nearly all that there is to read."""


def run(size: int | None = None, db: str = "sqlite", *, rounds: int = 3) -> list[dict[str, Any]]:
    """Look at a house once, and prove it, in turn; the best of each counts."""
    with a_house(db, size or SIZE, booked=True) as house:
        floor = proof = chains = float("inf")
        found: list[Difference] = []

        def prove() -> None:
            session.rollback()
            found[:] = check.differences(ON)

        def walk() -> None:
            session.rollback()
            check.head()

        for _ in range(rounds):
            floor = min(floor, seconds(look))
            chains = min(chains, seconds(walk))
            proof = min(proof, seconds(prove))
    return list(_told(house.loans, db, floor, proof, chains, found))


def look() -> None:
    """The floor: one raw look at every row."""
    session.rollback()
    for table, column in FLOOR.items():
        session.execute(text(f"SELECT count(*), sum({column}) FROM {table}")).all()


def _told(loans: int, db: str, floor: float, proof: float, chains: float, found: list[Difference]) -> Iterator[dict[str, Any]]:
    shared = {"db": db, "size": loans, "than": "count and a sum over every table it proves", "floor_seconds": round(floor, 4)}
    for what, took in (
        (f"all invariants of {loans} loans and their books, by SQL", proof - chains),
        ("every link of the hash chains, row by row", chains),
    ):
        ratio = took / floor
        yield {
            "name": "check",
            "what": what,
            **shared,
            "seconds": round(took, 4),
            "ratio": round(ratio, 2),
            "goal": f"at most {GOAL:g}, and no difference",
            "held": ratio <= GOAL and not found,
            "differences": len(found),
        }
