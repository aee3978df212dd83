"""The worklist: who is late, in the order in which a call can still help, and hers alone."""

import pytest

from tests.lived_in import LivedIn, only, statuses
from tests.web.desk import said_at, typed


def test_who_sees_the_worklist(look):
    assert statuses(look, "/arrears") == only("officer", "officer2", "head", "auditor", "srg-head")


def test_a_broken_promise_stands_first(look):
    words = look("head").text("/arrears")
    assert words.index("Melati 06") < words.index("Melati 04")
    assert "janji 07-03-2026 lewat" in words
    assert "2 anggota Rp125.000" in words


def test_an_officer_finds_her_own_women(look):
    assert "Melati 04" in look("officer").text("/arrears")
    other = look("officer2").text("/arrears")
    assert "Melati" not in other
    assert "Tidak ada tunggakan di sini" in other
    assert "Melati" not in look("srg-head").text("/arrears")


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("late=broken", ["Melati 06"]), ("late=1", ["Melati 06"]), ("late=2", ["Melati 04"]), ("late=9", []),
        ("reason=sakit", ["Melati 04"]),
        ("officer=officer", ["Melati 04", "Melati 06"]), ("on=2026-02-24", ["Melati 04"]), ("on=2026-02-20", []),
    ],
)  # fmt: skip
def test_the_filters(look, question, found):
    words = look("head").text(f"/arrears?{question}")
    assert [name for name in ("Melati 04", "Melati 06") if name in words] == found


@pytest.mark.parametrize(
    ("question", "at"), [("on=2026-02-30", "on"), ("late=all", "late"), ("reason=none", "reason"), ("group=x", "group")]
)
def test_a_filter_that_makes_no_sense_is_said_at_its_field(look, question, at):
    answer = look("head").client.get(f"/arrears?{question}")
    assert answer.status_code == 400
    assert said_at(answer, at)
    if at == "on":
        assert typed(answer, "on") == "2026-02-30"


def test_a_day_ahead_shows_today(look):
    assert "Senin, 9 Maret 2026" in look("head").text("/arrears?on=2027-01-01")


def test_the_exports_answer(look):
    client = look("head").client
    assert client.get("/api/v1/arrears.csv?on=2026-03-09").status_code == 200
    assert client.get("/api/v1/arrears.xlsx?on=2026-03-09").status_code == 200


def test_nobody_late_is_an_answer_and_no_mistake(look, lived_in: LivedIn):
    assert "Tidak ada tunggakan di sini" in look("head").text(f"/arrears?group={lived_in.house.kenanga}")
    assert "Tidak ada tunggakan di sini" in look("head").text("/arrears?officer=officer2")
