"""Every screen of the field page: readable by axe, big enough for a thumb, in both languages, nothing wider than the phone."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import makers
from tests.browser.conftest import Field, Sheet
from tests.browser.test_field_offline import FULL
from tests.conftest import TODAY
from tests.web.conftest import sign_in
from tests.web.well_made import seen_by_axe

pytestmark = pytest.mark.browser

SMALL = """() => [...document.querySelectorAll("a, button, summary, select, textarea, input:not([type=radio]):not([type=checkbox])")]
  .filter((each) => each.checkVisibility({visibilityProperty: true}) && !each.closest(".unseen"))
  .map((each) => [each.textContent.trim() || each.name || each.tagName, each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 48 || box.height < 48)
  .map(([words, box]) => `${words}: ${Math.round(box.width)} x ${Math.round(box.height)}`)"""

WIDE = "() => [document.documentElement.scrollWidth, ...[...document.querySelectorAll('dialog')].map((each) => each.scrollWidth)]"


@pytest.fixture
def bare(browser: Browser, field: Field, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A phone without worker and policy: axe brings scripts of its own."""
    context = browser.new_context(**{**browser_context_args, "bypass_csp": True, "service_workers": "block", "reduced_motion": "reduce"})
    page = context.new_page()
    field.sign_in(page)
    expect(page.get_by_role("link", name="Melati 07")).to_be_visible()
    page.wait_for_selector("body[data-visits]")
    yield page
    context.close()


def look(page: Page, screen: str) -> None:
    """Nothing for axe, nothing too small for a thumb, nothing sticking out."""
    assert seen_by_axe(page) == [], screen
    assert page.evaluate(SMALL) == [], screen
    assert max(page.evaluate(WIDE)) <= 360, screen


def walk(page: Page, sheet: Sheet, field: Field) -> Iterator[str]:
    """An officer's day: every screen of hers in turn, by name, for whoever looks at it."""
    home = page.get_by_role("link", name="Kembali")
    yield "today"
    yield from a_meeting(page, sheet)
    home.tap()
    page.get_by_role("link", name="Setor kas").tap()
    sheet.button("Kirim ke kasir").tap()
    expect(page.get_by_text("Menurut saya")).to_be_visible()
    yield "setor kas"
    home.tap()
    yield from her_late_women(page, sheet)
    home.tap()
    page.get_by_role("link", name="Kunjungan").tap()
    sheet.button("Kunjungan baru").wait_for()
    yield "visits"
    sheet.button("Kunjungan baru").tap()
    page.get_by_label("Kelompok").select_option(label="Melati 07")
    yield "a visit"
    page.goto(f"{field.url}/lapangan#/")
    yield from trouble(page, sheet, field)
    yield from the_pin(page, sheet)


def a_meeting(page: Page, sheet: Sheet) -> Iterator[str]:
    sheet.open()
    yield "empty sheet"
    sheet.all_paid().absent("Rohani")
    yield "sheet with toast"
    sheet.row("Dewi Anggraini").locator("[data-do=open]").tap()
    for key in ("2", "0", "000"):
        sheet.button(key).tap()
    yield "pad"
    sheet.button("Simpan").tap()
    sheet.count()
    yield "count"
    for part in ("Pecahan uang", "Tanggal, ikrar"):
        page.get_by_text(part).tap()
    sheet.button("Beda, periksa").tap()
    yield "count, all open"
    page.locator(".short").first.get_by_text("Ditanggung kelompok").tap()
    yield "who pays"
    page.get_by_role("button", name="Aminah", exact=True).tap()
    sheet.fits()
    expect(page.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    page.get_by_text("Lihat kuitansi").tap()
    sheet.button("Batalkan pertemuan ini").tap()
    yield "kept, with slip and undo"


def her_late_women(page: Page, sheet: Sheet) -> Iterator[str]:
    page.get_by_role("link", name="Tunggakan: ").tap()
    page.locator("[data-slot=women] .queued").first.wait_for()
    yield "tunggakan"
    page.get_by_role("link", name="Buka: ").first.tap()
    sheet.button("Simpan kontak").tap()
    sheet.button("Simpan janji").tap()
    expect(page.get_by_role("alert").filter(visible=True)).to_have_count(2)
    yield "one late woman, with faults"
    page.get_by_label("Bayar paling lambat").fill("2027-02-01")
    sheet.button("Simpan janji").tap()
    expect(page.locator("[data-slot=refused] .queued")).to_be_visible()
    yield "tunggakan with a refusal"
    sheet.button("Hapus").tap()


def recorded_elsewhere(field: Field, meeting: int) -> None:
    """The same officer records the meeting from somewhere else, everybody paying."""
    client, at = field.app.test_client(), "/api/v1"
    sign_in(client, "officer")
    csrf = client.get(f"{at}/me").get_json()["csrf"]
    sheet = client.get(f"{at}/meetings/{meeting}/sheet").get_json()["lines"]
    lines = [{"member": one["member"], "attendance": "hadir", "loan": one["loan"], "paid": one["due"], "savings": 0} for one in sheet]
    body = {
        "meeting": meeting, "held_on": TODAY.isoformat(), "started_at": f"{TODAY}T09:00:00+07:00", "ended_at": f"{TODAY}T09:30:00+07:00",
        "cash_counted": sum(line["paid"] for line in lines), "lines": lines,
    }  # fmt: skip
    answer = client.put(f"{at}/records/{uuid4()}", json=body, headers={"X-CSRFToken": csrf})
    assert answer.status_code == 201, answer.text


def trouble(page: Page, sheet: Sheet, field: Field) -> Iterator[str]:
    """What the office says otherwise, a line refused, two records of one meeting, and what is said above every screen."""
    sheet.open("Kenanga 03").all_paid().pays("Rohani", "3", "000", "000")
    field.asked(lambda: makers.a_member(field.house.groups["Kenanga 03"], makers.an_actor("officer"), name="Bunga Baru", sub_group=2))
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator("[data-slot=news]")).to_contain_text("Bunga Baru")
    yield "news"
    sheet.button("Pakai daftar baru").tap()
    sheet.all_paid().count().fits()
    expect(sheet.button("Perbaiki")).to_be_visible()
    yield "refused"
    sheet.button("Perbaiki").tap()
    yield "to be put right"
    recorded_elsewhere(field, field.house.meetings["Kenanga 03"])
    sheet.pays("Rohani", "2", "0", "000").count().fits()
    sheet.button("Ganti dengan yang di HP ini").tap()
    yield "two records side by side"
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(hours=4, minutes=5))
    page.evaluate("() => dispatchEvent(new Event('offline'))")
    expect(page.locator("#alarm")).to_contain_text("belum terkirim sejak")
    expect(page.locator("#alarm")).to_contain_text("Lihat sebabnya dan perbaiki")
    page.locator("#badge").tap()
    yield "queue, under what has waited for hours"
    page.get_by_role("link", name="Kembali").tap()
    sheet.button("Keluar").tap()
    yield "leaving"
    page.evaluate(FULL)
    sheet.button("Nanti").tap()
    expect(page.locator("#alarm")).to_contain_text("Memori HP penuh")
    yield "a full phone"
    page.evaluate("() => { IDBObjectStore.prototype.put = window.put; }")


