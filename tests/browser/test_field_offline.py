"""A yard without a signal: the page opens, the meeting is kept, and what was kept is sent once, by the same officer, whatever happened."""

import os
import re
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, expect
from sqlalchemy import delete, func, select

from lending.actions.cash import Handover, hand_over
from lending.actions.groups import assign_officer
from lending.actions.people import change_user
from lending.database import session, transaction
from lending.domain.access import Role
from lending.domain.people import Change
from lending.models import MeetingRecord, SignIn
from lending.queries.cash import carrier
from lending.queries.groups import groups as groups_of
from tests.browser.conftest import Field, Sheet
from tests.browser.line import Line
from tests.conftest import TODAY
from tests.makers import PASSWORD, a_user, an_actor, the_house
from tests.web.conftest import sign_in, token_in

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 640},
    "is_mobile": True,
    "has_touch": True,
    "locale": "id-ID",
    "timezone_id": "Asia/Jakarta",
}

READ_THE_SHELVES = """async () => {
  const opened = await new Promise((done, failed) => {
    const asked = indexedDB.open("lapangan");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const all = (name) => new Promise((done) => {
    opened.transaction(name).objectStore(name).getAll().onsuccess = (event) => done(event.target.result);
  });
  const rows = await all("box");
  const people = await all("person");
  opened.close();
  const bytes = rows.map((row) => Array.from(new Uint8Array(row.sealed), (byte) => String.fromCharCode(byte)).join(""));
  const kept = [];
  for (const name of await caches.keys()) {
    const shelf = await caches.open(name);
    for (const request of await shelf.keys()) kept.push(request.url + " " + await (await shelf.match(request)).text());
  }
  return {
    rows: rows.map(({owner, kind, id, unsent}) => ({owner, kind, id, unsent})),
    people: people.length, key: people.some((row) => row.key), text: JSON.stringify([rows.map((row) => row.id), bytes, kept]),
  };
}"""


def kept(field: Field, group: str = "Melati 07") -> int:
    """How many records of today's meeting the server holds."""
    question = select(func.count()).select_from(MeetingRecord).where(MeetingRecord.meeting_id == field.house.meetings[group])
    return field.asked(lambda: session.scalar(question) or 0)


def record_here(sheet: Sheet, group: str = "Melati 07") -> None:
    """A whole meeting with one absent."""
    sheet.open(group).all_paid().absent("Rohani").count().fits()


def test_the_page_opens_without_a_signal_and_shows_the_day_and_its_sheets(phone: Page, sheet: Sheet, offline: Callable[[bool], None]):
    offline(True)
    answer = phone.reload()
    assert answer is not None
    assert answer.from_service_worker
    expect(phone.locator("body")).to_have_attribute("data-ready", "1")
    sheet.open("Melati 07")
    expect(phone.locator(".row")).to_have_count(20)
    phone.get_by_role("link", name="Kembali").tap()
    phone.get_by_role("link", name=re.compile("Jum, 27 Nov")).tap()
    sheet.open("Anggrek 11")
    expect(phone.locator(".row")).to_have_count(10)


def test_a_meeting_recorded_without_a_signal_is_sent_when_it_comes_back(
    phone: Page, field: Field, sheet: Sheet, badge: Any, offline: Callable[[bool], None]
):
    offline(True)
    phone.reload()
    record_here(sheet)
    expect(phone.get_by_text("Tersimpan di HP, menunggu dikirim")).to_be_visible()
    expect(badge).to_have_text("1 belum terkirim")
    expect(badge).to_have_attribute("data-unsent", "1")
    phone.reload()
    expect(badge).to_have_attribute("data-unsent", "1")
    assert kept(field) == 0
    offline(False)
    expect(badge).to_have_text("Terkirim")
    expect(badge).to_have_attribute("data-unsent", "0")
    assert kept(field) == 1


def test_what_was_typed_survives_closing_the_page(phone: Page, context: BrowserContext, field: Field, sheet: Sheet):
    sheet.open().all_paid().pays("Dewi Anggraini", "2", "0", "000").absent("Rohani")
    phone.close()
    again = context.new_page()
    again.goto(f"{field.url}/lapangan")
    expect(again.get_by_role("link", name="Melati 07")).to_contain_text("Draf")
    reopened = Sheet(again).open()
    expect(reopened.row("Dewi Anggraini").locator("[data-do=paid]")).to_have_text("Rp20.000")
    expect(reopened.row("Rohani").locator("[data-do=here]")).to_have_text("Tidak")
    expect(again.locator(".bar .total")).to_have_text("Rp920.000")


