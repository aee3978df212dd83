"""What a night makes of its evening: cases opened for loans that have become late, closed for those that are late no more, and the promises
that were not kept.

Everything here runs inside the transaction of the act that calls it, after the evening's late loans are written.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache

from sqlalchemy import Insert, Update, and_, exists, func, insert, select, update

from lending.actions.night_history import ON, given, groups_closed
from lending.database import session
from lending.models import ArrearsCase, ArrearsSnapshot, BrokenPromise, Group, Loan
from lending.models.base import table_of
from lending.queries import figures, promises

SAID_LATE_DAYS = 8
"""A promise is looked at on the first eight evenings after its day."""

COUNTED = ("opened", "closed", "broken")
"""What `counted` counts."""


def follow(on: date, units: Sequence[int] | None) -> None:
    """Close and open the cases of these units, or of every one (None), by that evening's late loans."""
    connection, asked = session.connection(), given(on, units)
    connection.execute(_closed(everywhere=units is None), asked)
    connection.execute(_opened(everywhere=units is None), asked)
    connection.execute(_broken(everywhere=units is None), asked)


@cache
def _opened(*, everywhere: bool) -> Insert:
    is_open = exists().where(ArrearsCase.loan_id == ArrearsSnapshot.loan_id, ArrearsCase.closed_on.is_(None))
    late = select(ArrearsSnapshot.loan_id, ON).where(ArrearsSnapshot.as_of == ON, ~is_open)
    if not everywhere:
        late = late.join(Loan, Loan.id == ArrearsSnapshot.loan_id).where(Loan.group_id.in_(groups_closed()))
    return insert(table_of(ArrearsCase)).from_select(("loan_id", "opened_on"), late)


@cache
def _closed(*, everywhere: bool) -> Update:
    case = table_of(ArrearsCase).c
    still = exists().where(ArrearsSnapshot.as_of == ON, ArrearsSnapshot.loan_id == case.loan_id)
    closed = update(table_of(ArrearsCase)).where(case.closed_on.is_(None), ~still).values(closed_on=ON)
    if not everywhere:
        closed = closed.where(case.loan_id.in_(select(Loan.id).where(Loan.group_id.in_(groups_closed()))))
    return closed


@cache
def _broken(*, everywhere: bool) -> Insert:
    """Promises whose day was yesterday; and of the week before, for a record may have come after its night."""
    since = figures.days_before(ON, SAID_LATE_DAYS)
    promise = promises.made(ON, for_since=since)
    of = promise.c
    late = exists().where(ArrearsSnapshot.as_of == ON, ArrearsSnapshot.loan_id == of.loan_id)
    known = exists().where(BrokenPromise.loan_id == of.loan_id, BrokenPromise.promise_on == of.promise_on)
    broken = promises.broken(ON, is_late=and_(late, ~known), promise=promise)
    if not everywhere:
        broken = broken.where(of.loan_id.in_(select(Loan.id).where(Loan.group_id.in_(groups_closed()))))
    return insert(table_of(BrokenPromise)).from_select(("loan_id", "promise_on", "as_of"), broken)


def counted(on: date) -> dict[int, dict[str, int]]:
    """How many cases that evening opened and closed, and how many promises it found broken, by unit; a unit without any is not named."""
    found: dict[int, dict[str, int]] = {}
    cases = (("opened", ArrearsCase, ArrearsCase.opened_on), ("closed", ArrearsCase, ArrearsCase.closed_on))
    for name, mark, day in (*cases, ("broken", BrokenPromise, BrokenPromise.as_of)):
        question = (
            select(Group.unit_id, func.count())
            .select_from(mark)
            .join(Loan, Loan.id == mark.loan_id)
            .join(Group, Group.id == Loan.group_id)
            .where(day == on)
            .group_by(Group.unit_id)
        )
        for unit_id, count in session.execute(question):
            found.setdefault(unit_id, {})[name] = count
    return found
