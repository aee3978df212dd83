"""Head office through the programs' door: units, users, products, days off, places; quotes; the trace."""

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.api.conftest import Caller, House, Village, refused
from tests.conftest import TODAY
from tests.makers import PASSWORD

sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

PRODUCT = {
    "code": "USAHA-2",
    "name": "Usaha Dua",
    "akad": "conventional",
    "valid_from": TODAY.isoformat(),
    "min_principal": 5_000_000,
    "max_principal": 10_000_000,
    "step": 500_000,
    "weeks": [50],
    "every_weeks": 2,
    "margin_bp": 2_500,
    "year_weeks": 50,
    "coin": 500,
    "upj_bp": 500,
    "payment_order": "principal_first",
    "by_cycle": [{"cycle": 1, "max_principal": 6_000_000}],
}


def test_a_unit_and_its_people_are_made(house: House) -> None:
    admin = house["admin"]
    unit = admin.ok(
        admin.post("/units", {"code": "SRG", "name": "Kota Serang", "zone": "Asia/Jakarta", "kelurahan": ["36.73.01.1001"]}), 201
    )
    assert unit == {"id": unit["id"], "code": "SRG", "name": "Kota Serang", "zone": "Asia/Jakarta", "kelurahan": ["36.73.01.1001"]}
    body = {"username": "srg-head", "name": "Kepala Serang", "role": "head", "unit": "SRG", "password": PASSWORD}
    user = admin.ok(admin.post("/users", body), 201)
    assert user == {"username": "srg-head", "name": "Kepala Serang", "role": "head", "unit": "SRG", "password": None}
    made = admin.ok(admin.post("/users", {"username": "pusat", "name": "Pusat", "role": "admin", "unit": None}), 201)
    assert made["unit"] is None
    assert len(made["password"]) >= 12
    assert refused(admin.post("/users", body)) == (409, "username_taken", "username")
    assert refused(admin.post("/units", {"code": "SRG", "name": "x", "zone": "Asia/Jakarta", "kelurahan": []})) == (
        409,
        "unit_taken",
        "code",
    )


@sqlite_only
def test_what_units_and_users_may_not_be(house: House) -> None:
    admin = house["admin"]
    unit = {"code": "SRG", "name": "Kota Serang", "zone": "Asia/Jakarta", "kelurahan": []}
    assert refused(admin.post("/units", {**unit, "zone": "Mars/Olympus"})) == (422, "zone_unknown", "zone")
    assert refused(admin.post("/units", {**unit, "kelurahan": ["x"]})) == (422, "kelurahan_unknown", "kelurahan.0")
    assert refused(admin.post("/units", {**unit, "code": "s"}))[::2] in {(400, "code"), (422, "code")}
    user = {"username": "rini", "name": "Rini", "role": "officer", "unit": "JMB"}
    assert refused(admin.post("/users", {**user, "role": "queen"})) == (422, "not_a_choice", "role")
    assert refused(admin.post("/users", {**user, "unit": "ZZZ"}))[0] == 404
    assert refused(admin.post("/users", {**user, "unit": None})) == (422, "unit_needed", "unit")
    assert refused(admin.post("/users", {**user, "username": "Rini Ayu"}))[::2] == (422, "username")
    assert refused(admin.post("/users", {**user, "password": "rahasia"}))[::2] == (422, "password")
    assert refused(admin.post("/users", {**user, "role": "leader"})) == (422, "member_needed", "member")
    assert refused(admin.post("/users", {**user, "is_demo": True})) == (400, "unknown_field", "is_demo")
    for wrong_role in ("officer", "head", "cashier", "auditor", "mentor", "city"):
        for path in ("/units", "/users", "/products", "/holidays"):
            assert refused(house[wrong_role].post(path, {"x": 1}))[:2] == (403, "not_allowed")


