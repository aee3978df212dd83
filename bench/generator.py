"""A database of any size, filled past the acts with rows of the real schema: groups of twenty-five, fifty weekly instalments, some late.

Every stored figure follows the rules: what is paid is so many whole instalments, and the next one falls due where the calendar says. The
rows are made by the database itself, a statement a table. `weeks` of receipts behind the loans are optional: what is measured is mostly the
loans and not the length of their past.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import Column, Date, Integer, MetaData, Table, func, insert, select, text

from lending import schema
from lending.actions.audit import note
from lending.actions.reference import load_reference
from lending.database import db, hang_on, is_postgresql, session, transaction
from lending.domain.access import Actor, Role
from lending.domain.lifecycle import STEPS, LoanState, LoanStep
from lending.models import Unit, User
from tests.postgres import a_server

GROUP = 25
"""Women in a group, each with a loan."""

MEETINGS = 60
OLDEST = 45
"""Weeks since the oldest groups began; the others were formed week after week since."""

ON = date(2026, 11, 25)
"""The evening that is closed: a Wednesday."""

FIRST = ON - timedelta(weeks=OLDEST, days=ON.weekday())
"""The first Monday of the oldest groups."""

LENT = FIRST - timedelta(weeks=1)
"""The day on which all loans were paid out."""

MOMENT = datetime(2026, 11, 25, 10, tzinfo=UTC)

_STAFF = (Role.OFFICER, Role.HEAD, Role.CASHIER)
"""Who takes the steps of a loan."""

SERVED = 40
"""Groups of one officer: as many as she can see in a week, and enough for a benchmark of meetings."""

KELURAHAN = "15.71.11.1001"


@dataclass(frozen=True)
class Filled:
    """What stands in the database: how many loans, and the officer of its first groups on the day after `ON`."""

    loans: int
    officer: Actor


@contextmanager
def a_database(kind: str) -> Iterator[str]:
    """The address of an empty migrated database, on the kind asked for, for as long as the block lasts."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="mb-bench-") as folder:
            url = f"sqlite:///{Path(folder) / 'lending.db'}"
            schema.upgrade(url)
            yield url
    else:
        # A server that has the loans in memory, as one that closes a million of them would.
        with a_server(shared_buffers="1GB", work_mem="64MB", max_wal_size="8GB") as server:
            server.run("CREATE DATABASE bench")
            schema.upgrade(server.database("bench"))
            yield server.database("bench")


@contextmanager
def a_house(kind: str, loans: int, *, weeks: int = 0, booked: bool = False) -> Iterator[Filled]:
    """The rooms behind the doors on a database with so many running loans, inside an app context."""
    with a_database(kind) as url:
        app = Flask("lending")
        hang_on(app, url, "no secret: there are no numbers to open here")
        with app.app_context():
            try:
                yield _filled(loans, weeks, booked=booked)
            finally:
                session.remove()
                db.engine.dispose()


