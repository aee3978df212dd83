"""Reports on loans that ended or were put on other days, and on a closed day of the books: each figure the movement of its account."""

from collections.abc import Iterator

import pytest

from lending.domain.arrears import QualityClass
from lending.domain.ledger import Account
from lending.domain.portfolio import PAR_DAYS
from lending.queries import books, days
from lending.queries.portfolio import portfolio
from lending.queries.reports.quality import OVER_DAYS
from tests.furnished import LENT_ON, House, day
from tests.reported import TODAY, a_house, balance, column, endings, made, total


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def ended(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Two months, and how some loans ended."""
    with a_house(request, tmp_path_factory, endings) as house:
        yield house


def test_what_was_lost_and_what_came_back_is_what_the_accounts_say(ended: House):
    head = ended.head(TODAY)
    for layout in ("loan", "group", "officer", "unit"):
        found = made(head, "losses", layout, first=LENT_ON, last=TODAY)
        assert total(found, "written_off") == balance(head, Account.WRITE_OFF, TODAY) > 0
        assert total(found, "recovered") == -balance(head, Account.RECOVERY, TODAY) == 70_000
        assert total(found, "claimed") - total(found, "claim_paid") == balance(head, Account.DEATH_CLAIM, TODAY)
        assert total(found, "claim_paid") == 1_000_000
    loans = made(head, "losses", "loan", first=LENT_ON, last=TODAY)
    assert column(loans, "loan") == list(ended.loans[1:4])
    assert column(loans, "state") == ["written_off", "cleared", "cleared"]
    assert column(loans, "reason") == ["pindah kota", "meninggal", "meninggal"]
    assert made(head, "losses", "loan", first=LENT_ON, last=day(5)).rows == []


def test_a_restructured_loan_is_at_risk_in_every_bucket_and_named_as_what_it_is(ended: House):
    head = ended.head(TODAY)
    found = made(head, "restructured", last=TODAY)
    (row,) = found.rows
    assert (row.loan_id, row.on, row.reason, row.clean_payments, row.at_risk) == (ended.loans[4], day(6), "sakit", 0, "yes")
    assert made(head, "restructured", last=day(5)).rows == []
    par = portfolio(head, TODAY, "unit").whole.par
    for layout, days_late in OVER_DAYS.items():
        loans = made(head, "ageing", layout, last=TODAY)
        assert total(loans, "outstanding") == par[days_late]
        assert ended.loans[4] in column(loans, "loan")
    by_group = made(head, "ageing", "group", last=TODAY)
    assert total(by_group, "restructured") == row.outstanding
    assert sum(one.at_risk for one in by_group.rows) == par[PAR_DAYS[0]]


def test_the_sums_of_those_left_still_agree_with_the_books(ended: House):
    head = ended.head(TODAY)
    for on in (day(5), day(6), TODAY):
        principal = balance(head, Account.LOAN_PRINCIPAL, on)
        assert total(made(head, "ageing", "bucket", last=on), "outstanding") == principal
        assert total(made(head, "provisions", "sa_dhan", last=on), "outstanding") == principal


def test_margin_let_off_is_no_money_received(ended: House):
    head = ended.head(TODAY)
    row = made(head, "collection", "unit", first=day(6), last=day(6)).rows[0]
    settled = sum(
        leg.amount
        for entry in books.journal(head, first=day(6), last=day(6))
        if entry.kind == "settlement"
        for leg in entry.legs
        if leg.account is Account.VAULT_CASH
    )
    assert row.collected == settled > 0
    assert row.collected == row.on_due + row.on_arrears + row.ahead
    # Of the four that ended nothing is owed any more; of the others five and six are late.
    assert row.arrears_after < row.arrears_before + row.due


def test_where_the_lost_ones_went(ended: House):
    head = ended.head(TODAY)
    found = made(head, "movement", "amount", first=day(5), last=TODAY)
    lost = balance(head, Account.WRITE_OFF, TODAY) + 1_000_000 + balance(head, Account.DEATH_CLAIM, TODAY)
    assert total(found, "written_off") == lost
    end = portfolio(head, TODAY, "unit").whole
    assert {one.value: total(found, f"to.{one.value}") for one in QualityClass} == {
        one.value: end.classes.get(one.value, (0, 0))[1] for one in QualityClass
    }
    assert total(made(head, "movement", "loans", first=day(5), last=TODAY), "written_off") == 3


def test_a_closed_day_is_all_its_accounts_and_how_it_was_closed(ended: House):
    head = ended.head(TODAY)
    found = made(head, "day-close", last=day(5))
    trial = {one.account: one.balance for one in books.trial_balance(head, day(5)).accounts}
    assert dict(zip(column(found, "account"), column(found, "closing"), strict=True)) == {
        account: amount for account, amount in trial.items() if account in set(column(found, "account"))
    }
    assert total(found, "debit") == total(found, "credit")
    said = {column.name: value for column, value in found.head}
    closed = days.closed_day(ended.unit_id, day(5))
    assert (said["state"], said["difference"], said["hash"]) == ("closed", -2_000, closed.hash)
    still_open = {column.name: value for column, value in made(head, "day-close", last=TODAY).head}
    assert (still_open["state"], still_open["counted"], still_open["hash"]) == ("open", None, None)


def test_an_officers_cash_comes_to_what_the_books_say(ended: House):
    head = ended.head(TODAY)
    found = made(head, "officer-cash", first=day(2), last=TODAY)
    assert total(found, "closing") == balance(head, Account.OFFICER_CASH, TODAY)
    assert total(found, "opening") == balance(head, Account.OFFICER_CASH, day(1))
    assert total(found, "handed_over") > 0
