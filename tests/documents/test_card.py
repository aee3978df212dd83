"""The repayment card: every row right, one woman a sheet, and a code that opens what it should."""

import random
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
import zxingcpp

from lending.documents.card import CardSize, cards_pdf
from lending.domain.schedule import Akad
from lending.i18n.formats import grouped, short_date
from lending.queries.cards import RepaymentCard
from tests.documents.papers import CODE, PRINTED_ON, a_card, pages, qr_of_page


def _print(*cards: RepaymentCard, size: CardSize = "a5") -> list[str]:
    return pages(cards_pdf(cards, size, PRINTED_ON))


@pytest.mark.parametrize(("weeks", "size", "sheets"), [(50, "a5", 2), (25, "a5", 1), (50, "a4", 1), (25, "a4", 1), (60, "a5", 3)])
def test_a_card_takes_as_few_pages_as_its_rows_allow(weeks: int, size: CardSize, sheets: int) -> None:
    printed = _print(a_card(weeks=weeks), size=size)
    assert len(printed) == sheets
    for number, page in enumerate(printed, 1):
        assert f"Dicetak 21-01-2027 · versi A · hal {number}/{sheets}" in page


@pytest.mark.parametrize("size", ["a5", "a4"])
@pytest.mark.parametrize("weeks", [25, 50])
def test_every_row_says_its_number_day_amount_and_what_is_left_after_it(size: CardSize, weeks: int) -> None:
    card = a_card(weeks=weeks)
    printed = " ".join(_print(card, size=size))
    place = 0
    for row in card.rows:
        words = f"{row.number} {short_date(row.due_on)} {grouped(row.amount)} {grouped(row.balance_after)}"
        place = printed.find(words, place)
        assert place >= 0, words


def test_the_card_says_what_was_agreed_in_rupiah_and_in_words() -> None:
    front = _print(a_card())[0]
    for words in (
        "Siti Nurhaliza",
        "JMB-0007-01 · Melati 07 / sub 2 · Kamis 09.00 · Kota Jambi",
        "Pinjaman",
        "Rp2.000.000 (dua juta rupiah) · Mekaar, siklus 1",
        "Rp2.500.000 (dua juta lima ratus ribu rupiah)",
        "Rp50.000 × 50 minggu (pokok 40.000 + margin 10.000)",
        "23-11-2026 · margin Rp500.000 · UPJ Rp100.000",
    ):
        assert words in front


def test_a_restructured_card_says_since_when_and_from_which_row_the_new_days_hold() -> None:
    front = _print(a_card(paid=6, restructured_on=date(2027, 1, 12), paid_before=6, version="B"))[0]
    assert "44 kali lagi, jadwal baru per 12-01-2027 mulai baris 7" in front
    assert "versi B" in front


def test_the_back_names_her_again() -> None:
    back = _print(a_card("Dewi Anggraini"))[1]
    assert "Dewi Anggraini" in back
    assert "JMB-0007-01 · Melati 07" in back


def test_what_is_left_today_stands_apart_from_the_schedule() -> None:
    front = _print(a_card(paid=7, part=20_000))[0]
    assert "Sisa per 21-01-2027 Rp2.130.000" in front


def test_paid_rows_are_filled_and_open_rows_are_left_for_the_pen() -> None:
    printed = " ".join(_print(a_card(paid=2, part=20_000)))
    assert "1 26-11-2026 50.000 2.450.000 26-11-2026 50.000 2 03-12-2026" in printed
    assert "3 10-12-2026 50.000 2.350.000 10-12-2026 20.000 4 17-12-2026 50.000 2.300.000 5 24-12-2026" in printed


def test_savings_and_what_others_paid_for_her_stand_in_the_row() -> None:
    card = a_card(paid=3)
    first, second, third, *rest = card.rows
    rows = (replace(first, savings=10_000), replace(second, renteng=30_000), replace(third, savings=5_000, renteng=20_000), *rest)
    narrow, wide = (" ".join(_print(replace(card, rows=rows), size=size)) for size in ("a5", "a4"))
    assert "26-11-2026 50.000 10.000 2 03-12-2026" in narrow
    assert "03-12-2026 50.000 R 30.000 3 10-12-2026" in narrow
    assert "10-12-2026 50.000 5.000 R 20.000 4 17-12-2026" in narrow
    assert "10-12-2026 50.000 5.000 20.000 4 17-12-2026" in wide


