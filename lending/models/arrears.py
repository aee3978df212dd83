"""History that the night writes: late loans, the portfolio, cases, and the runs that wrote them. Truth stays in the facts.

Nothing here is asked for its loan or its group by the database: at every row of every night that would cost more than writing it.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lending.domain.arrears import QualityClass
from lending.domain.cases import AsideReason, CaseStep, ContactMeans, ContactOutcome, IncidentKind
from lending.domain.money import Rupiah
from lending.models.base import Base, RefId, RowId, Uuid

_OPEN = "closed_on IS NULL"


class ArrearsSnapshot(Base):
    """A loan that was late at the end of a business date."""

    __tablename__ = "arrears_snapshot"

    as_of: Mapped[date] = mapped_column(primary_key=True)
    loan_id: Mapped[RefId] = mapped_column(primary_key=True)
    days_late: Mapped[int]
    quality: Mapped[QualityClass]
    overdue: Mapped[Rupiah]
    outstanding_principal: Mapped[Rupiah]


class PortfolioDay(Base):
    """A group's portfolio at the end of a business date, under the officer of that day."""

    __tablename__ = "portfolio_day"

    as_of: Mapped[date] = mapped_column(primary_key=True)
    group_id: Mapped[RefId] = mapped_column(primary_key=True)
    officer_id: Mapped[RefId | None]
    loans: Mapped[int]
    outstanding_principal: Mapped[Rupiah]
    par_0: Mapped[Rupiah]
    par_7: Mapped[Rupiah]
    par_30: Mapped[Rupiah]
    par_60: Mapped[Rupiah]
    par_90: Mapped[Rupiah]
    late_loans: Mapped[int | None]
    """None for evenings closed before it was counted."""


class ArrearsCase(Base):
    """One spell of lateness of one loan: opened by the first night that found it late, closed by the first that did not. It closes once."""

    __tablename__ = "arrears_case"

    loan_id: Mapped[RefId] = mapped_column(primary_key=True)
    opened_on: Mapped[date] = mapped_column(primary_key=True)
    closed_on: Mapped[date | None]

    __table_args__ = (
        Index("ix_arrears_case_open", "loan_id", unique=True, sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        Index("ix_arrears_case_opened_on", "opened_on"),
        Index("ix_arrears_case_closed_on", "closed_on"),
    )


class CaseEvent(Base):
    """Something done about a late loan: who spoke to her and what she said, what was proposed, who takes care of it."""

    __tablename__ = "case_event"

    id: Mapped[RowId]
    uuid: Mapped[Uuid] = mapped_column(String(36), unique=True)
    loan_id: Mapped[RefId] = mapped_column(ForeignKey("loan.id"))
    step: Mapped[CaseStep]
    on_day: Mapped[date]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    means: Mapped[ContactMeans | None]
    outcome: Mapped[ContactOutcome | None]
    promise_on: Mapped[date | None]
    amount: Mapped[Rupiah | None]
    incident: Mapped[IncidentKind | None]
    aside: Mapped[AsideReason | None]
    member_id: Mapped[RefId | None] = mapped_column(ForeignKey("member.id"))
    """The woman of the group who said that she will pay for her."""
    assignee_id: Mapped[RefId | None] = mapped_column(ForeignKey("user_account.id"))
    note: Mapped[str | None] = mapped_column(String(2000))

    __table_args__ = (
        Index("ix_case_event_loan_id_on_day", "loan_id", "on_day"),
        Index("ix_case_event_promise_on", "promise_on"),
        Index("ix_case_event_assignee_id", "assignee_id"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )


class BrokenPromise(Base):
    """A promise whose day was over and that was not kept, as the night of `as_of` found it."""

    __tablename__ = "broken_promise"

    loan_id: Mapped[RefId] = mapped_column(primary_key=True)
    promise_on: Mapped[date] = mapped_column(primary_key=True)
    as_of: Mapped[date] = mapped_column(index=True)


class JobRun(Base):
    """One job's one business date: claimed by whoever has the row first, held by a lease, finished once. A night is a job of each unit."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(String(20), primary_key=True)
    for_date: Mapped[date] = mapped_column(primary_key=True)
    worker: Mapped[str] = mapped_column(String(60))
    lease_until: Mapped[datetime]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]
    unit_id: Mapped[RefId | None]
    """None for what is done for the whole house."""

    __table_args__ = (Index("ix_job_run_unit_id_for_date", "unit_id", "for_date"),)
