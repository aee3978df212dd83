"""What every step of a loan's life has in common: its row held, who may take it and when, what is written down.

Everything here runs inside the transaction of the act that calls it.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import func, select

from lending import clock
from lending.actions.audit import note
from lending.database import lock, session
from lending.domain import lifecycle
from lending.domain.access import Actor
from lending.domain.lifecycle import LoanStep
from lending.domain.refusals import Refusal
from lending.models import Loan, LoanEvent
from lending.queries import loans as questions


def locked(loan_id: int, by: Actor) -> Loan:
    """The loan's row, held, if it is hers."""
    lock(Loan.id, loan_id)
    return questions.require_loan(by, loan_id)


def take_step(
    loan_id: int, step: LoanStep, by: Actor, on: date | None, check: Callable[[Loan], None] = lambda _: None
) -> tuple[Loan, date]:
    """The loan's row, held, and the day of the step, once all that every step has in common allows it.

    Refused: `not_found`, `maker_is_checker`, `same_person`, what `check` says of the person, `wrong_state`, `future_date`, `out_of_order`
    (before the step that went before it).
    """
    loan = locked(loan_id, by)
    lifecycle.check_another(step, maker_id=loan.maker_id, checker_id=by.user_id, payer_id=questions.payer(loan.id))
    check(loan)
    lifecycle.after(loan.state, step)
    day = on or by.today
    if day > by.today:
        raise Refusal("future_date", at="on", today=by.today)
    earlier = session.scalar(select(func.max(LoanEvent.on_day)).where(LoanEvent.loan_id == loan.id))
    if earlier is not None and day < earlier:
        raise Refusal("out_of_order", at="on", earlier=earlier)
    return loan, day


def event(
    loan: Loan, step: LoanStep | None, by: Actor, *, on: date, reason: str | None = None, details: dict[str, Any] | None = None
) -> None:
    """Write the step into the loan's life and into the trace, and set the state it leads to."""
    before = loan.state
    if step is not None:
        loan.state = lifecycle.after(before, step)
    now = clock.now()
    session.add(
        LoanEvent(
            loan_id=loan.id,
            step=step,
            state=loan.state,
            on_day=on,
            recorded_at=now,
            actor_id=by.user_id,
            reason=reason,
            details=details,
        )
    )
    note(
        by,
        f"loans.{step.value if step else 'apply'}",
        f"loan:{loan.id}",
        at=now,
        before={"state": before.value} if step else None,
        after={"state": loan.state.value, **(details or {})},
        reason=reason,
    )
