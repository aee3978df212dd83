"""Moving a group's meetings, taking a move back, and laying calendars out further as time goes on."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from lending import clock
from lending.actions.audit import note
from lending.actions.once import first_wins
from lending.actions.replanning import FIRST_LAID_OUT, CalendarChange, Redated, add_meetings, change_dates
from lending.database import lock, session, transaction
from lending.domain.access import Actor, Permission, Role
from lending.domain.calendar import Move, extend, move_one, moves_back, shift_tail
from lending.domain.refusals import Conflict, NotAllowed, NotFound
from lending.models import CalendarMove, Group, Meeting, MeetingMove
from lending.queries.admin import holiday_calendar
from lending.queries.calendars import AT_ONCE, StoredMeeting, last_meetings, stored_meetings
from lending.queries.scope import require_group

OFFICERS_REACH = timedelta(days=7)
"""So far an officer may move one meeting herself; more is for the head."""

AHEAD = 52
"""So many meetings lie ahead of every group at least."""


def move_meeting(
    group_id: int, seq: int, to: date, reason: str, by: Actor, *, dry_run: bool = False, stands_on: date | None = None
) -> CalendarChange:
    """Put one meeting on another day between its neighbours; its loans' due dates follow.

    The officer moves it by up to seven days, the head to any lawful day. `stands_on` is where the page showed it to her. Refused:
    `too_far` (403), `moved_since` (409, it stands elsewhere now), what `move_one` refuses.
    """
    by.require(Permission.MOVE_MEETINGS)
    with _writing_unless(dry_run):
        calendar = _calendar(group_id, by, dry_run=dry_run)
        planned = next((meeting.plan.planned_on for meeting in calendar if meeting.plan.seq == seq), to)
        if by.role is Role.OFFICER and abs(to - planned) > OFFICERS_REACH:
            raise NotAllowed("too_far", at="to", days=OFFICERS_REACH.days)
        _check_stands(calendar, seq, stands_on)
        found = move_one([meeting.plan for meeting in calendar], seq, to, reason, **_known(calendar, by))
        return _moved(group_id, calendar, found, reason, by, dry_run=dry_run)


def shift_meetings(
    group_id: int, from_seq: int, weeks: int, reason: str, by: Actor, *, dry_run: bool = False, stands_on: date | None = None
) -> CalendarChange:
    """Put a meeting and all behind it 1 to 8 weeks later; for the head alone (`too_far`, 403, for the officer).

    `stands_on` is where the page showed it to her, so that a button pressed twice shifts once. Refused: `moved_since` (409), what
    `shift_tail` refuses.
    """
    by.require(Permission.MOVE_MEETINGS)
    with _writing_unless(dry_run):
        calendar = _calendar(group_id, by, dry_run=dry_run)
        if by.role is Role.OFFICER:
            raise NotAllowed("too_far", days=OFFICERS_REACH.days)
        _check_stands(calendar, from_seq, stands_on)
        found = shift_tail([meeting.plan for meeting in calendar], from_seq, weeks, reason, **_known(calendar, by))
        return _moved(group_id, calendar, found, reason, by, dry_run=dry_run)


def undo_move(group_id: int, move_id: int, reason: str, by: Actor) -> CalendarChange:
    """Take a group's move back: every meeting of it returns to the day it stood on, with the reason it carried.

    Refused: `not_found`, `too_far` (403), `already_undone` and `moved_since` (409, another move came after it),
    `already_recorded` (409), `in_the_past`, `unlawful_day` (a holiday was declared there since), `out_of_order`, `reason_needed`.
    """
    by.require(Permission.MOVE_MEETINGS)
    with transaction():
        calendar = _calendar(group_id, by, dry_run=False)
        move = session.scalar(select(CalendarMove).where(CalendarMove.id == move_id, CalendarMove.group_id == group_id))
        if move is None:
            raise NotFound
        steps = {step.meeting_id: step for step in session.scalars(select(MeetingMove).where(MeetingMove.move_id == move_id))}
        if by.role is Role.OFFICER and (len(steps) > 1 or any(abs(step.to_on - step.from_on) > OFFICERS_REACH for step in steps.values())):
            raise NotAllowed("too_far", days=OFFICERS_REACH.days)
        if session.scalar(select(CalendarMove.id).where(CalendarMove.undoes_id == move_id)) is not None:
            raise Conflict("already_undone")
        by_id = {meeting.id: meeting for meeting in calendar}
        made = [Move(by_id[one].plan.seq, step.from_on, step.to_on, move.reason) for one, step in sorted(steps.items())]
        moves_back([meeting.plan for meeting in calendar], made, reason, **_known(calendar, by))
        redated = [Redated(by_id[one], step.from_on, step.reason_before) for one, step in sorted(steps.items())]
        with first_wins("already_undone", at="reason"):
            change = change_dates(redated, by, reason, group_id=group_id, undoes_id=move_id)
        note(by, "groups.undo_move", f"group:{group_id}", at=clock.now(), after={"move": move_id}, reason=reason)
        return change


def extend_calendars(by: Actor, *, at_most: int = AT_ONCE) -> int:
    """Lay out more meetings for groups with fewer than 52 ahead; returns for how many groups, so that the night goes on until 0."""
    by.require(Permission.MANAGE_ADMIN)
    with transaction():
        ahead = func.count(Meeting.id).filter(Meeting.planned_on > by.today)
        short = session.execute(
            select(Group.id, Group.weekday, ahead)
            .join(Meeting, Meeting.group_id == Group.id)
            .group_by(Group.id, Group.weekday)
            .having(ahead < AHEAD)
            .order_by(Group.id)
            .limit(at_most)
        ).all()
        group_ids = [group_id for group_id, *_ in short]
        lock(Group.id, *group_ids)
        holidays, last = holiday_calendar(), last_meetings(group_ids)
        for group_id, weekday, count_ahead in short:
            add_meetings(group_id, extend(last[group_id], FIRST_LAID_OUT - count_ahead, weekday, holidays))
        return len(short)


def _writing_unless(dry_run: bool) -> AbstractContextManager[Any]:
    return nullcontext() if dry_run else transaction()


def _calendar(group_id: int, by: Actor, *, dry_run: bool) -> list[StoredMeeting]:
    require_group(by, group_id)
    if not dry_run:
        lock(Group.id, group_id)
    return stored_meetings(Meeting.group_id == group_id)


def _check_stands(calendar: list[StoredMeeting], seq: int, stands_on: date | None) -> None:
    if stands_on is not None and any(meeting.plan.seq == seq and meeting.plan.planned_on != stands_on for meeting in calendar):
        raise Conflict("moved_since", seq=seq)


def _known(calendar: list[StoredMeeting], by: Actor) -> dict[str, Any]:
    recorded = {meeting.plan.seq: meeting.receipt for meeting in calendar if meeting.receipt is not None}
    return {"today": by.today, "recorded": recorded, "holidays": holiday_calendar()}


def _moved(group_id: int, calendar: list[StoredMeeting], found: list[Move], reason: str, by: Actor, *, dry_run: bool) -> CalendarChange:
    by_seq = {meeting.plan.seq: meeting for meeting in calendar}
    redated = [Redated(by_seq[move.seq], move.to_on, move.reason) for move in found]
    change = change_dates(redated, by, reason, group_id=group_id, dry_run=dry_run)
    if change.move_id is not None:
        after = {"move": change.move_id, "meetings": len(change.meetings), "first_to": change.meetings[0].to_on}
        note(by, "groups.move_meetings", f"group:{group_id}", at=clock.now(), after=after, reason=reason)
    return change
