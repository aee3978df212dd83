"""When the store is full, locked or away, people and programs are told so and may come again; nothing is kept by halves."""

from contextlib import closing

import pysqlite3
import pytest
from sqlalchemy import event

from lending.app import create_app
from lending.database import db
from lending.i18n import words
from tests.web.conftest import sign_in, token_in

NOBODY_LISTENS = "postgresql+psycopg://nobody:x@127.0.0.1:9/none?connect_timeout=2"


def test_a_store_that_does_not_answer_is_503_for_everybody(make_settings):
    app = create_app(make_settings(LENDING_DATABASE_URL=NOBODY_LISTENS))
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "a token"
    page, call = client.get("/"), client.get("/api/v1/me")
    assert (page.status_code, call.status_code) == (503, 503)
    assert int(page.headers["Retry-After"]) > 0
    assert int(call.headers["Retry-After"]) > 0
    assert "Sedang sibuk" in page.text
    assert call.get_json()["type"] == "/problems/busy"
    for answer in (page, call):
        assert "psycopg" not in answer.text
        assert "127.0.0.1" not in answer.text
    with app.app_context():
        db.engine.dispose()


def test_a_full_disk_is_507_and_reading_goes_on(app, client):
    page = client.get("/sign-in")
    with closing(db.engine.raw_connection()) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]

    def small(connection, _record):
        connection.execute(f"PRAGMA max_page_count={pages}")

    db.engine.dispose()
    event.listen(db.engine, "connect", small)
    token = token_in(page)
    for nth in range(200):  # every wrong password is a row, until there is no room for one
        refused = client.post("/sign-in", data={"csrf_token": token, "username": f"{nth:060}", "password": "salah-salah"})
        if refused.status_code != 401:
            break
    assert refused.status_code == 507
    assert "Tempat penyimpanan server penuh" in refused.text
    assert client.get("/sign-in").status_code == 200


def test_a_locked_store_is_503_and_the_same_act_is_kept_later(app, client, database):
    def hurry(connection, _record):
        connection.execute("PRAGMA busy_timeout=50")

    db.engine.dispose()
    event.listen(db.engine, "connect", hurry)
    # The house's own driver: two SQLite libraries in one process would not see each other's locks.
    with closing(pysqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused = sign_in(client, "head")
        assert refused.status_code == 503
        assert int(refused.headers["Retry-After"]) > 0
        other.execute("ROLLBACK")
    assert sign_in(client, "head").status_code == 303


@pytest.mark.parametrize("status", [503, 507])
def test_both_are_said_in_two_languages(app, status):
    code = {503: "busy", 507: "disk_full"}[status]
    assert words.refusal(code, {}).title != words.refusal(code, {}, "en").title