def _filled(loans: int, weeks: int, *, booked: bool) -> Filled:
    load_reference(ON)
    count = max(1, loans // GROUP)
    with transaction():
        officer = _people(-(-count // SERVED))
        if is_postgresql():
            session.execute(text("SET LOCAL session_replication_role = replica"))  # the rows refer to each other as they should
        _days()
        _groups(count, officer.user_id)
        _loans(count)
        if weeks:
            _receipts(count * GROUP, weeks, officer.user_id)
        if booked:
            _lives(count * GROUP)
            _books(count * GROUP, officer.user_id)
        session.execute(text("DROP TABLE bench_day"))
    if is_postgresql():
        session.remove()
        # As it would be after a night's autovacuum. What is not on disk yet is not known to be there for all to see, and would be left out.
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT", lending_writing=True) as connection:
            connection.execute(text("CHECKPOINT"))
            connection.execute(text("VACUUM ANALYZE"))
    return Filled(count * GROUP, officer)


def _people(officers: int) -> Actor:
    """A unit, the people who take a loan's steps, and so many officers, the first of whom comes back. Each account has its trace."""
    unit = Unit(code="BNC", name="Ukuran", zone="Asia/Jakarta")
    session.add(unit)
    session.flush()
    others = [(f"officer{n}", Role.OFFICER) for n in range(2, officers + 1)]
    for name, role in (*((role.value, role) for role in _STAFF), *others):
        session.add(User(username=name, name=name, role=role, unit_id=unit.id, password_hash="", created_at=MOMENT))
    session.flush()
    people = session.scalars(select(User).where(User.unit_id == unit.id).order_by(User.id)).all()
    officer = people[0]
    actor = Actor(officer.id, officer.username, officer.name, officer.role, unit.id, unit.code, unit.zone, ON + timedelta(days=1))
    for user in people:
        note(actor, "admin.add_user", f"user:{user.id}", at=MOMENT, after={"role": user.role.value, "unit": unit.code})
    return actor


def _days() -> None:
    """Every day by its number, `n`; 0 is the first Monday of the oldest groups. Databases count days each in their own way."""
    table = Table("bench_day", MetaData(), Column("n", Integer, primary_key=True), Column("on_day", Date))
    table.create(session.connection())
    session.execute(insert(table), [{"n": n, "on_day": FIRST + timedelta(days=n)} for n in range(7 * (OLDEST + MEETINGS + 2))])


def _fill(table: str, columns: str, numbers: int, rest: str, **given: object) -> None:
    """Add a row for each number `i` from 1 on, as `rest` says: its columns and where they come from."""
    counting = f"WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {numbers})"
    filled = f"INSERT INTO {table} ({columns}) {counting} SELECT {rest}"
    dates: dict[str, object] = {"first": FIRST, "lent": LENT, "moment": MOMENT}
    if not is_postgresql():
        dates = {"first": FIRST.isoformat(), "lent": LENT.isoformat(), "moment": MOMENT.strftime("%Y-%m-%d %H:%M:%S.000000")}
    session.execute(text(filled), {name: value for name, value in (dates | given).items() if f":{name}" in filled})


# The number of the day of a group's first meeting: groups began week after week, on the six days in turn.
_BEGAN = f"(7 * (g % {OLDEST}) + g % 6)"


def _groups(count: int, officer_id: int) -> None:
    _fill(
        "borrower_group",
        "id, unit_id, code, name, kelurahan, weekday, time, place",
        count,
        f"i, :unit, 'G' || i, 'G' || i, '{KELURAHAN}', i % 6 + 1, '09:00', '-' FROM numbers",
        unit=session.execute(text("SELECT max(id) FROM unit")).scalar(),
    )
    # The officers stand one after the other, but for the rest of the staff behind the first.
    server = f"{officer_id} + CASE WHEN i <= {SERVED} THEN 0 ELSE (i - 1) / {SERVED} + {len(_STAFF) - 1} END"
    _fill("assignment", "group_id, user_id, duty, from_on", count, f"i, {server}, 'officer', :first FROM numbers")
    _fill(
        "meeting",
        "group_id, seq, planned_on, original_on",
        count * MEETINGS,
        f"""g, k, on_day, on_day FROM (SELECT (i - 1) / {MEETINGS} + 1 AS g, (i - 1) % {MEETINGS} + 1 AS k FROM numbers) AS planned
        JOIN bench_day ON n = {_BEGAN} + 7 * (k - 1)""",
    )


def _loans(count: int) -> None:
    _fill(
        "member",
        "id, unit_id, number, name, nik_sealed, nik_index, nik_last4, birth_date, address, rt, rw, kelurahan, enrolled_at",
        count * GROUP,
        f"i, 1, 'B' || i, 'B' || i, :sealed, 'B' || i, '0000', :first, '-', '001', '001', '{KELURAHAN}', :moment FROM numbers",
        sealed=b"-",
    )
    _fill(
        "membership",
        "group_id, member_id, sub_group, joined_on",
        count * GROUP,
        f"(i - 1) / {GROUP} + 1, i, (i - 1) % {GROUP} / 5 + 1, :first FROM numbers",
    )
    # `fallen`: meetings before the evening. One woman in twenty-five has missed the last one to twelve of them.
    _fill(
        "loan",
        """id, member_id, group_id, product_id, cycle, purpose, applied_on, maker_id, state, principal, margin, weeks, every_weeks, count,
        instalment, payment_order, upj, disbursed_on, first_seq, total_paid, outstanding_principal, next_due""",
        count * GROUP,
        f"""i, i, g, 1, 1, 'warung', :first, 1, 'running', p, p / 4, 50, 1, 50, p / 40, 'margin_first', p / 20, :lent, 1, paid * (p / 40),
        p - paid * (p / 50), on_day
        FROM (SELECT i, g, p, CASE WHEN fallen > missed THEN fallen - missed ELSE 0 END AS paid
              FROM (SELECT i, g, (i % 4 + 4) * 500000 AS p, ({(ON - FIRST).days} - {_BEGAN} + 6) / 7 AS fallen,
                           CASE WHEN i % {GROUP} = 7 THEN i / {GROUP} % 12 + 1 ELSE 0 END AS missed
                    FROM (SELECT i, (i - 1) / {GROUP} + 1 AS g FROM numbers) AS women) AS running) AS standing
        JOIN bench_day ON n = {_BEGAN} + 7 * paid ORDER BY i""",
    )


def _receipts(loans: int, weeks: int, officer_id: int) -> None:
    """The collections of the last weeks, an entry a loan and week."""
    each = f"(SELECT i, (i - 1) % {loans} + 1 AS loan_id, (i - 1) / {loans} AS back FROM numbers) AS kept"
    _fill(
        "entry",
        "id, unit_id, kind, on_day, happened_on, recorded_at, actor_id, control_total",
        loans * weeks,
        f"""i + 1000000, 1, 'collection', on_day, on_day, :moment, {officer_id}, instalment FROM {each}
        JOIN loan ON loan.id = loan_id JOIN bench_day ON n = {(ON - FIRST).days} - 7 * back""",
    )
    for n, account, amount, loan, user in (
        (1, "officer_cash", "instalment", "NULL", officer_id),
        (2, "margin_income", "-(margin / 50)", "loan.id", "NULL"),
        (3, "loan_principal", "-(principal / 50)", "loan.id", "NULL"),
    ):
        _fill(
            "posting",
            "entry_id, n, account, loan_id, user_id, amount",
            loans * weeks,
            f"i + 1000000, {n}, '{account}', {loan}, {user}, {amount} FROM {each} JOIN loan ON loan.id = loan_id",
        )
    _fill("entry_seal", "entry_id", loans * weeks, "i + 1000000 FROM numbers")


def _lives(loans: int) -> None:
    """How each loan came to run: one step after the other, each by somebody who may."""
    people = dict(session.execute(select(User.role, func.min(User.id)).group_by(User.role)).tuples().all())
    steps = (
        (LoanStep.RECOMMEND, Role.OFFICER),
        (LoanStep.VERIFY, Role.HEAD),
        (LoanStep.APPROVE, Role.HEAD),
        (LoanStep.DISBURSE, Role.CASHIER),
    )
    applied = ("NULL", LoanState.APPLIED, Role.OFFICER)
    for step, state, role in (applied, *((f"'{step}'", STEPS[step].target, role) for step, role in steps)):
        columns = "loan_id, step, state, on_day, recorded_at, actor_id"
        _fill("loan_event", columns, loans, f"i, {step}, '{state}', :lent, :moment, {people[role]} FROM numbers")


def _books(loans: int, officer_id: int) -> None:
    """What the books say: the vault filled, each loan paid out of it, and in one sum what has come back of the loan.

    The vault is filled for ten thousand loans at a time: no leg of a sensible book is larger.
    """
    principal_back = "(principal - outstanding_principal)"
    lent = (
        ("loan_principal", "principal", "loan.id", "NULL", "NULL"),
        ("vault_cash", "upj - principal", "NULL", "NULL", "NULL"),
        ("upj", "-upj", "NULL", "member_id", "NULL"),
    )
    returned = (
        ("officer_cash", "total_paid", "NULL", "NULL", str(officer_id)),
        ("margin_income", f"{principal_back} - total_paid", "loan.id", "NULL", "NULL"),
        ("loan_principal", f"-{principal_back}", "loan.id", "NULL", "NULL"),
    )
    needed = "(SELECT sum(principal) FROM loan WHERE id >= i AND id < i + 10000)"
    filled = (("vault_cash", needed, "NULL", "NULL", "NULL"), ("opening", f"-{needed}", "NULL", "NULL", "NULL"))
    some_at_a_time = "JOIN loan ON loan.id = i AND i % 10000 = 1"
    each = "JOIN loan ON loan.id = i AND {} > 0"
    for kind, offset, day, total, legs, whose in (
        ("opening", 0, ":lent", needed, filled, some_at_a_time),
        ("disbursement", loans, ":lent", "principal", lent, each.format("principal")),
        ("collection", 2 * loans, ":first", "total_paid", returned, each.format("total_paid")),
    ):
        some = f"FROM (SELECT i FROM numbers) AS each {whose}"
        columns = "id, unit_id, kind, on_day, happened_on, recorded_at, actor_id, control_total"
        _fill("entry", columns, loans, f"i + {offset}, 1, '{kind}', {day}, {day}, :moment, {officer_id}, {total} {some}")
        for n, (account, amount, *sub) in enumerate(legs, 1):
            columns = "entry_id, n, account, loan_id, member_id, user_id, amount"
            _fill("posting", columns, loans, f"i + {offset}, {n}, '{account}', {', '.join(sub)}, {amount} {some} AND {amount} <> 0")
        _fill("entry_seal", "entry_id", loans, f"i + {offset} {some}")
