"""Recording a weekly meeting, whole or not at all, and undoing it. The phone makes the record's id, so that sending twice keeps it once."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, insert, select

from lending import clock
from lending.actions import journal, standing
from lending.actions.audit import note
from lending.actions.once import canonical_hash
from lending.database import lock, session, transaction
from lending.domain import collection as rules
from lending.domain import ledger
from lending.domain.access import Actor, Permission, Role
from lending.domain.allocation import Allocation, allocate, credit, next_unpaid
from lending.domain.arrears import days_late
from lending.domain.collection import Line, MeetingReport, Shortfall
from lending.domain.ledger import EntryKind
from lending.domain.lifecycle import LoanState
from lending.domain.money import Rupiah
from lending.domain.reasons import check_reason
from lending.domain.refusals import Conflict, NotAllowed, NotFound, Refusal
from lending.models import Entry, Loan, MeetingLine, MeetingRecord, Posting, RecordUndo, Renteng, Unit
from lending.queries import collection as questions
from lending.queries.collection import BorrowerOnDay, MeetingToRecord
from lending.queries.loans import terms

_LINE, _RENTENG = (cast(Table, model.__table__) for model in (MeetingLine, Renteng))
"""Tables, not models: the mapper would write one statement for each set of columns that are not NULL."""


@dataclass(frozen=True)
class Kept:
    """The answer to a record: whether it was known already, its receipt, and what each line did."""

    uuid: str
    replay: bool
    undone: bool
    receipt: str
    total: Rupiah
    lines: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Undone:
    """The answer to an undo: the reversing entries, and where the loans stand now."""

    uuid: str
    entries: tuple[int, ...]
    loans: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class _Credited:
    """One line that moves a loan: what is booked, and where it leaves the loan."""

    line: Line
    booked: Allocation
    standing: standing.NewStanding


def record_meeting(uuid: str, meeting_id: int, report: MeetingReport, body: Mapping[str, Any], by: Actor) -> Kept:
    """Keep a meeting: attendance, money, shortfalls, renteng, journal, in one transaction. `body` is what the phone sent, as it sent it.

    The same body again under the same uuid gives the same answer (`replay`). Refused: `key_reused` (another body, or another officer's
    uuid), `already_recorded` (409, naming the first receipt), `not_found`, and every rule of `domain.collection` and of the loans, at the
    line to blame: `pays_too_much`, `wrong_state` (a loan that is not running), `before_disbursement`, `loan_missing`, `not_her_loan`.
    """
    by.require(Permission.RECORD_MEETINGS)
    uuid = uuid.lower()
    with transaction():
        if by.unit_id is not None:
            # Receipt numbers have no gaps, so a unit's records are taken one after the other; twins meet here too.
            lock(Unit.id, by.unit_id)
        place = questions.meeting_to_record(by, meeting_id, uuid, report.held_on)
        if place is None or place.uuid_known:
            return _replayed(uuid, canonical_hash(body), by)
        if place.head.record is not None:
            raise _already(place.head.record)
        loans = {(person.member_id, person.loan_id): person for person in place.people if person.loan_id is not None}
        members = {person.member_id for person in place.people}
        _check_rows_are_hers(report, members, loans, by)
        rules.check_people(report, members)
        rules.check_day(report, place.head.planned_on, by.today)
        rules.check_amounts(report)
        shortfalls = [_shortfall(nth, line, report, loans, place.head.seq) for nth, line in enumerate(report.lines)]
        moved = [_credited(nth, line, report, loans, place) for nth, line in enumerate(report.lines) if line.credited]
        rules.check_cash(report)
        return _keep(uuid, body, report, place, loans, shortfalls, moved, by)


def _replayed(uuid: str, fingerprint: str, by: Actor) -> Kept:
    """The first answer once more, for the officer who sent the same body; nothing of it for anybody else."""
    known = questions.record_anywhere(uuid)
    if known is None or known.unit_id != by.unit_id:
        raise NotFound
    if known.officer_id != by.user_id or known.body_hash != fingerprint:
        raise Refusal("key_reused")
    return Kept(uuid, True, known.undone_at is not None, known.receipt, known.total, tuple(known.answer["lines"]))


def _already(uuid: str) -> Conflict:
    first = questions.record_anywhere(uuid)
    return Conflict("already_recorded", at="meeting", receipt=first.receipt if first else uuid)


Loans = Mapping[tuple[int, int], BorrowerOnDay]
"""The loans of the group's members that day, by member and loan."""


