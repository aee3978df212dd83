"""Every setting, read once from the environment into one frozen record; a bad value stops the start by its name.

Standard library only: `run.py` reads this before anything is installed. `lending` never imports it; it is handed the record.
"""

import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

Env = Literal["demo", "test", "production"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_HOST_NAME = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*", re.ASCII)

# Words that examples, tutorials and tired people use. A secret made of nothing but these, repeated or numbered, is no secret.
_KNOWN_WORDS = (
    "changeme", "change", "please", "secret", "password", "passwd", "default", "example", "insecure", "master", "key", "production",
    "lending", "majubersama", "demo", "test", "admin", "qwerty", "asdf", "abcdefghijklmnopqrstuvwxyz", "abcdef", "rahasia", "katasandi",
    "sandi", "ganti", "kunci", "development", "dev", "not", "this", "me", "my", "the", "a", "is", "in",
)  # fmt: skip


class SettingRefused(Exception):
    """A setting that cannot be used; names the variable and says what is allowed. It never repeats the value, which may be secret."""

    def __init__(self, name: str, allowed: str) -> None:
        super().__init__(f"{name}: {allowed}")
        self.name = name
        self.allowed = allowed


@dataclass(frozen=True)
class Settings:
    """What the programme was told from outside."""

    #: The checkout: relative paths start here, whatever directory the command was typed in.
    root: Path
    #: `production` refuses a missing or known secret, a fixed clock and demo accounts.
    env: Env
    #: SQLite file, photos, keys, anchors.
    data_dir: Path
    #: An SQLAlchemy address: `sqlite:///…` or `postgresql+psycopg://…`.
    database_url: str = field(repr=False)
    #: Where the server listens; port 0 takes a free one.
    host: str
    port: int
    #: A fixed business date; None is the real date in the unit's zone.
    today: date | None
    #: Signs sessions.
    secret: str = field(repr=False)
    #: Root of the encryption and blind-index keys.
    master_key: str = field(repr=False)
    #: Load the demo unit when the database is empty.
    demo: bool
    #: The common password of the demo users; None in production, which has none.
    demo_password: str | None = field(repr=False)
    #: Run the clock (nightly pass) beside the server.
    scheduler: bool
    #: What printed codes begin with, without a slash at the end; None is the address the server listens on.
    public_url: str | None
    #: Host names answered to; in demo and test the loopback names are added.
    trusted_hosts: tuple[str, ...]
    #: Peers whose forwarding headers count.
    trusted_proxies: tuple[Network, ...]
    #: Where scheduled reports are put; None keeps that way closed.
    reports_dir: Path | None
    #: The mail server for scheduled reports, with user and password if need be; None keeps that way closed.
    smtp_url: str | None = field(repr=False)
    #: Who scheduled reports come from.
    smtp_from: str | None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], root: Path) -> "Settings":
        """The settings as `environ` says, the checkout being at `root`. Makes the data folder, and in demo and test the secrets in it.

        Raises `SettingRefused` for the first value that cannot be used; then nothing has been made.
        """
        # An empty variable counts as not set: `LENDING_TODAY= python run.py` is how a shell takes one away.
        given = {name: value for name, value in environ.items() if name.startswith("LENDING_") and value != ""}
        env = _env(given)
        production = env == "production"
        data_dir = _data_dir(given, root)
        database_url = _database_url(given, root, data_dir)
        host, port = _host(given), _port(given)
        today = _today(given, production)
        demo, demo_password = _demo(given, env)
        scheduler = _switch(given, "LENDING_SCHEDULER", default=True)
        public_url = _public_url(given)
        trusted_hosts = _trusted_hosts(given, production)
        trusted_proxies = _trusted_proxies(given)
        reports_dir = _reports_dir(given, root)
        smtp_url, smtp_from = _smtp(given)
        for name in ("LENDING_SECRET", "LENDING_MASTER_KEY"):
            _check_secret(given, name, production)

        # Only now, with every value judged, is anything written.
        _make_folder(data_dir, "LENDING_DATA_DIR")
        if reports_dir is not None:
            _make_folder(reports_dir, "LENDING_REPORTS_DIR")
        return cls(
            root=root,
            env=env,
            data_dir=data_dir,
            database_url=database_url,
            host=host,
            port=port,
            today=today,
            secret=given.get("LENDING_SECRET") or _kept_secret(data_dir / "secret", "LENDING_SECRET"),
            master_key=given.get("LENDING_MASTER_KEY") or _kept_secret(data_dir / "master.key", "LENDING_MASTER_KEY"),
            demo=demo,
            demo_password=demo_password,
            scheduler=scheduler,
            public_url=public_url,
            trusted_hosts=trusted_hosts,
            trusted_proxies=trusted_proxies,
            reports_dir=reports_dir,
            smtp_url=smtp_url,
            smtp_from=smtp_from,
        )


