"""Cash, the journal, the trial balance, the portfolio through the programs' door."""

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


def transfer(**other: Any) -> dict[str, Any]:
    return {
        "id": UUID.format(77),
        "on": TODAY.isoformat(),
        "amount": 5_000_000,
        "from": "bank",
        "to": "vault",
        "reason": "modal kerja",
        **other,
    }


def test_cash_is_moved_once_however_often_it_is_sent(village: Village) -> None:
    cashier = village["cashier"]
    first = cashier.ok(cashier.post("/cash/transfers", transfer()), 201)
    assert (first["amount"], first["from"], first["to"], first["on"]) == (5_000_000, "bank", "vault", TODAY.isoformat())
    again = dict(reversed(transfer(id=UUID.format(77).upper()).items()))
    assert cashier.ok(cashier.post("/cash/transfers", again)) == first
    assert refused(cashier.post("/cash/transfers", transfer(amount=6_000_000)))[:2] == (422, "key_reused")
    entries = cashier.ok(cashier.get("/journal?account=bank"))["items"]
    assert [entry["id"] for entry in entries if entry["reason"] == "modal kerja"] == [first["entry"]]


@sqlite_only
def test_what_a_transfer_may_not_be(village: Village) -> None:
    cashier = village["cashier"]

    def no(**other: Any) -> tuple[int, str, str | None]:
        return refused(cashier.post("/cash/transfers", transfer(**other)))

    assert no(amount=0) == (422, "too_small", "amount")
    assert no(amount=100_000_000_001) == (422, "too_large", "amount")
    assert no(amount=10**15) == (400, "shape", "amount")
    assert no(amount=-5) == (400, "shape", "amount")
    assert no(to="bank")[::2] == (422, "to")
    assert no(to="pocket") == (422, "not_a_choice", "to")
    assert no(on=(TODAY + timedelta(days=1)).isoformat()) == (422, "future_date", "on")
    assert no(**{"from": "vault", "to": "bank", "amount": 99_000_000_000}) == (422, "not_enough_cash", "amount")
    assert no(id="x") == (400, "shape", "id")
    for wrong_role in ("officer", "head", "auditor", "admin", "city"):
        assert refused(village[wrong_role].post("/cash/transfers", {}))[:2] == (403, "not_allowed")


def test_the_journal_tells_both_sides_and_the_balance_is_their_sum(village: Village) -> None:
    head = village["head"]
    loan = village.loan(village.members[0])
    entries = head.ok(head.get("/journal?account=loan_principal"))["items"]
    (entry,) = entries
    assert (entry["kind"], entry["unit"], entry["on"], entry["happened_on"], entry["actor"]) == (
        "disbursement",
        "JMB",
        TODAY.isoformat(),
        TODAY.isoformat(),
        "cashier",
    )
    assert (entry["record"], entry["reversal_of"], entry["reversed_by"]) == (None, None, None)
    assert sum(posting["amount"] for posting in entry["postings"]) == 0
    debit = next(posting for posting in entry["postings"] if posting["account"] == "loan_principal")
    assert (debit["loan"], debit["member"], debit["user"], debit["amount"]) == (loan, village.members[0], None, 2_000_000)
    balance = head.ok(head.get("/trial-balance"))
    assert balance["unit"] == "JMB"
    assert balance["debit"] == balance["credit"]
    assert sum(account["balance"] for account in balance["accounts"]) == 0
    held = {account["account"]: account["balance"] for account in balance["accounts"]}
    assert (held["loan_principal"], held["upj"]) == (2_000_000, -100_000)
    assert all(account["name"] and account["code"] for account in balance["accounts"])
    rows = list(csv.DictReader(io.StringIO(head.get("/journal.csv").get_data().decode("utf-8-sig"))))
    assert len(rows) == sum(len(item["postings"]) for item in head.ok(head.get("/journal?limit=200"))["items"])
    assert sum(int(row["amount"]) for row in rows) == 0
    assert head.ok(head.get("/journal?from=2020-01-01&to=2020-12-31"))["items"] == []


