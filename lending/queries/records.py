"""What a kept record says, line by line, what undoing it would do, and what its receipt says."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from lending.database import session
from lending.domain.allocation import next_unpaid
from lending.domain.collection import Attendance, ShortReason
from lending.domain.ledger import EntryKind
from lending.domain.money import Rupiah
from lending.models import Entry, Group, Loan, Meeting, MeetingLine, Member, Posting, Renteng, Unit
from lending.queries.collection import RecordKept, asked, calendars
from lending.queries.loans import terms
from lending.queries.standings import CREDITED


@dataclass(frozen=True)
class RecordLine:
    """One woman's line of a record, with who paid for her."""

    member_id: int
    name: str
    member_number: str
    attendance: Attendance
    loan_id: int | None
    paid: Rupiah
    savings: Rupiah
    renteng: Rupiah
    short_reason: ShortReason | None
    promise_on: date | None
    covers: tuple[tuple[str, Rupiah], ...] = ()

    @property
    def total(self) -> Rupiah:
        """All that was handed over in her line."""
        return self.paid + self.renteng + self.savings


def lines(uuid: str) -> list[RecordLine]:
    """The record's lines by name, with the names of the women who paid for others."""
    coverer = aliased(Member)
    covers: dict[int, list[tuple[str, Rupiah]]] = {}
    given = (
        select(Renteng.debtor_id, coverer.name, Renteng.amount)
        .join(coverer, coverer.id == Renteng.coverer_id)
        .where(Renteng.record_uuid == uuid)
        .order_by(coverer.name)
    )
    for debtor_id, name, amount in session.execute(given):
        covers.setdefault(debtor_id, []).append((name, amount))
    question: Select[*tuple[Any, ...]] = (
        select(
            Member.id,
            Member.name,
            Member.number,
            MeetingLine.attendance,
            MeetingLine.loan_id,
            MeetingLine.paid,
            MeetingLine.savings,
            MeetingLine.renteng,
            MeetingLine.short_reason,
            MeetingLine.promise_on,
        )
        .join(Member, Member.id == MeetingLine.member_id)
        .where(MeetingLine.record_uuid == uuid)
        .order_by(Member.name, Member.id)
    )
    return [replace(RecordLine(*row), covers=tuple(covers.get(row[0], ()))) for row in session.execute(question)]


@dataclass(frozen=True)
class UndoEffect:
    """What undoing would do to one loan."""

    name: str
    amount: Rupiah
    outstanding_before: Rupiah
    outstanding_after: Rupiah
    next_due_before: date | None
    next_due_after: date


def undo_effect(uuid: str) -> list[UndoEffect]:
    """Every loan that the record credited, and where undoing would put it back to: shown before anybody presses the button."""
    credited = session.execute(
        select(Member.name, Loan, MeetingLine.paid + MeetingLine.renteng)
        .join(MeetingLine, MeetingLine.loan_id == Loan.id)
        .join(Member, Member.id == Loan.member_id)
        .where(MeetingLine.record_uuid == uuid, MeetingLine.paid + MeetingLine.renteng > 0)
        .order_by(Member.name, Loan.id)
    ).all()
    planned = calendars({loan.group_id for _, loan, _ in credited})
    return [_effect(name, loan, amount, planned) for name, loan, amount in credited]


def _effect(name: str, loan: Loan, amount: Rupiah, planned: dict[tuple[int, int], date]) -> UndoEffect:
    of = terms(loan)
    left = of.total - loan.total_paid
    number = next_unpaid(of, loan.total_paid - amount)
    if number is None or loan.first_seq is None:
        raise AssertionError(f"loan {loan.id} gives back {amount} and stays repaid")
    due = planned[loan.group_id, loan.first_seq + (number - 1) * of.every_weeks]
    return UndoEffect(name, amount, left, left + amount, loan.next_due, due)


@dataclass(frozen=True)
class ReceiptOf:
    """What a receipt says of a record: the meeting's place in its group's calendar, and what each woman was short."""

    unit_name: str
    zone: str
    meeting_number: int
    lines: tuple[RecordLine, ...]
    short: dict[int, Rupiah]


def receipt(kept: RecordKept) -> ReceiptOf:
    """The receipt's facts. What a woman was short is what the sheet asked of her then, from her dues and what was paid before."""
    row = session.execute(
        select(Unit.name, Unit.zone, Meeting.seq)
        .join(Group, Group.id == Meeting.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .where(Meeting.id == kept.meeting_id)
    ).one()
    since = (
        select(Posting.loan_id, (-func.sum(Posting.amount)).label("amount"))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account.in_(CREDITED), Entry.recorded_at >= kept.recorded_at, Entry.kind != EntryKind.DISBURSEMENT)
        .group_by(Posting.loan_id)
        .subquery()
    )
    question = (
        select(Loan, func.coalesce(since.c.amount, 0), MeetingLine.member_id, MeetingLine.paid + MeetingLine.renteng)
        .join(MeetingLine, MeetingLine.loan_id == Loan.id)
        .outerjoin(since, since.c.loan_id == Loan.id)
        .where(MeetingLine.record_uuid == kept.uuid, MeetingLine.short_reason.is_not(None))
    )
    short = {}
    for loan, later, member_id, credited in session.execute(question):
        if loan.first_seq is not None:
            _, due, arrears = asked(terms(loan), loan.first_seq, row[2], int(loan.total_paid - later))
            short[member_id] = max(0, due + arrears - credited)
    return ReceiptOf(row[0], row[1], row[2], tuple(lines(kept.uuid)), short)
