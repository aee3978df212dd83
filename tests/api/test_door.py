"""The door itself, with a few calls of its own: the order of refusals, what goes in, what comes out. No database stands behind it."""

import csv
import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from msgspec import UNSET, field

from lending.domain.access import Actor, Permission, Role
from lending.domain.refusals import Conflict, NotAllowed, NotFound, NotSignedIn, Refusal
from lending.web import errors, headers, language, limits, login
from lending.web.api import openapi
from lending.web.api.door import Column, Door, Guard, Paper
from lending.web.api.messages.fields import Amount, Answer, AsOf, Body, Count, Id, Maybe, Name, Page, Uuid
from lending.web.api.paging import Window

TODAY = date(2026, 11, 26)
OFFICER = Actor(7, "officer", "Rini", Role.OFFICER, 1, "JMB", "Asia/Jakarta", TODAY)
CITY = Actor(8, "city", "Tati", Role.CITY, None, None, "Asia/Jakarta", TODAY)


class NewThing(Body, frozen=True, kw_only=True):
    name: Name
    amount: Amount
    owner: Maybe[Id] = UNSET


class Why(Body, frozen=True, kw_only=True):
    reason: Maybe[Name] = UNSET


class Inside(Answer, frozen=True, kw_only=True):
    par: dict[str, Amount]
    ratio: float | None


class Thing(Answer, frozen=True, kw_only=True):
    id: Id
    name: str
    amount: Amount
    on: date | None
    inside: Inside | None = None
    weeks: list[int] = field(default_factory=list)


class ThingsAsked(AsOf, frozen=True, kw_only=True):
    few: Maybe[Count] = UNSET


toys = Column("toys", "Things to try the door with")
THINGS = [Thing(id=number, name=f"Benda {number}", amount=number * 1000, on=TODAY) for number in range(1, 121)]


@toys.call("GET", "/things", needs=Permission.SEE_GROUPS)
def things(by: Actor, asked: ThingsAsked, window: Window) -> Page[Thing]:
    """All things."""
    few = THINGS if asked.few is UNSET else THINGS[: asked.few]
    return window.page([thing for thing in few if thing.id > window.after_id][: window.fetch], lambda thing: (thing.id,))


@toys.call("POST", "/things", needs=Permission.MANAGE_GROUPS, status=201)
def make_thing(by: Actor, body: NewThing) -> Thing:
    """Make a thing."""
    if body.owner == 404:
        raise NotFound
    if body.owner == 403:
        raise NotAllowed("maker_is_checker")
    if body.owner == 409:
        raise Conflict("already_recorded", receipt="JMB-2026-000001")
    if body.amount > 1_000:
        raise Refusal("too_large", at="amount", largest=1_000)
    return Thing(id=1, name=body.name, amount=body.amount, on=by.today)


@toys.call("GET", "/things/{id}", needs=Guard.SIGNED_IN)
def thing(by: Actor, number: int) -> Thing:
    """One thing."""
    if not 1 <= number <= 120:
        raise NotFound
    return THINGS[number - 1]


@toys.call("PUT", "/keeps/{uuid}", needs=(Permission.MANAGE_ADMIN, Permission.MANAGE_GROUPS), status=(201, 200))
def keep(by: Actor, uuid: Uuid, body: Why, sent: dict[str, Any]) -> tuple[Thing, int]:
    """Keep a thing once."""
    return Thing(id=1, name=uuid, amount=len(sent), on=None), 200 if sent else 201


@toys.call("GET", "/things/{id}/paper.pdf", needs=Permission.SEE_GROUPS, media="application/pdf")
def thing_paper(by: Actor, number: int) -> Paper:
    """A thing on paper."""
    return Paper(b"%PDF-", "application/pdf", "thing.pdf")


def rows_of(kept: Thing) -> list[Inside]:
    return [kept.inside] if kept.inside else []


@toys.call("GET", "/inside", needs=Permission.SEE_GROUPS, table=rows_of)
def inside(by: Actor) -> Thing:
    """What is inside."""
    return Thing(id=1, name="=1+1", amount=5, on=None, inside=Inside(par={"0": 10, "30": 5}, ratio=0.6404))


@toys.call("GET", "/strange", needs=Permission.SEE_GROUPS)
def strange(by: Actor) -> Page[Thing]:
    """Names that a spreadsheet might run."""
    names = ["=1+1", "+62811", "-1", "@x", "\tx", "\rx", "biasa", 'kutip "," koma', "＝1"]
    return Page(items=[Thing(id=9, name=name, amount=7, on=TODAY, weeks=[25, 50]) for name in names], next=None)


