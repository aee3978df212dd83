"""Long work that somebody asked for: how far it is, and what came of it. A row is written by whoever does the work, and by nobody else."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lending.models.base import Base, RefId, RowId


class Job(Base):
    """One piece of long work. While it lives its lease is renewed; work whose lease has run out died with its process."""

    __tablename__ = "job"

    id: Mapped[RowId]
    unit_id: Mapped[RefId] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    uuid: Mapped[str | None] = mapped_column(String(36), unique=True)
    """The key under which it was asked for, where it was asked for under one."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Of what was sent, so that the same may be sent twice and nothing else."""
    actor_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    lease_until: Mapped[datetime]
    done: Mapped[int]
    of: Mapped[int]
    finished_at: Mapped[datetime | None]
    failed: Mapped[bool]
    result: Mapped[dict[str, Any] | None]
