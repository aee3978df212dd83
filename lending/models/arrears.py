"""History that the night writes: late loans and the portfolio, a row a day, and the runs that wrote them. Truth stays in the facts.

Nothing here is asked for its loan or its group by the database: at every row of every night that would cost more than writing it.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from lending.domain.arrears import QualityClass
from lending.domain.money import Rupiah
from lending.models.base import Base, RefId


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


class JobRun(Base):
    """One job's one business date: claimed by whoever inserts the row first, held by a lease, finished once."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(String(20), primary_key=True)
    for_date: Mapped[date] = mapped_column(primary_key=True)
    worker: Mapped[str] = mapped_column(String(60))
    lease_until: Mapped[datetime]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None]
