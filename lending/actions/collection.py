"""Recording a weekly meeting, whole or not at all. The phone makes the record's id, so that sending twice keeps it once."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert

from lending import clock
from lending.actions import journal, standing
from lending.actions.audit import note
from lending.actions.once import canonical_hash
from lending.database import lock, session, transaction
from lending.domain import collection as rules
from lending.domain import ledger
from lending.domain.access import Actor, Permission
from lending.domain.allocation import Allocation, credit
from lending.domain.arrears import days_late
from lending.domain.collection import Line, MeetingReport, Shortfall
from lending.domain.days import day_in_books
from lending.domain.ledger import EntryKind
from lending.domain.money import Rupiah
from lending.domain.refusals import Conflict, NotFound, Refusal
from lending.models import MeetingLine, MeetingRecord, Renteng, Unit
from lending.models.base import table_of
from lending.queries import collection as questions
from lending.queries import records
from lending.queries.collection import BorrowerOnDay, MeetingToRecord

_LINE, _RENTENG = (table_of(model) for model in (MeetingLine, Renteng))
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
        return _keep(uuid, body, report, place, shortfalls, moved, by)


def _replayed(uuid: str, fingerprint: str, by: Actor) -> Kept:
    """The first answer once more, for the officer who sent the same body; nothing of it for anybody else."""
    known = records.record_anywhere(uuid)
    if known is None or known.unit_id != by.unit_id:
        raise NotFound
    if known.officer_id != by.user_id or known.body_hash != fingerprint:
        raise Refusal("key_reused")
    return Kept(uuid, True, known.undone_at is not None, known.receipt, known.total, tuple(known.answer["lines"]))


def _already(uuid: str) -> Conflict:
    first = records.record_anywhere(uuid)
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
    if person is not None and person.plan is not None:
        _, due, arrears = person.plan.asked(seq, person.total_paid)
        asked = due + arrears
    return rules.shortfall_kept(line, asked, report.held_on, f"lines.{nth}")


def _credited(nth: int, line: Line, report: MeetingReport, loans: Loans, place: MeetingToRecord) -> _Credited:
    at = f"lines.{nth}"
    if line.loan_id is None:
        raise Refusal("loan_missing", at=f"{at}.loan")
    person = loans.get((line.member_id, line.loan_id))
    if person is None:
        raise Refusal("not_her_loan", at=f"{at}.loan")
    if person.plan is None or person.disbursed_on is None:
        raise Refusal("wrong_state", at=f"{at}.loan", state=str(person.state))
    if report.held_on < person.disbursed_on:
        raise Refusal("before_disbursement", at=f"{at}.paid", disbursed_on=person.disbursed_on)
    try:
        booked = credit(person.plan.terms, person.total_paid, line.credited)
    except Refusal as no:
        raise no.under(at) from None
    total_paid = person.total_paid + line.credited
    counted_from = person.plan.counted_from(total_paid)
    due = None if counted_from is None else place.planned[counted_from]
    return _Credited(line, booked, standing.NewStanding(line.loan_id, person.plan.terms, person.total_paid, total_paid, due))


def _keep(
    uuid: str,
    body: Mapping[str, Any],
    report: MeetingReport,
    place: MeetingToRecord,
    shortfalls: list[Shortfall | None],
    moved: list[_Credited],
    by: Actor,
) -> Kept:
    """Add every row of the record: a statement a table, however many women came."""
    now = clock.now()
    answers = _answers(report, place, moved, by.today)
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
            number=records.next_receipt(place.head.unit_id, report.held_on.year),
            body=dict(body),
            body_hash=canonical_hash(body),
            answer={"lines": answers},
        )
        .returning(MeetingRecord.number)
    )
    assert number is not None
    _add_lines(uuid, report, shortfalls)
    on_day = day_in_books(report.held_on, today=by.today, closed_up_to=place.closed_up_to, late_is_kept=True)
    journal.post(_entries(uuid, report, moved, by), unit_id=place.head.unit_id, on_day=on_day, at=now, by=by)
    standing.write([one.standing for one in moved])
    receipt = records.receipt_number(place.head.unit_code, report.held_on.year, number)
    note(by, "collection.record", f"record:{uuid}", at=now, after={"receipt": receipt, "total": report.total, "held_on": report.held_on})
    return Kept(uuid, False, False, receipt, report.total, tuple(answers))


def _answers(report: MeetingReport, place: MeetingToRecord, moved: list[_Credited], today: date) -> list[dict[str, Any]]:
    by_member = {one.line.member_id: one for one in moved}
    counted = {person.member_id: person.plan.counted_from(person.total_paid) for person in place.people if person.plan is not None}
    unmoved = {member_id: place.planned[seq] for member_id, seq in counted.items() if seq is not None}
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
