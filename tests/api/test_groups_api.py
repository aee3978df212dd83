"""Groups, their women and their calendars through the programs' door."""

from datetime import date, timedelta
from typing import Any

import pytest

from lending import clock
from tests.api.conftest import House, Village, refused
from tests.conftest import TODAY
from tests.makers import a_nik, a_unit

sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

NEXT = date(2026, 12, 3)


def a_new_group(**other: Any) -> dict[str, Any]:
    return {
        "name": "Melati 07",
        "kelurahan": "15.71.01.1004",
        "weekday": 4,
        "time": "09:00",
        "place": "Rumah Ibu Sari",
        "officer": "officer",
        "first_meeting": NEXT.isoformat(),
        **other,
    }


def a_woman(**other: Any) -> dict[str, Any]:
    return {
        "name": "Siti Nurhaliza",
        "nik": a_nik(date(1990, 5, 17)),
        "birth_date": "1990-05-17",
        "address": "Jl. Melati 7",
        "rt": "1",
        "rw": "2",
        "kelurahan": "15.71.01.1004",
        "consents": ["credit", "group"],
        **other,
    }


def test_a_group_is_formed_and_told_again(house: House) -> None:
    officer = house["officer"]
    group = officer.ok(officer.post("/groups", a_new_group()), 201)
    assert group == {
        "id": group["id"],
        "code": "JMB-0001",
        "name": "Melati 07",
        "unit": "JMB",
        "kelurahan": "15.71.01.1004",
        "weekday": 4,
        "time": "09:00",
        "place": "Rumah Ibu Sari",
        "officer": "officer",
        "mentor": None,
        "leader": None,
        "members": [],
        "warnings": [],
    }
    told = officer.ok(officer.get(f"/groups/{group['id']}"))
    assert told == {name: value for name, value in group.items() if name != "warnings"}
    listed = officer.ok(officer.get("/groups"))
    assert listed == {"items": [{name: value for name, value in told.items() if name != "members"}], "next": None}
    calendar = officer.ok(officer.get(f"/groups/{group['id']}/calendar"))
    assert calendar["next"] is None
    assert len(calendar["items"]) >= 60
    first = calendar["items"][0]
    assert first == {
        "id": first["id"],
        "seq": 1,
        "planned_on": "2026-12-03",
        "original_on": "2026-12-03",
        "state": "planned",
        "reason": None,
    }
    assert [item["seq"] for item in calendar["items"]] == list(range(1, len(calendar["items"]) + 1))


@sqlite_only
def test_what_a_group_may_not_be(house: House) -> None:
    officer = house["officer"]

    def no(**other: Any) -> tuple[int, str, str | None]:
        return refused(officer.post("/groups", a_new_group(**other)))

    assert no(weekday=7, first_meeting="2026-12-06") == (422, "unlawful_day", "weekday")
    assert no(weekday=0)[0] == 422
    assert no(weekday=8)[0] == 422
    assert no(weekday="Kamis") == (400, "shape", "weekday")
    assert no(first_meeting="2026-12-04")[::2] == (422, "first_meeting")
    assert no(first_meeting="2026-11-19") == (422, "in_the_past", "first_meeting")
    assert no(first_meeting="2026-13-01") == (400, "shape", "first_meeting")
    assert no(first_meeting="1608-12-29")[::2] == (422, "first_meeting")
    assert no(time="25:00") == (400, "shape", "time")
    assert no(time="9:00") == (400, "shape", "time")
    assert no(kelurahan="15.71.99.9999") == (422, "kelurahan_unknown", "kelurahan")
    assert no(kelurahan="Jambi") == (422, "kelurahan_unknown", "kelurahan")
    assert no(kelurahan="36.73.01.1001") == (422, "kelurahan_not_served", "kelurahan")
    assert no(officer="nobody")[0] == 404
    assert no(name="") == (400, "text", "name")
    assert no(name="x" * 61) == (400, "text", "name")
    assert no(name="a\nb") == (400, "text", "name")
    assert no(name="\u202egnp") == (400, "text", "name")
    assert no(place=None) == (400, "shape", "place")
    assert no(unit="SRG") == (400, "unknown_field", "unit")
    house.actor("officer2")
    assert refused(officer.post("/groups", a_new_group(officer="officer2")))[0] == 403
    head = house["head"]
    assert head.ok(head.post("/groups", a_new_group(officer="officer2")), 201)["officer"] == "officer2"


