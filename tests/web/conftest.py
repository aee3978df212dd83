"""A house with one unit and somebody in every role of the desk, built once and copied for each test; and a browser's way in."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Settings
from lending.app import create_app
from lending.database import db
from lending.domain.access import Role
from tests.conftest import TODAY, OneRequestAtATime
from tests.furnished import MASTER_KEY, House, furnished_postgresql, furnished_sqlite, house
from tests.lived_in import lived_in, lived_in_sqlite, look, own_app, readers, work
from tests.makers import PASSWORD, a_unit, a_user
from tests.web.desk import PASSWORD as HOUSE_PASSWORD
from tests.web.desk import Desk

__all__ = ["furnished_postgresql", "furnished_sqlite", "house", "lived_in", "lived_in_sqlite", "look", "own_app", "readers", "work"]

PEOPLE = (Role.OFFICER, Role.MENTOR, Role.HEAD, Role.CASHIER, Role.AUDITOR, Role.CITY, Role.ADMIN)
OF_NO_UNIT = {Role.CITY, Role.ADMIN}


@pytest.fixture(scope="session")
def peopled(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """The database with its people, as a file to copy."""
    folder = tmp_path_factory.mktemp("peopled")
    path = Path(shutil.copy(sqlite_template, folder / "lending.db"))
    given = {"LENDING_ENV": "test", "LENDING_TODAY": TODAY.isoformat(), "LENDING_SCHEDULER": "0", "LENDING_DATA_DIR": str(folder)}
    app = create_app(Settings.from_environment(given | {"LENDING_DATABASE_URL": f"sqlite:///{path}"}, root=folder))
    with app.app_context():
        a_unit()
        for role in PEOPLE:
            a_user(role, unit=None if role in OF_NO_UNIT else "JMB")
        db.session.remove()
        db.engine.dispose()
    return path


@pytest.fixture
def database(peopled: Path, tmp_path: Path) -> str:
    """The address of a copy. What these tests look at does not depend on the kind of database."""
    shutil.copy(peopled, tmp_path / "lending.db")
    return f"sqlite:///{tmp_path / 'lending.db'}"


def token_in(page: TestResponse) -> str:
    """The CSRF token of the page's first form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, "the page has no form"
    return found[1]


def sign_in(client: FlaskClient, username: str, password: str = PASSWORD, **words: str) -> TestResponse:
    """What a browser does on the sign-in page; gives the answer as it came."""
    given = {"csrf_token": token_in(client.get("/sign-in")), "username": username, "password": password, **words}
    return client.post("/sign-in", data=given)


@pytest.fixture
def enter(app: Flask) -> Callable[[str], FlaskClient]:
    """`enter("head")`: a browser of her own, signed in."""

    def entered(username: str) -> FlaskClient:
        client = app.test_client()
        assert sign_in(client, username).status_code == 303
        return client

    return entered


@pytest.fixture
def doors(house: House, make_settings: Callable[..., Settings]) -> Iterator[Flask]:
    """The whole app on the furnished house (tests/furnished.py)."""
    url = db.engine.url.render_as_string(hide_password=False)
    app = create_app(make_settings(LENDING_DATABASE_URL=url, LENDING_MASTER_KEY=MASTER_KEY))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def desk(doors: Flask) -> Callable[[str], Desk]:
    """`desk("head")`: somebody of the furnished house, signed in at a browser of her own."""

    def seated(username: str) -> Desk:
        client = OneRequestAtATime(doors, doors.response_class, use_cookies=True)
        assert sign_in(client, username, HOUSE_PASSWORD).status_code == 303
        return Desk(client)

    return seated


@pytest.fixture
def demo(make_settings: Callable[..., Settings], database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The app as the demo's own, over the same people."""
    made = create_app(make_settings(LENDING_ENV="demo", LENDING_DATABASE_URL=database, LENDING_DEMO="0"))
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()
