"""NIK, family card, telephone, name and age, as they stand on Indonesian papers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.domain.identity import PROVINCES, Nik, age_on, check_age, check_name, masked, parse_kk, parse_nik, parse_phone
from lending.domain.refusals import Refusal
from tests.domain.tables import steady, table

TODAY = date(2026, 11, 22)


def code_of(act, at):
    with pytest.raises(Refusal) as refused:
        act()
    assert (refused.value.faults[0].at, refused.value.status) == (at, 422)
    return refused.value.code


def test_a_published_womans_nik():
    assert parse_nik("3273056010900009", today=TODAY) == Nik("3273056010900009", "32.73.05", date(1990, 10, 20), True, "0009")


def test_a_published_mans_nik_is_refused_for_a_member_and_read_for_others():
    assert code_of(lambda: parse_nik("3602041211870001", today=TODAY), "nik") == "not_a_woman"
    man = parse_nik("3602041211870001", today=TODAY, women_only=False)
    assert (man.birth_date, man.is_woman, man.region) == (date(1987, 11, 12), False, "36.02.04")


@pytest.mark.parametrize("typed", ["3273 0560 1090 0009", "32.73.05.601090.0009", "327305-601090-0009", " 3273056010900009 "])
def test_blanks_dots_and_dashes_are_passed_over(typed):
    assert parse_nik(typed, today=TODAY).number == "3273056010900009"


WRONG = """
    327305601090000    nik_format
    32730560109000090  nik_format
    327305601090000a   nik_format
    +327305601090009   nik_format
    32730560109,0009   nik_format
    3273056010900009.5 nik_format
    ３２７３０５６０１０９００００９   nik_format
    ٣٢٧٣٠٥٦٠١٠٩٠٠٠٠٩   nik_format
    3273050010900009   nik_date
    3273054010900009   nik_date
    3273057210900009   nik_date
    3273057110900009   -
    3273057111900009   nik_date
    3273053210900009   nik_date
    3273056000900009   nik_date
    3273056013900009   nik_date
    3273057002900009   nik_date
    3273056902900009   nik_date
    3273056902920009   -
    3273056902000009   -
    3273056902270009   nik_date
    0073056010900009   nik_region
    1073056010900009   nik_region
    2073056010900009   nik_region
    2273056010900009   nik_region
    9773056010900009   nik_region
    9973056010900009   nik_region
    5473056010900009   -
    9673056010900009   -
    3273056010900000   nik_serial
    3273056010909001   -
"""


@pytest.mark.parametrize(("typed", "wrong"), table(WRONG))
def test_what_is_not_a_nik_is_refused_by_name(typed, wrong):
    if wrong == "-":
        assert parse_nik(typed, today=TODAY).number == typed
    else:
        assert code_of(lambda: parse_nik(typed, today=TODAY), "nik") == wrong


def test_a_refused_nik_stands_nowhere_in_the_refusal():
    with pytest.raises(Refusal) as refused:
        parse_nik("3273053210900009", today=TODAY)
    assert "3273" not in f"{refused.value.facts}{refused.value.faults}{refused.value.args}"


@pytest.mark.parametrize(("year", "full"), [("26", 2026), ("27", 1927), ("00", 2000), ("08", 2008), ("62", 1962), ("99", 1999)])
def test_two_digits_of_a_year_are_this_century_up_to_this_year(year, full):
    assert parse_nik(f"15710141 05{year}0001", today=TODAY).birth_date == date(full, 5, 1)


@steady
@given(
    st.sampled_from(sorted(PROVINCES)),
    st.integers(0, 9_999),
    st.dates(date(1927, 1, 1), date(2026, 11, 22)),
    st.integers(1, 9_999),
)
def test_every_womans_nik_is_read_back(province, region, born, serial):
    number = f"{province}{region:04}{born.day + 40:02}{born.month:02}{born.year % 100:02}{serial:04}"
    nik = parse_nik(number, today=TODAY)
    assert (nik.number, nik.birth_date, nik.is_woman, nik.serial) == (number, born, True, f"{serial:04}")


def test_a_family_card_has_sixteen_digits_and_no_more_to_check():
    assert parse_kk("1571 0112 0315 0004") == "1571011203150004"
    for typed in ("", "157101120315000", "15710112031500040", "157101120315000x", "１５７１０１１２０３１５０００４"):
        assert code_of(lambda typed=typed: parse_kk(typed), "kk") == "kk_format"


PHONES = """
    081234567890      +6281234567890
    0812-3456-7890    +6281234567890
    +6281234567890    +6281234567890
    +62-812-3456-7890 +6281234567890
    0811234567        +62811234567
    0812345678901     +62812345678901
