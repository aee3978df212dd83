"""What the house needs to be told from outside, as a shape; `config.Settings` has it, and `run.py` hands it in."""

from collections.abc import Sequence
from datetime import date
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal, Protocol


class Settings(Protocol):
    """The settings as every floor may read them; nobody writes them."""

    @property
    def root(self) -> Path:
        """The checkout."""

    @property
    def env(self) -> Literal["demo", "test", "production"]:
        """Which of the three kinds of house this is."""

    @property
    def data_dir(self) -> Path:
        """SQLite file, photos, keys, anchors."""

    @property
    def database_url(self) -> str:
        """`sqlite:///ABSOLUTE/PATH` or `postgresql+psycopg://…`."""

    @property
    def host(self) -> str:
        """Where the server listens."""

    @property
    def port(self) -> int:
        """0 takes a free one."""

    @property
    def today(self) -> date | None:
        """A fixed business date; None goes by the real date in the unit's zone."""

    @property
    def secret(self) -> str:
        """Signs sessions."""

    @property
    def master_key(self) -> str:
        """Root of the encryption and blind-index keys; any text."""

    @property
    def demo(self) -> bool:
        """Load the demo unit when the database is empty."""

    @property
    def demo_password(self) -> str | None:
        """The common password of the demo users; None in production."""

    @property
    def scheduler(self) -> bool:
        """Run the clock beside the server."""

    @property
    def public_url(self) -> str | None:
        """What printed codes begin with, no slash at the end. The server fills it in with its own address before the app is made."""

    @property
    def trusted_hosts(self) -> Sequence[str]:
        """Host names answered to; demo and test add the loopback names."""

    @property
    def trusted_proxies(self) -> Sequence[IPv4Network | IPv6Network]:
        """Peers whose forwarding headers count."""

    @property
    def reports_dir(self) -> Path | None:
        """Where scheduled reports are put; None keeps that way closed."""

    @property
    def smtp_url(self) -> str | None:
        """The mail server for scheduled reports, as the operator's page says; None keeps that way closed."""

    @property
    def smtp_from(self) -> str | None:
        """Who scheduled reports come from; there whenever `smtp_url` is."""
