"""The worklist: who is late, in the order in which a call can still help, hers alone, with one next step that can be written down."""

import html
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from sqlalchemy import select, update

from lending import clock
from lending.actions.endings import write_off
from lending.database import session, transaction
from lending.jobs.nightly import close_days
from lending.models import CaseEvent, Member
from tests.furnished import a_uuid
from tests.lived_in import MONDAY, LivedIn, only, statuses
from tests.web.desk import Desk, said_at, token_in, typed, words

LATE, BROKEN = 3, 5
"""Melati 04, late in her second week; Melati 06, whose promise is broken."""


@pytest.fixture
def phones(own_app) -> None:
    """Every woman has a telephone."""
    with own_app.app_context(), transaction():
        session.execute(update(Member).values(phone="+6281234567890"))


def at(hour: int, on=MONDAY) -> datetime:
    """That hour in Jambi."""
    return datetime(on.year, on.month, on.day, hour, tzinfo=UTC) - timedelta(hours=7)


def write(desk: Desk, loan_id: int, what: str, *, back: str = "/arrears", **fields: object):
    """Fill in one of the forms of that case."""
    page = desk.client.get(f"/arrears/{loan_id}")
    key = re.search(rf'name="{what}-{loan_id}-key"[^>]*value="([^"]+)"', page.text)
    given = {f"{what}-{loan_id}-{name}": value for name, value in fields.items()}
    given |= {f"{what}-{loan_id}-key": key[1] if key else a_uuid(99), "next": back, "csrf_token": token_in(page)}
    return desk.client.post(f"/arrears/{loan_id}/{what}", data=given)


# ---- the list --------------------------------------------------------------------------------------------------------------------------


def test_who_sees_the_worklist(look, lived_in: LivedIn):
    assert statuses(look, "/arrears") == only("officer", "officer2", "head", "auditor", "srg-head")
    one = f"/arrears/{lived_in.house.loans[BROKEN]}"
    assert statuses(look, one) == only("officer", "head", "auditor", officer2=404, srg_head=404)


def test_a_broken_promise_stands_first(look):
    said = look("head").text("/arrears")
    assert said.index("Melati 06") < said.index("Melati 04")
    assert "janji 07-03-2026 lewat" in said
    assert "2 anggota · tunggakan Rp125.000 · sisa pokok Rp3.785.000" in said
    assert "Janji lewat 1 minggu pertama 1 2–4 minggu 1" in said


def test_each_row_has_one_next_step_with_its_reason_and_its_history(look):
    said = look("officer").text("/arrears")
    assert "Kunjungi : janji lewat dan tidak terhubung" in said
    assert "Usul jadwal ulang : sakit atau musibah, ia perlu waktu dan bukan tagihan" in said
    assert "Janji 07-03-2026 tidak ditepati" in said
    assert "Kurang bayar di pertemuan, membawa Rp25.000: Sakit" in said


def test_an_officer_finds_her_own_women(look):
    assert "Melati 04" in look("officer").text("/arrears")
    other = look("officer2").text("/arrears")
    assert "Melati" not in other
    assert "Tidak ada tunggakan di sini" in other
    assert "Melati" not in look("srg-head").text("/arrears")
    assert "Melati" not in look("auditor").text("/arrears?unit=SRG")
    assert look("auditor").client.get("/arrears?unit=XXX").status_code == 404


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("late=broken", ["Melati 06"]), ("late=1", ["Melati 06"]), ("late=2", ["Melati 04"]), ("late=9", []),
        ("reason=sakit", ["Melati 04"]), ("kelurahan=15.71.11.1001", ["Melati 04", "Melati 06"]),
        ("quality=lancar", ["Melati 04", "Melati 06"]),
        ("quality=macet", []), ("action=visit", ["Melati 06"]), ("action=propose", ["Melati 04"]), ("q=melati+06", ["Melati 06"]),
        ("officer=officer", ["Melati 04", "Melati 06"]), ("on=2026-02-24", ["Melati 04"]), ("on=2026-02-20", []), ("tab=aside", []),
    ],
)  # fmt: skip
def test_the_filters(look, question, found):
    said = look("head").text(f"/arrears?{question}")
    assert [name for name in ("Melati 04", "Melati 06") if name in said] == found


@pytest.mark.parametrize(
    ("question", "at"),
    [("on=2026-02-30", "on"), ("late=all", "late"), ("reason=none", "reason"), ("group=x", "group"), ("action=sue", "action")],
)
def test_a_filter_that_makes_no_sense_is_said_at_its_field(look, question, at):
    answer = look("head").client.get(f"/arrears?{question}")
    assert answer.status_code == 400
    assert said_at(answer, at)
    if at == "on":
        assert typed(answer, "on") == "2026-02-30"


