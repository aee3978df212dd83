"""The weekly meeting through the programs' door: the sheet, the record, sent twice, refused, undone."""

from datetime import date, timedelta
from typing import Any

import pytest

from lending import clock
from lending.actions import tokens
from tests.api.conftest import UUID, Caller, Village, refused
from tests.conftest import TODAY
from tests.makers import a_group, a_unit, some_members, the_house

sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

FIRST_DUE = TODAY + timedelta(days=7)


@pytest.fixture
def lent(village: Village) -> tuple[Village, dict[int, int]]:
    """Three women with loans, on the day of their first instalment: Rp50,000 each. Member to loan."""
    loans = {member: village.loan(member) for member in village.members[:3]}
    clock.fix(FIRST_DUE)
    return village, loans


def meeting_of(caller: Caller, group: int, on: date = FIRST_DUE) -> int:
    (found,) = (item for item in caller.ok(caller.get(f"/meetings?on={on}"))["items"] if item["group"] == group)
    return int(found["id"])


def a_record(caller: Caller, meeting: int, **other: Any) -> dict[str, Any]:
    """The whole sheet paid, as *Semua lunas* sends it."""
    lines = caller.ok(caller.get(f"/meetings/{meeting}/sheet"))["lines"]
    return {
        "meeting": meeting,
        "held_on": FIRST_DUE.isoformat(),
        "started_at": "2026-12-03T09:02:00+07:00",
        "ended_at": "2026-12-03T09:41:00+07:00",
        "cash_counted": sum(line["due"] + line["arrears"] for line in lines),
        "lines": [
            {
                "member": line["member"],
                "attendance": "hadir",
                "loan": line["loan"],
                "paid": line["due"] + line["arrears"],
                "savings": 0,
                "entered": "bulk",
            }
            for line in lines
        ],
        **other,
    }


def test_a_meeting_is_listed_its_sheet_opened_and_its_record_kept(lent: tuple[Village, dict[int, int]]) -> None:
    village, loans = lent
    officer = village["officer"]
    (listed,) = officer.ok(officer.get("/meetings"))["items"]
    assert listed == {
        "id": listed["id"],
        "group": village.group,
        "seq": 1,
        "planned_on": "2026-12-03",
        "time": "09:00",
        "place": "Rumah Ibu Sari",
        "members": 10,
        "due": 150_000,
        "state": "planned",
        "record": None,
    }
    sheet = officer.ok(officer.get(f"/meetings/{listed['id']}/sheet"))
    assert sheet["meeting"] == listed["id"]
    assert [line["member"] for line in sheet["lines"]] == village.members
    borrower, other = sheet["lines"][0], sheet["lines"][9]
    assert borrower == {
        "member": village.members[0],
        "name": "Ibu A",
        "sub_group": 1,
        "loan": loans[village.members[0]],
        "number": 1,
        "due": 50_000,
        "arrears": 0,
        "outstanding_total": 2_500_000,
        "savings": 0,
    }
    assert (other["loan"], other["number"], other["due"], other["arrears"], other["outstanding_total"]) == (None, None, 0, 0, 0)

    body = a_record(officer, listed["id"])
    first = officer.put(f"/records/{UUID.format(1)}", body)
    kept = officer.ok(first, 201)
    assert (kept["kept"], kept["replay"], kept["receipt"], kept["total"]) == (True, False, "JMB-2026-000001", 150_000)
    assert kept["lines"][0] == {
        "member": village.members[0],
        "paid": 50_000,
        "allocated_margin": 10_000,
        "allocated_principal": 40_000,
        "next_due": "2026-12-10",
        "days_late": 0,
    }
    again = officer.ok(officer.put(f"/records/{UUID.format(1).upper()}", dict(reversed(body.items()))))
    assert again == {**kept, "replay": True}
    assert officer.ok(officer.get(f"/loans/{loans[village.members[0]]}"))["paid"] == 50_000
    (listed,) = officer.ok(officer.get("/meetings"))["items"]
    assert (listed["state"], listed["record"], listed["due"]) == ("held", UUID.format(1), 0)


