"""The steps of a loan's life, from the proposal to the money in her hand. Each is one transaction, by someone, and leaves an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from lending import clock
from lending.actions import journal
from lending.actions.audit import note
from lending.actions.replanning import ensure_calendar
from lending.actions.sealing import check_code
from lending.actions.steps import event, locked, take_step
from lending.database import lock, session, transaction
from lending.domain import calendar, eligibility, ledger, lifecycle
from lending.domain.access import Actor, Permission, Role
from lending.domain.ledger import Account, EntryKind
from lending.domain.lifecycle import LoanState, LoanStep
from lending.domain.money import Rupiah
from lending.domain.reasons import check_reason
from lending.domain.refusals import Conflict, NotFound, Refusal
from lending.domain.schedule import ProductTerms, check_offered, terms_of, upj_of
from lending.models import CheckCode, Group, Loan, Meeting, Membership, Unit, User
from lending.queries import admin, applicants
from lending.queries.scope import in_force, require_group


@dataclass(frozen=True)
class Proposal:
    """A loan asked for: by which member, on which product, how much, for how long, for what."""

    member_id: int
    product: str
    principal: Rupiah
    weeks: int
    purpose: str


@dataclass(frozen=True)
class Disbursement:
    """How a loan is paid out: the day, the first instalment's day (None takes the next meeting), and her own word that she has it."""

    on: date
    first_due: date | None
    confirmed_by_member: bool
    confirmation: Mapping[str, Any] | None = None


def apply(proposal: Proposal, by: Actor) -> int:
    """Propose a loan for a member of one of the officer's groups; returns its id.

    Refused: `not_found`, `no_such_product`, `principal_not_offered`, `weeks_not_offered`, `loan_running` (also while another proposal of
    hers is on its way), and every gate of `domain.eligibility`. The loan takes the product's version of today.
    """
    by.require(Permission.APPLY_FOR_LOAN)
    with transaction():
        group_id = applicants.group_of(proposal.member_id, by.today)
        if group_id is None:
            raise NotFound
        require_group(by, group_id)
        lock(Membership.member_id, proposal.member_id)
        product = admin.product(proposal.product, by.today)
        if product is None:
            raise Refusal("no_such_product", at="product", product=proposal.product)
        cycle = applicants.next_cycle(proposal.member_id)
        check_offered(product.terms, proposal.principal, proposal.weeks, cycle)
        _check_gates(proposal.member_id, group_id, cycle=cycle, product=product.terms, on=by.today)
        if applicants.has_open_proposal(proposal.member_id):
            raise Refusal("loan_running", at="member")
        terms = terms_of(product.terms, proposal.principal, proposal.weeks)
        loan = Loan(
            member_id=proposal.member_id,
            group_id=group_id,
            product_id=product.id,
            cycle=cycle,
            purpose=proposal.purpose,
            applied_on=by.today,
            maker_id=by.user_id,
            state=LoanState.APPLIED,
            principal=terms.principal,
            margin=terms.margin,
            weeks=terms.weeks,
            every_weeks=terms.every_weeks,
            count=terms.count,
            instalment=terms.instalment,
            payment_order=terms.payment_order,
            upj=upj_of(product.terms, terms.principal),
            total_paid=0,
        )
        session.add(loan)
        session.flush()
        event(loan, None, by, on=by.today)
        return loan.id


def recommend(loan_id: int, by: Actor, *, in_favour: int, present: int, on: date | None = None) -> None:
    """Record the group's vote (musyawarah). Refused: `quorum_missing` (fewer than half present, or more than belong to the group),
    `not_recommended` (not more than half of those present in favour)."""
    by.require(Permission.APPLY_FOR_LOAN)
    with transaction():
        loan, day = take_step(loan_id, LoanStep.RECOMMEND, by, on)
        size = session.scalar(
            select(func.count()).where(Membership.group_id == loan.group_id, in_force(Membership.joined_on, Membership.left_on, day))
        )
        if not (size or 0) >= present >= ((size or 0) + 1) // 2:
            raise Refusal("quorum_missing", at="present", members=size)
        if not present >= in_favour > present // 2:
            raise Refusal("not_recommended", at="in_favour", present=present)
        event(loan, LoanStep.RECOMMEND, by, on=day, details={"in_favour": in_favour, "present": present})


def name_verifier(loan_id: int, by: Actor, *, officer: str) -> None:
    """The head names an officer of her unit, never the maker, to verify this loan in her stead."""
    by.require(Permission.DECIDE_LOAN)
    with transaction():
        loan = locked(loan_id, by)
        named = session.scalar(
            select(User).where(User.username == officer, User.unit_id == by.unit_id, User.role == Role.OFFICER, User.active)
        )
        if named is None:
            raise NotFound
        lifecycle.check_another(LoanStep.VERIFY, maker_id=loan.maker_id, checker_id=named.id)
        if not lifecycle.can(loan.state, LoanStep.VERIFY) and loan.state is not LoanState.APPLIED:
            raise Conflict("wrong_state", state=loan.state.value)
        before = loan.verifier_id
        loan.verifier_id = named.id
        note(by, "loans.name_verifier", f"loan:{loan.id}", at=clock.now(), before={"verifier": before}, after={"verifier": named.id})


