"""The journal: entries, their signed legs, and the seal without which no entry can be committed.

An entry's own id is a foreign key, checked at commit, to the seal; inserting the seal is the only way to satisfy it, and the seal's
trigger checks that the legs balance. So a half-written or unbalanced entry cannot be committed by any path (reliability §2.2).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lending.domain.ledger import Account, EntryKind
from lending.domain.money import Rupiah
from lending.models.base import Base, RefId, RowId, Uuid


class Entry(Base):
    """One journal entry. Two days: `happened_on` is the fact's (loans, arrears, PAR), `on_day` the books' (journal, trial balance)."""

    __tablename__ = "entry"

    id: Mapped[RowId] = mapped_column(ForeignKey("entry_seal.entry_id", deferrable=True, initially="DEFERRED"), autoincrement=True)
    unit_id: Mapped[RefId] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[EntryKind]
    on_day: Mapped[date]
    happened_on: Mapped[date]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    record_uuid: Mapped[Uuid | None] = mapped_column(String(36), ForeignKey("meeting_record.uuid"), index=True)
    reversal_of_id: Mapped[RefId | None] = mapped_column(ForeignKey("entry.id"), unique=True)
    reason: Mapped[str | None] = mapped_column(String(200))
    control_total: Mapped[Rupiah]

    __table_args__ = (
        Index("ix_entry_unit_id_on_day", "unit_id", "on_day"),
        Index("ix_entry_happened_on", "happened_on"),
        Index("ix_entry_unit_id_recorded_at", "unit_id", "recorded_at"),
        CheckConstraint("control_total > 0", name="control_positive"),
    )


class Posting(Base):
    """One leg of an entry: debit positive, credit negative."""

    __tablename__ = "posting"

    entry_id: Mapped[RefId] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[Account]
    loan_id: Mapped[RefId | None] = mapped_column(ForeignKey("loan.id"), index=True)
    member_id: Mapped[RefId | None] = mapped_column(ForeignKey("member.id"), index=True)
    user_id: Mapped[RefId | None] = mapped_column(ForeignKey("user_account.id"))
    amount: Mapped[Rupiah]

    __table_args__ = (
        Index("ix_posting_account_user_id", "account", "user_id"),
        CheckConstraint("amount <> 0 AND amount BETWEEN -100000000000 AND 100000000000", name="amount_sensible"),
    )


class EntrySeal(Base):
    """The seal of an entry: once it stands, no leg can be added."""

    __tablename__ = "entry_seal"

    entry_id: Mapped[RefId] = mapped_column(primary_key=True, autoincrement=False)


class SentOnce(Base):
    """An act that a program may send twice: its UUID, who sent it, what it said, what we answered. Kept for ever."""

    __tablename__ = "sent_once"

    uuid: Mapped[Uuid] = mapped_column(String(36), primary_key=True)
    unit_id: Mapped[RefId] = mapped_column(ForeignKey("unit.id"))
    actor_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    act: Mapped[str] = mapped_column(String(40))
    body_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime]