def test_products_have_versions(house: House) -> None:
    admin = house["admin"]
    items = admin.ok(admin.get("/products"))["items"]
    assert [item["code"] for item in items] == ["MEKAAR", "MEKAAR-SYARIAH"]
    mekaar = items[0]
    assert (mekaar["min_principal"], mekaar["max_principal"], mekaar["step"], mekaar["weeks"]) == (2_000_000, 5_000_000, 500_000, [25, 50])
    assert (mekaar["margin_bp"], mekaar["year_weeks"], mekaar["coin"], mekaar["upj_bp"]) == (2_500, 50, 500, 500)
    assert (mekaar["payment_order"], mekaar["block_days_late"], mekaar["every_weeks"]) == ("margin_first", 28, 1)
    added = admin.ok(admin.post("/products", PRODUCT), 201)
    assert {name: added[name] for name in PRODUCT if name != "by_cycle"} == {k: v for k, v in PRODUCT.items() if k != "by_cycle"}
    assert added["by_cycle"] == [{"cycle": 1, "min_principal": None, "max_principal": 6_000_000}]
    assert added["valid_to"] is None
    later = {**PRODUCT, "valid_from": "2027-01-01", "max_principal": 12_000_000}
    admin.ok(admin.post("/products", later), 201)
    (held,) = (item for item in admin.ok(admin.get("/products"))["items"] if item["code"] == "USAHA-2")
    assert (held["max_principal"], held["valid_to"]) == (10_000_000, "2026-12-31")
    assert refused(admin.post("/products", later))[0] == 409
    page = admin.ok(admin.get("/products?limit=2"))
    assert [item["code"] for item in admin.ok(admin.get(f"/products?cursor={page['next']}"))["items"]] == ["USAHA-2"]


@sqlite_only
def test_terms_without_sense_are_refused_at_their_field(house: House) -> None:
    admin = house["admin"]

    def no(**other: Any) -> tuple[int, str, str | None]:
        return refused(admin.post("/products", {**PRODUCT, **other}))

    assert no(valid_from="2026-11-25") == (422, "in_the_past", "valid_from")
    assert no(year_weeks=61)[::2] == (422, "year_weeks")
    assert no(every_weeks=3)[::2] == (422, "every_weeks")
    assert no(margin_bp=2_500.5) == (400, "shape", "margin_bp")
    assert no(coin=0)[::2] == (422, "coin")
    assert no(weeks=[])[::2] == (422, "weeks")
    assert no(weeks=[25])[::2] == (422, "weeks.0")
    assert no(akad="riba") == (422, "not_a_choice", "akad")
    assert no(min_principal=20_000_000)[0] == 422
    assert no(by_cycle=[{"cycle": 1, "x": 1}]) == (400, "unknown_field", "by_cycle.0.x")
    assert no(by_cycle=None) == (400, "shape", "by_cycle")


