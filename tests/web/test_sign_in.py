"""Who gets in, where she lands, and what her cookie is worth afterwards."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lending import clock
from tests.makers import PASSWORD
from tests.web.conftest import sign_in, token_in


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("sesi")
    assert found is not None
    return found.value


@pytest.mark.parametrize(
    ("username", "place"), [("officer", "/lapangan"), ("head", "/"), ("cashier", "/"), ("mentor", "/"), ("admin", "/")]
)
def test_each_lands_where_her_work_is(client, username, place):
    answer = sign_in(client, username)
    assert (answer.status_code, answer.headers["Location"]) == (303, place)


def test_a_page_asked_for_before_signing_in_is_where_she_lands(client):
    asked = client.get("/loans?state=applied")
    assert (asked.status_code, asked.headers["Location"]) == (303, "/sign-in?next=/loans%3Fstate%3Dapplied")
    answer = sign_in(client, "head", next="/loans?state=applied")
    assert answer.headers["Location"] == "/loans?state=applied"


def test_the_sign_in_page_sends_on_whoever_is_in_already(enter):
    assert enter("officer").get("/sign-in").headers["Location"] == "/lapangan"
    assert enter("head").get("/sign-in?next=/loans").headers["Location"] == "/loans"


@pytest.mark.parametrize("username", ["head", "nobody-of-this-name", ""])
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(client, username):
    answer = sign_in(client, username, "salah-sekali-ini")
    if username:
        assert answer.status_code == 401
        assert "Nama pengguna atau kata sandi salah" in answer.text
        assert f'value="{username}"' in answer.text, "what was typed is kept"
    else:
        assert answer.status_code == 422
        assert "Bagian ini harus diisi" in answer.text
    assert "salah-sekali-ini" not in answer.text, "but the password is not said aloud"


@pytest.mark.parametrize(
    "next_place",
    [
        "https://jahat.example/", "//jahat.example", "///jahat.example", "/\\jahat.example", "\\\\jahat.example", "http:jahat.example",
        "javascript:alert(1)", "/\t/jahat.example", "/\n/jahat.example", " //jahat.example", "data:text/html,x", "/%09/../\r\nX: y",
        "jahat.example", "//jahat.example/%2f..", "/\x00/jahat.example", "\u2028//jahat.example", "https:/jahat.example", "/\u3000/x",
    ],
)  # fmt: skip
def test_no_next_leads_out_of_the_house(client, next_place):
    for answer in (sign_in(client, "head", next=next_place), client.get("/sign-in", query_string={"next": next_place})):
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_a_new_session_shares_nothing_with_what_the_browser_held(client):
    client.get("/sign-in")
    before = cookie(client)
    with client.session_transaction() as planted:
        planted["planted"] = "by somebody else"
    sign_in(client, "head")
    with client.session_transaction() as session:
        assert "planted" not in session
    assert cookie(client) != before


def test_the_cookie_holds_a_random_token_and_the_csrf_seed_and_no_more(enter):
    client = enter("head")
    client.get("/")
    with client.session_transaction() as session:
        assert set(session) <= {"_user_id", "_fresh", "_permanent", "csrf_token"}
        assert len(session["_user_id"]) >= 40
        assert "head" not in session["_user_id"]


def test_after_signing_out_every_copy_of_the_cookie_is_dead(enter, app):
    client = enter("head")
    stolen = cookie(client)
    page = client.get("/")
    answer = client.post("/sign-out", data={"csrf_token": token_in(page)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    thief = app.test_client()
    thief.set_cookie("sesi", stolen)
    assert thief.get("/").headers["Location"] == "/sign-in"


@pytest.mark.parametrize(
    ("username", "rest", "alive"),
    [
        ("head", timedelta(minutes=29), True),
        ("head", timedelta(minutes=31), False),
        ("officer", timedelta(days=6, hours=23), True),
        ("officer", timedelta(days=7, minutes=1), False),
    ],
)
def test_a_session_that_rests_too_long_ends(enter, monkeypatch, username, rest, alive):
    client = enter(username)
    later = clock.now() + rest
    monkeypatch.setattr(clock, "now", lambda: later)
    assert (client.get("/").status_code == 200) is alive


def test_a_desk_session_ends_after_twelve_hours_however_busy(enter, monkeypatch):
    client = enter("head")
    begun = clock.now()
    for minutes in range(20, 13 * 60, 20):
        at = begun + timedelta(minutes=minutes)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        if client.get("/").status_code == 303:
            break
    assert timedelta(hours=11, minutes=40) <= at - begun <= timedelta(hours=12)


def test_a_phone_keeps_its_session_when_the_browser_closes_and_a_desk_does_not(app):
    phone, desk = sign_in(app.test_client(), "officer"), sign_in(app.test_client(), "head")
    assert "Expires=" in next(one for one in phone.headers.getlist("Set-Cookie") if one.startswith("sesi="))
    assert "Expires=" not in next(one for one in desk.headers.getlist("Set-Cookie") if one.startswith("sesi="))


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(app):
    for one in sign_in(app.test_client(), "head").headers.getlist("Set-Cookie"):
        assert "HttpOnly" in one
        assert "SameSite=Lax" in one
        assert "Path=/" in one


def test_guessing_locks_out_strangers_and_not_her_own_browser(app, client):
    sign_in(client, "head")
    client.post("/sign-out", data={"csrf_token": token_in(client.get("/"))})
    stranger = app.test_client()
    for _ in range(10):
        assert sign_in(stranger, "head", "tebak-tebakan").status_code == 401
    refused = sign_in(stranger, "head", PASSWORD)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "Terlalu banyak kata sandi salah" in refused.text
    assert sign_in(client, "head").status_code == 303, "her own browser goes on"
    assert sign_in(app.test_client(), "cashier").status_code == 303, "and so does everybody else"


def test_only_the_demo_shows_whom_to_be(demo: Flask, client):
    assert "Coba sebagai" not in client.get("/sign-in").text
    page = demo.test_client().get("/sign-in")
    assert page.status_code == 200
    assert "Coba sebagai" not in page.text, "nobody in this database carries the demo's mark"


def test_a_tapped_demo_name_stands_in_the_field(demo: Flask):
    assert 'value="head"' in demo.test_client().get("/sign-in?as=head").text
