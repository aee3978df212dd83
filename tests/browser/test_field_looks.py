"""Every screen of the field page: readable by axe, big enough for a thumb, in both languages, nothing wider than the phone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Field, Sheet

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
    page.wait_for_load_state("networkidle")
    yield page
    context.close()


def look(page: Page, screen: str) -> None:
    """Nothing for axe, nothing too small for a thumb, nothing sticking out."""
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == [], screen
    assert page.evaluate(SMALL) == [], screen
    assert max(page.evaluate(WIDE)) <= 360, screen


def test_the_screens_of_a_meeting(bare: Page):
    look(bare, "today")
    sheet = Sheet(bare).open()
    look(bare, "empty sheet")
    sheet.all_paid().absent("Rohani")
    look(bare, "sheet with toast")
    sheet.row("Dewi Anggraini").locator("[data-do=open]").tap()
    for key in ("2", "0", "000"):
        sheet.button(key).tap()
    look(bare, "pad")
    sheet.button("Simpan").tap()
    sheet.count()
    look(bare, "count")
    for part in ("Pecahan uang", "Tanggal, ikrar"):
        bare.get_by_text(part).tap()
    sheet.button("Beda, periksa").tap()
    look(bare, "count, all open")
    bare.locator(".short").first.get_by_text("Ditanggung kelompok").tap()
    look(bare, "who pays")
    bare.get_by_role("button", name="Aminah", exact=True).tap()
    sheet.fits()
    expect(bare.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    bare.get_by_text("Lihat kuitansi").tap()
    sheet.button("Batalkan pertemuan ini").tap()
    look(bare, "kept, with slip and undo")


def test_the_queue_a_refusal_and_leaving(bare: Page, field: Field):
    bare.context.set_offline(True)
    sheet = Sheet(bare).open().all_paid().pays("Rohani", "3", "000", "000").count().fits()
    look(bare, "kept on the phone")
    bare.locator("#badge").tap()
    look(bare, "queue")
    bare.get_by_role("link", name="Kembali").tap()
    sheet.button("Keluar").tap()
    look(bare, "leaving")
    bare.context.set_offline(False)
    bare.locator("#badge").tap()
    expect(sheet.button("Perbaiki").or_(bare.get_by_role("link", name="Buka"))).to_be_visible()
    bare.get_by_role("link", name="Buka").tap()
    expect(sheet.button("Perbaiki")).to_be_visible()
    look(bare, "refused")
    sheet.button("Perbaiki").tap()
    look(bare, "to be put right")


def test_the_page_speaks_english_and_goes_on_doing_so_without_a_signal(phone: Page, sheet: Sheet, offline: Callable[[bool], None]):
    sheet.button("English").tap()
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    offline(True)
    phone.reload()
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    expect(phone.get_by_role("heading", name="Today")).to_be_visible()
    expect(phone.get_by_role("heading", name="26 November 2026")).to_be_visible()
    expect(phone.get_by_role("link", name="Melati 07")).to_contain_text("Rp1,000,000")
