"""The rules that a naive implementation gets wrong (end of domain.md), those of them that the domain decides alone.

Rule 8 (persons are not families) belongs to programmes; the rest of rules 9 and 10 (one record a meeting, everything as of its day) to
acts and questions, and is tested there.
"""

from dataclasses import replace
from datetime import date, timedelta

from lending.domain.allocation import allocate, credit, next_unpaid, outstanding_principal
from lending.domain.arrears import REGIMES, classify, days_late
from lending.domain.calendar import lay_out
from lending.domain.identity import parse_nik
from lending.domain.ledger import Account, collection, disbursement, savings_deposit
from lending.domain.portfolio import Standing, par
from lending.domain.schedule import schedule, terms_of, upj_of
from tests.domain.tables import MEKAAR, a_loan, holidays


def test_1_the_year_has_fifty_weeks():
    assert [(a_loan(2_000_000, weeks).instalment, a_loan(2_000_000, weeks).total) for weeks in (50, 25)] == [
        (50_000, 2_500_000),
        (90_000, 2_250_000),
    ]
    assert a_loan(2_000_000, 50, year_weeks=52, coin=1).instalment == 49_616


def test_2_par_is_the_whole_principal_of_late_loans():
    due_today, a_week_late, restructured = Standing(1_480_000, 0), Standing(1_520_000, 7), Standing(1_000_000, 0, restructured=True)
    assert par([due_today, a_week_late, restructured], 0) == 2_520_000
    assert par([due_today, a_week_late, restructured], 7) == 1_000_000


def test_3_the_same_loan_is_bad_for_a_weekly_lender_and_not_for_a_bank():
    assert classify(91, REGIMES["weekly_lender"]) == "macet"
    assert classify(91, REGIMES["bank"]) == "kurang_lancar"


def test_4_renteng_pays_her_instalment_and_owes_the_lender_nothing():
    """To the books the cover is money like any other: no account holds a debt between women."""
    legs = collection(credit(a_loan(), 20_000, 30_000), loan_id=1, member_id=7, officer_id=3)
    assert {leg.account for leg in legs} == {Account.OFFICER_CASH, Account.LOAN_PRINCIPAL}
    assert {leg.member_id for leg in legs if leg.account is Account.LOAN_PRINCIPAL} == {7}


def test_5_upj_and_savings_are_owed_to_the_member():
    upj = upj_of(MEKAAR, 2_000_000)
    legs = disbursement(2_000_000, upj, loan_id=1, member_id=7) + savings_deposit(10_000, member_id=7, officer_id=3)
    assert {(leg.account, leg.amount) for leg in legs if leg.member_id == 7 and leg.loan_id is None} == {
        (Account.UPJ, -100_000),
        (Account.SAVINGS, -10_000),
    }
    assert Account.MARGIN_INCOME not in {leg.account for leg in legs}


def test_6_a_holiday_moves_the_due_date_and_costs_nothing():
    loan, first = a_loan(), date(2026, 3, 5)
    nyepi = holidays("2026-03-19 national skip Nyepi")
    plain, moved = (schedule(loan, [meeting.planned_on for meeting in lay_out(first, 50, days)]) for days in ({}, nyepi))
    assert [replace(row, due_on=first) for row in plain] == [replace(row, due_on=first) for row in moved]
    assert moved[-1].due_on == plain[-1].due_on + timedelta(weeks=1)
    third = next_unpaid(loan, 100_000)
    assert third == 3
    due = moved[third - 1].due_on
    assert [days_late(due, date(2026, 3, day)) for day in (19, 26, 27)] == [0, 0, 1]


def test_7_a_nik_tells_where_she_was_first_registered_and_stays_text():
    nik = parse_nik("3604015402850007", today=date(2026, 6, 10))  # Kab. Serang, before the city was split from it
    assert (nik.region, nik.birth_date, nik.serial) == ("36.04.01", date(1985, 2, 14), "0007")


def test_9_partial_payments_count_and_do_not_reset_lateness():
    loan = a_loan()
    assert next_unpaid(loan, 49_000) == next_unpaid(loan, 0) == 1
    assert outstanding_principal(loan, 49_000) == 1_961_000


def test_9_a_meeting_sent_late_adds_up_all_the_same():
    loan = a_loan(4_500_000, 25)
    weeks = [202_500, 150_000, 255_000, 0, 202_500]
    in_order = allocate(loan, sum(weeks))
    total = 0
    parts = []
    for paid in (weeks[1], weeks[0], weeks[4], weeks[3], weeks[2]):
        parts.append(credit(loan, total, paid))
        total += paid
    assert (sum(part.margin for part in parts), sum(part.principal for part in parts)) == (in_order.margin, in_order.principal)


def test_10_a_loan_keeps_the_price_it_began_with():
    began = terms_of(MEKAAR, 2_000_000, 50)
    assert terms_of(replace(MEKAAR, margin_bp=2_000), 2_000_000, 50).instalment == 48_000
    assert began.instalment == 50_000


def test_amounts_are_whole_rupiah_throughout():
    loan = a_loan(3_333_000, 37, margin_bp=1_234, year_weeks=52, coin=1)
    rows = schedule(loan, [date(2026, 1, 1)] * loan.count)
    assert {type(value) for row in rows for value in (row.principal, row.margin, row.total, row.balance)} == {int}
