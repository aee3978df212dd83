"""Each business fact as an accountant draws it: what is debited on the left, what is credited on the right, both sides equal."""

import pytest

from lending.domain.allocation import Allocation
from lending.domain.ledger import (
    CODES,
    NEVER_NEGATIVE,
    NEVER_POSITIVE,
    Account,
    Leg,
    claim_paid,
    collection,
    control_total,
    death,
    disbursement,
    handover,
    mirror,
    over_short,
    reallocation,
    recovery,
    savings_at_unit,
    savings_deposit,
    settlement,
    transfer,
    upj_refund,
    upj_to_savings,
    write_off,
)

HERS = {"loan_id": 77, "member_id": 41}

T_ACCOUNTS: list[tuple[str, tuple[Leg, ...], str, str]] = [
    ("a loan paid out", disbursement(2_000_000, 100_000, **HERS), "1210 2000000", "1120 1900000 · 2120 100000"),
    ("an instalment", collection(Allocation(10_000, 40_000), **HERS, officer_id=2), "1110 50000", "1210 40000 · 4110 10000"),
    ("an instalment of margin only", collection(Allocation(10_000, 0), **HERS, officer_id=2), "1110 10000", "4110 10000"),
    ("saved at the meeting", savings_deposit(5_000, member_id=41, officer_id=2), "1110 5000", "2110 5000"),
    ("saved at the unit", savings_at_unit(5_000, member_id=41), "1120 5000", "2110 5000"),
    ("taken out at the unit", savings_at_unit(-5_000, member_id=41), "2110 5000", "1120 5000"),
    ("UPJ given back", upj_refund(100_000, member_id=41), "2120 100000", "1120 100000"),
    ("UPJ become savings", upj_to_savings(100_000, member_id=41), "2120 100000", "2110 100000"),
    ("cash missing", over_short(-1_000, officer_id=2), "5110 1000", "1110 1000"),
    ("cash too much", over_short(1_000, officer_id=2), "1110 1000", "5110 1000"),
    ("handed over whole", handover(50_000, 50_000, officer_id=2), "1120 50000", "1110 50000"),
    ("handed over short", handover(50_000, 49_000, officer_id=2), "1120 49000 · 5110 1000", "1110 50000"),
    ("to the bank", transfer(1_000_000, Account.VAULT_CASH, Account.BANK), "1130 1000000", "1120 1000000"),
    ("settled early", settlement(Allocation(90_000, 360_000), 60_000, **HERS), "1120 390000 · 5310 60000", "1210 360000 · 4110 90000"),
    ("settled without rebate", settlement(Allocation(90_000, 360_000), 0, **HERS), "1120 450000", "1210 360000 · 4110 90000"),
    ("settled, margin only, all let off", settlement(Allocation(90_000, 0), 90_000, **HERS), "5310 90000", "4110 90000"),
    ("written off", write_off(360_000, **HERS), "5210 360000", "1210 360000"),
    ("it came after all", recovery(25_000, **HERS), "1120 25000", "4210 25000"),
    ("died, insured", death(360_000, claim=True, **HERS), "1310 360000", "1210 360000"),
    ("died, not insured", death(360_000, claim=False, **HERS), "5210 360000", "1210 360000"),
    ("the insurer pays", claim_paid(360_000, **HERS), "1120 360000", "1310 360000"),
    ("moved to margin", reallocation(Allocation(0, 500), Allocation(300, 200), **HERS), "1210 300", "4110 300"),
]


@pytest.mark.parametrize(("what", "legs", "debit", "credit"), T_ACCOUNTS, ids=[what for what, *_ in T_ACCOUNTS])
def test_both_sides_of_each_fact(what: str, legs: tuple[Leg, ...], debit: str, credit: str) -> None:
    assert (_side(legs, 1), _side(legs, -1)) == (debit, credit)
    assert sum(leg.amount for leg in legs) == 0
    assert control_total(legs) == sum(int(one.split()[1]) for one in debit.split(" · "))
    assert (_side(mirror(legs), 1), _side(mirror(legs), -1)) == (credit, debit)


def _side(legs: tuple[Leg, ...], sign: int) -> str:
    return " · ".join(sorted(f"{CODES[leg.account]} {abs(leg.amount)}" for leg in legs if leg.amount * sign > 0))


@pytest.mark.parametrize(("what", "legs", "debit", "credit"), T_ACCOUNTS, ids=[what for what, *_ in T_ACCOUNTS])
def test_every_leg_names_the_sub_account_it_belongs_to(what: str, legs: tuple[Leg, ...], debit: str, credit: str) -> None:
    """api-detail part 4: the purse names the officer, what is lent the loan and its member, what is kept the member."""
    of_loan = {Account.LOAN_PRINCIPAL, Account.MARGIN_INCOME, Account.REBATE, Account.WRITE_OFF, Account.RECOVERY, Account.DEATH_CLAIM}
    for leg in legs:
        named = (leg.loan_id is not None, leg.member_id is not None, leg.user_id is not None)
        if leg.account in of_loan:
            assert named == (True, True, False), what
        elif leg.account in {Account.SAVINGS, Account.UPJ}:
            assert named == (False, True, False), what
        elif leg.account in {Account.OFFICER_CASH, Account.OVER_SHORT}:
            assert named == (False, False, True), what
        else:
            assert named == (False, False, False), what


def test_every_account_has_a_code_of_its_own_and_a_side_it_stays_on() -> None:
    assert set(CODES) == set(Account)
    assert len(set(CODES.values())) == len(Account)
    both_ways = {Account.BANK, Account.HEAD_OFFICE, Account.OVER_SHORT, Account.OPENING}
    assert {*NEVER_NEGATIVE, *NEVER_POSITIVE, *both_ways} == set(Account)
    assert NEVER_NEGATIVE.isdisjoint(NEVER_POSITIVE)


def test_nothing_is_booked_where_nothing_moves() -> None:
    for empty in (lambda: write_off(0, **HERS), lambda: savings_at_unit(0, member_id=41)):
        with pytest.raises(AssertionError):
            empty()
