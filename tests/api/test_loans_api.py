"""A loan through the programs' door: from the proposal to the money in her hand, and every no on the way."""

from datetime import timedelta
from typing import Any

import pytest

from lending import clock
from tests.api.conftest import Village, refused
from tests.api.test_records_api import lent
from tests.conftest import TODAY
from tests.makers import a_group, a_unit, some_members

__all__ = ["lent"]

sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def proposal(village: Village, **other: Any) -> dict[str, Any]:
    return {"member": village.members[0], "product": "MEKAAR", "principal": 2_000_000, "weeks": 50, "purpose": "warung sembako", **other}


def applied(village: Village, **other: Any) -> int:
    officer = village["officer"]
    return int(officer.ok(officer.post("/loans", proposal(village, **other)), 201)["id"])


def test_a_loan_goes_from_proposal_to_disbursement(village: Village) -> None:
    officer, head, cashier = village["officer"], village["head"], village["cashier"]
    loan = officer.ok(officer.post("/loans", proposal(village)), 201)
    assert (loan["state"], loan["cycle"], loan["member"], loan["group"]) == ("applied", 1, village.members[0], village.group)
    assert (loan["principal"], loan["margin"], loan["total"], loan["instalment"]) == (2_000_000, 500_000, 2_500_000, 50_000)
    assert (loan["first_due"], loan["next_due"], loan["paid"], loan["outstanding_total"], loan["instalments"]) == (None, None, 0, 0, [])
    at = f"/loans/{loan['id']}"
    assert officer.ok(officer.post(f"{at}/recommend", {"in_favour": 6, "present": 10}))["state"] == "recommended"
    assert head.ok(head.post(f"{at}/verify"))["state"] == "verified"
    assert head.ok(head.post(f"{at}/approve", {}))["state"] == "approved"
    running = cashier.ok(cashier.post(f"{at}/disburse", {"on": TODAY.isoformat(), "confirmed_by_member": True}))
    assert (running["state"], running["outstanding_principal"], running["outstanding_total"]) == ("running", 2_000_000, 2_500_000)
    assert (running["first_due"], running["next_due"], running["days_late"], running["overdue"], running["class"]) == (
        "2026-12-03",
        "2026-12-03",
        0,
        0,
        "lancar",
    )
    assert len(running["instalments"]) == 50
    assert running["instalments"][0] == {
        "number": 1,
        "due_on": "2026-12-03",
        "principal": 40_000,
        "margin": 10_000,
        "total": 50_000,
        "paid": 0,
    }
    assert sum(row["total"] for row in running["instalments"]) == 2_500_000
    listed = officer.ok(officer.get(f"/loans?member={village.members[0]}&group={village.group}&state=running"))
    assert listed["next"] is None
    (item,) = listed["items"]
    of_one = {"instalments", "settled", "written_off", "recovered", "cleared"}
    assert item == {name: value for name, value in running.items() if name not in of_one}
    for step in ("recommend", "verify", "approve", "disburse"):
        body = {"recommend": {"in_favour": 6, "present": 10}, "disburse": {"confirmed_by_member": True}}.get(step, {})
        who = {"recommend": officer, "disburse": cashier}.get(step, head)
        assert refused(who.post(f"{at}/{step}", body))[:2] == (409, "wrong_state")


@sqlite_only
def test_what_the_rules_refuse_has_its_code_and_its_field(village: Village) -> None:
    officer = village["officer"]

    def no(**other: Any) -> tuple[int, str, str | None]:
        return refused(officer.post("/loans", proposal(village, **other)))

    assert no(principal=2_000_001) == (422, "principal_not_offered", "principal")
    assert no(principal=0) == (422, "principal_not_offered", "principal")
    assert no(principal=10**14)[:2] == (422, "principal_not_offered")
    assert no(weeks=33) == (422, "weeks_not_offered", "weeks")
    assert no(weeks=0) == (422, "weeks_not_offered", "weeks")
    assert no(product="EMAS")[0] == 422
    assert no(member=999_999) == (404, "not_found", None)
    assert no(principal=-1) == (400, "shape", "principal")
    assert no(principal=2_000_000.0) == (400, "shape", "principal")
    assert no(principal="2000000") == (400, "shape", "principal")
    assert no(purpose="x" * 201) == (400, "text", "purpose")
    assert no(status="approved") == (400, "unknown_field", "status")
    body = proposal(village)
    del body["weeks"]
    assert refused(officer.post("/loans", body)) == (400, "required", "weeks")
    applied(village)
    assert no()[1] == "loan_running"


