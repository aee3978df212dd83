"""The field page's shell: what goes over the line, under which address, and what packing does to the scripts."""

import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lending.domain.access import Role
from lending.web.field.packing import CannotPack, pack
from lending.web.field.shell import the_shell
from tests import makers

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def sign_in(client: FlaskClient, username: str) -> None:
    page = client.get("/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    answer = client.post("/sign-in", data={"username": username, "password": makers.PASSWORD, "csrf_token": token[1]})
    assert answer.status_code == 303


@on_sqlite
def test_a_stranger_is_asked_to_sign_in_and_brought_back(client: FlaskClient):
    answer = client.get("/lapangan")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/lapangan")


@on_sqlite
def test_the_page_is_for_those_who_work_in_the_field(client: FlaskClient):
    makers.an_officer()
    makers.a_user(Role.CASHIER, username="kasir")
    sign_in(client, "kasir")
    assert client.get("/lapangan").status_code == 403
    assert client.get("/lapangan/kunci").status_code == 403


@on_sqlite
def test_the_page_names_nobody_and_is_not_kept_by_the_browser(client: FlaskClient):
    makers.an_officer()
    sign_in(client, "officer")
    answer = client.get("/lapangan")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "require-trusted-types-for 'script'" in answer.headers["Content-Security-Policy"]
    assert "officer" not in answer.get_data(as_text=True).lower().replace("officer's", "")


@on_sqlite
def test_the_phone_gets_the_same_key_at_every_sign_in_and_another_officer_another(client: FlaskClient):
    makers.an_officer()
    makers.a_user(Role.OFFICER, username="officer2")
    keys = []
    for username in ("officer", "officer2", "officer"):
        phone = client.application.test_client()
        sign_in(phone, username)
        keys.append(phone.get("/lapangan/kunci").get_json()["key"])
    assert keys[0] == keys[2] != keys[1]


@on_sqlite
def test_every_file_of_the_shell_is_kept_for_a_year_under_its_version_and_does_not_vary_by_cookie(client: FlaskClient):
    shell = the_shell()
    for name in [*shell.files, *shell.rooms, "screens-id.html", "screens-en.html", "rooms-id.html", "rooms-en.html"]:
        answer = client.get(f"/lapangan/aset/{shell.version}/{name}", headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200, name
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert gzip.decompress(answer.get_data())
    first = next(iter(shell.files))
    for gone in (f"aset/other/{first}", f"aset/{shell.version}/../sw.js", f"aset/{shell.version}/screens-xx.html"):
        assert client.get(f"/lapangan/{gone}").status_code == 404


@on_sqlite
def test_the_screens_speak_both_languages(client: FlaskClient):
    version = the_shell().version
    indonesian, english = (client.get(f"/lapangan/aset/{version}/screens-{word}.html").get_data(as_text=True) for word in ("id", "en"))
    assert 'lang="id"' in indonesian
    assert 'lang="en"' in english
    assert "Semua lunas" in indonesian


@on_sqlite
def test_the_worker_is_served_at_the_root_with_its_version_and_files(client: FlaskClient):
    answer = client.get("/sw.js")
    text = answer.get_data(as_text=True)
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert the_shell().version in text
    assert "@version@" not in text
    assert "@files@" not in text
    assert "import" not in text


@on_sqlite
def test_what_sends_in_the_background_is_a_worker_of_its_own_beside_the_page(client: FlaskClient):
    answer = client.get("/lapangan/kirim.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert '"sync"' in answer.get_data(as_text=True)


def test_packing_lays_modules_behind_one_another_and_leaves_comments_at_home(tmp_path: Path):
    (tmp_path / "a.js").write_text('// why\nimport { word as taken } from "./b.js";\nimport * as all from "./b.js";\n\ntaken(all);\n')
    (tmp_path / "b.js").write_text("/** What. */\nexport const word = (x) => x; // goes\nexport async function d() {\n  return 1;\n}\n")
    packed = pack(tmp_path / "a.js")
    assert packed == (
        '"use strict";'
        "const $b=(()=>{const a=(b)=>b;async function c(){return 1;}\nreturn{word:a,d:c};})();\n"
        "const $a=(()=>{const{word:a}=$b;const b=$b;a(b);return{};})();\n"
    )


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ('import { b } from "./b.js";\n', 'import { a } from "./a.js";\nexport const b = 1;\n'),
        ('import b from "./b.js";\n', "export const b = 1;\n"),
        ('import { b } from "./b.js";\n', "const b = 1;\nexport { b };\n"),
        ('import { b } from "./b.js";\n', "export const b = docment.title;\n"),
    ],
    ids=["circle", "default", "list", "a slip of the pen"],
)
def test_packing_refuses_what_it_does_not_understand(tmp_path: Path, a: str, b: str):
    (tmp_path / "a.js").write_text(a)
    (tmp_path / "b.js").write_text(b)
    with pytest.raises(CannotPack):
        pack(tmp_path / "a.js")


def test_every_word_and_every_piece_of_page_that_the_scripts_ask_for_is_there():
    root = Path(__file__).resolve().parents[2] / "lending"
    scripts = "".join(path.read_text() for path in sorted((root / "static" / "js" / "field").glob("*.js")))
    pages = "".join(path.read_text() for path in sorted((root / "templates" / "field").glob("*.html")))
    words = set(re.findall(r'<data value="(\w+)"', pages))
    pieces = set(re.findall(r'<template id="([\w-]+)"', pages))
    assert set(re.findall(r'say\("(\w+)"', scripts)) <= words
    assert set(re.findall(r'stamp\("([\w-]+)"', scripts)) <= pieces
    made_up = re.compile("(answer|attendance|came|means|needs|outcome|owner|place|reason|state|step|trigger|way)_")
    assert {word for word in words if f'"{word}"' not in scripts and not made_up.match(word)} == set()
