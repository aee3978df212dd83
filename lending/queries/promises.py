"""What women promised about late instalments: said at a meeting, or to whoever asked; and what was paid since."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date, Select, and_, case, cast, func, literal, null, or_, select, union_all
from sqlalchemy.sql.selectable import CTE

from lending.database import session
from lending.domain.cases import CaseStep, Promise
from lending.domain.ledger import CREDITED, NO_PAYMENT
from lending.domain.money import Rupiah
from lending.models import CaseEvent, Entry, MeetingLine, MeetingRecord, Posting, RecordUndo
from lending.queries.scope import Day


def made(on: Day, *, for_since: Day | None = None) -> CTE:
    """Every promise said by that day: `loan_id`, `made_on`, `recorded_at`, `promise_on`, `amount` (NULL: all that is late).

    With `for_since` those alone whose day lies between it and `on`, and is over. What stood in a record that was undone was not said.
    """
    undone = select(RecordUndo.record_uuid).where(RecordUndo.on_day <= on)
    at_meetings: Select[*tuple[Any, ...]] = (
        select(
            MeetingLine.loan_id.label("loan_id"),
            MeetingRecord.held_on.label("made_on"),
            MeetingRecord.recorded_at.label("recorded_at"),
            MeetingLine.promise_on.label("promise_on"),
            cast(null(), BigInteger).label("amount"),
        )
        .join(MeetingRecord, MeetingRecord.uuid == MeetingLine.record_uuid)
        .where(MeetingLine.promise_on.is_not(None), MeetingLine.loan_id.is_not(None))
        .where(MeetingRecord.held_on <= on, MeetingRecord.uuid.not_in(undone))
    )
    since: Select[*tuple[Any, ...]] = select(
        CaseEvent.loan_id, CaseEvent.on_day, CaseEvent.recorded_at, CaseEvent.promise_on, CaseEvent.amount
    ).where(CaseEvent.step == CaseStep.PROMISED, CaseEvent.on_day <= on)
    if for_since is not None:
        at_meetings = at_meetings.where(MeetingLine.promise_on >= for_since, MeetingLine.promise_on < on)
        since = since.where(CaseEvent.promise_on >= for_since, CaseEvent.promise_on < on)
    return union_all(at_meetings, since).cte()


def broken(on: Day, *, is_late: ColumnElement[Any], promise: CTE) -> Select[*tuple[Any, ...]]:
    """Of these promises (`made`) those that were not kept: `loan_id`, `promise_on`, `on`. `is_late` says whether the loan is late that day.

    One that she replaced before its day was over is no promise any more; one of a sum is kept once that sum is paid.
    """
    p = promise.c
    undone = select(RecordUndo.record_uuid).where(RecordUndo.on_day <= on)
    later_at_a_meeting = (
        select(MeetingLine.loan_id)
        .join(MeetingRecord, MeetingRecord.uuid == MeetingLine.record_uuid)
        .where(
            MeetingLine.loan_id == p.loan_id,
            MeetingLine.promise_on.is_not(None),
            MeetingRecord.held_on <= p.promise_on,
            _after(MeetingRecord.held_on, MeetingRecord.recorded_at, promise),
            MeetingRecord.uuid.not_in(undone),
        )
        .exists()
    )
    later_said = (
        select(CaseEvent.id)
        .where(
            CaseEvent.loan_id == p.loan_id,
            CaseEvent.step == CaseStep.PROMISED,
            CaseEvent.on_day <= p.promise_on,
            _after(CaseEvent.on_day, CaseEvent.recorded_at, promise),
        )
        .exists()
    )
    paid = (
        select(func.coalesce(func.sum(-Posting.amount), 0))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.loan_id == p.loan_id, Posting.account.in_(CREDITED), Entry.kind.not_in(NO_PAYMENT))
        .where(Entry.happened_on <= p.promise_on, _after(Entry.happened_on, Entry.recorded_at, promise))
        .correlate(promise)
        .scalar_subquery()
    )
    kept = case((p.amount.is_(None), False), else_=paid >= p.amount)
    day = literal(on, Date) if isinstance(on, date) else on
    return select(p.loan_id, p.promise_on, day).where(is_late, ~later_at_a_meeting, ~later_said, ~kept).distinct()


def _after(on_day: ColumnElement[date] | Any, recorded_at: ColumnElement[datetime] | Any, promise: CTE) -> ColumnElement[bool]:
    """Whether something was said or done after that promise: on a later day, or on the same one and written down later."""
    return or_(on_day > promise.c.made_on, and_(on_day == promise.c.made_on, recorded_at > promise.c.recorded_at))


def paid_since(promises: Mapping[int, tuple[Promise, datetime]]) -> dict[int, Rupiah]:
    """What was credited to each of these loans after its promise (and the moment it was written down), up to the promised day."""
    if not promises:
        return {}
    question = (
        select(Posting.loan_id, Entry.happened_on, Entry.recorded_at, func.sum(-Posting.amount))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.loan_id.in_(promises), Posting.account.in_(CREDITED), Entry.kind.not_in(NO_PAYMENT))
        .where(Entry.happened_on >= min(promise.made_on for promise, _ in promises.values()))
        .group_by(Posting.loan_id, Entry.happened_on, Entry.recorded_at)
    )
    paid = dict.fromkeys(promises, 0)
    for loan_id, on, at, amount in session.execute(question):
        if loan_id is None:
            continue
        promise, said_at = promises[loan_id]
        if on <= promise.on and (on, at) > (promise.made_on, said_at):
            paid[loan_id] += amount
    return paid
