"""Which money of a meeting's record was taken back: of a whole record, or of one woman's line of it."""

from sqlalchemy import ColumnElement, and_, exists, func, or_

from lending.models import LineUndo, MeetingLine, RecordUndo
from lending.queries.scope import Day


def of_line() -> ColumnElement[bool]:
    """The join from `MeetingLine` to its own undoing."""
    return and_(LineUndo.record_uuid == MeetingLine.record_uuid, LineUndo.member_id == MeetingLine.member_id)


def is_undone(on: Day | None = None) -> ColumnElement[bool]:
    """Whether the money of the line in the row was taken back, by the end of `on` where that is said: with its record, or alone."""
    record = exists().where(RecordUndo.record_uuid == MeetingLine.record_uuid)
    line = exists().where(of_line())
    if on is not None:
        record, line = record.where(RecordUndo.on_day <= on), line.where(LineUndo.on_day <= on)
    return or_(record, line)


UNDONE_ON = func.coalesce(LineUndo.on_day, RecordUndo.on_day)
"""The day on which a line's money was taken back, where both undoings are joined: alone first, and then it has nothing left to give."""
