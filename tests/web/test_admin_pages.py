"""Head office at the desk: people, units, days off and products; what everybody may look up; the trace; the nights."""

import re

import pytest

from tests.lived_in import ROLES, only, statuses
from tests.web.desk import said_at, token_in, typed, words

USER = {"username": "officer3", "name": "Ibu Tiga", "role": "officer", "unit": "JMB", "member": ""}
UNIT = {"code": "TNG", "name": "Kota Tangerang", "zone": "Asia/Jakarta", "kelurahan": ""}
HOLIDAY = {"date": "2026-04-13", "name": "Pemilihan wali kota", "kind": "local", "rule": "", "source": "SK Wali Kota 12/2026"}
PRODUCT = {
    "code": "BARU", "name": "Mekaar Baru", "akad": "conventional", "valid_from": "2026-04-01", "min_principal": "2.000.000",
    "max_principal": "3.000.000", "step": "500.000", "weeks": "25, 50", "every_weeks": "1", "margin_bp": "2500", "year_weeks": "50",
    "coin": "500", "upj_bp": "500", "payment_order": "margin_first", "block_days_late": "",
}  # fmt: skip


def test_who_opens_what(look):
    for path in ("/settings", "/settings/users/new", "/settings/units/new", "/settings/holidays/new", "/settings/products/new"):
        assert statuses(look, path) == only("admin")
    assert statuses(look, "/reference") == only(*(who for who in ROLES if who != "leader"))
    assert statuses(look, "/audit") == only("head", "auditor", "srg-head")
    assert statuses(look, "/operations") == only("head", "auditor", "admin", "srg-head")


def test_head_office_sees_no_woman(look):
    for path in ("/", "/settings", "/units", "/reference", "/operations"):
        text = look("admin").client.get(path).text
        assert re.findall(r"JMB-\d{4}-\d\d\b", text) == [], path
        assert "Melati 0" not in text


# ---- people ----------------------------------------------------------------------------------------------------------------------------


def test_a_user_is_added_and_her_password_is_shown_once(work):
    at = work("admin")
    answer = at.send("/settings/users/new", **USER)
    assert answer.status_code == 200
    shown = words(answer)
    assert "hanya tampil sekali" in shown
    password = shown.rsplit("Kata sandi ", 1)[1].split(" ", 1)[0]
    assert len(password) >= 10
    assert "officer3" in at.text("/settings")
    assert password not in at.text("/settings")


def test_the_same_user_twice_is_refused_at_the_field(work):
    at = work("admin")
    at.send("/settings/users/new", **USER)
    again = at.send("/settings/users/new", **USER)
    assert again.status_code == 409
    assert said_at(again, "username")
    assert typed(again, "name") == "Ibu Tiga"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", ""),
        ("username", "Ibu Tiga!"),
        ("name", ""),
        ("role", "queen"),
        ("unit", "XXX"),
        ("unit", ""),
        ("member", "JMB-9999-99"),
    ],
)
def test_a_user_who_cannot_be(work, field, value):
    answer = work("admin").send("/settings/users/new", **{**USER, field: value})
    assert answer.status_code in (400, 404, 422)
    assert said_at(answer, field)


def test_who_opens_somebodys_account(look):
    for path in ("/settings/users/officer", "/settings/users/officer/close", "/settings/users/officer/tokens/new"):
        assert statuses(look, path) == only("admin")
    assert look("admin").status("/settings/users/nobody") == 404
    assert look("admin").status("/settings/users/sistem/close") == 404


def test_another_role_from_the_page(work):
    at, auditor = work("admin"), work("auditor")
    assert "Buka akun lagi" not in at.text("/settings/users/auditor")
    told = at.follow(at.send("/settings/users/auditor", role="head", unit="JMB", member=""))
    assert "Ibu auditor: Kepala unit, JMB. 1 sesi diakhiri." in told
    assert auditor.status("/") == 303, "signed in anew she is a head"
    again = at.follow(at.send("/settings/users/auditor", role="head", unit="JMB", member=""))
    assert "0 sesi diakhiri" in again


@pytest.mark.parametrize(
    ("field", "value"), [("role", "queen"), ("role", ""), ("role", "leader"), ("unit", "XXX"), ("unit", ""), ("member", "JMB-9999-99")]
)
def test_a_change_that_cannot_be_is_refused_at_its_field(work, field, value):
    answer = work("admin").send("/settings/users/mentor", **{"role": "mentor", "unit": "JMB", "member": "", field: value})
    assert answer.status_code in (400, 404, 422)
    assert said_at(answer, "member" if value == "leader" else field)


