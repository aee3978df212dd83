"""Somebody at her desk in the furnished house (tests/furnished.py): she opens pages and sends their forms, as a browser would."""

import html
import re
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PASSWORD = "rahasia-sekali-betul"


@dataclass
class Desk:
    """A signed-in browser."""

    client: FlaskClient

    def status(self, path: str) -> int:
        """What she gets when she opens it."""
        return self.client.get(path).status_code

    def text(self, path: str) -> str:
        """The page's words, which must be there for her."""
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return words(answer)

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Open the page, fill in the form and send it; `from_` is the field `from`, `actions__0__due` the field `actions.0.due`."""
        token = token_in(self.client.get(path))
        named = {name.rstrip("_").replace("__", "."): value for name, value in fields.items()}
        return self.client.post(path, data={"csrf_token": token, **named})

    def follow(self, answer: TestResponse) -> str:
        """Where a kept form leads, read."""
        assert answer.status_code == 303, words(answer)
        return self.text(answer.location)


def token_in(page: TestResponse) -> str:
    """The CSRF token of the page's first form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, f"no form in a page of status {page.status_code}"
    return found[1]


def words(answer: TestResponse) -> str:
    """What people read of the main part, blanks drawn together, values of fields left out."""
    main = re.search(r"<main.*</main>", answer.text, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main[0] if main else answer.text)).split())


def typed(answer: TestResponse, name: str) -> str | None:
    """What stands in the field of that name."""
    field = re.search(rf'<(?:input|textarea)[^>]*\bname="{re.escape(name)}"[^>]*>', answer.text)
    assert field, f"no field {name}"
    if field[0].startswith("<textarea"):
        found = re.search(rf'name="{re.escape(name)}"[^>]*>\s*(.*?)</textarea>', answer.text, re.DOTALL)
    else:
        found = re.search(r'\bvalue="([^"]*)"', field[0])
    return html.unescape(found[1]).strip() if found else None


def said_at(answer: TestResponse, name: str) -> str:
    """The sentence at the field of that name; empty where nothing is wrong with it."""
    found = re.search(rf'<p class="error" id="{re.escape(name)}-error">(.*?)</p>', answer.text, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[1])).split()) if found else ""
