"""Days that cannot be: booked before it happened, paid before it was lent, meetings out of order (V13, V16)."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import Date, and_, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from lending.domain.collection import EARLIEST_HELD
from lending.models import ChainSeal, DayClose, Entry, LineUndo, Loan, LoanEvent, Meeting, MeetingLine, MeetingRecord, RecordUndo
from lending.queries import figures
from lending.queries.differences import Difference, Question, Told, put_once, told

AHEAD_OF_JAKARTA = timedelta(days=1)
"""In the east of the country it is tomorrow two hours earlier."""


def look(today: date | None) -> Iterator[Difference]:
    """Every day that cannot be; with `today`, also those that have not come."""
    yield from _whenever()
    if today is not None:
        latest = today + AHEAD_OF_JAKARTA
        late: Question = select(Entry.id, Entry.on_day).where(or_(Entry.on_day > latest, Entry.happened_on > latest))
        yield from told("V16", "entry", "dated {0}, which has not come", late)
        early: Question = select(DayClose.on_day, DayClose.unit_id).where(DayClose.on_day > latest)
        yield from told("V16", "day", "closed in unit {0}, and has not come", early)


@put_once
def _whenever() -> Iterator[Told]:
    yield from _calendars()
    yield from _records()
    yield from _steps()
    yield from _closed()
    early: Question = select(Entry.id, Entry.on_day).where(Entry.on_day < Entry.happened_on)
    yield told("V16", "entry", "booked on {0}, before it happened", early)


def _closed() -> Iterator[Told]:
    """Nothing was booked on a day after it was closed, be it along with a later one."""
    before = func.lag(DayClose.on_day, type_=Date()).over(partition_by=DayClose.unit_id, order_by=DayClose.on_day)
    closed = (
        select(DayClose.unit_id, DayClose.on_day, before.label("before"), ChainSeal.last_entry_id)
        .join(ChainSeal, ChainSeal.id == DayClose.seal_id)
        .subquery()
    )
    of_it = and_(Entry.unit_id == closed.c.unit_id, Entry.on_day <= closed.c.on_day)
    after: Question = (
        select(Entry.id, Entry.on_day)
        .join(closed, and_(of_it, or_(closed.c.before.is_(None), Entry.on_day > closed.c.before)))
        .where(Entry.id > closed.c.last_entry_id)
    )
    yield told("V16", "entry", "booked on {0}, which was closed by then", after)


def _calendars() -> Iterator[Told]:
    """Meetings in order, and one for every instalment."""
    before = func.lag(Meeting.planned_on).over(partition_by=Meeting.group_id, order_by=Meeting.seq)
    dated = select(Meeting.id, Meeting.planned_on, before.label("before")).subquery()
    back: Question = select(dated.c.id, dated.c.planned_on, dated.c.before).where(dated.c.planned_on <= dated.c.before)
    yield told("V13", "meeting", "planned on {0}, the one before it on {1}", back)
    laid_out = (
        select(Meeting.group_id, func.count().label("meetings"), func.min(Meeting.seq).label("first"), func.max(Meeting.seq).label("last"))
        .group_by(Meeting.group_id)
        .subquery()
    )
    gaps: Question = select(laid_out.c.group_id).where(laid_out.c.meetings != laid_out.c.last - laid_out.c.first + 1)
    yield told("V13", "group", "its meetings are not numbered without gaps", gaps)
    last_seq = Loan.first_seq + (Loan.count - 1) * Loan.every_weeks
    short: Question = (
        select(Loan.id, last_seq, laid_out.c.last)
        .outerjoin(laid_out, laid_out.c.group_id == Loan.group_id)
        .where(Loan.first_seq.is_not(None), or_(laid_out.c.last.is_(None), last_seq > laid_out.c.last, Loan.first_seq < laid_out.c.first))
    )
    yield told("V13", "loan", "its last instalment is due at meeting {0}, the calendar ends at {1}", short)


def _records() -> Iterator[Told]:
    early: Question = (
        select(MeetingRecord.uuid, MeetingRecord.held_on)
        .join(Meeting, Meeting.id == MeetingRecord.meeting_id)
        .where(
            or_(
                MeetingRecord.held_on > MeetingRecord.recorded_on,
                figures.days_between(MeetingRecord.held_on, type_coerce(Meeting.planned_on, Date)) > EARLIEST_HELD.days,
                MeetingRecord.year != func.extract("year", MeetingRecord.held_on),
            )
        )
    )
    yield told("V16", "record", "held on {0}, which is after it was kept, too early, or of another year than its receipt", early)
    undone: Question = (
        select(MeetingRecord.uuid, RecordUndo.on_day)
        .join(RecordUndo, RecordUndo.record_uuid == MeetingRecord.uuid)
        .where(RecordUndo.on_day < MeetingRecord.recorded_on)
    )
    yield told("V16", "record", "undone on {0}, before it was kept", undone)
    line: Question = (
        select(LineUndo.record_uuid, LineUndo.member_id, LineUndo.on_day)
        .join(MeetingRecord, MeetingRecord.uuid == LineUndo.record_uuid)
        .outerjoin(RecordUndo, RecordUndo.record_uuid == LineUndo.record_uuid)
        .where(or_(LineUndo.on_day < MeetingRecord.recorded_on, LineUndo.undone_at > RecordUndo.undone_at))
    )
    yield told("V16", "record", "member {0}: her line undone on {1}, before it was kept or after all of it was", line)
    unlent: Question = (
        select(MeetingLine.record_uuid, MeetingLine.loan_id, MeetingRecord.held_on)
        .join(MeetingRecord, MeetingRecord.uuid == MeetingLine.record_uuid)
        .join(Loan, Loan.id == MeetingLine.loan_id)
        .where(MeetingLine.paid + MeetingLine.renteng > 0, or_(Loan.disbursed_on.is_(None), MeetingRecord.held_on < Loan.disbursed_on))
    )
    yield told("V16", "record", "loan {0} was paid on {1}, before it was lent", unlent)


def _steps() -> Iterator[Told]:
    before = func.lag(LoanEvent.on_day).over(partition_by=LoanEvent.loan_id, order_by=LoanEvent.id)
    steps = select(LoanEvent.loan_id, LoanEvent.on_day, before.label("before")).subquery()
    back: Question = select(steps.c.loan_id, steps.c.on_day, steps.c.before).where(steps.c.on_day < steps.c.before)
    yield told("V16", "loan", "a step on {0} after one on {1}", back)
    first = aliased(Meeting)
    at_once: Question = (
        select(Loan.id, Loan.disbursed_on, first.planned_on)
        .join(first, and_(first.group_id == Loan.group_id, first.seq == Loan.first_seq))
        .where(first.planned_on <= func.coalesce(Loan.lent_before_on, Loan.disbursed_on))
    )
    yield told("V16", "loan", "lent on {0}, its first instalment is due on {1}", at_once)
