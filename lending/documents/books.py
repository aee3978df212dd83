"""A unit's books as files that others read: beancount, which proves them by itself; XLSX; CSV.

In beancount every sub-account (a purse, a loan, a woman's savings) is an account of its own and names, as `code`, the account of the trial
balance that it belongs to; the end of the file asserts the balance of each: an outside program agrees with our books, or says where not.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from lending.documents.workbook import Cell, csv_file, xlsx_book
from lending.domain.ledger import CODES, Account
from lending.domain.money import Rupiah
from lending.queries.books import LegRow, SubBalance, WholeBooks

NAMES: Mapping[Account, str] = {
    Account.OFFICER_CASH: "Assets:Cash:Officer",
    Account.VAULT_CASH: "Assets:Cash:Vault",
    Account.BANK: "Assets:Bank",
    Account.HEAD_OFFICE: "Assets:HeadOffice",
    Account.LOAN_PRINCIPAL: "Assets:Loans",
    Account.DEATH_CLAIM: "Assets:DeathClaims",
    Account.SAVINGS: "Liabilities:Savings",
    Account.UPJ: "Liabilities:Upj",
    Account.OPENING: "Equity:Opening",
    Account.MARGIN_INCOME: "Income:Margin",
    Account.RECOVERY: "Income:Recovery",
    Account.OVER_SHORT: "Expenses:OverShort",
    Account.WRITE_OFF: "Expenses:WriteOff",
    Account.REBATE: "Expenses:Rebate",
}

HEADER = (
    *("id", "kind", "unit", "on", "happened_on", "recorded_at", "actor", "record", "reversal_of", "reversed_by", "reason"),
    *("account", "code", "loan", "member", "user", "amount", "balance"),
)
"""The journal's columns, a posting a row; `balance` is what stands on the account after it."""


def beancount_file(books: WholeBooks) -> bytes:
    """The books as beancount reads them."""
    used: dict[str, Account] = {}
    held: defaultdict[str, Rupiah] = defaultdict(int)

    def of(leg: LegRow | SubBalance) -> str:
        name = _sub_account(leg)
        used[name] = leg.account
        held[name] += leg.amount
        return f"  {name}  {leg.amount} IDR"

    entries = []
    if books.first is not None and books.opening:
        legs = [of(balance) for balance in books.opening]
        entries.append([f'{books.first - timedelta(days=1)} * "opening_balance" "Saldo awal"', *legs])
    for entry in sorted(books.entries, key=lambda entry: (entry.on, entry.id)):
        told = {"kind": entry.kind.value, "actor": entry.actor, "record": entry.record, "recorded_at": entry.recorded_at.isoformat()}
        head = [f"{entry.on} * {_quoted(entry.kind.value)} {_quoted(entry.reason or '')}", f"  entry: {entry.id}"]
        head += [f"  happened_on: {entry.happened_on}"]
        head += [f"  {name}: {_quoted(value)}" for name, value in told.items() if value]
        head += [f"  reversal_of: {entry.reversal_of}"] if entry.reversal_of else []
        entries.append([*head, *(of(leg) for leg in entry.legs)])
    last = books.balance.on
    begun = min([entry.on for entry in books.entries], default=last)
    since = begun if books.first is None else min(begun, books.first - timedelta(days=1))
    head = [f'option "title" {_quoted(f"Maju Bersama {books.unit_code}")}', 'option "operating_currency" "IDR"']
    opens = [
        line
        for name in sorted(used)
        for line in (f"{since} open {name} IDR", f'  code: "{CODES[used[name]]}"', f'  account: "{used[name].value}"')
    ]
    proofs = [f"{last + timedelta(days=1)} balance {name}  {held[name]} IDR" for name in sorted(used)]
    parts = [head, opens, *entries, proofs]
    return ("\n\n".join("\n".join(part) for part in parts) + "\n").encode()


def _sub_account(leg: LegRow | SubBalance) -> str:
    name = NAMES[leg.account]
    if leg.loan_id is not None:
        return f"{name}:Loan{leg.loan_id}"
    if leg.member_id is not None:
        return f"{name}:Member{leg.member_id}"
    return name if leg.user is None else f"{name}:{_component(leg.user)}"


def _component(username: str) -> str:
    """A user name as a part of an account's name: letters that may not stand there become their number, so that no two names meet."""
    return "U-" + re.sub(r"[^A-Za-z0-9]", lambda found: f"-{ord(found.group()):x}-", username)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def books_csv(books: WholeBooks) -> bytes:
    """The journal, a posting a row, with the running balance of each account beside it."""
    return csv_file(HEADER, _journal(books))


def books_xlsx(books: WholeBooks) -> bytes:
    """The journal on one sheet, the trial balance at its end on another."""
    balance = books.balance
    accounts: list[list[Cell]] = [[one.account.value, one.code, one.debit, one.credit, one.balance] for one in balance.accounts]
    return xlsx_book([("journal", HEADER, _journal(books)), ("trial_balance", ("account", "code", "debit", "credit", "balance"), accounts)])


def _journal(books: WholeBooks) -> Iterator[list[Cell]]:
    held: defaultdict[Account, Rupiah] = defaultdict(int)
    for balance in books.opening:
        held[balance.account] += balance.amount
    if books.first is not None:
        before = books.first - timedelta(days=1)
        yield from (_opening(account, before, books.unit_code, held[account]) for account in CODES if held[account])
    for entry in books.entries:
        head: list[Cell] = [str(entry.id), entry.kind.value, entry.unit_code, entry.on.isoformat(), entry.happened_on.isoformat()]
        head += [entry.recorded_at.isoformat(), entry.actor, entry.record, _text(entry.reversal_of), _text(entry.reversed_by), entry.reason]
        for leg in entry.legs:
            held[leg.account] += leg.amount
            whose = [_text(leg.loan_id), _text(leg.member_id), leg.user]
            yield [*head, leg.account.value, CODES[leg.account], *whose, leg.amount, held[leg.account]]


def _opening(account: Account, on: date, unit: str, amount: Rupiah) -> list[Cell]:
    """What stood on an account before the first day: a row without an entry."""
    return [None, "opening_balance", unit, on.isoformat(), *[None] * 7, account.value, CODES[account], None, None, None, 0, amount]


def _text(row_id: int | None) -> str | None:
    return None if row_id is None else str(row_id)


ENDINGS = {".beancount": beancount_file, ".xlsx": books_xlsx, ".csv": books_csv}
"""The ending chooses."""

MEDIA = {".beancount": "text/plain", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".csv": "text/csv"}
"""What each is called on its way."""
