"""How every running loan stands at the end of a day, in SQL that the worklist, the reports and the night all build on.

Truth is in the facts: what was paid *after* the day asked about is taken off again, so any past day can be asked, and today costs no
more than the loans themselves (design §2.4; performance §A).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CTE, BigInteger, ColumnElement, Select, String, and_, case, cast, func, literal_column, or_, select, type_coerce

from lending.domain.groups import Duty
from lending.domain.ledger import Account, EntryKind
from lending.domain.lifecycle import LoanState
from lending.models import Assignment, Entry, Group, Loan, Meeting, Posting, Product, Unit
from lending.queries import figures
from lending.queries.scope import Day, in_force

CREDITED = (Account.LOAN_PRINCIPAL, Account.MARGIN_INCOME)
"""The accounts whose legs say what a loan has been paid, disbursement apart."""


def credited(*, after: Day | None = None, until: Day | None = None, name: str = "credited") -> CTE:
    """What facts of the days after the one and up to the other credited to each loan they touched: `loan_id`, `amount`.

    Reversals count negative, disbursements nothing. Cast, for PostgreSQL's sums are `numeric`, and of those a division gives a fraction.
    """
    amount = case((Entry.kind == EntryKind.DISBURSEMENT, 0), else_=-Posting.amount)
    # Said so that no index of the legs fits, or SQLite would read every leg there ever was instead of those days' entries.
    loan_id, account = Posting.loan_id + 0, type_coerce(Posting.account, String).concat("")
    question = (
        select(loan_id.label("loan_id"), cast(func.sum(amount), BigInteger).label("amount"))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(account.in_([one.value for one in CREDITED]))
        .group_by(loan_id)
    )
    if after is not None:
        question = question.where(Entry.happened_on > after)
    if until is not None:
        question = question.where(Entry.happened_on <= until)
    return question.cte(name)


def officer_of(on: Day) -> ColumnElement[bool]:
    """The join from `Group` to the assignment of the officer who served it on that day."""
    return and_(Assignment.group_id == Group.id, Assignment.duty == Duty.OFFICER, in_force(Assignment.from_on, Assignment.to_on, on))


@dataclass(frozen=True)
class Standing:
    """The figures of the loan in the row at the end of `on`, as SQL expressions over `Loan` and what happened to it later."""

    on: Day
    later: CTE
    is_meant: ColumnElement[bool]
    """Which loans these figures are for."""
    is_owing: ColumnElement[bool]
    """Whether anything is outstanding on it that day."""
    paid: ColumnElement[int]
    next_due: ColumnElement[date]
    outstanding_principal: ColumnElement[int]

    @property
    def is_late(self) -> ColumnElement[bool]:
        """Whether the oldest instalment not fully paid was due before that day."""
        return self.next_due < self.on

    @property
    def days_late(self) -> ColumnElement[int]:
        """Days since then; 0 for a loan that is not late."""
        return case((self.is_late, figures.days_between(self.next_due, self.on)), else_=0)

    @property
    def quality(self) -> ColumnElement[str]:
        """Its class by the regime of its unit."""
        return figures.quality(self.next_due, self.on)

    def is_later_than(self, days: int) -> ColumnElement[bool]:
        """Whether it is more days late than that."""
        return self.next_due < figures.days_before(self.on, days)

    @property
    def overdue(self) -> ColumnElement[int]:
        """The unpaid part of the instalments due before that day."""
        return case((self.is_late, figures.cumulative_due(self._fallen) - self.paid), else_=0)

    @property
    def overdue_principal(self) -> ColumnElement[int]:
        """The principal in it."""
        fallen_principal = figures.cumulative_due(self._fallen) - figures.cumulative_margin(self._fallen)
        paid_principal = Loan.principal - self.outstanding_principal
        return case((self.is_late, figures.largest(0, fallen_principal - paid_principal)), else_=0)

    @property
    def _fallen(self) -> ColumnElement[int]:
        """How many instalments of a late loan were due before that day: those paid, and one at each of its meetings since."""
        since = (
            select(func.count())
            .where(Meeting.group_id == Loan.group_id, Meeting.planned_on >= self.next_due, Meeting.planned_on < self.on)
            .correlate(Loan, self.later)
            .scalar_subquery()
        )
        return self.paid // Loan.instalment + (since + Loan.every_weeks - 1) // Loan.every_weeks

    def select(self, *columns: Any) -> Select[*tuple[Any, ...]]:
        """These columns of every loan with something outstanding that day, with its Group, Unit, Product and that day's officer joined."""
        return (
            self.of_loans(*columns)
            .join(Group, Group.id == Loan.group_id)
            .join(Unit, Unit.id == Group.unit_id)
            .join(Product, Product.id == Loan.product_id)
            .outerjoin(Assignment, officer_of(self.on))
        )

    def of_loans(self, *columns: Any) -> Select[*tuple[Any, ...]]:
        """These columns of the same loans, and nothing joined: for the night, which goes through all of them."""
        return self._of_all(*columns).where(self.is_owing)

    def of_late_loans(self, *columns: Any) -> Select[*tuple[Any, ...]]:
        """These columns of the loans that are late that day, and nothing joined: a loan with a due date owes something."""
        return self._of_all(*columns).where(self.is_late)

    def _of_all(self, *columns: Any) -> Select[*tuple[Any, ...]]:
        return select(*columns).select_from(Loan).outerjoin(self.later, self.later.c.loan_id == Loan.id).where(self.is_meant)