def test_whose_books_they_are(village: Village) -> None:
    a_unit("SRG", city="36.73", name="Kota Serang")
    for path in ("/journal", "/trial-balance"):
        for wrong_role in ("officer", "mentor", "city", "admin"):
            assert refused(village[wrong_role].get(path))[:2] == (403, "not_allowed")
        assert refused(village["head"].get(f"{path}?unit=SRG")) == (404, "not_found", None)
        assert refused(village["srg-head"].get(f"{path}?unit=JMB")) == (404, "not_found", None)
        assert village["auditor"].get(f"{path}?unit=SRG").status_code == 200
        assert refused(village["auditor"].get(f"{path}?unit=ZZZ")) == (404, "not_found", None)
    assert village["srg-head"].ok(village["srg-head"].get("/journal"))["items"] == []
    assert refused(village["head"].get("/journal?account=gold")) == (400, "shape", "account")
    assert refused(village["head"].get(f"/trial-balance?on={TODAY + timedelta(days=1)}")) == (422, "future_date", "on")


def test_the_portfolio_is_told_by_what_one_asks(village: Village) -> None:
    officer, head = village["officer"], village["head"]
    for member in village.members[:3]:
        village.loan(member)
    clock.fix(FIRST_DUE)
    body = a_record(officer, meeting_of(officer, village.group))
    body["lines"][0]["paid"] = 20_000
    body["lines"][0]["renteng"] = [{"from": village.members[1], "amount": 10_000}]
    body["cash_counted"] = 130_000
    officer.ok(officer.put(f"/records/{UUID.format(1)}", body), 201)
    clock.fix(FIRST_DUE + timedelta(days=1))
    portfolio = head.ok(head.get("/portfolio?by=group"))
    assert (portfolio["on"], portfolio["by"], portfolio["restated"]) == ("2026-12-04", "group", False)
    (row,) = portfolio["items"]
    assert (row["key"], row["name"], row["loans"]) == (village.group, "Melati", 3)
    late = 2_000_000 - 20_000
    assert row["outstanding_principal"] == 6_000_000 - 40_000 - 40_000 - 20_000
    assert row["par"] == {"0": late, "7": 0, "30": 0, "60": 0, "90": 0}
    assert row["par_ratio"]["0"] == round(late / row["outstanding_principal"], 4)
    assert (row["due_period"], row["collected_period"]) == (150_000, 130_000)
    assert row["own_payment_rate"] == round(120_000 / 130_000, 4)
    assert row["classes"]["lancar"] == {"loans": 3, "outstanding_principal": row["outstanding_principal"]}
    for by, key in (("unit", "JMB"), ("officer", "officer"), ("kelurahan", "15.71.01.1004"), ("product", "MEKAAR"), ("cycle", 1)):
        (one,) = head.ok(head.get(f"/portfolio?by={by}"))["items"]
        assert (one["key"], one["outstanding_principal"]) == (key, row["outstanding_principal"])
    before = head.ok(head.get(f"/portfolio?by=unit&on={TODAY - timedelta(days=1)}"))
    assert [item["loans"] for item in before["items"]] in ([], [0])
    (mine,) = officer.ok(officer.get("/portfolio?by=officer"))["items"]
    assert mine["loans"] == 3
    table = list(csv.DictReader(io.StringIO(head.get("/portfolio.csv?by=group").get_data().decode("utf-8-sig"))))
    assert (table[0]["par.0"], table[0]["key"]) == (str(late), str(village.group))
    assert refused(head.get("/portfolio?by=moon")) == (400, "shape", "by")
    assert refused(head.get("/portfolio?on=2027-01-01")) == (422, "future_date", "on")


