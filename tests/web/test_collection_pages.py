"""Meetings at the desk: the day's list, a sheet, a kept record, and undoing it."""

import pytest

from tests.furnished import a_uuid
from tests.lived_in import LAST_RECORD, UNDONE_RECORD, LivedIn, only, statuses
from tests.web.desk import said_at, typed, words

DESK = ("officer", "head", "cashier", "auditor")


def test_who_sees_the_meetings(look):
    others = ("officer2", "mentor", "leader", "srg-head")
    assert statuses(look, "/meetings") == only(*DESK, *others)


def test_who_sees_a_sheet(look, lived_in: LivedIn):
    path = f"/meetings/{lived_in.today_meeting}"
    assert statuses(look, path) == only(*DESK, "mentor", "leader", officer2=404, srg_head=404)


def test_who_sees_a_record(look):
    assert statuses(look, f"/records/{LAST_RECORD}") == only(*DESK, officer2=404, srg_head=404)


def test_the_day_lists_its_groups_with_sums(look):
    words = look("head").text("/meetings")
    assert "Melati minggu ke-6" in words
    assert "Kenanga minggu ke-6" in words
    assert "Jumlah 22 Rp725.000" in words
    assert "Ibu officer2" in words


def test_the_leader_finds_her_group_only(look):
    words = look("leader").text("/meetings")
    assert "Melati" in words
    assert "Kenanga" not in words


def test_a_day_without_meetings_says_what_to_do(look):
    assert "Pilih tanggal lain" in look("head").text("/meetings?on=2026-03-10")


@pytest.mark.parametrize("day", ["kemarin", "2026-02-30", "9999-99-99"])
def test_a_day_that_is_none(look, day):
    answer = look("head").client.get(f"/meetings?on={day}")
    assert answer.status_code == 400
    assert said_at(answer, "on")
    assert typed(answer, "on") == day


def test_a_sheet_shows_what_is_due_and_what_is_late(look, lived_in: LivedIn):
    words = look("head").text(f"/meetings/{lived_in.today_meeting}")
    assert "Melati 04" in words
    assert "Jumlah Rp600.000 Rp125.000" in words


def test_a_record_says_who_paid_for_whom_and_what_the_books_say(look, lived_in: LivedIn):
    covered = look("head").text(f"/records/{a_uuid(1_003)}")
    assert "Rp50.000 Melati 07 Rp50.000" in covered
    assert "Di pembukuan" in covered
    assert "Di pembukuan" not in look("officer").text(f"/records/{a_uuid(1_003)}")


def test_an_undone_record_says_by_whom_and_why(look):
    words = look("head").text(f"/records/{UNDONE_RECORD}")
    assert "DIBATALKAN oleh officer: salah hitung" in words
    assert "Batalkan …" not in words


def test_the_effect_is_shown_before_anything_is_undone(look):
    words = look("head").text(f"/records/{LAST_RECORD}/undo")
    assert "Akibatnya bila dibatalkan" in words
    assert "Jumlah Rp500.000" in words


def test_an_undo_needs_its_reason(work):
    answer = work("head").send(f"/records/{LAST_RECORD}/undo", reason="  ")
    assert answer.status_code == 400
    assert said_at(answer, "reason")


def test_the_head_undoes_a_record_once(work):
    head = work("head")
    path = f"/records/{LAST_RECORD}/undo"
    assert "DIBATALKAN oleh head: salah kelompok" in head.follow(head.send(path, reason="salah kelompok"))
    again = head.send(path, reason="salah kelompok")
    assert again.status_code == 409
    assert "sudah dibatalkan" in words(again)
    assert typed(again, "reason") == "salah kelompok"


def test_the_officer_does_not_undo_what_she_kept_on_an_earlier_day(work):
    officer = work("officer")
    assert "Batalkan …" not in officer.text(f"/records/{LAST_RECORD}")
    answer = officer.send(f"/records/{LAST_RECORD}/undo", reason="salah hitung")
    assert answer.status_code == 403
    assert "DIBATALKAN" not in officer.text(f"/records/{LAST_RECORD}")


def test_one_line_is_undone_after_its_effect_was_shown(work, lived_in: LivedIn):
    head, woman = work("head"), lived_in.house.women[0]
    record, path = f"/records/{LAST_RECORD}", f"/records/{LAST_RECORD}/lines/{woman}/undo"
    assert "Batalkan baris …" in head.text(record)
    shown = head.text(path)
    assert "Melati 01 Rp50.000 Rp2.300.000 Rp2.350.000" in shown
    assert "Uang yang dikembalikan: Rp50.000, dari tangan Ibu officer" in shown
    assert "Melati 02" not in shown
    assert head.send(path, reason="").status_code == 400
    kept = head.follow(head.send(path, reason="uang orang lain"))
    assert "Baris Melati 01 dibatalkan" in kept
    assert "Dibatalkan head: uang orang lain" in kept
    assert "Dari catatan ini Rp50.000 dibatalkan sesudahnya" in kept
    again = head.send(path, reason="lagi")
    assert again.status_code == 409
    assert "Melati 01" not in head.text(f"{record}/undo")
    nobody = lived_in.house.others[0]
    assert head.status(f"/records/{LAST_RECORD}/lines/{nobody}/undo") == 404


def test_what_cannot_be_taken_back_is_named_before_anybody_tries(work, lived_in: LivedIn):
    head = work("head")
    head.send(f"/loans/{lived_in.house.loans[0]}/settle", on="2026-03-09", rebate="0", step="store")
    assert "Tidak bisa: pinjaman Melati 01 sudah berakhir" in head.text(f"/records/{LAST_RECORD}/undo")
    answer = head.send(f"/records/{LAST_RECORD}/undo", reason="salah")
    assert answer.status_code == 409
    assert "satu per satu" in words(answer)


@pytest.mark.parametrize("uuid", ["1", "00000000-0000-4000-8000-000000000000", "x" * 36])
def test_a_record_that_never_was(look, uuid):
    assert look("head").status(f"/records/{uuid}") == 404
