"""An officer hands over what she holds: all of it, once, with every difference named; and an undo that comes after it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lending.actions import undoing
from lending.actions.cash import Handover, hand_over
from lending.domain.ledger import Account
from tests.furnished import House, a_record, a_uuid, all_at_once, balance, codes, day, only_sqlite, refused, rows

COUNTED = Handover(a_uuid(77), "officer", day(1), 600_000, None, None)
"""Melati's first instalments: twelve women, Rp50,000 each."""


def in_hand(house: House) -> int:
    return balance(Account.OFFICER_CASH, user_id=house.people["officer"].user_id)


@pytest.fixture
def collected(house: House) -> House:
    """The officer comes back from Melati's first meeting."""
    a_record(house, 1)
    return house


def test_her_cash_goes_into_the_vault(collected: House):
    vault = balance(Account.VAULT_CASH)
    known, answer = hand_over(COUNTED, collected.person("cashier", day(1)))
    assert known is False
    assert answer == {"id": COUNTED.uuid, "officer": "officer", "expected": 600_000, "counted": 600_000, "difference": 0}
    assert in_hand(collected) == 0
    assert balance(Account.VAULT_CASH) == vault + 600_000
    assert balance(Account.OVER_SHORT) == 0


def test_of_whichever_day_it_is(collected: House):
    a_record(collected, 2)
    _, answer = hand_over(replace(COUNTED, on=day(2), total=1_200_000), collected.person("cashier", day(2)))
    assert answer["expected"] == 1_200_000
    assert in_hand(collected) == 0


def test_not_on_a_day_before_all_of_it_had_come(collected: House):
    a_record(collected, 2)
    with refused("out_of_order", at="on", status=422):
        hand_over(replace(COUNTED, total=1_200_000), collected.person("cashier", day(2)))


def test_sent_again_it_is_the_same_answer_and_nothing_new(collected: House):
    cashier = collected.person("cashier", day(1))
    _, first = hand_over(COUNTED, cashier)
    before = rows()
    assert hand_over(replace(COUNTED, uuid=COUNTED.uuid.upper()), cashier) == (True, first)
    assert rows() == before
    with refused("key_reused", status=422):
        hand_over(replace(COUNTED, total=600_001), cashier)


def test_sent_twice_at_once_it_is_kept_once(collected: House):
    cashier = collected.person("cashier", day(1))
    found = all_at_once([lambda: hand_over(COUNTED, cashier)] * 3)
    assert codes(found) == ["kept"] * 3
    assert sorted(known for known, _ in found) == [False, True, True]
    assert in_hand(collected) == 0


@pytest.mark.parametrize(("counted", "difference"), [(590_000, -10_000), (605_000, 5_000), (0, -600_000)])
def test_a_difference_stands_under_her_name(collected: House, counted: int, difference: int):
    vault = balance(Account.VAULT_CASH)
    cashier = collected.person("cashier", day(1))
    with refused("reason_needed", at="reason", status=422):
        hand_over(replace(COUNTED, total=counted), cashier)
    _, answer = hand_over(replace(COUNTED, total=counted, reason="uang basah"), cashier)
    assert answer["difference"] == difference
    assert in_hand(collected) == 0
    assert balance(Account.VAULT_CASH) == vault + counted
    assert balance(Account.OVER_SHORT, user_id=collected.people["officer"].user_id) == -difference


def test_nothing_in_hand_and_nothing_counted_books_nothing(house: House):
    _, answer = hand_over(replace(COUNTED, total=0), house.person("cashier", day(1)))
    assert (answer["expected"], answer["difference"]) == (0, 0)
    assert in_hand(house) == 0


@only_sqlite
def test_what_makes_no_sense_is_refused(collected: House):
    cashier = collected.person("cashier", day(1))
    for code, status, sent in (
        ("future_date", 422, replace(COUNTED, on=day(1) + timedelta(days=1))),
        ("too_small", 422, replace(COUNTED, total=-1)),
        ("too_large", 422, replace(COUNTED, total=10**12)),
        ("not_found", 404, replace(COUNTED, officer="nobody")),
        ("not_found", 404, replace(COUNTED, officer="srg-officer")),
    ):
        with refused(code, status=status):
            hand_over(sent, cashier)


@only_sqlite
@pytest.mark.parametrize("username", ["officer", "mentor", "head", "auditor", "city", "admin"])
def test_only_the_cashier_receives(collected: House, username: str):
    with refused("not_allowed", status=403):
        hand_over(COUNTED, collected.person(username, day(1)))


# ---- undone after that -----------------------------------------------------------------------------------------------------------------


def test_an_undo_before_the_hand_over_takes_the_cash_from_her_hand(collected: House):
    vault = balance(Account.VAULT_CASH)
    undoing.undo_record(a_uuid(1_001), collected.officer(day(1)), reason="salah kelompok")
    assert in_hand(collected) == 0
    assert balance(Account.VAULT_CASH) == vault


def test_an_undo_after_the_hand_over_takes_the_cash_from_the_vault(collected: House):
    vault = balance(Account.VAULT_CASH)
    hand_over(COUNTED, collected.person("cashier", day(1)))
    undoing.undo_record(a_uuid(1_001), collected.officer(day(1)), reason="salah kelompok")
    assert in_hand(collected) == 0
    assert balance(Account.VAULT_CASH) == vault


def test_a_record_sent_again_after_that_is_her_cash_again(collected: House):
    hand_over(COUNTED, collected.person("cashier", day(1)))
    undoing.undo_record(a_uuid(1_001), collected.officer(day(1)), reason="salah kelompok")
    a_record(collected, 1, uuid=a_uuid(1_101))
    assert in_hand(collected) == 600_000
    _, answer = hand_over(replace(COUNTED, uuid=a_uuid(78)), collected.person("cashier", day(1)))
    assert answer["difference"] == 0
