"""Undoing what a meeting's record booked, the whole of it or one woman's line: reversing entries of today, never an edit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, select

from lending import clock
from lending.actions import journal, standing
from lending.actions.audit import note
from lending.database import lock, session, transaction
from lending.domain import ledger
from lending.domain.access import Actor, Permission, Role
from lending.domain.allocation import Allocation, allocate
from lending.domain.ledger import EntryKind
from lending.domain.lifecycle import ENDED, RUNS, LoanState, LoanStep
from lending.domain.money import Rupiah
from lending.domain.plan import Plan
from lending.domain.reasons import check_reason
from lending.domain.refusals import Conflict, NotAllowed, NotFound, Refusal
from lending.models import Entry, LineUndo, Loan, LoanEvent, MeetingLine, Posting, RecordUndo, Unit
from lending.queries import collection as questions
from lending.queries import records, savings
from lending.queries.plans import calendars, plans
from lending.queries.records import RecordKept
from lending.queries.undone import is_undone


@dataclass(frozen=True)
class Undone:
    """The answer to an undo: the reversing entries, and where the loans stand now."""

    uuid: str
    entries: tuple[int, ...]
    loans: tuple[Mapping[str, Any], ...]


def undo_record(uuid: str, by: Actor, *, reason: str) -> Undone:
    """Undo a whole meeting: a reversing entry for every entry of it that still stands, counted from today; the meeting is open again.

    The officer on the day on which it was kept, later the unit head only (`not_the_same_day`, 403), and never one that she recorded herself
    (`same_person`, 403). Refused: `not_found`, `already_undone` (409), `loan_ended` (409: nothing is taken back from a loan that ended),
    `loan_running` where it would bring back a loan of a woman who has been lent a new one since, `savings_spent` where what was saved has
    been paid out.
    """
    uuid = uuid.lower()
    _require(by)
    with transaction():
        kept = _held(uuid, by)
        check_reason(reason)
        standing_lines, now = _lines(uuid), clock.now()
        session.add(RecordUndo(record_uuid=uuid, on_day=by.today, undone_at=now, actor_id=by.user_id, reason=reason))
        return _book(kept, standing_lines, by, now, reason, "collection.undo", None)


def undo_line(uuid: str, member_id: int, by: Actor, *, reason: str) -> Undone:
    """Undo the money of one woman's line: what it credited to her loan and her savings. The rest of the record stands, and so does what the
    line says of her coming; the meeting is not open again, so that she pays at the next one.

    By whom and when, and refused, as `undo_record`; `nothing_to_undo` (422) where the line brought no money.
    """
    uuid = uuid.lower()
    _require(by)
    with transaction():
        kept = _held(uuid, by, member_id)
        check_reason(reason)
        hers = [line for line in _lines(uuid) if line.member_id == member_id]
        if not any(line.credited or line.saved for line in hers):
            raise Refusal("nothing_to_undo")
        now = clock.now()
        undone = LineUndo(record_uuid=uuid, member_id=member_id, on_day=by.today, undone_at=now, actor_id=by.user_id, reason=reason)
        session.add(undone)
        return _book(kept, hers, by, now, reason, "collection.undo_line", member_id)


def _require(by: Actor) -> None:
    if not by.may(Permission.RECORD_MEETINGS):
        by.require(Permission.UNDO_LATE)


def _held(uuid: str, by: Actor, member_id: int | None = None) -> RecordKept:
    """The record, its unit held, once all that both kinds of undo have in common allows it."""
    if by.unit_id is not None:
        lock(Unit.id, by.unit_id)
    kept = records.record(by, uuid)
    of_line = exists().where(MeetingLine.record_uuid == uuid, MeetingLine.member_id == member_id)
    if member_id is not None and not session.scalar(select(of_line)):
        raise NotFound
    if by.role is Role.OFFICER and kept.recorded_on != by.today:
        raise NotAllowed("not_the_same_day", recorded_on=kept.recorded_on)
    if by.role is not Role.OFFICER and kept.officer_id == by.user_id:
        raise NotAllowed("same_person")
    if kept.undone_at is not None:
        raise Conflict("already_undone", by=kept.undone_by)
    if member_id is not None and (undone := session.get(LineUndo, (uuid, member_id))) is not None:
        raise Conflict("already_undone", by=questions.username(undone.actor_id))
    return kept


@dataclass(frozen=True)
class _Line:
    """The money of a line that still stands."""

    member_id: int
    loan_id: int | None
    credited: Rupiah
    saved: Rupiah


def _lines(uuid: str) -> list[_Line]:
    question = (
        select(MeetingLine.member_id, MeetingLine.loan_id, MeetingLine.paid + MeetingLine.renteng, MeetingLine.savings)
        .where(MeetingLine.record_uuid == uuid, ~is_undone())
        .order_by(MeetingLine.member_id)
    )
    return [_Line(*row) for row in session.execute(question)]


def _book(kept: RecordKept, lines: list[_Line], by: Actor, now: datetime, reason: str, act: str, member_id: int | None) -> Undone:
    loans = _take_back(lines)
    _check_not_ended(loans)
    _check_one_loan_each(loans)
    _check_savings(lines)
    on_day = journal.book_day(by.today, unit_id=kept.unit_id, by=by, late_is_kept=True)
    mirrored = _reversals(kept, by.today, on_day, reason, member_id)
    shifted = [_reallocation(one, mirrored, by.today, reason) for one in loans]
    entries = [*mirrored, *(entry for entry in shifted if entry is not None)]
    ids = journal.post(entries, unit_id=kept.unit_id, on_day=on_day, at=now, by=by)
    standing.write([one.standing for one in loans])
    of_line = {} if member_id is None else {"member": member_id}
    note(by, act, f"record:{kept.uuid}", at=now, after={**of_line, "entries": ids}, reason=reason)
    return Undone(kept.uuid, tuple(ids), tuple(one.answer for one in loans))


@dataclass(frozen=True)
class _TakenBack:
    """A loan that gives a payment back: whose it is, and where it stands then."""

    member_id: int
    was: LoanState
    standing: standing.NewStanding

    @property
    def answer(self) -> dict[str, Any]:
        due = self.standing.next_due
        left = self.standing.terms.total - self.standing.total_paid
        return {"id": self.standing.loan_id, "next_due": due.isoformat() if due else None, "outstanding_total": left}


def _reversals(kept: RecordKept, on: date, on_day: date, reason: str, member_id: int | None) -> list[journal.NewEntry]:
    """The mirror of every entry of the record that still stands, or of those of one woman. Cash that the officer has handed over comes back
    from the vault, where it now is."""
    legs: dict[int, list[ledger.Leg]] = {}
    undone = select(Entry.reversal_of_id).where(Entry.record_uuid == kept.uuid, Entry.reversal_of_id.is_not(None))
    question = (
        select(Posting)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Entry.record_uuid == kept.uuid, Entry.reversal_of_id.is_(None), Entry.id.not_in(undone))
        .order_by(Posting.entry_id, Posting.n)
    )
    for leg in session.scalars(question):
        legs.setdefault(leg.entry_id, []).append(ledger.Leg(leg.account, leg.amount, leg.loan_id, leg.member_id, leg.user_id))
    if member_id is not None:
        legs = {entry_id: of for entry_id, of in legs.items() if any(leg.member_id == member_id for leg in of)}
    cash = sum(leg.amount for of in legs.values() for leg in of if leg.account is ledger.Account.OFFICER_CASH)
    if journal.held(ledger.Account.OFFICER_CASH, unit_id=kept.unit_id, user_id=kept.officer_id) < cash:
        journal.require_cash(ledger.Account.VAULT_CASH, cash, on_day, unit_id=kept.unit_id, at="reason")
        legs = {entry_id: list(ledger.out_of_vault(of)) for entry_id, of in legs.items()}
    return [
        journal.NewEntry(EntryKind.REVERSAL, on, ledger.mirror(of), record_uuid=kept.uuid, reversal_of_id=entry_id, reason=reason)
        for entry_id, of in legs.items()
    ]


def _take_back(lines: list[_Line]) -> list[_TakenBack]:
    """Every loan that these lines credited, less what they had credited to it."""
    amounts = {line.loan_id: line.credited for line in lines if line.loan_id is not None and line.credited}
    question = select(Loan).where(Loan.id.in_(amounts)).order_by(Loan.id).execution_options(populate_existing=True)
    loans = session.scalars(question).all()
    agreed, planned = plans(loans), calendars({loan.group_id for loan in loans})
    return [_taken_back(loan, amounts[loan.id], agreed[loan.id], planned) for loan in loans]


def _taken_back(loan: Loan, amount: Rupiah, plan: Plan, planned: Mapping[tuple[int, int], date]) -> _TakenBack:
    of = plan.terms
    counted_from = plan.counted_from(loan.total_paid - amount)
    if counted_from is None:
        raise AssertionError(f"loan {loan.id} gives back {amount} and stays repaid")
    due = planned[loan.group_id, counted_from]
    return _TakenBack(loan.member_id, loan.state, standing.NewStanding(loan.id, of, loan.total_paid, loan.total_paid - amount, due))


def _check_not_ended(loans: list[_TakenBack]) -> None:
    """A loan that was settled, written off or cleared was so by what it owed that day: nothing may be taken back from under it."""
    repaid = [one.standing.loan_id for one in loans if one.was is LoanState.REPAID]
    settled = set(session.scalars(select(LoanEvent.loan_id).where(LoanEvent.loan_id.in_(repaid), LoanEvent.step == LoanStep.SETTLE)))
    if ended := [one.member_id for one in loans if one.was in ENDED or one.standing.loan_id in settled]:
        raise Conflict("loan_ended", members=ended)


def _check_savings(lines: list[_Line]) -> None:
    """What she saved then may have been paid out since; her savings do not go below zero."""
    spent = [line.member_id for line in lines if line.saved and savings.balances(line.member_id)[0] < line.saved]
    if spent:
        raise Refusal("savings_spent", members=spent)


def _check_one_loan_each(loans: list[_TakenBack]) -> None:
    reopened = [one for one in loans if one.was is LoanState.REPAID]
    if not reopened:
        return
    lent_anew = select(Loan.member_id).where(Loan.member_id.in_([one.member_id for one in reopened]), Loan.state.in_(RUNS))
    if members := session.scalars(lent_anew.distinct().order_by(Loan.member_id)).all():
        raise Refusal("loan_running", members=list(members))


def _reallocation(one: _TakenBack, mirrored: list[journal.NewEntry], on: date, reason: str) -> journal.NewEntry | None:
    """The entry that puts the later payments of this loan where they belong now, if the one undone was not the last."""
    of = one.standing.terms
    before, after = allocate(of, one.standing.paid_before), allocate(of, one.standing.total_paid)
    legs = [leg for entry in mirrored for leg in entry.legs if leg.loan_id == one.standing.loan_id]
    given_back = sum(leg.amount for leg in legs if leg.account is ledger.Account.MARGIN_INCOME)
    booked = Allocation(before.margin - given_back, after.total - before.margin + given_back)
    shift = ledger.reallocation(booked, after, loan_id=one.standing.loan_id, member_id=one.member_id)
    return journal.NewEntry(EntryKind.COLLECTION, on, shift, reason=reason) if shift else None
