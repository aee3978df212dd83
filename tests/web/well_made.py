"""What holds for every page of the house, looked at in a real browser."""

from typing import Any

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

AXE = AXE_FILE_PATH.read_text(encoding="utf-8")

# Every rule, on everything. What axe has found right it keeps to itself, and so how an element may be selected: that was half of its time.
RUN_AXE = """() => axe.run({ resultTypes: ["violations"], selectors: false })
    .then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html)]))"""

SMALL = """() => [...document.querySelectorAll("button, .button, summary, select, input")]
    .filter((one) => !["hidden", "radio", "checkbox"].includes(one.type))
    .filter((one) => one.checkVisibility())
    .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
    .filter(([, box]) => box.height < 48 || box.width < 48).map(([html]) => html)"""


def seen_by_axe(page: Page) -> list[Any]:
    """What is wrong with it: each rule that is broken, and where, three places at most."""
    if not page.evaluate("() => 'axe' in globalThis"):
        page.evaluate(AXE)
    found: list[Any] = page.evaluate(RUN_AXE)
    return found


def assert_well_made(page: Page) -> None:
    """What holds for every page of the house."""
    assert seen_by_axe(page) == []
    # A phone zooms out to show a page that is too wide, and then calls that its width.
    screen = page.viewport_size
    assert screen is not None
    assert page.evaluate("() => document.documentElement.scrollWidth") <= screen["width"], "wider than the screen"
    assert page.evaluate(SMALL) == []
