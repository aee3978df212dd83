"""A line to PostgreSQL that can be cut where it hurts: before the commit is sent, after it was done and before that was told, or anywhere.

It knows of the protocol only that a commit is a message with that word in it.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import parse_qs, unquote, urlsplit

BEFORE, AFTER, WITHIN = "before the commit", "after the commit", "within the transaction"
CUTS = (BEFORE, AFTER, WITHIN)


class Proxy:
    """Stands between the house and the PostgreSQL at `url`; `cut(where)` arms it, for one cut."""

    def __init__(self, url: str) -> None:
        self._target = _address(url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._armed: tuple[str, int] | None = None
        self._lock = threading.Lock()
        self.done = 0
        parts = urlsplit(url)
        user = parts.username or "postgres"
        self.url = f"{parts.scheme}://{user}@127.0.0.1:{self._listener.getsockname()[1]}{parts.path}"
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self, where: str, after_messages: int = 0) -> None:
        """Cut the next line on which it comes to that: `WITHIN` so many messages after a transaction began."""
        with self._lock:
            self._armed = (where, after_messages if where == WITHIN else 0)

    def close(self) -> None:
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX if isinstance(self._target, str) else socket.AF_INET)
            server.connect(self._target)
            line = _Line(self, client, server)
            for way in (line.there, line.back):
                threading.Thread(target=way, daemon=True).start()

    def fires(self, where: str, messages: int = 0) -> bool:
        """Whether this is where the line is to be cut; true once."""
        with self._lock:
            if self._armed is None or self._armed[0] != where or messages < self._armed[1]:
                return False
            self._armed = None
            self.done += 1
            return True


class _Line:
    """One connection, both ways."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._messages, self._deaf = 0, False

    def there(self) -> None:
        """What the house says."""
        with suppress(OSError):
            while said := self._client.recv(1 << 16):
                self._messages = 0 if b"BEGIN" in said else self._messages + 1
                commits = b"COMMIT" in said  # who only reads rolls back
                if self._proxy.fires(WITHIN, self._messages) or (commits and self._proxy.fires(BEFORE)):
                    break
                self._deaf = commits and self._proxy.fires(AFTER)
                self._server.sendall(said)
        if not self._deaf:
            self._end()

    def back(self) -> None:
        """What PostgreSQL answers."""
        with suppress(OSError):
            while (said := self._server.recv(1 << 16)) and not self._deaf:
                self._client.sendall(said)
        self._end()

    def _end(self) -> None:
        for one in (self._client, self._server):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def _address(url: str) -> str | tuple[str, int]:
    parts = urlsplit(url)
    folder = parse_qs(parts.query).get("host", [parts.hostname or "127.0.0.1"])[0]
    port = parts.port or 5432
    return f"{unquote(folder)}/.s.PGSQL.{port}" if folder.startswith("/") else (folder, port)


@contextmanager
def a_proxy(url: str) -> Iterator[Proxy]:
    """A proxy for as long as the block lasts."""
    proxy = Proxy(url)
    try:
        yield proxy
    finally:
        proxy.close()
