"""Instalments to the last rupiah."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from lending.domain.refusals import Refusal
from lending.domain.schedule import (
    CycleLimit,
    LoanTerms,
    PaymentOrder,
    check_offered,
    cumulative_due,
    cumulative_margin,
    schedule,
    terms_of,
    upj_of,
)
from tests.domain.tables import MEKAAR, a_loan, any_irregular, any_terms, as_rows, numbers, steady, table, weekly

FIRST = date(2026, 2, 9)


def rows_of(terms: LoanTerms) -> list[list[int]]:
    return as_rows(schedule(terms, weekly(FIRST, terms.count)))


# The first two lines were published by two newspapers (domain.md §1.2); the rest follow from the same rule.
PUBLISHED = """
    2.000.000 50 40.000 10.000  50.000   500.000 100.000
    2.000.000 25 80.000 10.000  90.000   250.000 100.000
    2.500.000 50 50.000 12.500  62.500   625.000 125.000
    2.500.000 25 100.000 12.500 112.500  312.500 125.000
    3.000.000 50 60.000 15.000  75.000   750.000 150.000
    3.000.000 25 120.000 15.000 135.000  375.000 150.000
    3.500.000 50 70.000 17.500  87.500   875.000 175.000
    3.500.000 25 140.000 17.500 157.500  437.500 175.000
    4.000.000 50 80.000 20.000 100.000 1.000.000 200.000
    4.000.000 25 160.000 20.000 180.000  500.000 200.000
    4.500.000 50 90.000 22.500 112.500 1.125.000 225.000
    4.500.000 25 180.000 22.500 202.500  562.500 225.000
    5.000.000 50 100.000 25.000 125.000 1.250.000 250.000
    5.000.000 25 200.000 25.000 225.000  625.000 250.000
