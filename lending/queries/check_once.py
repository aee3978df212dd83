"""What may be sent twice, proved (V10, V18): it has its key and was done once, and every line that was sent has its answer."""

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select

from lending.domain.ledger import EntryKind
from lending.models import Entry, MeetingLine, MeetingRecord, SentOnce
from lending.queries.differences import Question, Told, put_once, told

SENT = (EntryKind.TRANSFER, EntryKind.HANDOVER, EntryKind.SAVINGS, EntryKind.UPJ, EntryKind.RECOVERY)
"""Entries that only an act with a key brings about, but for those of a meeting's record, which is its own key."""


@put_once
def look() -> Iterator[Told]:
    """Entries without a key, keys without their entry, lines without an answer."""
    yield from _keys()
    yield from _answers()


def _keys() -> Iterator[Told]:
    """Every act that may be sent twice has its key, and was done once (invariant I7). An act's rows share its moment."""
    of_it = and_(SentOnce.recorded_at == Entry.recorded_at, SentOnce.unit_id == Entry.unit_id, SentOnce.actor_id == Entry.actor_id)
    keys = func.count(SentOnce.uuid)
    keyless: Question = (
        select(Entry.id, keys)
        .outerjoin(SentOnce, of_it)
        .where(Entry.kind.in_(SENT), Entry.reversal_of_id.is_(None), Entry.record_uuid.is_(None))
        .group_by(Entry.id)
        .having(keys != 1)
    )
    yield told("V10", "entry", "{0} keys under which it was sent", keyless)
    entry_id = SentOnce.answer["entry"].as_integer()
    undone: Question = (
        select(SentOnce.uuid, entry_id).outerjoin(Entry, and_(Entry.id == entry_id, of_it)).where(entry_id.is_not(None), Entry.id.is_(None))
    )
    yield told("V10", "key", "its entry {0} is not there, or not its own", undone)


def _answers() -> Iterator[Told]:
    """Each line that a phone sent has its answer, and each answer its line (invariant I17)."""
    lines = select(MeetingLine.record_uuid, func.count().label("lines")).group_by(MeetingLine.record_uuid).subquery()
    kept = func.coalesce(lines.c.lines, 0)
    sent, answered = (func.json_array_length(document["lines"]) for document in (MeetingRecord.body, MeetingRecord.answer))
    unlike: Question = (
        select(MeetingRecord.uuid, sent, kept, answered)
        .outerjoin(lines, lines.c.record_uuid == MeetingRecord.uuid)
        .where(or_(sent != kept, answered != kept))
    )
    yield told("V18", "record", "{0} lines were sent, {1} kept, {2} answered", unlike)