def test_a_holiday_in_the_calendar_names_what_it_moved(house: House) -> None:
    officer = house["officer"]
    group = officer.ok(officer.post("/groups", a_new_group(weekday=5, first_meeting="2026-12-25")), 201)
    first = officer.ok(officer.get(f"/groups/{group['id']}/calendar"))["items"][0]
    assert first["original_on"] == "2026-12-25"
    assert first["planned_on"] > "2026-12-25"
    assert first["reason"]


def test_a_meeting_moves_and_the_loans_dates_follow(village: Village) -> None:
    officer, head = village["officer"], village["head"]
    loan = village.loan(village.members[0])
    at = f"/groups/{village.group}/move"
    one = {"seq": 2, "to": "2026-12-11", "reason": "pesta desa"}
    dry = officer.ok(officer.post(f"{at}?dry_run=1", one))
    assert dry["dry_run"] is True
    assert dry["move"] is None
    (meeting,) = dry["meetings"]
    assert (meeting["seq"], meeting["from"], meeting["to"]) == (2, "2026-12-10", "2026-12-11")
    assert dry["loans"] == [{"id": loan, "dues": [{"number": 2, "from": "2026-12-10", "to": "2026-12-11"}]}]
    before = officer.ok(officer.get(f"/loans/{loan}"))
    assert before["instalments"][1]["due_on"] == "2026-12-10"
    moved = officer.ok(officer.post(at, one))
    assert {**moved, "dry_run": True, "move": None} == dry
    after = officer.ok(officer.get(f"/loans/{loan}"))
    assert after["instalments"][1]["due_on"] == "2026-12-11"
    assert {**after, "instalments": None} == {**before, "instalments": None}
    item = officer.ok(officer.get(f"/groups/{village.group}/calendar"))["items"][1]
    assert (item["planned_on"], item["original_on"], item["state"], item["reason"]) == ("2026-12-11", "2026-12-10", "moved", "pesta desa")
    undone = officer.ok(officer.post(f"/groups/{village.group}/moves/{moved['move']}/undo", {"reason": "batal"}))
    assert undone["meetings"][0]["to"] == "2026-12-10"
    tail = {"from_seq": 3, "weeks": 2, "reason": "banjir"}
    assert refused(officer.post(at, tail))[0] == 403
    shifted = head.ok(head.post(at, tail))
    assert shifted["meetings"][0]["from"] == "2026-12-17"
    assert len(shifted["loans"][0]["dues"]) == 48


@sqlite_only
def test_what_a_move_may_not_be(village: Village) -> None:
    head = village["head"]
    at = f"/groups/{village.group}/move"

    def no(body: dict[str, Any]) -> tuple[int, str, str | None]:
        return refused(head.post(at, {"reason": "x", **body}))

    assert no({}) == (400, "required", "seq")
    assert no({"seq": 1}) == (400, "required", "to")
    assert no({"weeks": 1}) == (400, "required", "from_seq")
    assert no({"seq": 1, "to": "2026-12-04", "weeks": 1}) == (400, "shape", "to")
    assert no({"seq": 1, "to": "2026-12-06"}) == (422, "unlawful_day", "to")
    assert no({"seq": 1, "to": "2026-12-25"})[:2] == (422, "unlawful_day")
    assert no({"seq": 1, "to": "2026-12-10"}) == (422, "out_of_order", "to")
    assert no({"seq": 1, "to": "2026-11-20"}) == (422, "in_the_past", "to")
    assert no({"seq": 999, "to": "2026-12-04"}) == (422, "not_a_meeting", "seq")
    assert no({"from_seq": 1, "weeks": 9})[::2] == (422, "weeks")
    assert no({"from_seq": 1, "weeks": 0})[::2] == (422, "weeks")
    assert refused(head.post(at, {"seq": 1, "to": "2026-12-04"})) == (400, "required", "reason")
    assert refused(head.post(f"/groups/{village.group}/moves/999/undo", {"reason": "x"})) == (404, "not_found", None)


