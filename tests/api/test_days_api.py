"""Closing a day through the programs' door, and the list of closed days."""

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

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

CLOSE = f"/days/{TODAY}/close"


def test_a_day_is_closed_by_what_is_counted(village: Village) -> None:
    head = village["head"]
    assert refused(head.post(CLOSE, {"total": 99_990_000})) == (422, "reason_needed", "reason")
    first = head.ok(head.post(CLOSE, {"counted": {"100000": 999, "50000": 1}, "reason": "selembar kurang"}))
    assert {name: first[name] for name in ("on", "expected", "counted", "difference", "entries")} == {
        "on": TODAY.isoformat(), "expected": 100_000_000, "counted": 99_950_000, "difference": -50_000, "entries": 2,
    }  # fmt: skip
    assert (len(first["hash"]), first["previous_hash"], first["by"], first["reason"]) == (64, "0" * 64, "head", "selembar kurang")
    assert refused(head.post(CLOSE, {"total": 99_950_000}))[:2] == (409, "already_closed")
    clock.fix(TODAY + timedelta(days=1))
    second = head.ok(head.post(f"/days/{TODAY + timedelta(days=1)}/close", {"total": 99_950_000}))
    assert (second["previous_hash"], second["entries"]) == (first["hash"], 0)
    assert head.ok(head.get(f"/days?from={TODAY}&to={TODAY + timedelta(days=1)}"))["items"] == [first, second]
    page = head.ok(head.get("/days?limit=1"))
    assert head.ok(head.get(f"/days?limit=1&cursor={page['next']}"))["items"] == [second]
    table = list(csv.DictReader(io.StringIO(head.get("/days.csv").get_data().decode("utf-8-sig"))))
    assert [row["hash"] for row in table] == [first["hash"], second["hash"]]
    for reader in ("cashier", "auditor"):
        assert village[reader].ok(village[reader].get("/days"))["items"] == [first, second]
    a_unit("SRG", city="36.73", name="Kota Serang")
    assert village["srg-head"].ok(village["srg-head"].get("/days"))["items"] == []
    assert refused(village["srg-head"].get("/days?unit=JMB")) == (404, "not_found", None)


def test_what_a_close_may_not_be(village: Village) -> None:
    head = village["head"]

    def no(body: dict[str, Any], path: str = CLOSE) -> tuple[int, str, str | None]:
        return refused(head.post(path, body))

    assert no({})[1] == "total_or_counted"
    assert no({"total": 1, "counted": {"100000": 1}})[1] == "total_or_counted"
    assert no({"total": -1}) == (400, "shape", "total")
    assert no({"counted": {"3000": 1}})[0] in {400, 422}
    assert no({"total": 100_000_000_001}) == (422, "too_large", "total")
    assert no({"total": 100_000_000}, f"/days/{TODAY + timedelta(days=1)}/close")[:2] == (422, "future_date")
    assert no({"total": 100_000_000}, "/days/yesterday/close") == (400, "shape", "date")
    clock.fix(TODAY + timedelta(days=1))
    later = f"/days/{TODAY + timedelta(days=1)}/close"
    assert no({"total": 100_000_000}, later) == (422, "earlier_day_open", "date")
    head.ok(head.post(later, {"total": 100_000_000, "earlier_too": True}))
    assert [day["counted"] for day in head.ok(head.get("/days"))["items"]] == [None, 100_000_000]
    for wrong_role in ("officer", "cashier", "auditor", "mentor", "city", "admin"):
        assert refused(village[wrong_role].post(CLOSE, {"total": 0}))[:2] == (403, "not_allowed")


def test_a_late_record_is_booked_on_the_open_day(village: Village) -> None:
    officer, head, cashier = (village[name] for name in ("officer", "head", "cashier"))
    village.loan(village.members[0])
    held = {row["account"]: row["balance"] for row in head.ok(head.get("/trial-balance"))["accounts"]}["vault_cash"]
    clock.fix(FIRST_DUE)
    head.ok(head.post(f"/days/{FIRST_DUE}/close", {"total": held, "earlier_too": True}))
    closed = head.ok(head.get("/trial-balance"))
    today = FIRST_DUE + timedelta(days=1)
    clock.fix(today)
    officer.ok(officer.put(f"/records/{UUID.format(1)}", a_record(officer, meeting_of(officer, village.group))), 201)
    (entry,) = [one for one in head.ok(head.get(f"/journal?from={today}"))["items"] if one["record"]]
    assert (entry["on"], entry["happened_on"]) == (today.isoformat(), FIRST_DUE.isoformat())
    assert head.ok(head.get(f"/trial-balance?on={FIRST_DUE}")) == closed
    handed = {"id": UUID.format(5), "officer": "officer", "on": FIRST_DUE.isoformat(), "total": 50_000}
    assert refused(cashier.post("/handovers", handed)) == (422, "day_closed", "on")
    assert refused(head.post(f"/days/{today}/close", {"total": held})) == (422, "officer_holds_cash", "reason")
    assert "officer" in head.post(f"/days/{today}/close", {"total": held}).get_json()["detail"]
    cashier.ok(cashier.post("/handovers", {**handed, "on": today.isoformat()}), 201)
    head.ok(head.post(f"/days/{today}/close", {"total": held + 50_000}))


def test_the_close_sheet_is_printed_of_closed_days_only(village: Village) -> None:
    head, path = village["head"], f"/days/{TODAY}/sheet.pdf"
    assert refused(head.get(path))[:2] == (404, "not_found")
    head.ok(head.post(CLOSE, {"total": 100_000_000}))
    for reader in ("head", "cashier", "auditor"):
        paper = village[reader].get(path)
        assert (paper.status_code, paper.mimetype, paper.data[:5]) == (200, "application/pdf", b"%PDF-")
        assert paper.headers["Content-Disposition"] == f'inline; filename="tutup-hari-JMB-T-{TODAY:%Y%m%d}.pdf"'
    a_unit("SRG", city="36.73", name="Kota Serang")
    assert refused(village["srg-head"].get(path))[:2] == (404, "not_found")
    assert refused(village["srg-head"].get(f"{path}?unit=JMB"))[:2] == (404, "not_found")
    assert refused(village["officer"].get(path))[:2] == (403, "not_allowed")
