"""One loan, and lists of them: what was agreed, and where it stands as of any day. Before there is one: `applicants.py`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from lending.database import session
from lending.domain import arrears
from lending.domain.access import Actor
from lending.domain.allocation import outstanding_principal, paid_by_instalment
from lending.domain.arrears import QualityClass
from lending.domain.ledger import CREDITED, NO_PAYMENT
from lending.domain.lifecycle import ENDED, LENT, WAITING, LoanState, LoanStep
from lending.domain.money import Rupiah
from lending.domain.plan import Plan
from lending.domain.refusals import NotFound
from lending.domain.risk_rules import RiskRules
from lending.domain.schedule import Akad, LoanTerms, schedule
from lending.models import (
    Entry,
    Group,
    Loan,
    LoanEvent,
    Meeting,
    Member,
    Posting,
    Product,
    Unit,
    User,
)
from lending.queries import irregular, risk_rules
from lending.queries.plans import as_agreed, terms
from lending.queries.scope import sees_group


@dataclass(frozen=True)
class LoanRow:
    """A loan as it stands now: its terms, its people, its derived figures."""

    id: int
    member_id: int
    member_name: str
    member_number: str
    group_id: int
    group_name: str
    unit_id: int
    unit_code: str
    regime: str
    product_id: int
    product_code: str
    product_name: str
    akad: Akad
    state: LoanState
    cycle: int
    purpose: str
    applied_on: date
    maker_id: int
    maker: str
    verifier_id: int | None
    terms: LoanTerms
    upj: Rupiah
    disbursed_on: date | None
    lent_before_on: date | None
    first_seq: int | None
    total_paid: Rupiah
    next_due: date | None
    ended_on: date | None

    @property
    def lent_on(self) -> date | None:
        """The day on which she had the money, in these books or before."""
        return self.lent_before_on or self.disbursed_on

    @property
    def outstanding_total(self) -> Rupiah:
        """What is still owed now; nothing before it is disbursed, nor once it has ended."""
        return 0 if self.disbursed_on is None or self.ended_on is not None else self.terms.total - self.total_paid


@dataclass(frozen=True)
class PaidInstalment:
    """One row of the schedule with what has been credited to it."""

    number: int
    due_on: date
    principal: Rupiah
    margin: Rupiah
    total: Rupiah
    paid: Rupiah
    moved_from: date | None

    @property
    def unpaid(self) -> Rupiah:
        """What of it has not been credited."""
        return self.total - self.paid


@dataclass(frozen=True)
class LoanAsOf:
    """A loan at the end of a day. Before it is disbursed it has no dates and owes nothing."""

    loan: LoanRow
    on: date
    state: LoanState
    first_due: date | None
    paid: Rupiah
    outstanding_principal: Rupiah
    outstanding_total: Rupiah
    next_due: date | None
    days_late: int
    overdue: Rupiah
    quality: QualityClass
    instalments: tuple[PaidInstalment, ...]
    restructured: irregular.Restructured | None = None

    @property
    def has_ended(self) -> bool:
        """Whether it had ended by then before all of it was paid."""
        return self.state in ENDED


@dataclass(frozen=True)
class LoanHistory:
    """One step of a loan's life."""

    step: LoanStep | None
    state: LoanState
    on: date
    recorded_at: datetime
    actor: str
    reason: str | None
    details: dict[str, Any] | None


_Maker = aliased(User)

_LOAN = (
    Loan,
    Member.name,
    Member.number,
    Group.name,
    Unit.id,
    Unit.code,
    Unit.regime,
    Product.code,
    Product.name,
    Product.akad,
    _Maker.username,
)


