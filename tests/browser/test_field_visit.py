"""Visits and the day's cash on the phone, with and without a signal."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from lending.database import session
from lending.models import MeetingRecord, Visit
from tests.browser.conftest import Field, Sheet, until

pytestmark = pytest.mark.browser


def test_a_visit_kept_without_a_signal_is_sent_after_the_money(
    phone: Page, field: Field, sheet: Sheet, badge: Any, offline: Callable[[bool], None]
):
    phone.wait_for_selector("body[data-visits]")
    offline(True)
    phone.get_by_role("link", name="Kunjungan").tap()
    sheet.button("Kunjungan baru").tap()
    sheet.button("Simpan").tap()
    expect(phone.get_by_role("alert")).to_have_text("Pilih kelompoknya.")
    phone.get_by_label("Kelompok").select_option(label="Melati 07")
    sheet.button("Rohani").tap()
    sheet.button("di rumah").tap()
    phone.locator("[data-slot=topics] button").first.tap()
    phone.get_by_label("Temuan").fill("Warungnya ramai, belum ada pembukuan")
    sheet.button("Tambah kesepakatan").tap()
    phone.get_by_label("Apa", exact=True).fill("Buku kas harian")
    phone.get_by_label("Paling lambat").fill("2026-12-10")
    sheet.button("Simpan").tap()
    expect(badge).to_have_text("1 belum terkirim")
    phone.get_by_role("link", name="Kembali").tap()
    sheet.open().all_paid().count().fits()
    expect(badge).to_have_text("2 belum terkirim")
    offline(False)
    expect(badge).to_have_text("Terkirim")
    said, at = field.asked(lambda: session.execute(select(Visit.findings, Visit.recorded_at)).one())
    assert said == "Warungnya ramai, belum ada pembukuan"
    assert at > field.asked(lambda: session.execute(select(func.max(MeetingRecord.recorded_at))).scalar_one())


SEALED_VISITS = """() => new Promise((found) => { indexedDB.open("lapangan").onsuccess = ({target}) => {
  const asked = target.result.transaction("box").objectStore("box").getAll();
  const sealed = ({ sealed }) => new Uint8Array(sealed).join();
  asked.onsuccess = () => found(asked.result.filter(({ kind }) => kind === "visit").map(sealed).join(" "));
} })"""


def test_what_was_written_about_a_visit_survives_a_reload(phone: Page, sheet: Sheet):
    phone.get_by_role("link", name="Kunjungan").tap()
    sheet.button("Kunjungan baru").tap()
    phone.get_by_label("Kelompok").select_option(label="Kenanga 03")
    expect(sheet.button("Aminah")).to_be_visible()
    before = phone.evaluate(SEALED_VISITS)
    phone.get_by_label("Temuan").fill("Sepi")
    until(phone, f"(before) => ({SEALED_VISITS})().then((now) => now !== before)", before)
    phone.reload()
    expect(phone.get_by_label("Temuan")).to_have_value("Sepi")
    expect(phone.locator("[data-slot=group] option:checked")).to_have_text("Kenanga 03")


def test_the_days_cash_is_added_up_by_meeting_and_by_note(phone: Page, sheet: Sheet, badge: Any):
    sheet.open("Melati 07").all_paid().count().fits()
    expect(badge).to_have_text("Terkirim")
    phone.get_by_role("link", name="Kembali").tap()
    sheet.open("Kenanga 03").all_paid().count().fits()
    phone.get_by_role("link", name="Kembali").tap()
    phone.get_by_role("link", name="Setor kas").tap()
    expect(phone.locator(".grand")).to_have_text("Rp1.450.000")
    phone.get_by_label("Rp100.000", exact=True).fill("14")
    expect(phone.get_by_text("Uang kurang Rp50.000 dari daftar")).to_be_visible()
    phone.get_by_label("Rp50.000", exact=True).fill("1")
    expect(phone.get_by_text("dari daftar")).to_be_hidden()
    phone.reload()
    expect(phone.get_by_label("Rp100.000", exact=True)).to_have_value("14")
