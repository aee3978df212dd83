"""Home: each role finds first what waits for her, and nothing that is not hers."""

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
    assert "Kelompok yang perlu dilihat Kelompok" in words
    assert "Melati Rp" in words


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
    assert "Siap dicairkan 1 pinjaman disetujui" in words


def test_the_mentor_sees_whose_promise_is_overdue(look):
    words = look("mentor").text("/")
    assert "Urus NIB anggota" in words.replace("Anggota", "anggota")


def test_head_office_and_the_city_see_doors_and_no_names(look):
    for who in ("city", "admin"):
        words = look(who).text("/")
        assert "Melati" not in words
        assert "Kenanga" not in words
