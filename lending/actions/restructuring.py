"""Putting what is left of a loan on new meetings: more time, never more money (api-detail part 4, *restructure*; domain.md §5.6).

Nothing is booked, for nothing moves: what was paid stays where it was credited, and what is left is owed as before, on other days. The
step, the new plan and the trace tell of it.
"""

from datetime import date

from sqlalchemy import func, insert, select

from lending import clock
from lending.actions import standing
from lending.actions.endings import taken_last
from lending.actions.replanning import ensure_calendar
from lending.actions.steps import event
from lending.database import lock, session, transaction
from lending.domain.access import Actor, Permission
from lending.domain.lifecycle import LoanStep
from lending.domain.money import Rupiah
from lending.domain.reasons import check_reason
from lending.domain.refusals import Conflict, NotFound
from lending.domain.schedule import cumulative_due, cumulative_margin
from lending.models import Group, Loan, Restructuring, ScheduleRow
from lending.queries.restructuring import NewTerms, worked_out


def restructure(loan_id: int, by: Actor, terms: NewTerms, *, reason: str, on: date | None = None, seen_left: Rupiah | None = None) -> None:
    """Agree a new plan for what is left of a loan that is being paid. It stays at risk until eight new instalments in a row were paid
    whole and on time, and if it is late, days late go on until the first new one is paid.

    `seen_left` is what a page showed to be left. Refused: `not_found`, `same_person` (403: she applied for it or paid it out),
    `wrong_state` (409; also for the very plan that holds already, as from a button pressed twice), `moved_since` (409: money came since
    the page was shown), `future_date`, `day_closed`, `out_of_order` (before its last step or payment), `reason_needed`, and what
    `worked_out` refuses.
    """
    by.require(Permission.RESTRUCTURE_LOAN)
    with transaction():
        # The calendar before the unit before the loan: as a meeting is moved, and as it is recorded.
        group_id = session.scalar(select(Loan.group_id).where(Loan.id == loan_id))
        if group_id is None:
            raise NotFound
        lock(Group.id, group_id)
        loan, day = taken_last(loan_id, LoanStep.RESTRUCTURE, by, on)
        check_reason(reason)
        agreed = worked_out(loan, terms, day)
        if agreed.after.seqs == agreed.before.seqs and agreed.after.terms == agreed.before.terms:
            raise Conflict("wrong_state", state=loan.state.value, step=LoanStep.RESTRUCTURE.value)
        if seen_left not in (None, agreed.left):
            raise Conflict("moved_since")
        ensure_calendar(group_id, agreed.after.last_seq)
        version = (session.scalar(select(func.max(Restructuring.version)).where(Restructuring.loan_id == loan.id)) or 0) + 1
        plan = agreed.after
        session.add(
            Restructuring(
                loan_id=loan.id,
                version=version,
                on_day=day,
                total_paid=loan.total_paid,
                kept=plan.kept,
                late_since=plan.late_since,
                recorded_at=clock.now(),
            )
        )
        session.flush()
        rows = [
            {
                "loan_id": loan.id,
                "version": version,
                "number": number,
                "seq": seq,
                "cum_due": cumulative_due(plan.terms, number),
                "cum_margin": cumulative_margin(plan.terms, number),
            }
            for number, seq in enumerate(plan.seqs, 1)
        ]
        session.execute(insert(ScheduleRow), rows)
        standing.rearrange(loan)
        new = agreed.new[plan.kept :]
        told = {"left": agreed.left, "instalments": len(new), "first": new[0].due_on.isoformat(), "last": new[-1].due_on.isoformat()}
        event(loan, LoanStep.RESTRUCTURE, by, on=day, reason=reason, details={"version": version, **told})
