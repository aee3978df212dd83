"""The weekly meeting: the day's list, the sheet, the record that a phone sends, its undoing."""

from datetime import date, datetime
from typing import Literal

from msgspec import UNSET, field

from lending.domain.collection import Attendance, ShortReason
from lending.web.api.messages.fields import (
    Amount,
    Answer,
    AsOf,
    Body,
    Day,
    Id,
    Latitude,
    Longitude,
    Maybe,
    Moment,
    Name,
    Note,
    Notes,
    Signed,
    Typed,
    Words,
)


class MeetingsAsked(AsOf, frozen=True, kw_only=True):
    """On which day, today when left out, or from then `until` another; of which officer."""

    until: Maybe[Day] = UNSET
    officer: Maybe[Name] = UNSET


class Meeting(Answer, frozen=True, kw_only=True):
    """A meeting: how many women, what is due with arrears, and the record's uuid once it was held."""

    id: Id
    group: Id
    seq: int
    planned_on: date
    time: str
    place: str
    members: int
    due: Amount
    state: str
    record: str | None


class SheetLine(Answer, frozen=True, kw_only=True):
    """One woman: what is still unpaid of the instalment that falls on this meeting, and of earlier ones."""

    member: Id
    name: str
    sub_group: int
    loan: Id | None
    number: int | None
    due: Amount
    arrears: Amount
    outstanding_total: Amount
    savings: Amount


class Sheet(Answer, frozen=True, kw_only=True):
    """The meeting's sheet, as of now."""

    meeting: Id
    lines: list[SheetLine]


class Fix(Body, frozen=True, kw_only=True):
    """Where the phone was."""

    lat: Latitude
    lon: Longitude


class Cover(Body, frozen=True, kw_only=True):
    """What another woman paid for her."""

    payer: Id = field(name="from")
    amount: Amount


class Shortfall(Body, frozen=True, kw_only=True):
    """Why she brought less than was due, and until when she promised the rest."""

    reason: ShortReason
    promise_on: Day | None = None


class Line(Body, frozen=True, kw_only=True):
    """One woman at the meeting: `paid` is her own cash, `renteng` what others paid for her."""

    member: Id
    attendance: Attendance
    loan: Id | None
    paid: Amount
    savings: Amount
    entered: Literal["bulk", "single"] | None = None
    renteng: list[Cover] | None = None
    shortfall: Shortfall | None = None


class Difference(Body, frozen=True, kw_only=True):
    """Cash counted less the lines; negative when money is missing."""

    amount: Signed
    reason: Words


class Record(Body, frozen=True, kw_only=True):
    """A meeting as its officer recorded it, a line for every woman of the group that day."""

    meeting: Id
    held_on: Day
    started_at: Moment
    ended_at: Moment
    cash_counted: Amount
    lines: list[Line]
    fix: Fix | None = None
    pledge_read: bool = False
    notes_counted: Notes | None = None
    note: Note = ""
    cash_difference: Difference | None = None
    sheet_no: Typed | None = None


class LineKept(Answer, frozen=True, kw_only=True):
    """What became of a line: her own cash, how it and what others paid for her were credited, and where she stands."""

    member: Id
    paid: Amount
    allocated_margin: Amount
    allocated_principal: Amount
    next_due: date | None
    days_late: int


class RecordKept(Answer, frozen=True, kw_only=True):
    """The record is kept; sent again, the same answer with `replay` true."""

    kept: bool
    replay: bool
    undone: bool
    receipt: str
    total: Amount
    lines: list[LineKept]


class RecordUndone(Answer, frozen=True, kw_only=True):
    """When a record was undone, by whom, why."""

    at: datetime
    by: str
    reason: str


class LineTakenBack(RecordUndone, frozen=True, kw_only=True):
    """Whose line of it was undone by itself."""

    member: Id


class ShortfallSent(Answer, frozen=True, kw_only=True):
    """A shortfall as it was sent."""

    reason: str
    promise_on: Maybe[date | None] = UNSET


class LineSent(Answer, frozen=True, kw_only=True):
    """A line as it was sent: what was left out is left out again."""

    member: Id
    attendance: str
    loan: Id | None
    paid: Amount
    savings: Amount
    entered: Maybe[str | None] = UNSET
    renteng: Maybe[list[Cover] | None] = UNSET
    shortfall: Maybe[ShortfallSent | None] = UNSET


class KeptRecord(Answer, frozen=True, kw_only=True):
    """A record as it was sent, without what was left out, and what the house knows of it; `lines_undone` where lines of it were undone."""

    uuid: str
    receipt: str
    total: Amount
    recorded_at: datetime
    by: str
    undone: RecordUndone | None
    meeting: Id
    held_on: date
    started_at: str
    ended_at: str
    cash_counted: Amount
    lines: list[LineSent]
    fix: Maybe[Fix | None] = UNSET
    pledge_read: Maybe[bool] = UNSET
    notes_counted: Maybe[dict[str, int] | None] = UNSET
    note: Maybe[str] = UNSET
    cash_difference: Maybe[Difference | None] = UNSET
    sheet_no: Maybe[str | None] = UNSET
    lines_undone: Maybe[list[LineTakenBack]] = UNSET


class UndoAsked(Body, frozen=True, kw_only=True):
    """Why the record, or one line of it, is undone."""

    reason: Words


class LoanAfterUndo(Answer, frozen=True, kw_only=True):
    """Where a loan stands after the undoing."""

    id: Id
    next_due: date | None
    outstanding_total: Amount


class Undone(Answer, frozen=True, kw_only=True):
    """The reversing entries, and the loans they touched."""

    record: str
    entries: list[Id]
    loans: list[LoanAfterUndo]


class LineUndone(Undone, frozen=True, kw_only=True):
    """The reversing entries of one woman's line, and her loan."""

    member: Id
