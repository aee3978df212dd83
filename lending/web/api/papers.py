"""The papers of a meeting: the empty sheet to take along, and the receipt of what was kept."""

from datetime import time

from flask import render_template

from lending.actions import receipts
from lending.documents.meeting_sheet import PaperLine, PaperSheet, meeting_sheet_pdf
from lending.documents.receipt import Receipt, ReceiptLine, receipt_pdf, receipt_text
from lending.domain.access import Actor, Permission
from lending.domain.money import Rupiah
from lending.domain.refusals import NotFound
from lending.queries import admin, collection, groups, records
from lending.queries.records import RecordKept, RecordLine
from lending.web.api.door import Column, Paper
from lending.web.api.messages.fields import Uuid, or_none
from lending.web.api.messages.papers import ReceiptAsked

PDF, TEXT, HTML = "application/pdf", "text/plain", "text/html"

column = Column("papers", "The papers of a meeting: sheet and receipt")


@column.call("GET", "/meetings/{id}/sheet.pdf", needs=Permission.SEE_CARDS, media=PDF)
def sheet_on_paper(by: Actor, meeting: int) -> Paper:
    """The meeting's sheet on A4, with what is due of each woman and room to write."""
    found = collection.sheet(by, meeting)
    head, about = found.meeting, groups.group(by, found.meeting.group_id).about
    paper = PaperSheet(
        number=f"{head.unit_code}-L-{head.planned_on.year}-{head.id:04d}",
        unit_name=admin.unit_name(head.unit_id),
        officer_name=about.officer_name or "",
        leader_name=about.leader_name,
        group_name=head.group_name,
        place=head.place,
        planned_on=head.planned_on,
        time=time.fromisoformat(head.time),
        meeting_number=head.seq,
        lines=tuple(PaperLine(line.name, line.sub_group, line.number, line.due, line.arrears) for line in found.lines),
    )
    return Paper(meeting_sheet_pdf(paper, by.today), PDF, f"lembar-{head.id}.pdf")


@column.call("GET", "/records/{uuid}/receipt.pdf", needs=Permission.SEE_RECORDS, media=PDF)
def receipt_on_paper(by: Actor, uuid: Uuid, asked: ReceiptAsked) -> Paper:
    """The record's receipt, or one woman's of it, on a strip of 58 mm or on A6; each print after the first says which copy it is."""
    kept = records.record(by, uuid)
    said = _receipt(kept, or_none(asked.member), receipts.log_print(uuid, or_none(asked.member), by))
    return Paper(receipt_pdf(said, asked.width), PDF, f"kuitansi-{kept.receipt}.pdf")


@column.call("GET", "/records/{uuid}/receipt.txt", needs=Permission.SEE_RECORDS, media=TEXT)
def receipt_as_text(by: Actor, uuid: Uuid, asked: ReceiptAsked) -> Paper:
    """The same in plain text, for a small printer: at most 32 letters a line. Counts as a print."""
    kept = records.record(by, uuid)
    said = _receipt(kept, or_none(asked.member), receipts.log_print(uuid, or_none(asked.member), by))
    return Paper(receipt_text(said).encode(), TEXT, f"kuitansi-{kept.receipt}.txt")


@column.call("GET", "/records/{uuid}/receipt.html", needs=Permission.SEE_RECORDS, media=HTML)
def receipt_as_page(by: Actor, uuid: Uuid, asked: ReceiptAsked) -> Paper:
    """The same as a page, to be read and not printed: it never counts."""
    kept = records.record(by, uuid)
    said = _receipt(kept, or_none(asked.member), 0)
    page = render_template("collection/receipt.html", text=receipt_text(said), receipt=kept.receipt)
    return Paper(page.encode(), HTML, f"kuitansi-{kept.receipt}.html")


def _receipt(kept: RecordKept, member_id: int | None, copy: int) -> Receipt:
    facts = records.receipt(kept)
    lines = [line for line in facts.lines if member_id is None or line.member_id == member_id]
    if member_id is not None and not lines:
        raise NotFound
    return Receipt(
        number=kept.receipt,
        unit_name=facts.unit_name,
        group_name=kept.group_name,
        meeting_number=facts.meeting_number,
        held_on=kept.held_on,
        recorded_at=kept.recorded_at,
        zone=facts.zone,
        officer_name=kept.officer_name,
        lines=tuple(_line(line, facts.short.get(line.member_id, 0), alone=member_id is not None) for line in lines),
        total=sum(line.total if member_id is not None else line.stands for line in lines),
        undone=kept.undone_at is not None or (member_id is not None and lines[0].undone_at is not None),
        copy=copy,
        for_member=member_id is not None,
    )


def _line(line: RecordLine, short: Rupiah, *, alone: bool) -> ReceiptLine:
    """A woman's line as the receipt says it; on the group's, no money stands of one that was undone by itself."""
    if line.undone_at and not alone:
        return ReceiptLine(line.name, 0, 0, 0, short, undone=True)
    return ReceiptLine(line.name, line.paid, line.savings, line.renteng, short)