TAP_AND_SAY = """([row, wait]) => new Promise((said) => {
  const cell = document.querySelectorAll("[data-do=here]")[row];
  const before = cell.textContent;
  const say = () => said(cell.textContent);
  if (wait === null) {
    new MutationObserver(() => cell.textContent !== before && say()).observe(cell, { childList: true, characterData: true, subtree: true });
    cell.click();
  } else {
    cell.click();
    setTimeout(say, wait);
  }
})"""


def tap_then(page: Page, kill: int, die: Callable[[], None]) -> str | None:
    """Tap a woman's attendance and die: what was shown as kept by then, if anything was.

    Every second time it is the very moment at which it is shown; otherwise some milliseconds after the tap, shown or not.
    """
    cell = page.locator("[data-do=here]").nth(kill % 20)
    cell.wait_for()
    before = cell.inner_text()
    at_once = kill % 2 == 0
    shown = str(page.evaluate(TAP_AND_SAY, [kill % 20, None if at_once else kill % 25]))
    die()
    assert shown != before or not at_once
    return shown if shown != before else None


def says(page: Page, kill: int) -> str:
    """What the reopened sheet says of her."""
    cell = page.locator("[data-do=here]").nth(kill % 20)
    cell.wait_for()
    return str(cell.inner_text())


def test_a_page_killed_at_any_moment_loses_nothing_that_was_shown_as_kept(
    field: Field, playwright: Playwright, browser_type_launch_args: dict[str, Any]
):
    # In a browser of its own: one whose pages were killed by the dozen wakes no worker any more for what waits. In a kiosk no page has a
    # window's frame, whose burial takes longer than all the rest of a killed page.
    bare = [*browser_type_launch_args["args"], "--kiosk"]
    doomed = playwright.chromium.launch(**{**browser_type_launch_args, "args": bare})
    context = doomed.new_context(**PHONE)
    page = context.new_page()
    field.sign_in(page)
    page.wait_for_selector("body[data-ready]")
    Sheet(page).open().all_paid()
    here = page.url
    page.close()
    shown: str | None = None
    for kill in range(51):
        page = context.new_page()
        page.goto(here, wait_until="commit")
        if shown is not None:
            assert says(page, kill - 1) == shown, f"kill {kill - 1} lost a tap that was shown as kept"
        if kill < 50:
            shown = tap_then(page, kill, partial(crash, page))
        page.close()
    doomed.close()


def crash(page: Page) -> None:
    """The system kills the page's process: no handler runs, nothing is finished."""
    with pytest.raises(Error):
        page.goto("chrome://crash")


def test_a_browser_killed_whole_loses_nothing_that_was_shown_as_kept(
    field: Field, playwright: Playwright, browser_type_launch_args: dict[str, Any], tmp_path: Path
):
    def opened() -> tuple[BrowserContext, Page]:
        context = playwright.chromium.launch_persistent_context(str(tmp_path / "profile"), **browser_type_launch_args, **PHONE)
        return context, context.pages[0]

    context, page = opened()
    field.sign_in(page)
    page.wait_for_selector("body[data-ready]")
    Sheet(page).open().all_paid()
    here = page.url
    for kill in range(5):
        processes = context.browser.new_browser_cdp_session() if context.browser else context.new_cdp_session(page)
        pid = next(each["id"] for each in processes.send("SystemInfo.getProcessInfo")["processInfo"] if each["type"] == "browser")
        shown = tap_then(page, kill * 5, partial(os.kill, pid, signal.SIGKILL))
        with suppress(Error):  # there is nobody left to close
            context.close()
        context, page = opened()
        page.goto(here)
        if shown is not None:
            assert says(page, kill * 5) == shown, f"kill {kill} lost a tap that was shown as kept"
    context.close()


def test_replies_lost_for_seconds_book_the_meeting_once(phone: Page, field: Field, line: Line, sheet: Sheet, badge: Any):
    line.loses_the_reply("/records/")
    record_here(sheet)
    expect(badge).to_have_text("1 belum terkirim")
    expect(phone.get_by_text("Server belum menjawab")).to_be_visible()
    assert kept(field) == 1
    comes_and_goes(phone)
    line.catches(times=3)
    expect(badge).to_have_text("1 belum terkirim")
    line.mends()
    expect(badge).to_have_text("Terkirim")
    assert kept(field) == 1


COMES_AND_GOES = """() => {
  const badge = document.querySelector("[role=status][data-unsent]");
  const again = setInterval(() => {
    if (badge.dataset.unsent === "0") clearInterval(again); else dispatchEvent(new Event("online"));
  }, 500);
}"""