def test_a_second_record_another_body_and_a_strangers_key(lent: tuple[Village, dict[int, int]]) -> None:
    village, _ = lent
    officer = village["officer"]
    meeting = meeting_of(officer, village.group)
    body = a_record(officer, meeting)
    officer.ok(officer.put(f"/records/{UUID.format(1)}", body), 201)
    other = {**body, "note": "lain"}
    answer = officer.put(f"/records/{UUID.format(1)}", other)
    assert refused(answer)[:2] == (422, "key_reused")
    assert "JMB-2026-000001" not in answer.get_data(as_text=True)
    answer = officer.put(f"/records/{UUID.format(2)}", body)
    assert refused(answer)[:2] == (409, "already_recorded")
    assert "JMB-2026-000001" in answer.get_data(as_text=True)
    second = village.house.actor("officer2")
    own = a_group(second, name="Kenanga", officer="officer2", first_meeting=TODAY + timedelta(days=14))
    assert refused(village["officer2"].put(f"/records/{UUID.format(1)}", body))[:2] == (422, "key_reused")
    assert refused(village["officer2"].put(f"/records/{UUID.format(3)}", body)) == (404, "not_found", None)
    assert own
    a_unit("SRG", city="36.73", name="Kota Serang")
    for uuid in (UUID.format(1), UUID.format(9)):
        assert refused(village["srg-officer"].put(f"/records/{uuid}", body)) == (404, "not_found", None)
        assert refused(village["srg-head"].get(f"/records/{uuid}")) == (404, "not_found", None)
    for wrong_role in ("head", "cashier", "auditor", "mentor", "city", "admin"):
        assert refused(village[wrong_role].put(f"/records/{UUID.format(1)}", {}))[:2] == (403, "not_allowed")


def test_a_record_is_told_as_it_was_sent_and_undone_by_reversal(lent: tuple[Village, dict[int, int]]) -> None:
    village, loans = lent
    officer, head = village["officer"], village["head"]
    meeting = meeting_of(officer, village.group)
    third = village.members[2]
    body = a_record(officer, meeting, pledge_read=True, note="hujan\nderas", fix={"lat": -1.61, "lon": 103.61})
    body["lines"][1] |= {
        "attendance": "izin",
        "paid": 20_000,
        "entered": "single",
        "renteng": [{"from": third, "amount": 10_000}],
        "shortfall": {"reason": "sakit", "promise_on": "2026-12-10"},
    }
    body["lines"][3]["savings"] = 5_000
    body |= {"cash_counted": 135_000, "notes_counted": {"100000": 1, "20000": 1, "10000": 1, "5000": 1}}
    kept = officer.ok(officer.put(f"/records/{UUID.format(1)}", body), 201)
    assert kept["total"] == 135_000
    assert (kept["lines"][1]["paid"], kept["lines"][1]["allocated_margin"], kept["lines"][1]["allocated_principal"]) == (
        20_000,
        10_000,
        20_000,
    )
    assert kept["lines"][1]["next_due"] == "2026-12-03"

    told = officer.ok(officer.get(f"/records/{UUID.format(1)}"))
    for name, value in body.items():
        if name != "lines":
            assert told[name] == value
    assert told["lines"] == body["lines"], "nothing is put in that was not sent"
    assert {*told} == {*body, "uuid", "receipt", "total", "recorded_at", "by", "undone"}
    assert (told["receipt"], told["by"], told["undone"], told["uuid"]) == ("JMB-2026-000001", "officer", None, UUID.format(1))

    assert refused(officer.post(f"/records/{UUID.format(1)}/undo")) == (400, "required", "reason")
    undone = officer.ok(officer.post(f"/records/{UUID.format(1)}/undo", {"reason": "salah kelompok"}))
    assert undone["record"] == UUID.format(1)
    assert len(undone["entries"]) >= 4
    assert {loan["id"]: loan["outstanding_total"] for loan in undone["loans"]} == dict.fromkeys(loans.values(), 2_500_000)
    assert refused(officer.post(f"/records/{UUID.format(1)}/undo", {"reason": "lagi"}))[:2] == (409, "already_undone")
    replay = officer.ok(officer.put(f"/records/{UUID.format(1)}", body))
    assert (replay["replay"], replay["undone"]) == (True, True)
    told = head.ok(head.get(f"/records/{UUID.format(1)}"))
    assert (told["undone"]["by"], told["undone"]["reason"]) == ("officer", "salah kelompok")
    anew = officer.ok(officer.put(f"/records/{UUID.format(2)}", a_record(officer, meeting)), 201)
    assert anew["receipt"] == "JMB-2026-000002"


