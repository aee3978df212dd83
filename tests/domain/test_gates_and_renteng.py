"""Who may have a loan, and how a shortfall may be shared."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.domain.allocation import credit, next_unpaid
from lending.domain.arrears import days_late
from lending.domain.eligibility import Applicant, check_gates
from lending.domain.portfolio import ratio
from lending.domain.refusals import Refusal
from lending.domain.renteng import equal_shares
from tests.domain.tables import a_loan, steady

ON = date(2026, 6, 10)
SITI = Applicant(
    birth_date=date(1990, 10, 20),
    is_woman=True,
    consents=frozenset({"credit", "group"}),
    training_days=5,
    eligibility=(date(2026, 6, 1), True),
    cycle=1,
    group_size=10,
    has_leader=True,
    has_running_loan=False,
    group_worst_days_late=28,
    block_days_late=28,
)

# In the order in which they are asked.
SHUT: list[tuple[str, dict[str, Any]]] = [
    ("not_a_woman", {"is_woman": False}),
    ("age_out_of_range", {"birth_date": date(2008, 6, 11)}),
    ("consent_missing", {"consents": frozenset({"group", "photo", "city"})}),
    ("group_too_small", {"group_size": 9}),
    ("leader_missing", {"has_leader": False}),
    ("eligibility_missing", {"eligibility": None}),
    ("training_incomplete", {"training_days": 4}),
    ("loan_running", {"has_running_loan": True}),
    ("group_in_arrears", {"group_worst_days_late": 29}),
]
OTHERWISE_SHUT: list[tuple[str, dict[str, Any]]] = [
    ("age_out_of_range", {"birth_date": ON.replace(year=ON.year - 64)}),
    ("consent_missing", {"consents": frozenset({"credit"})}),
    ("consent_missing", {"consents": frozenset()}),
    ("group_too_large", {"group_size": 31}),
    ("eligibility_missing", {"eligibility": (ON - timedelta(days=181), True)}),
    ("eligibility_failed", {"eligibility": (date(2026, 6, 1), False)}),
    ("training_incomplete", {"training_days": 0}),
]
OPEN: list[dict[str, Any]] = [
    {},
    {"birth_date": date(2008, 6, 10)},
    {"birth_date": date(1962, 6, 11)},
    {"consents": frozenset({"credit", "group", "photo", "city"})},
    {"group_size": 30},
    {"eligibility": (ON - timedelta(days=180), True)},
    {"eligibility": (ON, True)},
    {"cycle": 2, "training_days": 0},
    {"group_worst_days_late": 400, "block_days_late": None},
]


def gate_of(applicant):
    with pytest.raises(Refusal) as refused:
        check_gates(applicant, ON)
    assert refused.value.status == 422
    return refused.value.code


@pytest.mark.parametrize("change", OPEN)
def test_a_woman_who_meets_every_gate_may_apply(change):
    check_gates(replace(SITI, **change), ON)


@pytest.mark.parametrize(("code", "change"), SHUT + OTHERWISE_SHUT)
def test_one_shut_gate_is_enough(code, change):
    assert gate_of(replace(SITI, **change)) == code


def test_the_first_shut_gate_gives_the_answer():
    applicant = SITI
    for code, change in reversed(SHUT):
        applicant = replace(applicant, **change)
        assert gate_of(applicant) == code


class TestOracle1:
    """Ten women owe Rp50,000 each. Ibu X brings Rp20,000; nine others cover the Rp30,000."""

    shares = equal_shares(30_000, 9)

    def test_shares_in_whole_rupiah(self):
        assert sorted(self.shares) == [3_333] * 6 + [3_334] * 3
        assert sum(self.shares) == 30_000

    def test_her_instalment_is_paid_whoever_paid_it(self):
        loan, due = a_loan(), date(2026, 2, 9)
        own = credit(loan, 0, 20_000)
        covered = credit(loan, own.total, sum(self.shares))
        assert (own.margin + covered.margin, own.principal + covered.principal) == (10_000, 40_000)
        assert next_unpaid(loan, 50_000) == 2
        assert days_late(due + timedelta(weeks=1), due) == 0

    def test_all_was_collected_and_not_all_was_paid_by_those_who_owed_it(self):
        cash, own = 10 * 50_000, 9 * 50_000 + 20_000
        assert cash == own + sum(self.shares)
        assert str(ratio(cash, 500_000)) == "1.0000"
        assert str(ratio(own, cash)) == "0.9400"


@steady
@given(st.integers(0, 10**9), st.integers(1, 30))
def test_shares_sum_and_differ_by_a_rupiah_at_most(amount, payers):
    shares = equal_shares(amount, payers)
    assert (len(shares), sum(shares)) == (payers, amount)
    assert max(shares) - min(shares) <= 1
