"""What every test may ask for: an empty migrated database, the app on it, a client, a server for a real browser.

`database` comes twice, once on SQLite and once on a real PostgreSQL, and with it every test that asks for it, `app` or `client`. A test
that looks at pages and not at rows may take one:

    pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

A missing PostgreSQL or Chromium skips with a sentence on somebody's own machine, and fails where `CI=true`.
"""

import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from contextvars import Context
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any, NoReturn

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from playwright.sync_api import Browser, BrowserContext, expect
from sqlalchemy.engine import Engine
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from config import Settings
from lending import clock, schema
from lending import database as database_room
from lending.actions import accounts
from lending.server import Server, address_of, listen
from tests.postgres import NoPostgres, PostgreSQL, a_server

IN_CI = os.environ.get("CI") == "true"

#: The business date of the tests: a Thursday, with no holiday near.
TODAY = date(2026, 11, 26)

# A test is never timed, nor is what draws its examples. The same ones are drawn every time, so that a red run can be run again;
# `--hypothesis-profile=roaming` draws others.
_unhurried: dict[str, Any] = {"deadline": None, "print_blob": True, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("house", derandomize=True, **_unhurried)
hypothesis.settings.register_profile("roaming", derandomize=False, **_unhurried)
hypothesis.settings.load_profile("house")

#: Milliseconds for what a page is expected to show. How long it takes says nothing: the machine may be as busy as it likes.
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)

# What the person at the keyboard has set must not reach the tests, nor their children.
for _name in [name for name in os.environ if name.startswith("LENDING_") and not name.startswith("LENDING_TEST_")]:
    del os.environ[_name]


def _room_in_memory(folder: str = "/dev/shm") -> bool:
    """Whether this system keeps a folder in memory that is large enough, and from which programs may be run."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize > 4 * 2**30 and not found.f_flag & os.ST_NOEXEC


def pytest_configure() -> None:
    """Thousands of small databases, each of whose writes is waited for until it lies on the disk: a third of the suite was that.

    Only where the tests run: whoever borrows a maker from here, as the benchmarks do, keeps to the disk.
    """
    if "TMPDIR" not in os.environ and _room_in_memory():
        os.environ["TMPDIR"] = "/dev/shm"
        tempfile.tempdir = None  # asked for anew


BROWSERS = ("tests/browser/", "tests/web/test_desk_in_a_browser", "tests/web/test_people_in_a_browser", "tests/web/test_pages_in_a_browser")
PROCESSES = ("tests/journeys/", "tests/faults/", "tests/start/", "tests/actions/test_night_shifts", "tests/house/test_migrations")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first, or one worker would be left alone with such a file at the end.

    A file for a browser, then one for other processes, and so on: a browser keeps more than one core busy, and two workers have two.
    """
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.nodeid.partition("::")[0], []).append(item)
    pages, processes = ([name for name in files if name.startswith(long)] for long in (BROWSERS, PROCESSES))
    first = [name for pair in zip_longest(pages, processes) for name in pair if name]
    items[:] = [item for name in dict.fromkeys([*first, *files]) for item in files[name]]


def missing(sentence: str) -> NoReturn:
    """Something this machine lacks: skip here, fail in CI, where nothing may go untested."""
    if IN_CI:
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