def comes_and_goes(phone: Page) -> None:
    """Twice a second the phone believes that its line has come back, and asks anew, until all is sent."""
    phone.evaluate(COMES_AND_GOES)


def end_sessions() -> None:
    """Every session ends on the server."""
    with transaction():
        session.execute(delete(SignIn))


def test_a_session_that_ran_out_loses_nothing_and_asks_to_sign_in(phone: Page, field: Field, sheet: Sheet, badge: Any):
    field.asked(end_sessions)
    record_here(sheet)
    expect(badge).to_have_text("1 belum terkirim")
    expect(phone.get_by_text("Sesi sudah habis")).to_be_visible()
    expect(phone.get_by_role("link", name="Masuk lagi")).to_have_attribute("href", re.compile("^/sign-in"))
    field.sign_in(phone)
    expect(badge).to_have_text("Terkirim")
    assert kept(field) == 1


def test_signing_out_wipes_the_phone_and_the_unsent_waits_sealed_for_her(
    phone: Page, field: Field, line: Line, sheet: Sheet, badge: Any, offline: Callable[[bool], None]
):
    line.loses("/records/")
    record_here(sheet)
    expect(badge).to_have_text("1 belum terkirim")
    phone.get_by_role("link", name="Kembali").tap()
    sheet.button("Keluar").tap()
    expect(phone.get_by_text("Melati 07 · Rp950.000 · Siap kirim")).to_be_visible()
    sheet.button("Keluar").tap()
    phone.wait_for_url("**/sign-in**")
    left = phone.evaluate(READ_THE_SHELVES)
    assert [(row["kind"], row["unsent"]) for row in left["rows"]] == [("record", 1)]
    assert not left["key"]
    for name in ("Rohani", "Melati", "Aminah"):
        assert name not in left["text"]

    line.mends()
    field.sign_in(phone, "officer2")
    phone.wait_for_selector("body[data-ready]")
    expect(badge).to_have_text("Terkirim")
    expect(phone.get_by_role("link", name="Mawar 02")).to_be_visible()
    expect(phone.get_by_text("Melati 07")).to_have_count(0)
    expect(phone.get_by_text("1 catatan petugas lain")).to_be_visible()
    assert kept(field) == 0

    sheet.button("Keluar").tap()
    phone.wait_for_url("**/sign-in**")
    field.sign_in(phone, "officer")
    expect(badge).to_have_text("Terkirim")
    expect(phone.get_by_role("link", name="Melati 07")).to_contain_text("Terkirim")
    assert kept(field) == 1


def test_signing_out_with_nothing_unsent_leaves_nothing(phone: Page, sheet: Sheet):
    sheet.button("Keluar").tap()
    phone.wait_for_url("**/sign-in**")
    left = phone.evaluate(READ_THE_SHELVES)
    assert (left["rows"], left["people"]) == ([], 0)


def test_signing_out_on_an_office_page_wipes_the_phone_too(phone: Page, field: Field):
    phone.goto(f"{field.url}/")
    phone.evaluate("() => document.querySelector('form[action=\"/sign-out\"]').requestSubmit()")
    phone.wait_for_url("**/sign-in**")
    left = phone.evaluate(READ_THE_SHELVES)
    assert (left["rows"], left["people"]) == ([], 0)


def test_signing_out_without_a_signal_shows_nothing_and_ends_the_session_later(
    phone: Page, field: Field, sheet: Sheet, offline: Callable[[bool], None]
):
    offline(True)
    sheet.button("Keluar").tap()
    expect(phone.get_by_text("Sudah keluar")).to_be_visible()
    expect(phone.get_by_text("Melati 07")).to_have_count(0)
    offline(False)
    phone.reload()
    phone.wait_for_url("**/sign-in**")
    assert field.asked(lambda: session.scalar(select(func.count()).select_from(SignIn))) == 0


def test_another_officer_who_signs_in_sees_nothing_of_the_one_before(phone: Page, field: Field):
    phone.context.clear_cookies()  # her session is gone, but nobody pressed Keluar
    field.sign_in(phone, "officer2")
    phone.wait_for_selector("body[data-ready]")
    expect(phone.get_by_role("link", name="Mawar 02")).to_be_visible()
    shelves = phone.evaluate(READ_THE_SHELVES)
    assert len({row["owner"] for row in shelves["rows"]}) == 1
    expect(phone.get_by_text("Melati 07")).to_have_count(0)


def test_the_phone_is_wiped_after_seven_idle_days(phone: Page, context: BrowserContext, field: Field):
    phone.clock.install(time=time.time() + timedelta(days=8).total_seconds())
    context.route("**/api/v1/**", lambda route: route.abort())
    phone.reload()
    expect(phone.get_by_text("Pertama kali membuka di HP ini perlu sinyal")).to_be_visible()
    left = phone.evaluate(READ_THE_SHELVES)
    assert (left["rows"], left["people"]) == ([], 0)


