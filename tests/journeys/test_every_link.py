"""Whoever follows a link that she is shown gets a page, a paper or a table: never a refusal, never nothing."""

import html
import re
from collections import Counter

import pytest

from tests.lived_in import ROLES
from tests.web.desk import Desk

OF_ONE_KIND = 2
"""Of addresses that differ in their numbers only, so many are opened."""


def links(text: str, page: str) -> list[str]:
    """Where the page leads within the house."""
    found = [html.unescape(one) for one in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', text)]
    whole = [page.split("?", maxsplit=1)[0] + one if one.startswith("?") else one for one in found]
    return [one.split("#")[0] for one in whole if one.startswith("/")]


def kind(path: str) -> str:
    """The address without what names one row."""
    return re.sub(r"\d+", "N", re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "U", path))


def walk(desk: Desk, first: str = "/") -> dict[str, tuple[int, str]]:
    """Every address that can be reached from the first: its status, and the page that leads there."""
    opened: dict[str, tuple[int, str]] = {}
    kinds: Counter[str] = Counter()
    todo = [(first, "")]
    while todo:
        path, source = todo.pop()
        if path in opened or kinds[kind(path)] >= OF_ONE_KIND:
            continue
        kinds[kind(path)] += 1
        answer = desk.client.get(path)
        if answer.status_code == 303 and answer.location.startswith("/"):
            opened[path] = (200, source)
            todo.append((answer.location, path))
            continue
        opened[path] = (answer.status_code, source)
        if answer.mimetype == "text/html" and not path.startswith("/lapangan"):
            todo += [(link, path) for link in links(answer.text, path)]
    return opened


@pytest.mark.parametrize("who", ROLES)
def test_every_link_answers(look, who):
    opened = walk(look(who))
    assert {path: found for path, found in opened.items() if found[0] != 200} == {}
    assert len(opened) > 5