def _check_rows_are_hers(report: MeetingReport, members: AbstractSet[int], loans: Loans, by: Actor) -> None:
    """A member or loan in the body that the officer may not see is `not_found`, the same as none at all."""
    named = {line.member_id for line in report.lines} | {cover.from_member for line in report.lines for cover in line.covers}
    if (strangers := named - members) and not questions.all_seen(by, strangers):
        raise NotFound
    of_group = {loan_id for _, loan_id in loans}
    if any(line.loan_id not in of_group for line in report.lines if line.loan_id is not None and line.member_id in members):
        raise NotFound


def _shortfall(nth: int, line: Line, report: MeetingReport, loans: Loans, seq: int) -> Shortfall | None:
    person = loans.get((line.member_id, line.loan_id)) if line.loan_id is not None else None
    asked = 0
    if person is not None and person.terms is not None and person.first_seq is not None and person.state is LoanState.RUNNING:
        _, due, arrears = questions.asked(person.terms, person.first_seq, seq, person.total_paid)
        asked = due + arrears
    return rules.shortfall_kept(line, asked, report.held_on, f"lines.{nth}")


def _credited(nth: int, line: Line, report: MeetingReport, loans: Loans, place: MeetingToRecord) -> _Credited:
    at = f"lines.{nth}"
    if line.loan_id is None:
        raise Refusal("loan_missing", at=f"{at}.loan")
    person = loans.get((line.member_id, line.loan_id))
    if person is None:
        raise Refusal("not_her_loan", at=f"{at}.loan")
    if person.state is not LoanState.RUNNING or person.terms is None or person.first_seq is None or person.disbursed_on is None:
        raise Refusal("wrong_state", at=f"{at}.loan", state=str(person.state))
    if report.held_on < person.disbursed_on:
        raise Refusal("before_disbursement", at=f"{at}.paid", disbursed_on=person.disbursed_on)
    try:
        booked = credit(person.terms, person.total_paid, line.credited)
    except Refusal as no:
        raise no.under(at) from None
    total_paid = person.total_paid + line.credited
    number = next_unpaid(person.terms, total_paid)
    due = None if number is None else place.planned[person.first_seq + (number - 1) * person.terms.every_weeks]
    return _Credited(line, booked, standing.NewStanding(line.loan_id, person.terms, person.total_paid, total_paid, due))


def _keep(
    uuid: str,
    body: Mapping[str, Any],
    report: MeetingReport,
    place: MeetingToRecord,
    loans: Loans,
    shortfalls: list[Shortfall | None],
    moved: list[_Credited],
    by: Actor,
) -> Kept:
    """Add every row of the record: a statement a table, however many women came."""
    now = clock.now()
    answers = _answers(report, loans, moved, by.today)
    number = session.scalar(
        insert(MeetingRecord)
        .values(
            uuid=uuid,
            unit_id=place.head.unit_id,
            meeting_id=place.head.id,
            attempt=place.attempt,
            officer_id=by.user_id,
            held_on=report.held_on,
            recorded_at=now,
            recorded_on=by.today,
            cash_counted=report.cash_counted,
            total=report.total,
            year=report.held_on.year,
            number=questions.next_receipt(place.head.unit_id, report.held_on.year),
            body=dict(body),
            body_hash=canonical_hash(body),
            answer={"lines": answers},
        )
        .returning(MeetingRecord.number)
    )
    assert number is not None
    _add_lines(uuid, report, shortfalls)
    journal.post(_entries(uuid, report, moved, by), unit_id=place.head.unit_id, on_day=report.held_on, at=now, by=by)
    standing.write([one.standing for one in moved])
    receipt = questions.receipt_number(place.head.unit_code, report.held_on.year, number)
    note(by, "collection.record", f"record:{uuid}", at=now, after={"receipt": receipt, "total": report.total, "held_on": report.held_on})
    return Kept(uuid, False, False, receipt, report.total, tuple(answers))


