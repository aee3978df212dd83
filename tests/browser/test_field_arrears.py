"""Tunggakan: an officer's own late women on her phone, called in lawful hours only; what she does about them is kept and sent once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from lending.database import session, transaction
from lending.models import CaseEvent, Member
from tests.browser.conftest import Field, Sheet
from tests.browser.line import Line
from tests.browser.test_field_offline import READ_THE_SHELVES, comes_and_goes
from tests.conftest import TODAY

pytestmark = pytest.mark.browser


@pytest.fixture
def reachable(field: Field) -> None:
    """Marlina has a telephone."""

    def tell() -> None:
        with transaction():
            session.execute(update(Member).where(Member.id == field.house.members["Melati 07"]["Marlina"]).values(phone="+6281200000000"))

    field.asked(tell)


def at_the_hour(page: Page, hour: int) -> None:
    """It is that hour in Jambi, today."""
    page.clock.set_fixed_time(datetime.now(ZoneInfo("Asia/Jakarta")).replace(hour=hour, minute=10))


def steps(field: Field) -> list[tuple[str, str | None]]:
    """What the server holds of what was done: the step, and what came of it."""
    question = select(CaseEvent.step, CaseEvent.outcome).order_by(CaseEvent.id)
    return field.asked(lambda: [(step.value, outcome and outcome.value) for step, outcome in session.execute(question)])


def test_what_is_done_about_a_late_woman_is_kept_without_a_signal_sent_once_and_shown_when_refused(
    reachable: None, phone: Page, field: Field, line: Line, sheet: Sheet, badge: Any, offline: Callable[[bool], None]
):
    phone.wait_for_selector("body[data-visits]")
    at_the_hour(phone, 10)
    offline(True)
    phone.reload()
    assert "Marlina" not in phone.evaluate(READ_THE_SHELVES)["text"], "sealed like everything else"
    phone.get_by_role("link", name="Tunggakan: 11 anggota").tap()
    woman = phone.locator("[data-slot=women] .queued").first
    expect(woman).to_contain_text("Marlina")
    expect(woman).to_contain_text("Rp50.000")
    expect(woman).to_contain_text("7 hari, minggu ke-1")
    expect(woman.locator("a[href^='https://wa.me/62']")).to_have_text("Kirim WhatsApp")
    woman.get_by_role("link", name="Buka").tap()
    expect(phone.get_by_role("link", name="Telepon")).to_have_attribute("href", "tel:+6281200000000")
    sheet.button("Simpan kontak").tap()
    expect(phone.get_by_role("alert")).to_contain_text("Pilih lewat apa")
    sheet.button("Telepon").tap()
    sheet.button("Bicara dengan anggota").tap()
    sheet.button("Simpan kontak").tap()
    expect(woman).to_contain_text("Kontak tercatat: Siap kirim")
    woman.get_by_role("link", name="Buka").tap()
    expect(phone.get_by_role("link", name="Telepon")).to_be_hidden()
    phone.get_by_label("Bayar paling lambat").fill((TODAY + timedelta(days=2)).isoformat())
    sheet.button("Simpan janji").tap()
    expect(badge).to_have_text("2 belum terkirim")
    assert steps(field) == []

    line.loses_the_reply("/arrears/cases/", times=1)
    offline(False)
    line.catches()
    comes_and_goes(phone)
    expect(badge).to_have_text("Terkirim")
    assert (line.caught, len(line.sent)) == (1, 3)
    assert steps(field) == [("contacted", "talked"), ("promised", None)]
    expect(woman).to_contain_text("Tunggu: hari janjinya belum tiba")

    woman.get_by_role("link", name="Buka").tap()
    phone.get_by_label("Bayar paling lambat").fill((TODAY + timedelta(days=40)).isoformat())
    sheet.button("Simpan janji").tap()
    refused = phone.locator("[data-slot=refused] .queued")
    expect(refused).to_contain_text("31 hari")
    expect(badge).to_have_text("1 belum terkirim")
    sheet.button("Kirim ulang").tap()
    expect(refused).to_contain_text("31 hari")
    sheet.button("Hapus").tap()
    expect(badge).to_have_text("Terkirim")
    expect(refused).to_have_count(0)


def test_outside_the_lawful_hours_nobody_can_be_called_from_the_list(reachable: None, phone: Page):
    phone.wait_for_selector("body[data-visits]")
    at_the_hour(phone, 21)
    phone.get_by_role("link", name="Tunggakan: 11 anggota").tap()
    expect(phone.get_by_text("Boleh lagi Jum, 27 Nov pukul 08.00")).to_be_visible()
    assert phone.locator("a[href^='https://wa.me/'], a[href^='tel:']").count() == 0
