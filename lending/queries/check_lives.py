"""Every loan's life proved, from its first step to its last (V12, V19).

Many loans live few lives: the same steps, and the same things true of them. Each life is proved once, by the rules themselves, and loans
are named of those only that cannot be.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import NamedTuple

from sqlalchemy import String, and_, case, func, select, type_coerce
from sqlalchemy.sql.selectable import Subquery

from lending.database import is_postgresql, session
from lending.domain.ledger import EntryKind
from lending.domain.lifecycle import ENDED, RUNS, STEPS, LoanState, LoanStep
from lending.models import Entry, Loan, LoanEvent, Posting, Restructuring
from lending.queries import figures
from lending.queries.differences import Difference, Question, the_first

_NEXT = ">"
"""Between a step and the state that it led to, and before the next step."""

_TURNS = {
    (None, None, LoanState.APPLIED.value),
    *((source.value, step.value, about.target.value) for step, about in STEPS.items() for source in about.sources),
}
"""Every turn that a loan's life may take: the state before, the step, the state after."""


class _Life(NamedTuple):
    """What loans with the same life have in common: the steps, one after the other, and what else must go with them."""

    path: str | None
    state: LoanState
    is_whole: bool
    ends_as_said: bool
    settlements: int
    plans: int


def look() -> Iterator[Difference]:
    """Every loan with a life that cannot be."""
    loans = _loans(is_postgresql())
    lived = [loans.c[name] for name in _Life._fields]
    for life in (_Life(*row) for row in session.execute(select(*lived).distinct()).all()):
        faults = list(_faults(life))
        if faults:
            alike = and_(*(column.is_not_distinct_from(value) for column, value in zip(lived, life, strict=True)))
            of_it: Question = select(loans.c.id, loans.c.ended_on, loans.c.last_on).where(alike)
            for (loan_id, ended_on, last_on), (code, what) in product(session.execute(the_first(of_it)), faults):
                yield Difference(code, f"loan:{loan_id}", what.format(ended_on=ended_on, last_on=last_on))


def _faults(life: _Life) -> Iterator[tuple[str, str]]:
    """What is wrong with such a life: the code, and how it is told of a loan with its day."""
    words = life.path.split(_NEXT) if life.path else []
    taken, states = [word or None for word in words[::2]], words[1::2]
    last = states[-1] if states else None
    # The last rupiah repays a loan, and taking it back lets it run again, without a step.
    derived = LoanState.REPAID if life.is_whole and last in RUNS else last
    if life.state != derived:
        yield "V12", f"state {life.state}, its last step led to {last}"
    if not life.ends_as_said:
        yield "V12", "ended on {ended_on}, its last step was on {last_on}"
    settled = taken.count(LoanStep.SETTLE)
    if settled != life.settlements or (settled and not life.is_whole):
        yield "V12", f"settled {settled} times by its steps, {life.settlements} by the books, and not all is paid or they differ"
    agreed = taken.count(LoanStep.RESTRUCTURE)
    if agreed != life.plans:
        yield "V19", f"restructured by {agreed} steps, {life.plans} plans were agreed"
    for before, step, after in zip([None, *states], taken, states, strict=False):
        if (before, step, after) not in _TURNS:
            yield "V19", f"from {before} by {step} to {after}"


@cache
def _loans(_: bool) -> Subquery:
    """Every loan with its life; put into SQL once for each kind of database."""
    step, state = (type_coerce(column, String) for column in (LoanEvent.step, LoanEvent.state))
    one = func.coalesce(step, "") + _NEXT + state
    walked = (
        select(
            LoanEvent.loan_id,
            func.aggregate_strings(one, _NEXT).aggregate_order_by(LoanEvent.id).label("path"),
            func.max(case((LoanEvent.state.in_(ENDED), LoanEvent.on_day))).label("last_on"),
        )
        .group_by(LoanEvent.loan_id)
        .subquery()
    )
    settlements = select(Entry.id).where(Entry.kind == EntryKind.SETTLEMENT)
    settled = (
        select(Posting.loan_id, func.count(func.distinct(Posting.entry_id)).label("entries"))
        .where(Posting.entry_id.in_(settlements), Posting.loan_id.is_not(None))
        .group_by(Posting.loan_id)
        .subquery()
    )
    agreed = select(Restructuring.loan_id, func.count().label("plans")).group_by(Restructuring.loan_id).subquery()
    return (
        select(
            Loan.id,
            Loan.ended_on,
            walked.c.last_on,
            walked.c.path,
            Loan.state,
            (Loan.total_paid == figures.TOTAL).label("is_whole"),
            Loan.ended_on.is_not_distinct_from(walked.c.last_on).label("ends_as_said"),
            func.coalesce(settled.c.entries, 0).label("settlements"),
            func.coalesce(agreed.c.plans, 0).label("plans"),
        )
        .outerjoin(walked, walked.c.loan_id == Loan.id)
        .outerjoin(settled, settled.c.loan_id == Loan.id)
        .outerjoin(agreed, agreed.c.loan_id == Loan.id)
        .subquery()
    )
