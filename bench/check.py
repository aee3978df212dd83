"""Everything `python run.py check` proves, over a house with all its books: against one raw look at the tables it proves.

The house is as true as the generator can make it: loans, their life, their calendar, and legs that sum to what is stored; no difference is
let pass.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from sqlalchemy import text

from bench.generator import ON, a_house
from bench.night import seconds
from lending.database import session
from lending.queries import check, check_chain, check_values
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
    """Look at a house once, and prove it, invariant by invariant, in turn; the best of each counts."""
    with a_house(db, size or SIZE, booked=True) as house:
        looks: dict[str, Callable[[], Iterable[Difference]]] = {
            "values": check_values.look,
            "chains": lambda: check_chain.prove().differences,
            **check.looks(ON),
        }
        floor, took = float("inf"), dict.fromkeys(looks, float("inf"))
        found: list[Difference] = []

        def prove(name: str) -> None:
            session.rollback()
            found.extend(looks[name]())

        for _ in range(rounds):
            floor = min(floor, seconds(look))
            for name in looks:
                took[name] = min(took[name], seconds(partial(prove, name)))
    return list(_told(house.loans, db, floor, took, found))


def look() -> None:
    """The floor: one raw look at every row."""
    session.rollback()
    for table, column in FLOOR.items():
        session.execute(text(f"SELECT count(*), sum({column}) FROM {table}")).all()


def _told(loans: int, db: str, floor: float, took: dict[str, float], found: list[Difference]) -> Iterator[dict[str, Any]]:
    shared = {"db": db, "size": loans, "than": "count and a sum over every table it proves", "floor_seconds": round(floor, 4)}
    chains = took.pop("chains")
    dearest = max(took, key=lambda name: took[name])
    for what, spent in (
        (f"the dearest of {len(took)} looks at {loans} loans and their books, check_{dearest}", took[dearest]),
        (f"all {len(took)} looks together", sum(took.values())),
        ("every link of the hash chains, row by row", chains),
    ):
        ratio = spent / floor
        yield {
            "name": "check",
            "what": what,
            **shared,
            "seconds": round(spent, 4),
            "ratio": round(ratio, 2),
            "goal": f"at most {GOAL:g}, and no difference",
            "held": ratio <= GOAL and not found,
            "differences": len(found),
        }
