"""What has happened around a late loan, newest first: what she said at meetings, what was done, visits, promises that were not kept."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from sqlalchemy import select

from lending.database import session
from lending.domain.collection import ShortReason
from lending.domain.lifecycle import LoanStep
from lending.domain.mentoring import VisitPlace
from lending.domain.money import Rupiah
from lending.models import ArrearsCase, BrokenPromise, LoanEvent, MeetingLine, MeetingRecord, RecordUndo, User, Visit, VisitMember
from lending.queries.cases import Case, Event

BEFORE = timedelta(days=90)
"""So much of what lies before this spell is shown with it."""

Kind = Literal["late", "closed", "short", "step", "visit", "broken"]

_ORDER: dict[Kind, int] = {"broken": 0, "closed": 1, "late": 2, "short": 3, "visit": 4, "step": 5}


@dataclass(frozen=True)
class Happened:
    """One thing that happened, on a day; what is filled besides depends on its kind."""

    kind: Kind
    on: date
    at: datetime | None = None
    by_name: str | None = None
    reason: ShortReason | None = None
    paid: Rupiah | None = None
    promise_on: date | None = None
    event: Event | None = None
    visit: str | None = None
    place: VisitPlace | None = None
    findings: str | None = None
    ending: LoanStep | None = None
    """By which step of the loan a spell closed; None where she caught up."""


@dataclass(frozen=True)
class Spell:
    """One spell of lateness: from the night that found the loan late to the one that did not. `ending` as in `Happened`."""

    opened_on: date
    closed_on: date | None
    ending: LoanStep | None


def histories(cases: Sequence[Case], on: date) -> dict[int, list[Happened]]:
    """The history of each of these loans up to that day, newest first."""
    if not cases:
        return {}
    found: defaultdict[int, list[Happened]] = defaultdict(list)
    loans = [case.late.loan_id for case in cases]
    since = {case.late.loan_id: case.since - BEFORE for case in cases}
    for case in cases:
        found[case.late.loan_id] += [Happened("step", event.on, event.recorded_at, event.by_name, event=event) for event in case.events]
    _spells(found, cases, loans, on)
    _shortfalls(found, loans, on, min(since.values()))
    _visits(found, cases, on, min(since.values()))
    broken = select(BrokenPromise.loan_id, BrokenPromise.promise_on, BrokenPromise.as_of)
    for loan_id, promise_on, as_of in session.execute(broken.where(BrokenPromise.loan_id.in_(loans), BrokenPromise.as_of <= on)):
        found[loan_id].append(Happened("broken", as_of, promise_on=promise_on))
    return {loan_id: _newest_first([one for one in found[loan_id] if one.on >= since[loan_id]]) for loan_id in loans}


def spells(loan_id: int, on: date) -> list[Spell]:
    """The spells of a loan up to that day, newest first."""
    question = select(ArrearsCase.loan_id, ArrearsCase.opened_on, ArrearsCase.closed_on)
    mine = question.where(ArrearsCase.loan_id == loan_id, ArrearsCase.opened_on <= on).order_by(ArrearsCase.opened_on.desc())
    ended = _endings([loan_id])
    return [Spell(opened_on, closed_on, _ending(ended[loan_id], opened_on, closed_on)) for _, opened_on, closed_on in session.execute(mine)]


ENDINGS = (LoanStep.REPAY, LoanStep.SETTLE, LoanStep.WRITE_OFF, LoanStep.DEATH, LoanStep.RESTRUCTURE)
"""Steps of a loan by which it is late no more."""


def _endings(loans: Sequence[int]) -> defaultdict[int, list[tuple[date, LoanStep]]]:
    found: defaultdict[int, list[tuple[date, LoanStep]]] = defaultdict(list)
    steps = select(LoanEvent.loan_id, LoanEvent.on_day, LoanEvent.step).where(LoanEvent.loan_id.in_(loans), LoanEvent.step.in_(ENDINGS))
    for loan_id, on_day, step in session.execute(steps.order_by(LoanEvent.id)):
        if step is not None:
            found[loan_id].append((on_day, step))
    return found


def _ending(steps: Sequence[tuple[date, LoanStep]], opened_on: date, closed_on: date | None) -> LoanStep | None:
    """The last of these steps within the spell: the night that closed it came after it."""
    within = [step for on_day, step in steps if closed_on is not None and opened_on <= on_day <= closed_on]
    return within[-1] if within else None


def _newest_first(rows: list[Happened]) -> list[Happened]:
    return sorted(rows, key=lambda one: (one.on, _ORDER[one.kind], one.at or datetime.min.replace(tzinfo=UTC)), reverse=True)


def _spells(found: defaultdict[int, list[Happened]], cases: Sequence[Case], loans: Sequence[int], on: date) -> None:
    question = select(ArrearsCase.loan_id, ArrearsCase.opened_on, ArrearsCase.closed_on)
    opened: set[tuple[int, date]] = set()
    ended = _endings(loans)
    for loan_id, opened_on, closed_on in session.execute(question.where(ArrearsCase.loan_id.in_(loans), ArrearsCase.opened_on <= on)):
        opened.add((loan_id, opened_on))
        found[loan_id].append(Happened("late", opened_on))
        if closed_on is not None and closed_on <= on:
            found[loan_id].append(Happened("closed", closed_on, ending=_ending(ended[loan_id], opened_on, closed_on)))
    for case in cases:
        if (case.late.loan_id, case.since) not in opened:  # no night has found it yet
            found[case.late.loan_id].append(Happened("late", case.since))


def _shortfalls(found: defaultdict[int, list[Happened]], loans: Sequence[int], on: date, since: date) -> None:
    undone = select(RecordUndo.record_uuid).where(RecordUndo.on_day <= on)
    question = (
        select(
            MeetingLine.loan_id,
            MeetingRecord.held_on,
            MeetingRecord.recorded_at,
            User.name,
            MeetingLine.short_reason,
            MeetingLine.paid,
            MeetingLine.promise_on,
        )
        .join(MeetingRecord, MeetingRecord.uuid == MeetingLine.record_uuid)
        .join(User, User.id == MeetingRecord.officer_id)
        .where(MeetingLine.loan_id.in_(loans), MeetingLine.short_reason.is_not(None))
        .where(MeetingRecord.held_on <= on, MeetingRecord.held_on >= since, MeetingRecord.uuid.not_in(undone))
    )
    for loan_id, held_on, at, name, reason, paid, promise_on in session.execute(question):
        if loan_id is not None:
            found[loan_id].append(Happened("short", held_on, at, name, reason=reason, paid=paid, promise_on=promise_on))


def _visits(found: defaultdict[int, list[Happened]], cases: Sequence[Case], on: date, since: date) -> None:
    loan_of = {case.late.member_id: case.late.loan_id for case in cases}
    question = (
        select(VisitMember.member_id, Visit.uuid, Visit.on_day, Visit.recorded_at, User.name, Visit.place, Visit.findings)
        .join(Visit, Visit.uuid == VisitMember.visit_uuid)
        .join(User, User.id == Visit.author_id)
        .where(VisitMember.member_id.in_(loan_of), Visit.on_day <= on, Visit.on_day >= since)
    )
    for member_id, uuid, on_day, at, name, place, findings in session.execute(question):
        found[loan_of[member_id]].append(Happened("visit", on_day, at, name, visit=uuid, place=place, findings=findings))
