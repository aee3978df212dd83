"""Early warning: the signs, and the rules with how often each was right."""

from typing import cast

from lending.actions.warnings import set_rule
from lending.domain.access import Actor, Permission
from lending.domain.refusals import NotFound
from lending.domain.warnings import Rule, Sign
from lending.queries import warning_rates
from lending.queries import warnings as questions
from lending.queries.books import unit_asked
from lending.web.api.door import Column
from lending.web.api.messages import warnings as messages
from lending.web.api.messages.fields import Page, or_none
from lending.web.api.paging import Window

column = Column("warnings", "Signs that come before arrears")


@column.call("GET", "/warnings", needs=Permission.SEE_ARREARS)
def warnings(by: Actor, asked: messages.WarningsAsked, window: Window) -> Page[messages.EarlyWarning]:
    """Women and groups who show a sign at the end of a day, each with the facts it rests on.

    A woman who is later than a week already is not among them: she stands on the worklist.
    """
    found = questions.warnings(by, or_none(asked.on), officer=or_none(asked.officer), group_id=or_none(asked.group))
    items = [
        messages.EarlyWarning(
            sign=one.sign,
            since=one.since,
            group=one.group.id,
            group_name=one.group.name,
            officer=one.group.officer,
            loan=one.loan.id if one.loan else None,
            member=one.loan.member_id if one.loan else None,
            name=one.loan.member_name if one.loan else None,
            number=one.loan.member_number if one.loan else None,
            days_late=one.loan.days_late if one.loan else 0,
            outstanding_principal=one.loan.outstanding_principal if one.loan else 0,
            because=[_because(fact) for fact in one.because],
        )
        for one in sorted(found, key=lambda one: (one.group.id, one.loan.id if one.loan else 0, one.sign))
        if one.sign == (or_none(asked.sign) or one.sign)
    ]
    return window.cut(items, lambda one: (one.group, one.loan or 0, one.sign.value))


def _because(fact: questions.Because) -> messages.Because:
    return messages.Because(
        on=fact.on,
        what=cast("messages.What", fact.what),
        amount=fact.amount,
        attendance=fact.attendance.value if fact.attendance else None,
        reason=fact.reason.value if fact.reason else None,
        share_before=fact.fall.before_bp if fact.fall else None,
        share_now=fact.fall.now_bp if fact.fall else None,
    )


@column.call("GET", "/warning-rules", needs=Permission.SEE_ARREARS)
def rules(by: Actor, asked: messages.RulesAsked, window: Window) -> Page[messages.WarningRule]:
    """Each rule of a unit as it holds today, and what it would have been worth over the half year that ended four weeks ago."""
    items = [
        messages.WarningRule(
            sign=one.rule.sign,
            watched=one.rule.watched,
            numbers=dict(one.rule.numbers),
            signs=one.signs,
            right=one.right,
            others=one.others,
            others_late=one.others_late,
        )
        for one in warning_rates.rates(by, unit_asked(by, or_none(asked.unit))[0])
    ]
    return window.cut(items, lambda one: (one.sign.value,))


@column.call("POST", "/warning-rules/{sign}", needs=Permission.SET_WARNINGS)
def change(by: Actor, sign: str, body: messages.NewRule) -> messages.RuleKept:
    """Watch for a sign from these numbers on, from today. A sign that nobody knows is 404."""
    if sign not in set(Sign):
        raise NotFound
    rule = Rule(Sign(sign), body.watched, body.numbers)
    changed = set_rule(rule, by, reason=body.reason)
    return messages.RuleKept(sign=rule.sign, watched=rule.watched, numbers=dict(rule.numbers), changed=changed)