def test_a_day_ahead_shows_today_and_a_past_one_has_no_forms(look):
    assert "Senin, 9 Maret 2026" in look("head").text("/arrears?on=2027-01-01")
    assert "Catat hasil atau janji" in look("head").text("/arrears")
    assert "Catat hasil atau janji" not in look("head").text("/arrears?on=2026-03-06")
    assert "Catat hasil atau janji" not in look("auditor").text("/arrears")


def test_pages_beyond_the_last_show_the_last(look):
    for page in ("9", "0", "x", "-1"):
        assert "Melati 04" in look("head").text(f"/arrears?page={page}")


def test_the_exports_answer(look):
    client = look("head").client
    assert client.get("/api/v1/arrears.csv?on=2026-03-09").status_code == 200
    assert client.get("/api/v1/arrears.xlsx?on=2026-03-09").status_code == 200


@pytest.mark.parametrize(("question", "found"), [
    ("", 2), ("late=broken", 1), ("q=melati+04", 1), ("quality=macet", 0), ("action=visit&late=2", None), ("reason=sakit", 1),
    ("officer=officer", 2), ("tab=aside", 0), ("group=2", 0),
])  # fmt: skip
def test_the_files_have_the_rows_of_the_page_and_no_other(look, question, found):
    head = look("head")
    page = head.client.get(f"/arrears?{question}").text
    links = re.findall(r'href="(/api/v1/arrears/cases\.csv\?[^"]*)"', page)
    shown = len(re.findall(r'id="kasus-', page))
    assert found in (None, shown)
    assert bool(links) is (shown > 0)
    for link in links:
        rows = head.client.get(html.unescape(link)).text.splitlines()[1:]
        assert len(rows) == shown
        assert all("Melati 0" in row for row in rows)


def test_a_case_that_closed_because_the_loan_ended_says_how(work, own_app, lived_in: LivedIn):
    loan = lived_in.house.loans[LATE]
    with own_app.app_context():
        close_days(MONDAY - timedelta(days=1))
        write_off(loan, lived_in.house.head(MONDAY), reason="pindah tanpa kabar")
        close_days(MONDAY)
    clock.fix(MONDAY + timedelta(days=1))
    said = work("head").text(f"/arrears/{loan}")
    assert "Tidak menunggak" in said
    assert "Kasus selesai: pinjaman dihapusbukukan" in said


def test_nobody_late_is_an_answer_and_no_mistake(look, lived_in: LivedIn):
    assert "Tidak ada yang dikecualikan" in look("head").text("/arrears?tab=aside")
    assert "Tidak ada tunggakan di sini" in look("head").text("/arrears?q=tidak+ada")
    said = look("head").text(f"/arrears/{lived_in.house.loans[0]}")
    assert "Melati 01" in said
    assert "Tidak menunggak" in said


# ---- the hours of the law --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "greeting"), [(8, "Selamat pagi Ibu Melati"), (12, "Selamat siang Ibu Melati"), (19, "Selamat malam Ibu Melati")]
)
def test_within_the_hours_she_can_be_called_in_polite_words(work, phones, monkeypatch: pytest.MonkeyPatch, hour, greeting):
    monkeypatch.setattr(clock, "now", lambda: at(hour))
    page = work("officer").client.get("/arrears")
    assert "Sekarang bukan waktu menagih" not in page.text
    assert page.text.count('href="tel:+6281234567890"') == 2
    texts = [unquote(link) for link in re.findall(r'href="https://wa\.me/6281234567890\?text=([^"]+)"', page.text)]
    assert len(texts) == 2
    assert all(text.startswith(greeting) and "mari kita bicarakan" in text for text in texts)


def test_outside_them_the_page_says_when_and_offers_nothing(work, phones, monkeypatch: pytest.MonkeyPatch, lived_in: LivedIn):
    monkeypatch.setattr(clock, "now", lambda: at(21))
    desk = work("officer")
    for path in ("/arrears", f"/arrears/{lived_in.house.loans[LATE]}"):
        page = desk.client.get(path)
        assert "tel:" not in page.text
        assert "wa.me" not in page.text
        assert "Boleh dihubungi lagi Selasa, 10 Maret 2026 pukul 08.00 WIB" in words(page)


# ---- writing down ----------------------------------------------------------------------------------------------------------------------


def test_a_contact_and_a_promise_are_written_down_in_place(work, phones, own_app, lived_in: LivedIn):
    desk, loan = work("officer"), lived_in.house.loans[BROKEN]
    kept = write(desk, loan, "contact", means="call", outcome="talked", note="sibuk panen", back="/arrears?late=broken")
    assert kept.location == f"/arrears?late=broken#kasus-{loan}"
    said = desk.text("/arrears")
    assert "Menghubungi · Telepon: Bicara dengan anggota. sibuk panen" in said
    assert "Catat janji bayar : sudah bicara, belum ada janji baru" in said
    write(desk, loan, "promise", promise_on="2026-03-12", amount="50.000")
    said = desk.text("/arrears")
    assert "janji 12-03-2026 Rp50.000" in said
    assert "Tunggu : hari janjinya belum tiba" in said
    assert "Janji lewat 0" in said
    with own_app.app_context():
        assert len(session.scalars(select(CaseEvent)).all()) == 2


