"""A new version of a rule of risk: quality classes with their tolerances, and what each class or bucket asks to be set aside."""

from datetime import date

from sqlalchemy import select

from lending import clock
from lending.actions.audit import note
from lending.actions.once import first_wins
from lending.database import session, transaction
from lending.domain.access import Actor, Permission
from lending.domain.reasons import check_reason
from lending.domain.refusals import Conflict, Gathered, NotFound
from lending.domain.risk_rules import CODES, Terms, check_terms, check_valid_from
from lending.models import RiskRule


def add_version(code: str, valid_from: date, terms: Terms, by: Actor, *, reason: str) -> int:
    """Let this rule be so from a day on, for every unit; what was before stays as it was. Its id.

    Refused: `not_found` (no such rule), `from_tomorrow`, what `check_terms` says, `reason_needed`, `rule_version_taken` (409, this rule has
    a version from that day).
    """
    by.require(Permission.MANAGE_ADMIN)
    if code not in CODES:
        raise NotFound
    with transaction():
        faults = Gathered()
        with faults:
            check_valid_from(valid_from, by.today)
        with faults:
            check_terms(code, terms)
        with faults:
            check_reason(reason)
        faults.refuse()
        if session.scalar(select(RiskRule.id).where(RiskRule.code == code, RiskRule.valid_from == valid_from)) is not None:
            raise Conflict("rule_version_taken", at="valid_from", on=valid_from)
        newest = select(RiskRule.terms).where(RiskRule.code == code, RiskRule.valid_from < valid_from)
        before = session.scalar(newest.order_by(RiskRule.valid_from.desc()).limit(1))
        now = clock.now()
        row = RiskRule(code=code, valid_from=valid_from, terms=dict(terms), reason=reason, recorded_at=now, actor_id=by.user_id)
        with first_wins("rule_version_taken", at="valid_from", on=valid_from):
            session.add(row)
            session.flush()
        after = {"code": code, "valid_from": valid_from, **terms}
        note(by, "admin.add_risk_rule", f"risk_rule:{row.id}", at=now, before=before, after=after, reason=reason)
        return row.id
