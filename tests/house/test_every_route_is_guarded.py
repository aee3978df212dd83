"""No door stands open by mistake: every route says who may pass, and a stranger finds out that it means it."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from lending.web.guards import guard_of

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

OPEN = {
    "/api/v1/openapi.json",
    "/healthz",
    "/language",
    "/lapangan/aset/<version>/<path:name>",
    "/lapangan/kirim.js",
    "/manifest.webmanifest",
    "/problems/<code>",
    "/readyz",
    "/sign-in",
    "/sign-in/code",
    "/sign-out",
    "/static/<path:filename>",
    "/sw.js",
    "/v/<code>",
}
"""All that a stranger may ask. Adding to it is a decision: say why in the view's `open_to_anyone(…)`."""

EXAMPLES = {"uuid": "00000000-0000-4000-8000-000000000000", "int": "1", "path": "x", "default": "1", "string": "1"}


def rules(app: Flask) -> Iterator[Rule]:
    return app.url_map.iter_rules()


def example(rule: Rule) -> str:
    """An address that the rule matches."""

    def filled(part: re.Match[str]) -> str:
        kind, choices = part.group(1) or "default", part.group(2)
        return choices.split(",")[0].strip(" '\"") if kind == "any" else EXAMPLES[kind]

    return re.sub(r"<(?:([a-z]+)(?:\(([^)]*)\))?:)?[a-z_]+>", filled, rule.rule)


def test_every_view_says_who_may_pass(app: Flask) -> None:
    silent = sorted(rule.rule for rule in rules(app) if guard_of(app.view_functions[rule.endpoint]) is None and rule.endpoint != "static")
    assert silent == []


def test_only_these_are_open_to_anyone(app: Flask) -> None:
    def is_open(rule: Rule) -> bool:
        guard = str(guard_of(app.view_functions[rule.endpoint]))
        return rule.endpoint == "static" or guard.startswith("anyone:") or "Guard.ANYONE" in guard

    assert {rule.rule for rule in rules(app) if is_open(rule)} <= OPEN


def test_a_stranger_is_sent_to_the_sign_in_page_or_refused(app: Flask, client: FlaskClient) -> None:
    passed, asked = [], 0
    for rule in rules(app):
        if rule.rule in OPEN:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            asked += 1
            peer = {"REMOTE_ADDR": f"10.0.{asked // 250}.{asked % 250 + 1}"}  # each a stranger of her own: one alone would be slowed down
            answer = client.open(example(rule), method=method, headers={"Origin": "http://localhost"}, environ_base=peer)
            to_sign_in = answer.status_code == 303 and answer.location.startswith("/sign-in")
            # 400 and 403 before anybody is known: a form without its token, a call that was forged.
            if not (to_sign_in or answer.status_code in {400, 401, 403, 405}):
                passed.append((method, rule.rule, answer.status_code))
    assert passed == []


def test_a_stranger_learns_nothing_from_addresses_of_the_api(client: FlaskClient) -> None:
    # There or not there: the same answer.
    assert {client.get(f"/api/v1/{path}").status_code for path in ("loans/1", "loans/999999", "nothing/here", "me")} == {401}
