"""What a repayment card says: one loan, row by row, as the printed paper needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from lending.database import session
from lending.domain.access import Actor
from lending.domain.ledger import CREDITED, EntryKind
from lending.domain.lifecycle import RUNS
from lending.domain.money import Rupiah
from lending.domain.plan import Plan
from lending.domain.refusals import NotFound, Refusal
from lending.domain.schedule import Akad, LoanTerms, cumulative_due
from lending.models import (
    CheckCode,
    Entry,
    FormerMeeting,
    Group,
    Loan,
    Meeting,
    MeetingLine,
    MeetingMove,
    MeetingRecord,
    Member,
    Membership,
    Posting,
    Product,
    Restructuring,
    Unit,
)
from lending.queries.plans import plans
from lending.queries.records import receipt_number
from lending.queries.scope import in_force, require_group, sees_group
from lending.queries.undone import is_undone


@dataclass(frozen=True)
class CardRow:
    """One instalment on the card.

    `balance_after` is what the schedule leaves after it; `paid` what is credited to it so far, from whoever, of which `renteng` came from
    other women; `savings` what she put aside at the meeting that paid it. `paid_on` is the day of its latest payment, None while nothing is
    paid. `moved_from` is the day it was first due, None where it never moved.
    """

    number: int
    due_on: date
    moved_from: date | None
    amount: Rupiah
    balance_after: Rupiah
    paid: Rupiah = 0
    paid_on: date | None = None
    savings: Rupiah = 0
    renteng: Rupiah = 0


@dataclass(frozen=True)
class RepaymentCard:
    """A loan's card as of the end of `as_of`: the member's own paper, so it holds no NIK, no phone, no address.

    `weekday` is 1 Monday … 7 Sunday; `weeks` the length of the loan (with a meeting every second week it has half as many rows);
    `instalment` the ordinary one, the last may be smaller; `check_code` is what `check_url` (the QR) ends with; `version` changes when the
    dates of a card that was handed out have moved, or its loan was restructured: then its first `paid_before` rows are history, and those
    after them what was agreed on `restructured_on`.
    """

    member_name: str
    member_number: str
    group_name: str
    sub_group: int | None
    weekday: int
    time: time
    unit_name: str
    product_name: str
    akad: Akad
    cycle: int
    principal: Rupiah
    margin: Rupiah
    total: Rupiah
    upj: Rupiah
    weeks: int
    instalment: Rupiah
    disbursed_on: date
    rows: tuple[CardRow, ...]
    outstanding_total: Rupiah
    as_of: date
    check_code: str
    check_url: str
    version: str
    restructured_on: date | None = None
    paid_before: int = 0


@dataclass(frozen=True)
class Payment:
    """What one meeting brought for a loan: her own money and others' for her, and what she put aside."""

    on: date
    own: Rupiah
    renteng: Rupiah
    savings: Rupiah


def card(by: Actor, loan_id: int, public_url: str) -> RepaymentCard:
    """The card of one disbursed loan that `by` may see, as of today; otherwise `not_found`."""
    return _cards(by, public_url, Loan.id == loan_id)[0]


def group_cards(by: Actor, group_id: int, public_url: str, loan_ids: Sequence[int] = ()) -> list[RepaymentCard]:
    """The cards of a group's running loans (or of the loans named), by sub-group and name; `not_found` where there is none."""
    require_group(by, group_id)
    wanted = Loan.id.in_(loan_ids) if loan_ids else Loan.state.in_(RUNS)
    found = _cards(by, public_url, Loan.group_id == group_id, wanted)
    if loan_ids and len(found) != len(set(loan_ids)):
        raise NotFound
    return found


