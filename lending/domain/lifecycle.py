"""The life of a loan: every state, every step, from where it may be taken and by whom (design §6).

`docs/loan_states.md` is drawn from `STEPS`, so that the picture cannot drift.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lending.domain.access import Permission, Role
from lending.domain.refusals import Conflict, NotAllowed


class LoanState(StrEnum):
    """Where a loan stands; the words are the contract's."""

    APPLIED = "applied"
    RECOMMENDED = "recommended"
    VERIFIED = "verified"
    APPROVED = "approved"
    RUNNING = "running"
    RESTRUCTURED = "restructured"
    REPAID = "repaid"
    WRITTEN_OFF = "written_off"
    CLEARED = "cleared"
    CANCELLED = "cancelled"
    REJECTED = "rejected"


class LoanStep(StrEnum):
    """What can happen to a loan."""

    RECOMMEND = "recommend"
    VERIFY = "verify"
    APPROVE = "approve"
    REJECT = "reject"
    CANCEL = "cancel"
    DISBURSE = "disburse"
    IMPORT = "import"
    RESTRUCTURE = "restructure"
    SETTLE = "settle"
    WRITE_OFF = "write_off"
    DEATH = "death"
    REPAY = "repay"
    REOPEN = "reopen"
    RESUME = "resume"


@dataclass(frozen=True)
class Step:
    """From these states to that one; `permission` is None for what the books bring about; maker ≠ checker where `by_another`.

    `nor_payer`: not by whoever paid the loan out either, for acts of one call have no other check (api-detail part 4, *Two persons*).
    """

    sources: frozenset[LoanState]
    target: LoanState
    permission: Permission | None
    by_another: bool
    nor_payer: bool


def _step(target: LoanState, permission: Permission | None, *sources: LoanState, by_another: bool = False, nor_payer: bool = False) -> Step:
    return Step(frozenset(sources), target, permission, by_another or nor_payer, nor_payer)


RUNS = (LoanState.RUNNING, LoanState.RESTRUCTURED)
"""States of a loan that is being paid: as it was lent, or on the days that were agreed later."""

_S = LoanState
STEPS: Mapping[LoanStep, Step] = {
    LoanStep.RECOMMEND: _step(_S.RECOMMENDED, Permission.APPLY_FOR_LOAN, _S.APPLIED),
    LoanStep.VERIFY: _step(_S.VERIFIED, Permission.VERIFY_LOAN, _S.RECOMMENDED, by_another=True),
    LoanStep.APPROVE: _step(_S.APPROVED, Permission.DECIDE_LOAN, _S.VERIFIED, by_another=True),
    LoanStep.REJECT: _step(_S.REJECTED, Permission.DECIDE_LOAN, _S.APPLIED, _S.RECOMMENDED, _S.VERIFIED, _S.APPROVED, by_another=True),
    LoanStep.CANCEL: _step(_S.CANCELLED, Permission.APPLY_FOR_LOAN, _S.APPLIED, _S.RECOMMENDED, _S.VERIFIED),
    LoanStep.DISBURSE: _step(_S.RUNNING, Permission.DISBURSE_LOAN, _S.APPROVED, by_another=True),
    LoanStep.IMPORT: _step(_S.RUNNING, Permission.IMPORT, _S.APPLIED),
    LoanStep.RESTRUCTURE: _step(_S.RESTRUCTURED, Permission.RESTRUCTURE_LOAN, *RUNS, nor_payer=True),
    LoanStep.SETTLE: _step(_S.REPAID, Permission.SETTLE_LOAN, *RUNS),
    LoanStep.WRITE_OFF: _step(_S.WRITTEN_OFF, Permission.END_LOAN, *RUNS, nor_payer=True),
    LoanStep.DEATH: _step(_S.CLEARED, Permission.END_LOAN, *RUNS, nor_payer=True),
    LoanStep.REPAY: _step(_S.REPAID, None, *RUNS),
    LoanStep.REOPEN: _step(_S.RUNNING, None, _S.REPAID),
    LoanStep.RESUME: _step(_S.RESTRUCTURED, None, _S.REPAID),
}
"""Every step a loan can take. `repay`, `reopen` and `resume` follow from the books: the last rupiah paid, or that payment reversed, and the
loan runs again as it ran before."""

WAITING = (LoanState.APPLIED, LoanState.RECOMMENDED, LoanState.VERIFIED, LoanState.APPROVED)
"""States before any money has moved, in order."""

ENDED = (LoanState.WRITTEN_OFF, LoanState.CLEARED)
"""States of a loan that ended before all of it was paid: nothing is owed on it any more, whatever `total_paid` says."""

LENT = (*RUNS, LoanState.REPAID, *ENDED)
"""States of a loan that was paid out."""


def after(state: LoanState, step: LoanStep) -> LoanState:
    """The state after this step; refused (`wrong_state`, 409) where the step cannot be taken."""
    if state not in STEPS[step].sources:
        raise Conflict("wrong_state", state=state.value, step=step.value)
    return STEPS[step].target


def can(state: LoanState, step: LoanStep) -> bool:
    """Whether the step can be taken from this state: the same rule, for a page that shows the button."""
    return state in STEPS[step].sources


def check_another(step: LoanStep, *, maker_id: int, checker_id: int, payer_id: int | None = None) -> None:
    """Two persons: whoever applied for a loan neither verifies, approves nor pays it out (`maker_is_checker`, 403; invariant I6).

    Whoever applied for it or paid it out does not end it either (`same_person`).
    """
    about = STEPS[step]
    if about.nor_payer and checker_id in (maker_id, payer_id):
        raise NotAllowed("same_person", step=step.value)
    if about.by_another and maker_id == checker_id:
        raise NotAllowed("maker_is_checker", step=step.value)


def check_verifier(role: Role, *, user_id: int, named_verifier_id: int | None) -> None:
    """Verified by the unit head, or by the officer whom the head named (`not_named_verifier`, 403; api-detail part 2)."""
    if role is not Role.HEAD and user_id != named_verifier_id:
        raise NotAllowed("not_named_verifier")
