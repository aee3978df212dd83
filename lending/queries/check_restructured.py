"""Every restructured loan proved from its rows, its legs and its steps (V12, V13, V19): by the rules themselves, for they are few."""

from collections.abc import Iterator
from itertools import pairwise

from sqlalchemy import case, func, select

from lending.database import session
from lending.domain.allocation import allocate
from lending.domain.ledger import Account, EntryKind
from lending.domain.plan import Plan
from lending.models import Entry, Loan, Meeting, Posting, Restructuring, ScheduleRow
from lending.queries.differences import Difference
from lending.queries.plans import as_agreed, terms

_ENDINGS = (EntryKind.WRITE_OFF, EntryKind.DEATH)


def look() -> Iterator[Difference]:
    """Everything that is wrong with restructured loans."""
    sound = set()
    ever = select(Restructuring.loan_id)
    loans = session.scalars(select(Loan).where(Loan.id.in_(ever)).order_by(Loan.id)).all()
    for loan in loans:
        faults = [Difference("V13", f"loan:{loan.id}", what) for what in _rows(loan)]
        if not faults:
            sound.add(loan.id)
        yield from faults
    evenly = {loan.id: Plan(terms(loan), loan.first_seq) for loan in loans if loan.id in sound and loan.first_seq is not None}
    agreed, legs = as_agreed(evenly), _legs()
    for loan in loans:
        if loan.id in agreed:
            yield from (
                Difference("V12", f"loan:{loan.id}", what) for what in _figures(loan, agreed[loan.id], legs.get(loan.id, (0, 0, 0)))
            )


def _rows(loan: Loan) -> Iterator[str]:
    """What is wrong with its plans: each asks for the whole loan in rising sums, on meetings in order that the calendar has."""
    total = loan.principal + loan.margin
    last = session.scalar(select(func.max(Meeting.seq)).where(Meeting.group_id == loan.group_id)) or 0
    plans = session.scalars(select(Restructuring).where(Restructuring.loan_id == loan.id).order_by(Restructuring.version)).all()
    if [plan.version for plan in plans] != list(range(1, len(plans) + 1)):
        yield "its plans are not numbered without gaps"
    for plan in plans:
        of_plan = select(ScheduleRow).where(ScheduleRow.loan_id == loan.id, ScheduleRow.version == plan.version)
        rows = session.scalars(of_plan.order_by(ScheduleRow.number)).all()
        dues, margins, seqs = [0, *(row.cum_due for row in rows)], [0, *(row.cum_margin for row in rows)], [row.seq for row in rows]
        if [row.number for row in rows] != list(range(1, len(rows) + 1)) or len(rows) <= plan.kept:
            yield f"rows are missing from its plan {plan.version}"
        elif dues[-1] != total or margins[-1] != loan.margin or dues[plan.kept] != plan.total_paid:
            yield f"its plan {plan.version} asks for {dues[-1]}, of it {margins[-1]} margin, and {dues[plan.kept]} was paid before"
        elif any(not 0 <= after[1] - before[1] <= after[0] - before[0] for before, after in pairwise(zip(dues, margins, strict=True))):
            yield f"a part of its plan {plan.version} is negative"
        elif any(after <= before for before, after in pairwise(dues)):
            yield f"a row of its plan {plan.version} asks for nothing"
        elif seqs != sorted(seqs) or seqs[-1] > last:
            yield f"its plan {plan.version} names meetings out of order, or beyond the calendar"


def _legs() -> dict[int, tuple[int, int, int]]:
    """What the books say of each: principal still owed, margin earned, principal taken off at an ending."""
    principal = case((Posting.account == Account.LOAN_PRINCIPAL, Posting.amount), else_=0)
    question = (
        select(
            Posting.loan_id,
            func.sum(principal),
            func.sum(case((Posting.account == Account.MARGIN_INCOME, -Posting.amount), else_=0)),
            func.sum(case((Entry.kind.in_(_ENDINGS), -principal), else_=0)),
        )
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.loan_id.in_(select(Restructuring.loan_id)))
        .group_by(Posting.loan_id)
    )
    return {
        loan_id: (int(owed), int(earned), int(lost)) for loan_id, owed, earned, lost in session.execute(question) if loan_id is not None
    }


def _figures(loan: Loan, plan: Plan, legs: tuple[int, int, int]) -> Iterator[str]:
    """What is stored and booked against what its plan makes of the total paid."""
    owed, earned, lost = legs
    paid = allocate(plan.terms, loan.total_paid)
    left = loan.principal - paid.principal
    should_owe, should_lose = (0, left) if loan.ended_on is not None else (left, 0)
    if owed != should_owe:
        yield f"principal outstanding by the books {owed}, by what is paid {should_owe}"
    if lost != should_lose:
        yield f"{lost} taken off the books at its end, {should_lose} was outstanding"
    if loan.outstanding_principal != should_owe:
        yield f"outstanding_principal {loan.outstanding_principal}, by what is paid {should_owe}"
    if earned != paid.margin:
        yield f"margin by the books {earned}, by what is paid {paid.margin}"
    if loan.next_due is not None:
        yield f"next_due {loan.next_due}, though its plan has rows of its own"
