"""Days of the books: closing one, and those that are closed."""

from datetime import date

from lending.actions import days as acts
from lending.documents.day_close import close_sheet_pdf, number_of
from lending.domain.access import Actor, Permission
from lending.domain.refusals import NotFound, Refusal
from lending.queries import day_sheet
from lending.queries import days as questions
from lending.web.api.door import Column, Paper
from lending.web.api.messages.days import ClosedDay, DayCount, DaysAsked, UnitAsked
from lending.web.api.messages.fields import Day, Page, or_none
from lending.web.api.paging import Window

column = Column("days", "Days of the books: closing one, and those that are closed")


@column.call("POST", "/days/{date}/close", needs=Permission.CLOSE_DAY)
def close(by: Actor, on: Day, body: DayCount) -> ClosedDay:
    """Close a day of the unit's books for ever. What concerns it later is a new entry on a later day."""
    notes, total = or_none(body.counted), or_none(body.total)
    if (notes is None) == (total is None):
        raise Refusal("total_or_counted", at="counted")
    counted = None if notes is None else {int(note): count for note, count in notes.items()}
    summed = sum(note * count for note, count in counted.items()) if counted is not None else total or 0
    return _day(acts.close_day(acts.Count(on, summed, counted, or_none(body.reason), body.earlier_too), by))


@column.call("GET", "/days", needs=Permission.SEE_BOOKS)
def days(by: Actor, asked: DaysAsked, window: Window) -> Page[ClosedDay]:
    """The days of a unit's books that are closed, oldest first; this month's when no day is named."""
    after = window.after_key(date)
    rows = questions.closed_days(
        by,
        first=or_none(asked.since) or by.today.replace(day=1),
        last=or_none(asked.until) or by.today,
        unit=or_none(asked.unit),
        after=after[0] if after else None,
        limit=window.fetch,
    )
    return window.page([_day(row) for row in rows], lambda day: (day.on,))


@column.call("GET", "/days/{date}/sheet.pdf", needs=Permission.SEE_BOOKS, media="application/pdf")
def close_sheet_on_paper(by: Actor, on: Day, asked: UnitAsked) -> Paper:
    """The close sheet on A4: what was expected, counted and posted, every account, the day's hash, room for signatures; of a closed day."""
    sheet = day_sheet.day_sheet(by, on, or_none(asked.unit))
    if sheet.closed is None:
        raise NotFound
    return Paper(close_sheet_pdf(sheet, sheet.closed), "application/pdf", f"tutup-hari-{number_of(sheet)}.pdf")


def _day(row: questions.ClosedDay) -> ClosedDay:
    return ClosedDay(
        on=row.on,
        unit=row.unit_code,
        expected=row.expected,
        counted=row.counted,
        difference=row.difference,
        reason=row.reason,
        entries=row.entries,
        hash=row.hash,
        previous_hash=row.previous_hash,
        closed_at=row.closed_at,
        by=row.by,
    )
