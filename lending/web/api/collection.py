"""The weekly meeting: the day's list, the sheet, the record that a phone sends, its undoing."""

from typing import Any

import msgspec

from lending.actions import collection as acts
from lending.actions import undoing
from lending.domain.access import Actor, Permission
from lending.domain.collection import CashDifference, Cover, Line, MeetingReport, Shortfall
from lending.queries import collection as questions
from lending.queries import records
from lending.web.api.door import Column
from lending.web.api.messages import collection as messages
from lending.web.api.messages.fields import Page, Uuid, or_none
from lending.web.api.paging import Window

column = Column("collection", "The weekly meeting: sheet, record, undoing")


# A leader reads the sheets of her group, found through its calendar, but no list of meetings (api-detail part 3, *Leader*).
@column.call("GET", "/meetings", needs=(Permission.SEE_RECORDS, Permission.LOG_VISITS))
def list_meetings(by: Actor, asked: messages.MeetingsAsked, window: Window) -> Page[messages.Meeting]:
    """The meetings planned for a day, or for the days `until` another, of the groups that she may see, by id. A later day may be asked."""
    rows = questions.meetings(
        by,
        or_none(asked.on) or by.today,
        until=or_none(asked.until),
        officer=or_none(asked.officer),
        after_id=window.after_id,
        limit=window.fetch,
    )
    return window.page(
        [
            messages.Meeting(
                id=row.id,
                group=row.group_id,
                seq=row.seq,
                planned_on=row.planned_on,
                time=row.time,
                place=row.place,
                members=row.members,
                due=row.due,
                state=row.state,
                record=row.record,
            )
            for row in rows
        ],
        lambda meeting: (meeting.id,),
    )


def lines(sheet: messages.Sheet) -> list[messages.SheetLine]:
    """The sheet as a table: one row a woman."""
    return sheet.lines


@column.call("GET", "/meetings/{id}/sheet", needs=Permission.SEE_SHEETS, table=lines)
def sheet(by: Actor, meeting: int) -> messages.Sheet:
    """The meeting's sheet, as of now: every woman of the group, what is due of her and what is late. It always comes whole."""
    found = questions.sheet(by, meeting)
    return messages.Sheet(
        meeting=found.meeting.id,
        lines=[
            messages.SheetLine(
                member=line.member_id,
                name=line.name,
                sub_group=line.sub_group,
                loan=line.loan_id,
                number=line.number,
                due=line.due,
                arrears=line.arrears,
                outstanding_total=line.outstanding_total,
                savings=line.savings,
            )
            for line in found.lines
        ],
    )


@column.call("PUT", "/records/{uuid}", needs=Permission.RECORD_MEETINGS, status=(201, 200))
def put_record(by: Actor, uuid: Uuid, body: messages.Record, sent: dict[str, Any]) -> tuple[messages.RecordKept, int]:
    """Keep a meeting, whole or not at all. The same body again is 200 with the same answer; nothing is booked twice."""
    kept = acts.record_meeting(uuid, body.meeting, _report(body), sent, by)
    answer = messages.RecordKept(
        kept=True,
        replay=kept.replay,
        undone=kept.undone,
        receipt=kept.receipt,
        total=kept.total,
        lines=msgspec.convert(list(kept.lines), list[messages.LineKept]),
    )
    return answer, 200 if kept.replay else 201


@column.call("GET", "/records/{uuid}", needs=(Permission.SEE_RECORDS, Permission.RECORD_MEETINGS))
def get_record(by: Actor, uuid: Uuid) -> messages.KeptRecord:
    """A record as it was sent, with its receipt, and whether it was undone."""
    row = records.record(by, uuid)
    undone = None
    if row.undone_at is not None:
        undone = {"at": row.undone_at, "by": row.undone_by, "reason": row.undone_reason}
    known = {"uuid": row.uuid, "receipt": row.receipt, "total": row.total, "recorded_at": row.recorded_at, "by": row.by, "undone": undone}
    lines = [
        {"member": line.member_id, "at": line.undone_at, "by": line.undone_by, "reason": line.undone_reason}
        for line in records.lines(row.uuid)
        if line.undone_at
    ]
    return msgspec.convert({**row.body, **known, **({"lines_undone": lines} if lines else {})}, messages.KeptRecord)


@column.call("POST", "/records/{uuid}/undo", needs=(Permission.RECORD_MEETINGS, Permission.UNDO_LATE))
def undo_record(by: Actor, uuid: Uuid, body: messages.UndoAsked) -> messages.Undone:
    """Undo a whole meeting: a reversing entry for every entry of it. Its officer on the day it was kept; later the head only."""
    undone = undoing.undo_record(uuid, by, reason=body.reason)
    return messages.Undone(
        record=undone.uuid, entries=list(undone.entries), loans=msgspec.convert(list(undone.loans), list[messages.LoanAfterUndo])
    )


@column.call("POST", "/records/{uuid}/lines/{member}/undo", needs=(Permission.RECORD_MEETINGS, Permission.UNDO_LATE))
def undo_line(by: Actor, uuid: Uuid, member: int, body: messages.UndoAsked) -> messages.LineUndone:
    """Undo the money of one woman's line; the rest of the record stands, and the meeting is not open again. By whom and when: as above."""
    undone = undoing.undo_line(uuid, member, by, reason=body.reason)
    return messages.LineUndone(
        record=undone.uuid,
        member=member,
        entries=list(undone.entries),
        loans=msgspec.convert(list(undone.loans), list[messages.LoanAfterUndo]),
    )


def _report(body: messages.Record) -> MeetingReport:
    notes, difference = body.notes_counted, body.cash_difference
    return MeetingReport(
        held_on=body.held_on,
        cash_counted=body.cash_counted,
        lines=tuple(_line(line) for line in body.lines),
        notes_counted=None if notes is None else {int(note): count for note, count in notes.items()},
        cash_difference=None if difference is None else CashDifference(difference.amount, difference.reason),
    )


def _line(line: messages.Line) -> Line:
    short = line.shortfall
    return Line(
        member_id=line.member,
        attendance=line.attendance,
        loan_id=line.loan,
        paid=line.paid,
        savings=line.savings,
        bulk=line.entered == "bulk",
        covers=tuple(Cover(cover.payer, cover.amount) for cover in line.renteng or ()),
        shortfall=None if short is None else Shortfall(short.reason, short.promise_on),
    )
