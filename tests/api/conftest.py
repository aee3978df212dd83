"""A small house to knock at: two units, somebody in every role with a token of her own, and a group that may borrow."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lending.actions import admin, cash
from lending.domain.access import Actor, Role
from tests.conftest import TODAY
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
            unit = "SRG" if username.startswith("srg-") else "JMB"
            role = Role(username.removeprefix("srg-").rstrip("2"))
            self.actors[username] = a_user(role, username=username, unit=None if role in {Role.CITY, Role.ADMIN} else unit)
            self.callers[username] = Caller(self.app.test_client(), admin.issue_token(username, the_house()))
        return self.callers[username]

    def actor(self, username: str) -> Actor:
        _ = self[username]
        return self.actors[username]

    def nobody(self) -> Caller:
        """Somebody without a token."""
        return Caller(self.app.test_client(), None)


@pytest.fixture
def house(app: Flask) -> House:
    a_unit()
    return House(app)


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


@pytest.fixture
def village(house: House) -> Village:
    officer = house.actor("officer")
    group = a_group(officer, first_meeting=TODAY + timedelta(days=7))
    members = some_members(group, officer)
    for member in members:
        ready_for_a_loan(member, officer)
    cashier = house.actor("cashier")
    cash.transfer(cash.Transfer(UUID.format(0), TODAY, 100_000_000, "bank", "vault", "modal awal"), cashier)
    return Village(house, group, members)
