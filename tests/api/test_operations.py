"""Alive and ready, as whoever watches the process sees it; and how often one may ask."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from lending import clock
from lending.actions.arrears import close_date
from lending.database import db
from lending.web.limits import Limits
from tests.api.conftest import House, Village
from tests.conftest import TODAY


def test_a_house_without_loans_is_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json() == {"database": "ok", "migrations": "ok", "nightly": {"last_closed": None, "late_days": 0}, "clock": "ok"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_from_the_second_late_night_on_it_is_not_ready(village: Village) -> None:
    village.loan(village.members[0])
    client = village.house.app.test_client()
    for days, status in ((0, 200), (1, 200), (2, 503), (5, 503)):
        clock.fix(TODAY + timedelta(days=days))
        answer = client.get("/readyz")
        assert (answer.status_code, answer.get_json()["nightly"]["late_days"]) == (status, days)
    for days in range(5):
        close_date(TODAY + timedelta(days=days), "test")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json()["nightly"] == {"last_closed": (TODAY + timedelta(days=4)).isoformat(), "late_days": 0}


def test_an_older_schema_than_the_programme_wants_is_not_ready(app: Flask, client: FlaskClient) -> None:
    app.extensions["lending_revision"] = "9999"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["migrations"]) == (503, "behind")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_database_without_tables_is_not_ready(app: Flask, client: FlaskClient) -> None:
    with db.engine.connect().execution_options(lending_writing=True) as connection:
        connection.execute(text("ALTER TABLE alembic_version RENAME TO elsewhere"))
        connection.commit()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["migrations"]) == (503, "behind")
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_stranger_who_asks_too_often_is_told_to_wait_and_what_pages_draw_along_is_not_counted(house: House) -> None:
    house.app.config["RATE_LIMITED"] = True
    house.app.extensions["lending_limits"] = Limits(tick=lambda: 0.0)
    client = house.app.test_client()
    for path in ("/healthz", "/static/css/app.css", "/sw.js"):
        for _ in range(25):
            with client.get(path) as answer:
                assert answer.status_code == 200, path
    answers = [client.get("/sign-in") for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    refused = house.nobody().get("/me")
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