FULL = """() => {
  window.put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function () { this.transaction.abort(); throw new DOMException("full", "QuotaExceededError"); };
}"""


def test_a_full_phone_says_that_the_tap_was_not_kept_until_there_is_room_again(phone: Page, sheet: Sheet):
    sheet.open().all_paid()
    phone.evaluate(FULL)
    sheet.row("Rohani").locator("[data-do=here]").tap()
    alarm = phone.locator("#alarm")
    expect(alarm).to_contain_text("Memori HP penuh")
    expect(sheet.row("Rohani").locator("[data-do=here]")).to_have_text("Hadir")
    phone.evaluate("() => { IDBObjectStore.prototype.put = window.put; }")
    sheet.absent("Rohani")
    expect(alarm).to_be_hidden()


def test_what_has_waited_for_hours_is_said_aloud_with_when_the_last_was_sent(
    phone: Page, sheet: Sheet, badge: Any, offline: Callable[[bool], None]
):
    record_here(sheet, "Kenanga 03")
    expect(badge).to_have_text("Terkirim")
    phone.clock.install()
    phone.reload()
    offline(True)
    record_here(sheet)
    alarm = phone.locator("#alarm")
    expect(badge).to_have_text("1 belum terkirim")
    expect(phone.locator("#badge small")).to_contain_text("terakhir")
    expect(alarm).to_be_hidden()
    phone.clock.fast_forward("04:05:00")
    expect(alarm).to_contain_text("1 catatan belum terkirim sejak")
    expect(alarm).to_contain_text("Terakhir terkirim")
    expect(alarm).to_contain_text("Cari tempat bersinyal")
    alarm.get_by_role("link", name="Lihat").tap()
    expect(phone.locator(".queued").first).to_contain_text("Melati 07")
    offline(False)
    expect(badge).to_have_text("Terkirim")
    expect(alarm).to_be_hidden()


def test_a_token_that_went_stale_is_fetched_anew_and_blames_nobody(phone: Page, field: Field, line: Line, sheet: Sheet, badge: Any):
    sheet.open().all_paid()
    line.changes("/records/", "X-CSRFToken", "stale", times=1)
    sheet.count().fits()
    expect(badge).to_have_text("Terkirim")
    assert (line.caught, kept(field)) == (1, 1)


def says_it_holds(field: Field) -> int | None:
    """How many unsent records the phone said it holds when it last spoke to the server."""
    return field.asked(lambda: session.scalar(select(SignIn.unsent).order_by(SignIn.seen_at.desc()).limit(1)))


def test_a_password_changed_elsewhere_takes_the_names_away_and_leaves_the_unsent(
    phone: Page, field: Field, line: Line, sheet: Sheet, badge: Any
):
    line.loses("/records/")
    record_here(sheet)
    expect(badge).to_have_text("1 belum terkirim")
    expect(phone.get_by_text("Server belum menjawab")).to_be_visible()
    assert says_it_holds(field) == 1, "the unit head sees what waits on the phone"
    desk, new = field.app.test_client(), "lima-kerbau-di-ladang"
    sign_in(desk, "officer")
    sent = {"csrf_token": token_in(desk.get("/password")), "old": PASSWORD, "password": new, "again": new}
    assert desk.post("/password", data=sent).status_code == 303
    line.mends()
    phone.evaluate("() => dispatchEvent(new Event('online'))")
    phone.wait_for_url("**/sign-in**")
    left = phone.evaluate(READ_THE_SHELVES)
    assert [(row["kind"], row["unsent"]) for row in left["rows"]] == [("record", 1)]
    assert not left["key"]
    assert kept(field) == 0
    field.sign_in(phone, password=new)
    expect(badge).to_have_text("Terkirim")
    assert (kept(field), says_it_holds(field)) == (1, 0)


def shut_out() -> None:
    """The officer leaves: her groups are given on, her cash is counted, head office closes her account."""
    head, cashier = an_actor("head"), a_user(Role.CASHIER, username="cashier2")
    for group in groups_of(head, officer="officer"):
        assign_officer(group.id, "officer2", head, reason="pindah tugas")
    hand_over(Handover(str(uuid4()), "officer", TODAY, carrier(cashier, "officer").expected, None, None), cashier)
    change_user("officer", Change(active=False), the_house())


