"""No page of another house, and no stale page of ours, changes anything."""

import pytest
from flask import Flask

from tests.makers import PASSWORD
from tests.web.conftest import sign_in, token_in

FORM = {"username": "head", "password": PASSWORD}


def test_a_form_without_its_token_is_refused_and_changes_nothing(client):
    answer = client.post("/sign-in", data=FORM)
    assert answer.status_code == 403
    assert "kedaluwarsa" in answer.text
    assert client.get("/").status_code == 303


def test_the_token_of_another_session_is_worth_nothing(app: Flask, client):
    token = token_in(app.test_client().get("/sign-in"))
    client.get("/sign-in")
    assert client.post("/sign-in", data={**FORM, "csrf_token": token}).status_code == 403


def test_a_token_from_before_signing_in_ends_with_it(enter, client):
    token = token_in(client.get("/sign-in"))
    sign_in(client, "head")
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 403
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("origin", ["https://jahat.example", "null", "http://localhost.jahat.example", "http://localhost:81"])
def test_a_foreign_origin_is_refused_even_with_a_good_token(client, origin):
    token = token_in(client.get("/sign-in"))
    answer = client.post("/sign-in", data={**FORM, "csrf_token": token}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert "situs lain" in answer.text


def test_our_own_origin_is_no_stranger(client):
    token = token_in(client.get("/sign-in"))
    answer = client.post("/sign-in", data={**FORM, "csrf_token": token}, headers={"Origin": "http://localhost"})
    assert answer.status_code == 303


def test_a_browser_that_says_cross_site_is_believed(client):
    token = token_in(client.get("/sign-in"))
    answer = client.post("/sign-in", data={**FORM, "csrf_token": token}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


@pytest.mark.parametrize("host", ["jahat.example", "localhost.jahat.example", "127.0.0.1.jahat.example", "192.168.1.7:8000", "10.0.0.1"])
def test_a_foreign_host_is_refused(client, host):
    assert client.get("/sign-in", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:43211", "127.3.2.1", "[::1]:8000", "unit.localhost:1"])
def test_every_loopback_name_is_ours_in_a_test(client, host):
    assert client.get("/sign-in", headers={"Host": host}).status_code == 200


def test_a_forwarded_host_moves_nothing(client):
    answer = client.get("/", headers={"X-Forwarded-Host": "jahat.example", "X-Forwarded-For": "8.8.8.8"})
    assert answer.headers["Location"] == "/sign-in"


def test_a_form_of_more_than_500_kb_is_refused(client):
    token = token_in(client.get("/sign-in"))
    answer = client.post("/sign-in", data={**FORM, "csrf_token": token, "more": "x" * 500_001})
    assert answer.status_code == 413
    assert "terlalu besar" in answer.text


def test_a_get_of_a_changing_address_is_no_way_in(client):
    assert client.get("/sign-out").status_code == 405
    assert client.get("/language").status_code == 405
