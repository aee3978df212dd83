"""The rules of `domain.schedule` and `domain.allocation` said in SQL, for questions over many loans at once.

One rule, two tongues: `tests/queries/test_figures.py` holds every expression against its Python twin on random loans and payments.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, case, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from lending.domain.arrears import REGIMES, LatenessUnit, QualityClass, QualityRegime
from lending.domain.schedule import PaymentOrder
from lending.models import Loan, Unit
from lending.queries.scope import Day


class _Largest(GenericFunction[int]):
    """The largest of its arguments."""

    type = Integer()
    name = "lending_largest"
    inherit_cache = True


class _Smallest(GenericFunction[int]):
    """The smallest of its arguments."""

    type = Integer()
    name = "lending_smallest"
    inherit_cache = True


class _DaysBetween(GenericFunction[int]):
    """Whole days from the first date to the second."""

    type = Integer()
    name = "lending_days_between"
    inherit_cache = True


class _DaysBefore(GenericFunction[date]):
    """The day that lies so many days before another."""

    type = Date()
    name = "lending_days_before"
    inherit_cache = True


def _called(element: GenericFunction[Any], compiler: SQLCompiler, name: str, **kw: Any) -> str:
    return f"{name}({compiler.process(element.clauses, **kw)})"


@compiles(_Largest)
def _largest(element: _Largest, compiler: SQLCompiler, **kw: Any) -> str:
    return _called(element, compiler, "greatest", **kw)


@compiles(_Largest, "sqlite")
def _largest_sqlite(element: _Largest, compiler: SQLCompiler, **kw: Any) -> str:
    return _called(element, compiler, "max", **kw)


@compiles(_Smallest)
def _smallest(element: _Smallest, compiler: SQLCompiler, **kw: Any) -> str:
    return _called(element, compiler, "least", **kw)


@compiles(_Smallest, "sqlite")
def _smallest_sqlite(element: _Smallest, compiler: SQLCompiler, **kw: Any) -> str:
    return _called(element, compiler, "min", **kw)


@compiles(_DaysBetween)
def _days(element: _DaysBetween, compiler: SQLCompiler, **kw: Any) -> str:
    start, end = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(CAST({end} AS DATE) - CAST({start} AS DATE))"


@compiles(_DaysBetween, "sqlite")
def _days_sqlite(element: _DaysBetween, compiler: SQLCompiler, **kw: Any) -> str:
    start, end = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST(julianday({end}) - julianday({start}) AS INTEGER)"


@compiles(_DaysBefore)
def _before(element: _DaysBefore, compiler: SQLCompiler, **kw: Any) -> str:
    day, count = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(CAST({day} AS DATE) - CAST({count} AS INTEGER))"


@compiles(_DaysBefore, "sqlite")
def _before_sqlite(element: _DaysBefore, compiler: SQLCompiler, **kw: Any) -> str:
    day, count = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"date({day}, '-' || {count} || ' days')"


def largest(*values: Any) -> ColumnElement[int]:
    """The largest of these, in SQL."""
    return _Largest(*values)


def smallest(*values: Any) -> ColumnElement[int]:
    """The smallest of these, in SQL."""
    return _Smallest(*values)


def days_between(start: Any, end: Day) -> ColumnElement[int]:
    """Whole days from `start` to `end`, in SQL."""
    return _DaysBetween(start, literal(end) if isinstance(end, date) else end)


def days_before(day: Day, count: int) -> ColumnElement[date]:
    """The day that lies `count` days before `day`, in SQL: worked out once, where a difference would be worked out for each row."""
    return _DaysBefore(literal(day) if isinstance(day, date) else day, count)


TOTAL: ColumnElement[int] = Loan.principal + Loan.margin


def cumulative_due(k: ColumnElement[int]) -> ColumnElement[int]:
    """`domain.schedule.cumulative_due` of the loan in the row, for regular loans: `count` instalments reach the total, if not more."""
    return smallest(largest(k, 0) * Loan.instalment, TOTAL)


def cumulative_margin(k: ColumnElement[int]) -> ColumnElement[int]:
    """`domain.schedule.cumulative_margin` of the loan in the row."""
    evenly = (2 * Loan.margin * smallest(k, Loan.count) + Loan.count) // (2 * Loan.count)
    return case((k <= 0, 0), else_=largest(evenly, cumulative_due(k) - Loan.principal))


def principal_paid(paid: ColumnElement[int]) -> ColumnElement[int]:
    """The principal part of `domain.allocation.allocate`, for the loan in the row and this total paid."""
    k = paid // Loan.instalment
    rest = paid - cumulative_due(k)
    before = cumulative_margin(k)
    of_margin = cumulative_margin(k + 1) - before
    of_principal = cumulative_due(k + 1) - cumulative_due(k) - of_margin
    margin = case(
        (rest == 0, 0),  # as most loans are paid, and the rest is then not worked out
        (Loan.payment_order == PaymentOrder.MARGIN_FIRST, smallest(rest, of_margin)),
        else_=largest(0, rest - of_principal),
    )
    return case((paid >= TOTAL, Loan.principal), else_=paid - before - margin)


def fallen_by(seq: Any) -> ColumnElement[int]:
    """How many instalments of the loan in the row fall on meetings up to this `seq`, that one included; never below 0."""
    return largest(0, (seq - Loan.first_seq + Loan.every_weeks) // Loan.every_weeks)


def quality(
    next_due: ColumnElement[date],
    on: Day,
    regimes: Iterable[QualityRegime] = REGIMES.values(),
    overdue: Callable[[], ColumnElement[int]] | None = None,
) -> ColumnElement[str]:
    """`domain.arrears.classify` of a loan whose oldest unpaid due date is this, by the regime of the unit in the row.

    What is overdue is worked out only where a regime tolerates any of it.
    """
    return case(
        *((Unit.regime == regime.code, _class_in(regime, next_due, on, overdue)) for regime in regimes),
        else_=QualityClass.LANCAR.value,
    )


def _class_in(
    regime: QualityRegime, next_due: ColumnElement[date], on: Day, overdue: Callable[[], ColumnElement[int]] | None
) -> ColumnElement[str]:
    days = 7 if regime.unit is LatenessUnit.WEEKS else 1
    bounds = [(next_due >= days_before(on, bound * days), found.value) for bound, found in regime.bounds]
    if regime.tolerance_days:
        bounds.insert(0, (next_due >= days_before(on, regime.tolerance_days), regime.best.value))
    if regime.tolerance_rupiah and overdue is not None:
        bounds.insert(0, (overdue() <= regime.tolerance_rupiah, regime.best.value))
    return case(*bounds, else_=regime.beyond.value)
