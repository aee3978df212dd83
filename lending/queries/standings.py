"""How every running loan stands at the end of a day, in SQL that the worklist, the reports and the night all build on.

Truth is in the facts: what was paid *after* the day asked about is taken off again, so any past day can be asked, and today costs no
more than the loans themselves (design §2.4; performance §A).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CTE, BigInteger, ColumnElement, Select, and_, case, cast, func, or_, select

from lending.domain.groups import Duty
from lending.domain.ledger import Account, EntryKind
from lending.domain.lifecycle import LoanState
from lending.models import Assignment, Entry, Group, Loan, Meeting, Posting, Product, Unit
from lending.queries import figures
from lending.queries.scope import Day, in_force

CREDITED = (Account.LOAN_PRINCIPAL, Account.MARGIN_INCOME)
"""The accounts whose legs say what a loan has been paid, disbursement apart."""


def credited(*, after: Day | None = None, until: Day | None = None, name: str = "credited") -> CTE:
    """What facts of the days after the one and up to the other credited to each loan: `loan_id`, `amount`; reversals count negative.

    Cast, for PostgreSQL's sums are `numeric`, and of those a division gives a fraction.
    """
    question = (
        select(Posting.loan_id, cast(-func.sum(Posting.amount), BigInteger).label("amount"))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account.in_(CREDITED), Posting.loan_id.is_not(None), Entry.kind != EntryKind.DISBURSEMENT)
        .group_by(Posting.loan_id)
    )
    if after is not None:
        question = question.where(Entry.happened_on > after)
    if until is not None:
        question = question.where(Entry.happened_on <= until)
    return question.cte(name)


def last_meeting(*, before: Day | None = None, by: Day | None = None) -> ColumnElement[int]:
    """The `seq` of the last meeting of the loan's group planned before the one day, or up to the other; 0 before the first."""
    question = select(func.coalesce(func.max(Meeting.seq), 0)).where(Meeting.group_id == Loan.group_id)
    if before is not None:
        question = question.where(Meeting.planned_on < before)
    if by is not None:
        question = question.where(Meeting.planned_on <= by)
    return question.correlate(Loan).scalar_subquery()


def officer_of(on: Day) -> ColumnElement[bool]:
    """The join from `Group` to the assignment of the officer who served it on that day."""
    return and_(Assignment.group_id == Group.id, Assignment.duty == Duty.OFFICER, in_force(Assignment.from_on, Assignment.to_on, on))


@dataclass(frozen=True)
class Standing:
    """The figures of the loan in the row at the end of `on`, as SQL expressions over `Loan` and what was paid later."""

    on: Day
    later: CTE
    paid: ColumnElement[int]
    next_due: ColumnElement[date]
    days_late: ColumnElement[int]
    outstanding_principal: ColumnElement[int]
    overdue: ColumnElement[int]
    overdue_principal: ColumnElement[int]
    quality: ColumnElement[str]

    def select(self, *columns: Any) -> Select[*tuple[Any, ...]]:
        """These columns of every loan with something outstanding that day, with its Group, Unit, Product and that day's officer joined."""
        return (
            select(*columns)
            .select_from(Loan)
            .join(Group, Group.id == Loan.group_id)
            .join(Unit, Unit.id == Group.unit_id)
            .join(Product, Product.id == Loan.product_id)
            .outerjoin(Assignment, officer_of(self.on))
            .outerjoin(self.later, self.later.c.loan_id == Loan.id)
            .where(
                Loan.disbursed_on <= self.on,
                or_(Loan.state == LoanState.RUNNING, self.later.c.loan_id.is_not(None)),
                self.paid < figures.TOTAL,
            )
        )

    @property
    def is_late(self) -> ColumnElement[bool]:
        """Whether the oldest instalment not fully paid was due before that day; an index answers it for loans without later facts."""
        return or_(
            and_(self.later.c.loan_id.is_(None), Loan.next_due < self.on), and_(self.later.c.loan_id.is_not(None), self.next_due < self.on)
        )


def at(on: Day) -> Standing:
    """How loans stand at the end of this day."""
    later = credited(after=on, name="credited_later")
    # Between the day of a meeting and the day it was undone and recorded anew, both records count; no loan is paid more than whole.
    paid = figures.smallest(Loan.total_paid - func.coalesce(later.c.amount, 0), figures.TOTAL)
    due_then = (
        select(Meeting.planned_on)
        .where(Meeting.group_id == Loan.group_id, Meeting.seq == Loan.first_seq + (paid // Loan.instalment) * Loan.every_weeks)
        .correlate(Loan, later)
        .scalar_subquery()
    )
    next_due = case((later.c.loan_id.is_(None), Loan.next_due), else_=due_then)
    late = next_due < on
    days = case((late, figures.days_between(next_due, on)), else_=0)
    principal_paid = figures.principal_paid(paid)
    fallen = figures.fallen_by(last_meeting(before=on))
    fallen_principal = figures.cumulative_due(fallen) - figures.cumulative_margin(fallen)
    return Standing(
        on=on,
        later=later,
        paid=paid,
        next_due=next_due,
        days_late=days,
        outstanding_principal=Loan.principal - principal_paid,
        overdue=case((late, figures.largest(0, figures.cumulative_due(fallen) - paid)), else_=0),
        overdue_principal=case((late, figures.largest(0, fallen_principal - principal_paid)), else_=0),
        quality=figures.quality(days),
    )
