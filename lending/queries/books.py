"""The books: every entry with its legs, and the balance of every account, by the books' own day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from lending.database import session
from lending.domain.access import Actor, Permission
from lending.domain.ledger import CODES, Account, EntryKind
from lending.domain.money import Rupiah
from lending.domain.refusals import NotFound
from lending.models import Entry, Posting, Unit, User
from lending.queries import balances
from lending.queries.balances import Sums
from lending.queries.journal_narrowed import Narrowed


@dataclass(frozen=True)
class LegRow:
    """One leg of an entry; debit positive."""

    account: Account
    loan_id: int | None
    member_id: int | None
    user: str | None
    amount: Rupiah


@dataclass(frozen=True)
class EntryRow:
    """One entry of the journal with its legs."""

    id: int
    kind: EntryKind
    unit_code: str
    on: date
    happened_on: date
    recorded_at: datetime
    actor: str
    record: str | None
    reversal_of: int | None
    reversed_by: int | None
    reason: str | None
    legs: tuple[LegRow, ...]


@dataclass(frozen=True)
class AccountBalance:
    """One account of the trial balance; `balance` is debit less credit."""

    account: Account
    code: str
    debit: Rupiah
    credit: Rupiah

    @property
    def balance(self) -> Rupiah:
        """Debit less credit."""
        return self.debit - self.credit


@dataclass(frozen=True)
class TrialBalance:
    """Every account of a unit at the end of a day of the books; the two sums are equal."""

    on: date
    unit_code: str
    accounts: tuple[AccountBalance, ...]

    @property
    def debit(self) -> Rupiah:
        """All debits."""
        return sum(account.debit for account in self.accounts)

    @property
    def credit(self) -> Rupiah:
        """All credits."""
        return sum(account.credit for account in self.accounts)


def unit_asked(by: Actor, code: str | None) -> tuple[int, str]:
    """The unit whose books are asked for: her own, or for the auditor any, the first where she has none; another's is `not_found`."""
    question = select(Unit.id, Unit.code).order_by(Unit.code).limit(1)
    if code is not None:
        question = question.where(Unit.code == code)
    elif by.unit_id is not None:
        question = question.where(Unit.id == by.unit_id)
    if not by.reads_every_unit:
        question = question.where(Unit.id == by.unit_id)
    found = session.execute(question).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def units_read(by: Actor) -> list[tuple[str, str]]:
    """The units whose books she may read, as (code, name): every one for the auditor, for others their own."""
    question = select(Unit.code, Unit.name).order_by(Unit.code)
    if not by.reads_every_unit:
        question = question.where(Unit.id == by.unit_id)
    return [(code, name) for code, name in session.execute(question)]


def journal(
    by: Actor,
    *,
    first: date,
    last: date,
    unit: str | None = None,
    account: Account | None = None,
    narrowed: Narrowed | None = None,
    record: str | None = None,
    after_id: int = 0,
    limit: int | None = None,
) -> list[EntryRow]:
    """The entries of a unit's books from one day to another, by id, each with all its legs; with `account` only those that touch it."""
    narrowed = narrowed or Narrowed(account=account)
    return _entries(*unit_asked(by, unit), first=first, last=last, narrowed=narrowed, record=record, after_id=after_id, limit=limit)


def _entries(
    unit_id: int,
    unit_code: str,
    *,
    first: date | None,
    last: date,
    narrowed: Narrowed | None = None,
    record: str | None = None,
    after_id: int = 0,
    limit: int | None = None,
) -> list[EntryRow]:
    reversing = aliased(Entry)
    question: Select[*tuple[Any, ...]] = (
        select(Entry, User.username, reversing.id)
        .join(User, User.id == Entry.actor_id)
        .outerjoin(reversing, reversing.reversal_of_id == Entry.id)
        .where(Entry.unit_id == unit_id, Entry.on_day <= last, Entry.id > after_id)
        .order_by(Entry.id)
        .limit(limit)
    )
    if first is not None:
        question = question.where(Entry.on_day >= first)
    if narrowed is not None:
        question = question.where(*narrowed.conditions())
    if record is not None:
        question = question.where(Entry.record_uuid == record)
    heads = session.execute(question).all()
    legs = _legs([entry.id for entry, _, _ in heads])
    return [_row(entry, actor, unit_code, reversed_by, legs) for entry, actor, reversed_by in heads]


def of_record(uuid: str) -> list[EntryRow]:
    """Every entry that a meeting record brought about, reversals too."""
    question: Select[*tuple[Any, ...]] = (
        select(Entry, User.username, Unit.code)
        .join(User, User.id == Entry.actor_id)
        .join(Unit, Unit.id == Entry.unit_id)
        .where(Entry.record_uuid == uuid)
        .order_by(Entry.id)
    )
    heads = session.execute(question).all()
    legs = _legs([entry.id for entry, _, _ in heads])
    reversed_by = {entry.reversal_of_id: entry.id for entry, _, _ in heads if entry.reversal_of_id}
    return [_row(entry, actor, unit_code, reversed_by.get(entry.id), legs) for entry, actor, unit_code in heads]


def _row(entry: Entry, actor: str, unit_code: str, reversed_by: int | None, legs: Mapping[int, Sequence[LegRow]]) -> EntryRow:
    return EntryRow(
        entry.id,
        entry.kind,
        unit_code,
        entry.on_day,
        entry.happened_on,
        entry.recorded_at,
        actor,
        entry.record_uuid,
        entry.reversal_of_id,
        reversed_by,
        entry.reason,
        tuple(legs.get(entry.id, ())),
    )


