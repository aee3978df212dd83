"""Photos of a visit on the phone: small before they are kept, sealed, sent last and one at a time, and gone when they are sent."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from sqlalchemy import func, select

from lending.actions import members
from lending.database import session
from lending.models import MeetingRecord, Photo, Visit
from lending.queries.check import differences
from tests.browser.conftest import Field, Sheet, until
from tests.browser.line import PATIENCE, Line
from tests.conftest import TODAY
from tests.makers import an_actor
from tests.pictures import SECRET, from_a_camera

pytestmark = pytest.mark.browser

PIXELS = """() => new Promise((found) => { indexedDB.open("lapangan").onsuccess = ({target}) => {
  const asked = target.result.transaction("pixels").objectStore("pixels").getAll();
  asked.onsuccess = () => found(asked.result.map((row) => new TextDecoder("latin1").decode(row.sealed).slice(0, 20000)));
} })"""

FULL = """() => { const put = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put = function (...all) {
  if (this.name === "pixels") throw new DOMException("no room", "QuotaExceededError");
  return put.apply(this, all);
} }"""


@cache
def large() -> bytes:
    """A large picture that says where and with what it was taken."""
    return from_a_camera((3_000, 2_000), turned=6, busy=True)


def camera(number: int = 1) -> FilePayload:
    """What the phone's camera gives back."""
    return {"name": f"IMG_{number}.jpg", "mimeType": "image/jpeg", "buffer": large()}


def begin(phone: Page, sheet: Sheet, woman: str = "Rohani") -> None:
    """A visit at a woman's home, with what was found, not saved yet."""
    phone.get_by_role("link", name="Kunjungan").first.tap()
    sheet.button("Kunjungan baru").tap()
    phone.get_by_label("Kelompok").select_option(label="Melati 07")
    sheet.button(woman).tap()
    sheet.button("di rumah").tap()
    phone.get_by_label("Temuan").fill("Warungnya ramai")


def take(phone: Page, number: int = 1) -> None:
    """Take a photo and see it."""
    phone.get_by_label("Ambil foto").set_input_files(camera(number))
    expect(phone.locator(".shots img")).to_have_count(number)
    expect(phone.get_by_role("img", name=f"Foto {number}")).to_be_visible()


def test_two_photos_taken_first_are_sent_after_the_money_and_the_visit(
    phone: Page, field: Field, line: Line, sheet: Sheet, badge: Any, offline: Callable[[bool], None], context: BrowserContext
):
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": -1.6101234, "longitude": 103.6139876})
    phone.wait_for_selector("body[data-visits]")
    offline(True)
    begin(phone, sheet)
    take(phone)
    take(phone, 2)
    sheet.button("Catat lokasi").tap()
    expect(phone.get_by_text("Lokasi kira-kira -1.610, 103.614")).to_be_visible()
    assert all(not row.startswith("\xff\xd8") and "JFIF" not in row for row in phone.evaluate(PIXELS))
    sheet.button("Simpan").tap()
    expect(badge).to_have_text("3 belum terkirim")
    phone.reload()
    phone.get_by_role("link", name="Kembali").tap()
    sheet.open().all_paid().count().fits()
    expect(badge).to_have_text("4 belum terkirim")
    line.sent.clear()
    offline(False)
    expect(badge).to_have_text("Terkirim")

    sent = line.sent
    assert [one.path for one in sent] == ["records/U", "visits/U", "visits/U/photos", "visits/U/photos"]
    assert [one.unsent for one in sent] == ["3", "2", "1", "0"]
    assert json.loads(sent[1].body)["fix"] == {"lat": -1.61, "lon": 103.614}
    for one in sent[2:]:
        assert 50_000 < len(one.body) < 201_000
        assert not [secret for secret in (b"Exif", b"GPS", SECRET) if secret in one.body]
    assert phone.evaluate(PIXELS) == []
    kept = field.asked(lambda: session.execute(select(Photo.n, Photo.width, Photo.height).order_by(Photo.n)).all())
    assert [(n, width < height) for n, width, height in kept] == [(1, True), (2, True)]
    for path in field.app.config["LENDING_PHOTOS"].iterdir():
        assert not [secret for secret in (b"Exif", b"GPS", SECRET) if secret in path.read_bytes()]
    assert field.asked(lambda: differences(TODAY)) == []


