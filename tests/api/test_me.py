"""Who asks, and how she shows who she is."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.conftest import House, refused
from tests.conftest import TODAY
from tests.makers import PASSWORD

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_program_learns_who_it_acts_for(house: House) -> None:
    me = house["officer"].ok(house["officer"].get("/me"))
    assert me == {
        "username": "officer",
        "name": "Officer",
        "roles": ["officer"],
        "unit": "JMB",
        "today": TODAY.isoformat(),
        "session": None,
        "csrf": None,
    }
    assert house["admin"].ok(house["admin"].get("/me"))["unit"] is None


@pytest.mark.parametrize("token", [None, "x", "", "é"])
def test_without_a_token_that_lives_nobody_is_known(house: House, token: str | None) -> None:
    client = house.app.test_client()
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    answer = client.get("/api/v1/me", headers=headers)
    assert refused(answer) == (401, "not_signed_in", None)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def signed_in(house: House, username: str) -> FlaskClient:
    house.actor(username)
    client = house.app.test_client()
    page = client.get("/sign-in").get_data(as_text=True)
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = client.post("/sign-in", data={"username": username, "password": PASSWORD, "csrf_token": token})
    assert answer.status_code == 303
    return client


def test_a_browser_learns_its_token_and_until_when_it_is_signed_in(house: House) -> None:
    client = signed_in(house, "officer")
    me = client.get("/api/v1/me").get_json()
    assert me["username"] == "officer"
    assert me["session"]["idle_until"] <= me["session"]["until"]
    headers = {"X-CSRFToken": me["csrf"]}
    body = {"name": "x"}
    assert refused(client.post("/api/v1/groups", json=body)) == (403, "csrf", None)
    assert refused(client.post("/api/v1/groups", json=body, headers=headers)) == (400, "required", "kelurahan")
    foreign = {**headers, "Origin": "https://evil.example"}
    assert refused(client.post("/api/v1/groups", json=body, headers=foreign)) == (403, "foreign_origin", None)


def test_a_token_counts_alone_even_beside_a_session(house: House, app: Flask) -> None:
    client = signed_in(house, "head")
    answer = client.get("/api/v1/me", headers={"Authorization": "Bearer wrong"})
    assert refused(answer)[0] == 401
    token = house["officer"].token
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).get_json()["username"] == "officer"


def test_no_answer_is_kept_by_anybody_in_between(house: House) -> None:
    answer = house["officer"].get("/me")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