def test_days_off_are_listed_and_declared(village: Village) -> None:
    admin, officer = village["admin"], village["officer"]
    listed = officer.ok(officer.get("/holidays?year=2026&limit=200"))["items"]
    assert {"2026-12-25", "2026-08-17"} <= {item["date"] for item in listed}
    assert {item["kind"] for item in listed} == {"national", "cuti_bersama"}
    assert [item["date"] for item in listed] == sorted(item["date"] for item in listed)
    day = {"date": "2026-12-10", "name": "Pilkada", "kind": "local", "source": "SK Wali Kota 12/2026"}
    dry = admin.ok(admin.post("/holidays?dry_run=1", day), 201)
    assert (dry["dry_run"], dry["move"]) == (True, None)
    assert dry["meetings"][0]["from"] == "2026-12-10"
    assert len(officer.ok(officer.get("/holidays?year=2026&limit=200"))["items"]) == len(listed)
    moved = admin.ok(admin.post("/holidays", day), 201)
    assert moved["meetings"] == dry["meetings"]
    assert refused(admin.post("/holidays", day)) == (409, "holiday_taken", "date")
    item = officer.ok(officer.get(f"/groups/{village.group}/calendar"))["items"][1]
    assert (item["original_on"], item["planned_on"], item["reason"]) == ("2026-12-10", "2026-12-17", "Pilkada")
    walked, cursor = [], ""
    while True:
        page = officer.ok(officer.get(f"/holidays?year=2026&limit=7{cursor}"))
        walked += [item["date"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert walked == sorted([*(item["date"] for item in listed), "2026-12-10"])


@sqlite_only
def test_places_are_told_by_their_codes(house: House) -> None:
    officer = house["officer"]

    def under(code: str) -> list[dict[str, Any]]:
        items, cursor = [], ""
        while True:
            page = officer.ok(officer.get(f"/regions?under={code}&limit=50{cursor}"))
            items += page["items"]
            if page["next"] is None:
                return items
            cursor = f"&cursor={page['next']}"

    jambi = under("15.71")
    assert [sum(item["level"] == level for item in jambi) for level in ("kecamatan", "kelurahan")] == [11, 68]
    assert len(under("15.71.01")) == sum(item["code"].startswith("15.71.01.") for item in jambi)
    assert set(jambi[0]) == {"code", "level", "name", "parent", "valid_from", "valid_to", "source"}
    assert refused(officer.get("/regions?under=99.99")) == (404, "not_found", None)
    assert refused(officer.get("/regions?over=1")) == (400, "unknown_field", "over")


@sqlite_only
def test_a_quote_is_what_the_loan_will_be(house: House) -> None:
    officer = house["officer"]
    quote = officer.ok(officer.post("/quote", {"principal": 2_000_000, "weeks": 50}))
    assert {name: value for name, value in quote.items() if name != "instalments"} == {
        "principal": 2_000_000,
        "margin": 500_000,
        "total": 2_500_000,
        "instalment": 50_000,
        "weeks": 50,
        "upj": 100_000,
        "received": 1_900_000,
    }
    assert quote["instalments"][0] == {
        "number": 1,
        "due_on": "2026-12-03",
        "principal": 40_000,
        "margin": 10_000,
        "total": 50_000,
        "balance": 2_450_000,
    }
    assert quote["instalments"][-1]["balance"] == 0
    other = {"principal": 2_000_000, "weeks": 25, "product": "MEKAAR-SYARIAH", "first_due": "2026-01-05"}
    assert officer.ok(officer.post("/quote", other))["instalment"] == 90_000
    for change, said in (
        ({"principal": 2_100_000}, (422, "principal_not_offered", "principal")),
        ({"principal": 10**12}, (422, "principal_not_offered", "principal")),
        ({"weeks": 0}, (422, "weeks_not_offered", "weeks")),
        ({"product": "X"}, (422, "no_such_product", "product")),
        ({"first_due": None}, (400, "shape", "first_due")),
        ({"first_due": "2026-11-29"}, (422, "unlawful_day", "first_due")),
        ({"weekday": 4}, (400, "unknown_field", "weekday")),
    ):
        assert refused(officer.post("/quote", {"principal": 2_000_000, "weeks": 50, **change})) == said, change
    assert refused(house["city"].post("/quote", {}))[:2] == (403, "not_allowed")


def test_the_trace_tells_every_act_to_those_who_may_know(village: Village) -> None:
    head, auditor = village["head"], village["auditor"]
    loan = village.loan(village.members[0])
    rows = head.ok(head.get(f"/audit?row=loan:{loan}&limit=200"))["items"]
    assert [row["act"] for row in rows] == ["loans.apply", "loans.recommend", "loans.verify", "loans.approve", "loans.disburse"]
    assert [row["actor"] for row in rows] == ["officer", "officer", "head", "head", "cashier"]
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    assert auditor.ok(auditor.get("/audit?actor=cashier&limit=200"))["items"]
    assert head.ok(head.get("/audit?from=2020-01-01&to=2020-12-31"))["items"] == []
    assert refused(village["officer"].get("/audit"))[:2] == (403, "not_allowed")
    table = head.get("/audit.csv").get_data().decode("utf-8-sig").splitlines()
    assert table[0].startswith("id,at,actor,act,row")


NEEDED = {"account": "vault_cash"}
"""What some lists cannot do without."""


def every_get(caller: Caller) -> list[str]:
    """Every list and report that has nothing in braces, asked for what it must be told."""
    paths = caller.client.get("/api/v1/openapi.json").get_json()["paths"]
    lists = {path: methods["get"].get("parameters", []) for path, methods in paths.items() if "get" in methods and "{" not in path}
    needed = {path: [one["name"] for one in parameters if one.get("required")] for path, parameters in lists.items()}
    return [f"{path}?{urlencode({name: NEEDED[name] for name in names})}" if names else path for path, names in needed.items()]


@sqlite_only
def test_every_list_answers_for_whoever_may_see_it_and_never_with_a_fault(village: Village) -> None:
    village.loan(village.members[0])
    seen = set()
    for role in ("officer", "head", "cashier", "auditor", "mentor", "city", "admin"):
        for path in every_get(village[role]):
            answer = village[role].get(path)
            assert answer.status_code in {200, 403}, (role, path, answer.get_data(as_text=True))
            if answer.status_code == 200:
                seen.add(path)
    assert seen == set(every_get(village["officer"]))
