"""Two at once, with real threads on both databases: one is kept, the other is told so, and nothing is counted twice."""

from functools import partial

from sqlalchemy import func, select

from lending.actions import loans
from lending.actions.arrears import close_date
from lending.actions.cash import Transfer, transfer
from lending.actions.collection import Kept
from lending.actions.undoing import undo_record
from lending.database import session
from lending.domain.ledger import Account
from lending.models import Entry, JobRun, LoanEvent, MeetingRecord
from tests.furnished import (
    FIRST_DUE,
    LENT_ON,
    House,
    a_proposal,
    a_record,
    a_report,
    a_uuid,
    all_at_once,
    an_approved_loan,
    assert_books_agree,
    balance,
    codes,
    day,
    keep,
    loan,
    meeting,
    meeting_of,
    paid_out,
)


def test_of_several_records_of_one_meeting_one_is_kept(house: House):
    officer = house.officer(FIRST_DUE)
    report = a_report(officer, meeting(house, 1), held_on=FIRST_DUE)
    found = all_at_once([partial(keep, a_uuid(n), meeting(house, 1), report, officer) for n in range(4)])
    assert codes(found) == ["already_recorded"] * 3 + ["kept"]
    kept = next(one for one in found if isinstance(one, Kept))
    assert {one.facts["receipt"] for one in found if not isinstance(one, Kept)} == {kept.receipt}
    assert balance(Account.OFFICER_CASH) == 600_000
    assert_books_agree(*house.loans)


def test_of_twins_of_one_uuid_one_is_kept_and_the_others_get_its_answer(house: House):
    officer = house.officer(FIRST_DUE)
    report = a_report(officer, meeting(house, 1), held_on=FIRST_DUE)
    found = all_at_once([lambda: keep(a_uuid(1), meeting(house, 1), report, officer)] * 4)
    assert sorted(one.replay for one in found) == [False, True, True, True]
    assert {(one.receipt, one.total) for one in found} == {("JMB-2026-000001", 600_000)}
    assert session.scalar(select(func.count()).select_from(MeetingRecord)) == 1
    assert_books_agree(*house.loans)


def test_meetings_of_two_groups_at_once_are_both_kept_and_numbered_without_a_gap(house: House):
    officer, other = house.officer(FIRST_DUE), house.person("officer2", FIRST_DUE)
    theirs = meeting_of(house.kenanga, 2)
    mine, hers = a_report(officer, meeting(house, 1), held_on=FIRST_DUE), a_report(other, theirs, held_on=FIRST_DUE)
    found = all_at_once([lambda: keep(a_uuid(1), meeting(house, 1), mine, officer), lambda: keep(a_uuid(2), theirs, hers, other)])
    assert sorted(one.receipt for one in found) == ["JMB-2026-000001", "JMB-2026-000002"]


def test_an_undo_pressed_twice_reverses_once(house: House):
    kept = a_record(house, 1)
    found = all_at_once([lambda: undo_record(kept.uuid, house.head(day(1)), reason="salah")] * 3)
    assert codes(found) == ["already_undone", "already_undone", "kept"]
    assert balance(Account.OFFICER_CASH) == 0
    assert_books_agree(*house.loans)


def test_a_record_and_the_undo_of_an_earlier_one_do_not_lose_each_other(house: House):
    first = a_record(house, 1)
    officer = house.officer(day(2))
    report = a_report(officer, meeting(house, 2), held_on=day(2))
    found = all_at_once(
        [lambda: keep(a_uuid(2), meeting(house, 2), report, officer), lambda: undo_record(first.uuid, house.head(day(2)), reason="salah")]
    )
    # What the sheet asked does not matter to the act: the cash that was counted is credited, whichever comes first.
    assert codes(found) == ["kept", "kept"]
    assert [loan(one).total_paid for one in house.loans] == [50_000] * 12
    assert_books_agree(*house.loans)


def test_a_step_of_a_loan_pressed_twice_is_taken_once(house: House):
    officer, head = house.person("officer2", LENT_ON), house.head(LENT_ON)
    loan_id = a_proposal(house.others[0], officer)
    steps = [
        lambda: loans.recommend(loan_id, officer, in_favour=10, present=10),
        lambda: loans.verify(loan_id, head),
        lambda: loans.approve(loan_id, head),
        lambda: loans.disburse(loan_id, house.person("cashier", LENT_ON), paid_out(LENT_ON)),
    ]
    for step in steps:
        assert codes(all_at_once([step] * 3)) == ["kept", "wrong_state", "wrong_state"]
    assert session.scalar(select(func.count()).where(LoanEvent.loan_id == loan_id)) == 5
    assert balance(Account.LOAN_PRINCIPAL, loan_id=loan_id) == 2_000_000


def test_two_proposals_of_one_woman_at_once_are_one(house: House):
    officer = house.person("officer2", LENT_ON)
    assert codes(all_at_once([lambda: a_proposal(house.others[0], officer)] * 3)) == ["kept", "loan_running", "loan_running"]


def test_two_loans_cannot_take_the_same_money_out_of_the_vault(house: House):
    officer, head, cashier = (house.person(name, LENT_ON) for name in ("officer2", "head", "cashier"))
    waiting = [an_approved_loan(woman, officer, head) for woman in house.others[:3]]
    left = balance(Account.VAULT_CASH) - 200_000_000  # the other unit has as much
    transfer(Transfer(a_uuid(50), LENT_ON, left - 2_000_000, "vault", "bank", "setor"), cashier)
    found = all_at_once([partial(loans.disburse, one, cashier, paid_out(LENT_ON)) for one in waiting])
    assert codes(found) == ["kept", "not_enough_cash", "not_enough_cash"]
    assert balance(Account.VAULT_CASH) - 200_000_000 == 100_000


def test_a_transfer_sent_twice_at_once_is_booked_once(house: House):
    moved = Transfer(a_uuid(50), LENT_ON, 1_000_000, "bank", "vault", "ambil")
    found = all_at_once([lambda: transfer(moved, house.person("cashier", LENT_ON))] * 3)
    assert sorted(known for known, _ in found) == [False, True, True]
    assert len({answer["entry"] for _, answer in found}) == 1
    assert session.scalar(select(func.count()).where(Entry.kind == "transfer", Entry.reason == "ambil")) == 1


def test_a_night_closed_by_several_at_once_is_closed_by_one(house: House):
    found = all_at_once([lambda: close_date(FIRST_DUE, "somebody")] * 3)
    assert sum(one is not None for one in found) == 1
    assert session.scalar(select(func.count()).select_from(JobRun)) == 1
