"""The one writer of what is derived on a loan: its total paid, the principal outstanding, its next due date, whether it is repaid or ended.

Everything here runs inside the transaction of the act that calls it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select, update

from lending.database import lock, session
from lending.domain.allocation import outstanding_principal
from lending.domain.lifecycle import LoanState
from lending.domain.money import Rupiah
from lending.domain.schedule import LoanTerms
from lending.models import Group, Loan, Meeting, Unit
from lending.models.base import table_of


@dataclass(frozen=True)
class NewStanding:
    """A loan after money moved: what is paid in all, since or until when it is late (None once repaid)."""

    loan_id: int
    terms: LoanTerms
    paid_before: Rupiah
    total_paid: Rupiah
    next_due: date | None


def write(standings: Sequence[NewStanding]) -> None:
    """Store them, in one statement. Each loan must still stand where its rule was asked; if not, another act came between: a bug."""
    if not standings:
        return
    rows = [
        {
            "of_loan": standing.loan_id,
            "was": standing.paid_before,
            "total_paid": standing.total_paid,
            "outstanding_principal": outstanding_principal(standing.terms, standing.total_paid),
            "next_due": None if standing.terms.explicit else standing.next_due,
            "state": _state(standing),
        }
        for standing in standings
    ]
    table = table_of(Loan)
    changed = session.connection().execute(
        update(table).where(table.c.id == bindparam("of_loan"), table.c.total_paid == bindparam("was")),
        rows,
    )
    if changed.rowcount != len(rows):
        raise AssertionError(f"{len(rows)} loans were to change, {changed.rowcount} did")


def _state(standing: NewStanding) -> LoanState:
    if standing.next_due is None:
        return LoanState.REPAID
    return LoanState.RESTRUCTURED if standing.terms.explicit else LoanState.RUNNING


def rearrange(loan: Loan) -> None:
    """This loan, whose row is held, is paid by other rows from now on: its next due date is asked of them (`queries.irregular`), for what
    is found through the column is regular."""
    loan.next_due = None


def end(loan: Loan, on: date) -> None:
    """This loan, whose row is held, owes nothing from that day on. `total_paid` stays as it is, for an ending pays nothing."""
    loan.ended_on, loan.outstanding_principal, loan.next_due = on, 0, None


def refresh_next_due(group_ids: Sequence[int]) -> None:
    """Read every running loan's next due date anew from its group's calendar, after meetings of these groups have moved.

    Waits for meetings that are being recorded in these units: a record reads the calendar under the same lock.
    """
    lock(Unit.id, *session.scalars(select(Group.unit_id).where(Group.id.in_(group_ids)).distinct().order_by(Group.unit_id)))
    first_unpaid = select(Meeting.planned_on).where(
        Meeting.group_id == Loan.group_id,
        Meeting.seq == Loan.first_seq + (Loan.total_paid // Loan.instalment) * Loan.every_weeks,
    )
    session.execute(
        update(Loan)
        .where(Loan.group_id.in_(group_ids), Loan.state == LoanState.RUNNING)
        .values(next_due=first_unpaid.scalar_subquery())
        .execution_options(synchronize_session=False)
    )
