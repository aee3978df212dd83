"""Why somebody did it: acts that others must be able to follow ask for a reason, and blanks are none."""

from lending.domain.refusals import Refusal


def check_reason(reason: str, at: str = "reason") -> None:
    """Refuse (`reason_needed`) a reason that says nothing."""
    if not reason.strip():
        raise Refusal("reason_needed", at=at)