def _env(given: Mapping[str, str]) -> Env:
    match given.get("LENDING_ENV", "demo"):
        case "demo":
            return "demo"
        case "test":
            return "test"
        case "production":
            return "production"
        case _:
            raise SettingRefused("LENDING_ENV", "must be demo, test or production")


def _data_dir(given: Mapping[str, str], root: Path) -> Path:
    """The data folder as an absolute path; one that is there already must be a folder."""
    text = given.get("LENDING_DATA_DIR", "instance")
    if not text.isprintable() or set(text) & set("?#"):
        raise SettingRefused("LENDING_DATA_DIR", "must be the path of a folder, without ? or #")
    path = root / text
    if path.exists() and not path.is_dir():
        raise SettingRefused("LENDING_DATA_DIR", "must be a folder; a file of that name is in the way")
    return path


def _make_folder(path: Path, name: str) -> None:
    try:
        # Names, photos and keys lie here: nobody else on the machine needs to look in.
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        writable = os.access(path, os.W_OK | os.X_OK)
    except OSError as error:
        raise SettingRefused(name, f"must be a folder that can be made and written to ({error.strerror})") from error
    if not writable:
        raise SettingRefused(name, "must be a folder that can be written to")


def _database_url(given: Mapping[str, str], root: Path, data_dir: Path) -> str:
    allowed = "must be postgresql+psycopg://USER:PASSWORD@HOST/NAME (several hosts allowed) or sqlite:///PATH"
    text = given.get("LENDING_DATABASE_URL")
    if text is None:
        return f"sqlite:///{data_dir / 'lending.db'}"
    if text.startswith("sqlite:///") and len(text) > len("sqlite:///") and ":memory:" not in text and "?" not in text:
        return f"sqlite:///{root / text.removeprefix('sqlite:///')}"
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise SettingRefused("LENDING_DATABASE_URL", allowed) from error
    if parts.scheme != "postgresql+psycopg" or len(parts.path) < 2 or parts.fragment:
        raise SettingRefused("LENDING_DATABASE_URL", allowed)
    return text


def _host(given: Mapping[str, str]) -> str:
    text = given.get("LENDING_HOST", "127.0.0.1")
    if not _is_host(text):
        raise SettingRefused("LENDING_HOST", "must be an address or a host name of this machine, without a port")
    return text


def _is_host(text: str) -> bool:
    if _HOST_NAME.fullmatch(text):
        return True
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _port(given: Mapping[str, str]) -> int:
    text = given.get("LENDING_PORT", "8000")
    if not re.fullmatch(r"[0-9]{1,5}", text, re.ASCII) or int(text) > 65_535:
        raise SettingRefused("LENDING_PORT", "must be a whole number from 0 to 65535; 0 takes a free one")
    return int(text)


def _today(given: Mapping[str, str], production: bool) -> date | None:
    text = given.get("LENDING_TODAY")
    if text is None:
        return None
    if production:
        raise SettingRefused("LENDING_TODAY", "is for demo and test only; production goes by the real date")
    allowed = "must be a date YYYY-MM-DD from 2000-01-01 to 2099-12-31"
    # fromisoformat() also takes 20261126 and 2026-W48-4; the contract knows one way to write a date.
    if not re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        raise SettingRefused("LENDING_TODAY", allowed)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise SettingRefused("LENDING_TODAY", allowed) from error


