"""Home, loans, meetings, cards, arrears, reports, cash, books and head office in a real Chromium, on a phone and at a desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect

from lending import delivery
from tests.conftest import serving
from tests.lived_in import LAST_RECORD, UNDONE_RECORD, LivedIn
from tests.web.desk import PASSWORD
from tests.web.well_made import assert_well_made

pytestmark = pytest.mark.browser

SIZES: dict[str, ViewportSize] = {"phone": {"width": 360, "height": 640}, "desk": {"width": 1280, "height": 800}}

QUOTED = "/quote?product=MEKAAR&principal=2.000.000&weeks=50"


@pytest.fixture(params=list(SIZES))
def page(request: pytest.FixtureRequest, browser: Browser, own_app: Flask, tmp_path: Path) -> Iterator[Page]:
    """The lived-in house in a browser of each size; both ways out for reports stand open."""
    phone = request.param == "phone"
    delivery.hang_on(own_app, tmp_path, "smtp://127.0.0.1:1", "laporan@contoh.id")
    with serving(own_app) as address:
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


def pages_of(who: str, lived_in: LivedIn) -> tuple[str, ...]:
    """Every page of these columns that this role opens, each once over all roles."""
    asked, house = lived_in.proposals, lived_in.house
    return {
        "head": (
            *("/", "/meetings", f"/meetings/{lived_in.today_meeting}", f"/records/{LAST_RECORD}", f"/records/{UNDONE_RECORD}"),
            *(f"/records/{LAST_RECORD}/undo", "/loans", f"/loans/{house.loans[3]}", f"/loans/{asked['verified']}"),
            *(f"/loans/{asked['verified']}/reject", f"/loans/{asked['rejected']}", "/arrears", "/arrears?on=2026-02-30", "/cards"),
            *(f"/arrears/{house.loans[3]}", "/arrears?tab=aside", f"/arrears/{house.loans[0]}"),
            *(f"/cards?group={house.melati}", f"/cards?group={house.kenanga}", f"/loans/{house.loans[0]}/death"),
            *("/warnings?on=2026-03-09", "/warnings/rules", "/warnings/rules/absences", "/portfolio/loans?par=0", "/portfolio/late-facts"),
            *(f"/records/{LAST_RECORD}/lines/{house.women[0]}/undo", "/days", "/days/2026-01-05", "/days/2026-01-05/close"),
            *("/reports/schedules", "/reports/schedules/new"),
        ),
        "auditor": (
            *(
                "/portfolio",
                "/journal?member=x",
                "/trial-balance",
                "/audit",
                "/operations",
                QUOTED,
                "/quote?principal=x",
                "/reference",
                "/",
            ),
            *("/accounts", "/accounts/officer_cash?first=2026-02-01", "/days/2026-02-09"),
        ),
        "officer2": ("/", f"/members/{house.others[6]}/apply", f"/loans/{asked['applied']}", f"/loans/{asked['applied']}/cancel"),
        "officer": ("/", "/arrears", f"/arrears/{house.loans[5]}"),
        "cashier": (
            *("/", "/cash", "/cash/handovers", "/cash/handovers/new?officer=officer", f"/loans/{asked['approved']}"),
            *(f"/members/{house.women[0]}/savings", f"/members/{house.women[0]}/savings/deposit"),
        ),
        "leader": ("/", "/cards", "/meetings"),
        "mentor": ("/",),
        "city": ("/", "/reach"),
        "admin": (
            *("/", "/units", "/settings", "/settings/users/new", "/settings/units/new", "/settings/holidays/new"),
            *(
                "/settings/users/officer",
                "/settings/users/auditor/tokens/new",
                "/settings/users/officer/close",
                "/settings/users/mentor/close",
                "/settings/users/admin",
            ),
            "/settings/products/new?code=MEKAAR",
            *("/operations", "/settings/rules", "/settings/rules/bank"),
        ),
    }[who]


def sign_in(page: Page, username: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_label("Kata sandi").press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def look_at(page: Page, address: str) -> None:
    """Open it, unfold what is folded, and find nothing wrong."""
    page.goto(address)
    folded = page.locator("main details:not([open]) > summary")
    while folded.count():
        folded.first.click()
    assert_well_made(page)


@pytest.mark.parametrize("who", ["head", "auditor", "officer2", "officer", "cashier", "leader", "mentor", "city", "admin"])
def test_every_page_of_hers_is_well_made(page: Page, lived_in: LivedIn, who: str) -> None:
    sign_in(page, who)
    for address in pages_of(who, lived_in):
        look_at(page, address)


def test_a_refused_form_is_well_made(page: Page) -> None:
    sign_in(page, "cashier")
    page.goto("/cash")
    page.get_by_role("button", name="Pindahkan", exact=True).click()
    page.get_by_role("alert").wait_for()
    assert_well_made(page)


def test_an_ending_is_shown_before_it_is_stored(page: Page, lived_in: LivedIn) -> None:
    sign_in(page, "head")
    page.goto(f"/loans/{lived_in.house.loans[0]}/settle")
    page.get_by_label("Potongan margin").fill("60.000")
    page.get_by_role("button", name="Lihat akibatnya").click()
    expect(page.get_by_text("Uang yang diterima dari anggota")).to_be_visible()
    assert_well_made(page)
    page.get_by_role("button", name="Terima pelunasan").click()
    expect(page.get_by_text("Dilunasi lebih awal")).to_be_visible()
    assert_well_made(page)


def test_an_officers_cash_is_counted_compared_and_received(page: Page) -> None:
    sign_in(page, "cashier")
    page.goto("/cash")
    page.get_by_role("link", name="Hitung setoran Ibu officer").click()
    for note, count in (("Rp100.000", "22"), ("Rp50.000", "1"), ("Rp20.000", "1")):
        page.get_by_label(note, exact=True).fill(count)
    expect(page.locator("[data-total]")).to_have_text("Rp2.270.000")
    assert_well_made(page)
    page.get_by_role("button", name="Bandingkan").click()
    expect(page.get_by_text("uang kurang")).to_be_visible()
    assert_well_made(page)
    page.get_by_role("button", name="Terima dengan selisih").click()
    page.get_by_role("alert").wait_for()
    assert_well_made(page)
    page.get_by_role("button", name="Hitung ulang").click()
    page.get_by_label("Rp5.000", exact=True).fill("1")
    expect(page.locator("[data-total]")).to_have_text("Rp2.275.000")
    page.get_by_role("button", name="Bandingkan").click()
    expect(page.get_by_text("cocok")).to_be_visible()
    page.get_by_role("button", name="Terima setoran").click()
    expect(page.get_by_role("link", name="Cetak berita acara")).to_be_visible()
    assert_well_made(page)
    page.goto("/cash/handovers")
    assert_well_made(page)


def test_the_same_without_a_script(browser: Browser, own_app: Flask) -> None:
    with serving(own_app) as address:
        context = browser.new_context(base_url=address, locale="id-ID", java_script_enabled=False)
        page = context.new_page()
        sign_in(page, "cashier")
        page.goto("/cash/handovers/new?officer=officer")
        expect(page.locator("[data-sum]")).to_be_hidden()
        page.get_by_label("Rp100.000", exact=True).fill("22")
        page.get_by_role("button", name="Bandingkan").click()
        expect(page.get_by_text("Dihitung kasir").first).to_be_visible()
        expect(page.get_by_text("Rp2.200.000").first).to_be_visible()
        page.get_by_label("Alasan bila berbeda").fill("receh tertinggal")
        page.get_by_role("button", name="Terima dengan selisih").click()
        expect(page.get_by_text("receh tertinggal")).to_be_visible()
        context.close()


def test_what_a_stranger_reads_of_a_card_is_well_made(page: Page, lived_in: LivedIn) -> None:
    look_at(page, f"/v/{lived_in.code}")
    look_at(page, f"/v/{'A' * 32}")
