"""Real servers, born quickly: a process that has imported everything forks one in a moment where a start from nothing takes a second.

What is forked runs `serve`, the verb itself, with settings of its own: its own process, its own port, killed like any other. The nursery
hears one JSON line a birth on stdin (`{"settings": {…}, "plant": null}`) and answers with one on stdout (`{"pid": …, "address": …}`).

It can also be asked to do a few requests by itself first (`{"settings": {…}, "warm": […]}`), as a server does that has been up for a while:
what SQLAlchemy has learned by that is in every child, its connections are not.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import sqlalchemy.dialects.postgresql.psycopg  # noqa: F401  (loaded before the fork)
from flask import Flask

import lending.jobs.scheduler
import lending.web.api
import lending.web.pages  # noqa: F401  (loaded before the fork)
from config import Settings
from lending import cli, opening, schema
from lending.app import create_app
from lending.database import db
from tests.faults import faulty

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Fork a server for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    for line in sys.stdin:
        order = json.loads(line)
        if "migrate" in order:
            sys.stdout.write(json.dumps({"pid": migrate(order["migrate"], order["to"])}) + "\n")
            sys.stdout.flush()
            continue
        settings = Settings.from_environment(order["settings"], ROOT)
        app = ready(replace(settings, port=0))
        sys.stdout.write(json.dumps(warm(app, order["warm"]) if "warm" in order else birth(app, settings, order["plant"])) + "\n")
        sys.stdout.flush()


@cache
def ready(settings: Settings) -> Flask:
    """The app of a server to come, with no connection made yet: what a start makes anew each time, and which is never different."""
    return create_app(settings)


def migrate(url: str, revision: str) -> int:
    """Fork one who brings the database at this address to that schema."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            schema.move_to(url, revision)
            code = 0
        finally:
            os._exit(code)
    return pid


def warm(app: Flask, requests: Sequence[Mapping[str, Any]]) -> list[tuple[int, Any]]:
    """Do these requests here: status and JSON of each."""
    client, answers = app.test_client(), []
    for one in requests:
        headers = {"Authorization": f"Bearer {one['token']}"}
        answer = client.open(one["path"], method=one["method"], json=one["body"], headers=headers)
        answers.append((answer.status_code, answer.get_json()))
    with app.app_context():
        db.session.remove()
        db.engine.dispose()  # a child has connections of its own
    return answers


def birth(app: Flask, settings: Settings, plant: str | None) -> dict[str, Any]:
    """Fork one, and wait for its first line."""
    setattr(opening, "create_app", lambda _: app)  # noqa: B010  (one app serves every life at this place)
    reads, writes = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reads)
        live(settings, plant, writes)
    os.close(writes)
    with os.fdopen(reads) as heard:
        address = heard.readline().strip().rstrip("/")
    if address:
        return {"pid": pid, "address": address}
    return {"failed": f"it did not start: {(settings.data_dir / 'stderr.log').read_text()[-2000:]}"}


def live(settings: Settings, plant: str | None, stdout: int) -> NoReturn:
    """The life of a server, in the forked process: what `python run.py serve` does once it has imported what it needs."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    stderr = os.open(settings.data_dir / "stderr.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for here, there in ((os.open(os.devnull, os.O_RDONLY), 0), (stdout, 1), (stderr, 2)):
        os.dup2(here, there)
        os.close(here)
    if plant:
        faulty.PLANTS[plant](settings.data_dir)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    code = 1
    try:
        code = cli.main(["serve"], lambda: settings)
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
