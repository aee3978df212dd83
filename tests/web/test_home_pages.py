"""Home: each role finds first what waits for her, and nothing that is not hers."""

import html
import re

from tests.lived_in import ROLES, LivedIn


def test_everybody_has_a_home(look):
    assert {who: look(who).status("/") for who in ROLES} == dict.fromkeys(ROLES, 200)


def test_a_stranger_is_asked_who_she_is(own_app):
    answer = own_app.test_client().get("/")
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_the_head_sees_her_unit_and_what_waits_for_her(look):
    words = look("head").text("/")
    assert "PAR > 30 hari" in words
    assert "1 pengajuan menunggu persetujuan" in words
    assert "1 pengajuan menunggu pemeriksaan" in words
    assert "1 janji bayar lewat" in words
    assert "Kelompok yang perlu dilihat Kelompok Mengapa" in words
    assert re.search(r"Melati \d+,\d % sisa pokok menunggak", words)


def test_every_figure_of_the_head_leads_to_the_list_that_makes_it_up(look):
    page = look("head").client.get("/").text
    cards = re.findall(r'<li class="figure[^>]*>.*?</li>', page, re.DOTALL)
    assert len(cards) == 8
    for card in cards:
        href = re.search(r'href="([^"]+)"', card)
        assert href, card
        path = html.unescape(href[1])
        assert path.startswith("#") or look("head").status(path) == 200, path
    at_risk = look("head").text("/reports/ageing?by=over_30")
    assert "Tidak ada yang memenuhi" in at_risk  # as the card says: 0,0 %
    week = look("head").text("/reports/collection?by=day&from=2026-03-09&to=2026-03-09")
    assert "Jumlah 600.000 0" in week


def test_the_head_sees_her_week_with_its_table_behind_and_her_officers(look):
    words = look("head").text("/")
    assert "Jatuh tempo dan terkumpul, minggu ini Sampai hari ini Rp0 dari Rp600.000." in words
    assert "Hari Jatuh tempo Terkumpul Sen 9 600 rb 0" in words
    assert "0 dari 2 sudah dicatat; yang belum: 09:00 Melati · Ibu officer · Rp725.000" in words
    assert "Ibu officer 1 0 dari 1" in words


def test_what_waits_on_a_phone_is_told_by_the_phone_and_shown_to_the_head(own_app, work):
    officer, head = work("officer"), work("head")
    assert "tidak ada yang tertahan di HP" in head.text("/")
    officer.client.get("/api/v1/me", headers={"X-Unsent": "3"})
    assert "Belum terkirim 3 di HP 1 petugas" in head.text("/")
    for nonsense in ("many", "-1", "99999", ""):
        officer.client.get("/api/v1/me", headers={"X-Unsent": nonsense})
    assert "Belum terkirim 3 di HP 1 petugas" in head.text("/")
    officer.client.get("/api/v1/me", headers={"X-Unsent": "0"})
    assert "tidak ada yang tertahan di HP" in head.text("/")
    assert "tertahan" not in work("srg-head").text("/").replace("tidak ada yang tertahan di HP", "")


def test_the_auditor_finds_what_asks_for_a_second_look(look):
    words = look("auditor").text("/")
    assert "Neraca saldo seimbang" in words
    assert "Kota Jambi 12 Rp" in words
    assert "Kota Serang" not in words  # nothing is lent there


def test_head_office_compares_units(look):
    words = look("admin").text("/")
    assert "Unit berdampingan" in words
    assert "Kota Jambi 12 Rp" in words
    assert "PAR > 30 hari, dua belas minggu" in words


def test_the_officer_sees_her_own_day(look):
    words = look("officer").text("/")
    assert "Pertemuan hari ini 1 12 anggota" in words
    assert "Tunggakan yang mendesak" in words
    assert "Melati 06" in words
    other = look("officer2").text("/")
    assert "Melati 06" not in other
    assert "Pengajuan dalam proses" in other


def test_the_leader_sees_her_group_and_no_other(look, lived_in: LivedIn):
    at = look("leader")
    words = at.text("/")
    assert words.startswith("Melati 12 anggota")
    assert "Kenanga" not in words
    assert "Rp850.000" not in words
    assert f"/api/v1/groups/{lived_in.house.melati}/cards.pdf" in at.client.get("/").text


def test_the_cashier_sees_where_the_cash_is(look):
    words = look("cashier").text("/")
    assert "1 petugas belum setor" in words
    assert "Ibu officer Rp2.275.000 lebih dari 14 hari" in words
    assert "Siap dicairkan 1 pinjaman disetujui" in words


def test_the_mentor_sees_whose_promise_is_overdue(look):
    words = look("mentor").text("/")
    assert "Urus NIB anggota" in words.replace("Anggota", "anggota")


def test_head_office_and_the_city_see_doors_and_no_names(look):
    for who in ("city", "admin"):
        words = look(who).text("/")
        assert "Melati" not in words
        assert "Kenanga" not in words