def test_one_womans_line_is_undone_by_itself(lent: tuple[Village, dict[int, int]]) -> None:
    village, loans = lent
    officer, head = village["officer"], village["head"]
    body = a_record(officer, meeting_of(officer, village.group))
    officer.ok(officer.put(f"/records/{UUID.format(1)}", body), 201)
    member, stranger = village.members[0], village.members[5]
    path = f"/records/{UUID.format(1)}/lines/{member}/undo"
    assert refused(officer.post(path)) == (400, "required", "reason")
    assert refused(village["cashier"].post(path, {"reason": "salah"}))[:2] == (403, "not_allowed")
    assert refused(officer.post(path.replace(f"/{member}/", "/99999/"), {"reason": "salah"}))[:2] == (404, "not_found")
    assert refused(officer.post(path.replace(f"/{member}/", f"/{stranger}/"), {"reason": "salah"}))[:2] == (422, "nothing_to_undo")
    undone = officer.ok(officer.post(path, {"reason": "uang orang lain"}))
    assert (undone["record"], undone["member"], len(undone["entries"])) == (UUID.format(1), member, 1)
    assert undone["loans"] == [{"id": loans[member], "next_due": FIRST_DUE.isoformat(), "outstanding_total": 2_500_000}]
    assert refused(head.post(path, {"reason": "lagi"}))[:2] == (409, "already_undone")
    told = officer.ok(officer.get(f"/records/{UUID.format(1)}"))
    assert [(one["member"], one["by"], one["reason"]) for one in told["lines_undone"]] == [(member, "officer", "uang orang lain")]
    assert told["undone"] is None
    assert told["lines"] == body["lines"]
    replay = officer.ok(officer.put(f"/records/{UUID.format(1)}", body))
    assert (replay["replay"], replay["undone"]) == (True, False)
    slip = officer.get(f"/records/{UUID.format(1)}/receipt.html").get_data(as_text=True)
    assert "DIBATALKAN" in slip
    assert "Rp100.000" in slip
    hers = officer.get(f"/records/{UUID.format(1)}/receipt.html?member={member}").get_data(as_text=True)
    assert "*** DIBATALKAN ***" in hers
    assert "*** DIBATALKAN ***" not in officer.get(f"/records/{UUID.format(1)}/receipt.html?member={village.members[1]}").get_data(
        as_text=True
    )


def test_a_leader_reads_her_groups_sheet_and_no_list_of_meetings(lent: tuple[Village, dict[int, int]]) -> None:
    village, _ = lent
    officer, house = village["officer"], village.house
    head_woman = officer.ok(officer.get(f"/members/{village.members[0]}"))["number"]
    user = {"username": "ketua", "name": "Ketua", "role": "leader", "unit": "JMB", "member": head_woman}
    village["admin"].ok(village["admin"].post("/users", user), 201)
    leader = Caller(house.app.test_client(), tokens.issue_token("ketua", the_house()).token)
    meeting = meeting_of(officer, village.group)
    assert leader.ok(leader.get(f"/meetings/{meeting}/sheet"))["meeting"] == meeting
    for path in ("/meetings", "/loans", f"/members/{village.members[0]}", "/arrears", "/portfolio", "/journal", "/products"):
        assert refused(leader.get(path))[:2] == (403, "not_allowed"), path


