"""Closed days and purses proved (V15): what was counted is what the books have, what is carried forward is what they come to, and whoever
hands over hands over everything.
"""

from collections.abc import Iterator

from sqlalchemy import and_, func, literal, null, or_, select, union_all

from lending.domain.ledger import Account, EntryKind
from lending.models import DayBalance, DayClose, Entry, Posting
from lending.queries.differences import Question, Told, put_once, told


@put_once
def look() -> Iterator[Told]:
    """Every closed day whose cash or whose accounts the books do not have, and every purse that was not emptied."""
    yield from _closed_days()
    yield from _carried_forward()
    yield from _purses()


def _closed_days() -> Iterator[Told]:
    """What lay in the vault at the end of each closed day, by count and by the books, and the entry that made the two agree."""
    moved = (
        select(Entry.unit_id, Entry.on_day, literal(0).label("last"), func.sum(Posting.amount).label("amount"), null().label("lies"))
        .join(Posting, Posting.entry_id == Entry.id)
        .where(Posting.account == Account.VAULT_CASH)
        .group_by(Entry.unit_id, Entry.on_day)
    )
    lies = func.coalesce(DayClose.counted, DayClose.expected)
    both = union_all(moved, select(DayClose.unit_id, DayClose.on_day, literal(1), literal(0), lies)).subquery()
    booked = func.sum(both.c.amount).over(partition_by=both.c.unit_id, order_by=(both.c.on_day, both.c.last)).label("booked")
    evenings = select(both.c.on_day, both.c.unit_id, both.c.lies, booked).subquery()
    wrong: Question = select(evenings).where(evenings.c.lies != evenings.c.booked)
    yield told("V15", "day", "in unit {0}, {1} lay in the vault, {2} by the books", wrong)
    evened = select(Posting.entry_id, Posting.amount).where(Posting.account == Account.VAULT_CASH).subquery()
    difference = func.coalesce(DayClose.counted - DayClose.expected, 0)
    amount = func.coalesce(evened.c.amount, 0)
    unlike: Question = (
        select(DayClose.on_day, DayClose.unit_id, difference, amount)
        .outerjoin(evened, evened.c.entry_id == DayClose.entry_id)
        .where(difference != amount)
    )
    yield told("V15", "day", "in unit {0}, counted less expected is {1}, booked {2}", unlike)
    entries = (
        select(Entry.unit_id, Entry.on_day, func.count().label("entries")).group_by(Entry.unit_id, Entry.on_day).subquery()
    )  # fmt: skip
    there = func.coalesce(entries.c.entries, 0)
    other: Question = (
        select(DayClose.on_day, DayClose.unit_id, DayClose.entries, there)
        .outerjoin(entries, and_(entries.c.unit_id == DayClose.unit_id, entries.c.on_day == DayClose.on_day))
        .where(DayClose.entries != there)
    )
    yield told("V15", "day", "in unit {0}, it was closed with {1} entries and has {2}", other)


def _carried_forward() -> Iterator[Told]:
    """What each account is said to have come to at the end of a closed day, against its legs up to then; every account of the chart."""
    newest = select(DayBalance.unit_id, func.max(DayBalance.on_day).label("on_day")).group_by(DayBalance.unit_id).subquery()
    debit, credit = func.sum(Posting.amount).filter(Posting.amount > 0), func.sum(-Posting.amount).filter(Posting.amount < 0)
    moved = (
        select(
            Entry.unit_id,
            Posting.account,
            Entry.on_day,
            literal(0).label("last"),
            func.coalesce(debit, 0).label("debit"),
            func.coalesce(credit, 0).label("credit"),
            null().label("said_debit"),
            null().label("said_credit"),
        )
        .join(newest, and_(newest.c.unit_id == Entry.unit_id, newest.c.on_day >= Entry.on_day))
        .join(Posting, Posting.entry_id == Entry.id)
        .group_by(Entry.unit_id, Posting.account, Entry.on_day)
    )
    day = DayBalance
    both = union_all(
        moved, select(day.unit_id, day.account, day.on_day, literal(1), literal(0), literal(0), day.debit, day.credit)
    ).subquery()
    account, order = (both.c.unit_id, both.c.account), (both.c.on_day, both.c.last)
    come_to = (func.sum(both.c[side]).over(partition_by=account, order_by=order).label(f"so_far_{side}") for side in ("debit", "credit"))
    evenings = select(both, *come_to).subquery()
    of = evenings.c
    wrong: Question = select(of.on_day, of.unit_id, of.account, of.said_debit, of.said_credit, of.so_far_debit, of.so_far_credit).where(
        or_(of.said_debit != of.so_far_debit, of.said_credit != of.so_far_credit)
    )
    yield told("V15", "day", "in unit {0}, {1} is carried forward with debit {2} and credit {3}, by the books {4} and {5}", wrong)
    accounts = func.count()
    lacking: Question = select(day.on_day, day.unit_id, accounts).group_by(day.on_day, day.unit_id).having(accounts != len(Account))
    yield told("V15", "day", "in unit {0}, {1} accounts are carried forward, not all of the chart", lacking)


def _purses() -> Iterator[Told]:
    """Whoever hands over hands over everything: her purse is empty afterwards."""
    left = func.sum(Posting.amount).over(partition_by=(Entry.unit_id, Posting.user_id), order_by=Posting.entry_id)
    purses = (
        select(Posting.entry_id, Entry.kind, Posting.user_id, left.label("left"))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account == Account.OFFICER_CASH)
        .subquery()
    )
    kept: Question = select(purses.c.entry_id, purses.c.user_id, purses.c.left)
    yield told(
        "V15",
        "entry",
        "user {0} handed over, and still holds {1}",
        kept.where(purses.c.kind == EntryKind.HANDOVER, purses.c.left != 0),
    )
