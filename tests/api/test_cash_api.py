"""An officer says what she carries, the cashier counts, and both can read what was received, through the programs' door."""

import csv
import io
from typing import Any

import pytest

from tests.api.conftest import UUID, Village, refused
from tests.conftest import TODAY
from tests.documents.papers import pages

ON = TODAY.isoformat()
SAID = {"id": UUID.format(41), "on": ON, "counted": {"100000": 1, "50000": 1}}
COUNTED = {"id": UUID.format(42), "officer": "officer", "on": ON, "counted": {"100000": 1, "20000": 2}, "reason": "sepuluh ribu hilang"}

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def received(village: Village) -> dict[str, Any]:
    """The officer said Rp150,000 and the cashier counted Rp140,000; the books knew of nothing."""
    village["officer"].ok(village["officer"].post("/cash/declarations", SAID), 201)
    answer: dict[str, Any] = village["cashier"].ok(village["cashier"].post("/handovers", COUNTED), 201)
    return answer


def test_what_she_says_is_kept_once(village: Village) -> None:
    officer = village["officer"]
    first = officer.ok(officer.post("/cash/declarations", SAID), 201)
    assert first == {"id": UUID.format(41), "on": ON, "total": 150_000}
    assert officer.ok(officer.post("/cash/declarations", SAID)) == first
    assert refused(officer.post("/cash/declarations", {**SAID, "counted": {"100000": 2}}))[:2] == (422, "key_reused")
    assert officer.ok(officer.get("/handovers"))["items"] == []


def test_what_she_says_must_be_one_count_in_notes_that_there_are(village: Village) -> None:
    officer = village["officer"]

    def no(**other: Any) -> tuple[int, str, str | None]:
        return refused(officer.post("/cash/declarations", {"id": UUID.format(41), "on": ON, **other}))

    assert no()[:2] == (422, "total_or_counted")
    assert no(total=1, counted={})[:2] == (422, "total_or_counted")
    assert no(total=0)[:2] == (422, "too_small")
    assert no(counted={})[:2] == (422, "too_small")
    assert no(counted={"30000": 1})[:2] == (422, "not_a_choice")
    assert no(total=1.5)[:2] == (400, "shape")
    assert no(total=1, note="x")[:2] == (400, "unknown_field")
    assert no(total=1, on="2026-11-27")[:2] == (422, "future_date")
    for wrong_role in ("mentor", "head", "cashier", "auditor", "city", "admin"):
        assert refused(village[wrong_role].post("/cash/declarations", SAID))[:2] == (403, "not_allowed")


def test_what_was_received_is_listed_with_what_she_had_said(village: Village, received: dict[str, Any]) -> None:
    assert received == {"id": UUID.format(42), "officer": "officer", "expected": 0, "counted": 140_000, "difference": 140_000}
    for reader in ("officer", "cashier", "head", "auditor"):
        (listed,) = village[reader].ok(village[reader].get(f"/handovers?from={ON}&to={ON}&officer=officer"))["items"]
        assert {name: listed[name] for name in received} == received
        assert (listed["cashier"], listed["on"], listed["reason"]) == ("cashier", ON, "sepuluh ribu hilang")
        assert listed["notes"] == {"100000": 1, "20000": 2}
        assert (listed["declared"]["id"], listed["declared"]["total"]) == (UUID.format(41), 150_000)
        assert listed["declared"]["counted"] == {"100000": 1, "50000": 1}
    assert village["officer2"].ok(village["officer2"].get("/handovers"))["items"] == []
    assert village["head"].ok(village["head"].get("/handovers?to=2026-11-25"))["items"] == []
    assert refused(village["mentor"].get("/handovers"))[:2] == (403, "not_allowed")
    (row,) = csv.DictReader(io.StringIO(village["head"].get("/handovers.csv").get_data(as_text=True).removeprefix("\ufeff")))
    assert (row["counted"], row["declared.total"], row["notes.100000"]) == ("140000", "150000", "1")


def test_the_list_comes_in_pages_newest_first(village: Village, received: dict[str, Any]) -> None:
    cashier = village["cashier"]
    cashier.ok(cashier.post("/handovers", {"id": UUID.format(43), "officer": "officer", "on": ON, "total": 0}), 201)
    page = cashier.ok(cashier.get("/handovers?limit=1"))
    rest = cashier.ok(cashier.get(f"/handovers?limit=1&cursor={page['next']}"))
    assert [one["id"] for one in page["items"] + rest["items"]] == [UUID.format(43), UUID.format(42)]
    assert (page["items"][0]["declared"], rest["next"]) == (None, None)


def test_its_minutes_are_a_paper_for_both(village: Village, received: dict[str, Any]) -> None:
    for reader in ("officer", "cashier", "head"):
        answer = village[reader].get(f"/handovers/{UUID.format(42)}/minutes.pdf")
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert answer.headers["Content-Disposition"] == 'inline; filename="setor-kas-JMB-S-20261126-1.pdf"'
    (page,) = pages(answer.get_data())
    assert "sepuluh ribu hilang" in page
    assert refused(village["officer2"].get(f"/handovers/{UUID.format(42)}/minutes.pdf")) == (404, "not_found", None)
    assert refused(village["head"].get(f"/handovers/{UUID.format(9)}/minutes.pdf")) == (404, "not_found", None)
    assert refused(village["mentor"].get(f"/handovers/{UUID.format(42)}/minutes.pdf"))[:2] == (403, "not_allowed")
