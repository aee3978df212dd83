"""Groups, who serves and leads them, who belongs to them, and their calendar: one row a planned meeting."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lending.domain.groups import Duty
from lending.models.base import Base, RefId, RowId


class Group(Base):
    """10–30 women of one neighbourhood who meet on a fixed weekday and hour."""

    __tablename__ = "borrower_group"

    id: Mapped[RowId]
    unit_id: Mapped[RefId] = mapped_column(ForeignKey("unit.id"), index=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    kelurahan: Mapped[str] = mapped_column(String(13), ForeignKey("region.code"))
    weekday: Mapped[int]
    """1 Monday … 6 Saturday."""
    time: Mapped[str] = mapped_column(String(5))
    place: Mapped[str] = mapped_column(String(120))


class Assignment(Base):
    """Who serves a group, from when to when; the day `to_on` is the first on which somebody else does."""

    __tablename__ = "assignment"

    id: Mapped[RowId]
    group_id: Mapped[RefId] = mapped_column(ForeignKey("borrower_group.id"))
    user_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    duty: Mapped[Duty]
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (Index("ix_assignment_group_id_duty", "group_id", "duty"), Index("ix_assignment_user_id", "user_id"))


class Membership(Base):
    """A woman's time in a group; the day `left_on` is the first on which she is not of it any more."""

    __tablename__ = "membership"

    id: Mapped[RowId]
    group_id: Mapped[RefId] = mapped_column(ForeignKey("borrower_group.id"), index=True)
    member_id: Mapped[RefId] = mapped_column(ForeignKey("member.id"), index=True)
    sub_group: Mapped[int]
    joined_on: Mapped[date]
    left_on: Mapped[date | None]


class Leadership(Base):
    """Who leads the group, from when to when."""

    __tablename__ = "leadership"

    id: Mapped[RowId]
    group_id: Mapped[RefId] = mapped_column(ForeignKey("borrower_group.id"), index=True)
    member_id: Mapped[RefId] = mapped_column(ForeignKey("member.id"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]


class Meeting(Base):
    """One planned meeting. Instalment k of a loan is due on meeting `first_seq + (k − 1) × every_weeks` of its group."""

    __tablename__ = "meeting"

    id: Mapped[RowId]
    group_id: Mapped[RefId] = mapped_column(ForeignKey("borrower_group.id"))
    seq: Mapped[int]
    planned_on: Mapped[date]
    original_on: Mapped[date]
    """The date this meeting had when it was first laid out; never changes."""
    reason: Mapped[str | None] = mapped_column(String(200))
    """The holiday or move that took it off `original_on`."""

    __table_args__ = (UniqueConstraint("group_id", "seq"), Index("ix_meeting_group_id_planned_on", "group_id", "planned_on"))


class CalendarMove(Base):
    """One change of calendars, by a holiday or by hand: it can be undone, and says why dates are what they are."""

    __tablename__ = "calendar_move"

    id: Mapped[RowId]
    group_id: Mapped[RefId | None] = mapped_column(ForeignKey("borrower_group.id"))
    """None for a holiday, which moves many groups."""
    made_at: Mapped[datetime]
    actor_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(String(200))
    undoes_id: Mapped[RefId | None] = mapped_column(ForeignKey("calendar_move.id"), unique=True)


class MeetingMove(Base):
    """One meeting's change of date within a calendar move."""

    __tablename__ = "meeting_move"

    move_id: Mapped[RefId] = mapped_column(ForeignKey("calendar_move.id"), primary_key=True)
    meeting_id: Mapped[RefId] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    from_on: Mapped[date]
    to_on: Mapped[date]
    reason_before: Mapped[str | None] = mapped_column(String(200))