def test_a_slow_picture_gives_way_to_money_and_is_sent_once_after_it(phone: Page, field: Field, line: Line, sheet: Sheet, badge: Any):
    phone.wait_for_selector("body[data-visits]")
    begin(phone, sheet)
    take(phone)
    line.holds("/photos", times=1)  # the first stays under way: a line on which a picture takes for ever
    sheet.button("Simpan").tap()
    expect(badge).to_have_text("1 belum terkirim")
    line.catches()
    phone.get_by_role("link", name="Kembali").tap()
    sheet.open().all_paid().count().fits()
    expect(phone.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    expect(badge).to_have_text("Terkirim")
    assert [one.path for one in line.sent].count("visits/U/photos") == 2
    record = field.asked(lambda: session.scalars(select(func.max(MeetingRecord.recorded_at))).one())
    assert record < field.asked(lambda: session.scalars(select(Photo.recorded_at)).one())


SENDER_IS_THERE = """async () => (await navigator.serviceWorker.getRegistrations())
  .some(({ scope, active }) => active && scope.endsWith("/lapangan/kirim/"))"""
"""It comes after everything else, and by its own scope: asked for by its address, the worker of all the house answers until then."""

ASK_FOR_THE_LINE = "async () => { await (await navigator.serviceWorker.getRegistration('/lapangan/kirim/')).sync.register('kirim'); }"


def test_a_slow_picture_gives_way_to_money_when_it_is_the_worker_that_sends_it(
    phone: Page, field: Field, line: Line, sheet: Sheet, badge: Any, context: BrowserContext
):
    phone.wait_for_selector("body[data-visits]")
    until(phone, SENDER_IS_THERE)
    # Nothing leaves while this page is open.
    phone.evaluate("() => { navigator.locks.request('lapangan-kirim', () => new Promise(() => {})); }")
    begin(phone, sheet)
    take(phone)
    sheet.button("Simpan").tap()
    expect(badge).to_have_text("2 belum terkirim")
    assert line.sent == []
    line.holds("/photos", times=1)
    # The page asked for the line when she saved: that may be heard from here on, with the page gone, or have come to nothing before.
    phone.close()
    elsewhere = context.new_page()
    elsewhere.goto(f"{field.url}/sw.js")  # something of the house that sends nothing itself
    asked = 0
    while not line.has_caught(1):
        elsewhere.evaluate(ASK_FOR_THE_LINE)
        asked += 1
        assert asked < PATIENCE, "the worker never sends"
    assert [one.path for one in line.sent] == ["visits/U", "visits/U/photos"], "the worker sends, and its picture is under way for ever"

    again = context.new_page()
    again.goto(f"{field.url}/lapangan")
    Sheet(again).open().all_paid().count().fits()
    expect(again.get_by_text("Terkirim: JMB-2026-")).to_be_visible()
    expect(again.locator("[role=status][data-unsent]")).to_have_text("Terkirim")
    assert [one.path for one in line.sent] == ["visits/U", "visits/U/photos", "records/U", "visits/U/photos"]
    assert len(field.asked(lambda: session.scalars(select(Photo.uuid)).all())) == 1


def test_a_photo_is_taken_back_refused_sent_again_and_a_full_phone_is_said(phone: Page, field: Field, line: Line, sheet: Sheet, badge: Any):
    phone.wait_for_selector("body[data-visits]")
    begin(phone, sheet)
    phone.get_by_label("Ambil foto").set_input_files({"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture"})
    expect(phone.get_by_text("Berkas ini tidak terbaca sebagai foto.")).to_be_visible()
    take(phone)
    sheet.button("Hapus foto 1").tap()
    expect(phone.locator(".shots img")).to_have_count(0)
    sheet.button("Urungkan").tap()
    expect(phone.get_by_role("img", name="Foto 1")).to_be_visible()
    phone.evaluate(FULL)
    phone.get_by_label("Ambil foto").set_input_files(camera())
    expect(phone.get_by_text("foto TIDAK tersimpan")).to_be_visible()
    problem = {"type": "/problems/not_a_photo", "title": "x", "status": 422, "detail": "Bukan foto. Ambil ulang.", "errors": []}
    line.answers("/photos", "422 Unprocessable Content", json.dumps(problem).encode())
    sheet.button("Simpan").tap()
    expect(badge).to_have_text("1 belum terkirim")
    phone.locator("#badge").tap()
    expect(phone.get_by_text("Bukan foto. Ambil ulang.")).to_be_visible()
    line.mends()
    sheet.button("Kirim ulang").tap()
    expect(badge).to_have_text("Terkirim")
    assert len(field.asked(lambda: session.scalars(select(Photo.uuid)).all())) == 1


def test_a_woman_who_has_not_agreed_is_named_and_her_home_is_not_noted(field: Field, page: Page):
    def takes_back() -> None:
        members.record_consent(field.house.members["Melati 07"]["Rohani"], "photo", an_actor("officer", TODAY), given=False, on=TODAY)

    field.asked(takes_back)
    field.sign_in(page)
    page.wait_for_selector("body[data-ready]")
    page.wait_for_selector("body[data-visits]")
    sheet = Sheet(page)
    begin(page, sheet)
    expect(page.get_by_text("Belum setuju difoto: Rohani.")).to_be_visible()
    expect(sheet.button("Catat lokasi")).to_be_hidden()
    sheet.button("Rohani").tap()
    sheet.button("Aminah").tap()
    expect(page.get_by_text("Belum setuju difoto")).to_be_hidden()
    expect(sheet.button("Catat lokasi")).to_be_visible()


def test_photos_of_a_visit_that_is_thrown_away_go_with_it(phone: Page, field: Field, sheet: Sheet, badge: Any):
    phone.wait_for_selector("body[data-visits]")
    begin(phone, sheet)
    take(phone)
    sheet.button("Hapus").tap()
    expect(phone.get_by_text("Isian dihapus")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("Belum ada kunjungan di HP ini.")).to_be_visible()
    phone.wait_for_selector("body[data-visits]")
    until(phone, f"() => ({PIXELS})().then((rows) => rows.length === 0)")
    expect(badge).to_have_text("Terkirim")
    assert field.asked(lambda: session.scalars(select(Visit.uuid)).all()) == []
