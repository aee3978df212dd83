"""Amounts, dates, hours and words, as people read them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from lending.i18n import formats


@pytest.mark.parametrize(
    ("amount", "indonesian", "english"),
    [
        (0, "Rp0", "Rp0"),
        (999, "Rp999", "Rp999"),
        (50_000, "Rp50.000", "Rp50,000"),
        (1_250_000, "Rp1.250.000", "Rp1,250,000"),
        (-30_000, "-Rp30.000", "-Rp30,000"),
        (999_999_999_999_999, "Rp999.999.999.999.999", "Rp999,999,999,999,999"),
    ],
)
def test_an_amount_has_no_blank_and_no_decimals(amount: int, indonesian: str, english: str) -> None:
    assert formats.rupiah(amount) == indonesian
    assert formats.rupiah(amount, "en") == english


def test_days_are_named_in_both_languages() -> None:
    day = date(2026, 11, 26)
    assert formats.long_date(day) == "Kamis, 26 November 2026"
    assert formats.long_date(day, "en") == "Thursday, 26 November 2026"
    assert formats.short_date(date(2026, 6, 5)) == "05-06-2026"
    assert formats.short_date(date(2026, 6, 5), "en") == "05 Jun 2026"
    assert [formats.weekday_name(n) for n in range(1, 8)] == ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]


@pytest.mark.parametrize(("zone", "word"), [("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")])
def test_an_hour_says_its_zone(zone: str, word: str) -> None:
    assert formats.clock_time(time(9, 5), zone) == f"09.05 {word}"


def test_a_moment_is_told_by_the_clock_of_the_zone() -> None:
    late = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)
    assert formats.moment(late) == "27-11-2026 01.30 WIB"
    assert formats.moment(late, "Asia/Jayapura", "en") == "27 Nov 2026 03:30 WIT"


@pytest.mark.parametrize(
    ("fraction", "indonesian", "english"),
    [
        ("0.0312", "3,1 %", "3.1 %"),
        ("0.0005", "0,1 %", "0.1 %"),
        ("0.6404", "64,0 %", "64.0 %"),
        ("1", "100,0 %", "100.0 %"),
        ("12.5", "1.250,0 %", "1,250.0 %"),
    ],
)
def test_a_ratio_is_rounded_half_up_to_one_decimal(fraction: str, indonesian: str, english: str) -> None:
    assert formats.ratio(Decimal(fraction)) == indonesian
    assert formats.ratio(Decimal(fraction), "en") == english


def test_a_ratio_over_nothing_is_a_dash() -> None:
    assert formats.ratio(None) == "–"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "nol"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (19, "sembilan belas"),
        (100, "seratus"),
        (110, "seratus sepuluh"),
        (1_000, "seribu"),
        (1_001, "seribu satu"),
        (11_000, "sebelas ribu"),
        (100_000, "seratus ribu"),
        (101_500, "seratus satu ribu lima ratus"),
        (1_000_000, "satu juta"),
        (1_001_000, "satu juta seribu"),
        (1_250_000, "satu juta dua ratus lima puluh ribu"),
        (1_234_567, "satu juta dua ratus tiga puluh empat ribu lima ratus enam puluh tujuh"),
        (2_000_000_000, "dua miliar"),
        (1_000_000_000_001, "satu triliun satu"),
    ],
)
def test_an_amount_is_said_in_indonesian(amount: int, words: str) -> None:
    assert formats.in_words(amount) == f"{words} rupiah"


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "zero"), (21, "twenty-one"), (1_250_000, "one million two hundred fifty thousand"), (300_013, "three hundred thousand thirteen")],
)
def test_an_amount_is_said_in_english(amount: int, words: str) -> None:
    assert formats.in_words(amount, "en") == f"{words} rupiah"


def test_what_has_no_name_is_not_guessed() -> None:
    assert formats.in_words(-50_000) == "minus lima puluh ribu rupiah"
    with pytest.raises(ValueError, match="fifteen"):
        formats.in_words(10**15)