"""


@pytest.mark.parametrize(("principal", "weeks", "of_principal", "of_margin", "instalment", "margin", "upj"), numbers(PUBLISHED))
def test_mekaars_table_holds_for_every_week(principal, weeks, of_principal, of_margin, instalment, margin, upj):
    terms = a_loan(principal, weeks)
    assert (terms.instalment, terms.margin, upj_of(MEKAAR, principal)) == (instalment, margin, upj)
    total = principal + margin
    assert rows_of(terms) == [[k, of_principal, of_margin, instalment, total - k * instalment] for k in range(1, weeks + 1)]


def test_a_year_of_52_weeks_is_another_price():
    terms = a_loan(2_000_000, 50, year_weeks=52, coin=1)
    assert (terms.margin, terms.instalment) == (480_769, 49_616)  # published as Rp49,615 a week, and wrong for Mekaar


def test_instalments_round_up_to_the_coin_and_the_last_is_the_rest():
    terms = a_loan(1_250_000, 5, margin_bp=1_111, year_weeks=50)
    assert terms.margin == 13_888  # 1,250,000 × 11.11 % × 5/50 = 13,887.5, half up
    assert rows_of(terms) == numbers("""
        1 250.222 2.778 253.000 1.010.888
        2 250.223 2.777 253.000   757.888
        3 250.222 2.778 253.000   504.888
        4 250.223 2.777 253.000   251.888
        5 249.110 2.778 251.888         0
    """)


def test_a_coin_too_coarse_steps_down_until_the_last_instalment_is_something():
    # total 12,500 over 50 weeks is 250 a week: at 500, 25 instalments would do it all; 100 would leave the last −2,200; 50 fits.
    assert a_loan(10_000, 50).instalment == 250
    assert a_loan(10_000, 50, coin=1_000).instalment == 250
    assert a_loan(10_000, 50, coin=70).instalment == 250  # of 500, 100, 50, 1 only the smaller ones: 70, then 50
    assert a_loan(10_010, 50, margin_bp=0, coin=70).instalment == 201  # 70: 210 × 49 is too much; 50: 250 too; 1: 201
    # 24,500 over 50 weeks: 49 instalments of 500 are all of it already, and the last must be something.
    assert a_loan(24_500, 50, margin_bp=0).instalment == 490


def test_a_loan_of_fewer_rupiah_than_weeks_ends_early():
    assert [row[3] for row in rows_of(a_loan(5, 4, margin_bp=0))] == [2, 2, 1, 0]


def test_principal_never_runs_ahead_of_itself():
    """Dues rounded up by Rp450 a week would repay Rp1,004,010 of Rp1,002,000 by week 49."""
    terms = a_loan(1_002_000, 50)
    rows = rows_of(terms)
    assert rows[0] == [1, 20_490, 5_010, 25_500, 1_227_000]
    assert rows[47:] == numbers("""
        48 20.490 5.010 25.500 28.500
        49 18.480 7.020 25.500  3.000
        50      0 3.000  3.000      0
    """)
    assert sum(row[1] for row in rows) == 1_002_000
    assert sum(row[2] for row in rows) == 250_500


def test_every_second_week_halves_the_instalments_and_not_the_margin():
    terms = a_loan(2_000_000, 50, every_weeks=2)
    assert (terms.count, terms.instalment, terms.margin) == (25, 100_000, 500_000)


def test_the_order_of_payment_changes_no_schedule():
    assert rows_of(a_loan(3_500_000, 25)) == rows_of(a_loan(3_500_000, 25, payment_order=PaymentOrder.PRINCIPAL_FIRST))


def test_an_irregular_loan_pays_its_margin_as_it_pays_its_dues():
    terms = LoanTerms(80_000, 20_000, 3, 1, 3, 0, PaymentOrder.MARGIN_FIRST, (10_000, 60_000, 100_000))
    assert rows_of(terms) == numbers("""
        1  8.000  2.000 10.000 90.000
        2 40.000 10.000 50.000 40.000
        3 32.000  8.000 40.000      0
    """)


def test_a_schedule_wants_one_date_for_each_instalment():
    with pytest.raises(ValueError, match="argument"):
        schedule(a_loan(), weekly(FIRST, 49))
    with pytest.raises(ValueError, match="argument"):
        schedule(a_loan(), weekly(FIRST, 51))


@steady
@given(any_terms() | any_irregular())
def test_instalments_sum_to_the_rupiah_and_none_is_negative(terms):
    rows = schedule(terms, weekly(FIRST, terms.count))
    assert sum(row.principal for row in rows) == terms.principal
    assert sum(row.margin for row in rows) == terms.margin
    assert sum(row.total for row in rows) == terms.total
    assert min(min(row.principal, row.margin, row.total, row.balance) for row in rows) >= 0
    assert all(row.principal + row.margin == row.total for row in rows)
    assert rows[-1].balance == 0


@steady
@given(any_terms())
def test_all_instalments_but_the_last_are_alike_unless_the_loan_is_too_small_for_it(terms):
    totals = [row.total for row in schedule(terms, weekly(FIRST, terms.count))]
    if terms.total > (terms.count - 1) * terms.instalment:
        assert totals[:-1] == [terms.instalment] * (terms.count - 1)
        assert 0 < totals[-1] <= terms.instalment
    else:
        assert terms.total < terms.count**2


@steady
@given(any_terms())
def test_margin_is_earned_evenly_wherever_principal_leaves_room(terms):
    for k in range(terms.count + 1):
        evenly = (2 * terms.margin * k + terms.count) // (2 * terms.count)
        assert cumulative_margin(terms, k) == max(evenly, cumulative_due(terms, k) - terms.principal)


def test_nothing_is_due_before_the_first_and_everything_after_the_last():
    terms = a_loan()
    assert [cumulative_due(terms, k) for k in (-3, 0, 1, 50, 51, 99)] == [0, 0, 50_000, 2_500_000, 2_500_000, 2_500_000]
    assert [cumulative_margin(terms, k) for k in (-3, 0, 1, 50, 99)] == [0, 0, 10_000, 500_000, 500_000]


LADDER = replace(MEKAAR, by_cycle=(CycleLimit(1, None, 2_000_000), CycleLimit(2, 2_500_000, None), CycleLimit(3, 1_000_000, 9_000_000)))

# principal, weeks, cycle (- for a quote), what is wrong (- for nothing)
OFFERS = """
    2000000 50 - -
    5000000 25 - -
    1500000 50 - principal_not_offered
    5500000 50 - principal_not_offered
    2250000 50 - principal_not_offered
    2000001 50 - principal_not_offered
    0       50 - principal_not_offered
    -500000 50 - principal_not_offered
    2000000 49 - weeks_not_offered
    2000000 0  - weeks_not_offered
    2250000 49 - principal_not_offered
    2000000 50 1 -
    2500000 50 1 principal_not_offered
    2000000 50 2 principal_not_offered
    5000000 50 2 -
    1500000 50 3 principal_not_offered
    5500000 50 3 principal_not_offered
    5000000 50 4 -
"""


@pytest.mark.parametrize(("principal", "weeks", "cycle", "wrong"), table(OFFERS))
def test_only_what_the_product_offers_in_her_cycle(principal, weeks, cycle, wrong):
    def ask():
        check_offered(LADDER, int(principal), int(weeks), None if cycle == "-" else int(cycle))

    if wrong == "-":
        ask()
        return
    with pytest.raises(Refusal) as refused:
        ask()
    assert (refused.value.code, refused.value.status) == (wrong, 422)
    assert refused.value.faults[0].at == wrong.removesuffix("_not_offered")


def test_terms_can_be_asked_for_what_is_not_offered():
    """A quote refuses it before; an old loan keeps its terms whatever is offered today."""
    assert terms_of(MEKAAR, 1_000_000, 50).instalment == 25_000
