"""The night: history appended for one business date, from the facts, in one transaction. Running it late gives what running it on time
would have given; running it again changes nothing (invariant I14)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Date, Insert, Select, bindparam, case, cast, func, insert, literal, select, union_all, update

from lending import clock
from lending.database import is_postgresql, session, transaction
from lending.domain.portfolio import PAR_DAYS
from lending.models import ArrearsSnapshot, Assignment, Group, JobRun, Loan, PortfolioDay
from lending.queries import standings
from lending.queries.operations import NIGHT
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
        late = connection.execute(_snapshot(), {_ON.key: on}).rowcount
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
def _snapshot() -> Insert:
    """Append every loan that is late that day."""
    late = union_all(*(_late(standing) for standing in standings.parts(_ON)))
    columns = ("as_of", "loan_id", "days_late", "quality", "overdue", "outstanding_principal")
    appended = insert(ArrearsSnapshot.__table__).from_select(columns, late)  # type: ignore[arg-type]
    return appended.execution_options(preserve_rowcount=True)


def _late(standing: Standing) -> Select[*tuple[Any, ...]]:
    figures = (standing.days_late, standing.quality, standing.overdue, standing.outstanding_principal)
    return standing.select(_ON, Loan.id, *figures).where(standing.is_late)


@cache
def _portfolio() -> Insert:
    """Append every group's portfolio of that day: its loans and balance, and what of it is late by the snapshot just written."""
    none = [literal(0).label(f"par_{days}") for days in PAR_DAYS]
    sums = [
        standing.select(
            Loan.group_id.label("group_id"),
            func.count().label("loans"),
            func.sum(standing.outstanding_principal).label("outstanding_principal"),
            *none,
        ).group_by(Loan.group_id)
        for standing in standings.parts(_ON)
    ]
    row = ArrearsSnapshot
    at_risk = (func.sum(case((row.days_late > days, row.outstanding_principal), else_=0)).label(f"par_{days}") for days in PAR_DAYS)
    late = select(Loan.group_id, literal(0).label("loans"), literal(0).label("outstanding_principal"), *at_risk)
    sums.append(late.join(row, row.loan_id == Loan.id).where(row.as_of == _ON).group_by(Loan.group_id))
    of_group = union_all(*sums).subquery()
    columns = ("loans", "outstanding_principal", *(f"par_{days}" for days in PAR_DAYS))
    totals = [cast(func.sum(of_group.c[name]), BigInteger) for name in columns]
    groups = (
        select(_ON, of_group.c.group_id, func.max(Assignment.user_id), *totals)
        .join(Group, Group.id == of_group.c.group_id)
        .outerjoin(Assignment, standings.officer_of(_ON))
        .group_by(of_group.c.group_id)
    )
    appended = insert(PortfolioDay.__table__).from_select(("as_of", "group_id", "officer_id", *columns), groups)  # type: ignore[arg-type]
    return appended.execution_options(preserve_rowcount=True)
