"""The field page in a real Chromium, against the whole house on an SQLite file that is built once and copied for each test."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as at
from pathlib import Path
from time import sleep
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from pysqlite3 import dbapi2

from config import Settings
from lending import clock
from tests.browser import field_house
from tests.browser.field_house import House
from tests.browser.line import Line
from tests.conftest import TODAY, serving
from tests.makers import PASSWORD
from tests.web.conftest import sign_in

T = TypeVar("T")


@dataclass(frozen=True)
class Field:
    """Where the house answers, what is in it, and the app behind it, to look at what was kept."""

    url: str
    house: House
    app: Flask

    def sign_in(self, page: Page, username: str = "officer", password: str = PASSWORD) -> None:
        """Through the front door, as a person does."""
        page.goto(f"{self.url}/sign-in?next=/lapangan")
        page.fill("[name=username]", username)
        page.fill("[name=password]", password)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url("**/lapangan")

    def let_in(self, page: Page, username: str = "officer") -> None:
        """She has signed in some time ago, and comes with what her browser keeps of it."""
        browser = self.app.test_client()
        assert sign_in(browser, username).status_code == 303
        kept = [cookie for name in ("sesi", "peramban") if (cookie := browser.get_cookie(name))]
        page.context.add_cookies([{"name": one.key, "value": one.value, "url": self.url} for one in kept])
        page.goto(f"{self.url}/lapangan")

    def asked(self, question: Callable[[], T]) -> T:
        """What a question to the database says now."""
        from lending.database import session

        with self.app.app_context():
            try:
                return question()
            finally:
                session.remove()


def _app(folder: Path) -> Flask:
    from lending.app import create_app

    words = {"LENDING_ENV": "test", "LENDING_TODAY": TODAY.isoformat(), "LENDING_SCHEDULER": "0", "LENDING_DATA_DIR": str(folder)}
    return create_app(Settings.from_environment(words, root=folder))


@pytest.fixture(scope="session")
def built(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, House]:
    """A unit three weeks into its loans, made once; a test may ask for another size of Melati 07."""
    folder = tmp_path_factory.mktemp("field")
    shutil.copy(sqlite_template, folder / "lending.db")
    app = _app(folder)
    with app.app_context():
        from lending.database import db

        house = field_house.build(getattr(request, "param", 20))
        db.session.remove()
        db.engine.dispose()
    clock.fix(None)
    return folder, house


def _restore(template: Path, folder: Path) -> None:
    """The unit as it was built, put back page by page under the database's own lock: a request of the last test may be under way."""
    with closing(dbapi2.connect(template / "lending.db")) as source, closing(dbapi2.connect(folder / "lending.db", timeout=30)) as target:
        source.backup(target)


@pytest.fixture(scope="session")
def opened(built: tuple[Path, House], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, Flask]]:
    """One house that stays open for all tests: its folder, its address, and the app."""
    folder = tmp_path_factory.mktemp("open")
    for name in built[0].iterdir():
        if name.is_file():
            shutil.copy(name, folder / name.name)
    app = _app(folder)
    with serving(app) as url:
        yield folder, url, app
    with app.app_context():
        from lending.database import db

        db.session.remove()
        db.engine.dispose()


def until(page: Page, question: str, given: Any = None) -> None:
    """Wait for a yes to a question that the page answers later: Playwright's own waiting takes the promise of an answer for a yes."""
    again = f"const ask = async () => (await ({question})(given) ? yes() : setTimeout(ask, 50)); ask();"
    page.evaluate(f"(given) => new Promise((yes) => {{ {again} }})", given)


A_WHILE = 240
"""Seconds, longer than any of these tests lasts."""


@pytest.fixture(autouse=True)
def _within_one_day() -> None:
    """A phone counts the days by its own clock, as it should; the house of these tests stands still. Midnight does not come in between."""
    now = datetime.now(ZoneInfo("Asia/Jakarta"))
    midnight = datetime.combine(now.date() + timedelta(days=1), at.min, now.tzinfo)
    if midnight - now < timedelta(seconds=A_WHILE):
        sleep((midnight - now).total_seconds() + 1)


@pytest.fixture
def field(built: tuple[Path, House], opened: tuple[Path, str, Flask]) -> Field:
    """The open house, with a fresh copy of the unit."""
    folder, url, app = opened
    _restore(built[0], folder)
    clock.fix(TODAY)
    return Field(url, built[1], app)


@pytest.fixture
def line(field: Field) -> Iterator[Line]:
    """What comes to the house from its phones, and what befalls it on the way."""
    between = Line(field.app)
    yield between
    between.close()


@pytest.fixture
def phone(field: Field, page: Page) -> Page:
    """The officer's phone, signed in, with all it needs to do without a signal."""
    page.on("pageerror", lambda fault: pytest.fail(f"the page failed: {fault}"))
    field.let_in(page)
    page.wait_for_selector("body[data-ready]")
    return page


@pytest.fixture
def desk_args() -> dict[str, Any]:
    """A desk: a wide window and a keyboard."""
    return {"viewport": {"width": 1280, "height": 800}, "is_mobile": False, "has_touch": False, "device_scale_factor": 1}


class Sheet:
    """One group's sheet on the phone, spoken to as an officer would."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def row(self, name: str) -> Any:
        return self.page.locator(".row").filter(has=self.page.get_by_text(name, exact=True))

    def reached(self, name: str) -> Any:
        """Her row, once the last toast has gone: it would lie over a row at the foot."""
        self.page.evaluate("() => document.getElementById('toast').replaceChildren()")
        return self.row(name)

    def button(self, name: str) -> Any:
        return self.page.get_by_role("button", name=name, exact=True)

    def open(self, group: str = "Melati 07") -> "Sheet":
        self.page.get_by_role("link", name=group).tap()
        expect(self.page.locator(".row").first).to_be_visible()
        return self

    def all_paid(self) -> "Sheet":
        self.button("Semua lunas").tap()
        expect(self.button("Selesai")).to_be_visible()
        return self

    def absent(self, name: str) -> "Sheet":
        self.reached(name).locator("[data-do=here]").tap()
        expect(self.row(name).locator("[data-do=here]")).to_have_text("Tidak")
        return self

    def pays(self, name: str, *keys: str) -> "Sheet":
        self.reached(name).locator("[data-do=paid]").tap()
        for key in keys:
            self.button(key).tap()
        self.button("Simpan").tap()
        expect(self.page.locator("dialog")).to_have_count(0)
        return self

    def count(self) -> "Sheet":
        self.button("Selesai").tap()
        expect(self.page.get_by_role("heading", name="Hitung uang")).to_be_visible()
        return self

    def fits(self) -> "Sheet":
        self.button("Cocok, simpan").tap()
        expect(self.page.locator("dialog")).to_have_count(0)
        return self


@pytest.fixture
def sheet(phone: Page) -> Sheet:
    """The list of the day, about to be tapped on."""
    return Sheet(phone)


@pytest.fixture
def badge(phone: Page) -> Any:
    """What the head of the page says about the unsent."""
    return phone.locator("[role=status][data-unsent]")


@pytest.fixture
def offline(context: BrowserContext) -> Callable[[bool], None]:
    """`offline(True)`: the yard has no signal."""
    return context.set_offline
