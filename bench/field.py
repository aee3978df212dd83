"""The field page's first visit, counted on the wire: bytes, and seconds on a slow line with a slow processor.

Every byte that the server sends from the sign-in's answer until `data-ready`, headers included, for an officer with one group of twenty;
then the same again on slow 3G (400 ms, 50 KB/s) with the processor slowed six times, and once more when the phone has it all.
"""

import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from config import Settings
from lending import clock, schema
from lending.app import create_app
from lending.server import Server, address_of, listen
from tests.browser import field_house
from tests.makers import PASSWORD

TODAY = date(2026, 11, 26)
BYTES, SLOW, WARM = 60 * 1024, 3.0, 1.5
SLOW_LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


def run(size: int | None = None, db: str = "sqlite") -> list[dict[str, Any]]:
    """Visit the page in the machine's own Chromium; none of it depends on `size` or `db`. Seconds are the best of three."""
    with _a_house() as house, _a_wire(house) as (url, wire), sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=_chromium(), args=["--no-sandbox", "--disable-gpu", "--disable-quic"])
        sent = max(_weigh(browser.new_context(**_PHONE), url, wire) for _ in range(2))
        slow = [_time(browser.new_context(**_PHONE), url, wire) for _ in range(3)]
        browser.close()
    first, warm = (min(times) for times in zip(*slow, strict=True))
    return [
        _row(f"first visit until data-ready: {sent} bytes (as seconds: KB)", "60 KB", sent / 1024, BYTES / 1024),
        _row("usable on slow 3G, processor 6 x slower", f"{SLOW} s", first, SLOW),
        _row("usable again, from the phone's own store", f"{WARM} s", warm, WARM),
    ]


_PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 640}, "is_mobile": True, "has_touch": True, "timezone_id": "Asia/Jakarta"}


def _row(what: str, than: str, seconds: float, floor: float) -> dict[str, Any]:
    ratio = seconds / floor
    shared = {"name": "field", "what": what, "db": None, "size": 20, "than": than, "goal": "<= 1", "held": ratio <= 1}
    return {**shared, "seconds": seconds, "floor_seconds": floor, "ratio": ratio}


def _weigh(context: BrowserContext, url: str, wire: dict[str, int]) -> int:
    """Bytes from the sign-in's answer until the page can do without a network."""
    page = context.new_page()
    before = _sign_in(page, f"{url}/sign-in?next=/lapangan", wire)
    page.wait_for_selector("body[data-ready]")
    context.close()
    return wire["bytes"] - before


def _time(context: BrowserContext, url: str, wire: dict[str, int]) -> tuple[float, float]:
    """On a slow line: seconds from asking for the page to the day's list, and the same when the phone has everything."""
    page = context.new_page()
    _sign_in(page, f"{url}/sign-in?next=/healthz", wire)
    page.wait_for_url("**/healthz")
    _slow_down(context, page)
    first = _seconds(page, f"{url}/lapangan")
    page.wait_for_selector("body[data-ready]")
    warm = _seconds(page, f"{url}/lapangan")
    context.close()
    return first, warm


def _sign_in(page: Page, address: str, wire: dict[str, int]) -> int:
    """Sign in; how many bytes had come before the answer."""
    page.goto(address)
    page.fill("[name=username]", "officer")
    page.fill("[name=password]", PASSWORD)
    page.wait_for_load_state("networkidle")
    before = wire["bytes"]
    page.locator("[name=password]").press("Enter")
    return before


def _seconds(page: Page, address: str) -> float:
    start = perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".card")
    return perf_counter() - start


def _slow_down(context: BrowserContext, page: Page) -> None:
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", SLOW_LINE)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 6})


@contextmanager
def _a_house() -> Iterator[int]:
    """The whole house with one officer and one group of twenty; gives its port."""
    with tempfile.TemporaryDirectory() as folder:
        words = {"LENDING_ENV": "test", "LENDING_TODAY": TODAY.isoformat(), "LENDING_SCHEDULER": "0", "LENDING_DATA_DIR": folder}
        settings = Settings.from_environment(words, root=Path(folder))
        schema.upgrade(settings.database_url)
        app = create_app(settings)
        with app.app_context():
            from lending.database import db

            field_house.build(20, alone=True)
            db.session.remove()
            db.engine.dispose()
        listener = listen("127.0.0.1", 0)
        server = Server(app, listener)
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            yield int(address_of(listener, "127.0.0.1").rsplit(":", 1)[1])
        finally:
            server.stop()
            thread.join(30)
            clock.fix(None)


@contextmanager
def _a_wire(port: int) -> Iterator[tuple[str, dict[str, int]]]:
    """A wire between browser and house that counts what the house sends."""
    wire = {"bytes": 0}
    front = socket.create_server(("127.0.0.1", 0))

    def carry(source: socket.socket, target: socket.socket, *, count: bool) -> None:
        try:
            while piece := source.recv(65_536):
                wire["bytes"] += len(piece) if count else 0
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # one side hung up

    def accept() -> None:
        while True:
            try:
                browser, _ = front.accept()
            except OSError:
                return
            house = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=carry, args=(browser, house), kwargs={"count": False}, daemon=True).start()
            threading.Thread(target=carry, args=(house, browser), kwargs={"count": True}, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{front.getsockname()[1]}", wire
    finally:
        front.close()


def _chromium() -> str:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise SystemExit("no Chromium: install one (Debian, Ubuntu: sudo apt install chromium)")
    return found
