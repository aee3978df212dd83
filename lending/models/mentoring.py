"""Mentoring visits, what was agreed at them, and what became of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lending.domain.mentoring import ActionOwner, Outcome, VisitPlace, VisitTrigger
from lending.models.base import Base, RefId, RowId, Uuid


class Visit(Base):
    """One mentoring visit, as the phone sent it."""

    __tablename__ = "visit"

    uuid: Mapped[Uuid] = mapped_column(String(36), primary_key=True)
    unit_id: Mapped[RefId] = mapped_column(ForeignKey("unit.id"))
    group_id: Mapped[RefId] = mapped_column(ForeignKey("borrower_group.id"))
    author_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    on_day: Mapped[date]
    place: Mapped[VisitPlace]
    trigger: Mapped[VisitTrigger]
    topics: Mapped[list[str]]
    findings: Mapped[str] = mapped_column(String(2000))
    recorded_at: Mapped[datetime]
    body: Mapped[dict[str, Any]]
    body_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_visit_group_id_on_day", "group_id", "on_day"), Index("ix_visit_unit_id_on_day", "unit_id", "on_day"))


class VisitMember(Base):
    """A member who was visited."""

    __tablename__ = "visit_member"

    visit_uuid: Mapped[Uuid] = mapped_column(String(36), ForeignKey("visit.uuid"), primary_key=True)
    member_id: Mapped[RefId] = mapped_column(ForeignKey("member.id"), primary_key=True, index=True)


class Photo(Base):
    """A picture of a visit: which file of `photos/` it is, and the file's fingerprint. `n` counts the visit's pictures from 1."""

    __tablename__ = "photo"

    uuid: Mapped[Uuid] = mapped_column(String(36), primary_key=True)
    unit_id: Mapped[RefId] = mapped_column(ForeignKey("unit.id"))
    visit_uuid: Mapped[Uuid] = mapped_column(String(36), ForeignKey("visit.uuid"))
    n: Mapped[int]
    author_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    file: Mapped[str] = mapped_column(String(40), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    recorded_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("visit_uuid", "n"), CheckConstraint("n BETWEEN 1 AND 8", name="n_of_a_visit"))


class VisitAction(Base):
    """One agreed action: what, who, until when."""

    __tablename__ = "visit_action"

    id: Mapped[RowId]
    visit_uuid: Mapped[Uuid] = mapped_column(String(36), ForeignKey("visit.uuid"), index=True)
    group_id: Mapped[RefId] = mapped_column(ForeignKey("borrower_group.id"), index=True)
    what: Mapped[str] = mapped_column(String(200))
    owner: Mapped[ActionOwner]
    due: Mapped[date]


class ActionOutcome(Base):
    """What a later visit found of an action."""

    __tablename__ = "action_outcome"

    action_id: Mapped[RefId] = mapped_column(ForeignKey("visit_action.id"), primary_key=True)
    visit_uuid: Mapped[Uuid] = mapped_column(String(36), ForeignKey("visit.uuid"), primary_key=True)
    outcome: Mapped[Outcome]
    on_day: Mapped[date]
