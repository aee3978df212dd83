"""Accounts of people through the programs' door: another role or unit, shut out, let in again."""

from typing import Any

import pytest

from tests.api.conftest import House, Village, refused
from tests.api.test_me import signed_in

sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def change(house: House, username: str, **told: Any):
    admin = house["admin"]
    return admin.call("PATCH", f"/users/{username}", json=told)


def test_a_role_is_changed_and_the_next_request_obeys(house: House) -> None:
    admin, mentor = house["admin"], house["mentor"]
    browser = signed_in(house, "officer")
    assert mentor.get("/audit").status_code == 403
    now = admin.ok(change(house, "mentor", role="auditor", unit=None))
    assert now == {
        "username": "mentor", "name": "Mentor", "role": "auditor", "unit": None, "member": None, "active": True,
        "sessions_ended": 0, "tokens_revoked": 0, "warnings": [],
    }  # fmt: skip
    assert mentor.get("/audit").status_code == 200, "a program's token obeys with its person"
    assert mentor.ok(mentor.get("/me"))["roles"] == ["auditor"]
    assert admin.ok(change(house, "officer", role="cashier"))["sessions_ended"] == 1
    assert refused(browser.get("/api/v1/me"))[:2] == (401, "session_revoked")
    assert signed_in_again(house, "officer") == ["cashier"]


def signed_in_again(house: House, username: str) -> Any:
    return signed_in(house, username).get("/api/v1/me").get_json()["roles"]


def test_who_is_shut_out_hears_it_and_so_do_her_programs(house: House) -> None:
    admin, mentor = house["admin"], house["mentor"]
    browser = signed_in(house, "mentor")
    gone = admin.ok(change(house, "mentor", active=False))
    assert (gone["active"], gone["sessions_ended"], gone["tokens_revoked"]) == (False, 1, 1)
    assert refused(browser.get("/api/v1/me"))[:2] == (401, "account_closed")
    assert refused(mentor.get("/me"))[0] == 401
    again = admin.ok(change(house, "mentor", active=False))
    assert (again["active"], again["sessions_ended"], again["tokens_revoked"]) == (False, 0, 0)
    assert admin.ok(change(house, "mentor", active=True))["active"] is True
    assert refused(mentor.get("/me"))[0] == 401, "a key that was revoked opens nothing again"
    assert signed_in_again(house, "mentor") == ["mentor"]


def test_an_officer_who_still_serves_is_refused_with_what_to_do(village: Village) -> None:
    admin, head = village["admin"], village["head"]
    village.house.actor("officer2")
    answer = change(village.house, "officer", active=False)
    assert refused(answer) == (422, "serves_groups", "active")
    assert "masih memegang 1 kelompok" in answer.get_json()["detail"]
    head.ok(head.post(f"/groups/{village.group}/officer", {"officer": "officer2", "from": "2026-11-26", "reason": "pindah"}))
    assert admin.ok(change(village.house, "officer", active=False))["active"] is False
    no = head.post(f"/groups/{village.group}/officer", {"officer": "officer", "from": "2026-11-26", "reason": "kembali"})
    assert refused(no) == (422, "not_an_officer", "officer")


@sqlite_only
def test_what_a_change_may_not_be(house: House) -> None:
    house.actor("mentor")
    assert refused(change(house, "admin", role="auditor")) == (403, "own_account", None)
    assert refused(change(house, "nobody", role="auditor")) == (404, "not_found", None)
    assert refused(change(house, "sistem", active=True)) == (404, "not_found", None)
    assert refused(change(house, "mentor", role="queen")) == (422, "not_a_choice", "role")
    assert refused(change(house, "mentor", unit="ZZZ")) == (404, "not_found", "unit")
    assert refused(change(house, "mentor", unit=None)) == (422, "unit_needed", "unit")
    assert refused(change(house, "mentor", role="leader")) == (422, "member_needed", "member")
    assert refused(change(house, "mentor", member="JMB-0001-01"))[0] == 404
    for field in ("role", "active", "member"):
        assert refused(change(house, "mentor", **{field: None})) == (400, "shape", field)
    assert refused(change(house, "mentor", password="x")) == (400, "unknown_field", "password")
    assert house["admin"].ok(change(house, "mentor"))["role"] == "mentor", "nothing said, nothing changed"
    for wrong_role in ("officer", "head", "cashier", "auditor", "city"):
        assert refused(house[wrong_role].call("PATCH", "/users/mentor", json={"active": False}))[:2] == (403, "not_allowed")