@toys.call("GET", "/open", needs=Guard.ANYONE)
def open_thing() -> Thing:
    """A thing for anyone."""
    return THINGS[0]


@pytest.fixture
def caller(monkeypatch: pytest.MonkeyPatch) -> list[Actor]:
    """Who asks: an officer with a token, unless the list is emptied or filled otherwise."""
    asking = [OFFICER]

    def me() -> Actor:
        if not asking:
            raise NotSignedIn("not_signed_in")
        return asking[0]

    monkeypatch.setattr(login, "me", me)
    monkeypatch.setattr(login, "by_token", lambda: True)
    monkeypatch.setattr(login, "reads_only", lambda: False)
    return asking


@pytest.fixture
def client(caller: list[Actor]) -> FlaskClient:
    app = Flask("toys")
    app.config.update(SECRET_KEY="x" * 40, RATE_LIMITED=False)
    language.set_up(app)
    errors.set_up(app)
    limits.set_up(app)
    headers.set_up(app, production=False, trusted_hosts=())
    app.register_blueprint(Door([toys]).blueprint())
    return app.test_client()


def problem(answer: Any) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json", answer.data
    said = answer.get_json()
    assert said["status"] == answer.status_code
    assert said["title"]
    assert said["detail"]
    return answer.status_code, said["type"].removeprefix("/problems/")


def test_a_list_comes_in_pages_that_follow_each_other(client: FlaskClient) -> None:
    seen, address = [], "/api/v1/things"
    sizes = []
    while True:
        page = client.get(address).get_json()
        sizes.append(len(page["items"]))
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        address = f"/api/v1/things?cursor={page['next']}"
    assert sizes == [50, 50, 20]
    assert seen == list(range(1, 121))
    assert len(client.get("/api/v1/things?limit=200").get_json()["items"]) == 120


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "1e2", ""])
def test_a_limit_beyond_two_hundred_is_refused(client: FlaskClient, limit: str) -> None:
    answer = client.get(f"/api/v1/things?limit={limit}")
    assert problem(answer) == (400, "shape")
    assert answer.get_json()["errors"][0]["at"] == "limit"


def test_an_answer_is_json_with_days_and_whole_rupiah(client: FlaskClient) -> None:
    answer = client.post("/api/v1/things", json={"name": "Kompor", "amount": 500})
    assert (answer.status_code, answer.mimetype) == (201, "application/json")
    assert answer.get_json() == {"id": 1, "name": "Kompor", "amount": 500, "on": "2026-11-26", "inside": None, "weeks": []}
    assert b'"ratio":0.6404' in client.get("/api/v1/inside").data


def test_of_several_faults_the_first_in_the_contracts_order_is_told(client: FlaskClient, caller: list[Actor]) -> None:
    good = {"name": "a", "amount": 1}
    huge = b" " * 1_000_001
    post = client.post
    assert problem(post("/api/v1/things", json=good | {"amount": 2_000}))[0] == 422
    assert problem(post("/api/v1/things", json=good | {"amount": 2_000, "owner": 409}))[0] == 409
    assert problem(post("/api/v1/things", json=good | {"amount": 2_000, "owner": 403}))[0] == 403
    assert problem(post("/api/v1/things", json=good | {"owner": 404}))[0] == 404
    assert problem(post("/api/v1/things", json=good | {"owner": 404, "x": 1})) == (400, "unknown_field")
    assert problem(client.put("/api/v1/keeps/x", json={})) == (400, "shape")
    assert problem(post("/api/v1/things", data="{", content_type="application/json")) == (400, "not_json")
    caller[0] = CITY
    assert problem(post("/api/v1/things", data="{", content_type="application/json")) == (403, "not_allowed")
    assert problem(post("/api/v1/things", data=huge, content_type="application/json")) == (413, "too_big")
    assert problem(post("/api/v1/things", data=huge, content_type="text/plain")) == (415, "wrong_content_type")
    assert problem(client.delete("/api/v1/things", data=huge, content_type="text/plain")) == (405, "wrong_method")
    assert problem(client.get("/api/v1/nothing")) == (404, "not_found")
    caller.clear()
    for answer in (
        client.delete("/api/v1/things", data=huge, content_type="text/plain"),
        client.get("/api/v1/nothing"),
        client.get("/api/v1/things/x"),
    ):
        assert problem(answer) == (401, "not_signed_in")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    for method in ("DELETE", "PATCH", "OPTIONS", "TRACE", "PUT"):
        answer = client.open("/api/v1/things", method=method)
        assert problem(answer) == (405, "wrong_method")
        assert answer.headers["Allow"] == "GET, HEAD, POST"
    assert client.head("/api/v1/things").status_code == 200


