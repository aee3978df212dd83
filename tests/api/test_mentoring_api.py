"""Mentoring visits and repayment cards through the programs' door."""

import io
from datetime import timedelta
from typing import Any

import pypdf
import pytest

from lending import clock
from lending.queries import cards as questions
from tests.api.conftest import UUID, Village, refused
from tests.conftest import TODAY
from tests.makers import a_unit

sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def a_visit(village: Village, **other: Any) -> dict[str, Any]:
    return {
        "on": TODAY.isoformat(),
        "started_at": "2026-11-26T09:00:00+07:00",
        "ended_at": "2026-11-26T10:00:00+07:00",
        "place": "business",
        "group": village.group,
        "members": [village.members[0]],
        "topics": ["nib", "pembukuan"],
        "findings": "Warung ramai.\nBelum ada catatan.",
        "actions": [{"what": "Catat penjualan tiap hari", "owner": "member", "due": "2026-12-03"}],
        "previous": [],
        "fix": {"lat": -1.61023, "lon": 103.61389},
        **other,
    }


def test_a_visit_is_kept_once_and_what_was_agreed_is_followed(village: Village) -> None:
    officer, head = village["officer"], village["head"]
    body = a_visit(village)
    first = officer.ok(officer.put(f"/visits/{UUID.format(1)}", body), 201)
    assert (first["kept"], first["replay"], first["warnings"]) == (True, False, [])
    (action,) = first["actions"]
    assert (action["what"], action["owner"], action["due"], action["state"]) == (
        "Catat penjualan tiap hari",
        "member",
        "2026-12-03",
        "open",
    )
    assert officer.ok(officer.put(f"/visits/{UUID.format(1)}", dict(reversed(body.items())))) == {**first, "replay": True}
    assert refused(officer.put(f"/visits/{UUID.format(1)}", {**body, "findings": "lain"}))[:2] == (422, "key_reused")
    told = head.ok(head.get(f"/visits/{UUID.format(1)}"))
    assert (told["by"], told["group"], told["members"], told["topics"], told["photos"]) == (
        "officer",
        village.group,
        [village.members[0]],
        ["nib", "pembukuan"],
        [],
    )
    assert told["fix"] == {"lat": -1.61, "lon": 103.614}
    assert [visit["uuid"] for visit in head.ok(head.get(f"/visits?member={village.members[0]}"))["items"]] == [UUID.format(1)]
    assert head.ok(head.get(f"/visits?member={village.members[1]}"))["items"] == []
    clock.fix(TODAY + timedelta(days=10))
    (overdue,) = officer.ok(officer.get("/actions?state=overdue"))["items"]
    assert (overdue["id"], overdue["visit"], overdue["days"], overdue["member"]) == (action["id"], UUID.format(1), 3, village.members[0])
    later = a_visit(village, on="2026-12-06", actions=[])
    warned = officer.ok(officer.put(f"/visits/{UUID.format(2)}", later), 201)
    assert [warning["code"] for warning in warned["warnings"]] == ["open_actions_not_followed"]
    settled = {**later, "previous": [{"action": action["id"], "outcome": "done"}]}
    officer.ok(officer.put(f"/visits/{UUID.format(3)}", settled), 201)
    assert refused(officer.put(f"/visits/{UUID.format(4)}", settled))[0] == 409
    assert [item["state"] for item in officer.ok(officer.get("/actions"))["items"]] == ["done"]
    page = officer.ok(officer.get("/visits?limit=2"))
    rest = officer.ok(officer.get(f"/visits?limit=2&cursor={page['next']}"))
    assert [visit["on"] for visit in page["items"] + rest["items"]] == ["2026-12-06", "2026-12-06", "2026-11-26"]


@sqlite_only
def test_what_a_visit_may_not_be(village: Village) -> None:
    officer = village["officer"]

    def no(**other: Any) -> tuple[int, str, str | None]:
        return refused(officer.put(f"/visits/{UUID.format(1)}", a_visit(village, **other)))

    assert no(on=(TODAY + timedelta(days=1)).isoformat()) == (422, "future_date", "on")
    assert no(on=(TODAY - timedelta(days=32)).isoformat()) == (422, "too_old", "on")
    assert no(topics=["memasak"]) == (422, "not_a_choice", "topics.0")
    assert no(place="pasar") == (422, "not_a_choice", "place")
    assert no(trigger=None) == (400, "shape", "trigger")
    assert no(fix={"lat": 91, "lon": 0}) == (400, "shape", "fix.lat")
    assert no(fix={"lat": -1.6}) == (400, "required", "fix.lon")
    action = {"what": "x", "owner": "member", "due": TODAY.isoformat()}
    assert no(actions=[action] * 4)[:2] == (422, "too_many_actions")
    assert no(actions=[{**action, "due": (TODAY - timedelta(days=1)).isoformat()}])[::2] == (422, "actions.0.due")
    assert no(group=999_999)[0] == 404
    assert no(members=[999_999])[0] == 404
    assert no(previous=[{"action": 999_999, "outcome": "done"}])[0] == 404
    assert no(findings="x" * 2_001) == (400, "text", "findings")
    for wrong_role in ("head", "cashier", "auditor", "leader", "city", "admin"):
        if wrong_role != "leader":
            assert refused(village[wrong_role].put(f"/visits/{UUID.format(1)}", {}))[:2] == (403, "not_allowed")
    assert [topic["code"] for topic in officer.ok(officer.get("/topics"))["items"]][:1] == ["nib"]