def test_an_account_is_closed_and_opened_again(work):
    at, mentor = work("admin"), work("mentor")
    asked = at.text("/settings/users/mentor/close")
    assert "Ia langsung keluar dari semua HP" in asked
    assert "pendamping kelompok" in asked, "what is left behind is said before"
    told = at.follow(at.send("/settings/users/mentor/close"))
    assert "Akun Ibu mentor ditutup: 1 sesi dan 0 token berakhir." in told
    assert "Minta kepala unit memilih pendamping lain" in told
    assert mentor.status("/") == 303
    closed = at.client.get("/settings/users/mentor")
    assert 'name="role"' not in closed.text
    assert at.follow(at.client.get("/settings/users/mentor/close")) == words(closed)
    answer = at.client.post("/settings/users/mentor/open", data={"csrf_token": token_in(closed)})
    assert "Akun Ibu mentor dibuka lagi." in at.follow(answer)


def test_an_officer_who_still_carries_something_is_not_let_go(work):
    at = work("admin")
    asked = at.text("/settings/users/officer/close")
    for what in ("Selesaikan dahulu", "memegang 1 kelompok", "belum dihitung", "Bila mendesak"):
        assert what in asked
    assert "Ya, tutup akun" not in asked
    refused = at.send("/settings/users/officer/close")
    assert refused.status_code == 422
    assert "Ibu officer masih memegang 1 kelompok" in words(refused)
    assert "Ibu officer masih memegang uang setoran" in words(refused)
    moved = at.send("/settings/users/officer", role="officer", unit="SRG", member="")
    assert moved.status_code == 422
    assert "masih memegang 1 kelompok" in said_at(moved, "unit")


def test_an_admin_reads_her_own_account_and_changes_nothing_of_it(work):
    at = work("admin")
    assert "Ini akun Anda sendiri" in at.text("/settings/users/admin")
    assert "Ya, tutup akun" not in at.text("/settings/users/admin/close")
    refused = at.send("/settings/users/admin/close")
    assert refused.status_code == 403
    assert "hanya dapat diubah oleh admin lain" in words(refused)


def test_a_token_is_made_shown_once_and_revoked(work):
    at = work("admin")
    answer = at.send("/settings/users/auditor/tokens/new", scope="read", expires_on="2026-12-31")
    shown = words(answer)
    assert "hanya tampil sekali" in shown
    assert "Hanya membaca" in shown
    token = shown.rsplit("Token ", 1)[1].split(" ", 1)[0]
    program = {"Authorization": f"Bearer {token}"}
    assert at.client.get("/api/v1/me", headers=program).get_json()["username"] == "auditor"
    page = at.client.get("/settings/users/auditor")
    assert token not in page.text
    assert "31-12-2026" in words(page)
    number = page.text.split("/settings/tokens/")[1].split("/")[0]
    assert "langsung berhenti" in at.text(f"/settings/tokens/{number}/revoke")
    assert f"Token nomor {number} dicabut." in at.follow(at.send(f"/settings/tokens/{number}/revoke"))
    assert at.client.get("/api/v1/me", headers=program).status_code == 401
    assert "Belum ada program" in at.follow(at.client.get(f"/settings/tokens/{number}/revoke"))
    assert at.status("/settings/tokens/999999/revoke") == 404


@pytest.mark.parametrize(
    ("field", "value"), [("scope", ""), ("scope", "all"), ("expires_on", ""), ("expires_on", "2026-02-30"), ("expires_on", "2026-03-08")]
)
def test_a_token_that_cannot_be(work, field, value):
    answer = work("admin").send("/settings/users/auditor/tokens/new", **{"scope": "read", "expires_on": "2026-12-31", field: value})
    assert answer.status_code in (400, 422)
    assert said_at(answer, field)
    assert "hanya tampil sekali" not in words(answer)


# ---- units -----------------------------------------------------------------------------------------------------------------------------


def test_a_unit_is_opened_once(work):
    at = work("admin")
    assert "Kota Tangerang" in at.follow(at.send("/settings/units/new", **UNIT))
    again = at.send("/settings/units/new", **UNIT)
    assert again.status_code == 409
    assert said_at(again, "code")


@pytest.mark.parametrize(("field", "value"), [("code", "tng!"), ("code", ""), ("zone", "Mars/Base"), ("kelurahan", "99.99.99.9999")])
def test_a_unit_that_cannot_be(work, field, value):
    answer = work("admin").send("/settings/units/new", **{**UNIT, field: value})
    assert answer.status_code in (400, 404, 422)
    assert said_at(answer, field)
    if field == "kelurahan":
        assert typed(answer, field) == value


# ---- days off --------------------------------------------------------------------------------------------------------------------------


def test_a_day_off_is_shown_before_it_is_stored(work):
    at = work("admin")
    seen = at.send("/settings/holidays/new", **HOLIDAY)
    assert seen.status_code == 200
    assert "pertemuan akan pindah" in words(seen)
    assert "Melati" not in words(seen)
    assert "Pemilihan wali kota" not in at.text("/reference?year=2026")
    sure = typed(seen, "sure")
    assert "pertemuan pindah" in at.follow(at.send("/settings/holidays/new", **HOLIDAY, sure=sure))
    assert "Pemilihan wali kota" in at.text("/reference?year=2026")
    again = at.send("/settings/holidays/new", **HOLIDAY)
    assert again.status_code == 409
    assert said_at(again, "date")