@pytest.mark.parametrize("number", ["x", "0x1", "-1", "1.0", "01", "9" * 30, "121", "%00", "1%20", "١"])
def test_what_cannot_be_an_id_is_not_there(client: FlaskClient, number: str) -> None:
    assert problem(client.get(f"/api/v1/things/{number}")) == (404, "not_found")


def test_a_uuid_is_written_with_hyphens_and_upper_case_means_the_same(client: FlaskClient) -> None:
    uuid = "0b0f2b8e-7c1d-4c8e-9a51-5d1c7c0d9f11"
    assert client.put(f"/api/v1/keeps/{uuid.upper()}", json={}).get_json()["name"] == uuid
    for wrong in (uuid.replace("-", ""), f"{{{uuid}}}", f"urn:uuid:{uuid}", uuid[:-1], f"{uuid}0"):
        assert problem(client.put(f"/api/v1/keeps/{wrong}", json={})) == (400, "shape")


def test_a_body_that_may_be_empty_may_be_left_out(client: FlaskClient) -> None:
    uuid = "0b0f2b8e-7c1d-4c8e-9a51-5d1c7c0d9f11"
    assert client.put(f"/api/v1/keeps/{uuid}").status_code == 201
    assert client.put(f"/api/v1/keeps/{uuid}", json={"reason": "x"}).status_code == 200
    assert problem(client.post("/api/v1/things")) == (400, "not_json")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", "multipart/form-data"]
)
def test_another_content_type_is_refused(client: FlaskClient, kind: str) -> None:
    assert problem(client.post("/api/v1/things", data='{"name": "a", "amount": 1}', content_type=kind)) == (415, "wrong_content_type")


def test_json_in_utf_8_may_say_so(client: FlaskClient) -> None:
    answer = client.post("/api/v1/things", data='{"name": "a", "amount": 1}', content_type="application/json; charset=UTF-8")
    assert answer.status_code == 201


def test_a_query_string_that_nobody_understands_is_refused(client: FlaskClient) -> None:
    assert problem(client.get("/api/v1/things?grup=1")) == (400, "unknown_field")
    assert problem(client.get("/api/v1/things?few=1571014101900001")) == (400, "nik_in_query")
    assert problem(client.get("/api/v1/things/1?on=2026-11-26")) == (400, "unknown_field")


def test_sentences_come_in_the_language_that_was_asked_for(client: FlaskClient) -> None:
    said = {
        wanted: client.get("/api/v1/nothing", headers={"Accept-Language": wanted}).get_json()["detail"] for wanted in ("id", "en", "fr")
    }
    assert said["id"] != said["en"]
    assert said["fr"] == said["id"]


def test_a_browsers_change_needs_its_token(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "by_token", lambda: False)
    good = {"name": "a", "amount": 1}
    assert problem(client.post("/api/v1/things", json=good)) == (403, "csrf")
    assert problem(client.post("/api/v1/things", json=good, headers={"X-CSRFToken": "x"})) == (403, "csrf")
    assert client.get("/api/v1/things").status_code == 200


def test_too_many_requests_are_told_to_wait(client: FlaskClient, caller: list[Actor]) -> None:
    client.application.config["RATE_LIMITED"] = True
    client.application.extensions["lending_limits"] = limits.Limits(tick=lambda: 0.0)
    statuses = [client.get("/api/v1/open").status_code for _ in range(130)]
    assert set(statuses) == {200}
    statuses = [client.get("/api/v1/things/1").status_code for _ in range(101)]
    assert statuses == [200] * 100 + [429]
    caller.clear()
    answers = [client.get("/api/v1/things/1") for _ in range(21)]
    assert [answer.status_code for answer in answers] == [401] * 20 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1


# ---- twins -----------------------------------------------------------------------------------------------------------------------------


def table(answer: Response | Any) -> list[list[str]]:
    assert answer.status_code == 200, answer.data
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_every_list_is_a_table_with_all_rows_too(client: FlaskClient) -> None:
    answer = client.get("/api/v1/things.csv?limit=5&few=110")
    rows = table(answer)
    assert rows[0] == ["id", "name", "amount", "on", "inside.ratio", "weeks"]
    assert len(rows) == 111
    assert rows[1] == ["1", "Benda 1", "1000", "2026-11-26", "", ""]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="things.csv"'
    assert answer.mimetype == "text/csv"


