"""How loans end: settled with a rebate, written off, cleared by her death; and how they stood on every day before and after."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from lending.actions import loans
from lending.actions.arrears import close_date
from lending.actions.collection import Kept
from lending.actions.endings import Received, Settlement, receive_claim, record_death, recover, settle, write_off
from lending.database import session
from lending.domain.access import Role
from lending.domain.ledger import Account
from lending.domain.lifecycle import LoanState
from lending.models import ArrearsSnapshot, Loan, LoanEvent, Membership, PortfolioDay
from lending.queries import applicants, collection, standings
from lending.queries import loans as questions
from lending.queries.arrears import worklist
from lending.queries.check import differences
from lending.queries.endings import Cleared, ending
from lending.queries.portfolio import portfolio
from tests.furnished import (
    House,
    a_proposal,
    a_record,
    a_report,
    a_running_loan,
    a_uuid,
    all_at_once,
    assert_books_agree,
    balance,
    codes,
    day,
    keep,
    loan,
    meeting,
    only_sqlite,
    refused,
)

EVENING = timedelta(days=1)


def of(house: House, on: date, loan_id: int) -> questions.LoanAsOf:
    """How the loan stood at the end of that day, asked by the auditor weeks later."""
    return questions.as_of(house.person("auditor", day(20)), loan_id, on)


def sums(house: House, on: date) -> tuple[int, int, int]:
    """Loans, their outstanding principal, and what of it is later than a week: of that day, from the facts."""
    (row,) = [one for one in portfolio(house.person("auditor", day(20)), on, "group").items if one.key == house.melati]
    return row.loans, row.outstanding_principal, row.par[7]


def assert_same_everywhere(house: House, on: date) -> None:
    """One loan asked alone and all of them in SQL say the same of that day."""
    standing = standings.at(on)
    question = standing.of_loans(Loan.id, standing.paid, standing.outstanding_principal, standing.next_due, standing.days_late)
    in_sql = {row[0]: tuple(row[1:]) for row in session.execute(question)}
    for loan_id in house.loans:
        one = of(house, on, loan_id)
        alone = (one.paid, one.outstanding_principal, one.next_due, one.days_late)
        assert in_sql.get(loan_id, (one.paid, 0, None, 0)) == alone
        assert (loan_id in in_sql) == (one.outstanding_total > 0)


# ---- settled early ---------------------------------------------------------------------------------------------------------------------


def test_a_loan_settled_early_is_repaid_and_its_rebate_is_no_cash(house: House):
    a_record(house, 1)
    first, on = house.loans[0], day(1) + EVENING
    before = balance(Account.VAULT_CASH)
    assert settle(first, house.person("cashier", on), Settlement(on, 90_000)).received == 2_450_000 - 90_000
    assert balance(Account.VAULT_CASH) - before == 2_360_000
    assert balance(Account.REBATE, loan_id=first) == 90_000
    assert balance(Account.MARGIN_INCOME, loan_id=first) == -500_000
    assert balance(Account.LOAN_PRINCIPAL, loan_id=first) == 0
    row = loan(first)
    assert (row.state, row.total_paid, row.outstanding_principal, row.next_due, row.ended_on) == (
        LoanState.REPAID, 2_500_000, 0, None, None,
    )  # fmt: skip
    then, now = of(house, day(1), first), of(house, on, first)
    assert (then.state, then.paid, then.outstanding_total) == (LoanState.RUNNING, 50_000, 2_450_000)
    assert (now.state, now.paid, now.outstanding_total, now.overdue, now.next_due) == (LoanState.REPAID, 2_500_000, 0, 0, None)
    (week,) = [one for one in portfolio(house.head(on), on, "group").items if one.key == house.melati]
    assert week.collected_period == 12 * 50_000 + 2_360_000
    assert sums(house, on)[0] == 11
    for when in (day(1), on, day(9)):
        assert_same_everywhere(house, when)
    assert_books_agree(*house.loans)
    assert differences(on) == []


@pytest.mark.parametrize("rebate", [0, 490_000])
def test_the_whole_unpaid_margin_or_nothing_of_it_may_be_let_off(house: House, rebate: int):
    a_record(house, 1)
    assert settle(house.loans[0], house.head(day(1)), Settlement(None, rebate)).received == 2_450_000 - rebate
    assert differences(day(1)) == []


@only_sqlite
def test_what_is_refused_when_a_loan_is_settled(house: House):
    a_record(house, 2)
    first, cashier = house.loans[0], house.person("cashier", day(2))
    with refused("rebate_too_large", at="rebate") as no:
        settle(first, cashier, Settlement(day(2), 480_001))
    assert no.value.facts["left"] == 480_000
    with refused("future_date", at="on"):
        settle(first, cashier, Settlement(day(3), 0))
    with refused("out_of_order", at="on"):
        settle(first, cashier, Settlement(day(1), 0))
    with refused("not_found", status=404):
        settle(first, house.person("srg-cashier", day(2)), Settlement(day(2), 0))
    for username in ("officer", "auditor", "mentor"):
        with refused("not_allowed", status=403):
            settle(first, house.person(username, day(2)), Settlement(day(2), 0))
    settle(first, cashier, Settlement(day(2), 0))
    with refused("wrong_state", status=409):
        settle(first, cashier, Settlement(day(2), 0))


# ---- written off, cleared --------------------------------------------------------------------------------------------------------------


def test_a_loan_written_off_stands_as_it_stood_before_that_day_and_in_no_sum_from_it_on(house: House):
    first, on = house.loans[0], day(4) + EVENING
    a_record(house, 1)
    for nth in (2, 3, 4):
        a_record(house, nth, paid={house.women[0]: 0})
    evenings = [day(nth) + timedelta(days=after) for nth in (3, 4) for after in range(3)]
    before = {evening: sums(house, evening) for evening in evenings}
    write_off(first, house.head(day(5)), on=on, reason="pindah tanpa kabar")
    row = loan(first)
    assert (row.state, row.total_paid, row.outstanding_principal, row.next_due, row.ended_on) == (
        LoanState.WRITTEN_OFF, 50_000, 0, None, on,
    )  # fmt: skip
    assert balance(Account.WRITE_OFF, loan_id=first) == 1_960_000
    assert balance(Account.LOAN_PRINCIPAL, loan_id=first) == 0
    for evening in evenings:
        loans_then, outstanding, late = before[evening]
        if evening < on:
            assert sums(house, evening) == before[evening]
            assert of(house, evening, first).days_late == max(0, (evening - day(2)).days)
        else:
            assert sums(house, evening) == (loans_then - 1, outstanding - 1_960_000, late - 1_960_000)
            asked = of(house, evening, first)
            assert (asked.state, asked.paid, asked.outstanding_total, asked.overdue, asked.days_late, asked.next_due) == (
                LoanState.WRITTEN_OFF, 50_000, 0, 0, 0, None,
            )  # fmt: skip
            assert first not in {one.loan_id for one in worklist(house.head(day(9)), evening)}
        assert_same_everywhere(house, evening)
    assert_books_agree(*house.loans[1:])
    assert differences(day(5)) == []


def test_a_night_that_comes_late_writes_the_loan_as_it_stood(house: House):
    first = house.loans[0]
    write_off(first, house.head(day(3)), on=day(2), reason="hilang")
    for evening in (day(2) - EVENING, day(2)):
        assert close_date(evening, "test") is not None
    late = {
        row.as_of: row.outstanding_principal for row in session.scalars(select(ArrearsSnapshot).where(ArrearsSnapshot.loan_id == first))
    }
    assert late == {day(2) - EVENING: 2_000_000}
    sums_of = {row.as_of: (row.loans, row.outstanding_principal) for row in session.scalars(select(PortfolioDay))}
    assert sums_of == {day(2) - EVENING: (12, 24_000_000), day(2): (11, 22_000_000)}
    assert differences(day(3)) == []


def test_a_night_that_comes_late_writes_a_group_that_has_no_loan_any_more(house: House):
    alone = a_running_loan(house, house.others[0], day(1))
    write_off(alone, house.head(day(3)), on=day(2), reason="hilang")
    for evening in (day(2) - EVENING, day(2)):
        assert close_date(evening, "test") is not None
    theirs = session.scalars(select(PortfolioDay).where(PortfolioDay.group_id == house.kenanga))
    assert [(row.as_of, row.loans, row.outstanding_principal) for row in theirs] == [(day(2) - EVENING, 1, 2_000_000)]
    assert differences(day(3)) == []


def test_a_night_that_was_written_before_a_write_off_dated_back_is_no_difference(house: House):
    close_date(day(2), "test")
    write_off(house.loans[0], house.head(day(3)), on=day(2), reason="hilang")
    assert differences(day(3)) == []
    assert portfolio(house.head(day(3)), day(2), "unit").restated is True


def test_of_a_loan_that_ended_nothing_falls_due_any_more(house: House):
    first = house.loans[0]
    write_off(first, house.head(day(2)), on=day(2), reason="hilang")
    due = {on: portfolio(house.head(day(9)), on, "group").items[0].due_period for on in (day(1), day(2), day(3))}
    assert due == {day(1): 600_000, day(2): 550_000, day(3): 550_000}


@only_sqlite
def test_what_is_refused_when_a_loan_is_written_off(house: House):
    a_record(house, 1)
    first = house.loans[0]
    for username in ("officer", "cashier", "auditor"):
        with refused("not_allowed", status=403):
            write_off(first, house.person(username, day(1)), reason="hilang")
    with refused("not_found", status=404):
        write_off(first, house.person("srg-head", day(1)), reason="hilang")
    with refused("reason_needed", at="reason"):
        write_off(first, house.head(day(1)), reason=" ")
    with refused("out_of_order", at="on"):
        write_off(first, house.head(day(1)), on=day(1) - EVENING, reason="hilang")
    waiting = a_proposal(house.others[0], house.person("officer2", day(1)))
    with refused("wrong_state", status=409):
        write_off(waiting, house.head(day(1)), reason="hilang")
    write_off(first, house.head(day(1)), reason="hilang")
    for act in (partial(write_off, first, reason="lagi"), partial(record_death, first, reason="lagi", claim=False)):
        with refused("wrong_state", status=409):
            act(by=house.head(day(1)))


@only_sqlite
def test_whoever_paid_a_loan_out_or_applied_for_it_does_not_end_it(house: House):
    """The head may pay out; and whoever applied may have become head since."""
    first = house.loans[0]
    payer = replace(house.people["cashier"], role=Role.HEAD, today=day(1))
    maker = replace(house.people["officer"], role=Role.HEAD, today=day(1))
    for person in (payer, maker):
        for act in (partial(write_off, reason="hilang"), partial(record_death, reason="sakit", claim=True)):
            with refused("same_person", status=403):
                act(first, person)
    with refused("same_person", status=403):  # before it is asked how the loan stands
        write_off(first, payer, on=day(9), reason="")
    settle(first, payer, Settlement(None, 0))


@pytest.mark.parametrize("claim", [True, False])
def test_a_death_clears_the_loan_and_she_is_not_of_the_group_any_more(house: House, claim: bool):
    a_record(house, 1)
    first, woman, on = house.loans[0], house.women[0], day(2) - EVENING
    record_death(first, house.head(day(2)), on=on, reason="sakit", claim=claim)
    borne, nothing = (Account.DEATH_CLAIM, Account.WRITE_OFF) if claim else (Account.WRITE_OFF, Account.DEATH_CLAIM)
    assert (balance(borne, loan_id=first), balance(nothing, loan_id=first)) == (1_960_000, 0)
    row = loan(first)
    assert (row.state, row.outstanding_principal, row.next_due, row.ended_on) == (LoanState.CLEARED, 0, None, on)
    assert session.scalar(select(Membership.left_on).where(Membership.member_id == woman)) == on
    assert woman not in {line.member_id for line in collection.sheet(house.officer(day(2)), meeting(house, 2)).lines}
    assert balance(Account.UPJ, member_id=woman) == -100_000
    assert [step.step for step in questions.history(first)][-1] == "death"
    kept = a_record(house, 2)
    assert kept.total == 11 * 50_000
    for evening in (day(1), on, day(2)):
        assert_same_everywhere(house, evening)
    assert differences(day(2)) == []


def test_a_late_meeting_of_a_day_before_her_death_has_her_line_without_money_on_the_loan(house: House):
    first, woman, officer = house.loans[0], house.women[0], house.officer(day(2))
    phones = a_report(officer, meeting(house, 1), held_on=day(1), paid={woman: 50_000})
    record_death(first, house.head(day(2)), on=day(1) + EVENING, reason="sakit", claim=True)
    with refused("wrong_state", status=422, at="lines.0.loan"):
        keep(a_uuid(1), meeting(house, 1), phones, officer)
    saved = replace(phones.lines[0], paid=0, savings=50_000)
    keep(a_uuid(1), meeting(house, 1), replace(phones, lines=(saved, *phones.lines[1:])), officer)
    assert balance(Account.SAVINGS, member_id=woman) == -50_000
    assert differences(day(2)) == []


# ---- what comes after ------------------------------------------------------------------------------------------------------------------


def came(amount: int, on: date, key: int = 600) -> Received:
    return Received(a_uuid(key), on, amount)


def test_money_that_still_comes_is_received_up_to_what_was_written_off(house: House):
    a_record(house, 1)
    first, on = house.loans[0], day(2)
    write_off(first, house.head(on), reason="hilang")
    cashier, head, before = house.person("cashier", on), house.head(on), balance(Account.VAULT_CASH)
    known, answer = recover(first, came(450_000, on), cashier)
    assert (known, answer["left"]) == (False, 2_000_000)
    assert recover(first, came(450_000, on), cashier) == (True, answer)
    with refused("key_reused", status=422):
        recover(first, came(450_001, on), cashier)
    with refused("key_reused", status=422):
        recover(house.loans[1], came(450_000, on), cashier)
    with refused("pays_too_much", at="amount") as no:
        recover(first, came(2_000_001, on, 601), cashier)
    assert no.value.facts["left"] == 2_000_000
    assert recover(first, came(2_000_000, on, 602), head)[1]["left"] == 0
    assert balance(Account.VAULT_CASH) - before == 2_450_000
    assert balance(Account.RECOVERY, loan_id=first) == -2_450_000
    assert balance(Account.WRITE_OFF, loan_id=first) == 1_960_000
    row = loan(first)
    assert (row.state, row.total_paid) == (LoanState.WRITTEN_OFF, 50_000)
    how = ending(of(house, on, first)).written_off
    assert how is not None
    assert (how.on, how.principal, how.margin, how.recovered, how.left) == (on, 1_960_000, 490_000, 2_450_000, 0)
    assert ending(of(house, day(1), first)).written_off is None
    for evening in (day(1), on):
        assert_same_everywhere(house, evening)
    assert differences(on) == []


def test_the_insurer_pays_in_parts_and_no_more_than_is_claimed(house: House):
    first, second, on = house.loans[0], house.loans[1], day(1)
    record_death(first, house.head(on), reason="sakit", claim=True)
    record_death(second, house.head(on), reason="sakit", claim=False)
    cashier = house.person("cashier", on)
    assert receive_claim(first, came(1_500_000, on), cashier)[1]["left"] == 500_000
    with refused("more_than_claimed", at="amount"):
        receive_claim(first, came(500_001, on, 601), cashier)
    with refused("more_than_claimed", at="amount"):
        receive_claim(second, came(1, on, 601), cashier)
    assert receive_claim(first, came(500_000, on, 602), cashier)[1]["left"] == 0
    assert balance(Account.DEATH_CLAIM) == 0
    insured, borne = ending(of(house, on, first)).cleared, ending(of(house, on, second)).cleared
    assert insured == Cleared(on, 2_000_000, 500_000, claim=True, claimed=2_000_000)
    assert borne == Cleared(on, 2_000_000, 500_000, claim=False, claimed=0)
    assert differences(on) == []


@only_sqlite
def test_what_is_refused_when_money_comes_on_a_loan_that_has_ended(house: House):
    first, second, third, cashier = *house.loans[:3], house.person("cashier", day(3))
    write_off(first, house.head(day(2)), reason="hilang")
    record_death(second, house.head(day(2)), reason="sakit", claim=True)
    for act, ended, others in ((recover, first, (second, third)), (receive_claim, second, (first, third))):
        for other in others:
            with refused("wrong_state", status=409):
                act(other, came(1_000, day(3)), cashier)
        with refused("too_small", at="amount"):
            act(ended, came(0, day(3)), cashier)
        with refused("future_date", at="on"):
            act(ended, came(1_000, day(4)), cashier)
        with refused("out_of_order", at="on"):
            act(ended, came(1_000, day(1)), cashier)
        with refused("not_found", status=404):
            act(ended, came(1_000, day(3)), house.person("srg-cashier", day(3)))
        for username in ("officer", "auditor", "mentor"):
            with refused("not_allowed", status=403):
                act(ended, came(1_000, day(3)), house.person(username, day(3)))


def test_one_key_at_once_is_received_once(house: House):
    first, cashier = house.loans[0], house.person("cashier", day(1))
    write_off(first, house.head(day(1)), reason="hilang")
    found = all_at_once([partial(recover, first, came(2_500_000, day(1)), cashier)] * 8)
    assert sorted(known for known, _ in found) == [False, *[True] * 7]
    assert balance(Account.RECOVERY) == -2_500_000


# ---- at once ---------------------------------------------------------------------------------------------------------------------------


def test_eight_endings_at_once_are_one(house: House):
    head, cashier = house.head(day(1)), house.person("cashier", day(1))
    first, second, third = house.loans[:3]
    for act in (
        partial(write_off, first, head, reason="hilang"),
        partial(settle, second, cashier, Settlement(None, 10_000)),
        partial(record_death, third, head, reason="sakit", claim=True),
    ):
        assert codes(all_at_once([act] * 8)) == ["kept"] + ["wrong_state"] * 7
    ended = select(LoanEvent.loan_id).where(
        LoanEvent.loan_id.in_((first, second, third)), LoanEvent.step.in_(("settle", "write_off", "death"))
    )
    assert sorted(session.scalars(ended)) == sorted((first, second, third))
    assert differences(day(1)) == []


def _phone(house: House) -> Callable[[], Kept]:
    """The first meeting, everybody paying, by a sheet that was fetched before anything else happened."""
    officer = house.officer(day(1))
    report = a_report(officer, meeting(house, 1), held_on=day(1))
    return partial(keep, a_uuid(1), meeting(house, 1), report, officer)


def test_a_loan_is_written_off_and_paid_at_once_and_only_one_of_them_counts(house: House):
    head, first = house.head(day(1)), house.loans[0]
    found = all_at_once([_phone(house), partial(write_off, first, head, reason="hilang")])
    row = loan(first)
    assert codes(found) in (["kept", "kept"], ["kept", "wrong_state"])
    assert row.state is LoanState.WRITTEN_OFF
    assert balance(Account.WRITE_OFF, loan_id=first) == (1_960_000 if codes(found) == ["kept", "kept"] else 2_000_000)
    assert differences(day(1)) == []


def test_a_death_recorded_while_her_meeting_is_kept(house: House):
    head, first = house.head(day(1)), house.loans[0]
    found = all_at_once([_phone(house), partial(record_death, first, head, reason="sakit", claim=False)])
    # The meeting first, and its money counts; or her death first, and the record that still has her is refused.
    assert codes(found) in (["kept", "kept"], ["kept", "not_of_group"])
    assert loan(first).state is LoanState.CLEARED
    assert loan(first).total_paid == (50_000 if codes(found) == ["kept", "kept"] else 0)
    assert differences(day(1)) == []


def test_a_loan_asked_for_after_a_write_off_is_her_next_one(house: House):
    write_off(house.loans[0], house.head(day(1)), reason="hilang")
    assert applicants.next_cycle(house.women[0]) == 2
    assert loans.apply(loans.Proposal(house.women[0], "MEKAAR", 2_000_000, 50, "warung"), house.officer(day(1)))
