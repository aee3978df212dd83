"""A no is an answer: a page that says what to do, a problem document for programs; a bug tells nothing but its number."""

import pytest
from flask import Blueprint, Flask, abort

from lending.domain.refusals import Conflict, FieldFault, Refusal
from lending.web.guards import open_to_anyone


@pytest.fixture
def trouble(app: Flask) -> Flask:
    """The app with a door that raises whatever it is asked for."""
    pages = Blueprint("trouble", __name__)

    def raise_it(what: str) -> str:
        if what.isdigit():
            abort(int(what))
        if what == "bug":
            raise RuntimeError("SELECT secret FROM somewhere /srv/house")
        if what == "taken":
            raise Conflict("already_recorded", receipt="JMB-2026-000047")
        if what == "lines":
            raise Refusal("pays_too_much", faults=[FieldFault("lines.3.paid", "pays_too_much", {"left": 450_000})], left=450_000)
        raise Refusal(what)

    pages.add_url_rule("/trouble/<what>", "page", open_to_anyone("a test")(raise_it), methods=["GET", "POST"])
    pages.add_url_rule("/api/v1/trouble/<what>", "call", open_to_anyone("a test")(raise_it))
    app.register_blueprint(pages)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503])
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_error_page_says_what_to_do_and_has_a_number(trouble, status, language):
    client = trouble.test_client()
    client.set_cookie("bahasa", language)
    answer = client.get(f"/trouble/{status}")
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert ("Ke halaman awal" if language == "id" else "To the start page") in answer.text
    if status in {429, 503}:
        assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503])
def test_every_error_of_the_api_is_a_problem_document(trouble, status):
    answer = trouble.test_client().get(f"/api/v1/trouble/{status}")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    said = answer.json
    assert set(said) == {"type", "title", "status", "detail", "errors"}
    assert said["status"] == status
    assert said["type"].startswith("/problems/")
    assert said["errors"] == []


@pytest.mark.parametrize("address", ["/trouble/bug", "/api/v1/trouble/bug"])
def test_a_bug_tells_the_log_and_nobody_else(trouble, caplog, address):
    answer = trouble.test_client().get(address)
    assert answer.status_code == 500
    for told in ("RuntimeError", "SELECT", "Traceback", "/srv", "secret"):
        assert told not in answer.text
    assert answer.headers["X-Request-Id"] in caplog.text


def test_a_refused_field_is_named_and_told_with_its_amount(trouble):
    said = trouble.test_client().get("/api/v1/trouble/lines", headers={"Accept-Language": "en"}).json
    assert said["status"] == 422
    assert said["type"] == "/problems/pays_too_much"
    assert said["errors"] == [
        {
            "at": "lines.3.paid",
            "code": "pays_too_much",
            "message": "The payment is more than what is left of the loan, Rp450,000. The rest may go into savings.",
        }
    ]


def test_a_conflict_names_what_was_there_first(trouble):
    answer = trouble.test_client().get("/trouble/taken")
    assert answer.status_code == 409
    assert "JMB-2026-000047" in answer.text


def test_a_page_that_needs_a_sign_in_asks_for_it_and_a_call_says_so(client):
    assert client.get("/").headers["Location"] == "/sign-in"
    assert client.head("/").status_code == 303
    answer = client.get("/api/v1/me")
    assert (answer.status_code, answer.json["type"]) == (401, "/problems/not_signed_in")


def test_a_code_leads_to_its_explanation_and_an_unknown_one_nowhere(client):
    page = client.get("/problems/pays_too_much")
    assert page.status_code == 200
    assert "Lebih dari sisa pinjaman." in page.text
    assert client.get("/problems/x").status_code == 404


def test_a_wrong_method_says_which_are_right(client):
    answer = client.put("/sign-in")
    assert answer.status_code in {403, 405}  # the token is asked for first
    assert "GET" in client.get("/sign-out").headers["Allow"] or "POST" in client.get("/sign-out").headers["Allow"]


def test_the_error_page_needs_no_database(trouble, monkeypatch):
    from lending.queries import accounts

    def broken(*_: object) -> None:
        raise RuntimeError("the database is away")

    client = trouble.test_client()
    client.get("/sign-in")
    with client.session_transaction() as session:
        session["_user_id"] = "a token"
    monkeypatch.setattr(accounts, "open_session", broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Ada kesalahan pada kami." in answer.text
