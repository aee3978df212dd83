"""Groups at the desk: who sees which, forming one, who leads and serves it, and moving its meetings with the effect shown first."""

from datetime import timedelta

import pytest

from lending.actions import admin
from lending.domain.access import Role
from lending.queries import calendars, groups
from lending.queries.admin import system_person
from tests.conftest import TODAY
from tests.furnished import TALANG_BAKUNG, House, only_sqlite, planned
from tests.web.desk import PASSWORD, said_at, token_in, typed, words

pytestmark = only_sqlite

A_THURSDAY = TODAY + timedelta(days=7)
NEW = {
    "name": "Sakura 01",
    "kelurahan": TALANG_BAKUNG,
    "place": "Rumah Bu Ani, RT 04",
    "weekday": "4",
    "time": "09:30",
    "first_meeting": A_THURSDAY.isoformat(),
    "officer": "officer",
}


def next_seq(house: House) -> int:
    """The first meeting of Melati that may still move."""
    return next(one.seq for one in calendars.calendar(house.head(TODAY), house.melati) if one.planned_on > TODAY)


# ---- who sees what ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "index", "melati"),
    [
        ("officer", 200, 200), ("officer2", 200, 404), ("head", 200, 200), ("cashier", 200, 200), ("auditor", 200, 200),
        ("mentor", 200, 404), ("srg-head", 200, 404), ("city", 403, 403), ("admin", 403, 403),
    ],
)  # fmt: skip
def test_a_group_is_there_for_those_whose_it_is(desk, house: House, who, index, melati):
    at = desk(who)
    assert at.status("/groups") == index
    assert {at.status(f"/groups/{house.melati}"), at.status(f"/groups/{house.melati}/calendar")} == {melati}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("officer", {"leader": 200, "officer": 403, "mentor": 403, "meetings/46/move": 200, "enrol": 200}),
        ("officer2", {"leader": 404, "officer": 403, "mentor": 403, "meetings/46/move": 404, "enrol": 404}),
        ("head", {"leader": 200, "officer": 200, "mentor": 200, "meetings/46/move": 200, "enrol": 200}),
        ("cashier", {"leader": 403, "officer": 403, "mentor": 403, "meetings/46/move": 403, "enrol": 403}),
    ],
)
def test_the_forms_of_a_group_open_for_those_who_may_do_the_act(desk, house: House, who, expected):
    at = desk(who)
    assert {path: at.status(f"/groups/{house.melati}/{path}") for path in expected} == expected


def test_a_leader_sees_her_own_group_by_name_and_nothing_of_its_money(desk, house: House):
    number = groups.group(house.head(TODAY), house.melati).members[0].number
    admin.add_user(admin.NewUser("leader", "Ibu Ketua", Role.LEADER, "JMB", PASSWORD, number), system_person().acting(TODAY))
    at = desk("leader")
    assert at.status(f"/groups/{house.kenanga}") == 404
    seen = at.text(f"/groups/{house.melati}")
    assert "Melati 12" in seen
    assert "Rp" not in seen
    assert at.client.get(f"/groups/{house.melati}").text.count("/members/") == 0
    assert "ganti ketua" not in seen


def test_the_list_shows_her_groups_and_how_many_women_they_have(desk):
    head, officer = desk("head").text("/groups"), desk("officer").text("/groups")
    assert "Melati" in head
    assert "Kenanga" in head
    assert "Jumlah 22" in head
    assert "Kenanga" not in officer
    assert "Kenanga" not in desk("head").text("/groups?officer=officer")


def test_a_list_without_groups_says_what_to_do_next(desk):
    assert "Bentuk kelompok" in desk("srg-officer").text("/groups")
    assert "Tanyakan kepada kepala unit" in desk("mentor").text("/groups")


def test_a_group_shows_what_each_woman_owes_and_who_is_late(desk, house: House):
    seen = desk("officer").text(f"/groups/{house.melati}")
    assert "12 pinjaman berjalan" in seen
    assert "Rp30.000.000" in seen  # twelve loans of Rp2,500,000 of which nothing is paid
    assert "12 anggota" in seen  # late, all of them


# ---- forming one -----------------------------------------------------------------------------------------------------------------------


def test_a_group_is_formed_and_leads_to_its_page(desk, house: House):
    at = desk("officer")
    seen = at.follow(at.send("/groups/new", **NEW))
    assert "JMB-0003 terbentuk" in seen
    assert "Kamis 09:30" in seen
    assert "Belum ada anggota" in seen