def _answers(report: MeetingReport, loans: Loans, moved: list[_Credited], today: date) -> list[dict[str, Any]]:
    by_member = {one.line.member_id: one for one in moved}
    unmoved = {person.member_id: person.next_due for person in loans.values() if person.state is LoanState.RUNNING}
    return [_answer(line, by_member.get(line.member_id), unmoved.get(line.member_id), today) for line in report.lines]


def _answer(line: Line, one: _Credited | None, unmoved: date | None, today: date) -> dict[str, Any]:
    booked = one.booked if one else Allocation(0, 0)
    due = one.standing.next_due if one else unmoved
    return {
        "member": line.member_id,
        "paid": line.paid,
        "allocated_margin": booked.margin,
        "allocated_principal": booked.principal,
        "next_due": due.isoformat() if due else None,
        "days_late": days_late(due, today),
    }


def _add_lines(uuid: str, report: MeetingReport, shortfalls: list[Shortfall | None]) -> None:
    rows = [
        {
            "record_uuid": uuid,
            "member_id": line.member_id,
            "attendance": line.attendance,
            "loan_id": line.loan_id,
            "paid": line.paid,
            "savings": line.savings,
            "renteng": line.covered,
            "bulk": line.bulk,
            "short_reason": short.reason if short else None,
            "promise_on": short.promise_on if short else None,
        }
        for line, short in zip(report.lines, shortfalls, strict=True)
    ]
    covers = [
        {"record_uuid": uuid, "debtor_id": line.member_id, "coverer_id": cover.from_member, "amount": cover.amount}
        for line in report.lines
        for cover in line.covers
    ]
    connection = session.connection()
    if rows:
        connection.execute(insert(_LINE), rows)
    if covers:
        connection.execute(insert(_RENTENG), covers)


def _entries(uuid: str, report: MeetingReport, moved: list[_Credited], by: Actor) -> list[journal.NewEntry]:
    """An entry a line with money, one a deposit, one for a difference of the cash."""

    def told(kind: EntryKind, legs: tuple[ledger.Leg, ...], reason: str | None = None) -> journal.NewEntry:
        return journal.NewEntry(kind, report.held_on, legs, record_uuid=uuid, reason=reason)

    entries = [
        told(
            EntryKind.COLLECTION,
            ledger.collection(one.booked, loan_id=one.standing.loan_id, member_id=one.line.member_id, officer_id=by.user_id),
        )
        for one in moved
    ]
    entries += [
        told(EntryKind.SAVINGS, ledger.savings_deposit(line.savings, member_id=line.member_id, officer_id=by.user_id))
        for line in report.lines
        if line.savings
    ]
    if report.cash_difference is not None:
        legs = ledger.over_short(report.cash_difference.amount, officer_id=by.user_id)
        entries.append(told(EntryKind.OVER_SHORT, legs, report.cash_difference.reason))
    return entries


def undo_record(uuid: str, by: Actor, *, reason: str) -> Undone:
    """Undo a whole meeting: a reversing entry for every entry of it, counted from today; the meeting is open again.

    The officer on the day on which it was kept, later the unit head only (`not_the_same_day`, 403). Refused: `already_undone` (409),
    `not_found`, `loan_running` where it would bring back a loan of a woman who has been lent a new one since.
    """
    uuid = uuid.lower()
    if not by.may(Permission.RECORD_MEETINGS):
        by.require(Permission.UNDO_LATE)
    with transaction():
        if by.unit_id is not None:
            lock(Unit.id, by.unit_id)
        kept = questions.record(by, uuid)
        if by.role is Role.OFFICER and kept.recorded_on != by.today:
            raise NotAllowed("not_the_same_day", recorded_on=kept.recorded_on)
        if kept.undone_at is not None:
            raise Conflict("already_undone", by=kept.undone_by)
        check_reason(reason)
        now = clock.now()
        session.add(RecordUndo(record_uuid=uuid, on_day=by.today, undone_at=now, actor_id=by.user_id, reason=reason))
        mirrored = _reversals(uuid, by.today, reason, unit_id=kept.unit_id, officer_id=kept.officer_id)
        loans = _take_back(uuid)
        _check_one_loan_each(loans)
        shifted = [_reallocation(one, mirrored, by.today, reason) for one in loans]
        entries = [*mirrored, *(entry for entry in shifted if entry is not None)]
        ids = journal.post(entries, unit_id=kept.unit_id, on_day=by.today, at=now, by=by)
        standing.write([one.standing for one in loans])
        note(by, "collection.undo", f"record:{uuid}", at=now, after={"entries": ids}, reason=reason)
        return Undone(uuid, tuple(ids), tuple(one.answer for one in loans))


