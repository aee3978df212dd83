"""A small house to knock at: two units, somebody in every role with a token of her own, and a group that may borrow."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Settings
from lending.actions import cash, tokens
from lending.database import is_postgresql
from lending.domain.access import Actor, Role
from tests.conftest import TODAY
from tests.furnished import MASTER_KEY, copy_of_postgresql, opened
from tests.makers import a_group, a_unit, a_user, ready_for_a_loan, some_members, the_house

UUID = "0b0f2b8e-7c1d-4c8e-9a51-{:012d}"


@dataclass
class Caller:
    """A program with somebody's token: `get("/groups")` gives the whole answer, `ok(...)` its JSON or a failed test."""

    client: FlaskClient
    token: str | None
    language: str = "id"

    def call(self, method: str, path: str, **words: Any) -> TestResponse:
        headers = {"Accept-Language": self.language, **words.pop("headers", {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **words)

    def get(self, path: str, **words: Any) -> TestResponse:
        return self.call("GET", path, **words)

    def post(self, path: str, body: Any = None, **words: Any) -> TestResponse:
        return self.call("POST", path, json={} if body is None else body, **words)

    def put(self, path: str, body: Any) -> TestResponse:
        return self.call("PUT", path, json=body)

    def ok(self, answer: TestResponse, status: int = 200) -> Any:
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_json()


def refused(answer: TestResponse) -> tuple[int, str, str | None]:
    """A problem document's status, code, and first field to blame; it must be one in every respect."""
    assert answer.mimetype == "application/problem+json", answer.get_data(as_text=True)
    said = answer.get_json()
    assert set(said) == {"type", "title", "status", "detail", "errors"}
    assert said["status"] == answer.status_code
    assert said["title"]
    assert said["detail"]
    for fault in said["errors"]:
        assert set(fault) == {"at", "code", "message"}
        assert fault["message"]
    return answer.status_code, said["type"].removeprefix("/problems/"), said["errors"][0]["at"] if said["errors"] else None


@dataclass
class House:
    """The people of a unit, and of its neighbour, each as a `Caller`."""

    app: Flask
    actors: dict[str, Actor] = field(default_factory=dict)
    callers: dict[str, Caller] = field(default_factory=dict)

    def __getitem__(self, username: str) -> Caller:
        """The caller with this person's token; she is made when first asked for: `head`, `officer2`, `srg-head` …"""
        if username not in self.callers:
            self.actor(username)
            self.callers[username] = Caller(self.app.test_client(), tokens.issue_token(username, the_house()).token)
        return self.callers[username]

    def actor(self, username: str) -> Actor:
        if username not in self.actors:
            unit = "SRG" if username.startswith("srg-") else "JMB"
            role = Role(username.removeprefix("srg-").rstrip("2"))
            self.actors[username] = a_user(role, username=username, unit=None if role in {Role.CITY, Role.ADMIN} else unit)
        return self.actors[username]

    def nobody(self) -> Caller:
        """Somebody without a token."""
        return Caller(self.app.test_client(), None)


@dataclass
class Village:
    """A group of ten of `officer` in JMB that meets on Thursdays, each woman ready for a first loan, and cash in the vault."""

    house: House
    group: int
    members: list[int]

    def __getitem__(self, username: str) -> Caller:
        return self.house[username]

    def loan(self, member: int, *, principal: int = 2_000_000, weeks: int = 50, on: date = TODAY) -> int:
        """A running loan, through the API itself."""
        officer, head, cashier = (self.house[name] for name in ("officer", "head", "cashier"))
        body = {"member": member, "product": "MEKAAR", "principal": principal, "weeks": weeks, "purpose": "warung"}
        loan = officer.ok(officer.post("/loans", body), 201)["id"]
        officer.ok(officer.post(f"/loans/{loan}/recommend", {"in_favour": 10, "present": 10}))
        head.ok(head.post(f"/loans/{loan}/verify"))
        head.ok(head.post(f"/loans/{loan}/approve"))
        cashier.ok(cashier.post(f"/loans/{loan}/disburse", {"on": on.isoformat(), "confirmed_by_member": True}))
        return int(loan)


@dataclass(frozen=True)
class Founded:
    """What stands in a database before the test begins: its people, and a group that may borrow where the test asks for the village."""

    actors: dict[str, Actor]
    group: int = 0
    members: tuple[int, ...] = ()


def _found_a_house() -> Founded:
    a_unit()
    return Founded({})


def _found_a_village() -> Founded:
    house = House(current_app._get_current_object(), dict(_found_a_house().actors))  # type: ignore[attr-defined]
    officer = house.actor("officer")
    group = a_group(officer, first_meeting=TODAY + timedelta(days=7))
    members = some_members(group, officer)
    for member in members:
        ready_for_a_loan(member, officer)
    cash.transfer(cash.Transfer(UUID.format(0), TODAY, 100_000_000, "bank", "vault", "modal awal"), house.actor("cashier"))
    return Founded(house.actors, group, tuple(members))


FOUNDERS = {"village": _found_a_village, "house": _found_a_house}
"""By the fixture that a test asks for: who builds what it finds, once for each kind of database; every test gets a copy."""


def _asked_for(request: pytest.FixtureRequest) -> str | None:
    return next((name for name in FOUNDERS if name in request.fixturenames), None)


@pytest.fixture(scope="session")
def founded_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Founded]]:
    """The file for those who ask for a house or for a village."""

    @cache
    def found(name: str) -> tuple[Path, Founded]:
        path = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp(name) / "lending.db"))
        with opened(f"sqlite:///{path}"):
            return path, FOUNDERS[name]()

    return found


@pytest.fixture(scope="session")
def founded_postgresql(request: pytest.FixtureRequest) -> Iterator[Callable[[str], tuple[str, Founded]]]:
    """The name of the database to copy on the tests' PostgreSQL."""
    server = request.getfixturevalue("postgresql")
    with ExitStack() as copies:

        @cache
        def found(name: str) -> tuple[str, Founded]:
            template, url = copies.enter_context(copy_of_postgresql(server, f"lending_template_{os.getpid()}"))
            with opened(url):
                return template, FOUNDERS[name]()

        yield found


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of the test's own, with what it asks for already in it."""
    asked = _asked_for(request)
    if request.param == "sqlite":
        path = request.getfixturevalue("founded_sqlite")(asked)[0] if asked else request.getfixturevalue("sqlite_template")
        shutil.copy(path, tmp_path / "lending.db")
        yield f"sqlite:///{tmp_path / 'lending.db'}"
    else:
        template = request.getfixturevalue("founded_postgresql")(asked)[0] if asked else f"lending_template_{os.getpid()}"
        with copy_of_postgresql(request.getfixturevalue("postgresql"), template) as (_, url):
            yield url


@pytest.fixture
def make_settings(make_settings: Callable[..., Settings]) -> Callable[..., Settings]:
    """With the key that what was sealed in the database to copy opens with."""
    return partial(make_settings, LENDING_MASTER_KEY=MASTER_KEY)


@pytest.fixture
def founded(request: pytest.FixtureRequest, app: Flask) -> Founded:
    """What the test finds in its database."""
    kind = "founded_postgresql" if is_postgresql() else "founded_sqlite"
    found: Founded = request.getfixturevalue(kind)(_asked_for(request))[1]
    return found


@pytest.fixture
def house(app: Flask, founded: Founded) -> House:
    return House(app, dict(founded.actors))


@pytest.fixture
def village(house: House, founded: Founded) -> Village:
    return Village(house, founded.group, list(founded.members))
