"""The night against what a straightforward system does: instalment rows, and a loop over loans and their instalments in an ORM.

The loop runs over a slice of loans with fifty instalment rows each, in a database of its own, and is scaled to all of them; it only finds
how late each loan is and what is overdue, and writes nothing. So the gain that is shown is a lower bound.
"""

from datetime import date, timedelta
from time import perf_counter
from typing import Any

from sqlalchemy import ForeignKey, create_engine, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload

from bench import night
from bench.generator import ON

GOAL = 1_000.0
SAMPLE = 3_000
WEEKS = 50


class _Base(DeclarativeBase):
    pass


class _NaiveLoan(_Base):
    __tablename__ = "naive_loan"

    id: Mapped[int] = mapped_column(primary_key=True)
    instalments: Mapped[list["_NaiveInstalment"]] = relationship(order_by="_NaiveInstalment.due_on")


class _NaiveInstalment(_Base):
    __tablename__ = "naive_instalment"

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("naive_loan.id"), index=True)
    due_on: Mapped[date]
    total: Mapped[int]
    paid: Mapped[int]


def run(size: int | None = None, db: str = "sqlite") -> list[dict[str, Any]]:
    """The night over all loans; the loop over a slice, scaled."""
    ours = night.run(size, db)[0]
    sample = min(SAMPLE, ours["size"])
    loop = _loop(sample) * ours["size"] / sample
    ratio = loop / ours["seconds"]
    return [
        {
            "name": "night-vs-orm",
            "what": f"one evening of {ours['size']} loans closed",
            "db": db,
            "size": ours["size"],
            "seconds": ours["seconds"],
            "than": f"an ORM loop over instalments, from {sample} loans",
            "sample": sample,
            "floor_seconds": round(loop, 2),
            "ratio": round(ratio, 1),
            "goal": f"at least {GOAL:g}",
            "held": ratio >= GOAL,
        }
    ]


def _loop(loans: int) -> float:
    """The seconds that the loop needs for so many loans."""
    engine = create_engine("sqlite://")
    _Base.metadata.create_all(engine)
    rows = [
        {"loan_id": loan, "due_on": ON - timedelta(weeks=loan % 45 - week), "total": 50_000, "paid": 50_000 if week < loan % 45 - 1 else 0}
        for loan in range(1, loans + 1)
        for week in range(WEEKS)
    ]
    with Session(engine) as filling:
        filling.execute(insert(_NaiveLoan), [{"id": loan} for loan in range(1, loans + 1)])
        filling.execute(insert(_NaiveInstalment), rows)
        filling.commit()
    start = perf_counter()
    late = 0
    with Session(engine) as reading:
        for loan in reading.scalars(select(_NaiveLoan).options(selectinload(_NaiveLoan.instalments)).execution_options(yield_per=500)):
            unpaid = [one for one in loan.instalments if one.due_on < ON and one.paid < one.total]
            if unpaid:
                late += (ON - unpaid[0].due_on).days > 0 and sum(one.total - one.paid for one in unpaid) > 0
    took = perf_counter() - start
    engine.dispose()
    if not late:
        raise AssertionError("nobody was late: the loop did not do its work")
    return took
