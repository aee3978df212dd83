"""Reports that go out by themselves: what each unit's head, and head office, wants to be sent, and where to."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lending.domain.report_schedules import Every, FileForm
from lending.models.base import Base, RefId, RowId, Uuid


class ReportSchedule(Base):
    """One schedule. It sends what its owner may see, and its owner is whoever changed it last; each change stands in the trace."""

    __tablename__ = "report_schedule"

    id: Mapped[RowId]
    uuid: Mapped[Uuid] = mapped_column(String(36), unique=True)
    unit_id: Mapped[RefId | None] = mapped_column(ForeignKey("unit.id"), index=True)
    """None for head office's, which compare the units."""
    reports: Mapped[list[str]]
    every: Mapped[Every]
    form: Mapped[FileForm]
    to_folder: Mapped[bool]
    addresses: Mapped[list[str]]
    owner_id: Mapped[RefId] = mapped_column(ForeignKey("user_account.id"))
    from_on: Mapped[date]
    """The first date that it is for."""
    changed_at: Mapped[datetime]
    stopped_on: Mapped[date | None]
