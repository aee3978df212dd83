"""What she may do with a loan now: the rules of the acts, asked without doing them, so that a button stands only where it works."""

from collections.abc import Mapping

from lending.domain import lifecycle
from lending.domain.access import Actor, Permission
from lending.domain.lifecycle import LoanState, LoanStep
from lending.domain.refusals import NotAllowed
from lending.queries import loans as questions
from lending.queries.endings import Ending
from lending.queries.loans import LoanRow

WAYS_OUT: Mapping[LoanStep, str] = {LoanStep.SETTLE: "settle", LoanStep.WRITE_OFF: "write-off", LoanStep.DEATH: "death"}
"""The steps that have a page of their own, by the word in its address."""


def step_offered(by: Actor, loan: LoanRow, step: LoanStep) -> bool:
    """Whether she may take this step now."""
    rule = lifecycle.STEPS[step]
    if rule.permission is None or not by.may(rule.permission) or not lifecycle.can(loan.state, step):
        return False
    try:
        payer_id = questions.payer(loan.id) if rule.nor_payer else None
        lifecycle.check_another(step, maker_id=loan.maker_id, checker_id=by.user_id, payer_id=payer_id)
        if step is LoanStep.VERIFY:
            lifecycle.check_verifier(by.role, user_id=by.user_id, named_verifier_id=loan.verifier_id)
    except NotAllowed:
        return False
    return True


def ways_offered(by: Actor, loan: LoanRow, how: Ending) -> list[str]:
    """The pages on which she may end the loan early, or receive what still comes on one that has ended."""
    ways = [way for step, way in WAYS_OUT.items() if step_offered(by, loan, step)]
    if by.may(Permission.RECOVER):
        if loan.state is LoanState.WRITTEN_OFF and how.written_off and how.written_off.left:
            ways.append("recovery")
        if loan.state is LoanState.CLEARED and how.cleared and how.cleared.left:
            ways.append("claim")
    return ways