def test_a_refused_group_keeps_what_was_typed_and_says_why_at_the_field(desk):
    answer = desk("head").send("/groups/new", **NEW | {"weekday": "1", "name": "Sakura\u200b"})
    assert answer.status_code == 422
    assert "bukan hari pertemuan" in said_at(answer, "first_meeting")
    assert "huruf Latin" in said_at(answer, "name")
    assert typed(answer, "place") == NEW["place"]
    assert typed(answer, "first_meeting") == NEW["first_meeting"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("kelurahan", ""), ("kelurahan", "36.73.01.1001"), ("weekday", "7"), ("time", "25:00"), ("first_meeting", "2026-02-30")],
)
def test_a_wrong_shape_is_said_at_its_field(desk, field, value):
    answer = desk("officer").send("/groups/new", **NEW | {field: value})
    assert answer.status_code == 400
    assert said_at(answer, field)


def test_an_officer_forms_groups_for_herself_only(desk):
    answer = desk("officer").send("/groups/new", **NEW | {"officer": "officer2"})
    assert (answer.status_code, said_at(answer, "officer")) == (400, "Pilihan ini tidak ada. Pilih salah satu dari daftar.")


def test_a_group_that_meets_early_is_formed_with_a_warning(desk):
    at = desk("officer")
    seen = at.follow(at.send("/groups/new", **NEW | {"time": "06:30"}))
    assert "terbentuk" in seen
    assert "08.00" in seen


def test_the_button_pressed_twice_forms_one_group(desk, house: House):
    at = desk("head")
    assert at.send("/groups/new", **NEW).status_code == 303
    again = at.send("/groups/new", **NEW)
    assert again.status_code == 409
    assert "sudah ada" in said_at(again, "name")
    assert len(groups.groups(house.head(TODAY))) == 3


# ---- who leads, who serves -------------------------------------------------------------------------------------------------------------


def test_another_leader_is_named(desk, house: House):
    at = desk("officer")
    answer = at.send(f"/groups/{house.melati}/leader", member=house.women[3], from_=TODAY.isoformat())
    assert "Melati 04" in at.follow(answer)
    assert groups.group(house.head(TODAY), house.melati).about.leader == house.women[3]


def test_a_leader_is_of_the_group_from_a_day_on_which_she_belongs_to_it(desk, house: House):
    at = desk("officer")
    stranger = at.send(f"/groups/{house.melati}/leader", member=house.others[0], from_=TODAY.isoformat())
    assert (stranger.status_code, bool(said_at(stranger, "member"))) == (400, True)
    early = at.send(f"/groups/{house.melati}/leader", member=house.women[3], from_="2025-12-31")
    assert (early.status_code, bool(said_at(early, "from"))) == (422, True)
    assert typed(early, "from") == "2025-12-31"


def test_the_group_goes_to_another_officer_at_once(desk, house: House):
    head, old = desk("head"), desk("officer")
    page = f"/groups/{house.melati}/officer"
    assert "Ibu officer2" in head.follow(head.send(page, officer="officer2", from_=TODAY.isoformat(), reason="cuti"))
    assert old.status(f"/groups/{house.melati}") == 404
    assert desk("officer2").status(f"/groups/{house.melati}") == 200


def test_an_assignment_needs_a_reason_and_a_day_that_has_not_passed(desk, house: House):
    page = f"/groups/{house.melati}/mentor"
    without = desk("head").send(page, mentor="mentor", from_=TODAY.isoformat(), reason="")
    assert (without.status_code, said_at(without, "reason")) == (400, "Bagian ini harus diisi.")
    late = desk("head").send(page, mentor="mentor", from_="2026-11-25", reason="baru")
    assert (late.status_code, bool(said_at(late, "from")), typed(late, "reason")) == (422, True, "baru")


def test_where_nobody_else_could_serve_the_page_says_so(desk, house: House):
    head = desk("head")
    page = f"/groups/{house.melati}/mentor"
    head.follow(head.send(page, mentor="mentor", from_=TODAY.isoformat(), reason="baru"))
    assert "Tidak ada orang lain" in head.text(page)


# ---- the calendar ----------------------------------------------------------------------------------------------------------------------


def test_the_calendar_begins_near_today_and_comes_whole_when_asked(desk, house: House):
    at = desk("head")
    near, whole = at.text(f"/groups/{house.melati}/calendar"), at.text(f"/groups/{house.melati}/calendar?all=1")
    assert near.count("Minggu ") < 20 < whole.count("Minggu ")
    assert "pertemuan lain tidak ditampilkan" in near
    assert "pertemuan lain" not in whole
    assert "Belum dicatat" in near


