"""The code on a woman's card: ended when the card is lost or copied, and made anew."""

from sqlalchemy import func, select

from lending import clock
from lending.actions.audit import note
from lending.actions.sealing import check_code
from lending.database import lock, session, transaction
from lending.domain.access import Actor, Permission
from lending.domain.reasons import check_reason
from lending.domain.refusals import Conflict
from lending.models import CheckCode, Loan
from lending.queries import loans


def revoke_code(loan_id: int, reason: str, by: Actor) -> None:
    """End the code that is printed on a loan's card; what is printed from now on carries a new one. For the head.

    Refused: `not_found`, `reason_needed`, `wrong_state` (409, a loan that was never disbursed has no code).
    """
    by.require(Permission.DECIDE_LOAN)
    with transaction():
        state = loans.loan(by, loan_id).state
        lock(Loan.id, loan_id)
        live = session.scalar(select(CheckCode).where(CheckCode.loan_id == loan_id, CheckCode.revoked_at.is_(None)))
        if live is None:
            raise Conflict("wrong_state", state=state.value)
        check_reason(reason)
        now = clock.now()
        version = 1 + (session.scalar(select(func.count()).where(CheckCode.loan_id == loan_id)) or 0)
        live.revoked_at = now
        session.add(CheckCode(loan_id=loan_id, code=check_code(loan_id, version), made_at=now))
        note(by, "cards.revoke_code", f"loan:{loan_id}", at=now, after={"version": version}, reason=reason)
