"""Days of the books that are closed for ever, and how far the hash chains had come whenever they were sealed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lending.domain.ledger import Account
from lending.domain.money import Rupiah
from lending.models.base import Base, RefId, RowId


class ChainSeal(Base):
    """The heads of a unit's two chains, over its entries and over its acts, up to a row of each; without a unit, head office's acts.

    Nothing is chained when it is written down: the chain follows the order of the ids, and a seal says where it had come to.
    """

    __tablename__ = "chain_seal"

    id: Mapped[RowId]
    unit_id: Mapped[RefId | None] = mapped_column(ForeignKey("unit.id"))
    sealed_at: Mapped[datetime]
    occasion: Mapped[str] = mapped_column(String(10))
    """`day`, `night` or `backup`."""
    entries: Mapped[int]
    last_entry_id: Mapped[RefId]
    head: Mapped[str] = mapped_column(String(64))
    audit: Mapped[int]
    last_audit_id: Mapped[RefId]
    audit_head: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index("ix_chain_seal_unit_id_id", "unit_id", "id"),)


class DayClose(Base):
    """A day of a unit's books, closed: what lay in the vault by the books and by count, and the hash that proves it. Never reopened.

    `counted` is None for a day that nobody counted in time and that was closed along with a later one. The day's books may be empty.
    """

    __tablename__ = "day_close"

    unit_id: Mapped[RefId] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]
    actor_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    expected: Mapped[Rupiah]
    counted: Mapped[Rupiah | None]
    notes: Mapped[dict[str, Any] | None]
    reason: Mapped[str | None] = mapped_column(String(200))
    entry_id: Mapped[RefId | None] = mapped_column(ForeignKey("entry.id"))
    """The entry that books the difference, where there is one."""
    entries: Mapped[int]
    """How many entries the day has."""
    seal_id: Mapped[RefId] = mapped_column(ForeignKey("chain_seal.id"))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class DayBalance(Base):
    """What an account had come to at the end of a closed day, every account of the chart: nobody adds up what lies before it again.

    Of days that were closed in one go, the last has them.
    """

    __tablename__ = "day_balance"

    unit_id: Mapped[RefId] = mapped_column(primary_key=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    account: Mapped[Account] = mapped_column(primary_key=True)
    debit: Mapped[Rupiah]
    credit: Mapped[Rupiah]

    __table_args__ = (
        ForeignKeyConstraint(["unit_id", "on_day"], ["day_close.unit_id", "day_close.on_day"], name="fk_day_balance_unit_id_on_day"),
    )
