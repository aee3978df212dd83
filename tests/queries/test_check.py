"""Do the books add up? After all that can happen, yes; and after each way of tampering, no, under its code."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from lending.actions import loans
from lending.actions.arrears import close_date
from lending.actions.calendars import move_meeting
from lending.actions.collection import undo_record
from lending.database import db, is_postgresql, session, transaction
from lending.domain.collection import CashDifference
from lending.models import guards
from lending.queries import check_guards
from lending.queries.check import differences, prove
from lending.queries.differences import MOST
from tests.actions.test_guards import FACTS
from tests.furnished import House, a_proposal, a_record, a_uuid, day, only_sqlite


def a_past(house: House) -> None:
    """A little of everything: short, helped, saved, paid ahead, undone, recorded again, moved, late, and the nights between."""
    first, second, third, *_ = house.women
    a_record(house, 1, paid={first: 5_000, second: 20_000}, renteng={second: [(third, 30_000)]}, savings={third: 7_000})
    a_record(house, 2, difference=CashDifference(-1_000, "hilang"), paid={third: 2_450_000})
    kept = a_record(house, 3, paid={first: 0})
    undo_record(kept.uuid, house.officer(day(3)), reason="salah")
    undo_record(a_uuid(1_001), house.head(day(3)), reason="tertukar")
    a_record(house, 3, uuid=a_uuid(9), paid={first: 125_000, house.women[-1]: 0})
    move_meeting(house.melati, 6, day(5) + timedelta(days=1), "banjir", house.head(day(3)))
    by, head = house.person("officer2", day(3)), house.head(day(3))
    loan_id = a_proposal(house.others[0], by)
    loans.reject(loan_id, head, reason="tutup")
    waiting = a_proposal(house.others[1], by)
    loans.recommend(waiting, by, in_favour=10, present=10)
    for evening in (day(1), day(2), day(3), day(3) + timedelta(days=1)):
        close_date(evening, "test")


def test_after_all_that_can_happen_the_books_add_up(house: House):
    assert differences(day(1)) == []
    a_past(house)
    proof = prove(day(3))
    assert proof.differences == ()
    assert proof.entries > 60
    assert len(proof.head) == 64


def test_the_head_of_the_chain_is_that_of_the_whole_journal(house: House):
    before = prove()
    assert prove() == before
    a_record(house, 1)
    after = prove()
    assert after.head != before.head
    with past_the_guards("UPDATE entry SET reason = 'lain' WHERE id = 1"):
        assert prove().head != after.head
    assert prove() == after


TAMPERINGS: Sequence[tuple[str, str, str]] = [
    ("V1", "one leg changed", "UPDATE posting SET amount = amount + 1 WHERE entry_id = 16 AND n = 1"),
    ("V1", "one leg gone", "DELETE FROM posting WHERE entry_id = 16 AND n = 1"),
    ("V4", "one leg changed", "UPDATE posting SET amount = amount + 1 WHERE entry_id = 16 AND n = 1"),
    ("V2", "a control total", "UPDATE entry SET control_total = control_total + 1 WHERE id = 16"),
    ("V3", "a seal gone", "DELETE FROM entry_seal WHERE entry_id = 16"),
    ("V3", "legs gone", "DELETE FROM posting WHERE entry_id = 16"),
    ("V8", "a reversal on another account", "UPDATE posting SET account = 'opening' WHERE account = 'margin_income' AND amount > 0"),
    ("V9", "the maker is her own checker", "UPDATE loan SET maker_id = (SELECT id FROM user_account WHERE username = 'head') WHERE id = 1"),
    ("V10", "a receipt skipped", "UPDATE meeting_record SET number = 9 WHERE number = 2"),
    (
        "V11",
        "less cash than left",
        "UPDATE posting SET amount = SIGN(amount) WHERE account IN ('vault_cash', 'head_office') AND entry_id = 1",
    ),
    ("V12", "a payment that nobody booked", "UPDATE loan SET total_paid = total_paid + 1000 WHERE id = 5"),
    ("V12", "a due date put off", "UPDATE loan SET next_due = '2026-12-07' WHERE id = 5"),
    ("V12", "a loan called repaid", "UPDATE loan SET state = 'repaid', next_due = NULL WHERE id = 5"),
    ("V12", "margin booked as principal", "UPDATE posting SET account = 'loan_principal' WHERE account = 'margin_income' AND loan_id = 5"),
    ("V12", "a proposal with a date", "UPDATE loan SET disbursed_on = '2026-02-02' WHERE state = 'recommended'"),
    ("V13", "a dearer loan", "UPDATE loan SET margin = margin + 50000 WHERE id = 5"),
    ("V13", "a longer loan", "UPDATE loan SET first_seq = first_seq + 40 WHERE id = 5"),
    ("V13", "meetings out of order", "UPDATE meeting SET planned_on = '2026-01-05' WHERE group_id = 1 AND seq = 30"),
    ("V14", "a record's total", "UPDATE meeting_record SET total = total + 1 WHERE number = 2"),
    ("V14", "a record's cash", "UPDATE meeting_record SET cash_counted = cash_counted + 1 WHERE number = 2"),
    ("V14", "a line", "UPDATE meeting_line SET paid = paid + 1, savings = savings - 1 WHERE savings > 0"),
    ("V14", "a gift", "UPDATE renteng SET amount = amount + 1"),
    ("V14", "an undo gone", "DELETE FROM record_undo WHERE reason = 'salah'"),
    ("V16", "booked before it happened", "UPDATE entry SET on_day = '2026-01-01' WHERE id = 16"),
    ("V16", "not come yet", "UPDATE entry SET on_day = '2027-01-01', happened_on = '2027-01-01' WHERE id = 16"),
    ("V16", "held after it was kept", "UPDATE meeting_record SET held_on = '2026-12-01' WHERE number = 2"),
    ("V16", "paid before it was lent", "UPDATE loan SET disbursed_on = '2026-02-12' WHERE id = 5"),
    ("V16", "steps out of order", "UPDATE loan_event SET on_day = '2026-03-01' WHERE loan_id = 5 AND step = 'recommend'"),
    ("V16", "a word that is none", "UPDATE loan SET state = 'hilang' WHERE id = 5"),
    ("V17", "a snapshot", "UPDATE arrears_snapshot SET days_late = days_late + 1 WHERE as_of = '2026-02-24'"),
    ("V17", "a snapshot gone", "DELETE FROM arrears_snapshot WHERE as_of = '2026-02-24'"),
    ("V17", "an evening's total", "UPDATE portfolio_day SET outstanding_principal = 1 WHERE as_of = '2026-02-24'"),
    ("V19", "two loans of one woman", "UPDATE loan SET member_id = 4 WHERE id = 5"),
    ("V19", "a step skipped", "DELETE FROM loan_event WHERE loan_id = 5 AND step = 'verify'"),
]


def test_every_tampering_is_found(house: House):
    a_past(house)
    missed = []
    for code, what, sql in TAMPERINGS:
        with past_the_guards(sql):
            if code not in {one.code for one in differences(day(3))}:
                missed.append((code, what, differences(day(3))))
    assert missed == []


@only_sqlite
def test_a_day_of_no_calendar_is_found(house: House):
    with past_the_guards("UPDATE entry SET on_day = '2026-02-30' WHERE id = 10"):
        assert [(one.code, one.row) for one in differences()] == [("V16", "entry:10")]


def test_a_guard_that_is_gone_or_weaker_is_found(house: House):
    name, table = "posting_no_update", "posting"
    if is_postgresql():
        name = "posting_no_change"
        act(f"ALTER TABLE {table} ENABLE TRIGGER {name}")  # no longer in every role
        expected = [("V7", f"trigger:{table}.{name}", "is changed")]
        assert [(one.code, one.row, one.what) for one in differences()] == expected
        act(f"DROP TRIGGER {name} ON {table}")
        assert [(one.row, one.what) for one in differences()] == [(f"trigger:{table}.{name}", "is missing")]
        return
    act(f"DROP TRIGGER {name}")
    assert [(one.code, one.row, one.what) for one in differences()] == [("V7", f"trigger:{name}", "is missing")]
    act(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT 1; END")
    act("CREATE TRIGGER more AFTER INSERT ON posting BEGIN UPDATE loan SET total_paid = 0; END")
    assert [(one.row, one.what) for one in differences()] == [("trigger:more", "is not ours"), (f"trigger:{name}", "is changed")]


def test_the_guards_that_are_written_down_are_those_that_the_migrations_make(house: House):
    name = "postgresql" if is_postgresql() else "sqlite"
    there = dict(sorted(check_guards.found().items()))
    written = json.loads(Path(guards.__file__).with_suffix(".json").read_text())
    assert written[name] == there, f"guards.json should say for {name}: {json.dumps(there, indent=1)}"


def test_at_most_a_thousand_differences_are_told(house: House):
    with past_the_guards("UPDATE loan SET next_due = NULL, instalment = instalment + 1", "UPDATE meeting SET planned_on = '2026-01-05'"):
        assert 100 < len(differences()) <= MOST


# ---- past the guards -------------------------------------------------------------------------------------------------------------------


class _NeverKept(Exception):
    """Takes the tampering away again."""


@contextmanager
def past_the_guards(*sql: str) -> Iterator[None]:
    """These statements done with every guard away, as somebody with the file or the database's own password could, for one block."""
    try:
        with transaction():
            if is_postgresql():
                away = [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in FACTS]
            else:
                away = [f"DROP TRIGGER {name}" for name in guards.made("sqlite")]
            for one in (*away, *sql):
                session.execute(text(one))
            yield
            raise _NeverKept
    except _NeverKept:
        pass


def act(sql: str) -> None:
    """One statement kept, past everything of the house."""
    session.rollback()
    with db.engine.connect().execution_options(lending_writing=True) as connection:
        connection.execute(text(sql))
        connection.commit()