def the_pin(page: Page, sheet: Sheet) -> Iterator[str]:
    page.get_by_role("link", name="PIN", exact=True).tap()
    page.get_by_label("PIN baru (6 angka)").fill("271828")
    sheet.button("Simpan").tap()
    yield "a PIN to be set, with a fault"
    page.get_by_label("PIN baru sekali lagi").fill("271828")
    sheet.button("Simpan").tap()
    expect(page.get_by_text("PIN terpasang")).to_be_visible()
    page.get_by_role("link", name="PIN", exact=True).tap()
    yield "a PIN to be changed"
    page.reload()
    page.get_by_label("PIN", exact=True).fill("314159")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("PIN salah")
    sheet.button("Lupa PIN").tap()
    yield "locked"


def test_every_screen_of_an_officer(bare: Page, field: Field):
    for screen in walk(bare, Sheet(bare), field):
        look(bare, screen)


def test_the_page_speaks_english_and_goes_on_doing_so_without_a_signal(phone: Page, sheet: Sheet, offline: Callable[[bool], None]):
    offline(True)
    sheet.button("English").tap()
    expect(phone.get_by_text("Bahasa belum berganti")).to_be_visible()
    offline(False)
    sheet.button("English").tap()
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    offline(True)
    phone.reload()
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    expect(phone.get_by_role("heading", name="Today")).to_be_visible()
    expect(phone.get_by_role("heading", name="26 November 2026")).to_be_visible()
    expect(phone.get_by_role("link", name="Melati 07")).to_contain_text("Rp1,000,000")
