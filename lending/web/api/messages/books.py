"""The journal and the trial balance."""

from datetime import date, datetime

from msgspec import UNSET, field

from lending.domain.ledger import Account, AccountClass, EntryKind
from lending.web.api.messages.fields import Amount, Answer, AsOf, Code, Day, Id, Maybe, Question, Signed, Typed, Words


class JournalAsked(Question, frozen=True, kw_only=True):
    """Which entries: between which days of the books (this month, when left out), of which kind, with a leg on which account.

    `loan`, `member`: whose leg it is; `least`, `most`: of how much, whatever its side. `officer` is a user name: whose cash a leg moved,
    or who wrote the entry down. `reason` is a part of it.
    """

    since: Maybe[Day] = field(name="from", default=UNSET)
    until: Maybe[Day] = field(name="to", default=UNSET)
    account: Maybe[Account] = UNSET
    kind: Maybe[EntryKind] = UNSET
    officer: Maybe[Typed] = UNSET
    member: Maybe[Id] = UNSET
    loan: Maybe[Id] = UNSET
    least: Maybe[Amount] = UNSET
    most: Maybe[Amount] = UNSET
    reason: Maybe[Words] = UNSET
    unit: Maybe[Code] = UNSET


class Posting(Answer, frozen=True, kw_only=True):
    """One leg; debit positive."""

    account: Account
    loan: Id | None
    member: Id | None
    user: str | None
    amount: Signed


class Entry(Answer, frozen=True, kw_only=True):
    """One entry. `on` is its day in the books, `happened_on` the day of the fact; its legs sum to zero."""

    id: Id
    kind: EntryKind
    unit: str
    on: date
    happened_on: date
    recorded_at: datetime
    actor: str
    record: str | None
    reversal_of: Id | None
    reversed_by: Id | None
    reason: str | None
    postings: list[Posting]


class JournalRow(Answer, frozen=True, kw_only=True):
    """One leg with its entry beside it: a row of the journal as a table."""

    id: Id
    kind: EntryKind
    unit: str
    on: date
    happened_on: date
    recorded_at: datetime
    actor: str
    record: str | None
    reversal_of: Id | None
    reversed_by: Id | None
    reason: str | None
    account: Account
    loan: Id | None
    member: Id | None
    user: str | None
    amount: Signed


class BalanceAsked(AsOf, frozen=True, kw_only=True):
    """Of which unit, for the auditor."""

    unit: Maybe[Code] = UNSET


class AccountBalance(Answer, frozen=True, kw_only=True):
    """One account: all debits, all credits, and the one less the other."""

    account: Account
    code: str
    name: str
    debit: Signed
    credit: Signed
    balance: Signed


class TrialBalance(Answer, frozen=True, kw_only=True):
    """All accounts at the end of a day; both sums are equal."""

    on: date
    unit: str
    accounts: list[AccountBalance]
    debit: Signed
    credit: Signed


class AccountsAsked(AsOf, frozen=True, kw_only=True):
    """Of which class, and of which unit, for the auditor."""

    kind: Maybe[AccountClass] = UNSET
    unit: Maybe[Code] = UNSET


class AccountListed(Answer, frozen=True, kw_only=True):
    """One account of the chart: its class, and what stands on it."""

    account: Account
    code: str
    name: str
    kind: AccountClass
    debit: Signed
    credit: Signed
    balance: Signed


class LedgerAsked(Question, frozen=True, kw_only=True):
    """Which account, between which days of the books (this month, when left out), entries of which kind, of which unit, for the auditor."""

    account: Account
    since: Maybe[Day] = field(name="from", default=UNSET)
    until: Maybe[Day] = field(name="to", default=UNSET)
    kind: Maybe[EntryKind] = UNSET
    unit: Maybe[Code] = UNSET


class LedgerLine(Answer, frozen=True, kw_only=True):
    """One leg on the account, with its entry beside it; `balance` is what stands on the account after it, debit less credit."""

    entry: Id
    on: date
    happened_on: date
    kind: EntryKind
    actor: str
    record: str | None
    reversal_of: Id | None
    reason: str | None
    user: str | None
    member: Id | None
    loan: Id | None
    group: str | None
    debit: Signed
    credit: Signed
    balance: Signed
