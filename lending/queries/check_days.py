"""Closed days and purses proved (V15): what was counted is what the books have, and whoever hands over hands over everything."""

from collections.abc import Iterator

from sqlalchemy import and_, func, literal, null, select, union_all

from lending.domain.ledger import Account, EntryKind
from lending.models import DayClose, Entry, Posting
from lending.queries.differences import Question, Told, put_once, told


@put_once
def look() -> Iterator[Told]:
    """Every closed day whose cash the books do not have, and every purse that was not emptied."""
    yield from _closed_days()
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