def test_a_difference_of_the_cash_is_explained(lent: tuple[Village, dict[int, int]]) -> None:
    village, _ = lent
    officer = village["officer"]
    body = a_record(officer, meeting_of(officer, village.group))
    body["cash_counted"] -= 1_000
    for says_nothing in ("", "  "):
        unexplained = {**body, "cash_difference": {"amount": -1_000, "reason": says_nothing}}
        answer = officer.put(f"/records/{UUID.format(1)}", unexplained)
        assert refused(answer) == (422, "reason_needed", "cash_difference.reason")
    officer.ok(officer.put(f"/records/{UUID.format(1)}", {**body, "cash_difference": {"amount": -1_000, "reason": "hilang"}}), 201)


def test_undoing_later_is_for_the_head_alone(lent: tuple[Village, dict[int, int]]) -> None:
    village, _ = lent
    officer, head = village["officer"], village["head"]
    body = a_record(officer, meeting_of(officer, village.group))
    officer.ok(officer.put(f"/records/{UUID.format(1)}", body), 201)
    clock.fix(FIRST_DUE + timedelta(days=1))
    assert refused(officer.post(f"/records/{UUID.format(1)}/undo", {"reason": "x"}))[0] == 403
    for wrong in ("cashier", "auditor"):
        assert refused(village[wrong].post(f"/records/{UUID.format(1)}/undo", {"reason": "x"}))[:2] == (403, "not_allowed")
    head.ok(head.post(f"/records/{UUID.format(1)}/undo", {"reason": "salah hitung"}))


@sqlite_only
def test_each_fault_of_a_record_has_its_code_and_its_line_and_leaves_no_trace(lent: tuple[Village, dict[int, int]]) -> None:
    village, loans = lent
    officer = village["officer"]
    meeting = meeting_of(officer, village.group)
    good = a_record(officer, meeting)
    first, _, third = village.members[:3]

    def no(at: int | None = None, change: dict[str, Any] | None = None, **other: Any) -> tuple[int, str, str | None]:
        body = {**good, **other, "lines": [dict(line) for line in other.get("lines", good["lines"])]}
        if at is not None:
            body["lines"][at] |= change or {}
        return refused(officer.put(f"/records/{UUID.format(1)}", body))

    assert no(cash_counted=100) == (422, "cash_differs", "cash_counted")
    assert no(cash_difference={"amount": 0, "reason": "x"})[:2] == (422, "cash_differs")
    assert no(cash_counted=149_000, cash_difference={"amount": 1_000, "reason": "x"})[:2] == (422, "cash_differs")
    assert no(notes_counted={"100000": 1})[:2] == (422, "cash_differs")
    assert no(notes_counted={"300": 1})[0] == 422
    assert no(notes_counted={"100000": 1.0}) == (400, "shape", "notes_counted")
    assert no(lines=good["lines"][:9])[1] == "member_missing"
    assert no(lines=[*good["lines"], good["lines"][0]]) == (422, "member_twice", "lines.10.member")
    assert no(held_on="2026-12-04") == (422, "future_date", "held_on")
    assert no(held_on="2026-11-26")[:2] == (422, "not_a_meeting")
    assert no(held_on="2026-02-30") == (400, "shape", "held_on")
    assert no(meeting=999_999) == (404, "not_found", None)
    assert no(0, {"paid": 2_500_001}) == (422, "pays_too_much", "lines.0.paid")
    assert no(0, {"paid": 50_000.0}) == (400, "shape", "lines.0.paid")
    assert no(0, {"paid": -1}) == (400, "shape", "lines.0.paid")
    assert no(0, {"paid": 10**15}) == (400, "shape", "lines.0.paid")
    assert no(0, {"paid": 10**12}) == (422, "too_large", "lines.0.paid")
    assert no(0, {"loan": 999_999}) == (404, "not_found", None)
    assert no(0, {"loan": loans[third]})[0] == 422
    assert no(0, {"member": 999_999}) == (404, "not_found", None)
    assert no(3, {"paid": 1_000})[0] == 422
    assert no(0, {"attendance": "pergi"}) == (422, "not_a_choice", "lines.0.attendance")
    assert no(0, {"shortfall": {"reason": "sakit"}}) == (422, "not_short", "lines.0.shortfall")
    assert no(0, {"paid": 0, "shortfall": {"reason": "bosan"}})[:2] == (422, "not_a_choice")
    early = {"paid": 0, "shortfall": {"reason": "sakit", "promise_on": "2026-12-02"}}
    assert no(0, early, cash_counted=100_000) == (422, "in_the_past", "lines.0.shortfall.promise_on")
    assert no(0, {"renteng": [{"from": first, "amount": 1}]})[0] == 422
    assert no(0, {"renteng": [{"from": third, "amount": 0}]})[:2] == (422, "too_small")
    assert no(0, {"extra": 1}) == (400, "unknown_field", "lines.0.extra")
    line = {name: value for name, value in good["lines"][0].items() if name != "loan"}
    assert no(lines=[line, *good["lines"][1:]]) == (400, "required", "lines.0.loan")
    assert no(started_at="2026-12-03T09:00:00") == (400, "shape", "started_at")
    assert no(note="x" * 2_001) == (400, "text", "note")
    assert no(note="a\x00") == (400, "text", "note")
    stranger = a_group(village.house.actor("officer"), name="Kenanga", first_meeting=FIRST_DUE + timedelta(days=1))
    (other,) = some_members(stranger, village.house.actor("officer"), 1)
    assert no(0, {"member": other})[:2] == (422, "not_of_group")
    kept = officer.ok(officer.put(f"/records/{UUID.format(1)}", good), 201)
    assert kept["receipt"] == "JMB-2026-000001"