class _CompiledOnce(BytecodeCache):
    """Templates compiled once in this process and not once in every app: half of a page's test was that."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What another app compiled, if one did."""
        if found := self.known.get(bucket.key + bucket.checksum):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """For the apps to come."""
        self.known[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


Flask.jinja_options = {"bytecode_cache": _CompiledOnce()}


_build_of = Rule._compile_builder
_known_builds: dict[Any, Any] = {}


def _built_once(rule: Rule, append_unknown: bool = True) -> Any:
    """How an address is put together follows from its rule alone: worked out once in this process, and not once in every app."""
    if rule.defaults:
        return _build_of(rule, append_unknown)
    of = (tuple(rule._trace), append_unknown)
    if of not in _known_builds:
        _known_builds[of] = _build_of(rule, append_unknown)
    return _known_builds[of]


Rule._compile_builder = _built_once  # type: ignore[method-assign, assignment]

_settle = database_room._settle
_known_engines: dict[str, Engine] = {}


def _speaking_as_before(engine: Engine, sqlite: bool) -> None:
    """What a question is in SQL depends on the kind of database alone: worked out once in this process, and not once in every app."""
    known = _known_engines.setdefault(engine.dialect.name, engine)
    if known is not engine and known.dialect.server_version_info is not None:
        engine.dialect = engine.pool._dialect = known.dialect
        engine._compiled_cache = known._compiled_cache
    _settle(engine, sqlite)


database_room._settle = _speaking_as_before

# Thirty milliseconds a password, thousands of times. How costly it is in earnest is looked at in tests/actions/test_admin.py.
accounts._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


# ---- databases -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without rows; each test gets a copy."""
    path = tmp_path_factory.mktemp("template") / "lending.db"
    schema.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A running PostgreSQL that holds the migrated database `lending_template`."""
    try:
        with a_server() as server:
            template = f"lending_template_{os.getpid()}"
            server.run(f"CREATE DATABASE {template}")
            schema.upgrade(server.database(template))
            yield server
            server.run(f"DROP DATABASE {template} WITH (FORCE)")
    except NoPostgres as reason:
        missing(str(reason))


@contextmanager
def _a_copy(server: PostgreSQL) -> Iterator[str]:
    global _copies  # noqa: PLW0603
    _copies += 1
    name = f"lending_{os.getpid()}_{_copies}"
    server.run(f"CREATE DATABASE {name} TEMPLATE lending_template_{os.getpid()} STRATEGY FILE_COPY")
    try:
        yield server.database(name)
    finally:
        server.run(f"DROP DATABASE {name} WITH (FORCE)")


_copies = 0


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty migrated database of the test's own."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "lending.db")
        yield f"sqlite:///{tmp_path / 'lending.db'}"
    else:
        with _a_copy(request.getfixturevalue("postgresql")) as url:
            yield url


@pytest.fixture
def empty_database(request: pytest.FixtureRequest, database: str) -> str:
    """A database that no migration has seen yet."""
    schema.move_to(database, "base")
    return database


# ---- the app ---------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    """`make_settings(LENDING_PORT="0", …)`: settings of the `test` kind at `TODAY`, in a data folder of the test's own."""

    def make(**words: str) -> Settings:
        given = {"LENDING_ENV": "test", "LENDING_TODAY": TODAY.isoformat(), "LENDING_SCHEDULER": "0", "LENDING_DATA_DIR": str(tmp_path)}
        return Settings.from_environment(given | words, root=tmp_path)

    return make


@pytest.fixture(autouse=True)
def _let_go_of_the_clock() -> Iterator[None]:
    yield
    clock.fix(None)


class OneRequestAtATime(FlaskClient):
    """A client whose requests know nothing of the test's own app context, as if they came from outside.

    Flask would otherwise share the context, and with it the session and who is signed in, between one request and the next.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """One request; afterwards the test's own session sees what it stored."""
        answer = Context().run(super().open, *args, **kwargs)
        if has_app_context():
            from lending.database import session

            session.rollback()
        return answer


@pytest.fixture
def app(database: str, make_settings: Callable[..., Settings]) -> Iterator[Flask]:
    """The whole app on an empty database, inside an app context, so that acts and questions can be called as they are."""
    from lending.app import create_app
    from lending.database import db

    made = create_app(make_settings(LENDING_DATABASE_URL=database))
    made.test_client_class = OneRequestAtATime
    made.config["RATE_LIMITED"] = False  # tests hurry; the limits have tests of their own
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor who is not signed in; ask `app.test_client()` for a second one."""
    return app.test_client()


# ---- a server and a browser ------------------------------------------------------------------------------------------------------------


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The app behind its real server on a free loopback port; gives `http://127.0.0.1:PORT`."""
    listener = listen("127.0.0.1", 0)
    running = Server(app, listener)
    thread = threading.Thread(target=running.run, name="test-server")
    thread.start()
    try:
        yield address_of(listener, "127.0.0.1")
    finally:
        running.stop()
        thread.join(30)


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """Where the app answers, for a browser or any other program."""
    with serving(app) as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium; nothing is downloaded."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        missing("no Chromium: install one (Debian, Ubuntu: sudo apt install chromium) or say where it is with CHROMIUM=/path")
    quiet = [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ]  # fmt: skip
    return {**browser_type_launch_args, "executable_path": found, "args": quiet}


UNHURRIED = """(() => {
  const start = globalThis.setTimeout;
  globalThis.setTimeout = (work, wait, ...all) => start(work, wait >= 6_000 && wait <= 10_000 ? 20 * wait : wait, ...all);
})()"""
"""Whatever a page takes away or gives up after a few seconds stays for minutes: a finger is never slower than that, a test may be."""


@pytest.fixture(scope="session")
def browser(browser: Browser) -> Browser:
    """The browser, all of whose contexts are as patient as the tests."""
    born = browser.new_context

    def unhurried(**how: Any) -> BrowserContext:
        context = born(**how)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(UNHURRIED)
        return context

    browser.new_context = unhurried  # type: ignore[method-assign]
    return browser


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """An officer's cheap phone in Jambi."""
    return {
        **browser_context_args,
        "viewport": {"width": 360, "height": 640}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True,
        "locale": "id-ID", "timezone_id": "Asia/Jakarta",
    }  # fmt: skip


def raw_sqlite(url: str) -> "closing[sqlite3.Connection]":
    """The file behind an SQLite address, past all of the house's guards: for tests that look, or that tamper."""
    return closing(sqlite3.connect(url.removeprefix("sqlite:///")))
