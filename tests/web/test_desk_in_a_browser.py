"""Home, loans, meetings, cards, arrears, reports, cash, books and head office in a real Chromium, on a phone and at a desk."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize

from tests.conftest import serving
from tests.lived_in import LAST_RECORD, UNDONE_RECORD, LivedIn
from tests.web.desk import PASSWORD
from tests.web.well_made import assert_well_made

pytestmark = pytest.mark.browser

SIZES: dict[str, ViewportSize] = {"phone": {"width": 360, "height": 640}, "desk": {"width": 1280, "height": 800}}

QUOTED = "/quote?product=MEKAAR&principal=2.000.000&weeks=50"


@pytest.fixture(params=list(SIZES))
def page(request: pytest.FixtureRequest, browser: Browser, own_app: Flask) -> Iterator[Page]:
    """The lived-in house in a browser of each size."""
    phone = request.param == "phone"
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
            *(f"/cards?group={house.melati}", f"/cards?group={house.kenanga}"),
        ),
        "auditor": ("/portfolio", "/journal", "/trial-balance", "/audit", "/operations", QUOTED, "/quote?principal=x", "/reference", "/"),
        "officer2": ("/", f"/members/{house.others[6]}/apply", f"/loans/{asked['applied']}", f"/loans/{asked['applied']}/cancel"),
        "officer": ("/",),
        "cashier": ("/", "/cash", f"/loans/{asked['approved']}"),
        "leader": ("/", "/cards", "/meetings"),
        "mentor": ("/",),
        "city": ("/", "/reach"),
        "admin": (
            *("/", "/units", "/settings", "/settings/users/new", "/settings/units/new", "/settings/holidays/new"),
            "/settings/products/new?code=MEKAAR",
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
    page.get_by_role("button", name="Terima setoran", exact=True).click()
    page.get_by_role("alert").wait_for()
    assert_well_made(page)


def test_what_a_stranger_reads_of_a_card_is_well_made(page: Page, lived_in: LivedIn) -> None:
    look_at(page, f"/v/{lived_in.code}")
    look_at(page, f"/v/{'A' * 32}")
