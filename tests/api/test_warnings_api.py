"""Early warning through the programs' door: the signs with their facts, the rules with their worth, and a rule changed."""

import pytest

from tests.api.conftest import Village, refused

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

WEAK = {"watched": True, "numbers": {"meetings": 3}, "reason": "terlalu sering"}


def test_a_unit_without_meetings_shows_no_sign_and_has_the_usual_rules(village: Village) -> None:
    head = village["head"]
    assert head.ok(head.get("/warnings")) == {"items": [], "next": None}
    rules = {one["sign"]: one for one in head.ok(head.get("/warning-rules"))["items"]}
    assert rules["weak_payments"] == {
        "sign": "weak_payments", "watched": True, "numbers": {"meetings": 2}, "signs": 0, "right": 0, "others": 0, "others_late": 0,
    }  # fmt: skip
    assert set(rules) == {"weak_payments", "absences", "represented", "other_lender", "leader_changed", "own_payment_falling"}


def test_the_head_changes_a_rule_and_sending_it_again_changes_nothing(village: Village) -> None:
    head = village["head"]
    kept = {"sign": "weak_payments", "watched": True, "numbers": {"meetings": 3}}
    assert head.ok(head.post("/warning-rules/weak_payments", WEAK)) == {**kept, "changed": True}
    assert head.ok(head.post("/warning-rules/weak_payments", WEAK)) == {**kept, "changed": False}
    changes = [row["reason"] for row in head.ok(head.get("/audit?what=warnings.set_rule"))["items"]]
    assert changes == ["terlalu sering"]


def test_who_may_and_what_is_refused(village: Village) -> None:
    head, officer, cashier = village["head"], village["officer"], village["cashier"]
    assert refused(officer.post("/warning-rules/weak_payments", WEAK))[0] == 403
    assert refused(cashier.get("/warnings"))[0] == 403
    assert refused(head.post("/warning-rules/moons", WEAK))[0] == 404
    assert refused(head.post("/warning-rules/weak_payments", {**WEAK, "numbers": {"meetings": 1}})) == (
        422,
        "out_of_range",
        "numbers.meetings",
    )
    assert refused(head.post("/warning-rules/weak_payments", {**WEAK, "reason": ""})) == (422, "reason_needed", "reason")
    assert refused(head.get("/warnings?on=2030-01-01"))[:2] == (422, "future_date")
