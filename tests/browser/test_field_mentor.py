"""The mentor's day on the phone: her groups, her overdue promises, visits without a signal, and no money anywhere; and setor kas."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from lending.actions import groups
from lending.actions.cash import Handover, hand_over
from lending.actions.mentoring import log_visit
from lending.database import session
from lending.domain.access import Role
from lending.domain.mentoring import ActionOwner, NewAction, NewVisit, Outcome, VisitPlace
from lending.models import ActionOutcome, CashDeclaration, Visit
from lending.queries import cash as cash_asked
from tests import makers
from tests.browser.conftest import Field, Sheet
from tests.browser.line import Line
from tests.browser.test_field_looks import look
from tests.browser.test_field_photos import camera
from tests.conftest import TODAY

pytestmark = pytest.mark.browser

PROMISED = "Urus NIB di kelurahan"

SHEETS = """() => new Promise((found) => { indexedDB.open("lapangan").onsuccess = ({target}) => {
  const asked = target.result.transaction("box").objectStore("box").getAllKeys();
  asked.onsuccess = () => found(asked.result.map(([, kind]) => kind));
} })"""


@pytest.fixture
def mentored(field: Field) -> Field:
    """Melati 07 has a mentor, and an earlier promise that is two days late."""

    def begin() -> None:
        makers.a_user(Role.MENTOR, username="mentor", on=TODAY - timedelta(days=10))
        head = makers.an_actor("head", TODAY - timedelta(days=10))
        groups.assign_mentor(field.house.groups["Melati 07"], "mentor", head, reason="pendamping tetap")
        promise = NewAction(PROMISED, ActionOwner.MEMBER, TODAY - timedelta(days=2))
        began = datetime(2026, 11, 17, 3, tzinfo=UTC)
        visit = NewVisit(
            TODAY - timedelta(days=9), began, VisitPlace.MEETING, "Ramai.", group=field.house.groups["Melati 07"], actions=(promise,)
        )
        log_visit(str(UUID(int=700)), visit, makers.an_actor("mentor", TODAY - timedelta(days=9)))

    field.asked(begin)
    return field


def test_a_mentors_day_without_a_signal(mentored: Field, page: Page, offline: Callable[[bool], None]):
    page.on("pageerror", lambda fault: pytest.fail(f"the page failed: {fault}"))
    mentored.sign_in(page, "mentor")
    page.wait_for_selector("body[data-ready]")
    page.wait_for_selector("body[data-visits]")
    assert "sheet" not in page.evaluate(SHEETS)
    offline(True)
    page.reload()
    sheet, badge = Sheet(page), page.locator("[role=status][data-unsent]")
    expect(page.get_by_role("heading", name="Janji yang lewat")).to_be_visible()
    expect(page.get_by_text(PROMISED)).to_be_visible()
    expect(page.get_by_role("link", name="Melati 07")).to_be_visible()
    expect(page.get_by_role("link", name="Mawar 02")).to_have_count(0)
    expect(page.get_by_role("link", name="Setor kas")).to_be_hidden()
    assert "Rp" not in page.locator("main").inner_text()
    page.get_by_role("link", name="Melati 07").tap()
    expect(page.locator("[data-slot=group] option:checked")).to_have_text("Melati 07")
    page.locator("[data-slot=previous]").get_by_role("button", name="selesai").tap()
    page.get_by_label("Temuan").fill("NIB sudah terbit")
    page.get_by_label("Ambil foto").set_input_files(camera())
    expect(page.get_by_role("img", name="Foto 1")).to_be_visible()
    sheet.button("Simpan").tap()
    expect(badge).to_have_text("2 belum terkirim")
    assert "Rp" not in page.locator("main").inner_text()
    offline(False)
    expect(badge).to_have_text("Terkirim")
    outcome = mentored.asked(lambda: session.execute(select(ActionOutcome.outcome, ActionOutcome.visit_uuid)).one())
    assert outcome.outcome is Outcome.DONE
    assert mentored.asked(lambda: session.get_one(Visit, outcome.visit_uuid).findings) == "NIB sudah terbit"
    page.goto(f"{mentored.url}/lapangan#/setor")
    expect(page.get_by_role("heading", name="Hari ini")).to_be_visible()
    expect(page.get_by_text(PROMISED)).to_have_count(0)


TYPE_AND_TAP = """() => {
  for (const [note, count] of [["100000", "8"], ["50000", "1"]]) {
    const field = document.querySelector(`[name="${note}"]`);
    field.value = count;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  document.querySelector("[data-do=say]").click();
}"""


def test_what_is_said_is_what_stands_in_the_fields_however_fast_the_tap(phone: Page, sheet: Sheet, offline: Callable[[bool], None]):
    phone.wait_for_selector("body[data-visits]")
    offline(True)
    sheet.open("Melati 07").all_paid().count().fits()
    phone.get_by_role("link", name="Kembali").tap()
    phone.get_by_role("link", name="Setor kas").tap()
    expect(phone.get_by_label("Rp50.000", exact=True)).to_be_visible()
    phone.evaluate(TYPE_AND_TAP)
    expect(phone.get_by_text("Menurut saya Rp850.000")).to_contain_text("Siap kirim")


def test_what_she_carries_is_said_without_a_signal_and_received_in_her_sight(
    phone: Page, field: Field, line: Line, sheet: Sheet, badge: Any, offline: Callable[[bool], None]
):
    phone.wait_for_selector("body[data-visits]")
    offline(True)
    sheet.open("Melati 07").all_paid().count().fits()
    phone.get_by_role("link", name="Kembali").tap()
    phone.get_by_role("link", name="Setor kas").tap()
    phone.get_by_label("Rp100.000", exact=True).fill("9")
    phone.get_by_label("Rp50.000", exact=True).fill("1")
    sheet.button("Kirim ke kasir").tap()
    expect(phone.get_by_text("Menurut saya Rp950.000")).to_contain_text("Siap kirim")
    expect(badge).to_have_text("2 belum terkirim")
    phone.locator("#badge").tap()
    expect(phone.locator("[data-slot=waiting]")).to_contain_text("Setor kas")
    line.sent.clear()
    offline(False)
    expect(badge).to_have_text("Terkirim")
    assert [one.path for one in line.sent] == ["records/U", "cash/declarations"]
    said = field.asked(lambda: session.execute(select(CashDeclaration.total, CashDeclaration.notes)).one())
    assert (said.total, said.notes) == (950_000, {"100000": 9, "50000": 1})

    def receive() -> None:
        by = makers.an_actor("cashier", TODAY)
        carries = cash_asked.carrier(by, "officer").expected
        hand_over(Handover(str(UUID(int=701)), "officer", TODAY, carries - 5_000, None, "selembar sobek"), by)

    field.asked(receive)
    phone.goto(f"{field.url}/lapangan#/setor")
    expect(phone.get_by_text("Diterima cashier")).to_contain_text("selisih")


@pytest.fixture
def bare_mentor(browser: Browser, mentored: Field, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """Her phone without worker and policy: axe brings scripts of its own."""
    context = browser.new_context(**{**browser_context_args, "bypass_csp": True, "service_workers": "block", "reduced_motion": "reduce"})
    page = context.new_page()
    mentored.sign_in(page, "mentor")
    expect(page.get_by_text(PROMISED)).to_be_visible()
    yield page
    context.close()


def test_her_screens(bare_mentor: Page):
    page, sheet = bare_mentor, Sheet(bare_mentor)
    look(page, "a mentor's today")
    page.get_by_role("link", name="Kunjungan").first.tap()
    look(page, "visits")
    page.get_by_role("link", name="Kembali").tap()
    page.get_by_role("link", name="Melati 07").tap()
    page.get_by_label("Ambil foto").set_input_files(camera())
    expect(page.get_by_role("img", name="Foto 1")).to_be_visible()
    sheet.button("Tambah kesepakatan").tap()
    look(page, "a visit with a photo")
    page.get_by_label("Temuan").fill("Ramai")
    page.context.set_offline(True)
    sheet.button("Simpan").tap()
    page.get_by_role("link", name="Buka").tap()
    expect(page.get_by_role("img", name="Foto 1")).to_be_visible()
    look(page, "a visit that waits")
    page.locator("#badge").tap()
    look(page, "a queue with a photo")
