"""Every loan proved from its legs, its calendar, its product and its life (V9, V12, V13, V19)."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from lending.database import session
from lending.domain.ledger import Account, EntryKind
from lending.domain.lifecycle import STEPS, LoanState
from lending.domain.schedule import terms_of, upj_of
from lending.models import Entry, Loan, LoanEvent, Meeting, Posting
from lending.queries import admin, figures
from lending.queries.differences import Difference, Question, told


def look() -> Iterator[Difference]:
    """Everything that is wrong with loans."""
    yield from _standings()
    yield from _lives()
    yield from _terms()


def _standings() -> Iterator[Difference]:
    """The derived columns against the legs and the calendar."""
    lent = case((and_(Posting.account == Account.LOAN_PRINCIPAL, Entry.kind == EntryKind.DISBURSEMENT), Posting.amount), else_=0)
    legs = (
        select(
            Posting.loan_id,
            func.sum(lent).label("lent"),
            func.sum(case((Posting.account == Account.LOAN_PRINCIPAL, Posting.amount), else_=0)).label("principal"),
            func.sum(case((Posting.account == Account.MARGIN_INCOME, Posting.amount), else_=0)).label("margin"),
        )
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.loan_id.is_not(None))
        .group_by(Posting.loan_id)
        .subquery()
    )
    lent_out, owed, earned = (func.coalesce(column, 0) for column in (legs.c.lent, legs.c.principal, legs.c.margin))
    every: Question = select(Loan.id).outerjoin(legs, legs.c.loan_id == Loan.id)
    principal_paid = figures.principal_paid(Loan.total_paid + 0)
    should_lend = case((Loan.state.in_((LoanState.RUNNING, LoanState.REPAID)), Loan.principal), else_=0)
    yield from told("V12", "loan", "{0} lent by the books, {1} by its terms", _unlike(every, lent_out, should_lend))
    yield from told("V12", "loan", "total_paid {0}, its legs {1}", _unlike(every, Loan.total_paid + 0, lent_out - owed - earned))
    disbursed = every.where(Loan.disbursed_on.is_not(None))
    left = Loan.principal - principal_paid
    yield from told("V12", "loan", "principal outstanding by the books {0}, by what is paid {1}", _unlike(disbursed, owed, left))
    should_owe = case((Loan.disbursed_on.is_not(None), left), else_=0)
    stored: Question = select(Loan.id)
    yield from told(
        "V12", "loan", "outstanding_principal {0}, by what is paid {1}", _unlike(stored, Loan.outstanding_principal + 0, should_owe)
    )
    margin_paid = Loan.total_paid - principal_paid
    yield from told("V12", "loan", "margin by the books {0}, by what is paid {1}", _unlike(disbursed, -earned, margin_paid))
    planned = (
        select(Meeting.planned_on)
        .where(Meeting.group_id == Loan.group_id, Meeting.seq == Loan.first_seq + (Loan.total_paid // Loan.instalment) * Loan.every_weeks)
        .correlate(Loan)
        .scalar_subquery()
    )
    due = case((and_(Loan.disbursed_on.is_not(None), Loan.total_paid < figures.TOTAL), planned))
    yield from told(
        "V12",
        "loan",
        "next_due {0}, by the calendar {1}",
        select(Loan.id, Loan.next_due, due).where(Loan.next_due.is_distinct_from(due)),
    )


def _unlike(every: Question, stored: ColumnElement[Any], derived: ColumnElement[Any]) -> Question:
    return every.add_columns(stored, derived).where(stored != derived)


def _lives() -> Iterator[Difference]:
    """State against events and payments; maker against checker; one live loan a woman."""
    newest = select(LoanEvent.loan_id, func.max(LoanEvent.id).label("id")).group_by(LoanEvent.loan_id).subquery()
    last = select(newest.c.loan_id, LoanEvent.state).join(LoanEvent, LoanEvent.id == newest.c.id).subquery()
    # The last rupiah repays a loan, and taking it back lets it run again, without an event.
    derived = case((and_(last.c.state == LoanState.RUNNING, Loan.total_paid == figures.TOTAL), LoanState.REPAID.value), else_=last.c.state)
    states: Question = select(Loan.id, Loan.state, last.c.state).outerjoin(last, last.c.loan_id == Loan.id)
    yield from told("V12", "loan", "state {0}, its last step led to {1}", states.where(Loan.state.is_distinct_from(derived)))
    dated = and_(Loan.disbursed_on.is_not(None), Loan.first_seq.is_not(None))
    bare = and_(Loan.disbursed_on.is_(None), Loan.first_seq.is_(None), Loan.next_due.is_(None), Loan.total_paid == 0)
    lent = Loan.state.in_((LoanState.RUNNING, LoanState.REPAID))
    undated: Question = select(Loan.id, Loan.state).where(or_(and_(lent, ~dated), and_(~lent, ~bare)))
    yield from told("V12", "loan", "state {0} does not go with its dates and payments", undated)
    guarded = [step for step, about in STEPS.items() if about.by_another]
    alone: Question = (
        select(LoanEvent.loan_id, LoanEvent.step, LoanEvent.actor_id)
        .join(Loan, Loan.id == LoanEvent.loan_id)
        .where(LoanEvent.step.in_(guarded), LoanEvent.actor_id == Loan.maker_id)
    )
    yield from told("V9", "loan", "{0} by user {1}, who applied for it", alone)
    running = func.count()
    twice: Question = select(Loan.member_id, running).where(Loan.state == LoanState.RUNNING).group_by(Loan.member_id).having(running > 1)
    yield from told("V19", "member", "{0} loans of hers run at once", twice)
    before = func.lag(LoanEvent.state).over(partition_by=LoanEvent.loan_id, order_by=LoanEvent.id)
    steps = select(LoanEvent.loan_id, LoanEvent.step, LoanEvent.state, before.label("before")).subquery()
    in_turn = or_(
        and_(steps.c.step.is_(None), steps.c.before.is_(None), steps.c.state == LoanState.APPLIED),
        *(and_(steps.c.step == step, steps.c.before.in_(about.sources), steps.c.state == about.target) for step, about in STEPS.items()),
    )
    wild: Question = select(steps.c.loan_id, steps.c.before, steps.c.step, steps.c.state).where(func.coalesce(in_turn, False).is_(False))
    yield from told("V19", "loan", "from {0} by {1} to {2}", wild)


def _terms() -> Iterator[Difference]:
    """What each loan costs against its product. There are few kinds of loans, however many loans there are."""
    kind = (
        Loan.product_id,
        Loan.principal,
        Loan.weeks,
        Loan.margin,
        Loan.every_weeks,
        Loan.count,
        Loan.instalment,
        Loan.payment_order,
        Loan.upj,
    )
    question: Question = select(func.min(Loan.id), func.count(), *kind).group_by(*kind)
    for first, how_many, product_id, principal, weeks, *stored in session.execute(question):
        product = admin.product_version(product_id).terms
        due = terms_of(product, principal, weeks)
        wanted = [due.margin, due.every_weeks, due.count, due.instalment, due.payment_order, upj_of(product, principal)]
        if stored != wanted:
            yield Difference("V13", f"loan:{first}", f"its terms, and those of {how_many - 1} like it, are not its product's")