def _switch(given: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = given.get(name, "1" if default else "0")
    if text not in {"0", "1"}:
        raise SettingRefused(name, "must be 0 or 1")
    return text == "1"


def _demo(given: Mapping[str, str], env: Env) -> tuple[bool, str | None]:
    """Whether to load the demo unit into an empty database, and its password."""
    demo = _switch(given, "LENDING_DEMO", default=env == "demo")
    if env == "production":
        if demo:
            raise SettingRefused("LENDING_DEMO", "must be 0 in production; demo accounts have no place there")
        return False, None
    password = given.get("LENDING_DEMO_PASSWORD", "maju-bersama-demo")
    if not password.isprintable():
        raise SettingRefused("LENDING_DEMO_PASSWORD", "must be printable text on one line, without tabs")
    return demo, password


def _public_url(given: Mapping[str, str]) -> str | None:
    text = given.get("LENDING_PUBLIC_URL")
    if text is None:
        return None
    allowed = "must be http://HOST or https://HOST, with a port or a path if need be, and nothing after it"
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  (reading it is what checks it)
    except ValueError as error:
        raise SettingRefused("LENDING_PUBLIC_URL", allowed) from error
    plain = not (parts.query or parts.fragment or "?" in text or "#" in text or "@" in parts.netloc)
    clean = re.fullmatch(r"[!-~]+", text) is not None
    if parts.scheme not in {"http", "https"} or not plain or not clean or not _is_host(parts.hostname or ""):
        raise SettingRefused("LENDING_PUBLIC_URL", allowed)
    return text.rstrip("/")


def _trusted_hosts(given: Mapping[str, str], production: bool) -> tuple[str, ...]:
    names = _listed(given, "LENDING_TRUSTED_HOSTS")
    if production and not names:
        raise SettingRefused("LENDING_TRUSTED_HOSTS", "is needed in production: the host names people use, with commas between them")
    for name in names:
        if not _is_host(name.removeprefix(".")):
            raise SettingRefused(
                "LENDING_TRUSTED_HOSTS", "must be host names with commas between them; .example.org stands for all below it"
            )
    return tuple(name.lower() for name in names)


def _trusted_proxies(given: Mapping[str, str]) -> tuple[Network, ...]:
    proxies: list[Network] = []
    for text in _listed(given, "LENDING_TRUSTED_PROXIES"):
        try:
            proxies.append(ipaddress.ip_network(text))
        except ValueError as error:
            raise SettingRefused(
                "LENDING_TRUSTED_PROXIES", "must be addresses or networks (10.0.0.0/8) with commas between them"
            ) from error
    return tuple(proxies)


def _reports_dir(given: Mapping[str, str], root: Path) -> Path | None:
    text = given.get("LENDING_REPORTS_DIR")
    if text is None:
        return None
    if not text.isprintable():
        raise SettingRefused("LENDING_REPORTS_DIR", "must be the path of a folder")
    path = root / text
    if path.exists() and not path.is_dir():
        raise SettingRefused("LENDING_REPORTS_DIR", "must be a folder; a file of that name is in the way")
    return path


def _smtp(given: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The mail server and the sender's address: both or none."""
    url, sender = given.get("LENDING_SMTP_URL"), given.get("LENDING_SMTP_FROM")
    if url is None:
        if sender is not None:
            raise SettingRefused("LENDING_SMTP_FROM", "is of no use without LENDING_SMTP_URL")
        return None, None
    allowed = (
        "must be smtp://HOST or smtps://HOST, with USER:PASSWORD@ before it and a port after it if need be; or smtp://HOST?starttls=no"
    )
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (reading it is what checks it)
    except ValueError as error:
        raise SettingRefused("LENDING_SMTP_URL", allowed) from error
    asks = {"smtp": {"", "starttls=no"}, "smtps": {""}}.get(parts.scheme, set())
    plain = parts.path in {"", "/"} and not parts.fragment and re.fullmatch(r"[!-~]+", url) is not None
    lacks_user = parts.password is not None and not parts.username
    if parts.query not in asks or not plain or lacks_user or not _is_host(parts.hostname or ""):
        raise SettingRefused("LENDING_SMTP_URL", allowed)
    if sender is None:
        raise SettingRefused("LENDING_SMTP_FROM", "is needed with LENDING_SMTP_URL: the address that reports come from")
    local, _, host = sender.rpartition("@")
    if not re.fullmatch(r"[A-Za-z0-9._%+-]{1,64}", local, re.ASCII) or not _HOST_NAME.fullmatch(host):
        raise SettingRefused("LENDING_SMTP_FROM", "must be a mail address, such as laporan@example.id")
    return url, sender


def _listed(given: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in given.get(name, "").split(",") if part.strip()]


def _check_secret(given: Mapping[str, str], name: str, production: bool) -> None:
    """In production a secret must be there, long, and not one that the world knows. Demo and test take any text."""
    if not production:
        return
    text = given.get(name)
    if text is None:
        raise SettingRefused(name, "is needed in production: 32 characters or more that nobody can guess")
    if len(text) < 32:
        raise SettingRefused(name, "must have 32 characters or more")
    if len(set(text)) < 8 or _is_known(text):
        raise SettingRefused(name, "must not be a known word or a pattern; make one with `openssl rand -base64 48`")


def _is_known(text: str) -> bool:
    """Whether next to nothing is left of the text when known words, digits in order and signs are taken out."""
    rest = re.sub(r"[^a-z0-9]", "", text.lower())
    rest = re.sub("|".join(sorted(_KNOWN_WORDS, key=len, reverse=True)), "", rest)
    rest = re.sub(r"0?123(4(5(6(7(8(90?)?)?)?)?)?)?", "", rest)
    return len(rest) < 6


def _kept_secret(path: Path, name: str) -> str:
    """The secret in this file, made on the first start. Two first starts at once end with the same one."""
    refused = SettingRefused(name, f"is not set, and the file {path.name} in the data folder cannot be read or made")
    try:
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise refused from error
    if len(text) < 32:
        # Never made anew: what was encrypted with the lost one could not be read any more.
        raise SettingRefused(name, f"the file {path.name} in the data folder is damaged; put back the one from the backup of the keys")
    return text


def _write_once(path: Path, text: str) -> None:
    """Put the text there whole or not at all, readable by its owner only; whoever comes second keeps the first one's."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
