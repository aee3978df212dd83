"""Forwarding headers count from trusted peers only, and never for the host."""

from collections.abc import Callable
from ipaddress import ip_network

import pytest
from flask import Flask, request

from config import Settings
from lending.app import create_app
from lending.web import proxies

TRUSTED = (ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8"), ip_network("::1/128"))


@pytest.fixture
def mirror() -> Flask:
    app = Flask("mirror")
    proxies.set_up(app, TRUSTED)

    @app.get("/")
    def seen() -> dict[str, str | None]:
        return {"who": request.remote_addr, "how": request.scheme, "where": request.host}

    return app


@pytest.mark.parametrize(("peer", "said", "who"), [
    ("203.0.113.9", "1.2.3.4", "203.0.113.9"),                   # a stranger says what she likes
    ("127.0.0.1", "1.2.3.4", "1.2.3.4"),
    ("127.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),                # what the asker herself put before is made up
    ("127.0.0.1", "6.6.6.6, 1.2.3.4, 10.1.2.3", "1.2.3.4"),      # two trusted peers in a row
    ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
    ("127.0.0.1", "", "127.0.0.1"),
    ("127.0.0.1", "nonsense", "127.0.0.1"),
    ("127.0.0.1", "1.2.3.4, nonsense, 10.1.2.3", "10.1.2.3"),
    ("::1", "2001:db8::7", "2001:db8::7"),
    ("127.0.0.1", "[2001:db8::7]", "2001:db8::7"),
])  # fmt: skip
def test_the_asker_is_the_last_one_who_is_not_a_trusted_peer(mirror: Flask, peer: str, said: str, who: str) -> None:
    answer = mirror.test_client().get("/", headers={"X-Forwarded-For": said}, environ_base={"REMOTE_ADDR": peer})
    assert answer.get_json()["who"] == who


def test_https_counts_from_a_trusted_peer_only_and_the_host_never(mirror: Flask) -> None:
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    near = mirror.test_client().get("/", headers=said, environ_base={"REMOTE_ADDR": "127.0.0.1"}).get_json()
    far = mirror.test_client().get("/", headers=said, environ_base={"REMOTE_ADDR": "203.0.113.9"}).get_json()
    assert (near["how"], near["where"]) == ("https", "localhost")
    assert (far["how"], far["where"]) == ("http", "localhost")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_is_trusted_unless_the_settings_say_so(database: str, make_settings: Callable[..., Settings]) -> None:
    plain = create_app(make_settings(LENDING_DATABASE_URL=database))
    behind = create_app(make_settings(LENDING_DATABASE_URL=database, LENDING_TRUSTED_PROXIES="127.0.0.1"))
    assert not isinstance(plain.wsgi_app, proxies.Proxied)
    assert isinstance(behind.wsgi_app, proxies.Proxied)