def verify(loan_id: int, by: Actor, *, on: date | None = None, override_reason: str | None = None) -> None:
    """A second pair of eyes has visited her. Refused: `maker_is_checker`, `not_named_verifier` (403), and `override_reason_needed` where
    the officer's finding contradicts the product's thresholds and nobody says why it stands."""
    by.require(Permission.VERIFY_LOAN)
    with transaction():
        loan, day = take_step(
            loan_id,
            LoanStep.VERIFY,
            by,
            on,
            check=lambda loan: lifecycle.check_verifier(by.role, user_id=by.user_id, named_verifier_id=loan.verifier_id),
        )
        if override_reason is None and applicants.latest_contradicts(loan.member_id):
            raise Refusal("override_reason_needed", at="override_reason")
        event(loan, LoanStep.VERIFY, by, on=day, reason=override_reason)


def approve(loan_id: int, by: Actor, *, on: date | None = None, principal: Rupiah | None = None, reason: str | None = None) -> None:
    """Approve what was asked, or less of it on the product's step; every gate is asked again. Never by the maker."""
    by.require(Permission.DECIDE_LOAN)
    with transaction():
        loan, day = take_step(loan_id, LoanStep.APPROVE, by, on)
        product = admin.product_version(loan.product_id).terms
        asked = loan.principal
        if principal is not None:
            if principal > asked:
                raise Refusal("more_than_asked", at="principal", asked=asked)
            check_offered(product, principal, loan.weeks, loan.cycle)
            terms = terms_of(product, principal, loan.weeks)
            loan.principal, loan.margin, loan.instalment = terms.principal, terms.margin, terms.instalment
            loan.upj = upj_of(product, principal)
        _check_gates(loan.member_id, loan.group_id, cycle=loan.cycle, product=product, on=day)
        event(loan, LoanStep.APPROVE, by, on=day, reason=reason, details={"asked": asked, "approved": loan.principal})


def reject(loan_id: int, by: Actor, *, reason: str, on: date | None = None) -> None:
    """Refuse a proposal, with the reason. Never by the maker."""
    by.require(Permission.DECIDE_LOAN)
    with transaction():
        loan, day = take_step(loan_id, LoanStep.REJECT, by, on)
        check_reason(reason)
        event(loan, LoanStep.REJECT, by, on=day, reason=reason)


def cancel(loan_id: int, by: Actor, *, reason: str, on: date | None = None) -> None:
    """Withdraw a proposal before it is approved, with the reason."""
    by.require(Permission.APPLY_FOR_LOAN)
    with transaction():
        loan, day = take_step(loan_id, LoanStep.CANCEL, by, on)
        check_reason(reason)
        event(loan, LoanStep.CANCEL, by, on=day, reason=reason)


def disburse(loan_id: int, by: Actor, how: Disbursement) -> None:
    """Pay the loan out of the vault, less the UPJ that is kept for her. Never by the maker.

    Refused: `not_confirmed` (she has not said herself that she has it), `unlawful_day` (Sunday, national holiday), `out_of_order`
    (before the approval), `future_date`, `day_closed`, `first_due_not_a_meeting` (not one of the group's planned meetings after that
    day), `not_enough_cash`, and every gate.
    """
    by.require(Permission.DISBURSE_LOAN)
    with transaction():
        loan, day = take_step(loan_id, LoanStep.DISBURSE, by, how.on)
        if not how.confirmed_by_member:
            raise Refusal("not_confirmed", at="confirmed_by_member")
        if not calendar.is_lawful(day, admin.holiday_calendar()):
            raise Refusal("unlawful_day", at="on", day=day)
        # The calendar, then the unit, whose vault two loans at once would each find full, and where an undo may bring a loan of hers back.
        lock(Group.id, loan.group_id)
        unit_id = session.get_one(Group, loan.group_id).unit_id
        lock(Unit.id, unit_id)
        on_day = journal.book_day(day, unit_id=unit_id, by=by)
        product = admin.product_version(loan.product_id).terms
        _check_gates(loan.member_id, loan.group_id, cycle=loan.cycle, product=product, on=day)
        first = _first_meeting(loan.group_id, day, how.first_due)
        ensure_calendar(loan.group_id, first.seq + (loan.count - 1) * loan.every_weeks)
        journal.require_cash(Account.VAULT_CASH, loan.principal - loan.upj, on_day, unit_id=unit_id, at="principal")
        loan.disbursed_on, loan.first_seq = day, first.seq
        loan.outstanding_principal, loan.next_due = loan.principal, first.planned_on
        event(
            loan,
            LoanStep.DISBURSE,
            by,
            on=day,
            details={"confirmation": dict(how.confirmation or {}), "first_due": first.planned_on.isoformat()},
        )
        legs = ledger.disbursement(loan.principal, loan.upj, loan_id=loan.id, member_id=loan.member_id)
        session.add(CheckCode(loan_id=loan.id, code=check_code(loan.id, 1), made_at=clock.now()))
        journal.post([journal.NewEntry(EntryKind.DISBURSEMENT, day, legs)], unit_id=unit_id, on_day=on_day, at=clock.now(), by=by)


def _first_meeting(group_id: int, after: date, wanted: date | None) -> Meeting:
    question = select(Meeting).where(Meeting.group_id == group_id, Meeting.planned_on > after).order_by(Meeting.seq).limit(1)
    if wanted is not None:
        question = question.where(Meeting.planned_on == wanted)
    found = session.scalar(question)
    if found is None:
        raise Refusal("first_due_not_a_meeting", at="first_due", on=after)
    return found


def _check_gates(member_id: int, group_id: int, *, cycle: int, product: ProductTerms, on: date) -> None:
    facts = applicants.applicant(member_id, group_id, cycle=cycle, block_days_late=product.block_days_late, on=on)
    eligibility.check_gates(facts, on)
