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
    exists,
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


_OF_ALL = ("loans", "outstanding_principal")
_OF_LATE = (*(f"par_{days}" for days in PAR_DAYS), "late_loans")
_SUMS = (*_OF_ALL, *_OF_LATE)

_Sums = dict[str, ColumnElement[int]]


@cache
def _portfolio(on_postgresql: bool, *, everywhere: bool) -> Insert:
    """Append every group's portfolio of that day: its loans, its balance, and how much of it is late by how much.

    As the loans stand now, each sum a walk along an index. Beside them what is otherwise on that day: less the loans that something has
    happened to since, and those as they stood, and those that were ever restructured. On an evening that is closed in time they are few.
    """
    now, then, agreed = standings.parts(ON, RESTRUCTURED)
    assert then.later is not None
    since = then.later.c.loan_id == Loan.id

    def summed(question: Select[*tuple[Any, ...]], by: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
        return (question if everywhere else question.where(Loan.group_id.in_(groups_closed()))).group_by(by)

    standing = summed(select(_GROUP, *_named(_all_sums(now))).where(now.is_owing), _GROUP).subquery("standing")
    late = summed(select(_ANY_GROUP, *_named(_late_sums(now))).where(now.is_late), _ANY_GROUP).subquery("late")
    parts = (
        select(*_row(_all_sums(now, sign=-1))).join(then.later, since).where(now.is_owing),
        select(*_row(_late_sums(now, sign=-1))).join(then.later, since).where(now.is_late),
        then.of_loans(*_row(_all_sums(then))),
        then.of_late_loans(*_row(_late_sums(then))),
        agreed.of_loans(*_row(_all_sums(agreed))),
        agreed.of_loans(*_row(_late_sums(agreed))).where(agreed.is_at_risk),
    )
    otherwise = union_all(*(summed(part, _ANY_GROUP) for part in parts)).subquery()
    added_up = (_whole(func.sum(otherwise.c[name])).label(name) for name in _SUMS)
    changed = select(otherwise.c.group_id, *added_up).group_by(otherwise.c.group_id).cte("changed")
    # Whatever is late now also stands now, but a group whose loans are all repaid may have had some on that day.
    stands = exists().where(Loan.group_id == changed.c.group_id, now.is_owing)
    with_changes = [func.coalesce((standing if name in _OF_ALL else late).c[name], 0) + func.coalesce(changed.c[name], 0) for name in _SUMS]
    of_group = union_all(
        select(standing.c.group_id, *(one.label(name) for name, one in zip(_SUMS, with_changes, strict=True)))
        .outerjoin(late, late.c.group_id == standing.c.group_id)
        .outerjoin(changed, changed.c.group_id == standing.c.group_id),
        select(changed.c.group_id, *(changed.c[name] for name in _SUMS)).where(~stands),
    ).subquery()
    officers = (
        select(Assignment.group_id, func.max(Assignment.user_id).label("user_id"))
        .where(Assignment.duty == Duty.OFFICER, in_force(Assignment.from_on, Assignment.to_on, ON))
        .group_by(Assignment.group_id)
        .subquery()
    )
    served = select(ON, of_group.c.group_id, officers.c.user_id, *(of_group.c[name] for name in _SUMS)).where(of_group.c.loans > 0)
    groups = served.outerjoin(officers, officers.c.group_id == of_group.c.group_id)
    appended = insert(table_of(PortfolioDay)).from_select(("as_of", "group_id", "officer_id", *_SUMS), groups)
    return appended.execution_options(preserve_rowcount=True)


def _all_sums(standing: Standing, *, sign: int = 1) -> _Sums:
    """Of all of a group's loans how many there are, and how much is outstanding."""
    return {"loans": sign * func.count(), "outstanding_principal": sign * _whole(func.sum(standing.outstanding_principal))}


def _late_sums(standing: Standing, *, sign: int = 1) -> _Sums:
    """Of those that are at risk the parts in each bucket, which they all are in the first of; and how many are late."""
    outstanding = standing.outstanding_principal
    beyond = {days: case((standing.is_at_risk_beyond(days), outstanding), else_=0) if days else outstanding for days in PAR_DAYS}
    count = func.count() if standing.given is None else func.sum(case((standing.is_late, 1), else_=0))
    return {f"par_{days}": sign * _whole(func.sum(part)) for days, part in beyond.items()} | {"late_loans": sign * count}


def _named(sums: _Sums) -> list[ColumnElement[int]]:
    return [one.label(name) for name, one in sums.items()]


def _row(sums: _Sums) -> list[ColumnElement[int]]:
    """These sums of a group among all that there are: what is not summed is 0."""
    return [_ANY_GROUP, *((sums[name] if name in sums else literal(0)).label(name) for name in _SUMS)]


def _whole(total: ColumnElement[int]) -> ColumnElement[int]:
    """A sum as the whole number it is: PostgreSQL's are `numeric`, and slow to add up again."""
    return cast(total, BigInteger)


_GROUP, _ANY_GROUP = Loan.group_id.label("group_id"), cast(Loan.group_id + 0, BigInteger).label("group_id")
"""By what loans are added up. All of them are read in the order of an index; for a few of them the group is not named by itself, or SQLite
would walk that whole index. Cast, or it would not know it for a number by which groups can be joined."""
