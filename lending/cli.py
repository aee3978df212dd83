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
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Any

import click
from flask import Flask

from lending import clock, demo_once, schema
from lending.actions import admin, tokens
from lending.domain.access import HEAD_OFFICE_ZONE, Actor, Role, Scope
from lending.domain.refusals import Conflict, NotFound, Refusal
from lending.opening import at_address, open_house
from lending.queries import accounts, operations
from lending.queries import admin as admin_questions
from lending.queries.admin import system_person, unit_choices
from lending.server import Server, address_of, listen
from lending.settings import Settings
from lending.terminal import DAY, FILE, WHOLE, answer, plain, refuse, said

if TYPE_CHECKING:
    from lending.queries.check import Proof


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
    """Close every business date up to a date that is not closed yet, and send the reports owed; running it again changes nothing."""
    from lending.jobs.nightly import close_days, look_over, yesterday
    from lending.jobs.sending import send_owed

    with house.app.app_context():
        newest = max((clock.today(night.zone) for night in operations.unit_nights()), default=clock.today(HEAD_OFFICE_ZONE))
        if on is not None and on > newest:
            raise Refusal("future_date", at="on", today=newest)
        until = _not_ahead(on) if on else yesterday
        closed = [day.isoformat() for day in close_days(until)]
        look_over(until)
        sent, failed = send_owed()
    lines = [f"closed {day}" for day in closed or ["nothing: no date was open"]]
    if sent or failed:
        lines.append(f"reports sent: {sent}, failed: {failed}")
    answer(as_json, {"closed": closed}, *lines)


def _not_ahead(on: date) -> Callable[[str], date]:
    """That date, but in a zone where it has not come yet the date that it is there."""
    return lambda zone: min(on, clock.today(zone))


@verbs.command()
@click.option("--anchor", type=FILE, help="A file of anchors that was kept elsewhere; the data folder's own by default.")
@with_json
@house_of
def check(house: House, anchor: Path | None, as_json: bool) -> int:
    """Prove the books, the chains and the derived columns; exit 1 and a line per difference, 2 where nobody could look."""
    from lending import anchors
    from lending.queries.check import prove

    try:
        with house.app.app_context():
            kept = anchors.kept() if anchor is None else anchors.read(anchor)
            proof = prove(clock.today_by_the_machine(HEAD_OFFICE_ZONE), kept)
    except Refusal as refusal:
        if refusal.status < 500 and refusal.code not in {"no_file", "file_trouble"}:
            raise
        refuse(refusal, as_json=as_json)
        return 2
    return _tell(as_json, proof)


def _tell(as_json: bool, proof: "Proof", **more: Any) -> int:
    """What a proof of the books says; 1 where it found a difference."""
    differences = [{"code": one.code, "row": one.row, "what": one.what} for one in proof.differences]
    lines = [f"{one['code']}\t{one['row']}\t{one['what']}" for one in differences] or [f"The books add up: {proof.entries} entries."]
    answer(as_json, {"ok": not differences, "differences": differences, "entries": proof.entries, "head": proof.head, **more}, *lines)
    return 1 if differences else 0


@verbs.command()
@click.argument("file", type=FILE)
@click.option("--unit", help="The unit's code; the first one by default.")
@click.option("--from", "first", type=DAY, help="From that day of the books; from their beginning by default.")
@click.option("--on", type=DAY, help="Up to the end of that day; today by default.")
@with_json
@house_of
def books(house: House, file: Path, unit: str | None, first: date | None, on: date | None, as_json: bool) -> None:
    """Journal and balances for the accountant; the ending of FILE chooses: .beancount, .xlsx or .csv."""
    from lending.documents.books import ENDINGS
    from lending.queries.books import unit_of, whole_books

    if file.suffix not in ENDINGS:
        raise click.BadParameter(f"it ends in none of {', '.join(ENDINGS)}", param_hint="FILE")
    with house.app.app_context():
        today = clock.today(HEAD_OFFICE_ZONE)
        if on is not None and on > today:
            raise Refusal("future_date", at="on", today=today)
        found = whole_books(unit_of(unit), first=first, last=on or today)
    try:
        file.write_bytes(ENDINGS[file.suffix](found))
    except OSError as fault:
        raise Refusal("file_trouble", reason=fault.strerror or str(fault)) from fault
    document = {"file": str(file), "unit": found.unit_code, "on": found.balance.on.isoformat(), "entries": len(found.entries)}
    answer(as_json, document, f"Kept in {file}: {len(found.entries)} entries of {found.unit_code} up to {found.balance.on}.")


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


