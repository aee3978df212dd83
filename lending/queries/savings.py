"""What we keep for a member, asked: every movement of her savings and her UPJ, and what they come to after each."""

from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from sqlalchemy import Select, and_, func, select

from lending.database import session
from lending.domain.access import Actor, Permission
from lending.domain.ledger import Account, EntryKind
from lending.domain.money import Rupiah
from lending.domain.savings import Moved
from lending.models import Entry, MeetingRecord, Membership, Posting, Unit, User
from lending.queries.records import receipt_number
from lending.queries.scope import as_of, require_member

KEPT = (Account.SAVINGS, Account.UPJ)
"""The accounts of what is hers."""


@dataclass(frozen=True)
class Movement:
    """One movement: so much more (or less) for her, and what there was after it. `receipt` is the meeting's, where it was at one."""

    entry: int
    account: Account
    kind: EntryKind
    on: date
    amount: Rupiah
    balance: Rupiah
    record: str | None
    receipt: str | None
    reason: str | None
    by: str


def movements(member_id: int, account: Account) -> list[Moved]:
    """Her savings or her UPJ, movement by movement as it was booked; whose she is, the caller has asked."""
    question = (
        select(Entry.happened_on, -Posting.amount)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.member_id == member_id, Posting.account == account)
        .order_by(Entry.id)
    )
    return [Moved(*row) for row in session.execute(question)]


def balances(member_id: int) -> tuple[Rupiah, Rupiah]:
    """Her savings and her UPJ at this moment."""
    question = (
        select(Posting.account, -func.sum(Posting.amount))
        .where(Posting.member_id == member_id, Posting.account.in_(KEPT))
        .group_by(Posting.account)
    )
    owed = {account: int(amount) for account, amount in session.execute(question)}
    return owed.get(Account.SAVINGS, 0), owed.get(Account.UPJ, 0)


def joined_on(member_id: int) -> date:
    """The day on which she first belonged to a group."""
    found = session.scalar(select(func.min(Membership.joined_on)).where(Membership.member_id == member_id))
    if found is None:
        raise AssertionError(f"member {member_id} never joined")
    return found


def book(by: Actor, member_id: int, account: Account, *, on: date | None = None) -> list[Movement]:
    """Her book: every movement of one account up to the end of a day, oldest first, with the balance after each.

    `not_found` for a woman who is not hers.
    """
    by.require(Permission.SEE_MEMBERS)
    day = as_of(by, on)
    require_member(by, member_id)
    question: Select[*tuple[Any, ...]] = (
        select(Entry, -Posting.amount, User.username, Unit.code, MeetingRecord.year, MeetingRecord.number)
        .join(Posting, and_(Posting.entry_id == Entry.id, Posting.member_id == member_id, Posting.account == account))
        .join(User, User.id == Entry.actor_id)
        .join(Unit, Unit.id == Entry.unit_id)
        .outerjoin(MeetingRecord, MeetingRecord.uuid == Entry.record_uuid)
        .where(Entry.happened_on <= day)
        .order_by(Entry.happened_on, Entry.id)
    )
    rows = session.execute(question).all()
    after = accumulate(row[1] for row in rows)
    return [
        Movement(
            entry=entry.id,
            account=account,
            kind=entry.kind,
            on=entry.happened_on,
            amount=amount,
            balance=balance,
            record=entry.record_uuid,
            receipt=None if number is None else receipt_number(unit_code, year, number),
            reason=entry.reason,
            by=username,
        )
        for (entry, amount, username, unit_code, year, number), balance in zip(rows, after, strict=True)
    ]
