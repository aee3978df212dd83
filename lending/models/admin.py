"""What head office keeps: units, regions, products, holidays, and the trace of every act."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lending.domain.calendar import HolidayKind, HolidayRule
from lending.domain.money import Rupiah
from lending.domain.schedule import Akad, PaymentOrder
from lending.models.base import Base, RefId, RowId


class Unit(Base):
    """A branch office: its code stands in every receipt, its zone decides what day it is there."""

    __tablename__ = "unit"

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(10), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    zone: Mapped[str] = mapped_column(String(40))
    regime: Mapped[str] = mapped_column(String(20), default="weekly_lender")
    """Which quality classes it reports by: the code of a rule of risk."""
    is_demo: Mapped[bool] = mapped_column(default=False)


class UnitArea(Base):
    """A kelurahan that a unit serves."""

    __tablename__ = "unit_area"

    unit_id: Mapped[RefId] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    kelurahan: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"), primary_key=True)


class Region(Base):
    """A place with its Kemendagri code. Codes are versioned and two kelurahan may share a name: key by code, never by name."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(13), primary_key=True)
    level: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(60))
    parent: Mapped[str | None] = mapped_column(String(13), index=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(120))


class Product(Base):
    """One version of a product's terms, in force from `valid_from`; a loan keeps the version of its day of application."""

    __tablename__ = "product"

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date]
    name: Mapped[str] = mapped_column(String(60))
    akad: Mapped[Akad]
    min_principal: Mapped[Rupiah]
    max_principal: Mapped[Rupiah]
    step: Mapped[Rupiah]
    weeks: Mapped[list[int]]
    every_weeks: Mapped[int]
    margin_bp: Mapped[int]
    year_weeks: Mapped[int]
    coin: Mapped[Rupiah]
    upj_bp: Mapped[int]
    payment_order: Mapped[PaymentOrder]
    by_cycle: Mapped[list[dict[str, Any]]]
    block_days_late: Mapped[int | None]
    needs_recognition: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (UniqueConstraint("code", "valid_from"),)


class RiskRule(Base):
    """One version of a rule of risk (`domain/risk_rules.py`), in force from `valid_from` until the next one of its code."""

    __tablename__ = "risk_rule"

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(30))
    valid_from: Mapped[date]
    terms: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime]
    actor_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (UniqueConstraint("code", "valid_from"),)


class HolidayRow(Base):
    """A day on which groups do not meet, or a shared leave day that is only listed."""

    __tablename__ = "holiday"

    id: Mapped[RowId]
    on_day: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[HolidayKind]
    rule: Mapped[HolidayRule]
    source: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(12))


class AuditEvent(Base):
    """One act, by whom, on what, when and why. Added in the same transaction as the act; never changed."""

    __tablename__ = "audit_event"

    id: Mapped[RowId]
    unit_id: Mapped[RefId | None] = mapped_column(ForeignKey("unit.id"))
    at: Mapped[datetime]
    actor_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    act: Mapped[str] = mapped_column(String(40))
    row: Mapped[str] = mapped_column(String(60))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    reason: Mapped[str | None] = mapped_column(String(200))
    came_from: Mapped[str | None] = mapped_column(String(45))
    """The address it was done from; None for the terminal and the clock."""
    request: Mapped[str | None] = mapped_column(String(16))
    """The number of the request, by which the log is found."""

    __table_args__ = (Index("ix_audit_event_unit_id_id", "unit_id", "id"), Index("ix_audit_event_row", "row"))
