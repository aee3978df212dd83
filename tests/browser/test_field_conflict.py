"""Somebody else changed what the phone holds: shown side by side with a choice, line by line, never merged behind her back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from lending.actions import calendars, endings, loans, undoing
from lending.database import session
from lending.models import Loan, MeetingRecord
from tests import makers
from tests.browser.conftest import Field, Sheet
from tests.browser.field_house import WITHOUT_LOAN
from tests.browser.line import Line
from tests.browser.test_field_looks import SMALL, WIDE
from tests.browser.test_field_offline import PHONE, kept, record_here
from tests.conftest import TODAY

pytestmark = pytest.mark.browser

YESTERDAY = TODAY - timedelta(days=1)


def elsewhere(browser: Browser, field: Field) -> None:
    """The same officer records the meeting on another phone, with Dewi Anggraini paying part."""
    other = browser.new_context(**PHONE).new_page()
    field.sign_in(other)
    other.wait_for_selector("body[data-ready]")
    Sheet(other).open().all_paid().pays("Dewi Anggraini", "2", "0", "000").count().fits()
    expect(other.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    other.context.close()


def apart(page: Page, name: str) -> Any:
    """The two lines about one woman, side by side."""
    return page.locator(".apart li").filter(has_text=name)


def news(page: Page, name: str) -> Any:
    """What the office says otherwise about one woman."""
    return page.locator(".news tbody").filter(has_text=name)


def test_two_phones_one_meeting_is_shown_side_by_side_and_the_officer_chooses(
    phone: Page, browser: Browser, field: Field, sheet: Sheet, badge: Any, offline: Callable[[bool], None]
):
    offline(True)
    record_here(sheet)
    elsewhere(browser, field)
    offline(False)
    expect(badge).to_have_text("1 belum terkirim")
    expect(phone.get_by_role("heading", name="Dua catatan untuk satu pertemuan")).to_be_visible()
    money = phone.get_by_role("row", name="Uang")
    expect(money).to_contain_text("Rp950.000")
    expect(money).to_contain_text("Rp920.000")
    expect(apart(phone, "Rohani")).to_contain_text("Tidak · Rp50.000")
    expect(apart(phone, "Dewi Anggraini")).to_contain_text("Hadir · Rp20.000")
    expect(phone.locator(".apart li")).to_have_count(2)
    sheet.button("Pakai yang di server").tap()
    expect(badge).to_have_text("Terkirim")
    assert kept(field) == 1


def test_the_officer_replaces_the_other_record_with_the_right_lines_of_both(
    phone: Page, browser: Browser, field: Field, sheet: Sheet, badge: Any, offline: Callable[[bool], None]
):
    offline(True)
    record_here(sheet)
    elsewhere(browser, field)
    offline(False)
    letter = unquote(phone.get_by_role("link", name="Kabari kepala unit").get_attribute("href") or "")
    assert "Dewi Anggraini: HP Hadir · Rp50.000; server Hadir · Rp20.000" in letter
    apart(phone, "Dewi Anggraini").get_by_role("button", name="Di server").tap()
    expect(phone.get_by_role("row", name="Uang").locator("td").first).to_have_text("Rp920.000")
    sheet.button("Ganti dengan yang di HP ini").tap()
    expect(phone.get_by_text("lalu catatan ini dikirim sebesar Rp920.000")).to_be_visible()
    assert phone.evaluate(SMALL) == []
    assert max(phone.evaluate(WIDE)) <= 360
    sheet.button("Ya, ganti").tap()
    expect(phone.get_by_role("alert").last).to_have_text("Tulis sebabnya.")
    phone.get_by_label("Sebab penggantian").fill("salah pencet di HP lain")
    sheet.button("Ya, ganti").tap()
    expect(badge).to_have_text("Terkirim")
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    assert kept(field) == 2
    newest = select(MeetingRecord.body).order_by(MeetingRecord.number.desc()).limit(1)
    (body,) = field.asked(lambda: session.scalars(newest).all())
    lines = {line["member"]: line for line in body["lines"]}
    members = field.house.members["Melati 07"]
    assert (lines[members["Dewi Anggraini"]]["paid"], lines[members["Rohani"]]["attendance"]) == (20_000, "alpa")


def a_newcomer(field: Field) -> None:
    """A woman joins Melati 07 at the office."""
    field.asked(lambda: makers.a_member(field.house.groups["Melati 07"], makers.an_actor("officer"), name="Bunga Baru", sub_group=4))


def test_a_woman_who_joined_meanwhile_is_shown_and_what_was_typed_stays(
    phone: Page, field: Field, sheet: Sheet, badge: Any, offline: Callable[[bool], None]
):
    offline(True)
    sheet.open().all_paid().pays("Dewi Anggraini", "2", "0", "000")
    a_newcomer(field)
    offline(False)
    expect(news(phone, "Bunga Baru")).to_contain_text("baru masuk")
    expect(phone.locator(".row")).to_have_count(20)
    sheet.button("Pakai daftar baru").tap()
    expect(phone.locator(".row")).to_have_count(21)
    expect(sheet.row("Dewi Anggraini").locator("[data-do=paid]")).to_have_text("Rp20.000")
    expect(sheet.row("Bunga Baru").locator("[data-do=here]")).to_have_text("Belum")
    sheet.all_paid().count().fits()
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    assert kept(field) == 1


def test_a_meeting_finished_before_she_joined_is_refused_with_her_name_and_put_right(
    phone: Page, field: Field, sheet: Sheet, badge: Any, offline: Callable[[bool], None]
):
    offline(True)
    record_here(sheet)
    a_newcomer(field)
    offline(False)
    expect(sheet.button("Perbaiki")).to_be_visible()
    sheet.button("Perbaiki").tap()
    sheet.button("Pakai daftar baru").tap()
    sheet.all_paid()
    expect(sheet.row("Rohani").locator("[data-do=here]")).to_have_text("Tidak")
    sheet.count().fits()
    expect(badge).to_have_text("Terkirim")
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    assert kept(field) == 1


def loan_of(field: Field, name: str) -> int:
    """Her running loan."""
    loan = select(Loan.id).where(Loan.member_id == field.house.members["Melati 07"][name], Loan.state == "running")
    return int(field.asked(lambda: session.scalar(loan)) or 0)


def test_a_loan_paid_off_at_the_office_a_death_and_a_loan_paid_out_are_shown_and_decided_line_by_line(
    phone: Page, field: Field, sheet: Sheet, badge: Any, offline: Callable[[bool], None]
):
    """One sheet, three things that happened at the office while she typed: nothing of it is settled before she has said how."""
    offline(True)
    sheet.open().all_paid()

    def at_the_office() -> None:
        head, cashier, officer = (makers.an_actor(name, TODAY) for name in ("head", "cashier", "officer"))
        endings.settle(loan_of(field, "Rohani"), cashier, endings.Settlement(TODAY, 0))
        endings.record_death(loan_of(field, "Yuliana"), head, reason="sakit", claim=True)
        member = field.house.members["Melati 07"][WITHOUT_LOAN]
        makers.ready_for_a_loan(member, officer)
        loan = loans.apply(loans.Proposal(member, "MEKAAR", 2_000_000, 50, "warung"), officer)
        loans.recommend(loan, officer, in_favour=19, present=19)
        loans.verify(loan, head)
        loans.approve(loan, head)
        loans.disburse(loan, cashier, loans.Disbursement(TODAY, None, confirmed_by_member=True))

    field.asked(at_the_office)
    offline(False)
    expect(news(phone, "Rohani")).to_contain_text("Tanpa pinjaman")
    expect(news(phone, "Yuliana")).to_contain_text("Isian Rp50.000 untuknya tidak ikut terkirim")
    expect(news(phone, WITHOUT_LOAN)).to_contain_text("Tagihan Rp0")
    expect(phone.locator(".row")).to_have_count(20)
    assert phone.evaluate(SMALL) == []
    assert max(phone.evaluate(WIDE)) <= 360
    news(phone, "Rohani").get_by_role("button", name="Kembalikan uangnya").tap()
    sheet.button("Pakai daftar baru").tap()
    expect(phone.locator(".row")).to_have_count(19)
    expect(phone.locator(".news").first).to_be_hidden()
    sheet.button("Urungkan").tap()
    expect(phone.locator(".row")).to_have_count(20)
    news(phone, "Rohani").get_by_role("button", name="Jadikan tabungan").tap()
    sheet.button("Pakai daftar baru").tap()
    expect(sheet.row("Rohani").locator("[data-do=paid]")).to_have_text("Rp50.000")
    sheet.all_paid().count().fits()
    expect(badge).to_have_text("Terkirim")
    (body,) = field.asked(lambda: session.scalars(select(MeetingRecord.body).where(MeetingRecord.held_on == TODAY)).all())
    lines = {line["member"]: line for line in body["lines"]}
    members = field.house.members["Melati 07"]
    assert members["Yuliana"] not in lines
    assert (lines[members["Rohani"]]["paid"], lines[members["Rohani"]]["savings"]) == (0, 50_000)
    assert lines[members[WITHOUT_LOAN]]["loan"] is not None


def test_a_due_that_changed_at_the_office_is_taken_over_or_not(phone: Page, field: Field, sheet: Sheet, offline: Callable[[bool], None]):
    offline(True)
    sheet.open().all_paid()

    def last_week_is_undone() -> None:
        last = select(MeetingRecord.uuid).where(MeetingRecord.held_on == TODAY - timedelta(days=7))
        for uuid in session.scalars(last).all():
            undoing.undo_record(uuid, makers.an_actor("head", TODAY), reason="salah kelompok")

    field.asked(last_week_is_undone)
    offline(False)
    row = news(phone, "Rohani")
    expect(row).to_contain_text("Tagihan Rp100.000")
    expect(row.get_by_role("button", name="Isian tetap")).to_have_attribute("aria-pressed", "true")
    row.get_by_role("button", name="Ikut tagihan kantor").tap()
    expect(row.get_by_role("button", name="Ikut tagihan kantor")).to_have_attribute("aria-pressed", "true")
    sheet.button("Pakai daftar baru").tap()
    expect(sheet.row("Rohani")).to_contain_text("Kurang Rp50.000")


def test_news_that_got_no_answer_when_the_signal_came_back_is_asked_for_again(phone: Page, field: Field, line: Line, sheet: Sheet):
    phone.clock.install()
    phone.reload()
    sheet.open().all_paid()
    line.loses("/api/v1/me")
    with phone.expect_event("requestfailed", lambda request: request.url.endswith("/api/v1/me")):
        phone.evaluate("() => dispatchEvent(new Event('online'))")
    group = field.house.groups["Melati 07"]
    field.asked(lambda: calendars.shift_meetings(group, 3, 1, "banjir", makers.an_actor("head", YESTERDAY)))
    line.mends()
    phone.clock.fast_forward(15_000)
    expect(news(phone, "Hari pertemuan")).to_contain_text("Kam, 3 Des, banjir")


def test_a_meeting_that_the_office_moved_away_stays_in_sight_with_what_was_typed(
    phone: Page, field: Field, sheet: Sheet, badge: Any, offline: Callable[[bool], None]
):
    offline(True)
    sheet.open().all_paid()
    group = field.house.groups["Melati 07"]
    field.asked(lambda: calendars.shift_meetings(group, 3, 1, "banjir", makers.an_actor("head", YESTERDAY)))
    offline(False)
    row = news(phone, "Hari pertemuan")
    expect(row).to_contain_text("Kam, 26 Nov")
    expect(row).to_contain_text("Kam, 3 Des, banjir")
    expect(row).to_contain_text("kepala unit")
    phone.get_by_role("link", name="Kembali").tap()
    stray = phone.locator("[data-slot=late] li")
    expect(stray).to_contain_text("Melati 07")
    stray.get_by_role("link").tap()
    sheet.button("Pakai daftar baru").tap()
    expect(news(phone, "Hari pertemuan")).to_have_count(0)
    sheet.count().fits()
    expect(badge).to_have_text("1 belum terkirim")
    expect(sheet.button("Perbaiki")).to_be_visible()


def test_a_meeting_moved_by_some_days_is_recorded_on_the_day_it_was_held(
    phone: Page, field: Field, sheet: Sheet, badge: Any, offline: Callable[[bool], None]
):
    offline(True)
    sheet.open().all_paid()
    group, to = field.house.groups["Melati 07"], TODAY + timedelta(days=1)
    field.asked(lambda: calendars.move_meeting(group, 3, to, "banjir", makers.an_actor("officer", YESTERDAY)))
    offline(False)
    expect(news(phone, "Hari pertemuan")).to_contain_text("tercatat diadakan Kam, 26 Nov")
    sheet.button("Pakai daftar baru").tap()
    sheet.count().fits()
    expect(badge).to_have_text("Terkirim")
    assert field.asked(lambda: session.scalar(select(MeetingRecord.held_on).order_by(MeetingRecord.number.desc()))) == TODAY