@sqlite_only
def test_a_uuid_is_one_and_a_phones_wrong_clock_is_no_fault(lent: tuple[Village, dict[int, int]]) -> None:
    village, _ = lent
    officer = village["officer"]
    body = a_record(officer, meeting_of(officer, village.group), started_at="1999-01-01T00:00:00Z", ended_at="2099-01-01T00:00:00+14:00")
    for wrong in ("x", UUID.format(1).replace("-", ""), f"{{{UUID.format(1)}}}"):
        assert refused(officer.put(f"/records/{wrong}", body)) == (400, "shape", "uuid")
    assert officer.put(f"/records/{UUID.format(1)}", body).status_code == 201


@sqlite_only
def test_short_lines_need_no_reason_and_late_records_count_from_their_day(lent: tuple[Village, dict[int, int]]) -> None:
    village, loans = lent
    officer = village["officer"]
    meeting = meeting_of(officer, village.group)
    body = a_record(officer, meeting)
    body["lines"][0]["paid"] = 0
    body["cash_counted"] = 100_000
    clock.fix(FIRST_DUE + timedelta(days=5))
    kept = officer.ok(officer.put(f"/records/{UUID.format(1)}", body), 201)
    assert (kept["lines"][0]["next_due"], kept["lines"][0]["days_late"]) == ("2026-12-03", 5)
    loan = officer.ok(officer.get(f"/loans/{loans[village.members[1]]}?on={FIRST_DUE}"))
    assert (loan["paid"], loan["overdue"], loan["days_late"]) == (50_000, 0, 0)
    loan = officer.ok(officer.get(f"/loans/{loans[village.members[0]]}?on={FIRST_DUE}"))
    assert (loan["overdue"], loan["days_late"]) == (0, 0)
    loan = officer.ok(officer.get(f"/loans/{loans[village.members[0]]}"))
    assert (loan["overdue"], loan["days_late"], loan["class"]) == (50_000, 5, "lancar")
    (late,) = officer.ok(officer.get("/arrears"))["items"]
    assert late == {
        "loan": loans[village.members[0]],
        "member": village.members[0],
        "group": village.group,
        "officer": "officer",
        "days_late": 5,
        "weeks_late": 1,
        "class": "lancar",
        "overdue": 50_000,
        "outstanding_principal": 2_000_000,
        "oldest_due": "2026-12-03",
        "reason": "lain",
        "promise": None,
    }
