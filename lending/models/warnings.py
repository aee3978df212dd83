"""How each unit watches for the signs that come before arrears: numbers that its head may change, kept as they were changed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lending.domain.warnings import Sign
from lending.models.base import Base, RefId, RowId


class WarningRule(Base):
    """One unit's rule for one sign, in force from a day; of several, the newest holds."""

    __tablename__ = "warning_rule"

    id: Mapped[RowId]
    unit_id: Mapped[RefId] = mapped_column(ForeignKey("unit.id"))
    sign: Mapped[Sign]
    from_on: Mapped[date]
    watched: Mapped[bool]
    numbers: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime]
    actor_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (Index("ix_warning_rule_unit_id_sign", "unit_id", "sign"),)