def test_who_may_see_the_portfolio_and_which(village: Village) -> None:
    village.loan(village.members[0])
    a_unit("SRG", city="36.73", name="Kota Serang")
    for wrong_role in ("mentor", "cashier"):
        assert refused(village[wrong_role].get("/portfolio"))[:2] == (403, "not_allowed")
        assert refused(village[wrong_role].get("/arrears"))[:2] == (403, "not_allowed")
    assert refused(village["city"].get("/portfolio?by=officer"))[:2] == (403, "not_allowed")
    assert village["city"].ok(village["city"].get("/portfolio?by=kelurahan"))["items"] == []
    assert refused(village["admin"].get("/portfolio?by=group"))[:2] == (403, "not_allowed")
    assert [item["key"] for item in village["admin"].ok(village["admin"].get("/portfolio?by=unit"))["items"]] == ["JMB"]
    assert village["officer2"].ok(village["officer2"].get("/portfolio?by=group"))["items"] == []
    assert village["srg-head"].ok(village["srg-head"].get("/portfolio?by=group"))["items"] == []
    assert refused(village["srg-head"].get("/portfolio?by=group&unit=JMB")) == (404, "not_found", None)
    assert refused(village["srg-head"].get("/arrears?unit=JMB")) == (404, "not_found", None)
    assert [item["key"] for item in village["auditor"].ok(village["auditor"].get("/portfolio?by=unit&unit=JMB"))["items"]] == ["JMB"]


def test_the_worklist_goes_by_what_can_still_be_saved(village: Village) -> None:
    officer, head = village["officer"], village["head"]
    loans = {member: village.loan(member) for member in village.members[:4]}
    first, second, third, fourth = village.members[:4]
    clock.fix(FIRST_DUE)
    body = a_record(officer, meeting_of(officer, village.group))
    promises = {first: None, second: "2026-12-05", third: "2026-12-20"}
    for line in body["lines"]:
        if line["member"] in promises:
            line |= {"paid": 0, "shortfall": {"reason": "sakit", "promise_on": promises[line["member"]]}}
    body["cash_counted"] = 50_000
    officer.ok(officer.put(f"/records/{UUID.format(1)}", body), 201)
    clock.fix(FIRST_DUE + timedelta(days=6))
    items = head.ok(head.get("/arrears"))["items"]
    assert [item["loan"] for item in items] == [loans[second], loans[first], loans[third]]
    assert [(item["reason"], item["promise"]) for item in items] == [
        ("sakit", "2026-12-05"),
        ("sakit", None),
        ("sakit", "2026-12-20"),
    ]
    assert fourth not in {item["member"] for item in items}
    page = head.ok(head.get("/arrears?limit=2"))
    rest = head.ok(head.get(f"/arrears?limit=2&cursor={page['next']}"))
    assert [item["loan"] for item in page["items"] + rest["items"]] == [item["loan"] for item in items]
    assert head.ok(head.get(f"/arrears?on={FIRST_DUE}"))["items"] == []
    assert head.ok(head.get("/arrears?officer=officer2"))["items"] == []
    assert len(head.ok(head.get(f"/arrears?group={village.group}"))["items"]) == 3
    table = list(csv.DictReader(io.StringIO(head.get("/arrears.csv").get_data().decode("utf-8-sig"))))
    assert [row["overdue"] for row in table] == ["50000"] * 3
    assert table[0]["class"] == "lancar"


def test_an_officer_hands_over_what_she_holds_and_a_difference_is_named(village: Village) -> None:
    officer, cashier = village["officer"], village["cashier"]
    village.loan(village.members[0])
    clock.fix(FIRST_DUE)
    officer.ok(officer.put(f"/records/{UUID.format(1)}", a_record(officer, meeting_of(officer, village.group))), 201)
    body = {"id": UUID.format(5), "officer": "officer", "on": FIRST_DUE.isoformat(), "counted": {"20000": 2, "5000": 1}}
    assert refused(cashier.post("/handovers", body)) == (422, "reason_needed", "reason")
    first = cashier.ok(cashier.post("/handovers", {**body, "reason": "selembar kurang"}), 201)
    assert (first["expected"], first["counted"], first["difference"]) == (50_000, 45_000, -5_000)
    assert cashier.ok(cashier.post("/handovers", {**body, "reason": "selembar kurang"})) == first
    assert refused(cashier.post("/handovers", {**body, "reason": "lain"}))[:2] == (422, "key_reused")
    held = {row["account"]: row["balance"] for row in cashier.ok(cashier.get("/trial-balance"))["accounts"]}
    assert (held["officer_cash"], held["over_short"]) == (0, 5_000)
    again = {**body, "id": UUID.format(6), "counted": {"20000": 0}}
    assert cashier.ok(cashier.post("/handovers", again), 201)["expected"] == 0
    assert refused(cashier.post("/handovers", {**again, "id": UUID.format(7), "total": 0}))[0] in {400, 422}
    assert refused(cashier.post("/handovers", {**again, "id": UUID.format(7), "officer": "nobody"}))[0] == 404
    for wrong_role in ("officer", "head", "auditor", "admin"):
        assert refused(village[wrong_role].post("/handovers", {}))[:2] == (403, "not_allowed")


