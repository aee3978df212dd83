"""What restructuring a loan does: the old plan and the new one side by side, the same for whoever looks and whoever agrees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lending.database import session
from lending.domain.access import Actor
from lending.domain.calendar import PlannedMeeting, extend
from lending.domain.lifecycle import LoanStep, after
from lending.domain.money import Rupiah
from lending.domain.plan import NewDue, Plan, check_left, evenly, on_meetings, rearranged
from lending.domain.refusals import Refusal
from lending.domain.schedule import Instalment, schedule
from lending.models import Group, Loan, Meeting
from lending.queries import admin
from lending.queries.loans import require_loan
from lending.queries.plans import plan


@dataclass(frozen=True)
class NewTerms:
    """How what is left shall be paid: on which days how much, or evenly over so many weeks from the next meeting on."""

    schedule: tuple[tuple[date, Rupiah], ...] | None = None
    weeks: int | None = None


@dataclass(frozen=True)
class WorkedOut:
    """A loan's plan before and after: what is left of either, day by day."""

    before: Plan
    after: Plan
    left: Rupiah
    old: tuple[Instalment, ...]
    new: tuple[Instalment, ...]


def worked_out(loan: Loan, terms: NewTerms, on: date) -> WorkedOut:
    """The plan that these terms give, if what is left is agreed anew on that day.

    Refused: `schedule_differs`, `too_small`, `too_large`, `instalments_out_of_range`, `weeks_not_whole`, `not_a_meeting` (a day that is
    none of the group's meetings after `on`), `dates_not_rising`.
    """
    before = plan(loan)
    left = before.terms.total - loan.total_paid
    meetings = _meetings(loan, 0)
    held = [one.seq for one in meetings if one.planned_on <= on]
    if terms.schedule is not None:
        check_left([total for _, total in terms.schedule], left)
        dues = on_meetings(terms.schedule, {one.planned_on: one.seq for one in meetings if one.planned_on > on})
    else:
        dues = _evenly(loan, terms.weeks or 0, left, first_seq=max(held, default=meetings[0].seq - 1) + 1)
    days = {one.seq: one.planned_on for one in _meetings(loan, dues[-1].seq)}
    counted_from = before.counted_from(loan.total_paid)
    late_since = counted_from if counted_from is not None and days[counted_from] < on else None
    agreed = rearranged(before, loan.total_paid, dues, held_seq=max(held, default=meetings[0].seq), late_since=late_since)
    return WorkedOut(
        before,
        agreed,
        left,
        tuple(schedule(before.terms, [days[before.seq_of(number)] for number in range(1, before.terms.count + 1)])),
        tuple(schedule(agreed.terms, [days[seq] for seq in agreed.seqs])),
    )


def propose(by: Actor, loan_id: int, terms: NewTerms) -> WorkedOut:
    """The same for somebody who looks, today; `not_found` for a loan that is not hers, `wrong_state` for one that is not being paid."""
    loan = require_loan(by, loan_id)
    after(loan.state, LoanStep.RESTRUCTURE)
    return worked_out(loan, terms, by.today)


def _evenly(loan: Loan, weeks: int, left: Rupiah, *, first_seq: int) -> list[NewDue]:
    if weeks % loan.every_weeks:
        raise Refusal("weeks_not_whole", at="weeks", weeks=weeks, every_weeks=loan.every_weeks)
    coin = admin.product_version(loan.product_id).terms.coin
    parts = evenly(left, weeks // loan.every_weeks, coin)
    return [NewDue(first_seq + nth * loan.every_weeks, part) for nth, part in enumerate(parts)]


def _meetings(loan: Loan, last_seq: int) -> Sequence[PlannedMeeting]:
    """The group's calendar, and as much of it as is not laid out yet, as it would be."""
    question = select(Meeting.seq, Meeting.planned_on, Meeting.original_on, Meeting.reason).where(Meeting.group_id == loan.group_id)
    known = [PlannedMeeting(*row) for row in session.execute(question.order_by(Meeting.seq))]
    if last_seq <= known[-1].seq:
        return known
    weekday = session.get_one(Group, loan.group_id).weekday
    return [*known, *extend(known, last_seq - known[-1].seq, weekday, admin.holiday_calendar())]
