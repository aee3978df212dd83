"""The line between the phones and the house, broken at the house's own door, so that the page and its worker meet the same.

A route of the browser's can miss what a worker sends that has only just been started.
"""

import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Flask
from werkzeug.test import run_wsgi_app

PATIENCE = 120
"""Seconds after which what is held back goes on, should a test forget it."""

Answer = tuple[str, list[tuple[str, str]], bytes]
"""Status, headers, body."""
Trouble = Callable[[dict[str, Any]], Answer]

CUT_SHORT: Answer = ("200 OK", [("Content-Type", "application/json"), ("Content-Length", "100")], b"{")
"""The server closes the connection after it. An empty answer would make the browser send a PUT again by itself."""


@dataclass(frozen=True)
class Sent:
    """One request that changes something, as it came to the server."""

    path: str
    """After `/api/v1/`, with `U` for every uuid."""
    body: bytes
    unsent: str | None
    """How many the phone said that it would still hold."""


class Line:
    """What comes through the door of `app`, and what befalls it on the way; `close` leaves the door as it was."""

    def __init__(self, app: Flask) -> None:
        self._app, self._answer = app, app.wsgi_app
        self._changes, self._sound = threading.Condition(), threading.Event()
        self._trouble: Trouble | None = None
        self._part, self._times, self._inside = "", 0, 0
        self.sent: list[Sent] = []
        self.caught = 0
        app.wsgi_app = self._door  # type: ignore[method-assign]

    def holds(self, part: str, times: int = 1_000) -> None:
        """A slow line: the next requests whose path holds `part` get no further until it is mended."""

        def hold(environ: dict[str, Any]) -> Answer:
            self._sound.wait(PATIENCE)
            return self._house(environ)

        self._breaks(hold, part, times)

    def loses(self, part: str, times: int = 1_000) -> None:
        """The next requests whose path holds `part` never reach the house."""
        self._breaks(lambda _environ: CUT_SHORT, part, times)

    def loses_the_reply(self, part: str, times: int = 1_000) -> None:
        """The house does what it is asked, and its answer breaks off on the way back."""

        def unheard(environ: dict[str, Any]) -> Answer:
            self._house(environ)
            return CUT_SHORT

        self._breaks(unheard, part, times)

    def changes(self, part: str, header: str, said: str, times: int = 1_000) -> None:
        """A header of the request arrives as something else."""
        name = f"HTTP_{header.upper().replace('-', '_')}"
        self._breaks(lambda environ: self._house({**environ, name: said}), part, times)

    def answers(self, part: str, status: str, problem: bytes) -> None:
        """Somebody answers for the house, with a problem document."""
        self._breaks(lambda _environ: (status, [("Content-Type", "application/problem+json")], problem), part, 1_000)

    def catches(self, times: int = 1) -> None:
        """Wait until something has befallen a request, or so many."""
        if not self.has_caught(PATIENCE, times):
            raise TimeoutError("nothing comes through here")

    def has_caught(self, within: float, times: int = 1) -> bool:
        """Whether something befalls a request, or so many, within these seconds."""
        with self._changes:
            return self._changes.wait_for(lambda: self.caught >= times, within)

    def mends(self) -> None:
        """From now on everything passes; what was held back has passed when this returns."""
        with self._changes:
            self._trouble = None
            self._sound.set()
            if not self._changes.wait_for(lambda: not self._inside, PATIENCE):
                raise TimeoutError("what was held back does not come to an end")

    def close(self) -> None:
        """The door is the house's own again."""
        self.mends()
        self._app.wsgi_app = self._answer  # type: ignore[method-assign]

    def _breaks(self, trouble: Trouble, part: str, times: int) -> None:
        with self._changes:
            self._trouble, self._part, self._times, self.caught = trouble, part, times, 0
            self._sound.clear()

    def _house(self, environ: dict[str, Any]) -> Answer:
        body, status, headers = run_wsgi_app(self._answer, environ, buffered=True)
        return status, list(headers), b"".join(body)

    def _door(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] in {"PUT", "POST"} and path.startswith("/api/v1/"):
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            self.sent.append(Sent(re.sub(r"[0-9a-f-]{36}", "U", path.removeprefix("/api/v1/")), body, environ.get("HTTP_X_UNSENT")))
        with self._changes:
            trouble = self._trouble if self._part in path and self.caught < self._times else None
            if trouble is not None:
                self.caught += 1
                self._inside += 1
                self._changes.notify_all()
        if trouble is None:
            return self._answer(environ, start_response)
        try:
            status, headers, content = trouble(environ)
        finally:
            with self._changes:
                self._inside -= 1
                self._changes.notify_all()
        start_response(status, headers)
        return [content]
