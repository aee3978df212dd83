"""What holds for every page of the house, looked at in a real browser."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def assert_well_made(page: Page) -> None:
    """What holds for every page of the house."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    # A phone zooms out to show a page that is too wide, and then calls that its width.
    screen = page.viewport_size
    assert screen is not None
    assert page.evaluate("() => document.documentElement.scrollWidth") <= screen["width"], "wider than the screen"
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .button, summary, select, input")]
            .filter((one) => !["hidden", "radio", "checkbox"].includes(one.type))
            .filter((one) => one.checkVisibility())
            .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
            .filter(([, box]) => box.height < 48 || box.width < 48).map(([html]) => html)"""
    )
    assert small == []