@sqlite_only
def test_the_ledger_of_an_account_leg_by_leg_with_its_files(village: Village) -> None:
    cashier, head = village["cashier"], village["head"]
    for nth, reason in enumerate(("modal kerja", "=HYPERLINK(1)", "isi kas")):
        cashier.ok(cashier.post("/cash/transfers", transfer(id=UUID.format(80 + nth), amount=1_000 + nth, reason=reason)), 201)
    whole = head.ok(head.get("/ledger?account=bank"))["items"]
    assert [(line["debit"], line["credit"], line["balance"], line["kind"], line["actor"]) for line in whole[-3:]] == [
        (0, 1_000, whole[-4]["balance"] - 1_000 if len(whole) > 3 else -1_000, "transfer", "cashier"),
        (0, 1_001, whole[-3]["balance"] - 1_001, "transfer", "cashier"),
        (0, 1_002, whole[-2]["balance"] - 1_002, "transfer", "cashier"),
    ]
    piece = head.ok(head.get(f"/ledger?account=bank&limit={len(whole) - 1}"))
    assert head.ok(head.get(f"/ledger?account=bank&cursor={piece['next']}"))["items"] == whole[-1:]
    rows = list(csv.DictReader(io.StringIO(head.get("/ledger.csv?account=bank").get_data().decode("utf-8-sig"))))
    assert [int(row["balance"]) for row in rows] == [line["balance"] for line in whole]
    assert "'=HYPERLINK(1)" in {row["reason"] for row in rows}
    assert refused(head.get("/ledger")) == (400, "required", "account")
    assert refused(head.get("/ledger?account=gold")) == (400, "shape", "account")
    assert refused(head.get("/ledger?account=bank&cursor=aaaa"))[1] == "cursor_unknown"
    assert refused(village["officer"].get("/ledger?account=bank"))[:2] == (403, "not_allowed")


@sqlite_only
def test_the_chart_of_accounts_and_the_journal_narrowed_down(village: Village) -> None:
    cashier, head = village["cashier"], village["head"]
    cashier.ok(cashier.post("/cash/transfers", transfer()), 201)
    accounts = {row["account"]: row for row in head.ok(head.get("/accounts"))["items"]}
    balances = {row["account"]: row for row in head.ok(head.get("/trial-balance"))["accounts"]}
    assert {name: {**row, "kind": None} for name, row in accounts.items()} == {
        name: {**row, "kind": None} for name, row in balances.items()
    }
    assert [row["account"] for row in head.ok(head.get("/accounts?kind=liability"))["items"]] == ["savings", "upj"]
    assert (accounts["bank"]["kind"], accounts["margin_income"]["kind"]) == ("asset", "income")

    def found(query: str) -> list[dict[str, Any]]:
        return list(head.ok(head.get(f"/journal?{query}"))["items"])

    (entry,) = found("reason=MODAL%20kerja&kind=transfer&officer=cashier&account=bank&least=5000000&most=5000000")
    assert entry["reason"] == "modal kerja"
    assert found("least=5000001&reason=modal%20kerja") == []
    assert found("loan=999") == found("member=999") == []
    assert refused(head.get("/journal?least=-1")) == (400, "shape", "least")
    assert refused(head.get("/journal?kind=gold")) == (400, "shape", "kind")
