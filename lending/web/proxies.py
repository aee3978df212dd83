"""Who is really asking, where a web server stands in front of ours (`LENDING_TRUSTED_PROXIES`).

Only what a trusted peer says counts, and only whom it speaks for and whether he came by https: never the host name, which would end up in
links and printed codes. Everybody else may send such headers; they change nothing.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from flask import Flask

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


def set_up(app: Flask, trusted: Sequence[Network]) -> None:
    """Stand before the app, where there are trusted peers."""
    if trusted:
        app.wsgi_app = Proxied(app.wsgi_app, trusted)  # type: ignore[method-assign]


class Proxied:
    """The app behind its trusted peers."""

    def __init__(self, app: Any, trusted: Sequence[Network]) -> None:
        self._app = app
        self._trusted = tuple(trusted)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        peer = _address(environ.get("REMOTE_ADDR", ""))
        if peer is not None and self._is_trusted(peer):
            environ["REMOTE_ADDR"] = str(self._asker(peer, environ.get("HTTP_X_FORWARDED_FOR", "")))
            scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip()
            if scheme in {"http", "https"}:
                environ["wsgi.url_scheme"] = scheme
        answer: Iterable[bytes] = self._app(environ, start_response)
        return answer

    def _asker(self, peer: Address, said: str) -> Address:
        """The last one on the way who is not a trusted peer: each of those added whom it heard; what stands before may be made up."""
        for text in reversed(said.split(",")):
            address = _address(text.strip())
            if address is None:
                break
            peer = address
            if not self._is_trusted(address):
                break
        return peer

    def _is_trusted(self, address: Address) -> bool:
        return any(address.version == network.version and address in network for network in self._trusted)


def _address(text: str) -> Address | None:
    try:
        return ip_address(text.strip("[]"))
    except ValueError:
        return None
