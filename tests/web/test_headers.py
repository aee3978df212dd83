"""What every answer wears, whatever page or program asked."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, IntegerConverter, UUIDConverter
from werkzeug.test import TestResponse

from config import Settings
from lending.app import create_app


def answers(app: Flask, client: FlaskClient) -> Iterator[tuple[str, TestResponse]]:
    """Every address of the house that can be asked with GET, with ids that are nobody's."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            built = rule.build({name: example(rule._converters[name]) for name in rule.arguments})
            if built:
                yield rule.rule, client.get(built[1], buffered=True)


def example(converter: object) -> object:
    """A value that fits the place in the address, and belongs to nobody."""
    match converter:
        case IntegerConverter():
            return 999_999
        case UUIDConverter():
            return UUID(int=7)
        case AnyConverter():
            return min(converter.items)
        case _:
            return "x"


@pytest.mark.parametrize("username", [None, "head", "admin"])
def test_every_answer_is_dressed(app, enter, client, username):
    who = enter(username) if username else client
    seen = 0
    for rule, answer in answers(app, who):
        seen += 1
        assert answer.headers["X-Content-Type-Options"] == "nosniff", rule
        assert answer.headers["Referrer-Policy"] == "same-origin", rule
        assert answer.headers["X-Request-Id"], rule
        if answer.mimetype == "text/html":
            policy = answer.headers["Content-Security-Policy"]
            for part in (
                "default-src 'none'", "script-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
                "form-action 'self'", "require-trusted-types-for 'script'",
            ):  # fmt: skip
                assert part in policy, f"{rule}: {part}"
            assert "unsafe" not in policy, rule
            assert "no-store" in answer.headers["Cache-Control"], rule
            assert "<script>" not in answer.text, rule
            assert " style=" not in answer.text, rule
        assert answer.status_code != 500, rule
    assert seen > 10


def test_what_a_sign_in_protects_is_never_stored(enter):
    assert "no-store" in enter("head").get("/").headers["Cache-Control"]


def test_a_static_file_is_kept_a_year_under_its_mark_and_asked_for_again_without(client):
    address = re.search(r'href="(/static/css/app.css\?v=\w+)"', client.get("/sign-in").text)
    assert address
    kept = client.get(address[1], headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert "max-age=31536000" in kept.headers["Cache-Control"]
    assert kept.headers["Content-Encoding"] == "gzip"
    assert len(kept.data) < 9_000
    asked_again = client.get("/static/css/app.css", buffered=True)
    assert asked_again.headers["Cache-Control"] in {"public, no-cache", "no-cache, public"}
    assert "Content-Encoding" not in asked_again.headers


def test_production_marks_its_cookies_and_asks_for_tls(make_settings, database):
    settings = make_settings(
        LENDING_DATABASE_URL=database, LENDING_ENV="production", LENDING_TODAY="", LENDING_DEMO="0", LENDING_TRUSTED_HOSTS="maju.example",
        LENDING_SECRET="kunci-panjang-yang-sukar-ditebak-7391", LENDING_MASTER_KEY="induk-panjang-yang-sukar-ditebak-2648",
    )  # fmt: skip
    assert isinstance(settings, Settings)
    browser = create_app(settings).test_client()
    answer = browser.get("/sign-in", base_url="https://maju.example")
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"]
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    assert all(one.startswith("__Host-") and "Secure" in one and "Path=/" in one and "Domain" not in one for one in cookies)
    assert browser.get("/sign-in", base_url="https://localhost").status_code == 400, "loopback is no name of a production house"
