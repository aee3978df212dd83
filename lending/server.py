"""The house's own web server: one process, a few threads, and a stop that lets every request under way be answered."""

import socket
import time
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import TcpWSGIServer, create_server

THREADS = 8

BODY_BYTES = 20_000_000
"""Above every limit that the app answers for itself: only a flood is cut off here, without a page."""

DRAIN_SECONDS = 10

TURN_SECONDS = 1
"""The loop looks around at least so often, as waitress does by itself: what a thread fails to tell it holds nobody up for longer."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that is ours from now on; port 0 takes a free one. Raises OSError when the address is taken or not of this machine."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        # A server that was killed must be able to start again at once, on the port it had.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket, host: str) -> str:
    """`http://HOST:PORT`, with the port that was really taken."""
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Server:
    """The app behind a listening socket. `run()` serves until `stop()` is called, from a signal handler or another thread."""

    def __init__(self, app: Flask, listener: socket.socket) -> None:
        self._sockets: dict[int, Any] = {}
        made = create_server(
            app,
            map=self._sockets,
            sockets=[listener],
            threads=THREADS,
            ident=None,  # nobody needs to know what serves
            max_request_body_size=BODY_BYTES,
            clear_untrusted_proxy_headers=False,  # the app judges forwarding headers, and must see that some came
            asyncore_use_poll=True,
            channel_timeout=120,
        )
        assert isinstance(made, TcpWSGIServer)  # one socket was given
        self._server = made
        self._stopping = False

    def stop(self) -> None:
        """Take no new connections, answer what is under way, and let `run()` return."""
        self._stopping = True
        self._server.pull_trigger()

    def run(self) -> None:
        """Serve until stopped; ten seconds after `stop()` whoever still waits is cut off."""
        try:
            while not self._stopping:
                self._turn(TURN_SECONDS)
            self._server.accepting = False
            until = time.monotonic() + DRAIN_SECONDS
            while self._under_way() and time.monotonic() < until:
                self._turn(0.1)
        finally:
            self._server.task_dispatcher.shutdown(timeout=1)
            for channel in self._channels():
                channel.handle_close()
            wasyncore.close_all(self._sockets)

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._sockets, count=1)

    def _under_way(self) -> bool:
        return any(channel.requests or channel.total_outbufs_len for channel in self._channels())

    def _channels(self) -> list[Any]:
        channels: Any = self._server.active_channels
        return list(channels.values())