def test_a_woman_joins_and_her_number_comes_back_masked(village: Village) -> None:
    officer = village["officer"]
    body = a_woman(phone="0811 748 123", kk="1571014509160001", sub_group=3)
    member = officer.ok(officer.post(f"/groups/{village.group}/members", body), 201)
    assert (member["nik"], member["kk"]) == ("*" * 12 + body["nik"][-4:], "*" * 12 + "0001")
    assert (member["phone"], member["group"], member["sub_group"], member["state"]) == ("+62811748123", village.group, 3, "active")
    assert (member["rt"], member["consents"], member["loans"], member["savings"], member["upj"]) == ("001", ["credit", "group"], [], 0, 0)
    told = officer.ok(officer.get(f"/members/{member['id']}"))
    assert told == {**member, "warnings": []}
    again = officer.post(f"/groups/{village.group}/members", {**body, "name": "Lain"})
    assert refused(again) == (409, "nik_taken", "nik")
    assert body["name"] not in again.get_data(as_text=True)
    found = officer.ok(officer.post("/members/search", {"nik": body["nik"]}))
    assert [row["id"] for row in found["items"]] == [member["id"]]
    assert officer.ok(officer.post("/members/search", {"name": "nurhal"}))["items"][0]["number"] == member["number"]
    shown = officer.ok(officer.post(f"/members/{member['id']}/nik", {"reason": "dicocokkan dengan KTP"}))
    assert shown == {"member": member["id"], "nik": body["nik"]}
    audit = village["head"].ok(village["head"].get(f"/audit?row=member:{member['id']}&what=nik_shown"))["items"]
    assert [(row["actor"], row["reason"]) for row in audit] == [("officer", "dicocokkan dengan KTP")]
    everything = village["head"].get("/audit?limit=200").get_data(as_text=True)
    assert body["nik"] not in everything


@sqlite_only
def test_who_may_not_join(village: Village) -> None:
    officer = village["officer"]

    def no(**other: Any) -> tuple[int, str, str | None]:
        return refused(officer.post(f"/groups/{village.group}/members", a_woman(**other)))

    assert no(nik="123")[:2] == (422, "nik_format")
    assert no(nik=1571015705900001) == (400, "shape", "nik")
    assert no(nik="1571011705900001") == (422, "not_a_woman", "nik")
    assert no(nik="1571015713900001") == (422, "nik_date", "nik")
    assert no(nik="1071015705900001") == (422, "nik_region", "nik")
    assert no(nik="1571015705900000") == (422, "nik_serial", "nik")
    assert no(kk="1")[::2] == (422, "kk")
    assert no(kk=None) == (400, "shape", "kk")
    assert no(phone="12")[::2] == (422, "phone")
    assert no(birth_date="2010-05-17", nik=a_nik(date(2010, 5, 17)))[1] == "age_out_of_range"
    assert no(birth_date="1990-02-30") == (400, "shape", "birth_date")
    assert no(kelurahan="36.73.01.1001")[::2] == (422, "kelurahan")
    assert no(consents=["doa"])[0] == 422
    assert no(consents="credit") == (400, "shape", "consents")
    assert no(role="leader") == (400, "unknown_field", "role")
    assert no(joined_on=(TODAY + timedelta(days=1)).isoformat())[::2] == (422, "joined_on")
    warned = officer.ok(officer.post(f"/groups/{village.group}/members", a_woman(birth_date="1990-05-18")), 201)
    assert [warning["code"] for warning in warned["warnings"]] == ["nik_birth_date_differs"]


def test_the_test_the_training_and_the_consents_are_kept(village: Village) -> None:
    officer = village["officer"]
    member = officer.ok(officer.post(f"/groups/{village.group}/members", a_woman(consents=[])), 201)["id"]
    visit = {"on": TODAY.isoformat(), "household_size": 4, "income_per_month": 2_400_000, "house_index": 6, "passed": True}
    kept = officer.ok(officer.post(f"/members/{member}/eligibility", visit), 201)
    assert (kept["passed"], kept["warnings"]) == (True, [])
    rich = officer.ok(officer.post(f"/members/{member}/eligibility", {**visit, "income_per_month": 90_000_000}), 201)
    assert [warning["code"] for warning in rich["warnings"]] == ["eligibility_contradicts_rule"]
    assert refused(officer.post(f"/members/{member}/eligibility", {**visit, "house_index": 21}))[::2] == (422, "house_index")
    assert refused(officer.post(f"/members/{member}/eligibility", {**visit, "on": "2026-11-27"}))[::2] == (422, "on")
    days = [(TODAY - timedelta(days=back)).isoformat() for back in range(3)]
    first = officer.ok(officer.post(f"/members/{member}/training", {"days": days}), 201)
    assert (first["days"], first["complete"]) == (sorted(days), False)
    more = [(TODAY - timedelta(days=back)).isoformat() for back in (3, 4)]
    assert officer.ok(officer.post(f"/members/{member}/training", {"days": more}), 201)["complete"] is True
    assert refused(officer.post(f"/members/{member}/training", {"days": [days[0], days[0]]}))[0] == 422
    assert refused(officer.post(f"/members/{member}/training", {"days": ["2026-02-30"]})) == (400, "shape", "days.0")
    given = officer.ok(officer.post(f"/members/{member}/consents", {"purpose": "credit", "given": True, "on": TODAY.isoformat()}), 201)
    assert given == {"member": member, "consents": ["credit"]}
    assert refused(officer.post(f"/members/{member}/consents", {"purpose": "x", "given": True, "on": TODAY.isoformat()}))[0] == 422


