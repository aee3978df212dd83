"""The print log of receipts: the first print is the original, every later one says which copy it is."""

from sqlalchemy import func, select

from lending import clock
from lending.database import lock, session, transaction
from lending.domain.access import Actor, Permission
from lending.domain.refusals import NotFound
from lending.models import MeetingLine, MeetingRecord, ReceiptPrint, Unit
from lending.queries.records import record


def log_print(uuid: str, member_id: int | None, by: Actor) -> int:
    """Write down that this receipt, or one woman's line of it, is printed now; returns how many prints went before.

    Refused: `not_found`.
    """
    by.require(Permission.SEE_RECORDS)
    with transaction():
        kept = record(by, uuid)
        if member_id is not None and session.get(MeetingLine, (kept.uuid, member_id)) is None:
            raise NotFound
        lock(Unit.id, kept.unit_id)
        before = session.scalar(
            select(func.count())
            .select_from(ReceiptPrint)
            .join(MeetingRecord, MeetingRecord.uuid == ReceiptPrint.record_uuid)
            .where(
                ReceiptPrint.record_uuid == kept.uuid,
                ReceiptPrint.member_id.is_(None) if member_id is None else ReceiptPrint.member_id == member_id,
            )
        )
        session.add(ReceiptPrint(record_uuid=kept.uuid, member_id=member_id, printed_at=clock.now(), actor_id=by.user_id))
        return before or 0
