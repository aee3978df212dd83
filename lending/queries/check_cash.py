"""Every hand-over against the entry that it booked (V15): what the books had expected, what was counted, and the difference."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from lending.domain.ledger import Account, EntryKind
from lending.models import CashHandover, Entry, Posting
from lending.queries.differences import Told, put_once, told


@put_once
def look() -> Iterator[Told]:
    """Hand-overs whose entry says something else, and entries of that kind that no hand-over names."""

    def booked(account: Account) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((Posting.account == account, Posting.amount), else_=0)), 0)

    purse, vault, lost = (booked(account) for account in (Account.OFFICER_CASH, Account.VAULT_CASH, Account.OVER_SHORT))
    question = (
        select(CashHandover.uuid, CashHandover.expected, CashHandover.counted, purse, vault, lost)
        .outerjoin(
            Posting,
            and_(Posting.entry_id == CashHandover.entry_id, or_(Posting.user_id == CashHandover.officer_id, Posting.user_id.is_(None))),
        )
        .group_by(CashHandover.uuid, CashHandover.expected, CashHandover.counted)
        .having(or_(purse != -CashHandover.expected, vault != CashHandover.counted, lost != CashHandover.expected - CashHandover.counted))
    )
    yield told("V15", "handover", "expected {0}, counted {1}; booked: purse {2}, vault {3}, over/short {4}", question)
    nameless = select(Entry.id).where(
        Entry.kind == EntryKind.HANDOVER, Entry.id.not_in(select(CashHandover.entry_id).where(CashHandover.entry_id.is_not(None)))
    )
    yield told("V15", "entry", "cash was handed over, and no hand-over says so", nameless)
