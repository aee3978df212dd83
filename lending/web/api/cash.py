"""Cash on its way: transfers, what officers say that they carry, and their hand-overs."""

from collections.abc import Mapping

import msgspec

from lending.actions import cash as acts
from lending.actions import savings
from lending.documents.handover import From, Minutes, minutes_pdf
from lending.domain.access import Actor, Permission
from lending.domain.refusals import Refusal
from lending.queries import cash as questions
from lending.queries.cash import Received
from lending.web.api.door import Column, Paper
from lending.web.api.messages.cash import (
    Declaration,
    Handover,
    HandoverListed,
    HandoversAsked,
    NewDeclaration,
    NewHandover,
    NewSavings,
    NewTransfer,
    NewUpj,
    Said,
    SavingsMoved,
    Transfer,
    UpjReleased,
)
from lending.web.api.messages.fields import Page, Uuid, or_none, same_uuid
from lending.web.api.paging import Window

column = Column("cash", "Cash on its way: transfers, officers' hand-overs, members' savings and UPJ")


@column.call("POST", "/cash/transfers", needs=Permission.TRANSFER_CASH, status=(201, 200))
def transfer(by: Actor, body: NewTransfer) -> tuple[Transfer, int]:
    """Book a transfer of cash. The same id and body again is 200 and the first answer; nothing is booked twice."""
    sent = acts.Transfer(same_uuid(body.id), body.on, body.amount, body.source, body.target, body.reason)
    known, answer = acts.transfer(sent, by)
    return msgspec.convert(answer, Transfer), 200 if known else 201


@column.call("POST", "/savings", needs=Permission.MOVE_SAVINGS, status=(201, 200))
def move_savings(by: Actor, body: NewSavings) -> tuple[SavingsMoved, int]:
    """Take a member's savings in at the unit, or pay them out of the vault. The same id and body again is 200 and the first answer."""
    known, answer = savings.move_savings(savings.SavingsMoved(same_uuid(body.id), body.member, body.on, body.amount, body.kind), by)
    return msgspec.convert(answer, SavingsMoved), 200 if known else 201


@column.call("POST", "/upj", needs=Permission.RELEASE_UPJ, status=(201, 200))
def release_upj(by: Actor, body: NewUpj) -> tuple[UpjReleased, int]:
    """Give a member's UPJ back, or put it into her savings, when no loan of hers runs. The same id and body again is 200 and the first
    answer."""
    known, answer = savings.release_upj(savings.UpjReleased(same_uuid(body.id), body.member, body.on, body.amount, body.kind), by)
    return msgspec.convert(answer, UpjReleased), 200 if known else 201


@column.call("POST", "/cash/declarations", needs=Permission.DECLARE_CASH, status=(201, 200))
def declare_cash(by: Actor, body: NewDeclaration) -> tuple[Declaration, int]:
    """Say what cash she carries to the cashier. It books nothing: the cashier counts for herself and then sees both beside each other.

    The same id and body again is 200 and the first answer.
    """
    counted, total = _counted(body)
    known, answer = acts.declare_cash(acts.Declaration(same_uuid(body.id), body.on, total, counted), by)
    return msgspec.convert(answer, Declaration), 200 if known else 201


@column.call("POST", "/handovers", needs=Permission.RECEIVE_CASH, status=(201, 200))
def hand_over(by: Actor, body: NewHandover) -> tuple[Handover, int]:
    """Receive all the cash that an officer holds. The same id and body again is 200 and the first answer; nothing is booked twice."""
    counted, total = _counted(body)
    sent = acts.Handover(same_uuid(body.id), body.officer, body.on, total, counted, or_none(body.reason))
    known, answer = acts.hand_over(sent, by)
    return msgspec.convert(answer, Handover), 200 if known else 201


@column.call("GET", "/handovers", needs=(Permission.SEE_BOOKS, Permission.DECLARE_CASH))
def list_handovers(by: Actor, asked: HandoversAsked, window: Window) -> Page[HandoverListed]:
    """What was received, newest first, by the day of the books; an officer sees her own."""
    last = or_none(asked.until) or by.today
    rows = questions.handovers(
        by,
        first=or_none(asked.since) or last,
        last=last,
        officer=or_none(asked.officer),
        limit=window.fetch,
        before_id=window.after_id or None,
    )
    places = {row.uuid: row.id for row in rows}
    return window.page([_listed(row) for row in rows], lambda one: (places[one.id],))


@column.call("GET", "/handovers/{uuid}/minutes.pdf", needs=(Permission.SEE_BOOKS, Permission.DECLARE_CASH), media="application/pdf")
def minutes_on_paper(by: Actor, uuid: Uuid) -> Paper:
    """The minutes of a hand-over on A5: from which meetings, what the officer had said, what was counted by note, room for signatures."""
    kept = questions.handover(by, uuid)
    number = questions.number_of(kept)
    paper = Minutes(
        number=number,
        unit_name=kept.unit_name,
        officer_name=kept.officer_name,
        cashier_name=kept.cashier_name,
        on=kept.on,
        recorded_at=kept.recorded_at,
        zone=kept.zone,
        sources=tuple(From(one.group_name or "Lain-lain", one.receipt, one.amount) for one in questions.sources(kept)),
        expected=kept.expected,
        counted=kept.counted,
        notes=kept.notes,
        declared=kept.declared.total if kept.declared else None,
        declared_notes=kept.declared.notes if kept.declared else None,
        reason=kept.reason,
    )
    return Paper(minutes_pdf(paper), "application/pdf", f"setor-kas-{number}.pdf")


def _counted(body: NewDeclaration | NewHandover) -> tuple[Mapping[int, int] | None, int]:
    """The count by note, where she counted so, and its sum. Refused: `total_or_counted`."""
    notes, total = or_none(body.counted), or_none(body.total)
    if (notes is None) == (total is None):
        raise Refusal("total_or_counted", at="counted")
    counted = None if notes is None else {int(note): count for note, count in notes.items()}
    return counted, sum(note * count for note, count in counted.items()) if counted is not None else total or 0


def _listed(row: Received) -> HandoverListed:
    said = row.declared
    return HandoverListed(
        id=row.uuid,
        officer=row.officer,
        expected=row.expected,
        counted=row.counted,
        difference=row.difference,
        on=row.on,
        cashier=row.cashier,
        recorded_at=row.recorded_at,
        notes=_by_note(row.notes),
        reason=row.reason,
        declared=Said(id=said.id, total=said.total, counted=_by_note(said.notes), recorded_at=said.recorded_at) if said else None,
    )


def _by_note(notes: Mapping[int, int] | None) -> dict[str, int] | None:
    return None if notes is None else {str(note): count for note, count in sorted(notes.items(), reverse=True)}
