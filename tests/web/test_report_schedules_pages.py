"""Scheduled reports as pages: set up, refused at the field, changed, stopped; and how they went, on the page of the nights."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from lending import clock, delivery
from lending.jobs.nightly import close_days
from lending.jobs.sending import send_owed
from tests.furnished import LENT_ON, House, a_uuid
from tests.web.desk import Desk, said_at, token_in, typed

pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)

Seated = Callable[[str], Desk]

TOLD = {"uuid": a_uuid(900), "reports": "portfolio", "every": "daily", "form": "csv"}


@pytest.fixture
def ways_out(house: House, doors: Flask, desk: Seated, tmp_path: Path) -> Path:
    """A folder for reports, and a mail server that is away."""
    close_days(LENT_ON)
    clock.fix(LENT_ON + timedelta(days=1))
    delivery.hang_on(doors, tmp_path / "out", "smtp://127.0.0.1:1", "laporan@contoh.id")
    return tmp_path / "out"


def send(doors: Flask) -> tuple[int, int]:
    with doors.app_context():
        return send_owed()


def test_where_nothing_is_set_up_the_page_says_so(house: House, desk: Seated):
    page = desk("head").text("/reports/schedules")
    assert "belum ada folder laporan dan belum ada server email" in page
    assert "Buat jadwal" not in page
    no = desk("head").send("/reports/schedules/new", **TOLD, to_folder="1")
    assert no.status_code == 422
    assert "Laporan terjadwal" in desk("head").text("/reports")
    assert "Laporan terjadwal" not in desk("officer").text("/reports")
    assert [desk(who).status("/reports/schedules") for who in ("officer", "auditor", "cashier")] == [403] * 3


def test_set_up_refused_at_the_field_with_nothing_lost(ways_out: Path, desk: Seated):
    head = desk("head")
    assert "Belum ada laporan terjadwal" in head.text("/reports/schedules")
    wrong = head.send("/reports/schedules/new", **TOLD, addresses="kepala@contoh.id\nbukan alamat")
    assert wrong.status_code == 422
    assert "“bukan”" in said_at(wrong, "addresses")
    assert typed(wrong, "addresses") == "kepala@contoh.id\nbukan alamat"
    nowhere = head.send("/reports/schedules/new", **TOLD)
    assert "sedikitnya satu alamat email" in nowhere.text
    kept = head.send("/reports/schedules/new", **TOLD, to_folder="1")
    assert "Jadwal disimpan" in head.follow(kept)
    again = head.send("/reports/schedules/new", **TOLD, to_folder="1")
    assert again.status_code == 303
    assert head.text("/reports/schedules").count("Portofolio dan PAR") == 1


def test_what_was_sent_and_what_failed_stands_with_the_nights(ways_out: Path, doors: Flask, desk: Seated):
    head = desk("head")
    head.send("/reports/schedules/new", **TOLD, to_folder="1")
    assert send(doors) == (1, 0)
    page = head.text("/operations")
    assert "02-02-2026 JMB Portofolio dan PAR Setiap hari, CSV folder terkirim" in page
    changed = head.send("/reports/schedules/1", **{**TOLD, "every": "daily"}, to_folder="1", addresses="kepala@contoh.id")
    assert "Jadwal disimpan" in head.follow(changed)
    assert "kepala@contoh.id" in desk("admin").text("/reports/schedules")
    head.send("/reports/schedules/new", **{**TOLD, "uuid": a_uuid(901)}, addresses="kepala@contoh.id")
    assert send(doors) == (0, 1)
    words = head.text("/operations")
    assert "Laporan untuk Senin, 2 Februari 2026 (Kota Jambi) belum terkirim: server email tidak menjawab. Tekan Jalankan lagi" in words
    assert "gagal 1 kali" in words
    assert "gagal" in head.text("/reports/schedules")
    assert "belum terkirim" in desk("auditor").text("/operations")
    assert "belum terkirim" not in desk("srg-head").text("/operations")
    token = token_in(head.client.get("/operations"))
    assert "1 laporan dikirim lagi" in head.follow(head.client.post("/operations/run", data={"csrf_token": token}))
    assert send(doors) == (0, 1)
    assert "gagal 2 kali" in head.text("/operations")


def test_head_office_stops_what_a_unit_sends_and_changes_only_its_own(ways_out: Path, desk: Seated):
    head, admin = desk("head"), desk("admin")
    head.send("/reports/schedules/new", **TOLD, to_folder="1")
    assert admin.status("/reports/schedules/1") == 404
    token = token_in(admin.client.get("/reports/schedules"))
    assert "Jadwal dihentikan" in admin.follow(admin.client.post("/reports/schedules/1/stop", data={"csrf_token": token}))
    assert "Belum ada laporan terjadwal" in head.text("/reports/schedules")
    assert "ageing" in admin.client.get("/reports/schedules/new").text
    assert "over-short" not in admin.client.get("/reports/schedules/new").text
