"""The women at the desk: found without a number ever standing in an address, enrolled one by one, and what is written down of each."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lending.database import session
from lending.models import AuditEvent, Eligibility
from lending.queries import groups, members
from tests.conftest import TODAY
from tests.furnished import TALANG_BAKUNG, House, only_sqlite
from tests.web.desk import said_at, typed, words

pytestmark = only_sqlite

BORN = date(1990, 5, 17)
NIK = "1571115705900001"
SHE = {
    "name": "Siti Aminah",
    "nik": "157111 570590 0001",
    "birth_date": BORN.isoformat(),
    "kk": "",
    "phone": "0812-3456-7890",
    "address": "Jl. Melati 7",
    "rt": "4",
    "rw": "02",
    "kelurahan": TALANG_BAKUNG,
    "sub_group": "",
    "joined_on": "",
    "consents": ["credit", "group"],
}


def enrolled(desk, house: House, **changed: object) -> int:
    """A woman whom the officer has just enrolled in Melati."""
    at = desk("officer")
    answer = at.send(f"/groups/{house.melati}/enrol", **SHE | changed)
    assert answer.status_code == 303, words(answer)
    return int(answer.location.rsplit("/", 1)[1])


# ---- who sees what ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "search", "woman"),
    [
        ("officer", 200, 200), ("officer2", 200, 404), ("head", 200, 200), ("cashier", 200, 200), ("auditor", 200, 200),
        ("mentor", 403, 404), ("srg-head", 200, 404), ("city", 403, 403), ("admin", 403, 403),
    ],
)  # fmt: skip
def test_a_woman_is_there_for_those_whose_group_she_is_in(desk, house: House, who, search, woman):
    at = desk(who)
    assert (at.status("/members"), at.status(f"/members/{house.women[0]}")) == (search, woman)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("officer", {"consents": 200, "eligibility": 200, "training": 200, "nik": 200, "leave": 403, "apply": 200}),
        ("head", {"consents": 200, "eligibility": 200, "training": 200, "nik": 200, "leave": 200, "apply": 403}),
        ("auditor", {"consents": 403, "eligibility": 403, "training": 403, "nik": 200, "leave": 403, "apply": 403}),
        ("cashier", {"consents": 403, "eligibility": 403, "training": 403, "nik": 403, "leave": 403, "apply": 403}),
        ("officer2", {"consents": 404, "eligibility": 404, "training": 404, "nik": 404, "leave": 403, "apply": 404}),
    ],
)
def test_the_forms_about_a_woman_open_for_those_who_may_do_the_act(desk, house: House, who, expected):
    at = desk(who)
    assert {path: at.status(f"/members/{house.women[0]}/{path}") for path in expected} == expected


# ---- finding her -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [{"name": "melati 0"}, {"number": "jmb-0001-03"}], ids=["a part of her name", "her number"])
def test_she_is_found(desk, asked):
    answer = desk("officer").send("/members", **{"name": "", "number": "", "nik": "", **asked})
    assert answer.status_code == 200
    assert "Melati 03" in words(answer)
    assert "Kenanga" not in words(answer)


def test_she_is_found_by_her_nik_which_the_page_does_not_repeat(desk, house: House):
    enrolled(desk, house)
    answer = desk("head").send("/members", name="", number="", nik="1571 1157 0590 0001")
    assert "Siti Aminah" in words(answer)
    assert NIK not in answer.text
    assert "1571 1157 0590 0001" not in answer.text


def test_nobody_is_found_outside_ones_own_scope(desk, house: House):
    enrolled(desk, house)
    for who in ("officer2", "srg-head"):
        assert "Tidak ditemukan" in words(desk(who).send("/members", name="", number="", nik=NIK))


def test_a_search_for_nothing_and_a_wrong_nik_say_what_to_do(desk):
    at = desk("officer")
    assert at.send("/members", name=" ", number="", nik="").status_code == 422
    wrong = at.send("/members", name="", number="", nik="123")
    assert (wrong.status_code, typed(wrong, "nik")) == (422, "123")
    assert "16 angka" in said_at(wrong, "nik")


def test_a_long_answer_comes_in_pages(desk, house: House, monkeypatch):
    monkeypatch.setattr("lending.web.members.routes.PAGE", 5)
    at = desk("head")
    first = at.send("/members", name="Kenanga", number="", nik="")
    assert "Kenanga 05" in words(first)
    assert "Kenanga 06" not in words(first)
    rest = at.send("/members", name="Kenanga", number="", after=str(house.others[4]))
    assert "Kenanga 06" in words(rest)
    assert "Kenanga 05" not in words(rest)


# ---- enrolling her ---------------------------------------------------------------------------------------------------------------------


def test_she_is_enrolled_and_her_numbers_are_masked_from_then_on(desk, house: House):
    at = desk("officer")
    answer = at.send(f"/groups/{house.melati}/enrol", **SHE | {"kk": "1571110101200003"})
    seen = at.follow(answer)
    assert "Siti Aminah terdaftar dengan nomor JMB-0001-13" in seen
    assert "************0001" in seen
    assert "************0003" in seen
    assert NIK not in seen
    assert "+6281234567890" in seen
    assert "RT 004 / RW 002" in seen
    assert "(36 tahun)" in seen


def test_the_next_one_can_follow_at_once(desk, house: House):
    answer = desk("officer").send(f"/groups/{house.melati}/enrol", then="next", **SHE)
    assert (answer.status_code, answer.location) == (303, f"/groups/{house.melati}/enrol")


def test_every_fault_is_said_at_its_field_and_what_was_typed_stays(desk, house: House):
    wrong = SHE | {"nik": "1571111705900001", "birth_date": "2010-05-17", "phone": "12345", "rt": "4a", "joined_on": "2026-12-01"}
    answer = desk("officer").send(f"/groups/{house.melati}/enrol", **wrong)
    assert answer.status_code == 422
    for field in ("nik", "birth_date", "phone", "rt", "joined_on"):
        assert said_at(answer, field), field
        assert typed(answer, field) == wrong[field]
    assert "bukan NIK perempuan" in said_at(answer, "nik")
    assert answer.text.count("checked") == 2
    assert groups.group(house.head(TODAY), house.melati).about.size == 12


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("nik", ""),
        ("birth_date", "17-05-1990"),
        ("kelurahan", "15.71.01.1004"),
        ("sub_group", "satu"),
        ("consents", "hadiah"),
    ],
)
def test_a_wrong_shape_is_said_at_its_field(desk, house: House, field, value):
    answer = desk("officer").send(f"/groups/{house.melati}/enrol", **SHE | {field: value})
    assert (answer.status_code, bool(said_at(answer, field))) == (400, True)


def test_the_button_pressed_twice_enrols_her_once(desk, house: House):
    enrolled(desk, house)
    again = desk("officer").send(f"/groups/{house.melati}/enrol", **SHE)
    assert again.status_code == 409
    assert "sudah terdaftar" in said_at(again, "nik")
    assert groups.group(house.head(TODAY), house.melati).about.size == 13


def test_what_is_doubtful_is_kept_with_a_warning(desk, house: House):
    at = desk("officer")
    seen = at.follow(at.send(f"/groups/{house.melati}/enrol", **SHE | {"birth_date": "1990-05-18", "sub_group": "1"}))
    assert "Tanggal lahir berbeda dari NIK" in seen
    assert "Sub-kelompok biasanya sekitar lima orang" in seen


# ---- what is written down about her ----------------------------------------------------------------------------------------------------


def test_her_page_says_what_is_missing_for_a_loan_and_offers_it_when_nothing_is(desk, house: House):
    woman, at = enrolled(desk, house, consents=["credit"]), desk("officer")
    page = f"/members/{woman}"
    assert "Belum bisa mengajukan pinjaman: Anggota belum memberi persetujuan" in at.text(page)
    assert "Dicatat" in at.follow(at.send(f"{page}/consents", purpose="group", given="yes", on=TODAY.isoformat()))
    assert "Uji kelayakan belum ada" in at.text(page)
    visit = {"on": TODAY.isoformat(), "household_size": "4", "income_per_month": "2.400.000", "house_index": "6", "other_debt_weekly": ""}
    kept = at.follow(at.send(f"{page}/eligibility", **visit, passed="yes", note=""))
    assert "berlaku sampai 25-05-2027" in kept
    assert "Rp2.400.000" in kept
    assert "Pelatihan baru 0 dari 5 hari" in kept
    days = {f"days__{nth}": (TODAY - timedelta(days=nth)).isoformat() for nth in range(5)}
    done = at.follow(at.send(f"{page}/training", **days))
    assert "Pelatihan dicatat: 5 dari 5 hari" in done
    # Her group has loans that are months late, so the gate stays shut; in a group without arrears it opens.
    assert "Di kelompok ini ada tunggakan" in done
    assert "Ajukan pinjaman" not in done
    other, hers = desk("officer2"), f"/members/{house.others[0]}"
    assert "Ajukan pinjaman" in other.follow(other.send(f"{hers}/eligibility", **visit, passed="yes", note=""))
    assert "Ajukan pinjaman" not in desk("head").text(hers)


def test_a_consent_taken_back_is_a_new_word_and_the_old_one_stays(desk, house: House):
    at, page = desk("officer"), f"/members/{house.women[0]}"
    seen = at.follow(at.send(f"{page}/consents", purpose="credit", given="no", on=TODAY.isoformat()))
    assert "Ditarik" in seen
    assert "Pinjaman dan pemeriksaan kredit: menyetujui" in seen
    assert "Pinjaman dan pemeriksaan kredit: menarik kembali" in seen
    assert "credit" not in members.member(house.head(TODAY), house.women[0]).consents


def test_a_consent_of_tomorrow_is_refused_at_its_day(desk, house: House):
    answer = desk("officer").send(f"/members/{house.women[0]}/consents", purpose="photo", given="yes", on="2026-11-27")
    assert (answer.status_code, typed(answer, "on")) == (422, "2026-11-27")
    assert said_at(answer, "on")


def test_a_finding_that_contradicts_the_rule_is_kept_with_a_warning(desk, house: House):
    at = desk("officer")
    rich = {"on": TODAY.isoformat(), "household_size": "2", "income_per_month": "20.000.000", "house_index": "19", "other_debt_weekly": "0"}
    seen = at.follow(at.send(f"/members/{house.women[0]}/eligibility", **rich, passed="yes", note="usaha musiman"))
    assert "berlawanan dengan aturan produk" in seen
    assert "berbeda dari aturan produk" in seen


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("house_index", "21", 422), ("household_size", "0", 422), ("income_per_month", "20,5", 400), ("income_per_month", "1.25", 400),
        ("other_debt_weekly", "1" + "0" * 14, 422), ("on", "2026-11-27", 422), ("on", "2026-02-30", 400), ("passed", "", 400),
    ],
)  # fmt: skip
def test_a_wrong_finding_is_said_at_its_field(desk, house: House, field, value, status):
    good = {"on": TODAY.isoformat(), "household_size": "4", "income_per_month": "2400000", "house_index": "6", "passed": "no", "note": ""}
    answer = desk("officer").send(f"/members/{house.women[0]}/eligibility", **good | {field: value})
    assert (answer.status_code, bool(said_at(answer, field))) == (status, True)
    assert typed(answer, "note") == ""
    assert session.scalar(select(Eligibility.id).where(Eligibility.on_day == TODAY)) is None


def test_a_training_day_written_twice_is_said_at_the_second_one(desk, house: House):
    woman, at = enrolled(desk, house), desk("officer")
    answer = at.send(f"/members/{woman}/training", days__0="2026-11-20", days__2="2026-11-20")
    assert answer.status_code == 422
    assert [bool(said_at(answer, f"days.{nth}")) for nth in range(5)] == [False, False, True, False, False]
    assert typed(answer, "days.2") == "2026-11-20"
    assert at.send(f"/members/{woman}/training", days__0="", days__1="2026-11-20").status_code == 400


def test_training_sent_twice_counts_once(desk, house: House):
    woman, at = enrolled(desk, house), desk("officer")
    for _ in range(2):
        assert "1 dari 5 hari" in at.follow(at.send(f"/members/{woman}/training", days__0="2026-11-20"))


def test_her_nik_is_shown_once_for_a_reason_that_is_written_down(desk, house: House):
    woman, at = enrolled(desk, house), desk("head")
    page = f"/members/{woman}/nik"
    assert NIK not in at.text(page)
    assert NIK not in at.send(page, reason=" ").text
    shown = at.send(page, reason="cocokkan KTP")
    assert NIK in shown.text
    assert "no-store" in shown.headers["Cache-Control"]
    assert NIK not in at.text(page)
    found = session.execute(select(AuditEvent.row, AuditEvent.reason).where(AuditEvent.act == "nik_shown")).all()
    assert [tuple(row) for row in found] == [(f"member:{woman}", "cocokkan KTP")]


def test_she_leaves_when_nothing_is_owed_and_not_before(desk, house: House):
    at = desk("head")
    owing = at.send(f"/members/{house.women[0]}/leave", on=TODAY.isoformat(), reason="pindah")
    assert owing.status_code == 422
    assert "masih punya pinjaman" in words(owing)
    assert typed(owing, "reason") == "pindah"
    seen = at.follow(at.send(f"/members/{house.others[1]}/leave", on=TODAY.isoformat(), reason="pindah"))
    assert "Sudah keluar dari kelompok" in seen
    assert "Catat keluar" not in seen
    assert at.client.get(f"/members/{house.others[1]}/leave").status_code == 200
    assert at.send(f"/members/{house.others[1]}/leave", on=TODAY.isoformat(), reason="pindah").status_code == 404
