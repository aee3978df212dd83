"""Early warning on pages: who shows a sign and why, what each rule was worth, and changing its numbers."""

import csv
import html
import io
import re

import pytest

from lending.domain.collection import Attendance
from tests.furnished import House, a_record, day
from tests.web.desk import Desk, said_at, typed

pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)


THAT_EVENING = f"on={day(2).isoformat()}"


@pytest.fixture
def helped(house: House) -> House:
    for nth in (1, 2):
        a_record(house, nth, paid={house.women[5]: 20_000}, renteng={house.women[5]: [(house.women[0], 30_000)]})
    return house


def test_a_sign_tells_its_reasons(helped: House, desk):
    page = desk("head").text(f"/warnings?{THAT_EVENING}")
    assert "Melati 06" in page
    assert "Rp30.000 dibayarkan kelompok" in page
    assert "Melati 07" not in page
    assert "Tidak ada tanda" in desk("head").text(f"/warnings?{THAT_EVENING}&sign=absences")
    assert "Tidak ada tanda" in desk("officer2").text(f"/warnings?{THAT_EVENING}")
    assert "Melati 06" in desk("officer").text(f"/warnings?{THAT_EVENING}")
    assert desk("cashier").status("/warnings") == 403


def test_a_woman_with_two_signs_is_counted_once_and_the_files_hold_what_the_page_shows(house: House, desk):
    woman = house.women[5]
    for nth in (1, 2):
        away = {woman: Attendance.ALPA, house.women[3]: Attendance.ALPA}
        a_record(house, nth, paid={woman: 20_000}, renteng={woman: [(house.women[0], 30_000)]}, attendance=away)
    head = desk("head")

    def shown(asked: str) -> tuple[str, list[dict[str, str]]]:
        page = head.client.get(f"/warnings?{THAT_EVENING}{asked}").text
        (link,) = map(html.unescape, re.findall(r'href="(/api/v1/warnings\.csv[^"]*)"', page))
        return page, list(csv.DictReader(io.StringIO(head.client.get(link).text.removeprefix("\ufeff"))))

    page, rows = shown("")
    assert [(row["name"], row["sign"]) for row in rows] == [
        ("Melati 04", "absences"),
        ("Melati 06", "absences"),
        ("Melati 06", "weak_payments"),
    ]
    once = sum({row["loan"]: int(row["outstanding_principal"]) for row in rows}.values())
    assert f"Rp{once:,}".replace(",", ".") in page
    assert {row["sign"] for row in shown("&sign=weak_payments")[1]} == {"weak_payments"}
    assert len(shown(f"&officer=officer&group={house.melati}&sign=absences")[1]) == 2


def test_the_rules_stand_with_their_worth_and_only_the_head_changes_them(helped: House, desk):
    head: Desk = desk("head")
    assert "Bayar kurang atau dibantu" in head.text("/warnings/rules")
    assert "Ubah angka" not in desk("officer").text("/warnings/rules")
    assert desk("officer").status("/warnings/rules/absences") == 403
    assert head.status("/warnings/rules/moons") == 404
    wrong = head.send("/warnings/rules/absences", watched="1", times="3", meetings="2", reason="sering sekali")
    assert wrong.status_code == 422
    assert "melebihi 2 pertemuan" in said_at(wrong, "times")
    assert typed(wrong, "reason") == "sering sekali"
    kept = head.send("/warnings/rules/weak_payments", watched="1", meetings="3", reason="terlalu sering")
    assert "Aturan disimpan" in head.follow(kept)
    assert "Pertemuan yang dilihat: 3" in head.text("/warnings/rules")