"""


@pytest.mark.parametrize(("typed", "stored"), table(PHONES))
def test_phones_are_stored_as_the_network_dials_them(typed, stored):
    assert parse_phone(typed) == stored
    assert parse_phone(f" {typed[:4]} {typed[4:]} ") == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0812",
        "081234567",
        "08123456789012",
        "+6512345678",
        "6281234567890",
        "+620812345678",
        "0741-60000",
        "0812345678a",
        "٠٨١٢٣٤٥٦٧٨٩٠",
    ],
)
def test_what_is_not_a_mobile_number_is_refused(typed):
    assert code_of(lambda: parse_phone(typed), "phone") == "phone_format"


@pytest.mark.parametrize(
    "name",
    [
        "Sumarni",
        "Siti Nur'aini",
        "Hj. Rd. Ayu (Yu) Ma’ruf-Putri, S.Pd.",
        "Zoë Ñuñez Łucja Šárka Ḥusnā",
        "Siti <b>Aminah",
        '=cmd|"/c calc"!A1',
        "A",
        "A" * 60,
    ],
)
def test_a_name_that_papers_can_print_is_kept_as_it_is(name):
    assert check_name(name) == name
    assert check_name(f"  {name} ") == name


def test_a_name_is_composed_before_it_is_kept():
    assert check_name("Zoe\u0308") == "Zoë"
    assert check_name("e\u0301" * 60) == "é" * 60


@pytest.mark.parametrize(("name", "wrong"), [("", "name_length"), ("   ", "name_length"), ("A" * 61, "name_length")])
def test_a_name_has_one_to_sixty_characters(name, wrong):
    assert code_of(lambda: check_name(name), "name") == wrong


@pytest.mark.parametrize(
    "unseen",
    [
        *(
            "\u0000",
            "\t",
            "\n",
            "\u007f",
            "\u0085",
            "\u00a0",
            "\u00ad",
            "\u200b",
            "\u200f",
            "\u202e",
            "\u2066",
            "\u2028",
            "\ufeff",
            "\ufffd",
        ),
        *("\ud800", "\u0336", "b\u0301\u0301", "字", "ሰ", "ا", "Ж", "α", "🙂", "ﬁ", "Ａ"),
    ],
)
def test_what_papers_cannot_print_is_refused_and_never_replaced(unseen):
    assert code_of(lambda: check_name(f"Siti{unseen}Aminah"), "name") == "name_characters"


def test_numbers_are_shown_by_their_last_four_digits():
    assert masked("0009") == "************0009"


AGES = """
    1990-10-20 2026-10-19 35
    1990-10-20 2026-10-20 36
    2008-11-22 2026-11-22 18
    2008-11-23 2026-11-22 17
    2000-02-29 2018-02-28 17
    2000-02-29 2018-03-01 18
    2000-02-29 2020-02-29 20
"""


@pytest.mark.parametrize(("born", "on", "years"), table(AGES))
def test_age_in_full_years(born, on, years):
    assert age_on(date.fromisoformat(born), date.fromisoformat(on)) == int(years)


def test_from_the_18th_birthday_to_the_day_before_the_64th():
    born = date(1962, 11, 23)
    check_age(date(2008, 11, 22), TODAY)
    check_age(born, TODAY)
    assert code_of(lambda: check_age(date(2008, 11, 23), TODAY), "birth_date") == "age_out_of_range"
    assert code_of(lambda: check_age(born, date(2026, 11, 23)), "birth_date") == "age_out_of_range"
    assert code_of(lambda: check_age(date(2026, 12, 31), TODAY), "birth_date") == "age_out_of_range"