@verbs.command()
@click.argument("file", type=FILE)
@with_json
@house_of
def backup(house: House, file: Path, as_json: bool) -> None:
    """Everything but the keys in one file, taken while the server goes on writing."""
    from lending.backup.take import take

    taken = take(house.settings, file)
    document = {"file": str(file), **plain(taken)}
    answer(as_json, document, f"Kept in {file}: {taken.entries} entries and {taken.photos} photos, {taken.size:,} bytes.")


@verbs.command()
@click.argument("file", type=FILE)
@with_json
@house_of
def restore(house: House, file: Path, as_json: bool) -> int:
    """Put a backup into an empty data folder or database, and prove its books; exit 1 and a line per difference."""
    from lending.backup.restore import restore as put_back

    settings = house.settings
    back = put_back(settings, file, settings.today or clock.today_by_the_machine(HEAD_OFFICE_ZONE))
    return _tell(as_json, back.proof, schema=back.schema, photos=back.photos)


# ---- coming over -------------------------------------------------------------------------------------------------------------------------


@verbs.command("import")
@click.argument("file", type=FILE)
@click.option("--unit", help="The unit's code; needed where there are several.")
@click.option("--dry-run", is_flag=True, help="Read every row and store nothing.")
@click.option("--template", is_flag=True, help="Write the empty workbook into FILE instead.")
@with_json
@house_of
def bring_in(house: House, file: Path, unit: str | None, dry_run: bool, template: bool, as_json: bool) -> int:
    """Groups, members and running loans from a workbook: all of it, or nothing and a line per fault."""
    from lending.actions import importing
    from lending.documents import import_sheets

    with house.app.app_context():
        by = the_unit_itself(unit)
        if template:
            file.write_bytes(_template(by))
            answer(as_json, {"template": str(file)}, f"The template is in {file}.")
            return 0
        try:
            content = file.read_bytes()
        except OSError as error:
            raise Refusal("no_such_file", file=str(file), reason=error.strerror or str(error)) from error
        sheets, faults = import_sheets.read(content)
        brought = importing.bring_in(sheets, faults, by, dry_run=dry_run)
    errors = [{"sheet": one.sheet, "row": one.row, "column": one.column, "code": one.code, "message": said(one)} for one in brought.faults]
    document = {"dry_run": dry_run, "groups": brought.groups, "members": brought.members, "loans": brought.loans, "errors": errors}
    lines = ["\t".join(str(one[name] or "-") for name in ("sheet", "row", "column", "code", "message")) for one in errors]
    counts = f"{brought.groups} groups, {brought.members} members, {brought.loans} loans"
    verb = "Nothing is stored. The workbook holds" if errors or dry_run else "Brought in:"
    answer(as_json, document, *lines, f"{verb} {counts}.")
    return 1 if errors else 0


def the_unit_itself(code: str | None) -> Actor:
    """Whoever can type here acts for the unit as its head would. Refused: `unit_needed` (several, or none), `not_found`."""
    choices = [one for one, _ in unit_choices()]
    if code is None and len(choices) != 1:
        raise Refusal("unit_needed", at="unit", units=choices)
    chosen = choices[0] if code is None else code
    if chosen not in choices:
        raise NotFound(at="unit")
    known = admin_questions.unit_named(chosen)
    house = system_person().acting(clock.today(known.zone))
    return replace(house, role=Role.HEAD, unit_id=known.id, unit_code=chosen, zone=known.zone)


def _template(by: Actor) -> bytes:
    from lending.documents.import_template import template as workbook

    assert by.unit_id is not None
    products = [one.terms for one in admin_questions.products(by.today)]
    return workbook(
        officers=[person.username for person in accounts.roles_of_unit(by.unit_id, Role.OFFICER)],
        products=[one.code for one in products],
        weeks=sorted({weeks for one in products for weeks in one.weeks}),
    )


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
@click.option("--scope", type=click.Choice([scope.value for scope in Scope]), default=Scope.WRITE.value, show_default=True)
@click.option("--expires-on", type=DAY, help="The last day on which it opens anything; it holds until it is revoked by default.")
@with_json
@house_of
def token(house: House, username: str, scope: str, expires_on: date | None, as_json: bool) -> None:
    """A new API token for this user, printed this once; her earlier ones stay."""
    with house.app.app_context():
        made = tokens.issue_token(username, house.the_house_itself(), scope=Scope(scope), expires_on=expires_on)
    answer(as_json, {"username": username, "token": made.token}, made.token)


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
