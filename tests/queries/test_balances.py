"""What is carried forward from a closed day changes nobody's figure: every balance is as if it were added up from the beginning."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lending.actions.cash import Transfer, transfer
from lending.actions.days import Count, close_day
from lending.database import session
from lending.domain.ledger import Account
from lending.models import DayBalance, Entry, Posting
from lending.queries import balances, ledger
from lending.queries.days import vault_on
from tests.furnished import BEGINNING, House, a_record, a_uuid, day
from tests.reported import a_house

LAST = day(4)


def some_days_closed(house: House) -> House:
    """Two closes, the second of several days in one go; days before the first, between, and after the last."""
    unit_id = house.head(BEGINNING).unit_id
    assert unit_id is not None
    a_record(house, 1)
    close_day(Count(day(1), vault_on(unit_id, day(1)), earlier_too=True, reason="petugas masih di jalan"), house.head(day(1)))
    a_record(house, 2, paid={house.women[0]: 25_000})
    transfer(Transfer(a_uuid(78), day(2), 5_000_000, "bank", "vault", "isi brankas"), house.person("cashier", day(2)))
    a_record(house, 3)
    close_day(Count(day(3), vault_on(unit_id, day(3)), earlier_too=True, reason="petugas masih di jalan"), house.head(day(3)))
    a_record(house, 4)
    return house


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """For all tests that only look."""
    with a_house(request, tmp_path_factory, some_days_closed) as house:
        yield house


DAYS = [BEGINNING - timedelta(days=1), BEGINNING, day(1), day(1) + timedelta(days=1), day(2), day(3), day(3) + timedelta(days=1), LAST]


def legs(house: House) -> list[tuple[Account, int, date]]:
    question = select(Posting.account, Posting.amount, Entry.on_day).join(Entry, Entry.id == Posting.entry_id)
    return [(account, amount, on) for account, amount, on in session.execute(question.where(Entry.unit_id == house.unit_id))]


def test_every_account_at_the_end_of_every_day(told: House):
    every = legs(told)
    for on in DAYS:
        found = balances.at_end_of(told.unit_id, on)
        for account in Account:
            amounts = [amount for one, amount, booked_on in every if one is account and booked_on <= on]
            expected = balances.Sums(sum(one for one in amounts if one > 0), -sum(one for one in amounts if one < 0))
            assert found.get(account, balances.Sums()) == expected, (account, on)
        assert vault_on(told.unit_id, on) == found.get(Account.VAULT_CASH, balances.Sums()).balance


@pytest.mark.parametrize("account", [Account.OFFICER_CASH, Account.VAULT_CASH, Account.LOAN_PRINCIPAL, Account.BANK])
def test_the_ledger_from_any_day_to_any_day(told: House, account: Account):
    every = [(amount, on) for one, amount, on in legs(told) if one is account]
    for first in DAYS:
        for last in (on for on in DAYS if on >= first):
            asked = ledger.ask(told.head(LAST), account, first=first, last=last)
            sums, lines = ledger.sums(asked), ledger.lines(asked)
            assert sums.opening == sum(amount for amount, on in every if on < first)
            assert sums.closing == sum(amount for amount, on in every if on <= last)
            if lines:
                assert lines[-1].balance == sums.closing
                assert lines == ledger.lines(asked, opening=sums.opening)


def test_a_close_carries_the_whole_chart_and_only_the_last_of_its_days(told: House):
    carried = select(DayBalance.on_day, DayBalance.account).where(DayBalance.unit_id == told.unit_id)
    assert sorted((on, account) for on, account in session.execute(carried)) == sorted(
        (on, account) for on in (day(1), day(3)) for account in Account
    )