def test_somebody_elses_group_is_not_there(village: Village) -> None:
    a_unit("SRG", city="36.73", name="Kota Serang")
    group, member = village.group, village.members[0]
    visit = {"on": TODAY.isoformat(), "household_size": 4, "income_per_month": 0, "house_index": 6, "passed": True}
    calls: list[tuple[str, str, Any]] = [
        ("GET", f"/groups/{group}", None),
        ("GET", f"/groups/{group}/members", None),
        ("GET", f"/groups/{group}/members.csv", None),
        ("GET", f"/groups/{group}/calendar", None),
        ("GET", f"/groups/{group}/cards.pdf", None),
        ("POST", f"/groups/{group}/move", {"seq": 1, "to": "2026-12-04", "reason": "x"}),
        ("POST", f"/groups/{group}/leader", {"member": member, "from": TODAY.isoformat()}),
        ("POST", f"/groups/{group}/members", a_woman()),
        ("GET", f"/members/{member}", None),
        ("POST", f"/members/{member}/training", {"days": [TODAY.isoformat()]}),
        ("POST", f"/members/{member}/eligibility", visit),
        ("POST", f"/members/{member}/consents", {"purpose": "credit", "given": False, "on": TODAY.isoformat()}),
        ("POST", f"/members/{member}/nik", {"reason": "ingin tahu"}),
    ]
    for stranger in ("officer2", "srg-officer", "srg-head"):
        caller = village[stranger]
        for method, path, body in calls:
            answer = caller.call(method, path, json=body) if body else caller.call(method, path)
            assert refused(answer) == (404, "not_found", None), (stranger, method, path)
            missing = path.replace(f"/{group}", "/999999", 1) if path.startswith("/groups") else path.replace(f"/{member}", "/999999", 1)
            assert answer.get_json() == (caller.call(method, missing, json=body) if body else caller.call(method, missing)).get_json()
    city = village["city"]
    for method, path, body in calls:
        assert refused(city.call(method, path, json=body) if body else city.call(method, path))[:2] == (403, "not_allowed")
    assert village["srg-head"].ok(village["srg-head"].post("/members/search", {"name": "Ibu"}))["items"] == []


@sqlite_only
def test_the_head_gives_a_group_to_another_officer_and_she_sees_it_at_once(village: Village) -> None:
    head, officer, other = village["head"], village["officer"], village["officer2"]
    body = {"officer": "officer2", "from": TODAY.isoformat(), "reason": "cuti"}
    assert refused(officer.post(f"/groups/{village.group}/officer", body))[:2] == (403, "not_allowed")
    assert head.ok(head.post(f"/groups/{village.group}/officer", body))["officer"] == "officer2"
    assert refused(officer.get(f"/groups/{village.group}")) == (404, "not_found", None)
    assert other.ok(other.get(f"/groups/{village.group}"))["officer"] == "officer2"
    village.house.actor("mentor")
    mentored = head.ok(head.post(f"/groups/{village.group}/mentor", {"mentor": "mentor", "from": TODAY.isoformat(), "reason": "baru"}))
    assert mentored["mentor"] == "mentor"
    assert village["mentor"].ok(village["mentor"].get(f"/groups/{village.group}"))["id"] == village.group


@sqlite_only
def test_the_members_of_a_group_are_a_list_and_a_table(village: Village) -> None:
    officer = village["officer"]
    page = officer.ok(officer.get(f"/groups/{village.group}/members?limit=4"))
    assert len(page["items"]) == 4
    rest = officer.ok(officer.get(f"/groups/{village.group}/members?limit=200&cursor={page['next']}"))
    assert [row["id"] for row in page["items"] + rest["items"]] == village.members
    assert (page["items"][0]["role"], page["items"][1]["role"]) == ("leader", "member")
    table = officer.get(f"/groups/{village.group}/members.csv").get_data().decode("utf-8-sig").splitlines()
    assert table[0] == "id,number,name,sub_group,role,joined_on,loan"
    assert len(table) == 11