def test_only_the_head_is_offered_to_shift_all_that_follow(desk, house: House):
    page = f"/groups/{house.melati}/calendar"
    assert "dan sesudahnya" in desk("head").text(page)
    assert "ini saja" in desk("officer").text(page)
    assert "dan sesudahnya" not in desk("officer").text(page)
    assert "ini saja" not in desk("cashier").text(page)


def test_a_move_is_shown_before_it_is_stored(desk, house: House):
    at, seq = desk("officer"), next_seq(house)
    stood = planned(house.melati, seq)
    page = f"/groups/{house.melati}/meetings/{seq}/move"
    told = {"to": (stood + timedelta(days=2)).isoformat(), "reason": "Melayat"}
    shown = at.send(page, step="preview", **told)
    assert shown.status_code == 200
    assert "Belum disimpan" in words(shown)
    assert "12 pinjaman" in words(shown)
    assert "Melati 01" in words(shown)
    assert planned(house.melati, seq) == stood
    seen = at.follow(at.send(page, step="store", stands_on=stood.isoformat(), **told))
    assert "Jadwal diubah: 1 pertemuan" in seen
    assert "Melayat" in seen
    assert planned(house.melati, seq) == stood + timedelta(days=2)


def test_from_the_effect_one_can_go_back_to_what_was_typed(desk, house: House):
    page = f"/groups/{house.melati}/meetings/{next_seq(house)}/move"
    answer = desk("officer").send(page, step="edit", to="2026-12-01", reason="Melayat")
    assert answer.status_code == 200
    assert (typed(answer, "to"), typed(answer, "reason")) == ("2026-12-01", "Melayat")
    assert "Belum disimpan" not in words(answer)


@pytest.mark.parametrize(
    ("days", "status", "sentence"),
    [(6, 422, "Minggu"), (8, 403, "tujuh"), (-7, 422, ""), (0, 200, "")],
    ids=["a Sunday", "further than an officer may", "on its neighbour", "where it stands"],
)
def test_a_move_that_may_not_be_is_refused_at_the_field(desk, house: House, days, status, sentence):
    seq = next_seq(house) + 2
    to = planned(house.melati, seq) + timedelta(days=days)
    answer = desk("officer").send(f"/groups/{house.melati}/meetings/{seq}/move", step="preview", to=to.isoformat(), reason="Melayat")
    assert answer.status_code == status
    assert bool(said_at(answer, "to")) is (status != 200)
    if status != 200:
        assert typed(answer, "to") == to.isoformat()
        assert typed(answer, "reason") == "Melayat"


def test_a_calendar_shifted_with_the_button_pressed_twice_is_shifted_once(desk, house: House):
    at, seq = desk("head"), next_seq(house) + 1
    stood = planned(house.melati, seq)
    page = f"/groups/{house.melati}/meetings/{seq}/shift"
    stored = {"step": "store", "stands_on": stood.isoformat(), "weeks": "2", "reason": "Banjir"}
    assert at.send(page, **stored).status_code == 303
    again = at.send(page, **stored)
    assert again.status_code == 409
    assert "sudah digeser" in words(again)
    assert planned(house.melati, seq) >= stood + timedelta(weeks=2)
    assert planned(house.melati, seq) < stood + timedelta(weeks=4)


@pytest.mark.parametrize(("weeks", "status"), [("0", 422), ("9", 422), ("dua", 400), ("1,5", 400)])
def test_a_shift_is_by_one_to_eight_whole_weeks(desk, house: House, weeks, status):
    answer = desk("head").send(f"/groups/{house.melati}/meetings/{next_seq(house)}/shift", step="preview", weeks=weeks, reason="Banjir")
    assert (answer.status_code, bool(said_at(answer, "weeks")), typed(answer, "weeks")) == (status, True, weeks)


def test_a_meeting_that_nobody_planned_is_not_there(desk, house: House):
    assert desk("head").status(f"/groups/{house.melati}/meetings/9999/move") == 404
    assert desk("head").status(f"/groups/{house.melati}/moves/9999/undo") == 404


