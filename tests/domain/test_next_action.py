"""What comes next about a late loan: the table, row by row, as a unit head could read it out."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lending.domain.cases import AsideReason, ContactMeans, ContactOutcome, Promise, check_promise, check_step_day, next_contact
from lending.domain.collection import ShortReason
from lending.domain.next_action import RULES, NextAction, Situation, next_action
from lending.domain.refusals import Refusal

TODAY = date(2026, 11, 26)


def days_ago(n: int) -> date:
    return TODAY - timedelta(days=n)


def talked(n: int) -> dict[str, Any]:
    return {"contacted_on": days_ago(n), "contact_means": ContactMeans.CALL, "contact_outcome": ContactOutcome.TALKED}


def tried(n: int, times: int = 1) -> dict[str, Any]:
    return {"contacted_on": days_ago(n), "contact_outcome": ContactOutcome.NO_ANSWER, "unanswered": times}


def broken(n: int, before: int = 1) -> dict[str, Any]:
    return {"promise_on": days_ago(n), "promise_broken": True, "broken_before": before}


TABLE: tuple[tuple[str, int, dict[str, Any], NextAction], ...] = (
    # the first week: the lightest word first
    ("first_week", 1, {}, NextAction.MESSAGE),
    ("first_week", 7, {"reason": ShortReason.LUPA}, NextAction.MESSAGE),
    ("first_week_unanswered", 5, tried(2), NextAction.CALL),
    ("unreached", 6, tried(1, 2), NextAction.VISIT),
    ("no_phone", 3, {"has_phone": False}, NextAction.VISIT),
    ("unreached", 3, {"contacted_on": days_ago(1), "contact_outcome": ContactOutcome.WRONG_NUMBER, "unanswered": 1}, NextAction.VISIT),
    ("talked_without_promise", 4, talked(1), NextAction.PROMISE),
    ("talked_without_promise", 4, talked(0), NextAction.PROMISE),
    ("spoken_to_today", 4, tried(0), NextAction.WAIT),
    ("spoken_to_today", 20, {"visited_on": TODAY}, NextAction.WAIT),
    # what she promised is waited for; near it she is reminded once
    ("promise_ahead", 5, {"promise_on": TODAY + timedelta(days=2)}, NextAction.WAIT),
    ("promise_near", 5, {"promise_on": TODAY + timedelta(days=1)}, NextAction.MESSAGE),
    ("promise_near", 5, {"promise_on": TODAY}, NextAction.MESSAGE),
    ("promise_ahead", 5, {"promise_on": TODAY, "has_phone": False}, NextAction.WAIT),
    ("promise_ahead", 5, {"promise_on": TODAY, **talked(0)}, NextAction.WAIT),
    ("promise_broken", 9, broken(1), NextAction.CALL),
    ("promise_broken", 9, {**broken(1), **talked(3)}, NextAction.CALL),
    ("talked_without_promise", 9, {**broken(3), **talked(1)}, NextAction.PROMISE),
    ("promise_broken_unreached", 9, {**broken(3), **tried(1, 2)}, NextAction.VISIT),
    ("promises_broken", 9, broken(1, before=2), NextAction.VISIT),
    # weeks
    ("weeks", 8, {}, NextAction.CALL),
    ("weeks", 28, talked(8), NextAction.CALL),
    ("long_late", 29, {}, NextAction.VISIT),
    ("long_late", 70, {"visited_on": days_ago(15)}, NextAction.VISIT),
    ("visited_in_vain", 20, {"visited_on": days_ago(2)}, NextAction.RENTENG),
    ("group_cannot", 40, {"visited_on": days_ago(2), "renteng_on": days_ago(1)}, NextAction.PROPOSE),
    ("all_tried", 60, {"visited_on": days_ago(2), "renteng_on": days_ago(20), "declined_on": days_ago(9)}, NextAction.CALL),
    (
        "visited_lately",
        60,
        {"visited_on": days_ago(2), "renteng_on": days_ago(20), "declined_on": days_ago(9), "has_phone": False},
        NextAction.WAIT,
    ),
    # who needs time and not chasing
    ("hardship", 8, {"reason": ShortReason.SAKIT}, NextAction.PROPOSE),
    ("hardship", 40, {"reason": ShortReason.MUSIBAH}, NextAction.PROPOSE),
    ("first_week", 7, {"reason": ShortReason.SAKIT}, NextAction.MESSAGE),
    ("weeks", 8, {"reason": ShortReason.SAKIT, "declined_on": days_ago(30)}, NextAction.CALL),
    ("proposal_waits", 40, {"proposed_on": days_ago(2), "declined_on": days_ago(9)}, NextAction.WAIT),
    # what must not wait, and who is left alone
    ("threatened", 9, {**broken(1), "contacted_on": TODAY, "contact_outcome": ContactOutcome.THREATENED}, NextAction.INCIDENT),
    (
        "no_phone",
        9,
        {"contacted_on": days_ago(1), "contact_outcome": ContactOutcome.THREATENED, "incident_on": TODAY, "has_phone": False},
        NextAction.VISIT,
    ),
    ("set_aside", 90, {"aside": AsideReason.DISPUTE, **broken(2)}, NextAction.WAIT),
)  # fmt: skip


@pytest.mark.parametrize(("why", "days_late", "known", "action"), TABLE)
def test_the_next_action_and_its_reason(why: str, days_late: int, known: dict[str, Any], action: NextAction):
    assert next_action(Situation(TODAY, days_late, **known)) == (action, why)


def test_every_rule_stands_in_the_table_and_the_last_one_always_fits():
    assert {rule.why for rule in RULES} == {why for why, *_ in TABLE}
    assert RULES[-1].fits(Situation(TODAY, 1))


JAMBI = ZoneInfo("Asia/Jakarta")
CHRISTMAS = date(2026, 12, 25)


@pytest.mark.parametrize(
    ("at", "first"),
    [
        ((2026, 11, 26, 8, 0), (2026, 11, 26, 8, 0)),
        ((2026, 11, 26, 19, 59), (2026, 11, 26, 19, 59)),
        ((2026, 11, 26, 7, 59), (2026, 11, 26, 8, 0)),
        ((2026, 11, 26, 20, 0), (2026, 11, 27, 8, 0)),
        ((2026, 11, 28, 21, 0), (2026, 11, 30, 8, 0)),  # from Saturday evening to Monday
        ((2026, 11, 29, 12, 0), (2026, 11, 30, 8, 0)),
        ((2026, 12, 24, 20, 30), (2026, 12, 26, 8, 0)),  # Christmas is a Friday
        ((2026, 12, 25, 12, 0), (2026, 12, 26, 8, 0)),
    ],
)
def test_when_she_may_be_called_next(at: tuple[int, ...], first: tuple[int, ...]):
    assert next_contact(datetime(*at, tzinfo=JAMBI), {CHRISTMAS}) == datetime(*first, tzinfo=JAMBI)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("promise", "today", "paid", "is_broken"),
    [
        (Promise(days_ago(0), days_ago(3)), TODAY, 0, False),
        (Promise(days_ago(1), days_ago(3)), TODAY, 0, True),
        (Promise(days_ago(1), days_ago(3)), TODAY, 30_000, True),  # all that is late was promised, and she is late
        (Promise(days_ago(1), days_ago(3), 50_000), TODAY, 49_999, True),
        (Promise(days_ago(1), days_ago(3), 50_000), TODAY, 50_000, False),
    ],
)
def test_when_a_promise_of_a_late_loan_is_broken(promise: Promise, today: date, paid: int, is_broken: bool):
    assert promise.is_broken(today, paid) is is_broken


@pytest.mark.parametrize(
    ("days", "amount", "code"),
    [(0, None, None), (31, 1, None), (-1, None, "promise_too_early"), (32, None, "promise_too_far"),
     (1, 0, "too_small"), (1, 100_001, "promise_too_large"), (1, 100_000, None)],
)  # fmt: skip
def test_which_promises_make_sense(days: int, amount: int | None, code: str | None):
    def check() -> None:
        check_promise(TODAY + timedelta(days=days), amount, made_on=TODAY, left=100_000)

    if code is None:
        check()
        return
    with pytest.raises(Refusal) as no:
        check()
    assert no.value.code == code


@pytest.mark.parametrize(("days", "code"), [(0, None), (31, None), (32, "too_old"), (-1, "future_date")])
def test_how_old_a_step_may_be(days: int, code: str | None):
    if code is None:
        check_step_day(days_ago(days), TODAY)
        return
    with pytest.raises(Refusal) as no:
        check_step_day(days_ago(days), TODAY)
    assert no.value.code == code
