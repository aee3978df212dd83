"""The PIN: without it the phone's store does not open, with it nothing that was recorded is lost, forgotten or guessed wrong."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Field, Sheet
from tests.browser.test_field_offline import READ_THE_SHELVES, kept, record_here

pytestmark = pytest.mark.browser

PIN = "271828"
A_WHILE = int(timedelta(minutes=16).total_seconds() * 1000)

WRITE_THE_PERSON = """(facts) => new Promise((done) => {
  indexedDB.open("lapangan").onsuccess = ({target: {result: opened}}) => {
    const shelf = opened.transaction("person", "readwrite").objectStore("person");
    shelf.get("now").onsuccess = ({target: {result: row}}) => {
      shelf.put({...row, ...facts}).onsuccess = () => { opened.close(); done(); };
    };
  };
})"""


def type_pin(page: Page, pin: str = PIN) -> None:
    """The sixth digit tries it."""
    page.get_by_label("PIN", exact=True).fill(pin)


@pytest.fixture
def guarded(phone: Page) -> Page:
    """The officer's phone with a PIN."""
    phone.get_by_role("link", name="Pasang PIN").tap()
    phone.get_by_label("PIN baru (6 angka)").fill(PIN)
    phone.get_by_label("PIN baru sekali lagi").fill(PIN)
    phone.get_by_role("button", name="Simpan").tap()
    expect(phone.get_by_text("PIN terpasang")).to_be_visible()
    return phone


def test_a_pin_is_never_asked_for_before_somebody_has_set_one(phone: Page):
    phone.reload()
    expect(phone.get_by_role("link", name="Melati 07")).to_be_visible()
    expect(phone.locator("input")).to_have_count(0)
    phone.get_by_role("button", name="Nanti").tap()
    expect(phone.get_by_text("Kunci HP ini dengan PIN?")).to_be_hidden()
    phone.get_by_role("link", name="PIN", exact=True).tap()
    for fresh, again, fault in (("12345", "12345", "6 angka"), ("123456", "123456", "mudah ditebak"), (PIN, "271829", "tidak sama")):
        phone.get_by_label("PIN baru (6 angka)").fill(fresh)
        phone.get_by_label("PIN baru sekali lagi").fill(again)
        phone.get_by_role("button", name="Simpan").tap()
        expect(phone.get_by_role("alert")).to_contain_text(fault)


def test_the_phone_opens_with_the_pin_alone_and_without_it_the_store_has_no_key(
    guarded: Page, sheet: Sheet, offline: Callable[[bool], None]
):
    shelves = guarded.evaluate(READ_THE_SHELVES)
    assert (shelves["people"], shelves["key"]) == (1, False)
    offline(True)
    guarded.reload()
    field = guarded.get_by_label("PIN", exact=True)
    expect(field).to_have_attribute("autocomplete", "off")
    expect(guarded.get_by_text("Melati 07")).to_have_count(0)
    type_pin(guarded, "314159")
    expect(guarded.get_by_role("alert")).to_contain_text("PIN salah")
    type_pin(guarded)
    sheet.open("Melati 07")
    expect(guarded.locator(".row")).to_have_count(20)


def test_a_phone_left_lying_locks_itself_and_still_sends_what_was_finished(
    guarded: Page, field: Field, sheet: Sheet, badge: Any, offline: Callable[[bool], None]
):
    guarded.clock.install()
    guarded.reload()
    type_pin(guarded)
    offline(True)
    record_here(sheet)
    guarded.clock.fast_forward(A_WHILE)
    expect(guarded.get_by_label("PIN", exact=True)).to_be_visible()
    expect(guarded.get_by_text("Melati 07")).to_have_count(0)
    expect(badge).to_have_text("1 belum terkirim")
    offline(False)
    expect(badge).to_have_text("Terkirim")
    assert kept(field) == 1
    guarded.goto(f"{field.url}/groups")  # the office's pages lie behind the same PIN
    expect(guarded.get_by_label("PIN", exact=True)).to_be_visible()
    type_pin(guarded)
    expect(guarded.get_by_role("link", name="Melati 07")).to_contain_text("Terkirim")
    guarded.goto(f"{field.url}/groups")
    expect(guarded.get_by_text("Melati 07").first).to_be_visible()


def test_guessing_takes_longer_each_time_and_in_the_end_the_key_is_gone_but_not_the_record(
    guarded: Page, field: Field, sheet: Sheet, badge: Any, offline: Callable[[bool], None]
):
    offline(True)
    record_here(sheet)
    guarded.reload()
    expect(badge).to_have_text("1 belum terkirim")
    expect(guarded.get_by_text("1 catatan menunggu dikirim")).to_be_visible()
    for pin in ("314159", "161803", "141421"):
        type_pin(guarded, pin)
        expect(guarded.get_by_label("PIN", exact=True)).to_have_value("")
    type_pin(guarded)
    expect(guarded.get_by_role("alert")).to_contain_text("Tunggu")
    guarded.evaluate(WRITE_THE_PERSON, {"wrong": 7, "tried": 0})
    type_pin(guarded, "299792")
    expect(guarded.get_by_text("Sudah keluar")).to_be_visible()
    left = guarded.evaluate(READ_THE_SHELVES)
    assert [(row["kind"], row["unsent"]) for row in left["rows"]] == [("record", 1)]
    assert not left["key"]
    offline(False)
    guarded.reload()
    guarded.wait_for_url("**/sign-in**")
    field.sign_in(guarded)
    expect(badge).to_have_text("Terkirim")
    assert kept(field) == 1


def test_whoever_forgot_the_pin_signs_in_again(guarded: Page, field: Field, sheet: Sheet):
    guarded.reload()
    sheet.button("Lupa PIN").tap()
    sheet.button("Masuk lagi").tap()
    guarded.wait_for_url("**/sign-in**")
    assert guarded.evaluate(READ_THE_SHELVES)["rows"] == []
    field.sign_in(guarded)
    expect(guarded.get_by_role("link", name="Melati 07")).to_be_visible()


def test_the_pin_is_changed_and_taken_away_without_a_signal(guarded: Page, sheet: Sheet, offline: Callable[[bool], None]):
    offline(True)
    guarded.get_by_role("link", name="PIN", exact=True).tap()
    for label, pin in (("PIN sekarang", PIN), ("PIN baru (6 angka)", "161803"), ("PIN baru sekali lagi", "161803")):
        guarded.get_by_label(label).fill(pin)
    sheet.button("Simpan").tap()
    expect(guarded.get_by_text("PIN terpasang")).to_be_visible()
    guarded.reload()
    type_pin(guarded, "161803")
    guarded.get_by_role("link", name="PIN", exact=True).tap()
    guarded.get_by_label("PIN sekarang").fill("161803")
    sheet.button("Hapus PIN").tap()
    expect(guarded.get_by_text("PIN dihapus")).to_be_visible()
    guarded.reload()
    expect(guarded.get_by_role("link", name="Melati 07")).to_be_visible()


def test_seven_idle_days_wipe_a_locked_phone_too(guarded: Page, offline: Callable[[bool], None]):
    guarded.evaluate(WRITE_THE_PERSON, {"seen": 0})
    offline(True)
    guarded.reload()
    expect(guarded.get_by_text("Pertama kali membuka di HP ini perlu sinyal")).to_be_visible()
    left = guarded.evaluate(READ_THE_SHELVES)
    assert (left["rows"], left["people"]) == ([], 0)
