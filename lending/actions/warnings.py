"""Changing how a unit watches for the signs that come before arrears."""

from lending import clock
from lending.actions.audit import note
from lending.database import lock, session, transaction
from lending.domain.access import Actor, Permission
from lending.domain.reasons import check_reason
from lending.domain.refusals import NotFound
from lending.domain.warnings import Rule, check_rule
from lending.models import Unit, WarningRule
from lending.queries import warnings


def set_rule(rule: Rule, by: Actor, *, reason: str) -> bool:
    """Watch for a sign from these numbers on, from today, in the head's unit; False where it was watched so already, and nothing is kept.

    Refused: what `check_rule` says, `reason_missing`.
    """
    by.require(Permission.SET_WARNINGS)
    if by.unit_id is None:
        raise NotFound
    with transaction():
        lock(Unit.id, by.unit_id)
        check_rule(rule)
        before = warnings.rules(by.unit_id, by.today)[rule.sign]
        if before == rule:
            return False
        check_reason(reason)
        now = clock.now()
        session.add(
            WarningRule(
                unit_id=by.unit_id,
                sign=rule.sign,
                from_on=by.today,
                watched=rule.watched,
                numbers=dict(rule.numbers),
                reason=reason,
                recorded_at=now,
                actor_id=by.user_id,
            )
        )
        said = {"watched": rule.watched, **rule.numbers}
        was = {"watched": before.watched, **before.numbers}
        note(by, "warnings.set_rule", f"warning:{rule.sign.value}", at=now, before=was, after=said, reason=reason)
        return True