def test_a_visit_of_somebody_elses_group_is_not_there(village: Village) -> None:
    officer = village["officer"]
    officer.ok(officer.put(f"/visits/{UUID.format(1)}", a_visit(village)), 201)
    a_unit("SRG", city="36.73", name="Kota Serang")
    for stranger in ("officer2", "srg-officer"):
        caller = village[stranger]
        assert refused(caller.get(f"/visits/{UUID.format(1)}")) == (404, "not_found", None)
        assert caller.ok(caller.get("/visits"))["items"] == []
        assert caller.ok(caller.get("/actions"))["items"] == []
        assert refused(caller.put(f"/visits/{UUID.format(9)}", a_visit(village)))[0] == 404
    assert refused(village["officer2"].put(f"/visits/{UUID.format(1)}", a_visit(village)))[:2] == (422, "key_reused")
    assert refused(village["srg-officer"].put(f"/visits/{UUID.format(1)}", a_visit(village)))[0] == 404


def test_a_card_is_a_paper_for_whoever_may_hold_it(village: Village) -> None:
    loan = village.loan(village.members[0])
    a_unit("SRG", city="36.73", name="Kota Serang")
    for holder in ("officer", "head", "cashier", "auditor"):
        answer = village[holder].get(f"/cards/{loan}.pdf")
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert answer.headers["Content-Disposition"] == f'inline; filename="kartu-{loan}.pdf"'
    pages = pypdf.PdfReader(io.BytesIO(village["officer"].get(f"/cards/{loan}.pdf?size=a4").get_data())).pages
    assert "Ibu A" in pages[0].extract_text()
    group = village["officer"].get(f"/groups/{village.group}/cards.pdf?loans={loan}")
    assert group.get_data().startswith(b"%PDF-")
    for stranger in ("officer2", "srg-head"):
        assert refused(village[stranger].get(f"/cards/{loan}.pdf")) == (404, "not_found", None)
    for wrong_role in ("city", "mentor", "admin"):
        assert refused(village[wrong_role].get(f"/cards/{loan}.pdf"))[:2] == (403, "not_allowed")
    assert refused(village["officer"].get("/cards/999999.pdf")) == (404, "not_found", None)
    assert refused(village["officer"].get("/cards/x.pdf")) == (404, "not_found", None)
    assert refused(village["officer"].get(f"/cards/{loan}.pdf?size=a3")) == (400, "shape", "size")
    assert refused(village["officer"].get(f"/groups/{village.group}/cards.pdf?loans=1;2")) == (400, "shape", "loans")
    assert refused(village["officer"].get(f"/groups/{village.group}/cards.pdf?loans=999999"))[0] == 404


def test_a_code_that_is_revoked_is_dead_and_the_next_print_has_another(village: Village) -> None:
    head, officer = village["head"], village["officer"]
    loan = village.loan(village.members[0])
    client = village.house.app.test_client()

    def code() -> str:
        return questions.card(village.house.actor("head"), loan, "http://localhost").check_code

    first = code()
    assert client.get(f"/v/{first}").status_code == 200
    assert refused(officer.post(f"/loans/{loan}/check-code/revoke", {"reason": "x"}))[:2] == (403, "not_allowed")
    assert refused(head.post(f"/loans/{loan}/check-code/revoke", {"reason": " "})) == (422, "reason_needed", "reason")
    assert head.ok(head.post(f"/loans/{loan}/check-code/revoke", {"reason": "kartu hilang"})) == {"loan": loan, "revoked": True}
    assert code() != first
    assert client.get(f"/v/{first}").status_code == 410
    assert client.get(f"/v/{code()}").status_code == 200
    body = {"member": village.members[1], "product": "MEKAAR", "principal": 2_000_000, "weeks": 50, "purpose": "warung"}
    waiting = officer.ok(officer.post("/loans", body), 201)["id"]
    assert refused(head.post(f"/loans/{waiting}/check-code/revoke", {"reason": "x"}))[:2] == (409, "wrong_state")
    assert refused(head.post("/loans/999999/check-code/revoke", {"reason": "x"})) == (404, "not_found", None)