@sqlite_only
def test_the_vote_the_amount_and_the_reasons_must_make_sense(village: Village) -> None:
    officer, head, cashier = village["officer"], village["head"], village["cashier"]
    at = f"/loans/{applied(village, principal=3_000_000)}"
    for in_favour, present, field in (
        (5, 10, "in_favour"),
        (11, 10, "in_favour"),
        (4, 4, "present"),
        (11, 11, "present"),
        (0, 0, "present"),
    ):
        status, _, blamed = refused(officer.post(f"{at}/recommend", {"in_favour": in_favour, "present": present}))
        assert (status, blamed) == (422, field)
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert refused(officer.post(f"{at}/recommend", {"in_favour": 10, "present": 10, "on": tomorrow})) == (422, "future_date", "on")
    officer.ok(officer.post(f"{at}/recommend", {"in_favour": 10, "present": 10}))
    head.ok(head.post(f"{at}/verify"))
    assert refused(head.post(f"{at}/approve", {"principal": 3_500_000}))[:2] == (422, "more_than_asked")
    assert refused(head.post(f"{at}/approve", {"principal": 2_300_000}))[:2] == (422, "principal_not_offered")
    assert head.ok(head.post(f"{at}/approve", {"principal": 2_500_000}))["total"] == 3_125_000
    on = TODAY.isoformat()
    assert refused(cashier.post(f"{at}/disburse", {"on": on, "confirmed_by_member": False})) == (
        422,
        "not_confirmed",
        "confirmed_by_member",
    )
    assert refused(cashier.post(f"{at}/disburse", {"on": on})) == (400, "required", "confirmed_by_member")
    wrong = {"on": on, "confirmed_by_member": True, "first_due": "2026-12-04"}
    assert refused(cashier.post(f"{at}/disburse", wrong)) == (422, "first_due_not_a_meeting", "first_due")
    later = {"on": on, "confirmed_by_member": True, "first_due": "2026-12-10"}
    assert cashier.ok(cashier.post(f"{at}/disburse", later))["first_due"] == "2026-12-10"


@sqlite_only
def test_a_group_with_a_loan_far_behind_gets_no_new_one(lent: tuple[Village, dict[int, int]]) -> None:
    village, loans = lent
    officer = village["officer"]
    newcomer = next(member for member in village.members if member not in loans)
    for days, told in ((28, (201, None)), (29, (422, "group_in_arrears"))):
        clock.fix(TODAY + timedelta(days=7 + days))
        answer = officer.post("/loans", proposal(village, member=newcomer))
        if told[0] == 201:
            officer.ok(officer.post(f"/loans/{officer.ok(answer, 201)['id']}/cancel", {"reason": "coba"}))
        else:
            assert refused(answer) == (422, "group_in_arrears", None)
            assert "Allow" not in answer.headers


def test_a_proposal_can_be_withdrawn_or_refused_with_a_reason(village: Village) -> None:
    officer, head = village["officer"], village["head"]
    first = applied(village)
    assert refused(officer.post(f"/loans/{first}/cancel")) == (400, "required", "reason")
    assert officer.ok(officer.post(f"/loans/{first}/cancel", {"reason": "pindah rumah"}))["state"] == "cancelled"
    second = applied(village)
    assert refused(officer.post(f"/loans/{second}/reject", {"reason": "x"}))[0] == 403
    assert head.ok(head.post(f"/loans/{second}/reject", {"reason": "usaha belum jalan"}))["state"] == "rejected"
    assert refused(head.post(f"/loans/{second}/approve"))[:2] == (409, "wrong_state")


@sqlite_only
def test_the_maker_is_never_the_checker_but_a_named_officer_may_verify(village: Village) -> None:
    officer, head = village["officer"], village["head"]
    other = village["officer2"]
    loan = applied(village)
    officer.ok(officer.post(f"/loans/{loan}/recommend", {"in_favour": 10, "present": 10}))
    assert refused(officer.post(f"/loans/{loan}/verify"))[:2] == (403, "maker_is_checker")
    assert refused(head.post(f"/loans/{loan}/verifier", {"officer": "officer"}))[:2] == (403, "maker_is_checker")
    assert refused(head.post(f"/loans/{loan}/verifier", {"officer": "nobody"}))[0] == 404
    head.ok(head.post(f"/loans/{loan}/verifier", {"officer": "officer2"}))
    assert other.ok(other.post(f"/loans/{loan}/verify"))["state"] == "verified"


def test_roles_and_rows_that_are_not_hers(village: Village) -> None:
    loan = applied(village)
    a_unit("SRG", city="36.73", name="Kota Serang")
    vote = {"in_favour": 10, "present": 10}
    for stranger in ("officer2", "srg-officer", "srg-head"):
        assert refused(village[stranger].get(f"/loans/{loan}")) == (404, "not_found", None)
        assert village[stranger].ok(village[stranger].get("/loans"))["items"] == []
    assert refused(village["officer2"].post(f"/loans/{loan}/recommend", vote)) == (404, "not_found", None)
    missing, foreign = (village["officer2"].get(f"/loans/{number}").get_json() for number in (999_999, loan))
    assert missing == foreign
    for wrong_role in ("city", "admin", "mentor"):
        assert refused(village[wrong_role].get(f"/loans/{loan}"))[:2] == (403, "not_allowed")
    for wrong_role in ("head", "cashier", "auditor", "city", "admin"):
        assert refused(village[wrong_role].post("/loans", {"broken": 1}))[:2] == (403, "not_allowed")
    assert refused(village["officer"].post(f"/loans/{loan}/approve"))[:2] == (403, "not_allowed")
    assert refused(village["auditor"].post(f"/loans/{loan}/disburse", {"confirmed_by_member": True}))[:2] == (403, "not_allowed")
    assert village["auditor"].ok(village["auditor"].get(f"/loans/{loan}"))["id"] == loan


