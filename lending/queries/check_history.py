"""The night's newest history against what the facts say of that evening today, facts that came later apart (V17)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, except_, func, select, union_all

from lending.domain.lifecycle import ENDED, LoanState
from lending.domain.portfolio import PAR_DAYS
from lending.models import ArrearsSnapshot, Assignment, Entry, Group, Loan, LoanEvent, PortfolioDay, Posting
from lending.queries import standings
from lending.queries.differences import Difference, Question, told
from lending.queries.operations import newest_night


def look() -> Iterator[Difference]:
    """Rows that the newest night wrote and the facts do not give, and those that they give and it did not write."""
    found = newest_night()
    if found is None:
        return
    on, finished = found
    late = f"the night of {on} and the facts differ: {{0}} days late, {{1}}, overdue {{2}}, outstanding {{3}}"
    yield from told("V17", "loan", late, _either(_snapshot(on, finished), _stored_snapshot(on, finished)))
    group = f"the night of {on} and the facts differ: {{1}} loans, outstanding {{2}}, PAR {{3}} {{4}} {{5}} {{6}} {{7}}"
    yield from told("V17", "group", group, _either(_portfolio(on, finished), _stored_portfolio(on, finished)))


def _either(computed: Question, stored: Question) -> Question:
    """The rows that only one of the two has."""
    one, other = except_(computed, stored).subquery(), except_(stored, computed).subquery()
    return select(union_all(select(one), select(other)).subquery())


def _touched_later(on: date, finished: datetime) -> "Select[int | None]":
    """The loans of which facts up to that evening arrived after its night."""
    paid = (
        select(Posting.loan_id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Entry.happened_on <= on, Entry.recorded_at > finished, Posting.loan_id.is_not(None))
    )
    # An ending, and a plan agreed anew, change what is owed without a leg on the loan.
    changed = LoanEvent.state.in_((*ENDED, LoanState.RESTRUCTURED))
    stepped = select(LoanEvent.loan_id).where(changed, LoanEvent.on_day <= on, LoanEvent.recorded_at > finished)
    either = union_all(paid, stepped).subquery()
    return select(either.c.loan_id)


def _snapshot(on: date, finished: datetime) -> Question:
    standing = standings.at(on)
    figures_of: tuple[Any, ...] = (standing.days_late, standing.quality, standing.overdue, standing.outstanding_principal)
    return standing.select(Loan.id, *figures_of).where(standing.is_late, Loan.id.not_in(_touched_later(on, finished)))


def _stored_snapshot(on: date, finished: datetime) -> Question:
    row = ArrearsSnapshot
    question: Question = select(row.loan_id, row.days_late, row.quality, row.overdue, row.outstanding_principal)
    return question.where(row.as_of == on, row.loan_id.not_in(_touched_later(on, finished)))


def _untouched(group_id: Any, on: date, finished: datetime) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = group_id.not_in(select(Loan.group_id).where(Loan.id.in_(_touched_later(on, finished))))
    return condition


def _portfolio(on: date, finished: datetime) -> Question:
    standing = standings.at(on)
    at_risk = [func.sum(case((standing.is_at_risk_beyond(days), standing.outstanding_principal), else_=0)) for days in PAR_DAYS]
    groups = standing.select(Group.id, Assignment.user_id, func.count(), func.sum(standing.outstanding_principal), *at_risk)
    return groups.where(_untouched(Group.id, on, finished)).group_by(Group.id, Assignment.user_id)


def _stored_portfolio(on: date, finished: datetime) -> Question:
    row = PortfolioDay
    at_risk = [getattr(row, f"par_{days}") for days in PAR_DAYS]
    question: Question = select(row.group_id, row.officer_id, row.loans, row.outstanding_principal, *at_risk)
    return question.where(row.as_of == on, _untouched(row.group_id, on, finished))