RUNNING: ColumnElement[LoanState] = literal_column(f"'{LoanState.RUNNING.value}'", Loan.state.type)
"""Written out, for a partial index is used only where the question says its condition in the same words."""


def at(on: Day) -> Standing:
    """How loans stand at the end of this day."""
    untouched, touched = parts(on)
    is_touched = touched.later.c.loan_id.is_not(None)

    def either(then: ColumnElement[Any], now: ColumnElement[Any]) -> ColumnElement[Any]:
        return case((is_touched, then), else_=now)

    return Standing(
        on,
        touched.later,
        or_(untouched.is_meant, touched.is_meant),
        either(touched.is_owing, untouched.is_owing),
        either(touched.paid, untouched.paid),
        either(touched.next_due, untouched.next_due),
        either(touched.outstanding_principal, untouched.outstanding_principal),
    )


def parts(on: Day) -> tuple[Standing, Standing]:
    """The same in two parts, each found through an index: the loans that nothing has happened to since, as they stand, and the others."""
    later = _later(on)
    is_untouched = later.c.loan_id.is_(None)
    untouched = Standing(
        on, later, is_untouched, Loan.state == RUNNING, Loan.total_paid + 0, _as_is(Loan.next_due), Loan.outstanding_principal + 0
    )
    was_lent = and_(later.c.loan_id.is_not(None), Loan.disbursed_on <= on)
    owed = later.c.paid < figures.TOTAL
    touched = Standing(on, later, was_lent, owed, later.c.paid, later.c.next_due, later.c.outstanding_principal)
    return untouched, touched


def _as_is(column: Any) -> ColumnElement[Any]:
    """An attribute as the expression it is."""
    return type_coerce(column, column.type)


def _later(on: Day) -> CTE:
    """How each loan stood that to something has happened after that day: `loan_id`, `paid`, `outstanding_principal`, `next_due`."""
    touched = credited(after=on, name="credited_later")
    # Between the day of a meeting and the day it was undone and recorded anew, both records count; no loan is paid more than whole.
    paid = figures.smallest(Loan.total_paid - touched.c.amount, figures.TOTAL)
    then = select(Loan.id.label("loan_id"), paid.label("paid")).join(touched, touched.c.loan_id == Loan.id).cte("paid_then")
    due = (
        select(Meeting.planned_on)
        .where(Meeting.group_id == Loan.group_id, Meeting.seq == Loan.first_seq + (then.c.paid // Loan.instalment) * Loan.every_weeks)
        .correlate(Loan, then)
        .scalar_subquery()
    )
    return (
        select(
            then.c.loan_id,
            then.c.paid,
            (Loan.principal - figures.principal_paid(then.c.paid)).label("outstanding_principal"),
            case((then.c.paid < figures.TOTAL, due)).label("next_due"),
        )
        .join(Loan, Loan.id == then.c.loan_id)
        .cte("stood_then")
    )
