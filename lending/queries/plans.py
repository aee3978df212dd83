"""How a loan is to be paid, as a value: from its own columns, or, once it was restructured, from the rows agreed then."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import func, select

from lending.database import session
from lending.domain.lifecycle import LoanState
from lending.domain.plan import Plan
from lending.domain.schedule import LoanTerms
from lending.models import Loan, Meeting, Restructuring, ScheduleRow


def terms(loan: Loan) -> LoanTerms:
    """The value behind a loan's own columns: what was agreed when it was paid out."""
    return LoanTerms(loan.principal, loan.margin, loan.weeks, loan.every_weeks, loan.count, loan.instalment, loan.payment_order)


def plans(loans: Iterable[Loan], *, known_at: datetime | None = None) -> dict[int, Plan]:
    """The plan of each of these loans that has been paid out, as it is now or was known at a moment.

    One statement for all that may have been restructured, and none where every loan runs as it was paid out.
    """
    lent = {loan.id: loan for loan in loans if loan.first_seq is not None}
    evenly = {loan.id: Plan(terms(loan), loan.first_seq) for loan in lent.values() if loan.first_seq is not None}
    doubtful = {loan_id: plan for loan_id, plan in evenly.items() if lent[loan_id].state is not LoanState.RUNNING}
    return {**evenly, **as_agreed(doubtful, known_at=known_at)}


def plan(loan: Loan) -> Plan:
    """The plan of one loan that has been paid out, as it is now."""
    return plans([loan])[loan.id]


def as_agreed(evenly: Mapping[int, Plan], on: date | None = None, *, known_at: datetime | None = None) -> dict[int, Plan]:
    """The same plans, by loan, but for those that had been restructured (by the end of `on`, before a moment): these as last agreed."""
    found = dict(evenly)
    if not evenly:
        return found
    newest = select(Restructuring.loan_id, func.max(Restructuring.version).label("version")).where(Restructuring.loan_id.in_(evenly))
    if on is not None:
        newest = newest.where(Restructuring.on_day <= on)
    if known_at is not None:
        newest = newest.where(Restructuring.recorded_at < known_at)
    last = newest.group_by(Restructuring.loan_id).subquery()
    question = (
        select(
            ScheduleRow.loan_id, Restructuring.kept, Restructuring.late_since, ScheduleRow.seq, ScheduleRow.cum_due, ScheduleRow.cum_margin
        )
        .join(last, (last.c.loan_id == ScheduleRow.loan_id) & (last.c.version == ScheduleRow.version))
        .join(Restructuring, (Restructuring.loan_id == ScheduleRow.loan_id) & (Restructuring.version == ScheduleRow.version))
        .order_by(ScheduleRow.loan_id, ScheduleRow.number)
    )
    for loan_id, rows in groupby(session.execute(question), key=lambda row: row[0]):
        _, kept, late_since, seqs, dues, margins = zip(*rows, strict=True)
        before = evenly[loan_id]
        of = replace(before.terms, count=len(seqs), explicit=dues, explicit_margin=margins)
        found[loan_id] = Plan(of, before.first_seq, seqs, kept[0], late_since[0])
    return found


def calendars(group_ids: Collection[int]) -> dict[tuple[int, int], date]:
    """The planned day of every meeting of these groups, by group and `seq`."""
    question = select(Meeting.group_id, Meeting.seq, Meeting.planned_on).where(Meeting.group_id.in_(group_ids))
    return {(group_id, seq): planned_on for group_id, seq, planned_on in session.execute(question)}
