"""The books as others read them: beancount itself loads them, finds no fault, and stands where our trial balance stands."""

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from beancount import loader
from beancount.core.data import Balance, Open, Transaction

from lending.documents.books import HEADER, NAMES, beancount_file, books_csv, books_xlsx
from lending.domain.ledger import CODES, Account, EntryKind
from lending.queries.books import WholeBooks, unit_of, whole_books
from tests.furnished import House, day, furnished_postgresql, furnished_sqlite, house, only_sqlite
from tests.queries.test_check import a_past

__all__ = ["furnished_postgresql", "furnished_sqlite", "house"]

pytestmark = only_sqlite


@pytest.fixture
def lived_in(house: House) -> House:
    """A house with reversals, hand-overs, over/short, endings, savings, closed days."""
    a_past(house)
    return house


def books(first: date | None = None, last: date | None = None) -> WholeBooks:
    return whole_books(unit_of(None), first=first, last=last or day(3))


def stands_in_beancount(content: bytes) -> tuple[dict[str, int], list[Transaction], int]:
    """What beancount makes of it: the balance by our codes, the transactions, how many balances it asserted. It must find no fault."""
    found, errors, options = loader.load_string(content.decode())
    assert errors == []
    assert options["operating_currency"] == ["IDR"]
    codes = {one.account: one.meta["code"] for one in found if isinstance(one, Open)}
    assert all(one.currencies == ["IDR"] for one in found if isinstance(one, Open))
    transactions = [one for one in found if isinstance(one, Transaction)]
    sums: Counter[str] = Counter()
    for transaction in transactions:
        for posting in transaction.postings:
            assert posting.units is not None
            assert posting.units.number is not None
            sums[codes[posting.account]] += int(posting.units.number)
    return dict(sums), transactions, sum(isinstance(one, Balance) for one in found)


def test_beancount_agrees_with_our_books(lived_in: House) -> None:
    whole = books()
    sums, transactions, proofs = stands_in_beancount(beancount_file(whole))
    assert {one.code: sums.get(one.code, 0) for one in whole.balance.accounts} == {one.code: one.balance for one in whole.balance.accounts}
    assert sorted(int(one.meta["entry"]) for one in transactions) == [entry.id for entry in whole.entries]
    assert {one.payee for one in transactions} >= {kind.value for kind in (EntryKind.REVERSAL, EntryKind.HANDOVER, EntryKind.OVER_SHORT)}
    assert proofs > 20
    assert set(NAMES) == set(CODES) == set(Account)


def test_from_a_day_on_it_begins_with_what_stood_before(lived_in: House) -> None:
    whole = books(first=day(2), last=day(3))
    sums, transactions, _ = stands_in_beancount(beancount_file(whole))
    assert {one.code: sums.get(one.code, 0) for one in whole.balance.accounts} == {one.code: one.balance for one in whole.balance.accounts}
    assert [one.meta.get("entry") for one in transactions].count(None) == 1
    assert {one.date for one in transactions[1:]} <= {day(2), day(3)}


def test_a_balance_that_is_wrong_is_found_by_beancount(lived_in: House) -> None:
    lines = beancount_file(books()).decode().splitlines()
    place = next(nth for nth, line in enumerate(lines) if line.startswith("  Assets:Cash:Vault  "))
    lines[place] = lines[place].replace(" IDR", "1 IDR")
    _, errors, _ = loader.load_string("\n".join(lines))
    assert errors


def test_a_reason_cannot_become_another_line(lived_in: House) -> None:
    whole = books()
    nasty = '" \\ "2026-01-01 open Assets:Evil'
    entries = tuple(entry.__class__(**{**vars(entry), "reason": nasty}) for entry in whole.entries)
    content = beancount_file(WholeBooks(whole.unit_code, None, (), entries, whole.balance))
    _, transactions, _ = stands_in_beancount(content)
    assert {one.narration for one in transactions} == {nasty}


def test_the_tables_have_a_row_a_posting_and_end_where_the_books_end(lived_in: House) -> None:
    for whole in (books(), books(first=day(2))):
        rows = list(csv.DictReader(io.StringIO(books_csv(whole).decode("utf-8-sig"))))
        assert list(rows[0]) == list(HEADER)
        assert sum(bool(row["id"]) for row in rows) == sum(len(entry.legs) for entry in whole.entries)
        ends = {row["account"]: int(row["balance"]) for row in rows}
        assert ends == {one.account.value: one.balance for one in whole.balance.accounts if one.account.value in ends}
        assert all(one.balance == 0 for one in whole.balance.accounts if one.account.value not in ends)
    book = openpyxl.load_workbook(io.BytesIO(books_xlsx(books())))
    assert book.sheetnames == ["journal", "trial_balance"]
    told = {row[1]: row[4] for row in book["trial_balance"].iter_rows(min_row=2, values_only=True)}
    assert told == {one.code: one.balance for one in books().balance.accounts}


def test_a_unit_that_is_not_there(house: House, tmp_path: Path) -> None:
    from lending.domain.refusals import NotFound

    with pytest.raises(NotFound):
        unit_of("XYZ")
