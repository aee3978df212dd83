"""The papers of a meeting through the programs' door: the empty sheet, and the receipt with its copies."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.api.conftest import UUID, Caller, Village, refused
from tests.api.test_records_api import a_record, lent, meeting_of

__all__ = ["lent"]

Lent = tuple[Village, dict[int, int]]


@pytest.fixture
def kept(lent: Lent) -> tuple[Village, dict[int, int], str]:
    """A meeting kept, its first woman Rp30,000 short."""
    village, loans = lent
    officer = village["officer"]
    body = a_record(officer, meeting_of(officer, village.group))
    line = next(line for line in body["lines"] if line["loan"])
    line["paid"], line["shortfall"] = 20_000, {"reason": "sakit", "promise_on": None}
    body["cash_counted"] = sum(line["paid"] for line in body["lines"])
    uuid = UUID.format(77)
    officer.ok(officer.put(f"/records/{uuid}", body), 201)
    return village, loans, uuid


def text(caller: Caller, path: str) -> str:
    answer = caller.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.headers["Content-Type"] == "application/pdf"
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)


def test_the_empty_sheet_shows_what_is_due_and_carries_its_own_number(lent: Lent) -> None:
    village, _ = lent
    officer = village["officer"]
    meeting = meeting_of(officer, village.group)
    sheet = text(officer, f"/meetings/{meeting}/sheet.pdf")
    assert f"JMB-L-2026-{meeting:04d}" in sheet
    assert "50.000" in sheet
    assert refused(village["officer2"].get(f"/meetings/{meeting}/sheet.pdf"))[:2] == (404, "not_found")
    for wrong_role in ("mentor", "city", "admin"):
        assert refused(village[wrong_role].get(f"/meetings/{meeting}/sheet.pdf"))[:2] == (403, "not_allowed")


def test_a_receipt_is_the_original_once_and_a_copy_ever_after(kept: tuple[Village, dict[int, int], str]) -> None:
    village, _, uuid = kept
    officer = village["officer"]
    page = officer.get(f"/records/{uuid}/receipt.html")
    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert officer.get(f"/records/{uuid}/receipt.txt?member=999999").status_code == 404
    assert "SALINAN" not in page.get_data(as_text=True)
    answer = officer.get(f"/records/{uuid}/receipt.txt?width=58")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    first = answer.get_data(as_text=True)
    assert "SALINAN" not in first
    assert max(len(line) for line in first.splitlines()) <= 32
    assert "30.000" in first, "what she was short stands on it"
    assert "SALINAN ke-1" in text(officer, f"/records/{uuid}/receipt.pdf?width=58")
    assert "SALINAN ke-2" in text(officer, f"/records/{uuid}/receipt.pdf")
    assert "SALINAN" not in officer.get(f"/records/{uuid}/receipt.html").get_data(as_text=True)


def test_one_womans_receipt_counts_its_own_prints(kept: tuple[Village, dict[int, int], str]) -> None:
    village, loans, uuid = kept
    officer = village["officer"]
    member = next(iter(loans))
    officer.get(f"/records/{uuid}/receipt.pdf")
    hers = officer.get(f"/records/{uuid}/receipt.txt?member={member}").get_data(as_text=True)
    assert "KUITANSI ANGGOTA" in hers
    assert "SALINAN" not in hers
    assert refused(officer.get(f"/records/{uuid}/receipt.txt?member=999999"))[:2] == (404, "not_found")


def test_an_undone_record_says_so_on_its_receipt(kept: tuple[Village, dict[int, int], str]) -> None:
    village, _, uuid = kept
    officer = village["officer"]
    officer.ok(officer.post(f"/records/{uuid}/undo", {"reason": "salah kelompok"}))
    assert "DIBATALKAN" in officer.get(f"/records/{uuid}/receipt.txt").get_data(as_text=True)


def test_a_receipt_is_not_for_strangers_and_comes_in_two_widths(kept: tuple[Village, dict[int, int], str]) -> None:
    village, _, uuid = kept
    assert refused(village["officer2"].get(f"/records/{uuid}/receipt.pdf"))[:2] == (404, "not_found")
    assert refused(village["mentor"].get(f"/records/{uuid}/receipt.pdf"))[:2] == (403, "not_allowed")
    assert refused(village["officer"].get(f"/records/{uuid}/receipt.pdf?width=80"))[:2] == (400, "shape")
