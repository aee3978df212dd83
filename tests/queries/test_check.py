"""Do the books add up? After all that can happen, yes; and after each way of tampering, no, under its code."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path

from sqlalchemy import text

from lending.actions import loans
from lending.actions.arrears import close_date
from lending.actions.calendars import move_meeting
from lending.actions.cash import Handover, Transfer, hand_over, transfer
from lending.actions.chain import seal_house
from lending.actions.days import Count, close_day
from lending.actions.endings import Received, Settlement, receive_claim, record_death, recover, settle, write_off
from lending.actions.savings import SavingsMoved, move_savings
from lending.actions.undoing import undo_line, undo_record
from lending.database import db, is_postgresql, session, transaction
from lending.domain.collection import CashDifference
from lending.domain.ledger import Account
from lending.domain.savings import SavingsKind
from lending.models import guards
from lending.queries import (
    check_books,
    check_chain,
    check_dates,
    check_days,
    check_floors,
    check_guards,
    check_history,
    check_lives,
    check_loans,
    check_manifest,
    check_once,
    check_values,
)  # fmt: skip
from lending.queries.check import differences, prove
from lending.queries.days import vault_on
from lending.queries.differences import MOST, Difference
from tests.actions.test_guards import FACTS
from tests.furnished import LENT_ON, House, a_proposal, a_record, a_uuid, balance, day, only_sqlite


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
    cashier = house.person("cashier", day(3))
    settled, lost, insured, unlucky = house.loans[7:11]
    settle(settled, cashier, Settlement(None, 30_000))
    write_off(lost, head, reason="pindah")
    recover(lost, Received(a_uuid(801), day(3), 20_000), cashier)
    record_death(insured, head, reason="sakit", claim=True)
    receive_claim(insured, Received(a_uuid(802), day(3), 20_000), cashier)
    record_death(unlucky, head, reason="sakit", claim=False)
    move_savings(SavingsMoved(a_uuid(803), third, day(3), 9_000, SavingsKind.DEPOSIT), cashier)
    move_savings(SavingsMoved(a_uuid(804), third, day(3), 6_000, SavingsKind.WITHDRAWAL), cashier)
    undo_line(a_uuid(9), house.women[3], house.officer(day(3)), reason="bukan uangnya")
    for evening in (day(1), day(2), day(3), day(3) + timedelta(days=1)):
        close_date(evening, "test")
    a_cashbox(house)


def a_cashbox(house: House) -> None:
    """The cash of that past: handed over with a difference, some brought to the bank, and the days closed, one short, one uncounted."""
    cashier, head = house.person("cashier", day(3)), house.head(day(3))
    for nth, on in ((80, LENT_ON), (81, day(3))):
        transfer(Transfer(a_uuid(nth), on, 5_000_000, "vault", "bank", "setor bank"), cashier)
    close_day(Count(day(2), vault_on(house.unit_id, day(2)) - 5_000, reason="kas di petugas, selembar hilang", earlier_too=True), head)
    held = balance(Account.OFFICER_CASH)
    hand_over(Handover(a_uuid(82), "officer", day(3), held - 500, None, "receh"), cashier)
    close_day(Count(day(3), vault_on(house.unit_id, day(3))), head)
    seal_house("night")


def test_after_all_that_can_happen_the_books_add_up(house: House):
    assert differences(day(1)) == []
    a_past(house)
    proof = prove(day(3))
    assert proof.differences == ()
    assert proof.entries > 60
    assert len(proof.head) == 64


WHO = "(SELECT id FROM user_account WHERE username = '{}')"

TAMPERINGS: Sequence[tuple[str, str, str]] = [
    ("V1", "one leg changed", "UPDATE posting SET amount = amount + 1 WHERE entry_id = 16 AND n = 1"),
    ("V1", "one leg gone", "DELETE FROM posting WHERE entry_id = 16 AND n = 1"),
    ("V4", "one leg changed", "UPDATE posting SET amount = amount + 1 WHERE entry_id = 16 AND n = 1"),
    ("V2", "a control total", "UPDATE entry SET control_total = control_total + 1 WHERE id = 16"),
    ("V3", "a seal gone", "DELETE FROM entry_seal WHERE entry_id = 16"),
    ("V3", "legs gone", "DELETE FROM posting WHERE entry_id = 16"),
    ("V8", "a reversal on another account", "UPDATE posting SET account = 'opening' WHERE account = 'margin_income' AND amount > 0"),
    ("V9", "the maker is her own checker", "UPDATE loan SET maker_id = (SELECT id FROM user_account WHERE username = 'head') WHERE id = 1"),
    ("V5", "a reason", "UPDATE entry SET reason = 'lain' WHERE id = 1"),
    ("V5", "an act gone", "DELETE FROM audit_event WHERE id = 30"),
    ("V5", "a closed day counted otherwise", "UPDATE day_close SET counted = counted + 1, expected = expected + 1 WHERE counted > 0"),
    ("V7", "a dearer product", "UPDATE product SET margin_bp = 3000 WHERE id = 2"),
    ("V7", "a product for other lengths", "UPDATE product SET weeks = '[10]' WHERE id = 1"),
    ("V7", "a product that nobody added", "UPDATE audit_event SET row = 'product:9' WHERE row = 'product:2'"),
    ("V7", "an officer made head", "UPDATE user_account SET role = 'head' WHERE username = 'officer2'"),
    ("V7", "a head of the neighbours", "UPDATE user_account SET unit_id = 2 WHERE username = 'head'"),
    ("V7", "somebody shut out by nobody", "UPDATE user_account SET active = (1 = 0) WHERE username = 'mentor'"),
    ("V7", "an account that nobody added", "UPDATE user_account SET username = 'x' WHERE username = 'sistem'"),
    ("V7", "the house itself signs in", "UPDATE user_account SET active = (1 = 1) WHERE username = 'sistem'"),
    ("V9", "approved by the cashier", f"UPDATE loan_event SET actor_id = {WHO.format('cashier')} WHERE step = 'approve'"),
    ("V9", "undone late by herself", f"UPDATE record_undo SET on_day = '2026-06-01', actor_id = {WHO.format('officer')}"),
    ("V9", "closed by the cashier", f"UPDATE day_close SET actor_id = {WHO.format('cashier')}"),
    ("V10", "a receipt skipped", "UPDATE meeting_record SET number = 9 WHERE number = 2"),
    ("V10", "a transfer without its key", f"DELETE FROM sent_once WHERE uuid = '{a_uuid(80)}'"),
    ("V10", "a key under which nothing was done", f"UPDATE sent_once SET answer = '{{\"entry\": 7}}' WHERE uuid = '{a_uuid(80)}'"),
    ("V10", "a key of another's", f"UPDATE sent_once SET actor_id = {WHO.format('head')} WHERE act = 'cash.hand_over'"),
    ("V15", "less in the vault than was counted", "UPDATE day_close SET counted = counted - 1 WHERE counted IS NOT NULL"),
    ("V15", "what was missing is there", "UPDATE day_close SET expected = counted WHERE reason IS NOT NULL"),
    ("V15", "more entries than were closed", "UPDATE entry SET on_day = '2026-02-09' WHERE kind = 'over_short'"),
    ("V15", "another sum carried forward", "UPDATE day_balance SET debit = debit + 1, credit = credit + 1 WHERE account = 'bank'"),
    ("V15", "an account not carried forward", "DELETE FROM day_balance WHERE account = 'bank'"),
    ("V15", "a purse that was not emptied", "UPDATE posting SET amount = amount + 5 WHERE account = 'officer_cash' AND amount < -100000"),
    (
        "V11",
        "less cash than left",
        "UPDATE posting SET amount = SIGN(amount) WHERE account IN ('vault_cash', 'head_office') AND entry_id = 1",
    ),
    (
        "V11",
        "lent before there was any cash",
        "UPDATE entry SET on_day = '2026-01-02', happened_on = '2026-01-02' WHERE kind = 'disbursement'",
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
    ("V16", "booked behind the close", "UPDATE entry SET on_day = '2026-02-16', happened_on = '2026-02-16' WHERE kind = 'handover'"),
    ("V16", "closed before its day", "UPDATE day_close SET on_day = '2026-12-24' WHERE reason IS NOT NULL"),
    ("V16", "not come yet", "UPDATE entry SET on_day = '2027-01-01', happened_on = '2027-01-01' WHERE id = 16"),
    ("V16", "held after it was kept", "UPDATE meeting_record SET held_on = '2026-12-01' WHERE number = 2"),
    ("V16", "paid before it was lent", "UPDATE loan SET disbursed_on = '2026-02-12' WHERE id = 5"),
    ("V16", "steps out of order", "UPDATE loan_event SET on_day = '2026-03-01' WHERE loan_id = 5 AND step = 'recommend'"),
    ("V16", "a word that is none", "UPDATE loan SET state = 'hilang' WHERE id = 5"),
    ("V17", "a snapshot", "UPDATE arrears_snapshot SET days_late = days_late + 1 WHERE as_of = '2026-02-24'"),
    ("V17", "a snapshot gone", "DELETE FROM arrears_snapshot WHERE as_of = '2026-02-24'"),
    ("V17", "an evening's total", "UPDATE portfolio_day SET outstanding_principal = 1 WHERE as_of = '2026-02-24'"),
    ("V12", "an ending without its day", "UPDATE loan SET ended_on = NULL WHERE state = 'written_off'"),
    ("V12", "an ending of another day", "UPDATE loan SET ended_on = '2026-02-20' WHERE state = 'cleared'"),
    ("V12", "an ending that nobody recorded", "UPDATE loan SET state = 'written_off' WHERE id = 5"),
    ("V12", "an ending that nobody booked", "UPDATE entry SET kind = 'transfer' WHERE kind = 'write_off'"),
    ("V12", "a loan that ended and still owes", "UPDATE loan SET outstanding_principal = 1 WHERE state = 'cleared'"),
    ("V12", "a settlement that paid less", "UPDATE loan SET total_paid = total_paid - 1 WHERE id = 8"),
    ("V12", "a settlement without its entry", "UPDATE entry SET kind = 'collection' WHERE kind = 'settlement'"),
    (
        "V12",
        "more came than was lost",
        "UPDATE posting SET amount = 5000000 * SIGN(amount) WHERE entry_id = (SELECT max(id) FROM entry WHERE kind = 'recovery')",
    ),
    (
        "V11",
        "an insurer paid too much",
        "UPDATE posting SET amount = -5000000 WHERE account = 'death_claim' AND amount < 0",
    ),
    (
        "V9",
        "she who paid out wrote off",
        "UPDATE loan_event SET actor_id = (SELECT id FROM user_account WHERE username = 'cashier') WHERE step = 'write_off'",
    ),
    (
        "V11",
        "savings taken before they were there",
        "UPDATE entry SET happened_on = '2026-02-03' WHERE id = (SELECT entry_id FROM posting WHERE account = 'savings' AND amount = 6000)",
    ),
    ("V14", "a line's undo gone", "DELETE FROM line_undo"),
    (
        "V14",
        "another line called undone",
        "UPDATE line_undo SET member_id = (SELECT min(member_id) FROM meeting_line WHERE meeting_line.record_uuid = line_undo.record_uuid)",
    ),
    ("V16", "a line undone before it was kept", "UPDATE line_undo SET on_day = '2026-02-02'"),
    ("V18", "a line that was never sent", "DELETE FROM meeting_line WHERE member_id = 5"),
    ("V18", "an answer without lines", "UPDATE meeting_record SET answer = '{\"lines\": []}' WHERE number = 2"),
    ("V19", "two loans of one woman", "UPDATE loan SET member_id = 4 WHERE id = 5"),
    ("V19", "a step skipped", "DELETE FROM loan_event WHERE loan_id = 5 AND step = 'verify'"),
]


def looks_for(code: str) -> Iterator[Difference]:
    """What is said by the looks that may find such a difference; all of them together are `differences`."""
    books, loans_, cash, dates = check_books.look, check_loans.look, check_days.look, partial(check_dates.look, day(3))
    looks: dict[str, Sequence[Callable[[], Iterable[Difference]]]] = {
        "V5": [lambda: check_chain.prove().differences], "V7": [check_manifest.look], "V9": [check_manifest.look, loans_],
        "V10": [books, check_once.look],
        "V11": [check_floors.look], "V12": [loans_, check_lives.look], "V13": [loans_, dates], "V15": [cash],
        "V16": [check_values.look, dates], "V17": [check_history.look], "V18": [check_once.look], "V19": [loans_, check_lives.look],
    }  # fmt: skip
    return chain.from_iterable(look() for look in looks.get(code, [books]))


def test_every_tampering_is_found(house: House):
    a_past(house)
    assert differences(day(3)) == []
    missed = []
    with past_the_guards():
        for code, what, sql in TAMPERINGS:
            tampering = session.begin_nested()
            session.execute(text(sql))
            if code not in {one.code for one in looks_for(code)}:
                missed.append((code, what, sorted({one.code for one in differences(day(3)) if not one.row.startswith("trigger:")})))
            tampering.rollback()
    assert missed == []
    assert {code for code, _, _ in TAMPERINGS} == {f"V{n}" for n in range(1, 20)} - {"V6"}  # V6, the anchors: test_check_chain.py


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
                away = ["PRAGMA defer_foreign_keys = 1", *(f"DROP TRIGGER {name}" for name in guards.made("sqlite"))]
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