def test_a_moved_day_is_marked_and_explained() -> None:
    card = a_card()
    rows = tuple(
        replace(row, due_on=row.due_on + timedelta(weeks=1), moved_from=row.due_on) if row.number >= 17 else row for row in card.rows
    )
    front, back = _print(replace(card, rows=rows))
    assert "16 11-03-2027 50.000" in front
    assert "17 25-03-2027* 50.000" in front
    assert "50 11-11-2027* 50.000 0" in back
    assert "* Digeser, tanpa tambahan margin." in front
    assert "Digeser, tanpa" not in _print(card)[0]


def test_a_last_instalment_that_is_smaller_is_told() -> None:
    card = a_card(principal=2_010_000)
    assert card.rows[-1].amount < card.instalment
    assert f"Rp50.500 × 50 minggu, yang terakhir Rp{grouped(card.rows[-1].amount)}" in _print(card)[0]


def test_a_meeting_every_second_week_has_half_the_rows() -> None:
    card = replace(a_card(weeks=25), weeks=50)
    assert "Rp90.000 × 25 kali dalam 50 minggu" in _print(card)[0]


def test_an_irregular_schedule_is_left_to_its_rows() -> None:
    card = a_card(weeks=10)
    rows = (replace(card.rows[0], amount=75_000), *card.rows[1:])
    assert "10 kali, menurut jadwal di bawah" in _print(replace(card, rows=rows))[0]


def test_murabahah_never_speaks_of_a_loan_or_interest() -> None:
    syariah = " ".join(_print(a_card(akad=Akad.MURABAHAH, product_name="Mekaar Syariah"))).lower()
    assert "pembiayaan" in syariah
    assert "harga jual" in syariah
    assert "pinjaman" not in syariah
    assert "bunga" not in syariah
    assert "bunga" not in " ".join(_print(a_card())).lower()


def test_no_identity_number_stands_on_a_card() -> None:
    assert not re.search(r"\d{6,}", " ".join(_print(a_card(paid=9))).replace(CODE, ""))


def test_the_cards_of_a_group_come_in_the_order_given() -> None:
    names = ["Zubaidah", "Aminah", "Marlina", "Dewi Anggraini"]
    printed = _print(*(a_card(name, weeks=25) for name in names))
    assert [name for page in printed for name in names if name in page] == names


def test_a_printer_that_turns_the_paper_never_puts_two_women_on_one_sheet() -> None:
    printed = _print(a_card("Aminah", weeks=25), a_card("Zubaidah", weeks=50), a_card("Marlina", weeks=25))
    assert ["Aminah" in page for page in printed] == [True, True, False, False, False]
    assert ["Catatan" in page for page in printed] == [False, True, False, False, False]
    assert ["Zubaidah" in page for page in printed] == [False, False, True, True, False]
    assert ["Marlina" in page for page in printed] == [False, False, False, False, True]


def test_the_code_is_there_in_letters_for_who_cannot_scan() -> None:
    front = _print(a_card())[0]
    assert "K7QW E2AB MZ4X PL3D" in front
    assert "buka https://kartu.example/v/ dan ketik kodenya" in front


def test_the_printed_code_opens_its_page() -> None:
    some = random.Random(20261126)
    for length in (16, 16, 16, 20, 24):
        for base in (
            "http://127.0.0.1:8000/v/",
            "https://kartu.majubersama.example/v/",
            "https://a-rather-long-host-name.koperasi.example.co.id/v/",
        ):
            code = "".join(some.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=length))
            pdf = cards_pdf([a_card(check_code=code, check_url=base + code)], "a5", PRINTED_ON)
            read = zxingcpp.read_barcodes(qr_of_page(pdf))
            assert [found.text for found in read] == [base + code]


def test_a_very_large_loan_keeps_every_digit_in_its_column() -> None:
    front = _print(a_card(principal=80_000_000_000))[0]
    assert "1 26-11-2026 2.000.000.000 98.000.000.000" in front


def test_the_day_of_the_balance_may_differ_from_the_day_of_printing() -> None:
    front = _print(a_card(as_of=date(2026, 12, 31)))[0]
    assert "Sisa per 31-12-2026" in front
    assert "Dicetak 21-01-2027" in front
