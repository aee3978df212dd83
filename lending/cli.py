"""The terminal's door: every verb of `python run.py`.

A verb exits 0 when it is done, 1 when it was refused (a sentence on stderr; with `--json` a problem document on stdout), 2 for words it
does not know. With `--json` stdout holds one JSON document and nothing else.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from functools import cached_property
from threading import Event
from types import FrameType

import click
from flask import Flask

from lending import clock, demo_once, schema
from lending.actions import admin
from lending.domain.access import HEAD_OFFICE_ZONE, Actor, Role
from lending.domain.refusals import Conflict, Refusal
from lending.opening import at_address, open_house
from lending.queries import accounts, operations
from lending.queries.admin import system_person
from lending.server import Server, address_of, listen
from lending.settings import Settings
from lending.terminal import DAY, WHOLE, answer, plain, refuse


class House:
    """The house behind the terminal: nothing of it is opened before a verb asks."""

    def __init__(self, read_settings: Callable[[], Settings]) -> None:
        self._read_settings = read_settings

    @cached_property
    def settings(self) -> Settings:
        """The settings; a bad one is refused here."""
        return self._read_settings()

    @cached_property
    def app(self) -> Flask:
        """The opened house, migrated, without pages and API: a verb needs none."""
        return open_house(self.settings, with_doors=False)

    def the_house_itself(self) -> Actor:
        """Whoever can type here acts for the house; the trace says so."""
        return system_person().acting(clock.today(HEAD_OFFICE_ZONE))


def main(argv: Sequence[str], read_settings: Callable[[], Settings]) -> int:
    """Run one verb and return its exit code."""
    try:
        code = verbs.main(list(argv), prog_name="python run.py", standalone_mode=False, obj=House(read_settings))
    except click.ClickException as wrong_words:
        wrong_words.show()
        return 2
    except click.Abort:
        return 130
    except Refusal as refusal:
        return refuse(refusal, as_json="--json" in argv)
    return code if isinstance(code, int) else 0


def application(settings: Settings) -> Flask:
    """The app for a server of one's own, such as gunicorn; the clock then runs in `python run.py worker`."""
    return open_house(settings, with_doors=True)


with_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
house_of = click.make_pass_decorator(House)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.pass_context
def verbs(context: click.Context) -> int:
    """Maju Bersama: group lending from the meeting up. Without a verb: the server, with the demo unit when nothing is there yet."""
    return serve_until_stopped(context.obj) if context.invoked_subcommand is None else 0


# ---- the server --------------------------------------------------------------------------------------------------------------------------


@verbs.command()
@house_of
def serve(house: House) -> int:
    """The server and its clock, in one process; the same as no verb at all."""
    return serve_until_stopped(house)


def serve_until_stopped(house: House) -> int:
    """Open the house, say where it is and who may sign in, and serve until a signal says stop."""
    settings = house.settings
    try:
        listener = listen(settings.host, settings.port)
    except OSError as error:
        raise Refusal("address_taken", status=409, host=settings.host, port=settings.port, reason=error.strerror or str(error)) from error
    with closing(listener):
        address = address_of(listener, settings.host)

        def opened() -> Flask:
            return open_house(at_address(settings, address), with_doors=True)

        app = demo_once.opened(settings, opened, _say) if settings.demo else opened()
        with app.app_context():
            people = accounts.demo_people() if settings.demo else []
        server = Server(app, listener)
        _on_stop(server.stop)
        stop_clock = start_clock(app) if settings.scheduler else None
        print(f"{address}/", *(f"{person.username}\t{settings.demo_password}" for person in people), sep="\n", flush=True)
        try:
            server.run()
        finally:
            if stop_clock:
                stop_clock()
    return 0


def _on_stop(stop: Callable[[], None]) -> None:
    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)


@verbs.command()
@with_json
@house_of
def setup(house: House, as_json: bool) -> None:
    """Only the set-up and the migrations; no demo, no server."""
    house.app  # noqa: B018  (opening it migrates)
    revision = schema.newest()
    answer(as_json, {"migrated_to": revision}, f"Ready: the database is at revision {revision}.")


@verbs.command()
@house_of
def worker(house: House) -> None:
    """The clock alone, beside gunicorn; any number of workers is safe."""
    stopped = Event()
    stop_clock = start_clock(house.app)
    _on_stop(stopped.set)
    print("The clock runs.", file=sys.stderr, flush=True)
    try:
        stopped.wait()
    finally:
        stop_clock()


def start_clock(app: Flask) -> Callable[[], None]:
    """Start the clock in threads of its own; what comes back stops it."""
    from lending.jobs import scheduler

    return scheduler.start(app)


# ---- the demo ----------------------------------------------------------------------------------------------------------------------------


@verbs.command()
@click.option("--reset", is_flag=True, help="Empty the database first.")
@click.option("--groups", type=WHOLE, default=demo_once.GROUPS, show_default=True, help="How many groups in all.")
@click.option("--weeks", type=WHOLE, default=demo_once.WEEKS, show_default=True, help="How many weeks of meetings lie behind them.")
@click.option("--on", type=DAY, help="The day the demo stands at; today by default.")
@with_json
@house_of
def demo(house: House, reset: bool, groups: int, weeks: int, on: date | None, as_json: bool) -> None:
    """Build the demo unit: the same words and the same business date give the same rows."""
    from lending.demo import check_size

    settings = house.settings
    if settings.env == "production":
        raise Refusal("demo_in_production")
    today = settings.today or clock.today(HEAD_OFFICE_ZONE)
    check_size(groups, weeks)
    if on is not None and on > today:
        raise Refusal("future_date", at="on", today=today)
    with demo_once.only_one(settings):
        if reset:
            demo_once.empty(settings)
        with house.app.app_context():
            if not operations.is_empty():
                raise Conflict("not_empty", option="--reset")
        built = demo_once.build(settings, house.app, groups=groups, weeks=weeks, on=on or today, say=_say)
    answer(as_json, built, *(f"{name}: {count}" for name, count in built.items()))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