def let_in_again() -> None:
    """It was a mistake: she has her account and her groups back."""
    head = an_actor("head")
    change_user("officer", Change(active=True), the_house())
    for group in groups_of(head, officer="officer2"):
        assign_officer(group.id, "officer", head, reason="keliru")


def test_an_account_that_is_closed_takes_the_names_away_and_loses_nothing(phone: Page, field: Field, line: Line, sheet: Sheet, badge: Any):
    line.loses("/records/")
    record_here(sheet)
    expect(badge).to_have_text("1 belum terkirim")
    expect(phone.get_by_text("Server belum menjawab")).to_be_visible()
    field.asked(shut_out)
    line.mends()
    phone.evaluate("() => dispatchEvent(new Event('online'))")
    phone.wait_for_url("**/sign-in**")
    left = phone.evaluate(READ_THE_SHELVES)
    assert [(row["kind"], row["unsent"]) for row in left["rows"]] == [("record", 1)]
    assert not left["key"]
    phone.get_by_label("Nama pengguna").fill("officer")
    phone.get_by_label("Kata sandi").fill(PASSWORD)
    phone.get_by_role("button", name="Masuk").tap()
    expect(phone.get_by_role("alert")).to_contain_text("Akun ini sudah ditutup")
    field.asked(let_in_again)
    field.sign_in(phone)
    expect(badge).to_have_text("Terkirim")
    assert kept(field) == 1


def test_a_refused_line_is_named_put_right_and_sent_under_the_same_number(phone: Page, field: Field, sheet: Sheet, badge: Any):
    sheet.open().all_paid().pays("Rohani", "3", "000", "000").count().fits()
    expect(badge).to_have_text("1 belum terkirim")
    expect(phone.locator(".faults, .facts").first).to_contain_text("Rohani")
    sheet.button("Perbaiki").tap()
    expect(sheet.row("Rohani")).to_have_attribute("data-tone", "bad")
    sheet.pays("Rohani", "5", "0", "000").count().fits()
    expect(badge).to_have_text("Terkirim")
    assert kept(field) == 1


def test_a_finished_meeting_that_never_left_the_phone_can_be_opened_again(
    phone: Page, field: Field, sheet: Sheet, badge: Any, offline: Callable[[bool], None]
):
    offline(True)
    record_here(sheet)
    sheet.button("Buka lagi, belum ada yang terkirim").tap()
    expect(badge).to_have_text("Terkirim")
    sheet.pays("Yuliana", "0").count().fits()
    offline(False)
    expect(badge).to_have_text("Terkirim")
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    assert kept(field) == 1


def test_several_meetings_wait_and_go_out_together(phone: Page, field: Field, sheet: Sheet, badge: Any, offline: Callable[[bool], None]):
    offline(True)
    record_here(sheet, "Melati 07")
    phone.get_by_role("link", name="Kembali").tap()
    record_here(sheet, "Kenanga 03")
    expect(badge).to_have_text("2 belum terkirim")
    badge.tap()
    expect(phone.locator(".queued")).to_have_count(2)
    offline(False)
    phone.get_by_role("button", name="Kirim semua sekarang").tap()
    expect(badge).to_have_text("Terkirim")
    assert (kept(field, "Melati 07"), kept(field, "Kenanga 03")) == (1, 1)
    expect(phone.get_by_text("JMB-2026-")).to_have_count(2)
    phone.get_by_role("link", name="Kembali").tap()
    expect(phone.locator("[data-slot=hand]")).to_have_text("Rp1.450.000")
    expect(phone.locator("[data-slot=target]")).to_have_text("Rp1.500.000")


def test_a_meeting_recorded_on_another_phone_is_shown_and_can_be_undone_here(
    phone: Page, browser: Browser, field: Field, sheet: Sheet, badge: Any
):
    other = browser.new_context(**PHONE).new_page()
    field.sign_in(other)
    other.wait_for_selector("body[data-ready]")
    Sheet(other).open().all_paid().pays("Dewi Anggraini", "2", "0", "000").absent("Rohani").count().fits()
    expect(other.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    other.context.close()
    phone.reload()
    expect(phone.get_by_role("link", name="Melati 07")).to_contain_text("Terkirim")
    phone.get_by_role("link", name="Melati 07").tap()
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    expect(phone.locator("main")).to_contain_text("Dewi Anggraini Rp30.000")
    expect(phone.locator("main")).to_contain_text("1 tidak hadir")
    sheet.button("Batalkan pertemuan ini").tap()
    phone.get_by_label("Sebab pembatalan").fill("HP lain salah")
    sheet.button("Ya, batalkan").tap()
    expect(phone.get_by_role("link", name="Melati 07")).to_contain_text("Belum")
