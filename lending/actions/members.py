"""What is written down about a member: consents, eligibility, training; finding her again, seeing her NIK, her leaving."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, func, select

from lending import clock
from lending.actions.audit import note
from lending.actions.sealing import blind_index, unseal
from lending.database import lock, session, transaction
from lending.domain.access import Actor, Permission
from lending.domain.calendar import check_not_later
from lending.domain.eligibility import (
    BEST_HOUSE,
    ELIGIBILITY_DAYS,
    MEKAAR_WELFARE,
    MOST_IN_HOUSEHOLD,
    TRAINING_DAYS,
    check_purpose,
    is_within,
)
from lending.domain.identity import parse_nik
from lending.domain.ledger import Account
from lending.domain.lifecycle import RUNS, WAITING
from lending.domain.money import Rupiah, check_amount
from lending.domain.refusals import Gathered, NotFound, Refusal, Warned
from lending.models import (
    Consent,
    Eligibility,
    Leadership,
    Loan,
    Meeting,
    MeetingLine,
    MeetingRecord,
    Member,
    Membership,
    Posting,
    RecordUndo,
    TrainingDay,
)
from lending.queries.admin import PAGE
from lending.queries.members import MemberFound, agreed, find, trained_on
from lending.queries.scope import require_member


@dataclass(frozen=True)
class HomeVisit:
    """What was found at her home; incomes whole rupiah a month, debts a week; `house_index` 0–20, low is poor."""

    on: date
    household_size: int
    income_per_month: Rupiah
    house_index: int
    passed: bool
    other_debt_weekly: Rupiah = 0
    note: str = ""


@dataclass(frozen=True)
class EligibilityKept:
    """The finding as kept, and the last day on which it opens the gate of a loan."""

    valid_until: date
    warnings: tuple[Warned, ...]


@dataclass(frozen=True)
class TrainingKept:
    """All days on which she was trained so far, and whether they are enough for a first loan."""

    days: tuple[date, ...]
    complete: bool


def record_consent(member_id: int, purpose: str, by: Actor, *, given: bool, on: date) -> tuple[str, ...]:
    """Write down what she agrees to or takes back; returns what she agrees to today. Refused: `consent_unknown`, `future_date`."""
    by.require(Permission.MANAGE_MEMBERS)
    with transaction():
        require_member(by, member_id)
        found = Gathered()
        with found:
            check_purpose(purpose, "purpose")
        with found:
            check_not_later(on, "on", today=by.today)
        found.refuse()
        now = clock.now()
        session.add(Consent(member_id=member_id, purpose=purpose, given=given, on_day=on, recorded_at=now, actor_id=by.user_id))
        session.flush()
        note(by, "members.consent", f"member:{member_id}", at=clock.now(), after={"purpose": purpose, "given": given, "on": on})
        return agreed(member_id, by.today)


def record_eligibility(member_id: int, visit: HomeVisit, by: Actor) -> EligibilityKept:
    """Keep an eligibility test (uji kelayakan); it holds 180 days.

    Refused: `future_date`, `out_of_range` (household size, house index), `too_large`. Warned: `eligibility_contradicts_rule` where the
    officer's finding differs from what income and house say; whoever verifies a loan must then say why it stands.
    """
    by.require(Permission.MANAGE_MEMBERS)
    with transaction():
        require_member(by, member_id)
        found = Gathered()
        with found:
            check_not_later(visit.on, "on", today=by.today)
        for at, number, smallest, largest in (
            ("household_size", visit.household_size, 1, MOST_IN_HOUSEHOLD),
            ("house_index", visit.house_index, 0, BEST_HOUSE),
        ):
            with found:
                if not smallest <= number <= largest:
                    raise Refusal("out_of_range", at=at, smallest=smallest, largest=largest)
        for at, amount in (("income_per_month", visit.income_per_month), ("other_debt_weekly", visit.other_debt_weekly)):
            with found:
                check_amount(amount, at, smallest=0)
        found.refuse()
        within = is_within(
            MEKAAR_WELFARE,
            household_size=visit.household_size,
            income_per_month=visit.income_per_month,
            house_index=visit.house_index,
        )
        session.add(
            Eligibility(
                member_id=member_id,
                on_day=visit.on,
                household_size=visit.household_size,
                income_per_month=visit.income_per_month,
                house_index=visit.house_index,
                other_debt_weekly=visit.other_debt_weekly,
                passed=visit.passed,
                contradicts_rule=visit.passed is not within,
                note=visit.note,
                recorded_at=clock.now(),
                actor_id=by.user_id,
            )
        )
        note(by, "members.eligibility", f"member:{member_id}", at=clock.now(), after={"on": visit.on, "passed": visit.passed})
        doubt = Warned("passed", "eligibility_contradicts_rule")
        return EligibilityKept(visit.on + timedelta(days=ELIGIBILITY_DAYS), () if visit.passed is within else (doubt,))


def record_training(member_id: int, days: Sequence[date], by: Actor) -> TrainingKept:
    """Add days of training to those already kept; a day kept before changes nothing. Refused: `future_date`, `day_twice`."""
    by.require(Permission.MANAGE_MEMBERS)
    with transaction():
        require_member(by, member_id)
        lock(Member.id, member_id)
        found = Gathered()
        for place, day in enumerate(days):
            with found:
                check_not_later(day, f"days.{place}", today=by.today)
                if day in days[:place]:
                    raise Refusal("day_twice", at=f"days.{place}", on=day)
        found.refuse()
        before = trained_on(member_id)
        new = sorted(set(days) - set(before))
        now = clock.now()
        session.add_all(TrainingDay(member_id=member_id, on_day=day, recorded_at=now, actor_id=by.user_id) for day in new)
        if new:
            note(by, "members.training", f"member:{member_id}", at=now, after={"days": [day.isoformat() for day in new]})
        kept = tuple(sorted({*before, *new}))
        return TrainingKept(kept, len(kept) >= TRAINING_DAYS)


def search(
    by: Actor, *, name: str | None = None, number: str | None = None, nik: str | None = None, limit: int = PAGE, after_id: int = 0
) -> list[MemberFound]:
    """Find women of one's own scope by a part of their name, by number, or by the whole NIK; that somebody searched is written down.

    Refused: `search_empty` where nothing is asked, and what `parse_nik` refuses.
    """
    by.require(Permission.SEARCH_MEMBERS)
    conditions: list[ColumnElement[bool]] = []
    if name and name.strip():
        conditions.append(Member.name.icontains(name.strip(), autoescape=True))
    if number and number.strip():
        conditions.append(Member.number == number.strip().upper())
    if nik and nik.strip():
        conditions.append(Member.nik_index == blind_index(parse_nik(nik, today=by.today, women_only=False).number, "nik"))
    if not conditions:
        raise Refusal("search_empty")
    with transaction():
        # A NIK typed into the wrong field must not come to stand in the trace.
        shown = None if name is None or any(letter.isdigit() for letter in name) else name
        note(by, "members.search", "members", at=clock.now(), after={"name": shown, "number": number, "nik": bool(nik)})
        return find(by, *conditions, limit=limit, after_id=after_id)


def show_nik(member_id: int, reason: str, by: Actor) -> str:
    """A member's NIK in full, this once; who saw it and why is written down. Refused: `not_found`, `reason_needed`."""
    by.require(Permission.SHOW_NIK)
    with transaction():
        member = require_member(by, member_id)
        if not reason.strip():
            raise Refusal("reason_needed", at="reason")
        note(by, "nik_shown", f"member:{member_id}", at=clock.now(), reason=reason)
        return unseal(member.nik_sealed, "nik", member.number)


