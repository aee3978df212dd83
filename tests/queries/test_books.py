"""The journal and the trial balance: every entry whole, by the books' day, for those who may look."""

from datetime import timedelta

import pytest

from lending.actions.undoing import undo_record
from lending.domain.ledger import CODES, Account, EntryKind
from lending.domain.refusals import NotFound
from lending.queries import books
from tests.furnished import BEGINNING, LENT_ON, House, a_record, a_running_loan, day, only_sqlite


def test_every_entry_with_its_legs_and_what_reversed_it(house: House):
    kept = a_record(house, 1, paid={house.women[0]: 5_000}, savings={house.women[1]: 2_000})
    undo_record(kept.uuid, house.head(day(2)), reason="salah")
    entries = books.journal(house.head(day(2)), first=day(1), last=day(2))
    assert [one.id for one in entries] == sorted(one.id for one in entries)
    assert all(sum(leg.amount for leg in one.legs) == 0 and len(one.legs) >= 2 for one in entries)
    collected = [one for one in entries if one.kind is EntryKind.COLLECTION]
    reversals = {one.id: one for one in entries if one.kind is EntryKind.REVERSAL}
    assert len(collected) == 12
    assert {one.reversed_by for one in entries if one.kind is not EntryKind.REVERSAL} == reversals.keys()
    first = collected[0]
    assert [(leg.account, leg.loan_id, leg.member_id, leg.user, leg.amount) for leg in first.legs] == [
        (Account.OFFICER_CASH, None, None, "officer", 5_000),
        (Account.MARGIN_INCOME, house.loans[0], house.women[0], None, -5_000),
    ]
    assert (first.unit_code, first.on, first.happened_on, first.actor, first.record) == ("JMB", day(1), day(1), "officer", kept.uuid)
    back = reversals[first.reversed_by or 0]
    assert (back.reversal_of, back.on, back.actor, back.reason) == (first.id, day(2), "head", "salah")


def test_the_trial_balance_of_any_day_of_the_books(house: House):
    a_running_loan(house, house.others[0], LENT_ON + timedelta(days=1), principal=5_000_000, weeks=25)
    a_record(house, 1)
    head = house.head(day(1))
    assert {one.account: one.balance for one in books.trial_balance(head, BEGINNING).accounts if one.balance} == {
        Account.VAULT_CASH: 200_000_000,
        Account.HEAD_OFFICE: -200_000_000,
    }
    asked = books.trial_balance(head, day(1))
    assert [one.code for one in asked.accounts] == sorted(CODES.values())
    assert asked.debit == asked.credit
    assert {one.account: (one.debit, one.credit, one.balance) for one in asked.accounts if one.debit or one.credit} == {
        Account.OFFICER_CASH: (600_000, 0, 600_000),
        Account.VAULT_CASH: (200_000_000, 12 * 1_900_000 + 4_750_000, 200_000_000 - 12 * 1_900_000 - 4_750_000),
        Account.LOAN_PRINCIPAL: (29_000_000, 480_000, 28_520_000),
        Account.HEAD_OFFICE: (0, 200_000_000, -200_000_000),
        Account.UPJ: (0, 1_450_000, -1_450_000),
        Account.MARGIN_INCOME: (0, 120_000, -120_000),
    }


@only_sqlite
def test_the_journal_may_be_asked_by_account_record_and_page(house: House):
    kept = a_record(house, 1, savings={house.women[1]: 2_000})
    head = house.head(day(1))
    savings = books.journal(head, first=LENT_ON, last=day(1), account=Account.SAVINGS)
    assert [(one.kind, len(one.legs)) for one in savings] == [(EntryKind.SAVINGS, 2)]
    of_record = books.journal(head, first=LENT_ON, last=day(1), record=kept.uuid)
    assert len(of_record) == 13
    pages = books.journal(head, first=LENT_ON, last=day(1), record=kept.uuid, limit=5)
    pages += books.journal(head, first=LENT_ON, last=day(1), record=kept.uuid, limit=100, after_id=pages[-1].id)
    assert pages == of_record
    assert books.journal(head, first=day(1) + timedelta(days=1), last=day(9)) == []


@only_sqlite
def test_whose_books_they_are(house: House):
    assert books.unit_asked(house.head(day(1)), None)[1] == "JMB"
    assert books.unit_asked(house.person("auditor", day(1)), "SRG")[1] == "SRG"
    for username in ("head", "cashier"):
        with pytest.raises(NotFound):
            books.unit_asked(house.person(username, day(1)), "SRG")
    with pytest.raises(NotFound):
        books.unit_asked(house.person("auditor", day(1)), "XYZ")
    a_record(house, 1)
    assert [(one.username, one.amount) for one in books.cash_in_hand(house.head(day(1)))] == [("officer", 600_000)]
    assert [one.amount for one in books.cash_in_hand(house.officer(day(1)))] == [600_000]
    for username in ("officer2", "srg-head"):
        assert books.cash_in_hand(house.person(username, day(1))) == []
    assert books.vault(house.unit_id) == 200_000_000 - 12 * 1_900_000
