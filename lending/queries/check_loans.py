"""Every loan proved from its legs, its calendar, its product and its life (V9, V12, V13, V19)."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, String, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from lending.database import session
from lending.domain.ledger import Account, EntryKind
from lending.domain.lifecycle import ENDED, LENT, RUNS, STEPS, LoanState, LoanStep
from lending.domain.schedule import terms_of, upj_of
from lending.models import Entry, Loan, LoanEvent, Meeting, Posting, Restructuring
from lending.queries import admin, figures
from lending.queries.differences import MOST, Difference, Question, Told, put_once, told

_ENDINGS = (EntryKind.WRITE_OFF, EntryKind.DEATH)
"""Entries that take what is left of a loan off the books."""

_TURNS = (
    f"->->{LoanState.APPLIED}",
    *(f"{source}>{step}>{about.target}" for step, about in STEPS.items() for source in sorted(about.sources)),
)
"""Every turn a loan's life may take: the state before, the step, the state after; `-` where there is none."""


def look() -> Iterator[Difference]:
    """Everything that is wrong with loans."""
    yield from standings()
    yield from _lives()
    yield from _terms()


def standings() -> Iterator[Difference]:
    """The derived columns against the legs and the calendar."""
    texts, wrong = _standings()
    for loan_id, *found in session.execute(wrong):
        for what, stored, derived in zip(texts, found[::2], found[1::2], strict=True):
            if stored != derived:
                yield Difference("V12", f"loan:{loan_id}", what.format(stored, derived))


