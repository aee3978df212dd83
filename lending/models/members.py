"""The women: who they are (numbers sealed), what they agreed to, what was found at their homes, the days they trained."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from lending.domain.collection import Attendance
from lending.domain.money import Rupiah
from lending.models.base import Base, RefId, RowId


class Member(Base):
    """A woman known to the programme. NIK and KK are sealed; a keyed index finds them, the last four digits are shown."""

    __tablename__ = "member"

    id: Mapped[RowId]
    unit_id: Mapped[RefId] = mapped_column(ForeignKey("unit.id"), index=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    nik_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    nik_index: Mapped[str] = mapped_column(String(64), unique=True)
    nik_last4: Mapped[str] = mapped_column(String(4))
    kk_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    kk_index: Mapped[str | None] = mapped_column(String(64), index=True)
    kk_last4: Mapped[str | None] = mapped_column(String(4))
    birth_date: Mapped[date]
    phone: Mapped[str | None] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(200))
    rt: Mapped[str] = mapped_column(String(3))
    rw: Mapped[str] = mapped_column(String(3))
    kelurahan: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    enrolled_at: Mapped[datetime]
    imported_on: Mapped[date | None]
    """The day on which she was taken over from other books: her training and her test of that time count as done."""


class Consent(Base):
    """What she agreed to, or withdrew; the newest row of a purpose holds."""

    __tablename__ = "consent"

    id: Mapped[RowId]
    member_id: Mapped[RefId] = mapped_column(ForeignKey("member.id"))
    purpose: Mapped[str] = mapped_column(String(12))
    given: Mapped[bool]
    on_day: Mapped[date]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (Index("ix_consent_member_id", "member_id"),)


class FormerMeeting(Base):
    """A meeting of hers before she was taken over, as the other books told it. It is shown, and counts nowhere."""

    __tablename__ = "former_meeting"

    member_id: Mapped[RefId] = mapped_column(ForeignKey("member.id"), primary_key=True)
    held_on: Mapped[date] = mapped_column(primary_key=True)
    attendance: Mapped[Attendance]
    paid: Mapped[Rupiah]
    savings: Mapped[Rupiah]


class Eligibility(Base):
    """One eligibility test (uji kelayakan) at her home; holds 180 days."""

    __tablename__ = "eligibility"

    id: Mapped[RowId]
    member_id: Mapped[RefId] = mapped_column(ForeignKey("member.id"), index=True)
    on_day: Mapped[date]
    household_size: Mapped[int]
    income_per_month: Mapped[Rupiah]
    house_index: Mapped[int]
    other_debt_weekly: Mapped[Rupiah]
    passed: Mapped[bool]
    contradicts_rule: Mapped[bool]
    """The officer's finding differs from what income and house say; whoever verifies must say why it stands."""
    note: Mapped[str] = mapped_column(String(2000))
    recorded_at: Mapped[datetime]
    actor_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))


class TrainingDay(Base):
    """One day of the compulsory training (persiapan pembiayaan); five are needed before a first loan."""

    __tablename__ = "training_day"

    member_id: Mapped[RefId] = mapped_column(ForeignKey("member.id"), primary_key=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime]
    actor_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