def leave(member_id: int, on: date, reason: str, by: Actor) -> None:
    """She leaves her group; `on` is the first day on which she is not of it any more. Should she lead it, that ends too.

    Refused: `not_found`, `future_date`, `reason_needed`, `balance_left` (a loan, savings or UPJ), `before_last_meeting` (she stands in a
    record of that day or a later one), `before_joining`.
    """
    by.require(Permission.RELEASE_MEMBERS)
    with transaction():
        require_member(by, member_id)
        lock(Member.id, member_id)
        membership = session.scalar(select(Membership).where(Membership.member_id == member_id, Membership.left_on.is_(None)))
        if membership is None:
            raise NotFound
        found = Gathered()
        with found:
            check_not_later(on, "on", today=by.today)
            if on < membership.joined_on:
                raise Refusal("before_joining", at="on", on=membership.joined_on)
            if (last := _last_met(member_id)) is not None and on <= last:
                raise Refusal("before_last_meeting", at="on", on=last)
        with found:
            if not reason.strip():
                raise Refusal("reason_needed", at="reason")
        found.refuse()
        if _has_balance(member_id):
            raise Refusal("balance_left")
        membership.left_on = on
        led = select(Leadership).where(Leadership.member_id == member_id, Leadership.to_on.is_(None) | (Leadership.to_on > on))
        for leadership in session.scalars(led):
            leadership.to_on = max(on, leadership.from_on)
        note(by, "members.leave", f"member:{member_id}", at=clock.now(), after={"on": on}, reason=reason)


def _last_met(member_id: int) -> date | None:
    """The last day of a standing record that has a line of hers."""
    undone = exists().where(RecordUndo.record_uuid == MeetingRecord.uuid)
    return session.scalar(
        select(func.max(MeetingRecord.held_on))
        .join(MeetingLine, MeetingLine.record_uuid == MeetingRecord.uuid)
        .join(Meeting, Meeting.id == MeetingRecord.meeting_id)
        .where(MeetingLine.member_id == member_id, ~undone)
    )


def _has_balance(member_id: int) -> bool:
    open_states = (*WAITING, *RUNS)
    if session.scalar(select(exists().where(Loan.member_id == member_id, Loan.state.in_(open_states)))):
        return True
    owed = (
        select(func.sum(Posting.amount))
        .where(Posting.member_id == member_id, Posting.account.in_((Account.SAVINGS, Account.UPJ)))
        .group_by(Posting.account)
        .having(func.sum(Posting.amount) != 0)
    )
    return session.execute(owed).first() is not None
