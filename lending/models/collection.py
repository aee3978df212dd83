"""What happened at a meeting: the record as the phone sent it, a line a woman, who paid for whom, and its undoing."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lending.domain.collection import Attendance, ShortReason
from lending.domain.money import Rupiah
from lending.models.base import Base, RefId, RowId, Uuid


class MeetingRecord(Base):
    """One meeting as its officer recorded it. The phone made the UUID, so that sending twice is harmless."""

    __tablename__ = "meeting_record"

    uuid: Mapped[Uuid] = mapped_column(String(36), primary_key=True)
    unit_id: Mapped[RefId] = mapped_column(ForeignKey("unit.id"))
    meeting_id: Mapped[RefId] = mapped_column(ForeignKey("meeting.id"))
    attempt: Mapped[int]
    """1 for the first record of the meeting, 2 for the one after an undo: two at once cannot both be the same attempt."""
    officer_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    held_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_on: Mapped[date]
    """The business date on which it was kept: its own officer may undo it until that day ends."""
    cash_counted: Mapped[Rupiah]
    total: Mapped[Rupiah]
    year: Mapped[int]
    number: Mapped[int]
    """The receipt's number within unit and year of `held_on`, without gaps."""
    body: Mapped[dict[str, Any]]
    body_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]]

    __table_args__ = (
        UniqueConstraint("meeting_id", "attempt"),
        UniqueConstraint("unit_id", "year", "number"),
        Index("ix_meeting_record_unit_id_held_on", "unit_id", "held_on"),
        CheckConstraint("total >= 0 AND cash_counted >= 0", name="sums_not_negative"),
    )


class MeetingLine(Base):
    """One woman at one meeting: was she there, what did she bring, and if it was short, why and until when."""

    __tablename__ = "meeting_line"

    record_uuid: Mapped[Uuid] = mapped_column(String(36), ForeignKey("meeting_record.uuid"), primary_key=True)
    member_id: Mapped[RefId] = mapped_column(ForeignKey("member.id"), primary_key=True)
    attendance: Mapped[Attendance]
    loan_id: Mapped[RefId | None] = mapped_column(ForeignKey("loan.id"))
    paid: Mapped[Rupiah]
    savings: Mapped[Rupiah]
    renteng: Mapped[Rupiah]
    """What others paid for her; who they were stands in `renteng`."""
    bulk: Mapped[bool]
    """Counted by *Semua lunas*, not touched singly."""
    short_reason: Mapped[ShortReason | None]
    promise_on: Mapped[date | None]

    __table_args__ = (
        Index("ix_meeting_line_loan_id", "loan_id"),
        Index("ix_meeting_line_member_id", "member_id"),
        Index(
            "ix_meeting_line_promise_on",
            "promise_on",
            sqlite_where=text("promise_on IS NOT NULL"),
            postgresql_where=text("promise_on IS NOT NULL"),
        ),
    )


class Renteng(Base):
    """What one woman paid for another: a debt between them, beside the lender's books and never in them (domain.md §2.4)."""

    __tablename__ = "renteng"

    record_uuid: Mapped[Uuid] = mapped_column(String(36), ForeignKey("meeting_record.uuid"), primary_key=True)
    debtor_id: Mapped[RefId] = mapped_column(ForeignKey("member.id"), primary_key=True)
    coverer_id: Mapped[RefId] = mapped_column(ForeignKey("member.id"), primary_key=True)
    amount: Mapped[Rupiah]

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("debtor_id <> coverer_id", name="two_women"),
    )


class RecordUndo(Base):
    """The undoing of a record: reversal entries stand in the journal, and the meeting is open again."""

    __tablename__ = "record_undo"

    record_uuid: Mapped[Uuid] = mapped_column(String(36), ForeignKey("meeting_record.uuid"), primary_key=True)
    on_day: Mapped[date]
    undone_at: Mapped[datetime]
    actor_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(String(200))


class LineUndo(Base):
    """The undoing of one woman's money in a record that stands: what her line says of her coming stays."""

    __tablename__ = "line_undo"

    record_uuid: Mapped[Uuid] = mapped_column(String(36), primary_key=True)
    member_id: Mapped[RefId] = mapped_column(primary_key=True)
    on_day: Mapped[date]
    undone_at: Mapped[datetime]
    actor_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(String(200))

    __table_args__ = (ForeignKeyConstraint(["record_uuid", "member_id"], ["meeting_line.record_uuid", "meeting_line.member_id"]),)


class ReceiptPrint(Base):
    """One printing of a receipt: every one after the first says *salinan*."""

    __tablename__ = "receipt_print"

    id: Mapped[RowId]
    record_uuid: Mapped[Uuid] = mapped_column(String(36), ForeignKey("meeting_record.uuid"), index=True)
    member_id: Mapped[RefId | None] = mapped_column(ForeignKey("member.id"))
    printed_at: Mapped[datetime]
    actor_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
