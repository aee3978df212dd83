"""The general ledger: the balance after each leg, whatever piece of it is read, and in the order of the books."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate

import pytest

from lending.actions.cash import Handover, Transfer, hand_over, transfer
from lending.actions.undoing import undo_record
from lending.domain.ledger import CODES, Account, AccountClass, EntryKind, class_of
from lending.domain.refusals import NotFound
from lending.queries import books, ledger
from lending.queries.journal_narrowed import Narrowed, member_numbered, sums
from tests.furnished import BEGINNING, LENT_ON, House, a_record, a_uuid, day, only_sqlite
from tests.reported import a_house

LAST = day(3)


def three_meetings(house: House) -> House:
    """One was undone and sent anew, one arrived late; there was a hand-over; and a transfer is dated back."""
    first = a_record(house, 1)
    undo_record(first.uuid, house.officer(day(1)), reason="Salah ketik 100% lagi")
    a_record(house, 1, uuid=a_uuid(9), savings={house.women[1]: 2_000})
    hand_over(Handover(a_uuid(77), "officer", day(1), 601_000, None, "receh hilang"), house.person("cashier", day(1)))
    a_record(house, 2, on=day(2) + timedelta(days=1), paid={house.women[0]: 25_000})
    a_record(house, 3)
    back = Transfer(a_uuid(78), day(2), 5_000_000, "bank", "vault", "isi brankas")
    transfer(back, house.person("cashier", LAST))
    return house


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """For all tests that only look."""
    with a_house(request, tmp_path_factory, three_meetings) as house:
        yield house


def asked(house: House, account: Account, first: date = BEGINNING, last: date = LAST, kind: EntryKind | None = None) -> ledger.LedgerAsked:
    return ledger.ask(house.head(LAST), account, first=first, last=last, kind=kind)


def in_pieces(question: ledger.LedgerAsked, size: int) -> Iterator[ledger.LedgerLine]:
    after = None
    while piece := ledger.lines(question, after=after, limit=size):
        yield from piece
        after = piece[-1].place


@pytest.mark.parametrize("account", [Account.OFFICER_CASH, Account.VAULT_CASH, Account.LOAN_PRINCIPAL])
def test_each_leg_has_the_balance_after_it_whatever_piece_is_read(told: House, account: Account):
    question = asked(told, account)
    whole = ledger.lines(question)
    assert [line.balance for line in whole] == list(accumulate(line.amount for line in whole))
    assert [line.place for line in whole] == sorted(line.place for line in whole)
    for size in (1, 5):
        assert list(in_pieces(question, size)) == whole
    ends = {one.account: one for one in books.trial_balance(told.head(LAST), LAST).accounts}[account]
    assert ledger.sums(question) == ledger.LedgerSums(0, len(whole), ends.debit, ends.credit, ends.balance)
    assert whole[-1].balance == ends.balance
    # From any later day on, and of one kind alone, the balances are the same.
    later = asked(told, account, first=day(2))
    later_half = next(line for line in whole if line.on >= day(2))
    assert ledger.lines(later) == [line for line in whole if line.on >= day(2)]
    assert ledger.lines(later, after=later_half.place, opening=ledger.sums(later).opening) == whole[whole.index(later_half) + 1 :]
    assert ledger.sums(later).opening == [line.balance for line in whole if line.on < day(2)][-1]
    of_kind = asked(told, account, first=LENT_ON + timedelta(days=1), kind=EntryKind.COLLECTION)
    shown = [line for line in whole if line.kind is EntryKind.COLLECTION]
    assert list(in_pieces(of_kind, 7)) == shown
    found = ledger.sums(of_kind)
    assert (found.legs, found.debit - found.credit) == (len(shown), sum(line.amount for line in shown))
    assert found.closing == ends.balance


def test_a_leg_says_whose_it_is(told: House):
    first, *_, last = ledger.lines(asked(told, Account.LOAN_PRINCIPAL, first=day(1), last=day(1), kind=EntryKind.COLLECTION))
    assert (first.member_id, first.loan_id, first.group_name, first.credit, first.debit) == (
        told.women[0], told.loans[0], "Melati", 40_000, 0,
    )  # fmt: skip
    assert (last.member_name, last.actor, last.user) == ("Melati 12", "officer", None)
    saved = ledger.lines(asked(told, Account.SAVINGS))
    assert [(line.member_id, line.group_name, line.balance) for line in saved] == [(told.women[1], "Melati", -2_000)]
    assert {line.user for line in ledger.lines(asked(told, Account.OVER_SHORT))} == {"officer"}


@only_sqlite
def test_what_is_dated_back_while_somebody_reads_is_in_the_balance_of_the_next_page(house: House):
    cashier = house.person("cashier", LAST)
    for nth, on in enumerate((day(1), day(2), LAST)):
        transfer(Transfer(a_uuid(70 + nth), on, 10, "bank", "vault", "isi"), cashier)
    question = asked(house, Account.BANK)
    page = ledger.lines(question, limit=2)
    transfer(Transfer(a_uuid(79), day(1), 5, "bank", "vault", "terlambat ditulis"), cashier)
    assert [line.balance for line in page] == [-10, -20]
    assert [line.balance for line in ledger.lines(question, after=page[-1].place)] == [-35]
    assert [line.balance for line in ledger.lines(question)] == [-10, -15, -25, -35]


def test_nobody_reads_another_units_ledger(told: House):
    with pytest.raises(NotFound):
        ledger.ask(told.head(LAST), Account.BANK, first=BEGINNING, last=LAST, unit="SRG")
    theirs = ledger.ask(told.person("auditor", LAST), Account.VAULT_CASH, first=BEGINNING, last=LAST, unit="SRG")
    assert [line.balance for line in ledger.lines(theirs)] == [200_000_000]
    assert ledger.sums(ledger.ask(told.person("srg-head", LAST), Account.SAVINGS, first=BEGINNING, last=LAST)).legs == 0


def test_the_chart_of_accounts_is_the_trial_balance_by_class(told: House):
    head = told.head(LAST)
    rows = ledger.accounts(head, LAST)
    assert [(row.account, row.balance) for row in rows] == [(one.account, one.balance) for one in books.trial_balance(head, LAST).accounts]
    assert {row.account for row in ledger.accounts(head, LAST, kind=AccountClass.LIABILITY)} == {Account.SAVINGS, Account.UPJ}
    assert {class_of(account).value: CODES[account][0] for account in Account} == {
        "asset": "1", "liability": "2", "equity": "3", "income": "4", "cost": "5",
    }  # fmt: skip


def test_the_journal_is_narrowed_down_to_what_is_looked_for(told: House):
    head = told.head(LAST)

    def found(**words: object) -> list[books.EntryRow]:
        narrowed = Narrowed(**words)  # type: ignore[arg-type]
        rows = books.journal(head, first=BEGINNING, last=LAST, narrowed=narrowed)
        all_of_it = sums(told.unit_id, first=BEGINNING, last=LAST, narrowed=narrowed)
        assert (all_of_it.entries, all_of_it.amount) == (len(rows), sum(leg.amount for row in rows for leg in row.legs if leg.amount > 0))
        return rows

    assert {row.kind for row in found(kind=EntryKind.REVERSAL)} == {EntryKind.REVERSAL}
    assert {row.reason for row in found(text="100% LAGI")} == {"Salah ketik 100% lagi"}
    assert found(text="100_") == []
    assert {leg.loan_id for row in found(loan=told.loans[0]) for leg in row.legs} == {None, told.loans[0]}
    assert len(found(member=told.women[1], account=Account.SAVINGS)) == 1
    assert {row.kind for row in found(officer="cashier")} == {EntryKind.TRANSFER, EntryKind.HANDOVER, EntryKind.DISBURSEMENT}
    assert EntryKind.HANDOVER in {row.kind for row in found(officer="officer")}
    assert {row.kind for row in found(least=200_000_000, most=200_000_000)} == {EntryKind.TRANSFER}
    assert [row.legs[0].amount for row in found(member=told.women[0], account=Account.OFFICER_CASH)] == []  # of one and the same leg
    of_leg = sums(told.unit_id, first=day(2), last=LAST, narrowed=Narrowed(account=Account.MARGIN_INCOME, member=told.women[0]))
    assert (of_leg.entries, of_leg.debit, of_leg.credit) == (2, 0, 20_000)
    assert found(member=member_numbered(told.unit_id, "jmb-0001-01"))
    with pytest.raises(NotFound):
        member_numbered(told.unit_id, "SRG-0001-01")
