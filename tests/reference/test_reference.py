"""The shipped reference data says what the decrees say."""

from collections import Counter
from datetime import date

import pytest

from lending.reference.load import holidays, products, regions


@pytest.mark.parametrize(("city", "kecamatan", "kelurahan"), [("15.71", 11, 68), ("36.73", 6, 67)])
def test_each_city_has_every_kecamatan_and_kelurahan(city: str, kecamatan: int, kelurahan: int) -> None:
    below = Counter(row.level for row in regions() if row.code.startswith(city + "."))
    assert below == {"kecamatan": kecamatan, "kelurahan": kelurahan}


def test_codes_are_unique_and_every_parent_comes_before_its_children() -> None:
    seen: set[str] = set()
    for row in regions():
        assert row.code not in seen
        assert row.parent is None if row.level == "kota" else row.parent in seen
        assert row.parent is None or row.code.startswith(row.parent + ".")
        seen.add(row.code)
    assert len(seen) == 154


def test_a_kelurahan_has_a_serial_that_begins_with_one() -> None:
    assert all(row.code.split(".")[3].startswith("1") for row in regions() if row.level == "kelurahan")


def test_names_do_not_tell_regions_apart_but_codes_do() -> None:
    assert [row.code for row in regions() if row.name == "Sukawana"] == ["36.73.01.1008", "36.73.04.1007"]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("15.71.01.1004", "Telanaipura"),
        ("15.71.03.1010", "Tanjung Pinang"),
        ("15.71.07", "Kota Baru"),
        ("15.71.10.1005", "Solok Sipin"),
        ("36.73.03.1016", "Lebakwangi"),
        ("36.73.06.1013", "Cibendung"),
    ],
)
def test_a_code_has_its_ministry_name(code: str, name: str) -> None:
    assert next(row.name for row in regions() if row.code == code) == name


def test_the_six_new_kelurahan_of_jambi_count_from_2023() -> None:
    new = [row.name for row in regions() if row.valid_from == date(2023, 1, 1)]
    assert sorted(new) == ["Aur Kenali", "Bakung Jaya", "Kenali Asam", "Pinang Merah", "Simpang Rimbo", "Talang Gulo"]


@pytest.mark.parametrize(("year", "national", "shared_leave"), [(2024, 17, 10), (2025, 17, 11), (2026, 17, 8), (2027, 18, 8)])
def test_each_year_has_as_many_days_off_as_its_decree(year: int, national: int, shared_leave: int) -> None:
    assert Counter(row.kind for row in holidays() if row.date.year == year) == {"national": national, "cuti_bersama": shared_leave}


def test_2026_is_the_list_of_its_decree_day_by_day() -> None:
    decree = """
        national      Thu 01-01  Fri 01-16  Tue 02-17  Thu 03-19  Sat 03-21  Sun 03-22  Fri 04-03  Sun 04-05  Fri 05-01  Thu 05-14
        national      Wed 05-27  Sun 05-31  Mon 06-01  Tue 06-16  Mon 08-17  Tue 08-25  Fri 12-25
        cuti_bersama  Mon 02-16  Wed 03-18  Fri 03-20  Mon 03-23  Tue 03-24  Fri 05-15  Thu 05-28  Thu 12-24
    """
    lines = [line.split() for line in decree.strip().splitlines()]
    listed = {(kind, f"{days[i]} {days[i + 1]}") for kind, *days in lines for i in range(0, len(days), 2)}
    assert {(row.kind, f"{row.date:%a %m-%d}") for row in holidays() if row.date.year == 2026} == listed


def test_the_moon_days_of_2024_to_2027_stand_where_they_were_decreed() -> None:
    idulfitri = [row.date for row in holidays() if row.name.startswith("Idulfitri") and row.kind == "national"]
    assert [f"{day:%Y-%m-%d}" for day in idulfitri[::2]] == ["2024-04-10", "2025-03-31", "2026-03-21", "2027-03-10"]


def test_every_day_off_names_its_decree_and_moves_meetings_only_when_national() -> None:
    for row in holidays():
        assert row.status == "decreed"
        assert row.source.startswith("SKB 3 Menteri ")
        assert row.rule == ("skip" if row.kind == "national" else "keep")


def test_the_products_are_mekaar_and_its_syariah_twin() -> None:
    mekaar, syariah = products()
    assert (mekaar.code, mekaar.akad, syariah.code, syariah.akad) == ("MEKAAR", "conventional", "MEKAAR-SYARIAH", "murabahah")
    for product in (mekaar, syariah):
        assert (product.min_principal, product.max_principal, product.step) == (2_000_000, 5_000_000, 500_000)
        assert (product.weeks, product.every_weeks, product.margin_bp, product.year_weeks) == ((25, 50), 1, 2500, 50)
        assert (product.coin, product.upj_bp, product.payment_order, product.block_days_late) == (500, 500, "margin_first", 28)


@pytest.mark.parametrize(("weeks", "instalment"), [(50, 50_000), (25, 90_000)])
def test_mekaar_terms_give_the_published_instalments(weeks: int, instalment: int) -> None:
    mekaar = products()[0]
    margin = 2_000_000 * mekaar.margin_bp * weeks // (10_000 * mekaar.year_weeks)
    assert (2_000_000 + margin) // weeks == instalment
