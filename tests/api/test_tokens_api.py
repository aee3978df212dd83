"""Programs' tokens through their own door: given out, held to what they may, dead after their day, revoked."""

from datetime import timedelta
from typing import Any

import pytest

from lending import clock
from tests.api.conftest import Caller, House, refused
from tests.conftest import TODAY

sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

TOMORROW = TODAY + timedelta(days=1)


def made(house: House, username: str | None = None, scope: str = "read") -> tuple[Caller, dict[str, Any]]:
    admin = house["admin"]
    body = {"scope": scope, "expires_on": TOMORROW.isoformat(), **({"username": username} if username else {})}
    said = admin.ok(admin.post("/tokens", body), 201)
    return Caller(house.app.test_client(), said.pop("token")), said


def test_a_token_that_reads_asks_everything_and_changes_nothing(house: House) -> None:
    house.actor("officer")
    program, said = made(house, "officer")
    assert {name: said[name] for name in ("username", "scope", "expires_on", "used_on", "revoked_at")} == {
        "username": "officer", "scope": "read", "expires_on": TOMORROW.isoformat(), "used_on": None, "revoked_at": None,
    }  # fmt: skip
    assert program.ok(program.get("/me"))["username"] == "officer"
    assert program.get("/groups.csv").status_code == 200
    program.ok(program.post("/quote", {"principal": 2_000_000, "weeks": 50}))
    program.ok(program.post("/members/search", {"name": "siti"}))
    assert refused(program.post("/groups", {})) == (403, "token_reads_only", None)
    assert refused(program.post("/cash/declarations", {})) == (403, "token_reads_only", None)
    assert refused(program.post("/tokens", {}))[:2] == (403, "not_allowed"), "what her role may not is said first"
    writer, _ = made(house, "officer", "write")
    assert refused(writer.post("/groups", {})) == (400, "required", "name")


def test_without_a_name_it_acts_as_whoever_asks(house: House) -> None:
    program, said = made(house, scope="write")
    assert said["username"] == "admin"
    again = program.ok(program.post("/tokens", {"scope": "read", "expires_on": TODAY.isoformat()}), 201)
    listed = program.ok(program.get("/tokens?username=admin"))["items"]
    assert [one["id"] for one in listed][-2:] == [said["id"], again["id"]]
    assert all("token" not in one for one in listed)
    assert listed[-2]["used_on"] == TODAY.isoformat()


def test_a_token_ends_with_its_day(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.actor("auditor")
    program, _ = made(house, "auditor")
    for days, status in ((1, 200), (2, 401)):
        monkeypatch.setattr(clock, "today", lambda zone, days=days: TODAY + timedelta(days=days))
        assert program.get("/me").status_code == status
    answer = program.get("/me")
    assert refused(answer) == (401, "token_ended", None)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_token_is_dead_at_its_next_request(house: House) -> None:
    admin = house["admin"]
    house.actor("auditor")
    program, said = made(house, "auditor")
    program.ok(program.get("/me"))
    gone = admin.ok(admin.call("DELETE", f"/tokens/{said['id']}"))
    assert (gone["id"], gone["used_on"]) == (said["id"], TODAY.isoformat())
    assert gone["revoked_at"] is not None
    assert refused(program.get("/me")) == (401, "token_ended", None)
    assert admin.ok(admin.call("DELETE", f"/tokens/{said['id']}")) == gone, "ended again, it ended once"


@sqlite_only
def test_what_a_token_may_not_be(house: House) -> None:
    admin = house["admin"]
    body = {"scope": "read", "expires_on": TOMORROW.isoformat()}
    assert refused(admin.post("/tokens", {**body, "scope": "all"})) == (422, "not_a_choice", "scope")
    assert refused(admin.post("/tokens", {**body, "expires_on": "2026-11-25"})) == (422, "in_the_past", "expires_on")
    assert refused(admin.post("/tokens", {**body, "expires_on": "2026-11-31"})) == (400, "shape", "expires_on")
    assert refused(admin.post("/tokens", {"scope": "read"})) == (400, "required", "expires_on")
    assert refused(admin.post("/tokens", {**body, "username": "nobody"})) == (404, "not_found", "username")
    assert refused(admin.call("DELETE", "/tokens/999999")) == (404, "not_found", None)
    for wrong_role in ("officer", "head", "cashier", "auditor", "mentor", "city"):
        caller = house[wrong_role]
        for answer in (caller.post("/tokens", body), caller.get("/tokens"), caller.call("DELETE", "/tokens/1")):
            assert refused(answer)[:2] == (403, "not_allowed")