@sqlite_only
def test_a_loan_is_told_as_of_any_day_that_has_come(village: Village) -> None:
    officer = village["officer"]
    loan = village.loan(village.members[0])
    assert officer.ok(officer.get(f"/loans/{loan}?on={TODAY}"))["state"] == "running"
    assert refused(officer.get(f"/loans/{loan}?on={TODAY + timedelta(days=1)}")) == (422, "future_date", "on")
    assert refused(officer.get(f"/loans/{loan}?on=2026-02-30")) == (400, "shape", "on")
    assert refused(officer.get(f"/loans/{loan}?on={TODAY - timedelta(days=1)}"))[0] == 404


def test_as_of_a_day_before_the_money_nothing_of_it_is_known(village: Village) -> None:
    officer, head, cashier = village["officer"], village["head"], village["cashier"]
    at = f"/loans/{applied(village)}"
    officer.ok(officer.post(f"{at}/recommend", {"in_favour": 6, "present": 10}))
    head.ok(head.post(f"{at}/verify"))
    approved = head.ok(head.post(f"{at}/approve", {}))
    morrow = TODAY + timedelta(days=1)
    clock.fix(morrow)
    running = cashier.ok(cashier.post(f"{at}/disburse", {"confirmed_by_member": True}))
    assert running["disbursed_on"] == morrow.isoformat()
    assert officer.ok(officer.get(f"{at}?on={TODAY}")) == approved


@sqlite_only
def test_two_groups_of_one_officer_do_not_mix(village: Village) -> None:
    actor = village.house.actor("officer")
    other = a_group(actor, name="Kenanga", first_meeting=TODAY + timedelta(days=1))
    some_members(other, actor, 3)
    loan = applied(village)
    officer = village["officer"]
    assert [item["id"] for item in officer.ok(officer.get(f"/loans?group={village.group}"))["items"]] == [loan]
    assert officer.ok(officer.get(f"/loans?group={other}"))["items"] == []
    assert refused(officer.get("/loans?state=lunas")) == (400, "shape", "state")


def test_what_is_left_is_put_on_new_days(village: Village) -> None:
    officer, head = village["officer"], village["head"]
    loan = village.loan(village.members[0])
    clock.fix(TODAY + timedelta(days=21))
    before = head.ok(head.get(f"/loans/{loan}"))
    assert (before["restructured"], before["days_late"]) == (None, 14)
    days = [item["planned_on"] for item in officer.ok(officer.get(f"/groups/{village.group}/calendar"))["items"]]
    ahead = [day for day in days if day > (TODAY + timedelta(days=21)).isoformat()]
    rows = [{"due_on": ahead[1], "total": 1_500_000}, {"due_on": ahead[4], "total": 1_000_000}]
    at, why = f"/loans/{loan}/restructure", {"reason": "sakit"}
    assert refused(officer.post(at, {**why, "weeks": 50}))[:2] == (403, "not_allowed")
    assert refused(head.post(at, {**why, "schedule": rows[:1]})) == (422, "schedule_differs", "schedule")
    assert refused(head.post(at, why)) == (400, "required", "schedule")
    assert refused(head.post(at, {**why, "weeks": 50, "schedule": rows})) == (400, "shape", "schedule")
    past = [{"due_on": days[0], "total": 2_500_000}]
    assert refused(head.post(at, {**why, "schedule": past})) == (422, "not_a_meeting", "schedule.0.due_on")
    assert refused(head.post(at, {**why, "schedule": [{"due_on": ahead[0], "total": 1.5}]})) == (400, "shape", "schedule.0.total")
    after = head.ok(head.post(at, {**why, "schedule": rows}))
    assert (after["state"], after["restructured"]) == ("restructured", {"on": "2026-12-17", "clean_payments": 0})
    assert [(row["due_on"], row["total"], row["paid"]) for row in after["instalments"]] == [
        (row["due_on"], row["total"], 0) for row in rows
    ]
    same = ("principal", "margin", "total", "weeks", "instalment", "first_due", "paid", "outstanding_principal", "outstanding_total")
    assert [after[name] for name in same] == [before[name] for name in same]
    assert (after["next_due"], after["days_late"], after["overdue"]) == (before["next_due"], 14, 0)
    assert refused(head.post(at, {**why, "schedule": rows}))[:2] == (409, "wrong_state")
    (item,) = head.ok(head.get("/loans?state=restructured"))["items"]
    assert (item["id"], item["restructured"]) == (loan, after["restructured"])
    (row,) = head.ok(head.get("/portfolio?by=unit"))["items"]
    assert set(row["par"].values()) == {2_000_000}
