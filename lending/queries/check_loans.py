"""Every loan proved from its legs, its calendar, its product and its life (V9, V12, V13, V19)."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import Subquery

from lending.database import session
from lending.domain.ledger import Account, EntryKind
from lending.domain.lifecycle import LENT, RUNS, STEPS, LoanState, LoanStep
from lending.domain.schedule import terms_of, upj_of
from lending.models import Entry, Loan, LoanEvent, Meeting, Posting, Restructuring
from lending.queries import admin, figures
from lending.queries.differences import Difference, Question, Told, put_once, the_first, told

_ENDINGS = (EntryKind.WRITE_OFF, EntryKind.DEATH)
"""Entries that take what is left of a loan off the books."""


def look() -> Iterator[Difference]:
    """Everything that is wrong with loans."""
    yield from standings()
    yield from _each()
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
    of = _loans_with_legs().c
    disbursed, ended = of.disbursed_on.is_not(None), of.ended_on.is_not(None)
    left = case((ended, 0), else_=of.principal - of.principal_paid)
    should: tuple[tuple[str, ColumnElement[Any], ColumnElement[Any]], ...] = (
        ("{0} lent by the books, {1} by its terms", of.lent, case((of.state.in_(LENT), of.principal), else_=0)),
        ("total_paid {0}, its legs {1}", of.total_paid, of.lent - of.owed - of.earned - of.lost),
        (
            "{0} taken off the books at its end, {1} was outstanding",
            of.lost,
            case((of.is_replanned, of.lost), (ended, of.principal - of.principal_paid), else_=0),
        ),
        (
            "principal outstanding by the books {0}, by what is paid {1}",
            of.owed,
            case((of.is_replanned, of.owed), (disbursed, left), else_=0),
        ),
        (
            "outstanding_principal {0}, by what is paid {1}",
            of.outstanding_principal,
            case((of.is_replanned, of.outstanding_principal), (disbursed, left), else_=0),
        ),
        (
            "margin by the books {0}, by what is paid {1}",
            -of.earned,
            case((of.is_replanned, -of.earned), (disbursed, of.total_paid - of.principal_paid), else_=0),
        ),
        (
            "next_due {0}, by the calendar {1}",
            of.next_due,
            case((of.is_replanned, of.next_due), (and_(disbursed, ~ended, of.total_paid < of.total), of.planned_on)),
        ),
    )
    # Most loans are as they should be, and nothing of them is fetched.
    pairs = [column for _, stored, derived in should for column in (stored, derived)]
    differs = or_(*(stored.is_distinct_from(derived) for _, stored, derived in should))
    return tuple(what for what, _, _ in should), the_first(select(of.id, *pairs).where(differs))


def _loans_with_legs() -> Subquery:
    """Every loan with what its legs sum to and what follows from its terms, each worked out once in one walk over loans and legs.

    What a restructured loan owes follows from its own rows (`check_restructured`).
    """
    of_principal, of_margin = Posting.account == Account.LOAN_PRINCIPAL, Posting.account == Account.MARGIN_INCOME
    lent_or_taken_over = and_(of_principal, Entry.kind.in_((EntryKind.DISBURSEMENT, EntryKind.OPENING)), Posting.amount > 0)
    ended_with = and_(of_principal, Entry.kind.in_(_ENDINGS))
    legs = (
        select(
            Posting.loan_id,
            func.sum(Posting.amount).filter(lent_or_taken_over).label("lent"),
            func.sum(Posting.amount).filter(of_principal).label("owed"),
            func.sum(Posting.amount).filter(of_margin).label("earned"),
            func.sum(-Posting.amount).filter(ended_with).label("lost"),
        )
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.loan_id.is_not(None))
        .group_by(Posting.loan_id)
        .cte("legs")
        .prefix_with("MATERIALIZED", dialect="postgresql")  # or each of its workers would sum them all for itself
    )
    seq = Loan.first_seq + (Loan.total_paid // Loan.instalment) * Loan.every_weeks
    return (
        select(
            Loan.id,
            Loan.state,
            Loan.disbursed_on,
            Loan.ended_on,
            type_coerce(Loan.next_due, Date).label("next_due"),
            Loan.principal,
            figures.TOTAL.label("total"),
            (Loan.total_paid + 0).label("total_paid"),
            (Loan.outstanding_principal + 0).label("outstanding_principal"),
            Loan.id.in_(select(Restructuring.loan_id)).label("is_replanned"),
            figures.principal_paid(Loan.total_paid + 0).label("principal_paid"),
            Meeting.planned_on,
            *(func.coalesce(legs.c[name], 0).label(name) for name in ("lent", "owed", "earned", "lost")),
        )
        .outerjoin(legs, legs.c.loan_id == Loan.id)
        .outerjoin(Meeting, and_(Meeting.group_id == Loan.group_id, Meeting.seq == seq))
        .offset(0)  # a database does not look through it, and so works nothing out anew where it is asked for
        .subquery()
    )


@put_once
def _each() -> Iterator[Told]:
    """State against dates and payments; maker against checker; one live loan a woman."""
    dated = and_(Loan.disbursed_on.is_not(None), Loan.first_seq.is_not(None))
    bare = and_(Loan.disbursed_on.is_(None), Loan.first_seq.is_(None), Loan.next_due.is_(None), Loan.total_paid == 0)
    lent = Loan.state.in_(LENT)
    undated: Question = select(Loan.id, Loan.state).where(or_(and_(lent, ~dated), and_(~lent, ~bare)))
    yield told("V12", "loan", "state {0} does not go with its dates and payments", undated)
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
    guarded = [step for step, about in STEPS.items() if about.by_another]
    alone: Question = (
        select(LoanEvent.loan_id, LoanEvent.step, LoanEvent.actor_id)
        .join(Loan, Loan.id == LoanEvent.loan_id)
        .where(LoanEvent.step.in_(guarded), LoanEvent.actor_id == Loan.maker_id)
    )
    yield told("V9", "loan", "{0} by user {1}, who applied for it", alone)
    paid_out = aliased(LoanEvent)
    paid = paid_out.loan_id == LoanEvent.loan_id, paid_out.step == LoanStep.DISBURSE, paid_out.actor_id == LoanEvent.actor_id
    # Few steps are of this kind: they are looked for first, and the payer only of theirs.
    by_payer: Question = select(LoanEvent.loan_id, LoanEvent.step, LoanEvent.actor_id).where(
        LoanEvent.step.in_([step for step, about in STEPS.items() if about.nor_payer]), select(paid_out.id).where(*paid).exists()
    )
    yield told("V9", "loan", "{0} by user {1}, who paid it out", by_payer)
    running = func.count()
    twice: Question = select(Loan.member_id, running).where(Loan.state.in_(RUNS)).group_by(Loan.member_id).having(running > 1)
    yield told("V19", "member", "{0} loans of hers run at once", twice)


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
