"""How often: at most so many requests a second for whoever is signed in, fewer for a stranger's address (api-detail part 4, *Rate*).

Counted in this process's memory: several processes allow that many times more, which is what each of them can bear. Guessed passwords are
another matter and are counted in the database.
"""

import time
from collections.abc import Callable
from math import ceil
from threading import Lock

from flask import Flask, current_app, request

from lending.domain.refusals import Refusal
from lending.web import login
from lending.web.addresses import is_api

SIGNED_IN_PER_SECOND = 100
STRANGER_PER_SECOND = 20
CARD_CHECKS_PER_MINUTE = 30
"""So often may one address ask what a card's code opens: enough for a whole group with its cards, too few to guess codes."""

_MOST_KEPT = 10_000
_NAME = "lending_limits"
_DRAWN_ALONG = ("/static/", "/lapangan/aset/", "/sw.js", "/manifest.webmanifest", "/healthz", "/readyz")
_CARDS = "lending_card_limits"


def set_up(app: Flask) -> None:
    """Give the app its counters. `app.config["RATE_LIMITED"] = False` leaves them unasked, for tests that hurry."""
    app.config.setdefault("RATE_LIMITED", True)
    app.extensions[_NAME] = Limits()
    app.extensions[_CARDS] = Limits()
    app.before_request(_count_page)


def _count_page() -> None:
    """Pages count too, but not what a page draws along with it. (The API counts for itself, in its own order.)"""
    if is_api() or request.path.startswith(_DRAWN_ALONG):
        return
    person = login.signed_in()
    if person is None:
        take_stranger()
    else:
        take_signed_in(person.user_id)


def take_signed_in(user_id: int) -> None:
    """One more request of this user. Refused: `too_many_requests`."""
    _take(f"user {user_id}", SIGNED_IN_PER_SECOND)


def take_stranger() -> None:
    """One more request from this address by nobody we know. Refused: `too_many_requests`."""
    _take(f"address {request.remote_addr}", STRANGER_PER_SECOND)


def take_card_check() -> None:
    """One more look at a card's code from this address. Refused: `too_many_requests`. Always counted: it is a promise to the women."""
    current_app.extensions[_CARDS].take(f"address {request.remote_addr}", CARD_CHECKS_PER_MINUTE / 60, most=CARD_CHECKS_PER_MINUTE)


def _take(caller: str, per_second: int) -> None:
    if current_app.config["RATE_LIMITED"]:
        current_app.extensions[_NAME].take(caller, per_second)


class Limits:
    """A bucket a caller: it holds so many requests, a second's worth unless told otherwise, and fills again as time goes by."""

    def __init__(self, *, tick: Callable[[], float] = time.monotonic) -> None:
        self._tick = tick
        self._lock = Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, caller: str, per_second: float, *, most: int | None = None) -> None:
        """One more request of this caller. Refused: `too_many_requests` (429, `retry_after` seconds)."""
        size = per_second if most is None else most
        with self._lock:
            now = self._tick()
            left, since = self._buckets.get(caller, (float(size), now))
            left = min(size, left + (now - since) * per_second)
            if left < 1:
                self._buckets[caller] = (left, now)
                raise Refusal("too_many_requests", status=429, retry_after=ceil((1 - left) / per_second))
            if len(self._buckets) >= _MOST_KEPT:
                # Whoever has been quiet for as long as a bucket takes to fill is as good as an unknown caller.
                self._buckets = {name: bucket for name, bucket in self._buckets.items() if now - bucket[1] < size / per_second}
            self._buckets[caller] = (left - 1, now)
