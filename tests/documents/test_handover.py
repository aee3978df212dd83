"""The minutes of a hand-over: one page with every sum, every note, and room for the signatures, however long the day was."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from lending.documents.handover import From, Minutes, minutes_pdf
from lending.documents.paper import Unprintable
from tests.documents.papers import pages

MINUTES = Minutes(
    number="JMB-S-20261126-2",
    unit_name="Kota Jambi",
    officer_name="Dewi Anggraini",
    cashier_name="Rosmala",
    on=date(2026, 11, 26),
    recorded_at=datetime(2026, 11, 26, 8, 42, tzinfo=UTC),
    zone="Asia/Jakarta",
    sources=(From("Melati 07", "JMB-2026-000047", 970_000), From("Kenanga 03", "JMB-2026-000048", 505_000)),
    expected=1_475_000,
    counted=1_470_000,
    notes={100_000: 14, 50_000: 1, 20_000: 1},
    declared=1_475_000,
    declared_notes={100_000: 14, 50_000: 1, 20_000: 1, 5_000: 1},
    reason="selembar lima ribu hilang di jalan",
)


def test_all_of_it_stands_on_one_page():
    (page,) = pages(minutes_pdf(MINUTES))
    for words in (
        "BERITA ACARA SETOR KAS", "JMB-S-20261126-2", "Kota Jambi", "Kamis, 26 November 2026", "15.42 WIB", "Dewi Anggraini", "Rosmala",
        "Melati 07", "JMB-2026-000047", "970.000", "Kenanga 03", "505.000", "Rp1.475.000", "Rp100.000", "1.400.000", "Rp1.470.000",
        "Menurut petugas", "selembar lima ribu hilang di jalan", "satu juta empat ratus tujuh puluh ribu rupiah",
        "Yang menyerahkan, petugas", "Yang menerima, kasir", "Mengetahui, kepala unit",
    ):  # fmt: skip
        assert words in page, words
    assert "Rp75.000" not in page  # of a note that nobody had there is no line


def test_a_hand_over_that_agrees_and_was_not_counted_by_note():
    plain = replace(MINUTES, counted=1_475_000, notes=None, declared=None, declared_notes=None, reason=None)
    (page,) = pages(minutes_pdf(plain))
    assert page.count("tidak ada") == 2  # neither said beforehand, nor a difference
    assert "tanpa rincian pecahan" in page
    assert "Sebab" not in page


def test_a_long_day_still_fits():
    day = tuple(From(f"Kelompok yang bernama panjang sekali {nth:02}", f"JMB-2026-{nth:06}", 1_000_000) for nth in range(24))
    every = dict.fromkeys((100_000, 75_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100), 9)
    (page,) = pages(minutes_pdf(replace(MINUTES, sources=day, notes=every, declared_notes=every, reason="x" * 200)))
    assert "sekali 23" in page
    assert "Mengetahui, kepala unit" in page


def test_the_same_hand_over_is_the_same_paper_and_what_cannot_be_printed_is_refused():
    assert minutes_pdf(MINUTES) == minutes_pdf(MINUTES)
    with pytest.raises(Unprintable):
        minutes_pdf(replace(MINUTES, reason="\N{CJK UNIFIED IDEOGRAPH-5B57}"))
