"""What a night appends: the late loans of an evening and every group's portfolio, each in one statement over all units that are closed.

Everything here runs inside the transaction of the act that calls it.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Insert,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from lending.database import is_postgresql, session
from lending.domain.arrears import QualityRegime
from lending.domain.groups import Duty
from lending.domain.portfolio import PAR_DAYS
from lending.domain.risk_rules import SHIPPED
from lending.models import ArrearsSnapshot, Assignment, Group, Loan, PortfolioDay, Unit
from lending.models.base import WholeId, table_of
from lending.queries import irregular, risk_rules, standings
from lending.queries.scope import in_force
from lending.queries.standings import Standing

ON = bindparam("on_day", type_=Date)
"""The night's statements are large and always the same but for their day: they are built once, for each kind of database."""

RESTRUCTURED = bindparam("restructured", type_=String)
"""What is told of restructured loans (`queries.irregular`)."""

UNITS = bindparam("unit_ids", type_=WholeId, expanding=True)


def append(on: date, units: Sequence[int] | None) -> tuple[int, int]:
    """Append that evening's history, of these units or of every one (None); how many late loans and groups were written."""
    connection, asked = session.connection(), {**given(on, units), RESTRUCTURED.key: irregular.told(on)}
    late_loans = snapshot(is_postgresql(), everywhere=units is None, regimes=risk_rules.in_force(on).regimes)
    late = connection.execute(late_loans, asked).rowcount
    groups = connection.execute(_portfolio(is_postgresql(), everywhere=units is None), asked).rowcount
    return late, groups


def given(on: date, units: Sequence[int] | None) -> dict[str, Any]:
    """What the night's statements are told."""
    return {ON.key: on} if units is None else {ON.key: on, UNITS.key: list(units)}


def groups_closed() -> "Select[int]":
    """The groups of the units that are closed."""
    return select(Group.id).where(Group.unit_id.in_(UNITS))


@cache
def snapshot(on_postgresql: bool, *, everywhere: bool, regimes: tuple[QualityRegime, ...] = SHIPPED.regimes) -> Insert:
    """Append every loan that is late that day, with its class by these regimes."""
    now, then, agreed = standings.parts(ON, RESTRUCTURED, regimes)
    late_now = _late(now, everywhere)
    if not on_postgresql:
        # Found by their due date, but read in the order in which they lie and are written. PostgreSQL does so by itself.
        due = aliased(Loan)
        late_now = late_now.where(Loan.id.in_(select(due.id).where(due.next_due < ON)))
    late = union_all(late_now, _late(then, everywhere), _late(agreed, everywhere))
    columns = ("as_of", "loan_id", "days_late", "quality", "overdue", "outstanding_principal")
    appended = insert(table_of(ArrearsSnapshot)).from_select(columns, late)
    return appended.execution_options(preserve_rowcount=True)


def _late(standing: Standing, everywhere: bool) -> Select[*tuple[Any, ...]]:
    figures = (standing.days_late, standing.quality, standing.overdue, standing.outstanding_principal)
    late = standing.of_late_loans(ON, Loan.id, *figures)
    late = late.join(Group, Group.id == Loan.group_id).join(Unit, Unit.id == Group.unit_id)
    return late if everywhere else late.where(Unit.id.in_(UNITS))


_SUMS = ("loans", "outstanding_principal", *(f"par_{days}" for days in PAR_DAYS), "late_loans")


@cache
def _portfolio(on_postgresql: bool, *, everywhere: bool) -> Insert:
    """Append every group's portfolio of that day: its loans, its balance, and how much of it is late by how much.

    As the loans stand now, each sum a walk along an index; less the loans that something has happened to since, and those as they stood;
    and those that were ever restructured.
    """
    now, then, agreed = standings.parts(ON, RESTRUCTURED)
    assert then.later is not None
    since = then.later.c.loan_id == Loan.id
    parts = [
        _all_of(select(*_sums(now))).where(now.is_owing),
        _late_of(select(*_sums(now, late=True))).where(now.is_late),
        _all_of(select(*_sums(now, sign=-1)).join(then.later, since)).where(now.is_owing),
        _late_of(select(*_sums(now, sign=-1, late=True)).join(then.later, since)).where(now.is_late),
        _all_of(then.of_loans(*_sums(then))),
        _late_of(then.of_late_loans(*_sums(then, late=True))),
        _all_of(agreed.of_loans(*_sums(agreed))),
        _late_of(agreed.of_loans(*_sums(agreed, late=True)).where(agreed.is_at_risk)),
    ]
    if not everywhere:
        parts = [part.where(Loan.group_id.in_(groups_closed())) for part in parts]
    every = union_all(*parts).subquery().c
    added_up = [cast(func.sum(every[name]), BigInteger).label(name) for name in _SUMS]
    of_group = select(every.group_id, *added_up).group_by(every.group_id).having(func.sum(every.loans) > 0).subquery()
    officers = (
        select(Assignment.group_id, func.max(Assignment.user_id).label("user_id"))
        .where(Assignment.duty == Duty.OFFICER, in_force(Assignment.from_on, Assignment.to_on, ON))
        .group_by(Assignment.group_id)
        .subquery()
    )
    served = select(ON, of_group.c.group_id, officers.c.user_id, *(of_group.c[name] for name in _SUMS))
    groups = served.outerjoin(officers, officers.c.group_id == of_group.c.group_id)
    appended = insert(table_of(PortfolioDay)).from_select(("as_of", "group_id", "officer_id", *_SUMS), groups)
    return appended.execution_options(preserve_rowcount=True)


def _sums(standing: Standing, *, sign: int = 1, late: bool = False) -> list[ColumnElement[int]]:
    """A group's sums: of all its loans how many and how much, or of its late ones the parts at risk; what is not asked for is 0."""
    outstanding = sign * standing.outstanding_principal
    if late:
        at_risk = [func.sum(case((standing.is_at_risk_beyond(days), outstanding), else_=0)) for days in PAR_DAYS]
        count = func.count() if standing.given is None else func.sum(case((standing.is_late, 1), else_=0))
        sums = [literal(0), literal(0), *at_risk, sign * count]
    else:
        sums = [sign * func.count(), func.sum(outstanding), *[literal(0)] * len(PAR_DAYS), literal(0)]
    return [func.max(Loan.group_id).label("group_id"), *(one.label(name) for name, one in zip(_SUMS, sums, strict=True))]


def _all_of(question: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return question.group_by(Loan.group_id)


def _late_of(question: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    # Not by the column itself, or SQLite would walk the whole index of groups for a few late loans.
    return question.group_by(Loan.group_id + 0)