def _loans(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(*_LOAN)
        .join(Member, Member.id == Loan.member_id)
        .join(Group, Group.id == Loan.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .join(Product, Product.id == Loan.product_id)
        .join(_Maker, _Maker.id == Loan.maker_id)
        .where(*conditions)
    )


def _row(found: Sequence[Any]) -> LoanRow:
    loan: Loan = found[0]
    return LoanRow(
        id=loan.id,
        member_id=loan.member_id,
        member_name=found[1],
        member_number=found[2],
        group_id=loan.group_id,
        group_name=found[3],
        unit_id=found[4],
        unit_code=found[5],
        regime=found[6],
        product_id=loan.product_id,
        product_code=found[7],
        product_name=found[8],
        akad=found[9],
        state=loan.state,
        cycle=loan.cycle,
        purpose=loan.purpose,
        applied_on=loan.applied_on,
        maker_id=loan.maker_id,
        maker=found[10],
        verifier_id=loan.verifier_id,
        terms=terms(loan),
        upj=loan.upj,
        disbursed_on=loan.disbursed_on,
        lent_before_on=loan.lent_before_on,
        first_seq=loan.first_seq,
        total_paid=loan.total_paid,
        next_due=loan.next_due,
        ended_on=loan.ended_on,
    )


def _sees_loan(by: Actor) -> ColumnElement[bool]:
    """Loans of groups that are hers, and those that the head named her to verify, whosever group they are in."""
    return or_(sees_group(by), Loan.verifier_id == by.user_id)


def loan(by: Actor, loan_id: int) -> LoanRow:
    """One loan that `by` may see, as it stands now; otherwise `not_found`."""
    found = session.execute(_loans(Loan.id == loan_id, _sees_loan(by))).one_or_none()
    if found is None:
        raise NotFound
    return _row(found)


def require_loan(by: Actor, loan_id: int) -> Loan:
    """A loan's row that `by` may see, as it is in the database at this moment; otherwise `not_found`."""
    question = select(Loan).join(Group, Group.id == Loan.group_id).where(Loan.id == loan_id, _sees_loan(by))
    row = session.scalar(question.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    return row


def loans(
    by: Actor,
    *,
    member_id: int | None = None,
    group_id: int | None = None,
    states: Sequence[LoanState] = (),
    after_id: int = 0,
    limit: int | None = None,
) -> list[LoanRow]:
    """The loans that `by` may see, by id; those after `after_id`, at most `limit`."""
    question = _loans(_sees_loan(by), Loan.id > after_id).order_by(Loan.id).limit(limit)
    if member_id is not None:
        question = question.where(Loan.member_id == member_id)
    if group_id is not None:
        question = question.where(Loan.group_id == group_id)
    if states:
        question = question.where(Loan.state.in_(states))
    return _with_agreed([_row(found) for found in session.execute(question)], by.today)


def _with_agreed(rows: list[LoanRow], on: date) -> list[LoanRow]:
    """The rows with the next due dates of those that were restructured, which stand in no column."""
    if not (restructured := [row.id for row in rows if row.state is LoanState.RESTRUCTURED]):
        return rows
    dues = {one.loan_id: one.next_due for one in irregular.standings(on, restructured)}
    return [replace(row, next_due=dues[row.id]) if row.id in dues else row for row in rows]


def waiting(by: Actor) -> list[LoanRow]:
    """Loans that wait for a step: proposals on their way to disbursement, oldest first."""
    question = _loans(sees_group(by), Loan.state.in_(WAITING)).order_by(Loan.applied_on, Loan.id)
    return [_row(found) for found in session.execute(question)]


def history(loan_id: int) -> list[LoanHistory]:
    """Every step of the loan's life, in the order in which it was written down."""
    question = (
        select(
            LoanEvent.step,
            LoanEvent.state,
            LoanEvent.on_day,
            LoanEvent.recorded_at,
            User.username,
            LoanEvent.reason,
            LoanEvent.details,
        )
        .join(User, User.id == LoanEvent.actor_id)
        .where(LoanEvent.loan_id == loan_id)
        .order_by(LoanEvent.id)
    )
    return [LoanHistory(*row) for row in session.execute(question)]


def as_of(by: Actor, loan_id: int, on: date) -> LoanAsOf:
    """A loan at the end of `on`, from every fact that counts from a day up to then, whenever it arrived.

    `not_found` for a loan that is not hers, or that nobody had applied for by then.
    """
    row = loan(by, loan_id)
    if on < row.applied_on:
        raise NotFound
    if row.disbursed_on is None or row.first_seq is None or on < row.disbursed_on:
        return LoanAsOf(row, on, _state_before_disbursing(row, on), None, 0, 0, 0, None, 0, 0, QualityClass.LANCAR, ())
    # Between the day of a meeting and the day it was undone and recorded anew, both records count; no loan is paid more than whole.
    paid = min(row.total_paid - _credited_after(loan_id, on), row.terms.total)
    plan = Plan(row.terms, row.first_seq)
    if row.state is not LoanState.RUNNING:
        plan = as_agreed({loan_id: plan}, on)[loan_id]
    of, days = plan.terms, _days(row.group_id, plan)
    dates = [days[plan.seq_of(number)] for number in range(1, of.count + 1)]
    planned = [planned_on for planned_on, _ in dates]
    ended = row.ended_on is not None and row.ended_on <= on
    counted_from = None if ended else plan.counted_from(paid)
    next_due = None if counted_from is None else days[counted_from][0]
    late = arrears.days_late(next_due, on)
    overdue = 0 if ended else arrears.overdue(of, sum(day < on for day in planned), paid)
    credited_to = paid_by_instalment(of, paid)
    return LoanAsOf(
        loan=row,
        on=on,
        state=row.state if ended else _state_of(plan, next_due),
        first_due=days[row.first_seq][0],
        paid=paid,
        outstanding_principal=0 if ended else outstanding_principal(of, paid),
        outstanding_total=0 if ended else of.total - paid,
        next_due=next_due,
        days_late=late,
        overdue=overdue,
        quality=arrears.classify(late, risk_rules.in_force(on).regime(row.regime), overdue),
        instalments=tuple(
            PaidInstalment(
                one.number,
                one.due_on,
                one.principal,
                one.margin,
                one.total,
                credited_to[one.number - 1],
                original if original != one.due_on else None,
            )
            for one, (_, original) in zip(schedule(of, planned), dates, strict=True)
        ),
        restructured=irregular.standings(on, [loan_id])[0].restructured if plan.seqs else None,
    )


def _state_of(plan: Plan, next_due: date | None) -> LoanState:
    if next_due is None:
        return LoanState.REPAID
    return LoanState.RESTRUCTURED if plan.seqs else LoanState.RUNNING


def standing_now(rows: Sequence[LoanRow], on: date) -> list[LoanAsOf]:
    """Each of these loans as it stands at the end of today, `on`, without its schedule: a few statements, however many there are."""
    first_dues: dict[int, date] = dict(
        session.execute(
            select(Loan.id, Meeting.planned_on)
            .join(Meeting, and_(Meeting.group_id == Loan.group_id, Meeting.seq == Loan.first_seq))
            .where(Loan.id.in_([row.id for row in rows]))
        ).all()
    )
    fallen: dict[int, int] = dict(
        session.execute(
            select(Meeting.group_id, func.max(Meeting.seq))
            .where(Meeting.group_id.in_({row.group_id for row in rows}), Meeting.planned_on < on)
            .group_by(Meeting.group_id)
        ).all()
    )
    doubtful = [row.id for row in rows if row.state in LENT and row.state is not LoanState.RUNNING]
    agreed = {one.loan_id: one for one in irregular.standings(on, doubtful)} if doubtful else {}
    rules = risk_rules.in_force(on)
    return [_standing_now(row, on, rules, first_dues.get(row.id), fallen.get(row.group_id, 0), agreed.get(row.id)) for row in rows]


def _standing_now(
    row: LoanRow, on: date, rules: RiskRules, first_due: date | None, last_seq: int, agreed: irregular.IrregularStanding | None
) -> LoanAsOf:
    if row.first_seq is None:
        return LoanAsOf(row, on, row.state, None, 0, 0, 0, None, 0, 0, QualityClass.LANCAR, ())
    plan = agreed.plan if agreed else Plan(row.terms, row.first_seq)
    ended = row.ended_on is not None
    next_due = agreed.next_due if agreed else row.next_due
    late = arrears.days_late(next_due, on)
    overdue = 0 if ended else arrears.overdue(plan.terms, plan.fallen_by(last_seq), row.total_paid)
    return LoanAsOf(
        loan=row,
        on=on,
        state=row.state,
        first_due=first_due,
        paid=row.total_paid,
        outstanding_principal=0 if ended else outstanding_principal(plan.terms, row.total_paid),
        outstanding_total=row.outstanding_total,
        next_due=next_due,
        days_late=late,
        overdue=overdue,
        quality=arrears.classify(late, rules.regime(row.regime), overdue),
        instalments=(),
        restructured=agreed.restructured if agreed else None,
    )


def _state_before_disbursing(row: LoanRow, on: date) -> LoanState:
    state = session.scalar(
        select(LoanEvent.state).where(LoanEvent.loan_id == row.id, LoanEvent.on_day <= on).order_by(LoanEvent.id.desc()).limit(1)
    )
    return state or LoanState.APPLIED


def _credited_after(loan_id: int, on: date) -> Rupiah:
    question = (
        select(-func.sum(Posting.amount))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.loan_id == loan_id, Posting.account.in_(CREDITED), Entry.kind.not_in(NO_PAYMENT), Entry.happened_on > on)
    )
    return session.scalar(question) or 0


def _days(group_id: int, plan: Plan) -> dict[int, tuple[date, date]]:
    """The day of each meeting that a plan may name, and the day it had when the group's calendar was laid out, by `seq`."""
    named = Meeting.seq.between(min((plan.first_seq, *plan.seqs[:1])), max(plan.first_seq, plan.last_seq))
    question = select(Meeting.seq, Meeting.planned_on, Meeting.original_on).where(Meeting.group_id == group_id, named)
    return {seq: (planned_on, original_on) for seq, planned_on, original_on in session.execute(question)}


def payer(loan_id: int) -> int | None:
    """Who paid it out: she does not end it too."""
    return session.scalar(select(LoanEvent.actor_id).where(LoanEvent.loan_id == loan_id, LoanEvent.step == LoanStep.DISBURSE))