@dataclass(frozen=True)
class _TakenBack:
    """A loan that gives a payment back: whose it is, and where it stands then."""

    member_id: int
    was_repaid: bool
    standing: standing.NewStanding

    @property
    def answer(self) -> dict[str, Any]:
        due = self.standing.next_due
        left = self.standing.terms.total - self.standing.total_paid
        return {"id": self.standing.loan_id, "next_due": due.isoformat() if due else None, "outstanding_total": left}


def _reversals(uuid: str, on: date, reason: str, *, unit_id: int, officer_id: int) -> list[journal.NewEntry]:
    """The mirror of every entry of the record. Cash that the officer has handed over comes back from the vault, where it now is."""
    legs: dict[int, list[ledger.Leg]] = {}
    question = select(Posting).join(Entry, Entry.id == Posting.entry_id).where(Entry.record_uuid == uuid)
    for leg in session.scalars(question.order_by(Posting.entry_id, Posting.n)):
        legs.setdefault(leg.entry_id, []).append(ledger.Leg(leg.account, leg.amount, leg.loan_id, leg.member_id, leg.user_id))
    cash = sum(leg.amount for of in legs.values() for leg in of if leg.account is ledger.Account.OFFICER_CASH)
    if journal.held(ledger.Account.OFFICER_CASH, unit_id=unit_id, user_id=officer_id) < cash:
        journal.require_cash(ledger.Account.VAULT_CASH, cash, unit_id=unit_id, at="reason")
        legs = {entry_id: list(ledger.out_of_vault(of)) for entry_id, of in legs.items()}
    return [
        journal.NewEntry(EntryKind.REVERSAL, on, ledger.mirror(of), record_uuid=uuid, reversal_of_id=entry_id, reason=reason)
        for entry_id, of in legs.items()
    ]


def _take_back(uuid: str) -> list[_TakenBack]:
    """Every loan of the record, less what the record had credited to it."""
    credited = session.execute(
        select(Loan, MeetingLine.paid + MeetingLine.renteng)
        .join(MeetingLine, MeetingLine.loan_id == Loan.id)
        .where(MeetingLine.record_uuid == uuid, MeetingLine.paid + MeetingLine.renteng > 0)
        .order_by(Loan.id)
        .execution_options(populate_existing=True)
    ).all()
    planned = questions.calendars({loan.group_id for loan, _ in credited})
    return [_taken_back(loan, amount, planned) for loan, amount in credited]


def _taken_back(loan: Loan, amount: Rupiah, planned: Mapping[tuple[int, int], date]) -> _TakenBack:
    of = terms(loan)
    number = next_unpaid(of, loan.total_paid - amount)
    if number is None or loan.first_seq is None:
        raise AssertionError(f"loan {loan.id} gives back {amount} and stays repaid")
    due = planned[loan.group_id, loan.first_seq + (number - 1) * of.every_weeks]
    was_repaid = loan.state is LoanState.REPAID
    return _TakenBack(loan.member_id, was_repaid, standing.NewStanding(loan.id, of, loan.total_paid, loan.total_paid - amount, due))


def _check_one_loan_each(loans: list[_TakenBack]) -> None:
    reopened = [one for one in loans if one.was_repaid]
    if not reopened:
        return
    lent_anew = select(Loan.member_id).where(Loan.member_id.in_([one.member_id for one in reopened]), Loan.state == LoanState.RUNNING)
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
