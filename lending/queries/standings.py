"""How every running loan stands at the end of a day, in SQL that the worklist, the reports and the night all build on.

Truth is in the facts: what was paid *after* the day asked about is taken off again, so any past day can be asked, and today costs no
more than the loans themselves (design §2.4; performance §A).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)

from lending.domain.arrears import QualityRegime
from lending.domain.groups import Duty
from lending.domain.ledger import CREDITED, NO_PAYMENT, Account
from lending.domain.lifecycle import LoanState
from lending.models import Assignment, Entry, Group, Loan, Meeting, Posting, Product, Restructuring, Unit
from lending.queries import figures, irregular
from lending.queries.risk_rules import Regimes
from lending.queries.scope import Day, in_force


def credited(
    *, after: Day | None = None, until: Day | None = None, name: str = "credited", accounts: tuple[Account, ...] = CREDITED
) -> CTE:
    """What facts of the days after the one and up to the other credited to each loan they touched: `loan_id`, `amount`.

    Reversals count negative, `NO_PAYMENT` nothing. Cast, for PostgreSQL's sums are `numeric`, and of those a division gives a fraction.
    """
    amount = case((Entry.kind.in_(NO_PAYMENT), 0), else_=-Posting.amount)
    # Said so that no index of the legs fits, or SQLite would read every leg there ever was instead of those days' entries.
    loan_id, account = Posting.loan_id + 0, type_coerce(Posting.account, String).concat("")
    question = (
        select(loan_id.label("loan_id"), cast(func.sum(amount), BigInteger).label("amount"))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(account.in_([one.value for one in accounts]))
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
    """The figures of the loan in the row at the end of `on`, as SQL expressions over `Loan`, what happened to it later, and the row `given`
    of a loan that was ever restructured."""

    on: Day
    later: CTE | None
    given: CTE | None
    is_meant: ColumnElement[bool]
    """Which loans these figures are for."""
    is_owing: ColumnElement[bool]
    """Whether anything is outstanding on it that day."""
    paid: ColumnElement[int]
    next_due: ColumnElement[date]
    outstanding_principal: ColumnElement[int]
    regimes: Regimes
    """By which classes of quality are told."""

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
        """Its class by the regime of its unit, as that holds on that day."""
        return figures.quality(self.next_due, self.on, self.regimes.all, lambda: self.overdue)

    def is_later_than(self, days: int) -> ColumnElement[bool]:
        """Whether it is more days late than that."""
        return self.next_due < figures.days_before(self.on, days)

    @property
    def is_at_risk(self) -> ColumnElement[bool]:
        """Whether PAR has a bucket for it: it is late, or was restructured and not yet paid on time often enough."""
        return self.is_at_risk_beyond(0)

    def is_at_risk_beyond(self, days: int) -> ColumnElement[bool]:
        """Whether it is in the bucket of more days than that: a restructured loan is in all of them."""
        is_later = self.is_later_than(days) if days else self.is_late
        return is_later if self.given is None else or_(is_later, self.given.c.flagged == 1)

    @property
    def overdue(self) -> ColumnElement[int]:
        """The unpaid part of the instalments due before that day."""
        if self.later is None and self.given is not None:
            return self.given.c.overdue
        regular = case((self.is_late, figures.cumulative_due(self._fallen) - self.paid), else_=0)
        return regular if self.given is None else func.coalesce(self.given.c.overdue, regular)

    @property
    def overdue_principal(self) -> ColumnElement[int]:
        """The principal in it."""
        if self.later is None and self.given is not None:
            return self.given.c.overdue_principal
        fallen_principal = figures.cumulative_due(self._fallen) - figures.cumulative_margin(self._fallen)
        paid_principal = Loan.principal - self.outstanding_principal
        regular = case((self.is_late, figures.largest(0, fallen_principal - paid_principal)), else_=0)
        return regular if self.given is None else func.coalesce(self.given.c.overdue_principal, regular)

    @property
    def _fallen(self) -> ColumnElement[int]:
        """How many instalments of a late loan were due before that day: those paid, and one at each of its meetings since."""
        since = (
            select(func.count())
            .where(Meeting.group_id == Loan.group_id, Meeting.planned_on >= self.next_due, Meeting.planned_on < self.on)
            .correlate(Loan, *(rows for rows in (self.later, self.given) if rows is not None))
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
        question = select(*columns).select_from(Loan)
        if self.later is not None:
            question = question.outerjoin(self.later, self.later.c.loan_id == Loan.id)
        if self.given is not None:
            question = question.join(self.given, self.given.c.loan_id == Loan.id, isouter=self.later is not None)
        return question.where(self.is_meant)


RUNNING: ColumnElement[LoanState] = literal_column(f"'{LoanState.RUNNING.value}'", Loan.state.type)
"""Written out, for a partial index is used only where the question says its condition in the same words."""


def at(on: Day) -> Standing:
    """How loans stand at the end of this day."""
    untouched, touched, restructured = parts(on)
    assert touched.later is not None
    assert restructured.given is not None
    is_touched, is_given = touched.later.c.loan_id.is_not(None), restructured.given.c.loan_id.is_not(None)

    def whichever(given: ColumnElement[Any], then: ColumnElement[Any], now: ColumnElement[Any]) -> ColumnElement[Any]:
        return case((is_given, given), (is_touched, then), else_=now)

    return Standing(
        on,
        touched.later,
        restructured.given,
        or_(untouched.is_meant, touched.is_meant),
        whichever(restructured.is_owing, touched.is_owing, untouched.is_owing),
        whichever(restructured.paid, touched.paid, untouched.paid),
        whichever(restructured.next_due, touched.next_due, untouched.next_due),
        whichever(restructured.outstanding_principal, touched.outstanding_principal, untouched.outstanding_principal),
        untouched.regimes,
    )


def parts(
    on: Day, restructured: ColumnElement[str] | None = None, regimes: Sequence[QualityRegime] | None = None
) -> tuple[Standing, Standing, Standing]:
    """The same in three parts, each found through an index: the loans that nothing has happened to since, as they stand; the others; and
    those that were ever restructured.

    `restructured` is the place of what `irregular.told` says of the day, for a question that is built before the day is known; it is
    told the `regimes` of that day.
    """
    later, known = _later(on), Regimes(on if isinstance(on, date) else None, regimes)
    is_untouched = later.c.loan_id.is_(None)
    as_it_is = _as_is(Loan.total_paid), _as_is(Loan.next_due), _as_is(Loan.outstanding_principal)
    untouched = Standing(on, later, None, is_untouched, Loan.state == RUNNING, *as_it_is, known)
    was_lent = and_(later.c.loan_id.is_not(None), Loan.disbursed_on <= on, or_(Loan.ended_on.is_(None), Loan.ended_on > on))
    owed = later.c.paid < figures.TOTAL
    touched = Standing(on, later, None, was_lent, owed, later.c.paid, later.c.next_due, later.c.outstanding_principal, known)
    if restructured is None:
        if not isinstance(on, date):
            raise AssertionError("a question for any day needs a place for what is told of it")
        given = irregular.as_rows(irregular.told(on))
    else:
        given = irregular.as_rows(restructured)
    as_agreed = given.c.paid, given.c.next_due, given.c.outstanding_principal
    agreed = Standing(on, None, given, true(), given.c.next_due.is_not(None), *as_agreed, known)
    return untouched, touched, agreed


def _as_is(column: Any) -> ColumnElement[Any]:
    """An attribute as the expression it is."""
    return type_coerce(column, column.type)


def _later(on: Day) -> CTE:
    """How each loan stood that to something has happened after that day: `loan_id`, `paid`, `outstanding_principal`, `next_due`."""
    since = credited(after=on, name="credited_later")
    # A loan that ended after that day has been touched too, be it that there was no principal left to take off the books.
    ended = select(Loan.id.label("loan_id"), literal(0, BigInteger).label("amount")).where(Loan.ended_on > on)
    either = union_all(select(since), ended).subquery("credited_or_ended")
    added_up = cast(func.sum(either.c.amount), BigInteger).label("amount")
    touched = select(either.c.loan_id, added_up).group_by(either.c.loan_id).cte("touched_later")
    # Between the day of a meeting and the day it was undone and recorded anew, both records count; no loan is paid more than whole.
    paid = figures.smallest(Loan.total_paid - touched.c.amount, figures.TOTAL)
    regular = Loan.id.not_in(select(Restructuring.loan_id))
    then = select(Loan.id.label("loan_id"), paid.label("paid")).join(touched, touched.c.loan_id == Loan.id).where(regular).cte("paid_then")
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
