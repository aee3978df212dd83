"""Cash from hand to hand: what an officer says that she carries, and what the cashier counted and received."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lending.domain.money import Rupiah
from lending.models.base import Base, RefId, RowId, Uuid


class CashDeclaration(Base):
    """What an officer says that she carries, by note where she counted so. It books nothing; the next hand-over of hers names it."""

    __tablename__ = "cash_declaration"

    id: Mapped[RowId]
    uuid: Mapped[Uuid] = mapped_column(String(36), unique=True)
    unit_id: Mapped[RefId] = mapped_column(ForeignKey("unit.id"))
    officer_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"), index=True)
    on_day: Mapped[date]
    total: Mapped[Rupiah]
    notes: Mapped[dict[str, Any] | None]
    recorded_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("total > 0", name="total_positive"),)


class CashHandover(Base):
    """All that an officer held, received by the cashier: what the books said, what she counted, why they differ, and what was booked."""

    __tablename__ = "handover"

    id: Mapped[RowId]
    uuid: Mapped[Uuid] = mapped_column(String(36), unique=True)
    unit_id: Mapped[RefId] = mapped_column(ForeignKey("unit.id"))
    officer_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"), index=True)
    cashier_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    on_day: Mapped[date]
    expected: Mapped[Rupiah]
    counted: Mapped[Rupiah]
    notes: Mapped[dict[str, Any] | None]
    reason: Mapped[str | None] = mapped_column(String(200))
    declaration_id: Mapped[RefId | None] = mapped_column(ForeignKey("cash_declaration.id"), unique=True)
    entry_id: Mapped[RefId | None] = mapped_column(ForeignKey("entry.id"), unique=True)
    """What was booked; None where there was nothing to book."""
    recorded_at: Mapped[datetime]

    __table_args__ = (Index("ix_handover_unit_id_on_day", "unit_id", "on_day"),)
