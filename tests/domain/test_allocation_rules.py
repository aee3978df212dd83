"""What a payment pays, and what is then still due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.domain.allocation import (
    Allocation,
    Due,
    allocate,
    credit,
    due_and_arrears,
    next_unpaid,
    outstanding_principal,
    paid_by_instalment,
    remaining,
)
from lending.domain.refusals import Refusal
from lending.domain.schedule import PaymentOrder, cumulative_due, schedule
from tests.domain.tables import a_loan, any_irregular, any_payments, any_terms, numbers, steady, weekly

FIRST = date(2026, 2, 9)
LOAN = a_loan()  # 50 × (40,000 + 10,000)
any_loan = any_terms() | any_irregular()

# total paid, of it margin, of it principal, next unpaid instalment (0: none)
MARGIN_FIRST = """
            0       0         0  1
        4.000   4.000         0  1
       10.000  10.000         0  1
       20.000  10.000    10.000  1
       49.999  10.000    39.999  1
       50.000  10.000    40.000  2
       55.000  15.000    40.000  2
      125.000  30.000    95.000  3
    2.499.999 500.000 1.999.999 50
    2.500.000 500.000 2.000.000  0
"""
PRINCIPAL_FIRST = """
            0       0         0  1
        4.000       0     4.000  1
       40.000       0    40.000  1
       45.000   5.000    40.000  1
       50.000  10.000    40.000  2
      125.000  20.000   105.000  3
    2.499.999 499.999 2.000.000 50
    2.500.000 500.000 2.000.000  0
"""


@pytest.mark.parametrize(("paid", "margin", "principal", "number"), numbers(MARGIN_FIRST))
def test_margin_first_fills_the_oldest_instalments_margin(paid, margin, principal, number):
    assert allocate(LOAN, paid) == Allocation(margin, principal)
    assert outstanding_principal(LOAN, paid) == 2_000_000 - principal
    assert next_unpaid(LOAN, paid) == (number or None)


@pytest.mark.parametrize(("paid", "margin", "principal", "number"), numbers(PRINCIPAL_FIRST))
def test_principal_first_leaves_the_margin_of_the_instalment_for_last(paid, margin, principal, number):
    loan = a_loan(payment_order=PaymentOrder.PRINCIPAL_FIRST)
    assert allocate(loan, paid) == Allocation(margin, principal)
    assert next_unpaid(loan, paid) == (number or None)


def test_passbook_of_undp_the_balance_follows_payments_and_lateness_is_apart():
    """Oracle 2: 100.00 lent, 120.00 owed in ten payments of 12.00; the balance knows nothing of days."""
    loan = a_loan(10_000, 20, every_weeks=2, margin_bp=2_000, year_weeks=20, coin=100)
    assert (loan.total, loan.count, loan.instalment) == (12_000, 10, 1_200)
    assert [row.balance for row in schedule(loan, weekly(FIRST, 10))] == [10_800, 9_600, 8_400, 7_200, 6_000, 4_800, 3_600, 2_400, 1_200, 0]
    assert [loan.total - sum(paid_by_instalment(loan, 1_200 * k)) for k in range(1, 11)] == [12_000 - 1_200 * k for k in range(1, 11)]


def test_what_is_paid_ahead_pays_the_next_instalments_at_once():
    paid = paid_by_instalment(LOAN, 130_000)
    assert paid[:4] == [50_000, 50_000, 30_000, 0]
    assert remaining(LOAN, weekly(FIRST, 50), 130_000)[:2] == [
        Due(3, date(2026, 2, 23), 50_000, 20_000),
        Due(4, date(2026, 3, 2), 50_000, 50_000),
    ]


# instalment due today, total paid, due, arrears
SHEET = """
     1         0  50.000         0
     3   100.000  50.000         0
     3    90.000  50.000    10.000
     3    20.000  50.000    80.000
     3   120.000  30.000         0
     3   150.000       0         0
     3   400.000       0         0
    50 2.450.000  50.000         0
    50 2.400.000  50.000    50.000
    51 2.400.000       0   100.000
    60 2.500.000       0         0
     0         0       0         0
    -4         0       0         0
