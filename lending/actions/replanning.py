"""The one writer of meetings' dates: new meetings at the end of a calendar, and changed dates with all that hangs on them.

Everything here runs inside the transaction of the act that calls it (a dry run writes nothing and needs none).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, update

from lending import clock
from lending.actions.standing import refresh_next_due
from lending.database import lock, session
from lending.domain.access import Actor
from lending.domain.calendar import Holiday, PlannedMeeting, extend, moves_for_holiday
from lending.models import CalendarMove, Group, Meeting, MeetingMove
from lending.queries.admin import holiday_calendar
from lending.queries.calendars import StoredMeeting, groups_meeting_on, in_lots, last_meetings, running_loans, stored_meetings

FIRST_LAID_OUT = 60
"""A calendar never has fewer meetings (api-detail part 2, *Lists*)."""


@dataclass(frozen=True)
class MeetingMoved:
    """A meeting's change of date."""

    group_id: int
    meeting_id: int
    seq: int
    from_on: date
    to_on: date


@dataclass(frozen=True)
class DueMoved:
    """An instalment's change of due date; its amount stays."""

    number: int
    from_on: date
    to_on: date


@dataclass(frozen=True)
class LoanMoved:
    """The instalments of a running loan whose due dates change."""

    loan_id: int
    dues: tuple[DueMoved, ...]


@dataclass(frozen=True)
class CalendarChange:
    """What changed, or in a dry run what would; `move_id` is what can be undone, None when nothing was stored."""

    dry_run: bool
    move_id: int | None
    meetings: tuple[MeetingMoved, ...]
    loans: tuple[LoanMoved, ...]


@dataclass(frozen=True)
class Redated:
    """A meeting that is to stand on another day, and the reason that it will carry (None on its own day)."""

    meeting: StoredMeeting
    to_on: date
    reason: str | None


def add_meetings(group_id: int, meetings: Sequence[PlannedMeeting]) -> None:
    """Store these meetings at the end of the group's calendar."""
    rows = [
        {
            "group_id": group_id,
            "seq": meeting.seq,
            "planned_on": meeting.planned_on,
            "original_on": meeting.original_on,
            "reason": meeting.reason,
        }
        for meeting in meetings
    ]
    if rows:
        session.execute(insert(Meeting), rows)


def ensure_calendar(group_id: int, last_seq: int) -> None:
    """Lay out the group's calendar at least to the meeting `last_seq`; what is there stays."""
    lock(Group.id, group_id)
    known = last_meetings([group_id])[group_id]
    if last_seq > known[-1].seq:
        weekday = session.get_one(Group, group_id).weekday
        add_meetings(group_id, extend(known, last_seq - known[-1].seq, weekday, holiday_calendar()))


def change_dates(
    redated: Sequence[Redated],
    by: Actor,
    reason: str,
    *,
    group_id: int | None,
    undoes_id: int | None = None,
    dry_run: bool = False,
) -> CalendarChange:
    """Put these meetings on their new days, write down the move, and let every running loan follow; a dry run only tells.

    The caller holds the groups. Dates change and nothing else: numbers, amounts and totals stay (api-detail part 3 *Calendar*).
    """
    meetings = tuple(
        MeetingMoved(one.meeting.group_id, one.meeting.id, one.meeting.plan.seq, one.meeting.plan.planned_on, one.to_on) for one in redated
    )
    group_ids = sorted({meeting.group_id for meeting in meetings})
    loans = tuple(loan for lot in in_lots(group_ids) for loan in _loans_moved(lot, meetings))
    if dry_run or not meetings:
        return CalendarChange(dry_run, None, meetings, loans)
    move = CalendarMove(group_id=group_id, made_at=clock.now(), actor_id=by.user_id, reason=reason, undoes_id=undoes_id)
    session.add(move)
    session.flush()
    session.execute(
        insert(MeetingMove),
        [
            {
                "move_id": move.id,
                "meeting_id": one.meeting.id,
                "from_on": one.meeting.plan.planned_on,
                "to_on": one.to_on,
                "reason_before": one.meeting.plan.reason,
            }
            for one in redated
        ],
    )
    session.execute(update(Meeting), [{"id": one.meeting.id, "planned_on": one.to_on, "reason": one.reason} for one in redated])
    for lot in in_lots(group_ids):
        refresh_next_due(lot)
    return CalendarChange(False, move.id, meetings, loans)


def keep_holiday(holiday: Holiday, by: Actor, *, dry_run: bool = False) -> CalendarChange:
    """Do to every calendar already laid out what a day off does that was declared later (`holiday` is not stored here)."""
    if holiday.on <= by.today:
        return CalendarChange(dry_run, None, (), ())
    holidays = {**holiday_calendar(), holiday.on: holiday}
    redated: list[Redated] = []
    for lot in in_lots(groups_meeting_on(holiday.on)):
        if not dry_run:
            lock(Group.id, *lot)
        behind: dict[int, list[StoredMeeting]] = {}
        for meeting in stored_meetings(Meeting.group_id.in_(lot), Meeting.planned_on >= holiday.on):
            behind.setdefault(meeting.group_id, []).append(meeting)
        for tail in behind.values():
            redated += _kept_by(tail, holiday, by.today, holidays)
    return change_dates(redated, by, holiday.name, group_id=None, dry_run=dry_run)


def _kept_by(tail: Sequence[StoredMeeting], holiday: Holiday, today: date, holidays: Mapping[date, Holiday]) -> list[Redated]:
    by_seq = {meeting.plan.seq: meeting for meeting in tail}
    recorded = {seq: meeting.receipt for seq, meeting in by_seq.items() if meeting.receipt is not None}
    calendar = [meeting.plan for meeting in tail]
    found = moves_for_holiday(calendar, holiday, today=today, recorded=recorded, holidays=holidays)
    return [Redated(by_seq[move.seq], move.to_on, move.reason) for move in found]


def _loans_moved(group_ids: Sequence[int], meetings: Sequence[MeetingMoved]) -> list[LoanMoved]:
    of_group: dict[int, list[MeetingMoved]] = {}
    for meeting in meetings:
        of_group.setdefault(meeting.group_id, []).append(meeting)
    found = []
    for loan in running_loans(group_ids):
        dues = tuple(
            DueMoved(number, meeting.from_on, meeting.to_on)
            for meeting in of_group[loan.group_id]
            if (number := loan.plan.number_at(meeting.seq)) is not None
        )
        if dues:
            found.append(LoanMoved(loan.id, dues))
    return found
