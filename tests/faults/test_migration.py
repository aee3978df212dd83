"""A filled database goes down to the first released schema and up again, from every release, and loses no row that either schema knows.

Killed half-way it stands at the old schema or at the new one, whole, and the next start goes on from there.
"""

import hashlib
import random
import time
from typing import Any

import psycopg
import pytest
from sqlalchemy import inspect, text

from lending import schema
from lending.actions.reference import load_reference
from lending.domain.risk_rules import shipped_terms
from lending.queries.check import differences
from tests.faults.conftest import BusyHouse
from tests.faults.numbers import FULL, SEED, times
from tests.faults.servers import PATIENCE, Nursery
from tests.furnished import FIRST_DUE, a_record, a_running_loan, a_uuid, day, opened
from tests.house.test_migrations import VERSIONS, looking_at, shape, triggers

REVISIONS = [name[:4] for name in VERSIONS]

KILLS = times(6, 60)

DERIVED = {"loan.outstanding_principal"}
"""Release 0002 stored it otherwise; 0003 made it right."""

SHIPPED = {"risk_rule"}
"""Younger than the first release and full from the start: these rows go with their table, and the next start puts them in again."""

Tables = dict[str, dict[str, list[Any]]]


@pytest.fixture
def filled(busy: BusyHouse) -> BusyHouse:
    """A house with facts of every kind that the first release knew."""
    from lending.actions.undoing import undo_record

    with opened(busy.url):
        house = busy.house
        a_record(house, 1)
        kept = a_record(house, 2, paid={house.women[0]: 20_000}, renteng={house.women[0]: [(house.women[1], 10_000)]})
        undo_record(kept.uuid, house.head(day(3)), reason="salah hitung")
        a_record(house, 2, uuid=a_uuid(77), on=day(3))
        a_running_loan(house, house.others[0], day(3))
    return busy


def content(url: str) -> Tables:
    """Of each table each column, its values in the order of the rows."""
    found: Tables = {}
    with looking_at(url) as connection:
        looker = inspect(connection)
        for table in sorted(set(looker.get_table_names()) - {"alembic_version", *SHIPPED}):
            key = ", ".join(f'"{name}"' for name in looker.get_pk_constraint(table)["constrained_columns"])
            rows = connection.execute(text(f'SELECT * FROM "{table}" ORDER BY {key}'))
            names = list(rows.keys())
            columns = list(zip(*rows.all(), strict=True)) or [()] * len(names)
            found[table] = {name: list(map(str, column)) for name, column in zip(names, columns, strict=True)}
    return found


def journal(url: str) -> str:
    """The fingerprint of every entry, leg and seal as the first release stored them."""
    told = content(url)
    first = {"entry": ("id", "unit_id", "kind", "on_day", "happened_on", "control_total", "reversal_of_id", "reason"),
             "posting": ("entry_id", "n", "account", "loan_id", "member_id", "user_id", "amount"), "entry_seal": ("entry_id",)}  # fmt: skip
    return hashlib.sha256(str([told[table][name] for table, names in first.items() for name in names]).encode()).hexdigest()


def lost(before: Tables, after: Tables) -> list[str]:
    """What both schemas know and is not the same."""
    return [
        f"{table}.{name}"
        for table in before.keys() & after.keys()
        for name in before[table].keys() & after[table].keys()
        if before[table][name] != after[table][name]
    ]


def test_down_to_the_first_release_and_up_through_every_other_no_row_is_lost(filled: BusyHouse):
    before, books, guards, tables = content(filled.url), journal(filled.url), triggers(filled.url), shape(filled.url)
    assert sum(len(next(iter(columns.values()))) for columns in before.values()) > 500
    every = FULL or filled.url.startswith("sqlite")
    for revision in [*reversed(REVISIONS[:-1]), *REVISIONS[1:]] if every else [REVISIONS[0], REVISIONS[-1]]:
        schema.move_to(filled.url, revision)
        assert set(lost(before, content(filled.url))) <= DERIVED, f"at {revision}"
        assert journal(filled.url) == books, f"at {revision}"
    assert lost(before, content(filled.url)) == [], "a figure that was derived is what it was"
    assert (triggers(filled.url), shape(filled.url)) == (guards, tables)
    with opened(filled.url):
        assert load_reference(FIRST_DUE).rules == sum(1 for _ in shipped_terms()), (
            "the start of the programme finds the rules gone and ships them again"
        )
        assert differences(FIRST_DUE.replace(year=2027)) == []


def left_alone(url: str) -> None:
    """Wait until the database knows of the death of whoever was connected: PostgreSQL may still be at what it was asked for last."""
    if url.startswith("sqlite"):
        return
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    until = time.monotonic() + PATIENCE
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as line:
        while line.execute(others).fetchone() != (0,):
            assert time.monotonic() < until, "somebody stays in the database"
            time.sleep(0.02)


def test_killed_half_way_it_is_old_or_new_and_never_between(filled: BusyHouse, nursery: Nursery):
    dice = random.Random(SEED)
    ends = REVISIONS[0], REVISIONS[-1]
    before, whole = content(filled.url), {}
    for revision in ends:
        began = time.monotonic()
        nursery.migrate(filled.url, revision).wait()
        longest = time.monotonic() - began
        whole[revision] = shape(filled.url), triggers(filled.url)
    stood = []
    for nth in range(KILLS):
        moving = nursery.migrate(filled.url, ends[nth % 2])
        time.sleep(dice.uniform(0, longest))
        moving.kill()
        left_alone(filled.url)
        now = schema.current(filled.url)
        assert now in ends
        assert (shape(filled.url), triggers(filled.url)) == whole[now], f"between, at {now}"
        assert lost(before, content(filled.url)) == []
        stood.append(now == ends[nth % 2])
    schema.upgrade(filled.url)
    assert (shape(filled.url), triggers(filled.url)) == whole[ends[1]]
    print(f"seed {SEED}: {KILLS} kills, {sum(stood)} when it was done and {len(stood) - sum(stood)} before; 0 rows lost")