def test_the_heads_home_counts_the_broken_promises_that_the_worklist_shows(work, phones, lived_in: LivedIn):
    # One was made at a meeting, the other between two meetings.
    write(work("officer"), lived_in.house.loans[LATE], "promise", promise_on="2026-03-10")
    clock.fix(MONDAY + timedelta(days=2))
    head = work("head")
    assert "Janji lewat 2" in head.text("/arrears")
    assert "2 janji bayar lewat" in head.text("/")


def test_what_is_refused_is_said_at_its_field_with_what_was_typed(work, lived_in: LivedIn):
    desk, loan = work("officer"), lived_in.house.loans[LATE]
    answer = write(desk, loan, "promise", promise_on="2026-06-01", amount="50.000")
    assert answer.status_code == 422
    assert "Janji paling jauh 31 hari" in said_at(answer, f"promise-{loan}-promise_on")
    assert typed(answer, f"promise-{loan}-amount") == "50.000"
    answer = write(desk, loan, "incident", kind="threat", note="")
    assert answer.status_code == 400
    assert said_at(answer, f"incident-{loan}-note")


def test_the_officer_proposes_and_the_head_says_no(work, lived_in: LivedIn):
    officer, head, loan = work("officer"), work("head"), lived_in.house.loans[LATE]
    officer.follow(write(officer, loan, "proposal", note="suaminya sakit"))
    assert "Tunggu : usul jadwal ulang menunggu kepala unit" in officer.text("/arrears")
    assert write(officer, loan, "proposal", note="lagi").status_code == 409
    said = head.text(f"/arrears/{loan}")
    assert "Petugas mengusulkan jadwal ulang" in said
    assert "Jadwalkan ulang …" in said
    assert write(officer, loan, "decline", note="tidak").status_code == 403
    head.follow(write(head, loan, "decline", note="masih sanggup"))
    assert "Usul ditolak. masih sanggup" in officer.text(f"/arrears/{loan}")


def test_a_disputed_case_stands_in_its_own_list_until_the_head_takes_it_up(work, lived_in: LivedIn):
    officer, head, loan = work("officer"), work("head"), lived_in.house.loans[LATE]
    before = head.text("/reports/portfolio")
    officer.follow(write(officer, loan, "aside", why="dispute", note="merasa sudah bayar"))
    assert "Melati 04" not in officer.text("/arrears")
    assert "Melati 04" in officer.text("/arrears?tab=aside")
    assert "Tidak ditagih 1" in officer.text("/arrears")
    assert "Penagihan dihentikan sementara: Tagihan dipersoalkan anggota" in officer.text(f"/arrears/{loan}")
    assert head.text("/reports/portfolio") == before
    head.follow(write(head, loan, "take-up", note="kuitansi cocok"))
    assert "Melati 04" in officer.text("/arrears")


def test_the_head_gives_a_case_to_another_officer(work, lived_in: LivedIn):
    head, other, loan = work("head"), work("officer2"), lived_in.house.loans[LATE]
    assert other.status(f"/arrears/{loan}") == 404
    head.follow(write(head, loan, "assign", officer="officer2"))
    assert "Melati 04" in other.text("/arrears")
    assert "ditugaskan ke Ibu officer2" in head.text("/arrears?officer=officer2")
    other.follow(write(other, loan, "renteng", member=str(lived_in.house.women[0]), amount="25.000"))
    assert "Renteng disepakati: Melati 01 Rp25.000" in other.text(f"/arrears/{loan}")


def test_sent_twice_it_is_kept_once_and_without_a_token_not_at_all(work, own_app, lived_in: LivedIn):
    desk, loan = work("officer"), lived_in.house.loans[LATE]
    page = desk.client.get(f"/arrears/{loan}")
    key = re.search(rf'name="contact-{loan}-key"[^>]*value="([^"]+)"', page.text)
    assert key
    given = {f"contact-{loan}-{name}": value for name, value in {"key": key[1], "means": "met", "outcome": "talked"}.items()}
    for _ in range(2):
        assert desk.client.post(f"/arrears/{loan}/contact", data={**given, "csrf_token": token_in(page)}).status_code == 303
    with own_app.app_context():
        assert len(session.scalars(select(CaseEvent)).all()) == 1
    assert desk.client.post(f"/arrears/{loan}/contact", data=given).status_code == 403
