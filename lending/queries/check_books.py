"""The journal proved (V1–V4, V8, V10, V14): entries whole, reversals mirrors, each meeting's money in it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from lending.database import session
from lending.domain.ledger import CREDITED, Account, EntryKind
from lending.models import Entry, EntrySeal, LineUndo, MeetingLine, MeetingRecord, Posting, RecordUndo, Renteng
from lending.queries.differences import MOST, Difference, Question, Told, put_once, told
from lending.queries.undone import UNDONE_ON, of_line

_CASH = (Account.OFFICER_CASH, Account.VAULT_CASH)


def look() -> Iterator[Difference]:
    """Everything that is wrong with the books."""
    crooked = list(_entries())
    yield from crooked
    if crooked:  # where every entry sums to nothing, every unit does
        yield from _units()
    yield from _rest()


def _entries() -> Iterator[Difference]:
    """Entries whole: two legs and more that sum to nothing, and the debits to the control total."""
    legs, balance = func.count(Posting.n), func.sum(Posting.amount)
    debit = func.coalesce(func.sum(Posting.amount).filter(Posting.amount > 0), 0)
    wrong: Question = (
        select(Entry.id, legs, balance, Entry.control_total, debit)
        .outerjoin(Posting, Posting.entry_id == Entry.id)
        .group_by(Entry.id)
        .having(or_(legs < 2, balance != 0, debit != Entry.control_total))
        .limit(MOST)
    )
    for entry_id, many, left, total, debits in session.execute(wrong):
        row = f"entry:{entry_id}"
        if not many:
            yield Difference("V3", row, "no legs")
            continue
        if many < 2 or left != 0:
            yield Difference("V1", row, f"{many} legs that sum to {left}")
        if debits != total:
            yield Difference("V2", row, f"control total {total}, debits {debits}")


@put_once
def _units() -> Iterator[Told]:
    balance = func.sum(Posting.amount)
    units: Question = select(Entry.unit_id, balance).join(Posting, Posting.entry_id == Entry.id).group_by(Entry.unit_id)
    yield told("V4", "unit", "its accounts sum to {0}", units.having(balance != 0))


@put_once
def _rest() -> Iterator[Told]:
    unsealed: Question = select(Entry.id).outerjoin(EntrySeal, EntrySeal.entry_id == Entry.id).where(EntrySeal.entry_id.is_(None))
    yield told("V3", "entry", "no seal", unsealed)
    yield from _reversals()
    yield from _receipts()
    yield from _records()


def _sum(amount: Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(amount), 0)


def _reversals() -> Iterator[Told]:
    reversal, reversed_ = aliased(Entry), aliased(Entry)
    few = reversal.reversal_of_id.is_not(None)  # so they are found first, and then their legs
    both = union_all(
        *(
            select(reversal.id.label("id"), Posting.account, Posting.loan_id, Posting.member_id, Posting.amount)
            .join(Posting, Posting.entry_id == entry_id)
            .where(few, Posting.entry_id.in_(select(entry_id).where(few)))
            for entry_id in (reversal.id, reversal.reversal_of_id)
        )
    ).subquery()
    # Cash may have been handed over since: it is taken back from wherever it lies now.
    account = case((both.c.account.in_(_CASH), literal("cash")), else_=both.c.account)
    left = func.sum(both.c.amount)
    pairs: Question = select(both.c.id, func.min(both.c.account), left).group_by(both.c.id, account, both.c.loan_id, both.c.member_id)
    yield told("V8", "entry", "with the entry it reverses, {1} stays on {0}", pairs.having(left != 0))
    crooked: Question = (
        select(reversal.id, reversed_.id)
        .join(reversed_, reversed_.id == reversal.reversal_of_id)
        .where(
            or_(
                reversed_.reversal_of_id.is_not(None),
                reversal.unit_id != reversed_.unit_id,
                reversal.happened_on < reversed_.happened_on,
            )
        )
    )
    yield told("V8", "entry", "it reverses {0}, which is a reversal, of another unit, or later", crooked)


def _receipts() -> Iterator[Told]:
    given = func.count(), func.min(MeetingRecord.number), func.max(MeetingRecord.number)
    gaps: Question = (
        select(MeetingRecord.unit_id, MeetingRecord.year, *given)
        .group_by(MeetingRecord.unit_id, MeetingRecord.year)
        .having(or_(given[1] != 1, given[0] != given[2]))
    )
    yield told("V10", "unit", "of {0}: {1} receipts numbered from {2} to {3}", gaps)


def _records() -> Iterator[Told]:
    of_lines = (
        select(MeetingLine.record_uuid, _sum(MeetingLine.paid + MeetingLine.renteng + MeetingLine.savings).label("total"))
        .group_by(MeetingLine.record_uuid)
        .subquery()
    )
    every: Question = select(MeetingRecord.uuid).outerjoin(of_lines, of_lines.c.record_uuid == MeetingRecord.uuid)
    lines = func.coalesce(of_lines.c.total, 0)
    yield told(
        "V14",
        "record",
        "total {0}, its lines {1}",
        every.add_columns(MeetingRecord.total, lines).where(MeetingRecord.total != lines),
    )
    of_books = (
        select(
            Entry.record_uuid,
            _sum(case((Entry.reversal_of_id.is_(None), Posting.amount), else_=0)).label("brought"),
            _sum(Posting.amount).label("left"),
        )
        .join(Posting, Posting.entry_id == Entry.id)
        .where(Entry.record_uuid.is_not(None), Posting.account.in_(_CASH))
        .group_by(Entry.record_uuid)
        .subquery()
    )
    brought, left = func.coalesce(of_books.c.brought, 0), func.coalesce(of_books.c.left, 0)
    booked: Question = (
        select(MeetingRecord.uuid, MeetingRecord.cash_counted, brought)
        .outerjoin(of_books, of_books.c.record_uuid == MeetingRecord.uuid)
        .outerjoin(RecordUndo, RecordUndo.record_uuid == MeetingRecord.uuid)
    )
    yield told("V14", "record", "{0} counted, {1} booked", booked.where(MeetingRecord.cash_counted != brought))
    undone = booked.where(RecordUndo.record_uuid.is_not(None), left != 0)
    yield told("V14", "record", "undone, and its cash is still in the books", undone)
    yield from _lines()
    standing = func.count(MeetingRecord.uuid) - func.count(RecordUndo.record_uuid)
    twice: Question = (
        select(MeetingRecord.meeting_id, standing)
        .outerjoin(RecordUndo, RecordUndo.record_uuid == MeetingRecord.uuid)
        .group_by(MeetingRecord.meeting_id)
        .having(standing > 1)
    )
    yield told("V14", "meeting", "{0} records of it stand", twice)


def _lines() -> Iterator[Told]:
    """Each line against what the record booked for her loan and her savings, and against who paid for her."""

    def booked(key: ColumnElement[Any], *accounts: Account) -> Any:
        brought = case((Entry.kind != EntryKind.REVERSAL, -Posting.amount), else_=0)
        return (
            select(Entry.record_uuid, key.label("key"), _sum(brought).label("amount"), _sum(-Posting.amount).label("left"))
            .join(Posting, Posting.entry_id == Entry.id)
            .where(Entry.record_uuid.is_not(None), Posting.account.in_(accounts))
            .group_by(Entry.record_uuid, key)
            .subquery()
        )

    for what, said, key, accounts, of in (
        ("loan", MeetingLine.paid + MeetingLine.renteng, MeetingLine.loan_id, CREDITED, Posting.loan_id + 0),
        ("savings", MeetingLine.savings + 0, MeetingLine.member_id, (Account.SAVINGS,), Posting.member_id + 0),
    ):
        found = booked(of, *accounts)
        amount, left = func.coalesce(found.c.amount, 0), func.coalesce(found.c.left, 0)
        every: Question = (
            select(MeetingLine.record_uuid, MeetingLine.member_id)
            .outerjoin(found, and_(found.c.record_uuid == MeetingLine.record_uuid, found.c.key == key))
            .outerjoin(RecordUndo, RecordUndo.record_uuid == MeetingLine.record_uuid)
            .outerjoin(LineUndo, of_line())
        )
        lines = every.add_columns(said, amount).where(said != amount)
        yield told("V14", "record", f"member {{0}}, {what}: {{1}} on her line, {{2}} booked", lines)
        stands = case((UNDONE_ON.is_(None), said), else_=0)
        taken_back = every.add_columns(stands, left).where(stands != left)
        yield told("V14", "record", f"member {{0}}, {what}: {{1}} stands of her line, {{2}} in the books", taken_back)
    given = (
        select(Renteng.record_uuid, Renteng.debtor_id, func.sum(Renteng.amount).label("amount"))
        .group_by(Renteng.record_uuid, Renteng.debtor_id)
        .subquery()
    )
    covered = func.coalesce(given.c.amount, 0)
    helped: Question = (
        select(MeetingLine.record_uuid, MeetingLine.member_id, MeetingLine.renteng, covered)
        .outerjoin(given, and_(given.c.record_uuid == MeetingLine.record_uuid, given.c.debtor_id == MeetingLine.member_id))
        .where(MeetingLine.renteng != covered)
    )
    yield told("V14", "record", "member {0}: renteng {1}, given {2}", helped)
