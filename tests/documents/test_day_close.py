"""The close sheet: one page with every sum, the hash in full and to be read aloud, and room to sign, however long the day was."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lending.documents.day_close import close_sheet_pdf, number_of
from lending.documents.paper import Unprintable
from lending.domain.chain import Chain, spoken
from lending.domain.ledger import CODES, Account, EntryKind
from lending.queries.chain import Chains
from lending.queries.day_sheet import DaySheet, KindOfDay, OfficerDay, VaultMove
from lending.queries.days import ClosedDay
from lending.queries.reports.days import AccountDay
from tests.documents.papers import pages

HASH, BEFORE, BOOKS, ACTS = ("3f9a0c1277bed041" + "5" * 48, "a" * 64, "b" * 64, "c" * 64)

CLOSED = ClosedDay(
    on=date(2026, 11, 26),
    expected=124_428_000,
    counted=124_378_000,
    notes={100_000: 1243, 50_000: 1, 20_000: 1, 5_000: 1, 2_000: 1, 1_000: 1},
    reason="selembar lima puluh ribu hilang",
    entries=72,
    hash=HASH,
    previous_hash=BEFORE,
    closed_at=datetime(2026, 11, 26, 9, 42, tzinfo=UTC),
    by="head",
    by_name="Rini Puspasari",
    unit_code="JMB",
)
SHEET = DaySheet(
    on=CLOSED.on,
    unit_code="JMB",
    unit_name="Kota Jambi",
    zone="Asia/Jakarta",
    officers=[OfficerDay("officer", "Sari Wulandari", 5_000, 845_000, 848_000, 850_000)],
    vault_before=160_580_000,
    vault_moves=[VaultMove(EntryKind.DISBURSEMENT, -37_000_000), VaultMove(EntryKind.HANDOVER, 848_000)],
    kinds=[KindOfDay(EntryKind.COLLECTION, 72, 850_000)],
    accounts=[AccountDay(Account.VAULT_CASH, "1120", 160_580_000, 848_000, 37_050_000)],
    closed=CLOSED,
    chains=Chains(Chain(4_384, 4_384, BOOKS), Chain(2_373, 2_373, ACTS)),
)


def test_all_of_it_stands_on_one_page():
    (page,) = pages(close_sheet_pdf(SHEET, CLOSED))
    for words in (
        "LEMBAR TUTUP HARI", "JMB-T-20261126", "Kota Jambi (JMB)", "Kamis, 26 November 2026", "16.42 WIB oleh Rini Puspasari (head)",
        "72 catatan",
        "Sari Wulandari 850.000 848.000 850.000 -2.000 0", "Pencairan -37.000.000", "Rp124.428.000", "Rp100.000 1.243 124.300.000",
        "Rp124.378.000", "1120 Kas di brankas 160.580.000 848.000 37.050.000 124.378.000", "Selisih: -Rp50.000",
        "selembar lima puluh ribu hilang",
        "seratus dua puluh empat juta tiga ratus tujuh puluh delapan ribu rupiah", "3f9a 0c12 77be d041", "4.384 catatan: " + BOOKS,
        "2.373 baris: " + ACTS, f"sesudah {spoken(BEFORE)}", "run.py check --anchor", "Yang menutup, kepala unit", "Kasir",
    ):  # fmt: skip
        assert words in page, words
    assert number_of(SHEET) == "JMB-T-20261126"


def test_a_day_that_nobody_counted_says_so():
    uncounted = replace(CLOSED, counted=None, notes=None, reason=None)
    (page,) = pages(close_sheet_pdf(replace(SHEET, officers=[], closed=uncounted), uncounted))
    assert "Tidak dihitung; ditutup bersama hari sesudahnya." in page
    assert "Tidak ada petugas yang memegang atau menyetor kas." in page
    assert "Selisih:" not in page
    (page,) = pages(close_sheet_pdf(SHEET, replace(CLOSED, notes=None)))
    assert "Dihitung dalam satu jumlah." in page


def test_a_long_day_still_fits_and_is_the_same_paper_every_time():
    many = [
        OfficerDay(f"officer{nth}", f"Petugas bernama panjang sekali {nth:02}", 0, 1_000_000, 1_000_000, 1_000_000) for nth in range(30)
    ]
    every = [AccountDay(account, CODES[account], 1, 2, 2) for account in Account]
    long = replace(SHEET, officers=many, accounts=every, vault_moves=[VaultMove(kind, 1) for kind in EntryKind])
    paper = close_sheet_pdf(long, replace(CLOSED, reason="x" * 200))
    (page,) = pages(paper)
    assert "sekali 29" in page
    assert "Mengetahui" in page
    assert close_sheet_pdf(long, replace(CLOSED, reason="x" * 200)) == paper
    with pytest.raises(Unprintable):
        close_sheet_pdf(SHEET, replace(CLOSED, reason="\u4f60"))
