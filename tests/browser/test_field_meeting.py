"""A meeting on the phone, from the day's list to the books: by exception, in one hand, and the same by keyboard."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from lending.database import session
from lending.models import MeetingLine, MeetingRecord, Renteng
from tests.browser.conftest import Field, Sheet
from tests.browser.line import Line
from tests.conftest import TODAY

pytestmark = pytest.mark.browser

ALL_DUE = 19 * 50_000


def records(field: Field, group: str = "Melati 07") -> list[dict[str, Any]]:
    """The bodies that the server has kept for today's meeting of a group."""
    question = select(MeetingRecord.body).where(MeetingRecord.meeting_id == field.house.meetings[group])
    return field.asked(lambda: list(session.scalars(question)))


def lines(field: Field, group: str = "Melati 07") -> dict[str, Any]:
    """The kept lines of today's meeting of a group, by the woman's name."""
    (body,) = records(field, group)
    by_id = {line["member"]: line for line in body["lines"]}
    return {name: by_id[member] for name, member in field.house.members[group].items()}


COUNT_TAPS = """() => {
  window.taps = 0; window.digits = 0;
  addEventListener("click", (event) => {
    if (!event.isTrusted) return;
    if (event.target.closest("[data-do=key]")) window.digits += 1; else window.taps += 1;
  }, true);
}"""


def test_twenty_women_with_one_part_payment_and_two_absent_take_eight_taps_and_three_digits(phone: Page, field: Field, sheet: Sheet, badge):
    phone.evaluate(COUNT_TAPS)
    sheet.open().all_paid().pays("Dewi Anggraini", "2", "0", "000").absent("Siti Nurhaliza").absent("Nurhayati").count()
    expect(phone.locator("dialog .total")).to_have_text("Rp920.000")
    sheet.fits()
    expect(badge).to_have_text("Terkirim")
    assert phone.evaluate("() => [window.taps, window.digits]") == [8, 3]
    kept = lines(field)
    assert len(kept) == 20
    assert (kept["Dewi Anggraini"]["paid"], kept["Dewi Anggraini"]["entered"]) == (20_000, "single")
    assert (kept["Siti Nurhaliza"]["attendance"], kept["Siti Nurhaliza"]["paid"]) == ("alpa", 50_000)
    assert kept["Rohani"] == {**kept["Rohani"], "attendance": "hadir", "paid": 50_000, "savings": 0, "entered": "bulk"}
    assert kept["Kartini"]["loan"] is None
    assert records(field)[0]["cash_counted"] == ALL_DUE - 30_000


@pytest.mark.parametrize("built", [30], indirect=True)
def test_thirty_women_take_no_more_taps_than_twenty(phone: Page, field: Field, sheet: Sheet, badge):
    phone.evaluate(COUNT_TAPS)
    sheet.open().all_paid().pays("Dewi Anggraini", "2", "0", "000").absent("Siti Nurhaliza").absent("Yanti").count().fits()
    expect(badge).to_have_text("Terkirim")
    assert phone.evaluate("() => [window.taps, window.digits]") == [8, 3]
    assert len(lines(field)) == 30


def test_a_slow_line_holds_nobody_up(phone: Page, field: Field, line: Line, sheet: Sheet, badge):
    # However long it lasts: the phone gives up after a while and sends again, and that is held back as well.
    line.holds("/records/")
    sheet.open("Melati 07").all_paid().count().fits()
    expect(badge).to_have_text("1 belum terkirim")
    phone.get_by_role("link", name="Kelompok berikutnya").tap()
    sheet.all_paid().absent("Rohani").count().fits()
    expect(badge).to_have_text("2 belum terkirim")
    line.mends()
    expect(badge).to_have_text("Terkirim")
    assert (len(records(field, "Melati 07")), len(records(field, "Kenanga 03"))) == (1, 1)


def test_nothing_counts_before_somebody_taps(phone: Page, sheet: Sheet):
    sheet.open()
    expect(phone.locator(".bar .total")).to_have_text("Rp0")
    expect(phone.locator(".row [data-do=paid]").first).to_have_text("Belum")
    expect(phone.locator(".row [data-do=here]").first).to_have_text("Belum")
    expect(sheet.button("Selesai")).to_be_hidden()


def test_what_was_typed_first_stays_when_all_the_rest_is_paid(phone: Page, field: Field, sheet: Sheet):
    sheet.open().pays("Rohani", "1", "000").absent("Yuliana").all_paid().count().fits()
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    assert (lines(field)["Rohani"]["paid"], lines(field)["Yuliana"]["attendance"]) == (1_000, "alpa")


