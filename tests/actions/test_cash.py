"""Cash between vault, bank and head office: booked once, never below zero."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lending.actions.cash import Transfer, transfer
from lending.domain.ledger import Account
from tests.furnished import LENT_ON, House, a_uuid, balance, only_sqlite, refused, rows

MOVED = Transfer(a_uuid(70), LENT_ON, 5_000_000, "vault", "bank", "setor mingguan")


def test_a_transfer_moves_cash_and_says_why(house: House):
    vault, bank = balance(Account.VAULT_CASH), balance(Account.BANK)
    known, answer = transfer(MOVED, house.person("cashier", LENT_ON))
    assert known is False
    assert (balance(Account.VAULT_CASH), balance(Account.BANK)) == (vault - 5_000_000, bank + 5_000_000)
    assert answer == {
        "id": MOVED.uuid,
        "entry": answer["entry"],
        "on": "2026-02-02",
        "amount": 5_000_000,
        "from": "vault",
        "to": "bank",
        "reason": "setor mingguan",
    }


def test_sent_again_it_is_the_same_answer_and_nothing_new(house: House):
    cashier = house.person("cashier", LENT_ON)
    _, first = transfer(MOVED, cashier)
    before = rows()
    assert transfer(replace(MOVED, uuid=MOVED.uuid.upper()), cashier) == (True, first)
    assert rows() == before
    with refused("key_reused", status=422):
        transfer(replace(MOVED, amount=5_000_001), cashier)
    with refused("not_found", status=404):
        transfer(MOVED, house.person("srg-cashier", LENT_ON))


@only_sqlite
def test_what_makes_no_sense_is_refused(house: House):
    cashier = house.person("cashier", LENT_ON)
    for code, at, moved in (
        ("too_small", "amount", replace(MOVED, amount=0)),
        ("too_large", "amount", replace(MOVED, amount=100_000_000_001)),
        ("same_place", "to", replace(MOVED, target="vault")),
        ("future_date", "on", replace(MOVED, on=LENT_ON + timedelta(days=1))),
        ("not_enough_cash", "amount", replace(MOVED, amount=200_000_000)),
    ):
        with refused(code, at=at, status=422):
            transfer(moved, cashier)
    # The bank's own statement, and head office's, are not ours to bound.
    transfer(replace(MOVED, source="bank", target="vault", amount=1_000_000_000), cashier)


def test_what_is_dated_back_takes_from_every_evening_since(house: House):
    later = LENT_ON + timedelta(days=1)
    cashier = house.person("cashier", later)
    transfer(replace(MOVED, amount=177_200_000), cashier)  # all of it: the vault is empty that evening
    transfer(Transfer(a_uuid(71), later, 3_000_000, "bank", "vault", "ambil"), cashier)
    with refused("not_enough_cash", at="amount", status=422) as no:
        transfer(replace(MOVED, uuid=a_uuid(72), amount=1), cashier)
    assert no.value.facts["left"] == 0
    transfer(Transfer(a_uuid(73), LENT_ON, 1_000_000, "bank", "vault", "ambil"), cashier)
    transfer(Transfer(a_uuid(74), later, 4_000_000, "vault", "bank", "setor"), cashier)
    with refused("not_enough_cash", at="amount", status=422):
        transfer(replace(MOVED, uuid=a_uuid(72), amount=1), cashier)  # it was there that evening, and is gone since


@only_sqlite
@pytest.mark.parametrize("username", ["officer", "mentor", "head", "auditor", "city", "admin"])
def test_only_the_cashier_moves_cash(house: House, username: str):
    with refused("not_allowed", status=403):
        transfer(MOVED, house.person(username, LENT_ON))