"""


@pytest.mark.parametrize(("number", "paid", "due", "arrears"), numbers(SHEET))
def test_the_sheet_shows_this_weeks_due_and_the_arrears_before_it(number, paid, due, arrears):
    assert due_and_arrears(LOAN, number, paid) == (due, arrears)


def test_a_woman_without_a_loan_owes_nothing_on_the_sheet():
    assert due_and_arrears(LOAN, None, 0) == (0, 0)


def test_paying_more_than_the_whole_balance_is_refused_by_name():
    with pytest.raises(Refusal) as refused:
        credit(LOAN, 2_480_000, 20_001)
    assert (refused.value.code, refused.value.status, refused.value.faults[0].at) == ("pays_too_much", 422, "paid")
    assert refused.value.facts == {"left": 20_000}
    assert credit(LOAN, 2_480_000, 20_000) == Allocation(0, 20_000)
    with pytest.raises(Refusal):
        credit(LOAN, 2_500_000, 1)


@pytest.mark.parametrize("paid", [-1, 2_500_001])
def test_a_total_that_cannot_be_is_a_bug(paid):
    with pytest.raises(ValueError, match="paid on a loan"):
        allocate(LOAN, paid)


@steady
@given(st.data())
def test_what_remains_does_not_depend_on_the_order_of_payments(data):
    loan = data.draw(any_loan)
    payments = data.draw(any_payments(loan))
    paid, credited = 0, Allocation(0, 0)
    for payment in data.draw(st.permutations(payments)):
        part = credit(loan, paid, payment)
        assert min(part.margin, part.principal) >= 0
        assert part.total == payment
        paid, credited = paid + payment, Allocation(credited.margin + part.margin, credited.principal + part.principal)
    assert credited == allocate(loan, sum(payments))
    dates = weekly(FIRST, loan.count)
    assert remaining(loan, dates, paid) == remaining(loan, dates, sum(payments))


@steady
@given(st.data())
def test_taking_a_payment_back_restores_what_was(data):
    loan = data.draw(any_loan)
    before = data.draw(st.integers(0, loan.total))
    payment = data.draw(st.integers(0, loan.total - before))
    there, back = credit(loan, before, payment), credit(loan, before + payment, -payment)
    assert (there.margin + back.margin, there.principal + back.principal) == (0, 0)


@steady
@given(st.data())
def test_every_view_of_a_loan_tells_the_same(data):
    loan = data.draw(any_loan)
    paid = data.draw(st.integers(0, loan.total))
    dates = weekly(FIRST, loan.count)
    dues, by_instalment, rows = remaining(loan, dates, paid), paid_by_instalment(loan, paid), schedule(loan, dates)
    covered = allocate(loan, paid)
    assert covered.total == paid == sum(by_instalment)
    assert 0 <= covered.margin <= loan.margin
    assert 0 <= covered.principal <= loan.principal
    assert sum(due.unpaid for due in dues) == loan.total - paid
    assert next_unpaid(loan, paid) == (dues[0].number if dues else None)
    for due in dues:
        assert due.total == rows[due.number - 1].total
        assert due.unpaid == due.total - by_instalment[due.number - 1]
    for number in range(1, loan.count + 1):
        this_week, earlier = due_and_arrears(loan, number, paid)
        assert this_week == rows[number - 1].total - by_instalment[number - 1]
        assert earlier == sum(row.total for row in rows[: number - 1]) - sum(by_instalment[: number - 1])


@steady
@given(st.data())
def test_a_moved_holiday_changes_dates_and_nothing_else(data):
    loan = data.draw(any_loan)
    paid = data.draw(st.integers(0, loan.total))
    place = data.draw(st.integers(0, loan.count - 1))
    dates = weekly(FIRST, loan.count)
    moved = dates[:place] + [day + timedelta(weeks=1) for day in dates[place:]]
    for before, after in zip(schedule(loan, dates), schedule(loan, moved), strict=True):
        assert (before.number, before.principal, before.margin, before.total, before.balance) == (
            after.number,
            after.principal,
            after.margin,
            after.total,
            after.balance,
        )
    assert [(due.number, due.total, due.unpaid) for due in remaining(loan, dates, paid)] == [
        (due.number, due.total, due.unpaid) for due in remaining(loan, moved, paid)
    ]
    assert [due.due_on for due in remaining(loan, moved, paid)] == [moved[due.number - 1] for due in remaining(loan, dates, paid)]


@steady
@given(any_loan)
def test_paying_each_due_in_turn_ends_the_loan(loan):
    for k in range(loan.count):
        paid = cumulative_due(loan, k)
        credit(loan, paid, cumulative_due(loan, k + 1) - paid)
    assert next_unpaid(loan, cumulative_due(loan, loan.count)) is None
    assert outstanding_principal(loan, cumulative_due(loan, loan.count)) == 0