def test_a_desk_does_the_same_with_tab_digits_and_enter(field: Field, browser: Browser, desk_args: dict[str, Any]):
    page = browser.new_context(**desk_args, locale="id-ID", timezone_id="Asia/Jakarta").new_page()
    field.sign_in(page)
    page.wait_for_selector("body[data-ready]")
    page.get_by_role("link", name="Melati 07").focus()
    page.keyboard.press("Enter")
    everybody = page.get_by_role("button", name="Semua lunas")
    everybody.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Selesai")).to_be_focused()
    row = page.locator(".row").filter(has=page.get_by_text("Dewi Anggraini", exact=True))
    row.locator("[data-do=here]").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("20000")
    page.keyboard.press("Enter")
    expect(row.locator("[data-do=paid]")).to_have_text("Rp20.000")
    expect(page.locator(".row").nth(2).locator("[data-do=paid]")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    expect(page.locator(".row").nth(2).locator("[data-do=here]")).to_have_text("Tidak")
    page.get_by_role("button", name="Selesai").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Cocok, simpan")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    assert lines(field)["Dewi Anggraini"]["paid"] == 20_000
    page.context.close()


def test_a_reason_and_a_promise_go_with_the_shortfall(phone: Page, field: Field, sheet: Sheet):
    sheet.open().all_paid()
    sheet.row("Rohani").locator("[data-do=paid]").tap()
    sheet.button("Nihil").tap()
    sheet.button("sakit").tap()
    sheet.button("Simpan").tap()
    sheet.count()
    short = phone.locator(".short").filter(has_text="Rohani")
    short.get_by_role("button", name="Minggu depan").tap()
    expect(short.locator("input[type=date]")).to_have_value("2026-12-03")
    sheet.fits()
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    assert lines(field)["Rohani"]["shortfall"] == {"reason": "sakit", "promise_on": "2026-12-03"}


def test_the_group_covers_what_one_lacks_and_it_is_written_down_as_theirs(phone: Page, field: Field, sheet: Sheet):
    sheet.open().all_paid().pays("Dewi Anggraini", "2", "0", "000").count()
    phone.locator(".short").filter(has_text="Dewi Anggraini").get_by_text("Ditanggung kelompok").tap()
    phone.get_by_role("button", name="Aminah", exact=True).tap()
    expect(phone.locator(".short").filter(has_text="Dewi Anggraini")).to_contain_text("Aminah Rp30.000")
    expect(phone.locator("dialog.count .total")).to_have_text("Rp950.000")
    sheet.fits()
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    members = field.house.members["Melati 07"]
    question = select(Renteng.debtor_id, Renteng.coverer_id, Renteng.amount)
    assert field.asked(lambda: [tuple(row) for row in session.execute(question)]) == [
        (members["Dewi Anggraini"], members["Aminah"], 30_000)
    ]


def test_several_women_share_what_one_lacks(phone: Page, field: Field, sheet: Sheet):
    sheet.open().all_paid().pays("Dewi Anggraini", "0").count()
    phone.locator(".short").filter(has_text="Dewi Anggraini").get_by_text("Ditanggung kelompok").tap()
    payers = phone.locator(".people li")
    payers.filter(has_text="Aminah").locator("[data-do=part]").tap()
    for key in ("2", "0", "000"):
        sheet.button(key).tap()
    phone.locator("dialog.pad").get_by_role("button", name="Simpan").tap()
    expect(phone.locator("dialog.renteng")).to_contain_text("Masih kurang Rp30.000")
    payers.filter(has_text="Rohani").locator("[data-do=whole]").tap()
    sheet.fits()
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    members = field.house.members["Melati 07"]
    wanted = [{"from": members["Aminah"], "amount": 20_000}, {"from": members["Rohani"], "amount": 30_000}]
    assert lines(field)["Dewi Anggraini"]["renteng"] == wanted


def test_savings_are_their_own_figure_in_the_cash(phone: Page, field: Field, sheet: Sheet):
    sheet.open().all_paid()
    sheet.row("Rohani").locator("[data-do=paid]").tap()
    phone.get_by_role("button", name="Tabungan Rp0").tap()
    for key in ("1", "0", "000"):
        sheet.button(key).tap()
    sheet.button("Simpan").tap()
    expect(phone.locator(".bar .total")).to_have_text("Rp960.000")
    sheet.count().fits()
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    assert (lines(field)["Rohani"]["paid"], lines(field)["Rohani"]["savings"]) == (50_000, 10_000)


def test_notes_that_come_to_another_sum_need_a_reason(phone: Page, field: Field, sheet: Sheet):
    sheet.open().all_paid().count()
    phone.get_by_text("Pecahan uang").tap()
    phone.get_by_label("Rp100.000", exact=True).fill("9")
    expect(phone.locator("dialog")).to_contain_text("Uang kurang Rp50.000 dari daftar")
    sheet.button("Simpan dengan selisih").tap()
    expect(phone.get_by_role("alert")).to_have_text("Tulis sebab selisihnya.")
    phone.get_by_label("Sebab selisih").fill("kembalian tertinggal")
    sheet.button("Simpan dengan selisih").tap()
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    (body,) = records(field)
    assert body["notes_counted"] == {"100000": 9}
    assert body["cash_difference"] == {"amount": -50_000, "reason": "kembalian tertinggal"}


def test_notes_that_fit_are_kept_with_the_meeting(phone: Page, field: Field, sheet: Sheet):
    sheet.open().all_paid().count()
    phone.get_by_text("Pecahan uang").tap()
    phone.get_by_label("Rp100.000", exact=True).fill("9")
    phone.get_by_label("Rp50.000", exact=True).fill("1")
    sheet.fits()
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    assert records(field)[0]["notes_counted"] == {"100000": 9, "50000": 1}


def test_a_tap_can_be_taken_back_for_a_while(phone: Page, sheet: Sheet):
    sheet.open().all_paid().absent("Rohani")
    sheet.button("Urungkan").tap()
    expect(sheet.row("Rohani").locator("[data-do=here]")).to_have_text("Hadir")
    sheet.pays("Rohani", "1", "000")
    sheet.button("Urungkan").tap()
    expect(sheet.row("Rohani").locator("[data-do=paid]")).to_have_text("Rp50.000")


def test_all_paid_can_be_taken_back_whole(phone: Page, sheet: Sheet):
    sheet.open().absent("Rohani").all_paid()
    sheet.button("Urungkan").tap()
    expect(sheet.button("Semua lunas")).to_be_visible()
    expect(sheet.row("Rohani").locator("[data-do=here]")).to_have_text("Tidak")
    expect(sheet.row("Yuliana").locator("[data-do=here]")).to_have_text("Belum")


def test_absence_is_said_more_exactly_with_one_tap_more(phone: Page, field: Field, sheet: Sheet):
    sheet.open().all_paid().absent("Rohani")
    sheet.button("Izin").tap()
    expect(sheet.row("Rohani").locator("[data-do=here]")).to_have_text("Izin")
    sheet.count().fits()
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    attended = select(MeetingLine.attendance).join(MeetingRecord, MeetingRecord.uuid == MeetingLine.record_uuid)
    rohani = field.house.members["Melati 07"]["Rohani"]
    mine = attended.where(MeetingLine.member_id == rohani, MeetingRecord.held_on == TODAY)
    assert field.asked(lambda: session.scalar(mine)) == "izin"


def test_arrears_are_shown_and_can_be_paid_with_one_chip(phone: Page, field: Field, sheet: Sheet):
    sheet.open()
    expect(sheet.row("Marlina")).to_contain_text("Tunggakan lalu Rp50.000")
    sheet.all_paid()
    expect(sheet.row("Marlina")).to_contain_text("Kurang Rp50.000")
    sheet.row("Marlina").locator("[data-do=paid]").tap()
    sheet.button("+Tunggakan").tap()
    sheet.button("Simpan").tap()
    expect(sheet.row("Marlina").locator("[data-do=paid]")).to_have_text("Rp100.000")


def test_more_than_the_loan_is_warned_of_and_three_times_the_due_as_well(phone: Page, sheet: Sheet):
    sheet.open().all_paid()
    sheet.row("Rohani").locator("[data-do=paid]").tap()
    for key in ("5", "0", "0", "000"):
        sheet.button(key).tap()
    expect(phone.get_by_role("alert")).to_contain_text("tiga kali")
    for key in ("000",):
        sheet.button(key).tap()
    expect(phone.get_by_role("alert")).to_contain_text("Lebih dari sisa pinjaman")


def test_a_kept_meeting_is_undone_with_a_reason_and_recorded_again(phone: Page, field: Field, sheet: Sheet):
    sheet.open().all_paid().count().fits()
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    sheet.button("Batalkan pertemuan ini").tap()
    expect(phone.get_by_text("Rp950.000 dari 19 anggota dibukukan balik")).to_be_visible()
    sheet.button("Ya, batalkan").tap()
    expect(phone.get_by_role("alert")).to_have_text("Tulis sebabnya.")
    phone.get_by_label("Sebab pembatalan").fill("salah kelompok")
    sheet.button("Ya, batalkan").tap()
    expect(phone.get_by_role("heading", name="Hari ini")).to_be_visible()
    sheet.open().all_paid().absent("Rohani").count().fits()
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    assert len(records(field)) == 2


def test_after_the_meeting_come_the_summary_the_slip_and_the_next_group(phone: Page, sheet: Sheet):
    sheet.open().all_paid().pays("Dewi Anggraini", "2", "0", "000").absent("Rohani").count().fits()
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    chat = phone.get_by_role("link", name="Kirim WA ke ketua").get_attribute("href") or ""
    assert chat.startswith("https://wa.me/?text=")
    for fact in ("Rp920.000", "Rohani", "Dewi%20Anggraini%20Rp30.000", "JMB-2026-"):
        assert fact in chat
    slip = phone.locator("pre.slip").text_content() or ""
    assert "920.000" in slip
    assert max(map(len, slip.splitlines())) <= 32
    phone.get_by_role("link", name="Kelompok berikutnya").tap()
    expect(phone.get_by_role("heading", name="Kenanga 03")).to_be_visible()