@sqlite_only
def test_a_woman_leaves_when_nothing_of_hers_is_left(village: Village) -> None:
    head, officer = village["head"], village["officer"]
    borrower, other = village.members[0], village.members[9]
    village.loan(borrower)
    body = {"on": TODAY.isoformat(), "reason": "pindah kota"}
    assert refused(officer.post(f"/members/{other}/leave", body))[:2] == (403, "not_allowed")
    assert refused(head.post(f"/members/{borrower}/leave", body)) == (422, "balance_left", None)
    assert refused(head.post(f"/members/{other}/leave", {**body, "reason": ""})) == (422, "reason_needed", "reason")
    left = head.ok(head.post(f"/members/{other}/leave", body))
    assert (left["state"], left["group"], left["left_on"]) == ("left", None, TODAY.isoformat())
    assert other not in {row["id"] for row in officer.ok(officer.get(f"/groups/{village.group}"))["members"]}
    assert refused(head.post("/members/999999/leave", body)) == (404, "not_found", None)


def reassigned(village: Village, **told: Any):
    return village["head"].post("/users/officer/reassign", {"to": "officer2", "from": TODAY.isoformat(), "reason": "cuti", **told})


def test_all_groups_of_an_officer_go_to_another_on_the_next_request_and_come_back(village: Village) -> None:
    officer, other = village["officer"], village["officer2"]
    last = TODAY + timedelta(days=6)
    before = officer.ok(officer.get(f"/groups/{village.group}"))
    told = village["head"].ok(reassigned(village, until=last.isoformat()))
    assert told == {
        "officer": "officer",
        "to": "officer2",
        "from": TODAY.isoformat(),
        "until": last.isoformat(),
        "groups": [{name: before[name] for name in ("id", "code", "name")}],
        "warnings": [],
    }
    assert refused(officer.get(f"/groups/{village.group}")) == (404, "not_found", None)
    assert other.ok(other.get(f"/groups/{village.group}"))["officer"] == "officer2"
    assert village["head"].ok(reassigned(village, until=last.isoformat())) == told, "sent twice"
    clock.fix(last + timedelta(days=1))
    assert officer.ok(officer.get(f"/groups/{village.group}"))["officer"] == "officer"
    assert refused(other.get(f"/groups/{village.group}")) == (404, "not_found", None)


@sqlite_only
def test_what_a_reassignment_may_not_be(village: Village) -> None:
    head = village["head"]
    village.house.actor("officer2")
    body = {"to": "officer2", "from": TODAY.isoformat(), "reason": "cuti"}
    for who in ("officer", "cashier", "mentor", "auditor", "admin", "city"):
        assert refused(village[who].post("/users/officer/reassign", body))[:2] == (403, "not_allowed")
    a_unit("SRG", city="36.73", name="Kota Serang")
    assert refused(village["srg-head"].post("/users/officer/reassign", body)) == (404, "not_found", None)
    assert refused(head.post("/users/nobody/reassign", body)) == (404, "not_found", None)
    assert refused(head.post("/users/cashier/reassign", body)) == (422, "not_an_officer", "name")
    assert refused(head.post("/users/officer2/reassign", {**body, "to": "officer"})) == (422, "serves_no_group", "name")
    assert refused(reassigned(village, to="nobody")) == (404, "not_found", "to")
    assert refused(reassigned(village, to="cashier")) == (422, "not_an_officer", "to")
    assert refused(reassigned(village, to="officer")) == (422, "same_officer", "to")
    assert refused(reassigned(village, **{"from": (TODAY - timedelta(days=1)).isoformat()})) == (422, "in_the_past", "from")
    assert refused(reassigned(village, until=(TODAY - timedelta(days=1)).isoformat())) == (422, "from_after_to", "until")
    assert refused(reassigned(village, reason=" ")) == (422, "reason_needed", "reason")
    assert refused(reassigned(village, groups=[village.group, 999_999])) == (404, "not_found", "groups.1")
    assert refused(reassigned(village, groups=[])) == (400, "shape", "groups")
    assert refused(reassigned(village, until=None)) == (400, "shape", "until")
    assert refused(reassigned(village, officer="officer")) == (400, "unknown_field", "officer")
    head.ok(head.post(f"/groups/{village.group}/officer", {"officer": "officer2", "from": NEXT.isoformat(), "reason": "tetap"}))
    no = reassigned(village)
    assert refused(no) == (422, "given_from", "until")
    assert "mulai Kamis, 3 Desember 2026" in no.get_json()["detail"]