def test_another_day_than_was_shown_is_shown_first(work):
    at = work("admin")
    sure = typed(at.send("/settings/holidays/new", **HOLIDAY), "sure")
    other = at.send("/settings/holidays/new", **{**HOLIDAY, "date": "2026-04-20"}, sure=sure)
    assert other.status_code == 200
    assert "Ya, simpan hari libur" in words(other)


@pytest.mark.parametrize(("field", "value"), [("date", "2026-02-30"), ("date", ""), ("name", ""), ("kind", "mine"), ("source", "")])
def test_a_day_off_that_cannot_be(work, field, value):
    answer = work("admin").send("/settings/holidays/new", **{**HOLIDAY, field: value})
    assert answer.status_code in (400, 422)
    assert said_at(answer, field)


# ---- products --------------------------------------------------------------------------------------------------------------------------


def test_a_product_is_added_once_a_day(work):
    at = work("admin")
    at.follow(at.send("/settings/products/new", **PRODUCT))
    again = at.send("/settings/products/new", **PRODUCT)
    assert again.status_code == 409
    assert said_at(again, "valid_from")
    assert typed(again, "weeks") == "25, 50"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "B!"), ("valid_from", "2026-01-01"), ("valid_from", "2026-02-30"), ("min_principal", "abc"), ("max_principal", "1.000"),
        ("step", "0"), ("weeks", "lima"), ("weeks", ""), ("margin_bp", "2,5"), ("year_weeks", "0"), ("coin", "0"), ("upj_bp", "20000"),
    ],
)  # fmt: skip
def test_a_product_that_cannot_be(work, field, value):
    answer = work("admin").send("/settings/products/new", **{**PRODUCT, field: value})
    assert answer.status_code in (400, 422)
    assert said_at(answer, field)
    assert typed(answer, field) == value


def test_the_next_version_starts_from_what_holds_now(look):
    page = look("admin").client.get("/settings/products/new?code=MEKAAR")
    assert typed(page, "code") == "MEKAAR"
    assert typed(page, "margin_bp") == "2500"


# ---- what everybody may look up, the trace, the nights ---------------------------------------------------------------------------------


def test_the_days_off_of_a_year(look):
    assert "Idulfitri" in look("officer").text("/reference?year=2026")
    assert "Belum ada hari libur" in look("officer").text("/reference?year=2050")
    assert look("officer").client.get("/reference?year=abc").status_code == 400


def test_the_trace_of_one_person(look):
    words = look("head").text("/audit?first=2020-01-01&last=2030-01-01&actor=mentor")
    assert "Siapa melakukan apa" in words
    assert "head " not in words.split("Alasan", 1)[1]
    assert look("head").client.get("/audit?first=2026-02-30").status_code == 400


def test_a_rule_of_risk_gets_a_new_version_and_keeps_its_old_ones(work):
    admin = work("admin")
    assert "Lancar: 0–4 minggu" in admin.text("/settings/rules")
    told = {"lancar": "4", "diragukan": "8", "tolerance_days": "2", "tolerance_rupiah": "5.000", "reason": "keputusan direksi 12"}
    early = admin.send("/settings/rules/weekly_lender", **told, valid_from="2026-03-09")
    assert early.status_code == 422
    assert "Pilih hari sesudah" in said_at(early, "valid_from")
    assert typed(early, "reason") == "keputusan direksi 12"
    falls = admin.send("/settings/rules/weekly_lender", **{**told, "diragukan": "3"}, valid_from="2026-04-01")
    assert "harus lebih besar" in said_at(falls, "diragukan")
    kept = admin.send("/settings/rules/weekly_lender", **told, valid_from="2026-04-01")
    assert "berlaku mulai Rabu, 1 April 2026" in admin.follow(kept)
    page = admin.text("/settings/rules")
    assert "Tunggakan sampai Rp5.000 tetap lancar" in page
    assert "akan berlaku" in page
    rates = admin.send("/settings/rules/sa_dhan", upper_days="0, tiga", rates_bp="0", valid_from="2026-04-01", reason="uji")
    assert "koma di antaranya" in said_at(rates, "upper_days")
    rates = admin.send("/settings/rules/sa_dhan", upper_days="0, 45", rates_bp="0, 1000, 6000", valid_from="2026-04-01", reason="uji")
    assert "1–45 hari: 10,0" in admin.follow(rates)
    by_class = admin.send("/settings/rules/classes", lancar="0", dpk="500", kurang_lancar="400", diragukan="5000", macet="10000",
                          valid_from="2026-04-01", reason="uji")  # fmt: skip
    assert "tidak boleh lebih kecil" in said_at(by_class, "kurang_lancar")
    assert admin.status("/settings/rules/moons") == 404
    assert work("head").status("/settings/rules") == 403
