"""Who gets in, where she lands, and what her cookie is worth afterwards."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lending import clock
from lending.domain.access import Role
from tests.makers import PASSWORD, a_user
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


def test_a_mentor_with_a_phone_in_her_hand_lands_in_the_field(client):
    client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36"
    assert sign_in(client, "mentor").headers["Location"] == "/lapangan"
    assert client.get("/lapangan").status_code == 200
    assert client.get("/lapangan/kunci").status_code == 200


def test_a_mentor_at_a_desk_has_a_door_to_the_field(client):
    sign_in(client, "mentor")
    assert 'href="/lapangan"' in client.get("/").get_data(as_text=True).split("<main", 1)[1]


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


def test_officers_who_share_a_phone_are_each_known_on_it(app):
    phone = app.test_client()
    for username in ("officer", "mentor", "officer"):
        sign_in(phone, username)
        phone.post("/sign-out", data={"csrf_token": token_in(phone.get("/"))})
    for username in ("officer", "mentor"):
        stranger = app.test_client()
        for _ in range(10):
            sign_in(stranger, username, "tebak-tebakan")
        assert sign_in(app.test_client(), username).status_code == 429
        assert sign_in(phone, username).status_code == 303
        phone.post("/sign-out", data={"csrf_token": token_in(phone.get("/"))})


def test_a_browser_token_that_is_not_ours_is_never_taken_over(app):
    phone = app.test_client()
    phone.set_cookie("peramban", "from-somebody-else")
    sign_in(phone, "officer")
    found = phone.get_cookie("peramban")
    assert found is not None
    assert found.value != "from-somebody-else"


def test_only_the_demo_shows_whom_to_be(demo: Flask, client):
    assert "Coba sebagai" not in client.get("/sign-in").text
    page = demo.test_client().get("/sign-in")
    assert page.status_code == 200
    assert "Coba sebagai" not in page.text, "nobody in this database carries the demo's mark"


def test_a_tapped_demo_name_stands_in_the_field(demo: Flask):
    assert 'value="head"' in demo.test_client().get("/sign-in?as=head").text


NEW = "lima-kerbau-di-ladang"


def change(client: FlaskClient, old: str, new: str, again: str | None = None):
    page = client.get("/password")
    sent = {"csrf_token": token_in(page), "old": old, "password": new, "again": new if again is None else again}
    return client.post("/password", data=sent)


def test_a_new_password_ends_every_other_session_and_says_so_to_its_phone(app, enter):
    here, phone = enter("officer"), enter("officer")
    copied = cookie(here)
    answer = change(here, PASSWORD, NEW)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert here.get("/api/v1/me").status_code == 200, "this browser goes on"
    said = phone.get("/api/v1/me")
    assert (said.status_code, said.json["type"]) == (401, "/problems/password_changed")
    assert phone.get("/").headers["Location"] == "/sign-in"
    thief = app.test_client()
    thief.set_cookie("sesi", copied)
    assert thief.get("/api/v1/me").status_code == 401, "a copy of this browser's old session is dead too"
    assert sign_in(phone, "officer").status_code == 401
    assert sign_in(phone, "officer", NEW).status_code == 303
    with app.app_context():
        from lending.database import session
        from lending.models import AuditEvent

        noted = session.query(AuditEvent).filter_by(act="accounts.change_password").one()
        assert noted.after == {"sessions_ended": 1}
        assert NEW not in str(noted.__dict__)


@pytest.mark.parametrize(
    ("old", "new", "again", "at", "words"),
    [
        ("salah-sekali-ini", NEW, None, "old", "Kata sandi yang lama salah"),
        (PASSWORD, PASSWORD, None, "password", "sama dengan yang lama"),
        (PASSWORD, "rahasia12345", None, "password", "paling sedikit 12 huruf"),
        (PASSWORD, NEW, "lain-dari-yang-tadi", "again", "tidak sama"),
        (PASSWORD, "", None, "password", "harus diisi"),
    ],
)
def test_a_new_password_that_is_refused_changes_nothing(app, enter, old, new, again, at, words):
    client, other = enter("head"), enter("head")
    page = change(client, old, new, again)
    assert page.status_code in {400, 422}
    assert words in page.text.split(f'id="{at}-error"', 1)[1].split("</p>", 1)[0]
    for typed in (old, new):
        assert not typed or typed not in page.text, "no password is said aloud"
    assert other.get("/").status_code == 200
    assert sign_in(app.test_client(), "head").status_code == 303


@pytest.mark.parametrize("username", ["head", "h" * 60])
def test_guessing_at_the_old_password_ends_and_keeps_nobody_from_signing_in(app, enter, username):
    if username != "head":
        with app.app_context():
            a_user(Role.HEAD, username=username)
    client = enter(username)
    for _ in range(10):
        assert change(client, "tebak-tebakan", NEW).status_code == 422
    refused = change(client, PASSWORD, NEW)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert sign_in(app.test_client(), username).status_code == 303


def call(client: FlaskClient, path: str):
    csrf = client.get("/api/v1/me").get_json()["csrf"]
    return client.post(f"/api/v1{path}", headers={"X-CSRFToken": csrf})


def by_code(client: FlaskClient, code: str, new: str = NEW, username: str = "officer"):
    page = client.get("/sign-in/code")
    sent = {"csrf_token": token_in(page), "username": username, "code": code, "password": new, "again": new}
    return client.post("/sign-in/code", data=sent)


def test_a_lost_password_is_replaced_with_a_code_that_works_once(app, enter):
    admin, phone, stranger = enter("admin"), enter("officer"), app.test_client()
    given = call(admin, "/users/officer/reset").json
    assert phone.get("/api/v1/me").json["type"] == "/problems/password_changed"
    assert sign_in(stranger, "officer").status_code == 401, "the old one opens nothing"
    led = sign_in(stranger, "officer", given["code"])
    assert (led.status_code, led.headers["Location"]) == (303, "/sign-in/code?as=officer")
    weak = by_code(stranger, given["code"], "rahasia12345")
    assert (weak.status_code, "paling sedikit 12 huruf" in weak.text) == (422, True)
    other = by_code(stranger, given["code"], username="mentor")
    assert (other.status_code, "Kode ini salah" in other.text) == (422, True)
    welcome = by_code(stranger, given["code"].lower())
    assert (welcome.status_code, welcome.headers["Location"]) == (303, "/lapangan")
    assert stranger.get("/api/v1/me").json["username"] == "officer"
    assert by_code(app.test_client(), given["code"]).status_code == 422, "it is spent"
    assert sign_in(app.test_client(), "officer", NEW).status_code == 303


def test_a_code_is_dead_after_a_day_and_guessing_at_it_ends(app, enter, monkeypatch):
    given = call(enter("admin"), "/users/officer/reset").json
    later = clock.now() + timedelta(hours=24, minutes=1)
    with monkeypatch.context() as tomorrow:
        tomorrow.setattr(clock, "now", lambda: later)
        assert by_code(app.test_client(), given["code"]).status_code == 422
    for _ in range(10):
        by_code(app.test_client(), "TEBAKTEBAKAN")
    assert by_code(app.test_client(), given["code"]).status_code == 429


def test_the_sessions_of_a_lost_phone_are_ended_and_its_owner_signs_in_again(enter, app):
    admin, phone = enter("admin"), enter("officer")
    assert call(admin, "/users/officer/end-sessions").json == {"username": "officer", "ended": 1}
    assert phone.get("/api/v1/me").json["type"] == "/problems/session_revoked"
    assert sign_in(app.test_client(), "officer").status_code == 303
    assert call(admin, "/users/nobody/end-sessions").status_code == 404
    for path in ("/users/admin/reset", "/users/officer/end-sessions"):
        assert call(enter("head"), path).status_code == 403


def test_the_admin_gives_out_a_code_at_the_desk(enter):
    admin = enter("admin")
    page = admin.get("/settings")
    asked = admin.post("/settings/users/officer/reset", data={"csrf_token": token_in(page)})
    assert "Kata sandinya langsung mati" in asked.text
    given = admin.post("/settings/users/officer/reset", data={"csrf_token": token_in(page), "sure": "1"})
    assert "Kode ini hanya tampil sekali" in given.text
    ended = admin.post("/settings/users/mentor/end-sessions", data={"csrf_token": token_in(page)}, follow_redirects=True)
    assert "0 sesi mentor diakhiri" in ended.text


def test_a_closed_account_says_so_to_whoever_knows_its_password(app, enter):
    admin, phone = enter("admin"), enter("mentor")
    csrf = admin.get("/api/v1/me").get_json()["csrf"]
    assert admin.patch("/api/v1/users/mentor", json={"active": False}, headers={"X-CSRFToken": csrf}).status_code == 200
    assert phone.get("/api/v1/me").json["type"] == "/problems/account_closed"
    answer = sign_in(app.test_client(), "mentor")
    assert (answer.status_code, "Akun ini sudah ditutup" in answer.text) == (401, True)
    assert "Akun ini sudah ditutup" not in sign_in(app.test_client(), "mentor", "salah-sekali-ini").text
