"""The nights as a page: what was closed, what is missing in red, and who may run them again."""

from datetime import timedelta

import pytest

from lending import clock
from lending.actions import night_history
from lending.actions import operations as acts
from lending.database import session
from lending.jobs.nightly import look_over
from lending.models import JobRun
from tests.lived_in import MONDAY, only, statuses
from tests.web.desk import Desk, token_in


def run(desk: Desk) -> str:
    """Press the button, and read where it leads."""
    token = token_in(desk.client.get("/operations"))
    return desk.follow(desk.client.post("/operations/run", data={"csrf_token": token}))


def test_who_sees_the_nights(look):
    assert statuses(look, "/operations") == only("head", "auditor", "admin", "srg-head")


def test_the_nights_say_that_all_is_closed(look):
    words = look("head").text("/operations")
    assert "Semua hari sampai Minggu, 8 Maret 2026 sudah ditutup" in words
    assert "08-03-2026 JMB ditutup" in words
    assert "Pemeriksaan pembukuan belum pernah" in words
    assert "JMB" not in look("srg-head").text("/operations").split("Malam-malam terakhir")[-1]


def test_meetings_that_nobody_recorded_are_named(look):
    clock.fix(MONDAY + timedelta(days=2))
    assert "belum dicatat Hari Kelompok Petugas 09-03-2026 Melati Ibu officer" in look("head").text("/operations")


def test_running_again_closes_what_is_open_and_asks_for_a_check(work, own_app):
    clock.fix(MONDAY + timedelta(days=3))
    desk = work("head")
    words = desk.text("/operations")
    assert "Kota Jambi: 3 hari belum ditutup, sejak Senin, 9 Maret 2026" in words
    assert "3 malam ditutup" in run(desk)
    with own_app.app_context():
        assert look_over() is True
        assert look_over() is None
    words = desk.text("/operations")
    assert "Pemeriksaan pembukuan cocok" in words
    assert "Semua hari sampai Rabu, 11 Maret 2026 sudah ditutup" in words
    assert "Tidak ada malam yang terbuka" in run(desk)
    assert "Pemeriksaan pembukuan menunggu" in desk.text("/operations")
    assert "operations.run_again" in desk.text("/audit?first=2020-01-01&last=2030-01-01&actor=head")
    with own_app.app_context():
        assert look_over() is True


def test_a_night_that_fails_is_a_red_line(work, own_app, monkeypatch: pytest.MonkeyPatch):
    clock.fix(MONDAY + timedelta(days=2))

    def spoilt(*_: object) -> tuple[int, int]:
        raise ArithmeticError

    with monkeypatch.context() as spoiling:
        spoiling.setattr(night_history, "append", spoilt)
        assert "Satu malam gagal ditutup" in run(work("admin"))
    words = work("head").text("/operations")
    assert "Kota Jambi: malam Senin, 9 Maret 2026 gagal ditutup, jadi 2 hari belum ditutup" in words
    assert "09-03-2026 JMB gagal ArithmeticError" in words
    assert "2 malam ditutup" in run(work("head"))


def test_who_may_not_run_them_has_no_button(look):
    page = look("auditor").client.get("/operations")
    assert "Jalankan lagi" not in page.text
    token = token_in(look("auditor").client.get("/loans/quote"))
    for who in ("auditor", "officer", "cashier"):
        assert look(who).client.post("/operations/run", data={"csrf_token": token}).status_code == 403


def test_a_difference_is_told_with_its_row_to_those_who_see_every_unit(work, own_app):
    with own_app.app_context():
        acts.claim("check", MONDAY, "test")
        found = {"code": "V12", "row": "loan:5", "what": "total_paid 1, its legs 2"}
        acts.finish("check", MONDAY, "test", {"ok": False, "differences": 1, "first": [found]})
    for who in ("admin", "auditor"):
        words = work(who).text("/operations")
        assert "Pemeriksaan pembukuan 1 selisih" in words
        assert "V12 loan:5 total_paid 1, its legs 2" in words
    assert "1 selisih" in work("head").text("/operations")
    assert "loan:5" not in work("head").text("/operations")


def test_a_look_is_held_by_one_and_taken_over_when_its_lease_is_over(own_app):
    with own_app.app_context():
        assert acts.claim("check", MONDAY, "first") is True
        assert acts.claim("check", MONDAY, "second") is False
        session.rollback()
        held = session.get_one(JobRun, ("check", MONDAY))
        later = held.lease_until + timedelta(seconds=1)
        with pytest.MonkeyPatch.context() as waiting:
            waiting.setattr(clock, "now", lambda: later)
            assert acts.claim("check", MONDAY, "second") is True
        acts.finish("check", MONDAY, "first", {"ok": True})
        session.rollback()
        assert session.get_one(JobRun, ("check", MONDAY)).finished_at is None
        acts.finish("check", MONDAY, "second", {"ok": True})
        assert acts.claim("check", MONDAY, "first") is False


def test_what_waits_on_phones_is_named(work):
    officer = work("officer")
    officer.client.get("/api/v1/me", headers={"X-Unsent": "3"})
    for who in ("head", "auditor", "admin"):
        assert "HP dengan catatan yang belum terkirim Petugas Belum terkirim Terakhir terdengar Ibu officer officer 3" in work(who).text(
            "/operations"
        )
    assert "HP dengan catatan" not in work("srg-head").text("/operations")
    officer.client.get("/api/v1/me", headers={"X-Unsent": "0"})
    assert "HP dengan catatan" not in work("head").text("/operations")
