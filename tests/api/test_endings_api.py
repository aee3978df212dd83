"""How loans end, and what is kept for a member, through the programs' door."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from lending import clock
from tests.api.conftest import UUID, Village, refused
from tests.api.test_records_api import FIRST_DUE, a_record, meeting_of
from tests.conftest import TODAY
from tests.makers import a_unit

sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LATER = FIRST_DUE + timedelta(days=1)


@pytest.fixture
def lent(village: Village) -> tuple[Village, list[int]]:
    """Three loans, their first instalments paid, the day after."""
    loans = [village.loan(member) for member in village.members[:3]]
    officer = village["officer"]
    clock.fix(FIRST_DUE)
    officer.ok(officer.put(f"/records/{UUID.format(1)}", a_record(officer, meeting_of(officer, village.group))), 201)
    clock.fix(LATER)
    return village, loans


def test_a_loan_is_settled_with_a_rebate(lent: tuple[Village, list[int]]) -> None:
    village, (loan, *_) = lent
    cashier = village["cashier"]
    assert refused(cashier.post(f"/loans/{loan}/settle", {"on": str(LATER), "rebate": 490_001})) == (422, "rebate_too_large", "rebate")
    settled = cashier.ok(cashier.post(f"/loans/{loan}/settle", {"on": str(LATER), "rebate": 90_000}))
    assert (settled["received"], settled["state"], settled["settled"]) == (2_360_000, "repaid", {"on": str(LATER), "rebate": 90_000})
    assert (settled["paid"], settled["outstanding_total"], settled["overdue"], settled["next_due"]) == (2_500_000, 0, 0, None)
    assert (settled["written_off"], settled["cleared"]) == (None, None)
    assert refused(cashier.post(f"/loans/{loan}/settle", {"on": str(LATER), "rebate": 0}))[:2] == (409, "wrong_state")
    asked = village["head"].ok(village["head"].get(f"/loans/{loan}?on={FIRST_DUE}"))
    assert (asked["state"], asked["paid"], asked["settled"]) == ("running", 50_000, None)
    (entry,) = village["head"].ok(village["head"].get("/journal?account=rebate"))["items"]
    assert entry["kind"] == "settlement"
    assert {posting["account"]: posting["amount"] for posting in entry["postings"]} == {
        "vault_cash": 2_360_000, "rebate": 90_000, "loan_principal": -1_960_000, "margin_income": -490_000,
    }  # fmt: skip
    assert {posting["loan"] for posting in entry["postings"] if posting["account"] != "vault_cash"} == {loan}


def test_a_loan_is_written_off_and_money_still_comes(lent: tuple[Village, list[int]]) -> None:
    village, (loan, other, _) = lent
    head, cashier, officer = village["head"], village["cashier"], village["officer"]
    why = {"on": str(LATER), "reason": "pindah tanpa kabar"}
    assert refused(cashier.post(f"/loans/{loan}/write-off", why))[:2] == (403, "not_allowed")
    lost = head.ok(head.post(f"/loans/{loan}/write-off", why))
    assert (lost["state"], lost["paid"], lost["outstanding_principal"], lost["days_late"]) == ("written_off", 50_000, 0, 0)
    assert lost["written_off"] == {"on": str(LATER), "principal": 1_960_000, "margin": 490_000}
    assert lost["recovered"] == 0
    assert [one["id"] for one in head.ok(head.get("/loans?state=written_off"))["items"]] == [loan]
    came = {"id": UUID.format(9), "on": str(LATER), "amount": 60_000}
    first = cashier.ok(cashier.post(f"/loans/{loan}/recovery", came), 201)
    assert (first["loan"], first["amount"], first["left"]) == (loan, 60_000, 2_390_000)
    assert cashier.ok(cashier.post(f"/loans/{loan}/recovery", {**came, "id": UUID.format(9).upper()})) == first
    assert refused(cashier.post(f"/loans/{loan}/recovery", {**came, "amount": 70_000}))[:2] == (422, "key_reused")
    again = {**came, "id": UUID.format(10)}
    assert refused(cashier.post(f"/loans/{loan}/recovery", {**again, "amount": 2_390_001})) == (422, "pays_too_much", "amount")
    assert refused(cashier.post(f"/loans/{other}/recovery", again))[:2] == (409, "wrong_state")
    assert head.ok(head.get(f"/loans/{loan}"))["recovered"] == 60_000
    clock.fix(FIRST_DUE + timedelta(days=7))
    meeting = meeting_of(officer, village.group, FIRST_DUE + timedelta(days=7))
    body = a_record(officer, meeting, held_on=str(FIRST_DUE + timedelta(days=7)))
    line = next(line for line in body["lines"] if line["member"] == village.members[0])
    assert (line["loan"], line["paid"]) == (None, 0)
    line |= {"loan": loan, "paid": 50_000}
    body["cash_counted"] += 50_000
    answer = refused(officer.put(f"/records/{UUID.format(2)}", body))
    assert answer == (422, "wrong_state", f"lines.{body['lines'].index(line)}.loan")


def test_a_death_clears_the_loan_and_the_insurer_pays(lent: tuple[Village, list[int]]) -> None:
    village, (loan, other, _) = lent
    head, cashier = village["head"], village["cashier"]
    body = {"on": str(LATER), "reason": "sakit", "claim": True}
    assert refused(head.post(f"/loans/{loan}/death", {"on": str(LATER), "reason": "sakit"})) == (400, "required", "claim")
    gone = head.ok(head.post(f"/loans/{loan}/death", body))
    assert (gone["state"], gone["outstanding_total"], gone["next_due"]) == ("cleared", 0, None)
    assert gone["cleared"] == {"on": str(LATER), "principal": 1_960_000, "margin": 490_000, "claim": True, "claimed": 0}
    member = head.ok(head.get(f"/members/{village.members[0]}"))
    assert (member["group"], member["left_on"], member["state"], member["upj"]) == (None, str(LATER), "deceased", 100_000)
    assert head.ok(head.get(f"/members/{village.members[0]}?on={FIRST_DUE}"))["state"] == "active"
    paid = {"id": UUID.format(9), "on": str(LATER), "amount": 1_960_000}
    assert refused(cashier.post(f"/loans/{other}/claim", paid))[:2] == (409, "wrong_state")
    assert refused(cashier.post(f"/loans/{loan}/claim", {**paid, "amount": 1_960_001})) == (422, "more_than_claimed", "amount")
    assert cashier.ok(cashier.post(f"/loans/{loan}/claim", paid), 201)["left"] == 0
    held = {row["account"]: row["balance"] for row in head.ok(head.get("/trial-balance"))["accounts"]}
    assert (held["death_claim"], held["write_off"]) == (0, 0)
    (row,) = head.ok(head.get("/portfolio?by=unit"))["items"]
    assert (row["loans"], row["outstanding_principal"]) == (2, 2 * 1_960_000)


def test_savings_and_upj_are_moved_once_and_proved_line_by_line(lent: tuple[Village, list[int]]) -> None:
    village, (loan, *_) = lent
    cashier, member = village["cashier"], village.members[0]
    deposit = {"id": UUID.format(9), "member": member, "on": str(LATER), "amount": 80_000, "kind": "deposit"}
    first = cashier.ok(cashier.post("/savings", deposit), 201)
    assert (first["savings"], first["upj"]) == (80_000, 100_000)
    assert cashier.ok(cashier.post("/savings", deposit)) == first
    assert refused(cashier.post("/savings", {**deposit, "kind": "withdrawal"}))[:2] == (422, "key_reused")
    out = {**deposit, "id": UUID.format(10), "kind": "withdrawal"}
    assert refused(cashier.post("/savings", {**out, "amount": 80_001})) == (422, "not_enough_savings", "amount")
    assert cashier.ok(cashier.post("/savings", {**out, "amount": 30_000}), 201)["savings"] == 50_000
    upj = {"id": UUID.format(11), "member": member, "on": str(LATER), "amount": 100_000, "kind": "to_savings"}
    assert refused(cashier.post("/upj", upj)) == (422, "loan_running", "member")
    cashier.ok(cashier.post(f"/loans/{loan}/settle", {"rebate": 0}))
    assert cashier.ok(cashier.post("/upj", upj), 201)["savings"] == 150_000
    assert cashier.ok(cashier.post("/upj", upj))["upj"] == 0
    asked = cashier.ok(cashier.get(f"/members/{member}"))
    assert (asked["savings"], asked["upj"]) == (150_000, 0)
    book = village["officer"].ok(village["officer"].get(f"/members/{member}/savings"))
    assert (book["savings"], book["upj"]) == (150_000, 0)
    told = [(row["account"], row["amount"], row["balance"]) for row in book["movements"]]
    assert told == [
        ("savings", 80_000, 80_000),
        ("savings", -30_000, 50_000),
        ("savings", 100_000, 150_000),
        ("upj", 100_000, 100_000),
        ("upj", -100_000, 0),
    ]
    before = village["officer"].ok(village["officer"].get(f"/members/{member}/savings?on={FIRST_DUE}"))
    assert (before["savings"], before["upj"]) == (0, 100_000)
    table = list(csv.DictReader(io.StringIO(cashier.get(f"/members/{member}/savings.csv").get_data().decode("utf-8-sig"))))
    assert [row["balance"] for row in table] == ["80000", "50000", "150000", "100000", "0"]


@sqlite_only
def test_what_savings_and_upj_may_not_be(village: Village) -> None:
    a_unit("SRG", city="36.73", name="Kota Serang")
    cashier, member = village["cashier"], village.members[0]
    usual: dict[str, Any] = {"id": UUID.format(9), "member": member, "on": str(TODAY), "amount": 1, "kind": "deposit"}
    for path, kind in (("/savings", "deposit"), ("/upj", "refund")):

        def no(path: str = path, kind: str = kind, **other: Any) -> tuple[int, str, str | None]:
            return refused(cashier.post(path, {**usual, "kind": kind, **other}))

        assert no(amount=0) == (422, "too_small", "amount")
        assert no(amount=-1) == (400, "shape", "amount")
        assert no(kind="gift") == (422, "not_a_choice", "kind")
        assert no(member=99_999)[:2] == (404, "not_found")
        assert no(on=str(TODAY + timedelta(days=1))) == (422, "future_date", "on")
        assert no(id="{" + UUID.format(9) + "}") == (400, "shape", "id")
        assert no(note="x") == (400, "unknown_field", "note")
        assert refused(village["officer"].post(path, {}))[:2] == (403, "not_allowed")
        assert refused(village["srg-cashier"].post(path, {**usual, "kind": kind}))[:2] == (404, "not_found")
    assert refused(cashier.post("/upj", {**usual, "kind": "refund"})) == (422, "not_enough_upj", "amount")