_MANY = 5_000


def _legs(entry_ids: Sequence[int]) -> dict[int, list[LegRow]]:
    found: dict[int, list[LegRow]] = {}
    for start in range(0, len(entry_ids), _MANY):
        question: Select[*tuple[Any, ...]] = (
            select(Posting.entry_id, Posting.account, Posting.loan_id, Posting.member_id, User.username, Posting.amount)
            .outerjoin(User, User.id == Posting.user_id)
            .where(Posting.entry_id.in_(entry_ids[start : start + _MANY]))
            .order_by(Posting.entry_id, Posting.n)
        )
        for entry_id, *leg in session.execute(question):
            found.setdefault(entry_id, []).append(LegRow(*leg))
    return found


def trial_balance(by: Actor, on: date, unit: str | None = None) -> TrialBalance:
    """Every account of a unit at the end of `on`, by the books' day; accounts in order of their codes, all of them."""
    return _trial_balance(*unit_asked(by, unit), on)


def _trial_balance(unit_id: int, unit_code: str, on: date) -> TrialBalance:
    sums = balances.at_end_of(unit_id, on)
    accounts = sorted(CODES, key=lambda account: CODES[account])
    return TrialBalance(on, unit_code, tuple(_balance(one, sums.get(one, Sums())) for one in accounts))


def _balance(account: Account, sums: Sums) -> AccountBalance:
    return AccountBalance(account, CODES[account], sums.debit, sums.credit)


@dataclass(frozen=True)
class SubBalance:
    """What stands on one sub-account: a purse, a loan, a woman's savings."""

    account: Account
    loan_id: int | None
    member_id: int | None
    user: str | None
    amount: Rupiah


@dataclass(frozen=True)
class WholeBooks:
    """A unit's books from one day to another, to be taken elsewhere: what stood before them, every entry, and what stands at their end."""

    unit_code: str
    first: date | None
    opening: tuple[SubBalance, ...]
    entries: tuple[EntryRow, ...]
    balance: TrialBalance


def whole_books(unit: tuple[int, str], *, first: date | None, last: date) -> WholeBooks:
    """The books of a unit, as `unit_asked` or `unit_of` gave it: since `first`, or since they began."""
    opening = () if first is None else tuple(_sub_balances(unit[0], first))
    entries = tuple(_entries(*unit, first=first, last=last))
    return WholeBooks(unit[1], first, opening, entries, _trial_balance(*unit, last))


def unit_of(code: str | None) -> tuple[int, str]:
    """The unit of that code, or the house's first one: for the terminal, which belongs to none. Refused: `not_found`."""
    question = select(Unit.id, Unit.code).order_by(Unit.code).limit(1)
    found = session.execute(question if code is None else question.where(Unit.code == code)).one_or_none()
    if found is None:
        raise NotFound(at="unit")
    return found[0], found[1]


def _sub_balances(unit_id: int, before: date) -> list[SubBalance]:
    key = (Posting.account, Posting.loan_id, Posting.member_id, User.username)
    amount = func.sum(Posting.amount)
    question: Select[*tuple[Any, ...]] = (
        select(*key, amount)
        .join(Entry, Entry.id == Posting.entry_id)
        .outerjoin(User, User.id == Posting.user_id)
        .where(Entry.unit_id == unit_id, Entry.on_day < before)
        .group_by(*key)
        .having(amount != 0)
        .order_by(*key)
    )
    return [SubBalance(*row) for row in session.execute(question)]


@dataclass(frozen=True)
class CashInHand:
    """What an officer holds of the unit's money at this moment."""

    username: str
    name: str
    amount: Rupiah


def cash_in_hand(by: Actor) -> list[CashInHand]:
    """Each officer of the unit who holds cash, the largest sum first; an officer sees her own."""
    amount = func.sum(Posting.amount)
    # Added up in the order of the index, and only then asked whose it is.
    each = (
        select(Posting.user_id, amount.label("amount"))
        .where(Posting.account == Account.OFFICER_CASH)
        .group_by(Posting.user_id)
        .having(amount != 0)
        .subquery()
    )
    question = (
        select(User.username, User.name, each.c.amount).join(each, each.c.user_id == User.id).order_by(each.c.amount.desc(), User.username)
    )
    if not by.reads_every_unit:
        question = question.where(User.unit_id == by.unit_id)
    if not by.may(Permission.SEE_BOOKS):
        question = question.where(User.id == by.user_id)
    return [CashInHand(*row) for row in session.execute(question)]


def in_hand_of(officer_id: int, unit_id: int) -> Rupiah:
    """What one officer holds of the unit's money at this moment."""
    question = (
        select(func.coalesce(func.sum(Posting.amount), 0))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account == Account.OFFICER_CASH, Posting.user_id == officer_id, Entry.unit_id == unit_id)
    )
    return session.scalar(question) or 0


def vault(unit_id: int) -> Rupiah:
    """What lies in a unit's vault by the books, at this moment."""
    question = (
        select(func.coalesce(func.sum(Posting.amount), 0))
        .join(Entry, Entry.id == Posting.entry_id)
        # By the few legs of the vault, and not by every entry of the unit.
        .where(Posting.account == Account.VAULT_CASH, Entry.unit_id + 0 == unit_id)
    )
    return session.scalar(question) or 0
