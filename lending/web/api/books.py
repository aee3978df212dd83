"""The journal, the general ledger and the trial balance, as the auditor reads them."""

from datetime import date
from itertools import chain

from msgspec.structs import asdict

from lending.domain.access import Actor, Permission
from lending.queries import books as questions
from lending.queries import ledger as ledgers
from lending.queries.books import EntryRow
from lending.queries.journal_narrowed import Narrowed
from lending.queries.ledger import LedgerLine
from lending.queries.scope import as_of
from lending.web.api.door import Column
from lending.web.api.messages import books as messages
from lending.web.api.messages.fields import Page, or_none
from lending.web.api.paging import Window
from lending.web.api.said import named

column = Column("books", "The journal, the general ledger and the trial balance")


def postings(page: Page[messages.Entry]) -> list[messages.JournalRow]:
    """The journal as a table: one row a posting, its entry beside it."""
    return list(chain.from_iterable(_rows(entry) for entry in page.items))


@column.call("GET", "/journal", needs=Permission.SEE_BOOKS, table=postings)
def journal(by: Actor, asked: messages.JournalAsked, window: Window) -> Page[messages.Entry]:
    """The entries of a unit's books from one day to another, by id; this month's when no day is named."""
    rows = questions.journal(
        by,
        first=or_none(asked.since) or by.today.replace(day=1),
        last=or_none(asked.until) or by.today,
        unit=or_none(asked.unit),
        narrowed=Narrowed(
            account=or_none(asked.account),
            kind=or_none(asked.kind),
            officer=or_none(asked.officer),
            member=or_none(asked.member),
            loan=or_none(asked.loan),
            least=or_none(asked.least),
            most=or_none(asked.most),
            text=or_none(asked.reason),
        ),
        after_id=window.after_id,
        limit=window.fetch,
    )
    return window.page([_entry(row) for row in rows], lambda entry: (entry.id,))


def balances(balance: messages.TrialBalance) -> list[messages.AccountBalance]:
    """The trial balance as a table: one row an account."""
    return balance.accounts


@column.call("GET", "/trial-balance", needs=Permission.SEE_BOOKS, table=balances)
def trial_balance(by: Actor, asked: messages.BalanceAsked) -> messages.TrialBalance:
    """Every account at the end of a day of the books; debits and credits are equal."""
    on: date = as_of(by, or_none(asked.on))
    found = questions.trial_balance(by, on, or_none(asked.unit))
    return messages.TrialBalance(
        on=found.on,
        unit=found.unit_code,
        accounts=[
            messages.AccountBalance(
                account=one.account, code=one.code, name=named(one.account), debit=one.debit, credit=one.credit, balance=one.balance
            )
            for one in found.accounts
        ],
        debit=found.debit,
        credit=found.credit,
    )


@column.call("GET", "/accounts", needs=Permission.SEE_BOOKS)
def accounts(by: Actor, asked: messages.AccountsAsked, window: Window) -> Page[messages.AccountListed]:
    """The chart of accounts, by code, with what stands on each at the end of a day of the books."""
    rows = ledgers.accounts(by, as_of(by, or_none(asked.on)), or_none(asked.unit), or_none(asked.kind))
    listed = [
        messages.AccountListed(
            account=row.account,
            code=row.code,
            name=named(row.account),
            kind=row.kind,
            debit=row.debit,
            credit=row.credit,
            balance=row.balance,
        )
        for row in rows
    ]
    return window.cut(listed, lambda row: (row.code,))


@column.call("GET", "/ledger", needs=Permission.SEE_BOOKS)
def ledger(by: Actor, asked: messages.LedgerAsked, window: Window) -> Page[messages.LedgerLine]:
    """One account leg by leg, in the order of the books, with the balance after each, also where only one kind of entry is asked for."""
    question = ledgers.ask(
        by,
        asked.account,
        first=or_none(asked.since) or by.today.replace(day=1),
        last=or_none(asked.until) or by.today,
        unit=or_none(asked.unit),
        kind=or_none(asked.kind),
    )
    after = window.after_key(date, int, int)
    rows = ledgers.lines(question, after=(after[0], after[1], after[2]) if after else None, limit=window.fetch)
    page = window.page(rows, lambda line: line.place)
    return Page(items=[_line(row) for row in page.items], next=page.next)


def _line(row: LedgerLine) -> messages.LedgerLine:
    return messages.LedgerLine(
        entry=row.entry_id,
        on=row.on,
        happened_on=row.happened_on,
        kind=row.kind,
        actor=row.actor,
        record=row.record,
        reversal_of=row.reversal_of,
        reason=row.reason,
        user=row.user,
        member=row.member_id,
        loan=row.loan_id,
        group=row.group_name,
        debit=row.debit,
        credit=row.credit,
        balance=row.balance,
    )


def _entry(row: EntryRow) -> messages.Entry:
    return messages.Entry(
        id=row.id,
        kind=row.kind,
        unit=row.unit_code,
        on=row.on,
        happened_on=row.happened_on,
        recorded_at=row.recorded_at,
        actor=row.actor,
        record=row.record,
        reversal_of=row.reversal_of,
        reversed_by=row.reversed_by,
        reason=row.reason,
        postings=[
            messages.Posting(account=leg.account, loan=leg.loan_id, member=leg.member_id, user=leg.user, amount=leg.amount)
            for leg in row.legs
        ],
    )


def _rows(entry: messages.Entry) -> list[messages.JournalRow]:
    head = {name: value for name, value in asdict(entry).items() if name != "postings"}
    return [messages.JournalRow(**head, **asdict(posting)) for posting in entry.postings]
