"""The portfolio: laid out as asked, for those whose it is; the city sees places, head office sees units, neither sees a name."""

import pytest

from tests.lived_in import ROLES, only, statuses
from tests.web.desk import said_at

EVERY_PAGE = (
    "/meetings", "/groups", "/members", "/loans", "/arrears", "/visits", "/actions", "/portfolio", "/reach", "/units", "/cash", "/journal",
    "/trial-balance", "/cards", "/quote", "/settings", "/reference", "/audit", "/operations",
)  # fmt: skip


def test_who_sees_the_portfolio(look):
    assert statuses(look, "/portfolio") == only("officer", "officer2", "head", "auditor", "srg-head")
    assert statuses(look, "/reach") == only("city")
    assert statuses(look, "/units") == only("admin")


def test_the_city_opens_reach_and_what_everybody_may_look_up_and_nothing_else(look):
    assert [path for path in EVERY_PAGE if look("city").status(path) == 200] == ["/reach", "/reference"]


def test_the_city_sees_no_name_and_no_small_cell(look):
    words = look("city").text("/reach")
    assert "Melati" not in words
    assert "Ibu" not in words
    assert "kurang dari lima" in words


def test_head_office_sees_units_and_nobody_in_them(look):
    words = look("admin").text("/units")
    assert "Kota Jambi" in words
    assert "Melati" not in words
    assert [path for path in EVERY_PAGE if look("admin").status(path) == 200] == [
        "/units", "/quote", "/settings", "/reference", "/operations",
    ]  # fmt: skip


def test_the_leader_opens_nothing_of_the_unit(look):
    assert [path for path in EVERY_PAGE if look("leader").status(path) == 200] == ["/meetings", "/groups", "/cards"]


@pytest.mark.parametrize("layout", ["group", "officer", "kelurahan", "product", "cycle", "unit"])
def test_every_layout_adds_up_to_the_same(look, layout):
    words = look("head").text(f"/portfolio?by={layout}")
    assert "Jumlah 12 Rp" in words
    assert "PAR > 0" in words


def test_the_whole_outstanding_of_late_women_is_at_risk(look):
    words = look("head").text("/portfolio")
    assert "Sisa pokok yang menunggak, menurut kelompok" in words
    officer2 = look("officer2").text("/portfolio")
    assert "Belum ada pinjaman berjalan" in officer2


def test_an_earlier_day(look):
    assert "0,0 %" in look("head").text("/portfolio?on=2026-02-10")
    assert "Belum ada pinjaman berjalan" in look("head").text("/portfolio?on=2026-01-10")


@pytest.mark.parametrize(("question", "at"), [("on=30-02-2026", "on"), ("by=woman", "by")])
def test_a_question_that_makes_no_sense(look, question, at):
    answer = look("head").client.get(f"/portfolio?{question}")
    assert answer.status_code == 400
    assert said_at(answer, at)


def test_everybody_who_reads_knows_what_par_means(look):
    assert "seluruh sisa pokok dari pinjaman yang terlambat" in look("auditor").text("/portfolio")
    assert len(ROLES) == 10