def test_a_move_is_taken_back_once(desk, house: House):
    at, seq = desk("officer"), next_seq(house)
    stood = planned(house.melati, seq)
    told = {"to": (stood + timedelta(days=1)).isoformat(), "reason": "Melayat", "stands_on": stood.isoformat()}
    at.follow(at.send(f"/groups/{house.melati}/meetings/{seq}/move", step="store", **told))
    (move,) = calendars.moves(house.head(TODAY), house.melati)
    page = f"/groups/{house.melati}/moves/{move.id}/undo"
    assert (nothing := at.send(page, reason="")).status_code == 400
    assert said_at(nothing, "reason")
    seen = at.follow(at.send(page, reason="Jadi datang"))
    assert "kembali ke tanggal semula" in seen
    assert "Batalkan pemindahan ini" not in seen
    assert planned(house.melati, seq) == stood
    assert at.send(page, reason="Jadi datang").status_code == 409


def test_an_officer_is_not_offered_to_undo_what_only_the_head_may(desk, house: House):
    head, seq = desk("head"), next_seq(house) + 1
    stored = {"step": "store", "stands_on": planned(house.melati, seq).isoformat(), "weeks": "1", "reason": "Banjir"}
    assert "Batalkan pemindahan ini" in head.follow(head.send(f"/groups/{house.melati}/meetings/{seq}/shift", **stored))
    assert "Batalkan pemindahan ini" not in desk("officer").text(f"/groups/{house.melati}/calendar")


def test_the_pages_speak_english(desk, house: House):
    at = desk("head")
    at.client.set_cookie("bahasa", "en")
    assert "Form a group" in at.text("/groups")
    assert "30 Nov 2026" in at.text("/groups")


# ---- an officer's groups go to another together ---------------------------------------------------------------------------------------

GIVE = f"/groups/reassign?name=officer&from={TODAY.isoformat()}"


def test_only_the_head_gives_groups_on(desk):
    assert desk("head").status("/groups/reassign") == 200
    assert {desk(who).status(GIVE) for who in ("officer", "cashier", "auditor", "mentor", "admin", "city")} == {403}
    assert "Serahkan kelompok" in desk("head").text("/groups")
    assert "Serahkan kelompok" not in desk("officer").text("/groups")


def test_her_groups_are_shown_go_to_the_substitute_and_come_back(desk, house: House):
    head, old, new = desk("head"), desk("officer"), desk("officer2")
    assert "Melati" in head.text(GIVE)
    assert "Kenanga" not in head.text(GIVE), "another's"
    told = {"to": "officer2", "until": (TODAY + timedelta(days=6)).isoformat(), "groups": str(house.melati), "reason": "cuti"}
    answer = head.send(GIVE, **told)
    kept = head.follow(answer)
    assert "1 kelompok Ibu officer diserahkan kepada Ibu officer2 mulai 26-11-2026." in kept
    assert "Kembali kepada Ibu officer pada 03-12-2026." in kept
    assert (old.status(f"/groups/{house.melati}"), new.status(f"/groups/{house.melati}")) == (404, 200)
    assert "mulai 03-12-2026: Ibu officer" in head.text(f"/groups/{house.melati}")
    twice = head.client.post(GIVE, data={**told, "csrf_token": token_in(head.client.get(f"/groups/{house.melati}/officer"))})
    assert "1 kelompok Ibu officer diserahkan" in head.follow(twice), "pressed twice"
    assert "Ibu officer tidak memegang kelompok pada Kamis, 26 November 2026" in head.text(GIVE)


def test_what_cannot_be_given_is_said_where_it_stands(desk, house: House):
    head = desk("head")
    good = {"to": "officer2", "until": "", "groups": str(house.melati), "reason": "cuti"}
    for field, value in (
        ("to", ""),
        ("to", "head"),
        ("reason", ""),
        ("groups", str(house.kenanga)),
        ("groups", ""),
        ("until", "2026-11-01"),
    ):
        answer = head.send(GIVE, **{**good, field: value})
        assert answer.status_code in (400, 422), (field, value)
        assert said_at(answer, field), (field, value)
    head.follow(head.send(f"/groups/{house.melati}/officer", officer="officer2", from_="2026-12-07", reason="tetap"))
    assert "Melati · Senin 09:00 · sampai 06-12-2026" in head.text(GIVE)
    assert "mulai Senin, 7 Desember 2026" in said_at(head.send(GIVE, **good), "until")
    assert "Tanggal ini sudah lewat" in head.text("/groups/reassign?name=officer&from=2026-11-01")
    assert "Pilihan ini tidak ada" in head.text(f"/groups/reassign?name=cashier&from={TODAY.isoformat()}")
