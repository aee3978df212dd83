"""Loans: their terms, fixed when applied for; their life, as events; and the two derived figures with one writer."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from lending.domain.lifecycle import LoanState, LoanStep
from lending.domain.money import Rupiah
from lending.domain.schedule import PaymentOrder
from lending.models.base import Base, RefId, RowId


class Loan(Base):
    """A loan. No instalment rows: the group's calendar is the schedule (design §2).

    `total_paid`, `outstanding_principal`, `next_due` and `ended_on` are derived from the postings, the calendar and the steps;
    `actions/standing.py` alone writes them, and the check recomputes them. `next_due` is the due date of the first instalment not fully
    paid, None before disbursing and once repaid or ended.
    """

    __tablename__ = "loan"

    id: Mapped[RowId]
    member_id: Mapped[RefId] = mapped_column(ForeignKey("member.id"), index=True)
    group_id: Mapped[RefId] = mapped_column(ForeignKey("borrower_group.id"), index=True)
    product_id: Mapped[RefId] = mapped_column(ForeignKey("product.id"))
    cycle: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(200))
    applied_on: Mapped[date]
    maker_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    verifier_id: Mapped[RefId | None] = mapped_column(ForeignKey("user_account.id"))
    """The officer whom the head named to verify it."""
    state: Mapped[LoanState]
    principal: Mapped[Rupiah]
    margin: Mapped[Rupiah]
    weeks: Mapped[int]
    every_weeks: Mapped[int]
    count: Mapped[int]
    """How many instalments: weeks ÷ every_weeks."""
    instalment: Mapped[Rupiah]
    payment_order: Mapped[PaymentOrder]
    upj: Mapped[Rupiah]
    disbursed_on: Mapped[date | None]
    """The day from which it is in these books."""
    lent_before_on: Mapped[date | None]
    """Of a loan that was taken over (imported): the day on which she really had the money."""
    first_seq: Mapped[int | None]
    total_paid: Mapped[Rupiah] = mapped_column(default=0)
    outstanding_principal: Mapped[Rupiah] = mapped_column(default=0, server_default="0")
    """What PAR counts: 0 before disbursing and once repaid."""
    next_due: Mapped[date | None]
    ended_on: Mapped[date | None]
    """The day from which nothing is owed any more although not all was paid: written off, or cleared by her death."""

    __table_args__ = (
        # What is late, and what stands behind it; all of a group's balance, or of every group's: without a look at the loans themselves.
        Index("ix_loan_next_due", "next_due", "group_id", "outstanding_principal"),
        Index(
            "ix_loan_outstanding",
            "group_id",
            "outstanding_principal",
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
        Index("ix_loan_ended_on", "ended_on", sqlite_where=text("ended_on IS NOT NULL"), postgresql_where=text("ended_on IS NOT NULL")),
        CheckConstraint("total_paid >= 0 AND total_paid <= principal + margin", name="paid_within_total"),
        CheckConstraint("principal > 0 AND margin >= 0 AND instalment > 0 AND count > 0", name="terms_positive"),
    )


class LoanEvent(Base):
    """One step of a loan's life: what, by whom, on which day, why."""

    __tablename__ = "loan_event"

    id: Mapped[RowId]
    loan_id: Mapped[RefId] = mapped_column(ForeignKey("loan.id"), index=True)
    step: Mapped[LoanStep | None]
    """None for the application itself."""
    state: Mapped[LoanState]
    """The state after it."""
    on_day: Mapped[date]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str | None] = mapped_column(String(200))
    details: Mapped[dict[str, Any] | None]


class Restructuring(Base):
    """A loan's payments put on new meetings, on a day (api-detail part 4, *restructure*). The newest version holds."""

    __tablename__ = "loan_restructuring"

    loan_id: Mapped[RefId] = mapped_column(ForeignKey("loan.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    on_day: Mapped[date]
    total_paid: Mapped[Rupiah]
    """What was paid in all when it was agreed."""
    kept: Mapped[int]
    """So many of its rows had been paid before."""
    late_since: Mapped[int | None]
    """The meeting (`seq`) of the oldest instalment that was late that day; None where none was."""
    recorded_at: Mapped[datetime]


class ScheduleRow(Base):
    """One instalment of a restructured loan: at which meeting of its group (`seq`), and what must be paid in all by then."""

    __tablename__ = "loan_schedule"

    loan_id: Mapped[RefId] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    cum_due: Mapped[Rupiah]
    cum_margin: Mapped[Rupiah]

    __table_args__ = (ForeignKeyConstraint(["loan_id", "version"], ["loan_restructuring.loan_id", "loan_restructuring.version"]),)


class CheckCode(Base):
    """The code behind the card's QR: names a loan to whoever holds the card, holds nothing personal, can be revoked."""

    __tablename__ = "check_code"

    id: Mapped[RowId]
    loan_id: Mapped[RefId] = mapped_column(ForeignKey("loan.id"), index=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