@cache
def _standings() -> tuple[tuple[str, ...], Question]:
    """What each pair of figures is told as, and every loan of which one differs, with all the pairs; put into SQL once."""
    lent_or_taken_over = and_(Entry.kind.in_((EntryKind.DISBURSEMENT, EntryKind.OPENING)), Posting.amount > 0)
    lent = case((and_(Posting.account == Account.LOAN_PRINCIPAL, lent_or_taken_over), Posting.amount), else_=0)
    ended_with = case((and_(Posting.account == Account.LOAN_PRINCIPAL, Entry.kind.in_(_ENDINGS)), -Posting.amount), else_=0)
    legs = (
        select(
            Posting.loan_id,
            func.sum(lent).label("lent"),
            func.sum(case((Posting.account == Account.LOAN_PRINCIPAL, Posting.amount), else_=0)).label("principal"),
            func.sum(case((Posting.account == Account.MARGIN_INCOME, Posting.amount), else_=0)).label("margin"),
            func.sum(ended_with).label("lost"),
        )
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.loan_id.is_not(None))
        .group_by(Posting.loan_id)
        .subquery()
    )
    lent_out, owed, earned, lost = (func.coalesce(column, 0) for column in (legs.c.lent, legs.c.principal, legs.c.margin, legs.c.lost))
    # What a restructured loan owes follows from its own rows (`check_restructured`).
    regular = Loan.id.not_in(select(Restructuring.loan_id))
    disbursed, ended = Loan.disbursed_on.is_not(None), Loan.ended_on.is_not(None)
    principal_paid = figures.principal_paid(Loan.total_paid + 0)
    left = case((ended, 0), else_=Loan.principal - principal_paid)
    planned = (
        select(Meeting.planned_on)
        .where(Meeting.group_id == Loan.group_id, Meeting.seq == Loan.first_seq + (Loan.total_paid // Loan.instalment) * Loan.every_weeks)
        .correlate(Loan)
        .scalar_subquery()
    )
    lends, owes = Loan.state.in_(LENT), and_(disbursed, regular)
    should: tuple[tuple[str, ColumnElement[Any], ColumnElement[Any]], ...] = (
        ("{0} lent by the books, {1} by its terms", lent_out, case((lends, Loan.principal), else_=0)),
        ("total_paid {0}, its legs {1}", Loan.total_paid + 0, lent_out - owed - earned - lost),
        (
            "{0} taken off the books at its end, {1} was outstanding",
            lost,
            case((~regular, lost), (ended, Loan.principal - principal_paid), else_=0),
        ),
        ("principal outstanding by the books {0}, by what is paid {1}", owed, case((owes, left), else_=owed)),
        (
            "outstanding_principal {0}, by what is paid {1}",
            Loan.outstanding_principal + 0,
            case((owes, left), (disbursed, Loan.outstanding_principal), else_=0),
        ),
        ("margin by the books {0}, by what is paid {1}", -earned, case((owes, Loan.total_paid - principal_paid), else_=-earned)),
        (
            "next_due {0}, by the calendar {1}",
            type_coerce(Loan.next_due, Date),
            case((~regular, Loan.next_due), (and_(disbursed, ~ended, Loan.total_paid < figures.TOTAL), planned)),
        ),
    )
    # One walk over loans and legs for all of it; most loans are as they should be, and nothing of them is fetched.
    pairs = [column for _, stored, derived in should for column in (stored, derived)]
    differs = or_(*(stored.is_distinct_from(derived) for _, stored, derived in should))
    wrong = select(Loan.id, *pairs).outerjoin(legs, legs.c.loan_id == Loan.id).where(differs).limit(MOST)
    return tuple(what for what, _, _ in should), wrong


@put_once
def _lives() -> Iterator[Told]:
    """State against events and payments; maker against checker; one live loan a woman."""
    newest = select(LoanEvent.loan_id, func.max(LoanEvent.id).label("id")).group_by(LoanEvent.loan_id).subquery()
    last = select(newest.c.loan_id, LoanEvent.state).join(LoanEvent, LoanEvent.id == newest.c.id).subquery()
    # The last rupiah repays a loan, and taking it back lets it run again, without an event.
    whole = and_(last.c.state.in_(RUNS), Loan.total_paid == figures.TOTAL)
    derived = case((whole, LoanState.REPAID.value), else_=last.c.state)
    states: Question = select(Loan.id, Loan.state, last.c.state).outerjoin(last, last.c.loan_id == Loan.id)
    yield told("V12", "loan", "state {0}, its last step led to {1}", states.where(Loan.state.is_distinct_from(derived)))
    dated = and_(Loan.disbursed_on.is_not(None), Loan.first_seq.is_not(None))
    bare = and_(Loan.disbursed_on.is_(None), Loan.first_seq.is_(None), Loan.next_due.is_(None), Loan.total_paid == 0)
    lent = Loan.state.in_(LENT)
    undated: Question = select(Loan.id, Loan.state).where(or_(and_(lent, ~dated), and_(~lent, ~bare)))
    yield told("V12", "loan", "state {0} does not go with its dates and payments", undated)
    yield from _ends()
    guarded = [step for step, about in STEPS.items() if about.by_another]
    alone: Question = (
        select(LoanEvent.loan_id, LoanEvent.step, LoanEvent.actor_id)
        .join(Loan, Loan.id == LoanEvent.loan_id)
        .where(LoanEvent.step.in_(guarded), LoanEvent.actor_id == Loan.maker_id)
    )
    yield told("V9", "loan", "{0} by user {1}, who applied for it", alone)
    paid_out = aliased(LoanEvent)
    by_payer: Question = (
        select(LoanEvent.loan_id, LoanEvent.step, LoanEvent.actor_id)
        .join(paid_out, and_(paid_out.loan_id == LoanEvent.loan_id, paid_out.step == LoanStep.DISBURSE))
        .where(LoanEvent.step.in_([step for step, about in STEPS.items() if about.nor_payer]), LoanEvent.actor_id == paid_out.actor_id)
    )
    yield told("V9", "loan", "{0} by user {1}, who paid it out", by_payer)
    running = func.count()
    twice: Question = select(Loan.member_id, running).where(Loan.state.in_(RUNS)).group_by(Loan.member_id).having(running > 1)
    yield told("V19", "member", "{0} loans of hers run at once", twice)
    before = func.lag(LoanEvent.state).over(partition_by=LoanEvent.loan_id, order_by=LoanEvent.id)
    steps = select(LoanEvent.loan_id, LoanEvent.step, LoanEvent.state, before.label("before")).subquery()
    # One word for each turn: a database looks it up once a row, and would weigh a dozen conditions one by one.
    turn = (func.coalesce(type_coerce(column, String), "-") for column in (steps.c.before, steps.c.step, steps.c.state))
    taken = func.concat_ws(">", *turn)
    wild: Question = select(steps.c.loan_id, steps.c.before, steps.c.step, steps.c.state).where(taken.not_in(_TURNS))
    yield told("V19", "loan", "from {0} by {1} to {2}", wild)


def _ends() -> Iterator[Told]:
    """Each ending against its step and its entries."""
    ended: Question = (
        select(Loan.id, Loan.ended_on, LoanEvent.on_day)
        .outerjoin(LoanEvent, and_(LoanEvent.loan_id == Loan.id, LoanEvent.state.in_(ENDED)))
        .where(Loan.ended_on.is_distinct_from(LoanEvent.on_day))
    )
    yield told("V12", "loan", "ended on {0}, its last step was on {1}", ended)
    settled = (
        select(Posting.loan_id, func.count(func.distinct(Entry.id)).label("entries"))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Entry.kind == EntryKind.SETTLEMENT, Posting.loan_id.is_not(None))
        .group_by(Posting.loan_id)
        .subquery()
    )
    steps = (
        select(LoanEvent.loan_id, func.count().label("steps"))
        .where(LoanEvent.step == LoanStep.SETTLE)
        .group_by(LoanEvent.loan_id)
        .subquery()
    )
    taken, booked = func.coalesce(steps.c.steps, 0), func.coalesce(settled.c.entries, 0)
    unlike: Question = (
        select(Loan.id, taken, booked)
        .outerjoin(steps, steps.c.loan_id == Loan.id)
        .outerjoin(settled, settled.c.loan_id == Loan.id)
        .where(or_(taken != booked, and_(taken > 0, Loan.total_paid != figures.TOTAL)))
    )
    yield told("V12", "loan", "settled {0} times by its steps, {1} by the books, and not all is paid or they differ", unlike)
    came = -func.sum(Posting.amount)
    lost = case((Loan.state == LoanState.WRITTEN_OFF, figures.TOTAL - Loan.total_paid), else_=0)
    recovered: Question = (
        select(Loan.id, came, lost)
        .join(Posting, Posting.loan_id == Loan.id)
        .where(Posting.account == Account.RECOVERY)
        .group_by(Loan.id)
        .having(came > lost)
    )
    yield told("V12", "loan", "{0} came after it was written off, {1} was lost", recovered)


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