def test_what_lies_inside_is_named_with_a_dot(client: FlaskClient) -> None:
    assert table(client.get("/api/v1/inside.csv")) == [["par.0", "par.30", "ratio"], ["10", "5", "0.6404"]]


def test_no_cell_of_a_csv_is_a_formula(client: FlaskClient) -> None:
    names = [row[1] for row in table(client.get("/api/v1/strange.csv"))[1:]]
    assert names == ["'=1+1", "'+62811", "'-1", "'@x", "'\tx", "'\rx", "biasa", 'kutip "," koma', "'＝1"]


def test_in_a_workbook_amounts_are_numbers_and_all_else_is_text(client: FlaskClient) -> None:
    answer = client.get("/api/v1/strange.xlsx")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == ["id", "name", "amount", "on", "inside.ratio", "weeks"]
    first = rows[1]
    assert [(cell.value, cell.data_type) for cell in first] == [
        ("9", "s"),
        ("=1+1", "s"),
        (7, "n"),
        ("2026-11-26", "s"),
        (None, "n"),
        ("25 50", "s"),
    ]


def test_a_table_is_guarded_like_its_list(client: FlaskClient, caller: list[Actor]) -> None:
    caller[0] = CITY
    assert problem(client.get("/api/v1/things.csv")) == (403, "not_allowed")
    assert problem(client.post("/api/v1/things.csv")) == (405, "wrong_method")
    caller.clear()
    assert problem(client.get("/api/v1/things.xlsx")) == (401, "not_signed_in")


def test_a_paper_is_shown_and_named(client: FlaskClient) -> None:
    answer = client.get("/api/v1/things/1/paper.pdf")
    assert (answer.data, answer.mimetype) == (b"%PDF-", "application/pdf")
    assert answer.headers["Content-Disposition"] == 'inline; filename="thing.pdf"'


# ---- the description -------------------------------------------------------------------------------------------------------------------


def test_the_description_says_what_the_calls_do() -> None:
    said = json.loads(json.dumps(openapi.describe([toys])))
    assert said["openapi"] == "3.1.0"
    assert said["servers"] == [{"url": "/api/v1"}]
    assert set(said["paths"]) >= {"/things", "/things.csv", "/things.xlsx", "/things/{id}", "/keeps/{uuid}", "/inside.csv", "/open"}
    post = said["paths"]["/things"]["post"]
    assert set(post["responses"]) == {"201", "400", "401", "403", "404", "409", "413", "415", "422", "429", "503"}
    assert post["requestBody"]["required"] is True
    assert set(said["paths"]["/keeps/{uuid}"]["put"]["responses"]) >= {"200", "201"}
    assert said["paths"]["/keeps/{uuid}"]["put"]["requestBody"]["required"] is False
    assert {"limit", "cursor", "on", "few"} == {parameter["name"] for parameter in said["paths"]["/things"]["get"]["parameters"]}
    assert said["paths"]["/open"]["get"]["security"] == []
    body = said["components"]["schemas"]["NewThing"]
    assert body["additionalProperties"] is False
    assert body["required"] == ["name", "amount"]
    assert body["properties"]["name"]["pattern"].startswith("^[^")
    assert body["properties"]["owner"]["type"] == "integer"
    problem = said["paths"]["/things"]["get"]["responses"]["401"]["content"]["application/problem+json"]["schema"]
    assert problem == {"$ref": "#/components/schemas/Problem"}


# ---- declarations that contradict themselves -------------------------------------------------------------------------------------------


def test_a_declaration_that_contradicts_itself_stops_the_start() -> None:
    wrong = Column("wrong", "")
    with pytest.raises(TypeError, match="different places"):

        @wrong.call("GET", "/a/{id}", needs=Guard.SIGNED_IN)
        def other(by: Actor) -> Thing:
            raise NotFound

    with pytest.raises(TypeError, match="does not say which"):

        @wrong.call("PUT", "/a", needs=Guard.SIGNED_IN, status=(200, 201))
        def either(by: Actor) -> Thing:
            raise NotFound

    @wrong.call("GET", "/b", needs=Guard.SIGNED_IN)
    def one(by: Actor) -> Thing:
        raise NotFound

    @wrong.call("GET", "/b", needs=Guard.SIGNED_IN)
    def two(by: Actor) -> Thing:
        raise NotFound

    with pytest.raises(TypeError, match="declared twice"):
        Door([wrong])
