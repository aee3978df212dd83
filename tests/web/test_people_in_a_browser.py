"""Groups, members and mentoring in a real Chromium, on a phone and at a desk: nothing for axe to find, nothing too wide or too small."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect

from tests.conftest import TODAY, serving
from tests.furnished import House, only_sqlite, planned
from tests.pictures import a_picture
from tests.web.desk import PASSWORD
from tests.web.well_made import assert_well_made

pytestmark = [pytest.mark.browser, only_sqlite]

SIZES: dict[str, ViewportSize] = {"phone": {"width": 360, "height": 640}, "desk": {"width": 1280, "height": 800}}
FAR = 55
"""A meeting of Melati that is months ahead."""


@pytest.fixture(params=list(SIZES))
def page(request: pytest.FixtureRequest, browser: Browser, doors: Flask) -> Iterator[Page]:
    """The furnished house in a browser of each size; scripts of its own the house needs none, so none are allowed."""
    phone = request.param == "phone"
    with serving(doors) as address:
        # axe is put into the page from outside, which the page's own policy would refuse.
        context = browser.new_context(
            base_url=address,
            viewport=SIZES[request.param],
            is_mobile=phone,
            has_touch=phone,
            locale="id-ID",
            bypass_csp=True,
            service_workers="block",
        )
        made = context.new_page()
        made.on("pageerror", lambda fault: pytest.fail(f"the page failed: {fault}"))
        yield made
        context.close()


def sign_in(page: Page, username: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_label("Kata sandi").press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def look_at(page: Page, address: str) -> None:
    """Open it and find nothing wrong; what is folded is unfolded first."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.ok, (address, answer.status)
    unfold(page)
    assert_well_made(page)


def unfold(page: Page) -> None:
    folded = page.locator("main details:not([open]) > summary")
    while folded.count():
        folded.first.click()


def press(page: Page, button: str) -> None:
    """Press it, and look at where it leads."""
    with page.expect_navigation():
        page.get_by_role("button", name=button, exact=True).click()
    unfold(page)
    assert_well_made(page)


def groups(page: Page, house: House) -> None:
    sign_in(page, "head")
    group = f"/groups/{house.melati}"
    give = f"/groups/reassign?name=officer&from={TODAY.isoformat()}"
    for address in ("/groups", "/groups/new", group, f"{group}/calendar", f"{group}/leader", f"{group}/officer", f"{group}/mentor", give):
        look_at(page, address)
    page.goto("/groups/new")
    press(page, "Bentuk kelompok")
    expect(page.get_by_role("alert")).to_be_visible()
    look_at(page, f"{group}/meetings/{FAR}/move")
    page.get_by_label("Tanggal baru").fill((planned(house.melati, FAR) + timedelta(days=2)).isoformat())
    page.get_by_label("Alasan").fill("Melayat")
    press(page, "Lihat akibatnya")
    press(page, "Simpan jadwal baru")
    expect(page.get_by_role("status")).to_contain_text("Jadwal diubah")
    look_at(page, f"{group}/meetings/{FAR + 1}/shift")
    look_at(page, f"{group}/calendar?all=1")
    page.get_by_role("link", name="Batalkan pemindahan ini").click()
    press(page, "Batalkan pemindahan")
    expect(page.get_by_role("alert")).to_be_visible()


def members(page: Page, house: House) -> None:
    sign_in(page, "officer")
    look_at(page, "/members")
    press(page, "Cari")
    page.get_by_label("Nama atau sebagian nama").fill("melati 1")
    press(page, "Cari")
    expect(page.get_by_role("table").get_by_role("row")).to_have_count(4)
    look_at(page, f"/groups/{house.melati}/enrol")
    press(page, "Daftarkan")
    woman = f"/members/{house.women[0]}"
    for address in (woman, f"{woman}/consents", f"{woman}/eligibility", f"{woman}/training", f"{woman}/nik"):
        look_at(page, address)
    page.get_by_label("Alasan").fill("cocokkan KTP")
    press(page, "Tampilkan NIK")
    page.context.clear_cookies()
    sign_in(page, "head")
    look_at(page, f"{woman}/leave")


def mentoring(page: Page, house: House) -> None:
    sign_in(page, "officer")
    for address in ("/visits", "/actions", "/visits/new"):
        look_at(page, address)
    look_at(page, f"/visits/{UUID(int=1, version=4)}/log?group={house.melati}")
    press(page, "Simpan kunjungan")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Mulai pukul").fill("09:30")
    page.get_by_label("Di rumah").check()
    page.get_by_label("Melati 03", exact=True).check()
    page.get_by_label("Temuan", exact=True).fill("Buku kas kosong.")
    page.get_by_label("Apa yang dijanjikan").first.fill("Isi buku kas")
    page.get_by_label("Paling lambat").first.fill(TODAY.isoformat())
    press(page, "Simpan kunjungan")
    expect(page.get_by_role("status")).to_contain_text("Kunjungan disimpan")
    a_photo_of(page, f"/visits/{UUID(int=1, version=4)}")
    for address in ("/visits", "/actions", f"/groups/{house.melati}", f"/members/{house.women[2]}"):
        look_at(page, address)


def a_photo_of(page: Page, visit: str) -> None:
    """Sent as a phone sends it; then small on the visit's page, and large on its own."""
    token = {"X-CSRFToken": page.request.get("/api/v1/me").json()["csrf"]}
    photo: FilePayload = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": a_picture(size=(1_200, 900))}
    form: dict[str, Any] = {"id": str(UUID(int=72, version=4)), "photo": photo}
    assert page.request.post(f"/api/v1{visit}/photos", headers=token, multipart=form).status == 201
    look_at(page, visit)
    page.get_by_role("img", name="Foto 1 dari 1, besarkan").click()
    expect(page.get_by_role("heading", name="Foto 1 dari 1")).to_be_visible()
    expect(page.get_by_role("img", name="Foto 1 dari 1, kunjungan ke Melati")).to_have_js_property("naturalWidth", 1_200)
    assert_well_made(page)


@pytest.mark.parametrize("walk", [groups, members, mentoring], ids=lambda walk: walk.__name__)
def test_every_page_of_the_column_is_well_made(page: Page, house: House, walk: Callable[[Page, House], None]) -> None:
    walk(page, house)
