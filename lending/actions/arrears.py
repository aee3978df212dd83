"""The night: history appended for one business date, from the facts, in one transaction. Running it late gives what running it on time
would have given; running it again changes nothing (invariant I14)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Insert,
    Select,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from lending import clock
from lending.database import is_postgresql, session, transaction
from lending.domain.groups import Duty
from lending.domain.portfolio import PAR_DAYS
from lending.models import ArrearsSnapshot, Assignment, Group, JobRun, Loan, PortfolioDay, Unit
from lending.queries import standings
from lending.queries.operations import NIGHT
from lending.queries.scope import in_force
from lending.queries.standings import Standing

LEASE = timedelta(minutes=5)


@dataclass(frozen=True)
class Night:
    """What one date's pass wrote."""

    on: date
    late_loans: int
    groups: int


def close_date(on: date, worker: str) -> Night | None:
    """Close one business date for history: append its late loans and its portfolio. None when somebody else has, or holds, that date.

    The claim, the rows and the finish are one transaction: a worker that dies in the middle leaves nothing, and the next takes the date.
    """
    started = clock.now()
    with transaction():
        if not _claim(on, worker, started):
            return None
        connection = session.connection()
        late = connection.execute(_snapshot(is_postgresql()), {_ON.key: on}).rowcount
        groups = connection.execute(_portfolio(), {_ON.key: on}).rowcount
        session.execute(
            update(JobRun)
            .where(JobRun.job == NIGHT, JobRun.for_date == on)
            .values(finished_at=clock.now(), result={"late_loans": late, "groups": groups})
        )
        return Night(on, late, groups)


def _claim(on: date, worker: str, now: datetime) -> bool:
    """Take the date. On PostgreSQL a second claim waits here for the first one's transaction; SQLite has one writer anyway."""
    if is_postgresql():
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"{NIGHT}:{on.isoformat()}"))))
    if session.get(JobRun, (NIGHT, on)) is not None:
        return False
    session.add(JobRun(job=NIGHT, for_date=on, worker=worker, started_at=now, lease_until=now + LEASE))
    session.flush()
    return True


_ON = bindparam("on_day", type_=Date)
"""The night's statements are large and always the same but for their day: they are built once."""


@cache
def _snapshot(on_postgresql: bool) -> Insert:
    """Append every loan that is late that day."""
    now, then = standings.parts(_ON)
    late_now = _late(now)
    if not on_postgresql:
        # Found by their due date, but read in the order in which they lie and are written. PostgreSQL does so by itself.
        due = aliased(Loan)
        late_now = late_now.where(Loan.id.in_(select(due.id).where(due.next_due < _ON)))
    late = union_all(late_now, _late(then))
    columns = ("as_of", "loan_id", "days_late", "quality", "overdue", "outstanding_principal")
    appended = insert(ArrearsSnapshot.__table__).from_select(columns, late)  # type: ignore[arg-type]
    return appended.execution_options(preserve_rowcount=True)


def _late(standing: Standing) -> Select[*tuple[Any, ...]]:
    figures = (standing.days_late, standing.quality, standing.overdue, standing.outstanding_principal)
    late = standing.of_late_loans(_ON, Loan.id, *figures)
    return late.join(Group, Group.id == Loan.group_id).join(Unit, Unit.id == Group.unit_id)


_SUMS = ("loans", "outstanding_principal", *(f"par_{days}" for days in PAR_DAYS))


@cache
def _portfolio() -> Insert:
    """Append every group's portfolio of that day: its loans, its balance, and how much of it is late by how much.

    As the loans stand now, each sum a walk along an index; less the loans that something has happened to since, and those as they stood.
    """
    now, then = standings.parts(_ON)
    since = then.later.c.loan_id == Loan.id
    parts = [
        _all_of(select(*_sums(now))).where(now.is_owing),
        _late_of(select(*_sums(now, late=True))).where(now.is_late),
        _all_of(select(*_sums(now, sign=-1)).join(then.later, since)).where(now.is_owing),
        _late_of(select(*_sums(now, sign=-1, late=True)).join(then.later, since)).where(now.is_late),
        _all_of(then.of_loans(*_sums(then))),
        _late_of(then.of_late_loans(*_sums(then, late=True))),
    ]
    every = union_all(*parts).subquery().c
    added_up = [cast(func.sum(every[name]), BigInteger).label(name) for name in _SUMS]
    of_group = select(every.group_id, *added_up).group_by(every.group_id).having(func.sum(every.loans) > 0).subquery()
    officers = (
        select(Assignment.group_id, func.max(Assignment.user_id).label("user_id"))
        .where(Assignment.duty == Duty.OFFICER, in_force(Assignment.from_on, Assignment.to_on, _ON))
        .group_by(Assignment.group_id)
        .subquery()
    )
    served = select(_ON, of_group.c.group_id, officers.c.user_id, *(of_group.c[name] for name in _SUMS))
    groups = served.outerjoin(officers, officers.c.group_id == of_group.c.group_id)
    appended = insert(PortfolioDay.__table__).from_select(("as_of", "group_id", "officer_id", *_SUMS), groups)  # type: ignore[arg-type]
    return appended.execution_options(preserve_rowcount=True)


def _sums(standing: Standing, *, sign: int = 1, late: bool = False) -> list[ColumnElement[int]]:
    """A group's sums: of all its loans how many and how much, or of its late ones the parts at risk; what is not asked for is 0."""
    outstanding = sign * standing.outstanding_principal
    if late:
        at_risk = [func.sum(case((standing.is_later_than(days), outstanding), else_=0)) for days in PAR_DAYS]
        sums = [literal(0), literal(0), *at_risk]
    else:
        sums = [sign * func.count(), func.sum(outstanding), *[literal(0)] * len(PAR_DAYS)]
    return [func.max(Loan.group_id).label("group_id"), *(one.label(name) for name, one in zip(_SUMS, sums, strict=True))]


def _all_of(question: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return question.group_by(Loan.group_id)


def _late_of(question: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    # Not by the column itself, or SQLite would walk the whole index of groups for a few late loans.
    return question.group_by(Loan.group_id + 0)
