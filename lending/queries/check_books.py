"""The journal proved (V1–V4, V8, V10, V11, V14): entries whole, reversals mirrors, no purse below zero, each meeting's money in it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from lending.domain.ledger import CREDITED, NEVER_NEGATIVE, NEVER_POSITIVE, Account, EntryKind
from lending.models import Entry, EntrySeal, LineUndo, MeetingLine, MeetingRecord, Posting, RecordUndo, Renteng
from lending.queries.differences import Question, Told, put_once, told
from lending.queries.undone import UNDONE_ON, of_line

_CASH = (Account.OFFICER_CASH, Account.VAULT_CASH)


@put_once
def look() -> Iterator[Told]:
    """Everything that is wrong with the books."""
    yield from _entries()
    yield from _reversals()
    yield from _floors()
    yield from _receipts()
    yield from _records()


def _sum(amount: Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(amount), 0)


def _entries() -> Iterator[Told]:
    of_entry = (
        select(
            Posting.entry_id,
            func.count().label("legs"),
            func.sum(Posting.amount).label("balance"),
            func.sum(case((Posting.amount > 0, Posting.amount), else_=0)).label("debit"),
        )
        .group_by(Posting.entry_id)
        .subquery()
    )
    every: Question = select(Entry.id).outerjoin(of_entry, of_entry.c.entry_id == Entry.id)
    yield told(
        "V1",
        "entry",
        "{0} legs that sum to {1}",
        every.add_columns(of_entry.c.legs, of_entry.c.balance).where(or_(of_entry.c.balance != 0, of_entry.c.legs < 2)),
    )
    yield told(
        "V2",
        "entry",
        "control total {0}, debits {1}",
        every.add_columns(Entry.control_total, of_entry.c.debit).where(of_entry.c.debit != Entry.control_total),
    )
    yield told("V3", "entry", "no legs", every.where(of_entry.c.legs.is_(None)))
    unsealed: Question = select(Entry.id).outerjoin(EntrySeal, EntrySeal.entry_id == Entry.id).where(EntrySeal.entry_id.is_(None))
    yield told("V3", "entry", "no seal", unsealed)
    balance = func.sum(Posting.amount)
    units: Question = select(Entry.unit_id, balance).join(Posting, Posting.entry_id == Entry.id).group_by(Entry.unit_id)
    yield told("V4", "unit", "its accounts sum to {0}", units.having(balance != 0))


def _reversals() -> Iterator[Told]:
    reversal, reversed_ = aliased(Entry), aliased(Entry)
    both = union_all(
        *(
            select(reversal.id.label("id"), Posting.account, Posting.loan_id, Posting.member_id, Posting.amount)
            .join(Posting, Posting.entry_id == entry_id)
            .where(reversal.reversal_of_id.is_not(None))
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


def _floors() -> Iterator[Told]:
    """No purse, vault, loan or woman's savings on the wrong side of zero."""
    unit = case((Posting.account == Account.VAULT_CASH, Entry.unit_id))
    purse = func.coalesce(Posting.loan_id, Posting.user_id, Posting.member_id, unit)
    balance = func.sum(Posting.amount)
    crossed: Question = (
        select(Posting.account, purse, balance)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account.in_(NEVER_NEGATIVE | NEVER_POSITIVE))
        .group_by(Posting.account, purse)
        .having(
            or_(and_(Posting.account.in_(NEVER_NEGATIVE), balance < 0), and_(Posting.account.in_(NEVER_POSITIVE), balance > 0)),
        )
    )
    yield told("V11", "account", "the sub-account {0} stands at {1}", crossed)
    of_day = (
        select(Posting.account, Posting.member_id, Entry.happened_on, func.sum(Posting.amount).label("amount"))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account.in_((Account.SAVINGS, Account.UPJ)))
        .group_by(Posting.account, Posting.member_id, Entry.happened_on)
        .subquery()
    )
    so_far = func.sum(of_day.c.amount).over(partition_by=(of_day.c.account, of_day.c.member_id), order_by=of_day.c.happened_on)
    evening = select(of_day.c.member_id, of_day.c.account, of_day.c.happened_on, so_far.label("so_far")).subquery()
    overdrawn: Question = select(evening.c.member_id, evening.c.account, evening.c.happened_on, evening.c.so_far)
    yield told("V11", "member", "{0} on {1}: {2} more than there was", overdrawn.where(evening.c.so_far > 0))
    yield from _evenings()


def _evenings() -> Iterator[Told]:
    """No purse and no vault below zero at the end of any day of the books."""
    of_day = (
        select(Posting.account, Entry.unit_id, Posting.user_id, Entry.on_day, func.sum(Posting.amount).label("amount"))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account.in_(_CASH))
        .group_by(Posting.account, Entry.unit_id, Posting.user_id, Entry.on_day)
        .subquery()
    )
    purse = of_day.c.account, of_day.c.unit_id, of_day.c.user_id
    held = func.sum(of_day.c.amount).over(partition_by=purse, order_by=of_day.c.on_day).label("held")
    evening = select(of_day, held).subquery()
    short: Question = select(evening.c.account, evening.c.on_day, evening.c.unit_id, evening.c.user_id, evening.c.held)
    yield told("V11", "account", "on {0}, of unit {1} and user {2}, it stood at {3}", short.where(evening.c.held < 0))


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
