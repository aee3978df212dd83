"""The pages in a real Chromium: nothing for axe to find, nothing wider than the phone, nothing too small for a thumb."""

from collections.abc import Callable, Iterator
from pathlib import Path

import jinja2
import pytest
from flask import Blueprint, Flask, flash, render_template, request
from playwright.sync_api import Browser, Page, ViewportSize, expect

from lending.domain.collection import ShortReason
from lending.web import charts
from lending.web.forms import ChoicesField, DateField, HouseForm, MoneyField, NoteField, PickField, TextField, YesField, choices_of
from lending.web.guards import needs
from lending.web.login import me
from tests.conftest import serving
from tests.makers import PASSWORD
from tests.web.well_made import assert_well_made, seen_by_axe

pytestmark = pytest.mark.browser

SIZES: dict[str, ViewportSize] = {"phone": {"width": 360, "height": 640}, "desk": {"width": 1280, "height": 800}}


class Everything(HouseForm):
    """One field of each kind."""

    name = TextField("Nama lengkap")
    amount = MoneyField("Jumlah pinjaman")
    day = DateField("Tanggal")
    pick = PickField("Alasan")
    few = ChoicesField("Jangka waktu", choices=[("25", "25 minggu"), ("50", "50 minggu")])
    note = NoteField("Catatan", optional=True)
    sure = YesField("Anggota membenarkan sendiri bahwa ia menerima uangnya")


@pytest.fixture
def styled(app: Flask) -> Iterator[str]:
    """A running house with one page more, `/gaya`, on which everything stands that the macros can draw."""
    pages = Blueprint("gaya", __name__, template_folder=str(Path(__file__).with_name("pages")))

    @needs()
    def gaya() -> tuple[str, int]:
        form = Everything()
        form.pick.choices = choices_of(ShortReason, empty="–")
        refused = request.method == "POST" and not form.validate()
        if not refused:
            flash("Pertemuan Melati 07 disimpan, kwitansi JMB-2026-000047.", "good")
        weeks = [(f"{week}/11", 2_000_000 + week * 70_000) for week in range(1, 13)]
        bars = charts.bars(
            "c1", "Uang terkumpul", "12 minggu.", weeks, across="Minggu", upward="Terkumpul", form=lambda one: charts.millions(one, "id")
        )
        line = charts.line("c2", "PAR > 30 hari", "12 minggu.", [("m1", 3), ("m2", 4), ("m3", 2)], across="Minggu", upward="PAR", form=str)
        page = render_template("gaya.html", form=form, bar_chart=bars, line_chart=line, today=me().today)
        return page, 422 if refused else 200

    pages.add_url_rule("/gaya", "index", gaya, methods=["GET", "POST"])
    app.register_blueprint(pages)
    assert isinstance(app.jinja_env.loader, jinja2.BaseLoader)
    with serving(app) as address:
        yield address


@pytest.fixture(params=list(SIZES))
def page(request: pytest.FixtureRequest, browser: Browser, styled: str) -> Iterator[Page]:
    """A page of each size, whose console must stay silent but for answers that are meant to be refusals."""
    phone = request.param == "phone"
    # axe is put into the page from outside, which the page's own policy would refuse.
    context = browser.new_context(
        base_url=styled,
        viewport=SIZES[request.param],
        is_mobile=phone,
        has_touch=phone,
        locale="id-ID",
        bypass_csp=True,
        service_workers="block",
    )
    made = context.new_page()
    yield made
    context.close()


def sign_in(page: Page, username: str = "head") -> None:
    page.goto("/sign-in")
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def _wrong_password(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Nama pengguna").fill("head")
    page.get_by_label("Kata sandi").fill("salah")
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _refused(page: Page) -> None:
    sign_in(page)
    page.goto("/gaya")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _unfolded(page: Page) -> None:
    sign_in(page)
    page.goto("/gaya")
    for summary in page.locator("figure.chart summary, details.menu summary").all():
        if summary.is_visible():
            summary.click()


def _at(address: str, username: str | None = None) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        if username:
            sign_in(page, username)
        page.goto(address)

    return go


PLACES: dict[str, Callable[[Page], None]] = {
    "sign-in": _at("/sign-in"),
    "a wrong password": _wrong_password,
    "home": _at("/", "head"),
    "nobody's page": _at("/tidak-ada", "head"),
    "nobody's page, as a stranger": _at("/tidak-ada"),
    "a problem explained": _at("/problems/pays_too_much"),
    "everything": _at("/gaya", "head"),
    "everything, refused": _refused,
    "everything, unfolded": _unfolded,
}


@pytest.mark.parametrize("place", PLACES)
def test_a_page_is_well_made(page: Page, place: str) -> None:
    PLACES[place](page)
    assert_well_made(page)


@pytest.mark.parametrize(
    ("broken", "rule"),
    [("<img src='/static/x.png'>", "image-alt"), ("<p style='color: #ccc; background: #fff'>Tidak terbaca</p>", "color-contrast")],
)
def test_what_is_wrong_with_a_page_is_seen(page: Page, broken: str, rule: str) -> None:
    page.goto("/sign-in")
    page.evaluate("(broken) => { document.querySelector('main').insertAdjacentHTML('beforeend', broken); }", broken)
    assert [found for found, _ in seen_by_axe(page)] == [rule]


def test_a_fault_in_the_list_leads_to_its_field(page: Page) -> None:
    sign_in(page)
    page.goto("/gaya")
    page.get_by_label("Nama lengkap").fill("Siti Aminah")
    page.get_by_label("Jumlah pinjaman").fill("20,5")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_role("link", name="Jumlah pinjaman: Jumlah tidak terbaca").click()
    expect(page.get_by_label("Jumlah pinjaman")).to_be_focused()
    expect(page.get_by_label("Jumlah pinjaman")).to_have_value("20,5")
    expect(page.get_by_label("Nama lengkap")).to_have_value("Siti Aminah")


def test_the_keyboard_comes_first_to_the_content(page: Page) -> None:
    page.goto("/sign-in")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_table_on_a_phone_is_still_a_table(page: Page) -> None:
    sign_in(page)
    page.goto("/gaya")
    expect(page.get_by_role("table", name="Anggota minggu ini").get_by_role("row")).to_have_count(5)


def test_nothing_on_the_pages_breaks_the_policy(browser: Browser, styled: str) -> None:
    context = browser.new_context(base_url=styled, viewport=SIZES["desk"], locale="id-ID", service_workers="block")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda fault: said.append(str(fault)))
    sign_in(page)
    page.goto("/gaya")
    assert page.evaluate("() => document.fonts.ready.then(() => document.fonts.check('600 16px \"Source Serif 4\"'))")
    context.close()
    assert said == []
