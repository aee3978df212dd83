"""The receipt: what was paid, by whom, in figures and words; once an original, then a copy."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lending.documents.receipt import Receipt, ReceiptLine, ReceiptWidth, receipt_pdf, receipt_text
from tests.documents.papers import pages

LINES = (
    ReceiptLine("Aminah", 50_000, 5_000, 0, 0),
    ReceiptLine("Dewi Anggraini", 20_000, 0, 0, 30_000),
    ReceiptLine("Ratna Sari", 20_000, 0, 30_000, 0),
)
RECEIPT = Receipt(
    number="JMB-2026-000123",
    unit_name="Unit Kota Jambi",
    group_name="Melati 07",
    meeting_number=12,
    held_on=date(2026, 11, 26),
    recorded_at=datetime(2026, 11, 26, 2, 41, tzinfo=UTC),
    zone="Asia/Jakarta",
    officer_name="Budi Santoso",
    lines=LINES,
    total=125_000,
)


def test_the_groups_receipt_is_thirty_two_letters_wide() -> None:
    assert (
        receipt_text(RECEIPT)
        == """\
       KUITANSI PERTEMUAN
        Unit Kota Jambi
--------------------------------
No               JMB-2026-000123
Kamis, 26 November 2026
Melati 07, pertemuan ke-12
Petugas: Budi Santoso
Dicatat 26-11-2026 09.41 WIB
--------------------------------
Aminah                  Rp55.000
Dewi Anggraini          Rp20.000
Ratna Sari              Rp50.000
--------------------------------
Angsuran                Rp90.000
Renteng                 Rp30.000
Tabungan                 Rp5.000
--------------------------------
TOTAL TUNAI            Rp125.000
seratus dua puluh lima ribu
rupiah
--------------------------------
Kurang bayar
Dewi Anggraini          Rp30.000
--------------------------------
      Simpan kuitansi ini.
"""
    )


def test_a_members_receipt_shows_her_line_only() -> None:
    hers = replace(RECEIPT, lines=LINES[2:], total=50_000, for_member=True)
    text = receipt_text(hers)
    assert "KUITANSI ANGGOTA" in text
    assert "No               JMB-2026-000123" in text
    assert "Angsuran                Rp20.000\nDitanggung kelompok     Rp30.000\n" in text
    assert "TOTAL TUNAI             Rp50.000\nlima puluh ribu rupiah\n" in text
    assert "Aminah" not in text
    assert "Masih kurang            Rp30.000" in receipt_text(replace(hers, lines=LINES[1:2]))


def test_a_name_of_sixty_letters_is_folded_not_cut() -> None:
    name = "Hj. Nur Aisyah Ramadhani Putri Kusumawardhani binti Abdullah"
    text = receipt_text(replace(RECEIPT, lines=(ReceiptLine(name, 50_000, 0, 0, 50_000), ReceiptLine("W" * 60, 1_000, 0, 0, 0))))
    assert all(len(line) <= 32 for line in text.splitlines())
    assert name.replace(" ", "") in "".join(text.split())
    assert "W" * 60 in "".join(text.split())


@pytest.mark.parametrize("copy", [1, 2, 11])
def test_a_copy_says_so(copy: int) -> None:
    assert f"SALINAN ke-{copy}" in receipt_text(replace(RECEIPT, copy=copy))
    assert f"SALINAN ke-{copy}" in pages(receipt_pdf(replace(RECEIPT, copy=copy), "58"))[0]


def test_the_original_is_no_copy_and_not_undone() -> None:
    assert "SALINAN" not in receipt_text(RECEIPT)
    assert "DIBATALKAN" not in receipt_text(RECEIPT)


def test_the_receipt_of_an_undone_record_says_so() -> None:
    undone = replace(RECEIPT, undone=True)
    assert "*** DIBATALKAN ***" in receipt_text(undone)
    assert "*** DIBATALKAN ***" in pages(receipt_pdf(undone, "a6"))[0]


def test_a_line_that_was_undone_by_itself_says_so_among_the_others() -> None:
    lines = (*LINES[:2], ReceiptLine("Ratna Sari", 0, 0, 0, 0, undone=True))
    text = receipt_text(replace(RECEIPT, lines=lines, total=75_000))
    assert "Ratna Sari            DIBATALKAN\n" in text
    assert "Renteng                      Rp0\n" in text
    assert "TOTAL TUNAI             Rp75.000\n" in text
    assert "*** DIBATALKAN ***" not in text


@pytest.mark.parametrize("width", ["58", "a6"])
def test_the_pdf_says_what_the_text_says(width: ReceiptWidth) -> None:
    printed = " ".join(pages(receipt_pdf(RECEIPT, width)))
    said = receipt_text(RECEIPT).replace("-" * 32, "").split()
    assert printed.split() == said


def test_a_group_of_thirty_with_everyone_short_needs_a_second_sheet_of_a6() -> None:
    lines = tuple(ReceiptLine(f"Anggota {number:02}", 0, 0, 0, 50_000) for number in range(30))
    many = replace(RECEIPT, lines=lines, total=0)
    assert len(pages(receipt_pdf(many, "58"))) == 1
    sheets = pages(receipt_pdf(many, "a6"))
    assert len(sheets) == 2
    assert " ".join(sheets).count("Anggota 29") == 2
