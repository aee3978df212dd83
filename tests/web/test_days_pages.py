"""Closing a day at the desk: counted before she is told, shown with what it would do, closed once, printed; and who may look."""

import re

import pytest

from tests.documents.papers import pages
from tests.lived_in import only, statuses
from tests.web.desk import said_at, token_in, typed, words

FIRST, SECOND = "/days/2026-01-05", "/days/2026-02-02"
LIES = "200.000.000"


def shown_in(page) -> str:
    return str(re.findall(r'name="shown" value="(\d+)"', page.text)[0])


def test_who_looks_at_days_and_who_closes(look):
    for path in ("/days", FIRST):
        assert statuses(look, path) == only("head", "cashier", "auditor", "srg-head")
    assert statuses(look, f"{FIRST}/close") == only("head", "srg-head")
    assert look("head").status("/days/2026-03-10") == look("head").status("/days/today") == look("head").status("/days/2026-02-30") == 404


def test_the_head_sees_what_is_open_and_is_not_told_what_she_is_about_to_count(look):
    at = look("head")
    assert "Senin, 5 Januari 2026 1 Rp200.000.000" in at.text("/days")
    day = at.text("/days/2026-02-09")
    assert "2 hari sebelumnya belum ditutup; yang tertua Senin, 5 Januari 2026" in day
    assert "Ibu officer officer Rp600.000 Rp0 Rp0 Rp0 Rp600.000" in day
    assert "Masih memegang kas: Ibu officer" in day
    assert "Brankas" not in day.split("Kas petugas hari itu", 1)[1]
    assert "Seharusnya ada di brankas Rp177.200.000" in look("cashier").text("/days/2026-02-09")
    assert LIES not in at.client.get(f"{FIRST}/close").text
    assert look("auditor").text("/days/2026-01-05?unit=SRG").startswith("Tutup hari Buku Senin, 5 Januari 2026 Kota Serang")
    assert look("head").status("/days/2026-01-05?unit=SRG") == 404


def test_a_day_is_counted_compared_closed_and_printed(work):
    at, path = work("head"), f"{FIRST}/close"
    compared = at.send(path, step="compare", counted__100000="1999", counted__50000="1")
    said = words(compared)
    assert "Brankas menurut pembukuan Rp200.000.000" in said
    assert "Selisih -Rp50.000 uang kurang" in said
    assert "Kas di brankas 1120 Rp50.000 Selisih kas 5110 Rp50.000" in said
    assert "Hari yang ditutup tidak bisa dibuka lagi" in said
    assert "belum ditutup" in at.text(FIRST)
    counted = {"counted__100000": "1999", "counted__50000": "1", "shown": shown_in(compared)}
    no = at.send(path, step="store", **counted)
    assert no.status_code == 422
    assert said_at(no, "reason")
    assert typed(no, "counted.50000") == "1"
    page = at.follow(at.send(path, step="store", reason="selembar kurang", **counted))
    assert "Hari ini ditutup untuk selamanya" in page
    assert "ditutup" in page
    assert "Ibu head" in page
    short = re.findall(r"Untuk dibacakan ((?:[0-9a-f]{4} ?){4})", page)[0].strip()
    assert short in at.text("/days?first=2026-01-01")
    assert at.client.get(path).status_code == 303
    assert at.send(f"{SECOND}/close", step="compare", total="1").status_code == 200
    again = at.client.post(path, data={"step": "store", "total": "199950000", "csrf_token": token_in(at.client.get(f"{SECOND}/close"))})
    assert again.status_code == 409
    assert "sudah ditutup" in words(again)
    for who in (at, work("auditor")):
        paper = who.client.get("/api/v1/days/2026-01-05/sheet.pdf")
        assert paper.mimetype == "application/pdf"
        (sheet,) = pages(paper.data)
        assert short in sheet
        assert "selembar kurang" in sheet


def test_days_before_it_are_closed_along_only_when_she_says_so(work):
    at, path = work("head"), f"{SECOND}/close"
    no = at.send(path, step="compare", total="177.200.000")
    assert no.status_code == 422
    assert "Senin, 5 Januari 2026 belum ditutup" in words(no)
    assert typed(no, "total") == "177.200.000"
    compared = at.send(path, step="compare", total="177.200.000", earlier_too="y")
    assert "1 hari sebelumnya ikut ditutup tanpa dihitung: 05-01-2026" in words(compared)
    done = at.send(path, step="store", total="177.200.000", earlier_too="y", shown=shown_in(compared))
    assert "Selisih Rp0 cocok" in at.follow(done)
    assert "tidak dihitung; ditutup bersama hari sesudahnya" in at.text(FIRST)
    (sheet,) = pages(at.client.get("/api/v1/days/2026-01-05/sheet.pdf").data)
    assert "uangnya tidak dihitung" in sheet


def test_whoever_holds_cash_in_the_evening_is_named_and_explained(work):
    at, path = work("head"), "/days/2026-02-09/close"
    given = {"total": "177.200.000", "earlier_too": "y"}
    compared = at.send(path, step="compare", **given)
    assert "Masih memegang kas: Ibu officer. Tulis mengapa" in words(compared)
    no = at.send(path, step="store", shown=shown_in(compared), **given)
    assert no.status_code == 422
    assert said_at(no, "reason")
    assert at.send(path, step="store", shown=shown_in(compared), reason="kasir sakit", **given).status_code == 303


@pytest.mark.parametrize(
    ("given", "status", "at_field"),
    [
        ({}, 422, "counted.100000"),
        ({"total": "5", "counted__100": "1"}, 422, "counted.100000"),
        ({"total": "1,5"}, 400, "total"),
        ({"counted__100": "x"}, 400, "counted.100"),
    ],
)
def test_a_count_that_is_none_is_said_at_its_field(look, given, status, at_field):
    answer = look("head").send(f"{FIRST}/close", step="compare", **given)
    assert answer.status_code == status
    assert said_at(answer, at_field)


def test_what_was_booked_since_is_compared_once_more(work):
    at, path = work("head"), f"{FIRST}/close"
    answer = at.send(path, step="store", total=LIES, shown="199999999")
    assert answer.status_code == 409
    assert "Bandingkan sekali lagi" in words(answer)
    assert shown_in(answer) == "200000000"
    assert "belum ditutup" in at.text(FIRST)


def test_from_home_to_the_days_that_wait(look):
    assert 'href="/days"' in look("head").client.get("/").text
    assert 'href="/days"' in look("cashier").client.get("/").text
    assert 'href="/days"' in look("auditor").client.get("/").text
