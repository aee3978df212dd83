"""The journal and the trial balance."""

from datetime import date, datetime

from msgspec import UNSET, field

from lending.domain.ledger import Account, EntryKind
from lending.web.api.messages.fields import Answer, AsOf, Code, Day, Id, Maybe, Question, Signed


class JournalAsked(Question, frozen=True, kw_only=True):
    """Which entries: between which days of the books (this month, when left out), on which account."""

    since: Maybe[Day] = field(name="from", default=UNSET)
    until: Maybe[Day] = field(name="to", default=UNSET)
    account: Maybe[Account] = UNSET
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