# ---- the night and the books -------------------------------------------------------------------------------------------------------------


@verbs.command()
@click.option("--on", type=DAY, help="Close up to this date; yesterday by default.")
@with_json
@house_of
def nightly(house: House, on: date | None, as_json: bool) -> None:
    """Close every business date up to a date that is not closed yet; running it again changes nothing."""
    from lending.jobs.nightly import close_days, yesterday

    with house.app.app_context():
        if on is not None and on > clock.today(HEAD_OFFICE_ZONE):
            raise Refusal("future_date", at="on", today=clock.today(HEAD_OFFICE_ZONE))
        closed = [day.isoformat() for day in close_days(on or yesterday())]
    answer(as_json, {"closed": closed}, *(f"closed {day}" for day in closed or ["nothing: no date was open"]))


@verbs.command()
@with_json
@house_of
def check(house: House, as_json: bool) -> int:
    """Prove the books and the derived columns from the facts; exit 1 and a line per difference."""
    from lending.queries.check import prove

    with house.app.app_context():
        proof = prove(clock.today(HEAD_OFFICE_ZONE))
    differences = [{"code": one.code, "row": one.row, "what": one.what} for one in proof.differences]
    lines = [f"{one['code']}\t{one['row']}\t{one['what']}" for one in differences] or [f"The books add up: {proof.entries} entries."]
    answer(as_json, {"ok": not differences, "differences": differences, "entries": proof.entries, "head": proof.head}, *lines)
    return 1 if differences else 0


@verbs.command()
@click.option("--principal", type=WHOLE, required=True, help="Whole rupiah.")
@click.option("--weeks", type=WHOLE, required=True, help="The length of the loan in weeks.")
@click.option("--product", default="MEKAAR", show_default=True, help="The product's code.")
@click.option("--first-due", type=DAY, help="When the first instalment is due; seven days from today by default.")
@click.option("--weekday", type=WHOLE, help="1 Monday to 6 Saturday: the first such day after today.")
@with_json
@house_of
def quote(house: House, principal: int, weeks: int, product: str, first_due: date | None, weekday: int | None, as_json: bool) -> None:
    """Terms and schedule of a loan, as `POST /quote`."""
    from lending.queries.quotes import quote as quoted

    with house.app.app_context():
        offer = quoted(principal, weeks, product=product, first_due=first_due, weekday=weekday, today=clock.today(HEAD_OFFICE_ZONE))
    document = {name: value for name, value in plain(offer).items() if name != "product"}
    rows = [f"{one['number']:>3}  {one['due_on']}  {one['total']:>12,}  {one['balance']:>14,}" for one in document["instalments"]]
    sums = [f"{name} {document[name]:,}" for name in ("principal", "margin", "total", "instalment", "weeks", "upj", "received")]
    answer(as_json, document, *sums, *rows)


# ---- people ------------------------------------------------------------------------------------------------------------------------------


@verbs.group()
def user() -> None:
    """People who sign in."""


@user.command("add")
@click.argument("username", metavar="NAME")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--unit", help="The unit's code; an admin needs none.")
@click.option("--member", help="For a leader: the number of the member she is.")
@click.option("--name", help="What people call her; her user name by default.")
@with_json
@house_of
def add_user(house: House, username: str, role: str, unit: str | None, member: str | None, name: str | None, as_json: bool) -> None:
    """Give somebody an account; its password is printed this once."""
    new = admin.NewUser(username=username, name=name or username, role=Role(role), unit=unit, member=member)
    with house.app.app_context():
        added = admin.add_user(new, by=house.the_house_itself())
    document = {"username": added.username, "role": added.role.value, "unit": added.unit, "password": added.password}
    answer(as_json, document, f"{added.username}\t{added.password}")


@verbs.command()
@click.argument("username", metavar="USER")
@with_json
@house_of
def token(house: House, username: str, as_json: bool) -> None:
    """A new API token for this user, printed this once; her earlier ones stay."""
    with house.app.app_context():
        made = admin.issue_token(username, by=house.the_house_itself())
    answer(as_json, {"username": username, "token": made}, made)


# ---- for those who build the house -------------------------------------------------------------------------------------------------------

_PASSED_ON = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


@verbs.command(context_settings=_PASSED_ON)
@click.argument("words_of_pytest", nargs=-1, type=click.UNPROCESSED, metavar="[PYTEST ARGS]")
def test(words_of_pytest: tuple[str, ...]) -> int:
    """Run all tests, or those that pytest's own arguments choose."""
    return _run_here("pytest", words_of_pytest)


@verbs.command(context_settings=_PASSED_ON)
@click.argument("words_of_bench", nargs=-1, type=click.UNPROCESSED, metavar="[NAME…] [--size N] [--db sqlite|postgresql] [--json]")
def bench(words_of_bench: tuple[str, ...]) -> int:
    """The benchmarks, as ratios, with the machine named."""
    return _run_here("bench", words_of_bench)


def _run_here(module: str, arguments: Sequence[str]) -> int:
    """A tool of the checkout, in this process's place where the system can do that, so that a signal reaches the tool."""
    command, root = [sys.executable, "-m", module, *arguments], schema.MIGRATIONS.parent
    if os.name != "nt":
        os.chdir(root)
        os.execv(command[0], command)  # noqa: S606  (no shell is wanted)
    return subprocess.call(command, cwd=root)  # noqa: S603  (our own Python, the words typed here)
