"""What the database itself refuses, whoever asks: changed facts, and entries that are not whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

import pytest
from sqlalchemy import Column, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from lending.actions.undoing import undo_record
from lending.database import is_postgresql, session, transaction
from lending.domain.ledger import Account, EntryKind
from lending.models import Base, Entry, EntrySeal, Posting
from lending.models.base import Moment
from tests.furnished import LENT_ON, House, a_record, day

FACTS = (
    "entry", "posting", "entry_seal", "sent_once", "meeting_record", "meeting_line", "renteng", "record_undo", "line_undo",
    "receipt_print", "loan_event", "consent", "eligibility", "training_day", "calendar_move", "meeting_move", "visit",
    "visit_member", "visit_action", "action_outcome", "photo", "audit_event", "arrears_snapshot", "portfolio_day", "chain_seal",
    "day_close", "warning_rule", "risk_rule", "case_event", "broken_promise", "cash_declaration", "handover",
    "day_balance",
)  # fmt: skip
"""Tables that only grow."""


@contextmanager
def the_database_says(words: str) -> Iterator[None]:
    """The block's transaction is refused by the database, in these words."""
    with pytest.raises(DBAPIError, match=words), transaction():
        yield


def test_no_fact_is_changed_or_taken_away(house: House):
    _have_a_past(house)
    tables = [table for table in Base.metadata.sorted_tables if table.name in FACTS]
    assert len(tables) == len(FACTS)
    for table in tables:
        _have_a_row(table)
        column = next(iter(table.primary_key)).name
        for sql in (f"UPDATE {table.name} SET {column} = {column}", f"DELETE FROM {table.name}"):
            with the_database_says("takes new rows only"):
                session.execute(text(sql))


def _have_a_past(house: House) -> None:
    kept = a_record(house, 1, everybody=False, renteng={house.women[0]: [(house.women[1], 50_000)]})
    undo_record(kept.uuid, house.officer(day(1)), reason="salah")


def _have_a_row(table: Table) -> None:
    """Add any row to a table that has none."""
    if session.scalar(select(func.count()).select_from(table)):
        return
    with transaction():
        session.execute(insert(table), {column.name: _something(column) for column in table.columns if not column.nullable})


def _something(column: "Column[Any]") -> Any:
    if column.foreign_keys:
        there = next(iter(column.foreign_keys)).column
        return session.scalar(select(there).order_by(there).limit(1))
    if isinstance(column.type, Moment):
        return datetime(2026, 2, 2, tzinfo=UTC)
    kind = column.type.python_type
    if issubclass(kind, Enum):
        return next(iter(kind))
    return {int: 1, str: "x", bool: True, date: LENT_ON}.get(kind, {})


def test_no_fact_is_replaced_or_cut_off(house: House):
    _have_a_past(house)
    for name in FACTS:
        _have_a_row(Base.metadata.tables[name])
        if is_postgresql():
            with the_database_says("takes new rows only"):
                session.execute(text(f"TRUNCATE {name} CASCADE"))
        else:
            with the_database_says("UNIQUE constraint failed|no more legs"):
                session.execute(text(f"INSERT OR REPLACE INTO {name} SELECT * FROM {name} LIMIT 1"))
    if is_postgresql():
        with the_database_says("takes new rows only"):
            session.execute(text("TRUNCATE unit CASCADE"))


Legs = list[tuple[Account, int]]


def an_entry(legs: Legs, *, total: int = 1_000, sealed: bool = True, reversal_of: int | None = None, late_leg: bool = False) -> int:
    """An entry written by hand, past every rule of the house."""
    entry_id: int = session.execute(
        insert(Entry)
        .values(
            unit_id=1,
            kind=EntryKind.TRANSFER,
            on_day=LENT_ON,
            happened_on=LENT_ON,
            recorded_at=datetime.now(UTC),
            actor_id=1,
            reversal_of_id=reversal_of,
            control_total=total,
        )
        .returning(Entry.id)
    ).scalar_one()
    rows = [{"entry_id": entry_id, "n": n, "account": account, "amount": amount} for n, (account, amount) in enumerate(legs, 1)]
    if rows:
        session.execute(insert(Posting), rows)
    if sealed:
        session.execute(insert(EntrySeal), {"entry_id": entry_id})
    if late_leg:
        session.execute(insert(Posting), {"entry_id": entry_id, "n": 9, "account": Account.BANK, "amount": 5})
    return entry_id


WHOLE: Legs = [(Account.BANK, 1_000), (Account.HEAD_OFFICE, -1_000)]


def test_an_entry_is_balanced_and_sealed_or_it_is_not(house: House):
    with the_database_says("sum to zero"):
        an_entry([(Account.BANK, 1_000), (Account.HEAD_OFFICE, -999)])
    with the_database_says("sum to zero"):
        an_entry([])
    with the_database_says("(?i)foreign key"):
        an_entry(WHOLE, sealed=False)
    with the_database_says("control total"):
        an_entry(WHOLE, total=2_000)
    with the_database_says("amount_sensible|CHECK"):
        an_entry([(Account.BANK, 1_000), (Account.HEAD_OFFICE, -1_000), (Account.BANK, 0)])
    with the_database_says("no more legs"):
        an_entry(WHOLE, late_leg=True)
    with transaction():
        an_entry(WHOLE)


def test_a_reversal_mirrors_its_entry_once_and_is_not_reversed_itself(house: House):
    with transaction():
        entry_id = an_entry(WHOLE)
    back: Legs = [(account, -amount) for account, amount in WHOLE]
    for crooked in (WHOLE, [(Account.BANK, -1_000), (Account.OPENING, 1_000)]):
        with the_database_says("not the mirror"):
            an_entry(crooked, reversal_of=entry_id)
    with transaction():
        reversal_id = an_entry(back, reversal_of=entry_id)
    with the_database_says("(?i)unique"):
        an_entry(back, reversal_of=entry_id)
    with the_database_says("not reversed"):
        an_entry(WHOLE, reversal_of=reversal_id)


def test_reading_cannot_write(house: House):
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
        session.execute(text("UPDATE loan SET total_paid = 0"))
    session.rollback()


def test_an_act_that_calls_an_act_is_a_fault_and_leaves_nothing(house: House):
    with pytest.raises(RuntimeError, match="do not nest"):
        _an_act_that_calls_an_act()
    assert not session.scalar(select(func.count()).where(Entry.kind == EntryKind.TRANSFER, Entry.reason.is_(None)))


def _an_act_that_calls_an_act() -> None:
    with transaction():
        an_entry(WHOLE)
        with transaction():
            pass