def _cards(by: Actor, public_url: str, *which: Any) -> list[RepaymentCard]:
    live_code = and_(CheckCode.loan_id == Loan.id, CheckCode.revoked_at.is_(None))
    question: Select[*tuple[Any, ...]] = (
        select(Loan, Member.name, Member.number, Group, Unit.name, Product.name, Product.akad, Membership.sub_group, CheckCode.code)
        .join(Member, Member.id == Loan.member_id)
        .join(Group, Group.id == Loan.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .join(Product, Product.id == Loan.product_id)
        .outerjoin(
            Membership,
            and_(
                Membership.member_id == Loan.member_id,
                Membership.group_id == Loan.group_id,
                in_force(Membership.joined_on, Membership.left_on, by.today),
            ),
        )
        .outerjoin(CheckCode, live_code)
        .where(*which, sees_group(by), Loan.disbursed_on.is_not(None))
        .order_by(Membership.sub_group, Member.name, Loan.id)
    )
    found = session.execute(question).all()
    if not found:
        raise NotFound
    loan_ids = [row[0].id for row in found]
    payments, planned, agreed = _payments(loan_ids), _calendars({row[0].group_id for row in found}), plans(row[0] for row in found)
    before = _payments_before([row[0].id for row in found if row[0].lent_before_on is not None])
    versions, restructured = _versions(agreed), _restructured(loan_ids)
    return [
        RepaymentCard(
            member_name=name,
            member_number=number,
            group_name=group.name,
            sub_group=sub_group,
            weekday=group.weekday,
            time=time.fromisoformat(group.time),
            unit_name=unit_name,
            product_name=product_name,
            akad=akad,
            cycle=loan.cycle,
            principal=loan.principal,
            margin=loan.margin,
            total=loan.principal + loan.margin,
            upj=loan.upj,
            weeks=loan.weeks,
            instalment=loan.instalment,
            disbursed_on=loan.lent_before_on or loan.disbursed_on,
            rows=_rows(loan.group_id, agreed[loan.id], planned, [*before.get(loan.id, []), *payments.get(loan.id, [])]),
            restructured_on=restructured.get(loan.id, (0, None))[1],
            paid_before=agreed[loan.id].kept,
            outstanding_total=0 if loan.ended_on else loan.principal + loan.margin - loan.total_paid,
            as_of=by.today,
            check_code=code or "",
            check_url=f"{public_url}/v/{code}" if code else "",
            version=chr(ord("A") + min(versions.get(loan.id, 0) + restructured.get(loan.id, (0, None))[0], 25)),
        )
        for loan, name, number, group, unit_name, product_name, akad, sub_group, code in found
    ]


def _payments(loan_ids: Sequence[int]) -> dict[int, list[Payment]]:
    """What each loan received at meetings that stand, in the order in which they were held; last, what settled it."""
    question: Select[*tuple[Any, ...]] = (
        select(MeetingLine.loan_id, MeetingRecord.held_on, MeetingLine.paid, MeetingLine.renteng, MeetingLine.savings)
        .join(MeetingRecord, MeetingRecord.uuid == MeetingLine.record_uuid)
        .where(
            MeetingLine.loan_id.in_(loan_ids),
            MeetingLine.paid + MeetingLine.renteng > 0,
            ~is_undone(),
        )
        .order_by(MeetingRecord.held_on, MeetingRecord.recorded_at)
    )
    payments: dict[int, list[Payment]] = {}
    for loan_id, *payment in session.execute(question):
        payments.setdefault(loan_id, []).append(Payment(*payment))
    settled = (
        select(Loan.id, Entry.happened_on, -func.sum(Posting.amount))
        .join(Posting, Posting.loan_id == Loan.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Loan.id.in_(loan_ids), Posting.account.in_(CREDITED), Entry.kind == EntryKind.SETTLEMENT)
        .group_by(Loan.id, Entry.happened_on)
    )
    for loan_id, on, amount in session.execute(settled):
        payments.setdefault(loan_id, []).append(Payment(on, int(amount), 0, 0))
    return payments


def _payments_before(loan_ids: Sequence[int]) -> dict[int, list[Payment]]:
    """What had been paid on loans that were taken over: meeting by meeting where the other books told all of it, else in one sum."""
    if not loan_ids:
        return {}
    opening = (
        select(Loan.id, Loan.disbursed_on, Loan.member_id, Loan.lent_before_on, -func.sum(Posting.amount))
        .join(Posting, Posting.loan_id == Loan.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Loan.id.in_(loan_ids), Loan.lent_before_on.is_not(None), Entry.kind == EntryKind.OPENING, Posting.amount < 0)
        .group_by(Loan.id, Loan.disbursed_on, Loan.member_id, Loan.lent_before_on)
    )
    payments = {}
    for loan_id, taken_over_on, member_id, lent_on, amount in session.execute(opening).all():
        past = select(FormerMeeting.held_on, FormerMeeting.paid, FormerMeeting.savings).where(FormerMeeting.member_id == member_id)
        told = session.execute(past.where(FormerMeeting.held_on >= lent_on, FormerMeeting.paid > 0).order_by(FormerMeeting.held_on)).all()
        by_meeting = [Payment(on, paid, 0, saved) for on, paid, saved in told]
        assert taken_over_on is not None
        in_one = [Payment(taken_over_on, int(amount), 0, 0)]
        payments[loan_id] = by_meeting if sum(payment.own for payment in by_meeting) == amount else in_one
    return payments


def _calendars(group_ids: set[int]) -> dict[tuple[int, int], tuple[date, date]]:
    question = select(Meeting.group_id, Meeting.seq, Meeting.planned_on, Meeting.original_on).where(Meeting.group_id.in_(group_ids))
    return {(group_id, seq): (planned_on, original_on) for group_id, seq, planned_on, original_on in session.execute(question)}


def _versions(agreed: Mapping[int, Plan]) -> dict[int, int]:
    """How often the dates of each loan moved after it was paid out: what was handed out before carries an earlier letter."""
    last_seq = case({loan_id: plan.last_seq for loan_id, plan in agreed.items()}, value=Loan.id)
    question = (
        select(Loan.id, func.count(func.distinct(MeetingMove.move_id)))
        .join(Meeting, and_(Meeting.group_id == Loan.group_id, Meeting.seq.between(Loan.first_seq, last_seq)))
        .join(MeetingMove, MeetingMove.meeting_id == Meeting.id)
        .where(Loan.id.in_(agreed))
        .group_by(Loan.id)
    )
    return dict(session.execute(question).all())


def _restructured(loan_ids: Sequence[int]) -> dict[int, tuple[int, date]]:
    """How often each loan was restructured, and on which day last."""
    last = func.max(Restructuring.on_day)
    question = select(Restructuring.loan_id, func.count(), last).where(Restructuring.loan_id.in_(loan_ids)).group_by(Restructuring.loan_id)
    return {loan_id: (times, on) for loan_id, times, on in session.execute(question)}


def _rows(
    group_id: int, plan: Plan, planned: Mapping[tuple[int, int], tuple[date, date]], payments: Sequence[Payment]
) -> tuple[CardRow, ...]:
    of, rows = plan.terms, []
    for number in range(1, of.count + 1):
        due_on, original_on = planned[group_id, plan.seq_of(number)]
        amount = cumulative_due(of, number) - cumulative_due(of, number - 1)
        left = of.total - cumulative_due(of, number)
        rows.append(CardRow(number, due_on, original_on if original_on != due_on else None, amount, left))
    return fill_in(of, rows, payments)


def fill_in(of: LoanTerms, rows: Sequence[CardRow], payments: Sequence[Payment]) -> tuple[CardRow, ...]:
    """Write the payments into the rows, oldest instalment first; of one meeting's money her own comes before what others gave."""
    filled = list(rows)
    bounds = list(pairwise(cumulative_due(of, number) for number in range(of.count + 1)))
    before = 0
    for payment in payments:
        own_until, after = before + payment.own, before + payment.own + payment.renteng
        touched = [place for place, (start, end) in enumerate(bounds) if start < after and end > before]
        for place in touched:
            start, end = bounds[place]
            row = filled[place]
            filled[place] = replace(
                row,
                paid=row.paid + min(end, after) - max(start, before),
                renteng=row.renteng + max(0, min(end, after) - max(start, own_until)),
                savings=row.savings + (payment.savings if place == touched[0] else 0),
                paid_on=payment.on,
            )
        before = after
    return tuple(filled)


@dataclass(frozen=True)
class CheckedCard:
    """What the code on a card opens for whoever holds it: enough to compare with the paper, nothing that tells who she is."""

    first_name: str
    masked_number: str
    paid: Rupiah
    left: Rupiah
    last_receipt: str | None
    last_on: date | None


def _left() -> ColumnElement[int]:
    """What is still owed on the loan in the row: nothing once it has ended."""
    return case((Loan.ended_on.is_(None), Loan.principal + Loan.margin - Loan.total_paid), else_=0)


def check(code: str) -> CheckedCard | None:
    """The loan behind a printed code; None for a code that was never made. Refused: `code_revoked` (410)."""
    question: Select[*tuple[Any, ...]] = (
        select(Member.name, Member.number, Loan.id, Loan.total_paid, _left(), CheckCode.revoked_at)
        .join(Loan, Loan.id == CheckCode.loan_id)
        .join(Member, Member.id == Loan.member_id)
        .where(CheckCode.code == code)
    )
    found = session.execute(question).one_or_none()
    if found is None:
        return None
    name, number, loan_id, paid, left, revoked_at = found
    if revoked_at is not None:
        raise Refusal("code_revoked", status=410)
    last = session.execute(
        select(Unit.code, MeetingRecord.year, MeetingRecord.number, MeetingRecord.held_on)
        .join(MeetingLine, MeetingLine.record_uuid == MeetingRecord.uuid)
        .join(Unit, Unit.id == MeetingRecord.unit_id)
        .where(
            MeetingLine.loan_id == loan_id,
            MeetingLine.paid + MeetingLine.renteng > 0,
            ~is_undone(),
        )
        .order_by(MeetingRecord.held_on.desc(), MeetingRecord.recorded_at.desc())
        .limit(1)
    ).one_or_none()
    receipt = receipt_number(last[0], last[1], last[2]) if last else None
    return CheckedCard(name.split()[0], "••••" + number[-2:], paid, left, receipt, last[3] if last else None)
