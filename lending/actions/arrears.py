"""The night: history appended for one business date, from the facts, in one transaction. Running it late gives what running it on time
would have given; running it again changes nothing (invariant I14)."""

from collections.abc import Sequence
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

from lending import clock
from lending.database import is_postgresql, session, transaction
from lending.domain.portfolio import PAR_DAYS
from lending.models import ArrearsSnapshot, Assignment, Group, JobRun, Loan, PortfolioDay, Unit
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
    late = standing.of_loans(_ON, Loan.id, *figures).where(standing.is_late)
    return late.join(Group, Group.id == Loan.group_id).join(Unit, Unit.id == Group.unit_id)


@cache
def _portfolio() -> Insert:
    """Append every group's portfolio of that day: its loans, its balance, and how much of it is late by how much."""
    names = ("loans", "outstanding_principal", *(f"par_{days}" for days in PAR_DAYS))
    none = [literal(0)] * len(names)
    # Of all loans the sums alone, of late ones the rest: each is a walk along an index.
    sums = [
        question.group_by(Loan.group_id)
        for standing in standings.parts(_ON)
        for question in (
            _of_groups(standing, names, [func.count(), func.sum(standing.outstanding_principal), *none[2:]]),
            _of_groups(standing, names, [*none[:2], *_at_risk(standing)]).where(standing.is_late),
        )
    ]
    of_group = union_all(*sums).subquery().c
    groups = (
        select(_ON, of_group.group_id, func.max(Assignment.user_id), *(cast(func.sum(of_group[name]), BigInteger) for name in names))
        .join(Group, Group.id == of_group.group_id)
        .outerjoin(Assignment, standings.officer_of(_ON))
        .group_by(of_group.group_id)
    )
    appended = insert(PortfolioDay.__table__).from_select(("as_of", "group_id", "officer_id", *names), groups)  # type: ignore[arg-type]
    return appended.execution_options(preserve_rowcount=True)


def _of_groups(standing: Standing, names: Sequence[str], sums: Sequence[ColumnElement[int]]) -> Select[*tuple[Any, ...]]:
    return standing.of_loans(Loan.group_id.label("group_id"), *(one.label(name) for name, one in zip(names, sums, strict=True)))


def _at_risk(standing: Standing) -> list[ColumnElement[int]]:
    return [func.sum(case((standing.is_later_than(days), standing.outstanding_principal), else_=0)) for days in PAR_DAYS]
