"""The group's calendar: meetings a week apart, what a holiday does to them, and who may still be moved.

The calendar is the schedule of every loan of the group: a moved meeting moves the due date and nothing else, so no rule here knows an
amount. Source: api-detail part 3 *What a holiday does* and *Calendar*; domain.md rule 6 (no collecting on Sundays and national holidays).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from lending.domain.refusals import Conflict, Refusal

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
SUNDAY = 7
"""As `date.isoweekday` counts: Monday is 1."""

MOST_WEEKS = 8
"""A tail of meetings moves on by at most this many weeks at a time."""


class HolidayKind(StrEnum):
    """Who declared the day."""

    NATIONAL = "national"
    CUTI_BERSAMA = "cuti_bersama"
    LOCAL = "local"


class HolidayRule(StrEnum):
    """What the day does to a meeting that falls on it."""

    SKIP = "skip"
    """No meeting that week: this and all later meetings move on by a week."""
    NEXT_DAY = "next_day"
    """Only this meeting moves, to the next lawful day before the next meeting."""
    KEEP = "keep"
    """The meeting is held all the same; for local days only."""


@dataclass(frozen=True)
class Holiday:
    """One day off. A national day with the rule *keep* is refused (`rule_not_for_kind`, at `rule`): collecting then is unlawful."""

    on: date
    name: str
    kind: HolidayKind
    rule: HolidayRule

    def __post_init__(self) -> None:
        if self.kind is HolidayKind.NATIONAL and self.rule is HolidayRule.KEEP:
            raise Refusal("rule_not_for_kind", at="rule", kind=self.kind.value, rule=self.rule.value)

    @property
    def effect(self) -> HolidayRule:
        """The rule that holds: cuti bersama is listed, but moves nothing."""
        return HolidayRule.KEEP if self.kind is HolidayKind.CUTI_BERSAMA else self.rule


@dataclass(frozen=True)
class PlannedMeeting:
    """One meeting of a calendar. `original_on` is the date it had before the holiday or move that `reason` names; it never changes."""

    seq: int
    planned_on: date
    original_on: date
    reason: str | None


@dataclass(frozen=True)
class Move:
    """One meeting's change of date."""

    seq: int
    from_on: date
    to_on: date
    reason: str


def is_lawful(day: date, holidays: Mapping[date, Holiday]) -> bool:
    """Whether instalments may be collected on that day: neither a Sunday nor a national holiday (POJK 22/2023 art. 62)."""
    holiday = holidays.get(day)
    return day.isoweekday() != SUNDAY and (holiday is None or holiday.kind is not HolidayKind.NATIONAL)


def check_not_later(day: date, at: str, *, today: date) -> None:
    """Refuse a day that has not come (`future_date`): what is written down has happened."""
    if day > today:
        raise Refusal("future_date", at=at, today=today)


def lay_out(first: date, count: int, holidays: Mapping[date, Holiday], first_seq: int = 1) -> list[PlannedMeeting]:
    """`count` meetings a week apart, from `first` on; each holiday does to its week what its rule says.

    A Sunday as `first` is refused (`unlawful_day`, at `weekday`).
    """
    if first.isoweekday() == SUNDAY:
        raise Refusal("unlawful_day", at="weekday", on=first)
    return _laid_out(first, count, holidays, first_seq)


def extend(meetings: Sequence[PlannedMeeting], count: int, weekday: int, holidays: Mapping[date, Holiday]) -> list[PlannedMeeting]:
    """The `count` meetings after the last of `meetings`, back on the group's own `weekday` (1 Monday … 6 Saturday).

    A last meeting that stands on another day, by holiday or by move, is the one of its week; the next is a week after the day it should
    have had.
    """
    last = meetings[-1]
    slot = last.planned_on + DAY * ((weekday - last.planned_on.isoweekday() - 1) % 7 + 1)
    for weeks_behind, earlier in enumerate(reversed(meetings)):
        if earlier.planned_on.isoweekday() == weekday:
            slot = max(slot, earlier.planned_on + WEEK * (weeks_behind + 1))
            break
    return _laid_out(slot, count, holidays, last.seq + 1)


def move_one(
    calendar: Sequence[PlannedMeeting],
    seq: int,
    to: date,
    reason: str,
    *,
    today: date,
    recorded: Mapping[int, str],
    holidays: Mapping[date, Holiday],
) -> list[Move]:
    """Move one meeting to another day between its neighbours; no other meeting moves. Its own day again moves nothing.

    `recorded` names the receipt of each meeting that was held.

    Refused: `reason_needed`, `not_a_meeting`, `already_recorded` (409), `in_the_past` (the meeting or the new day is not after `today`),
    `unlawful_day`, `out_of_order`.
    """
    place = _movable(calendar, seq, "seq", reason, today=today, recorded=recorded)
    meeting = calendar[place]
    if to <= today:
        raise Refusal("in_the_past", at="to", on=to)
    if not is_lawful(to, holidays):
        raise Refusal("unlawful_day", at="to", on=to)
    if place > 0 and to <= calendar[place - 1].planned_on:
        raise Refusal("out_of_order", at="to", after=calendar[place - 1].planned_on)
    if place + 1 < len(calendar) and to >= calendar[place + 1].planned_on:
        raise Refusal("out_of_order", at="to", before=calendar[place + 1].planned_on)
    return [] if to == meeting.planned_on else [Move(seq, meeting.planned_on, to, reason)]


def shift_tail(
    calendar: Sequence[PlannedMeeting],
    from_seq: int,
    weeks: int,
    reason: str,
    *,
    today: date,
    recorded: Mapping[int, str],
    holidays: Mapping[date, Holiday],
) -> list[Move]:
    """Move the meeting `from_seq` and all behind it by 1 to 8 weeks; holidays in the new weeks do what their rule says.

    Refused: `reason_needed`, `weeks_out_of_range`, `not_a_meeting`, `already_recorded` (409), `in_the_past`.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise Refusal("weeks_out_of_range", at="weeks", smallest=1, largest=MOST_WEEKS)
    place = _movable(calendar, from_seq, "from_seq", reason, today=today, recorded=recorded)
    return list(_pushed(calendar[place:], WEEK * weeks, reason, "from_seq", recorded, holidays))


def moves_for_holiday(
    calendar: Sequence[PlannedMeeting],
    holiday: Holiday,
    *,
    today: date,
    recorded: Mapping[int, str],
    holidays: Mapping[date, Holiday],
) -> list[Move]:
    """What a holiday that is declared later does to a calendar already laid out; none when it meets no meeting that may still move.

    `holidays` are those known before. A meeting already held or past stays as it is.
    """
    place = next((place for place, meeting in enumerate(calendar) if meeting.planned_on == holiday.on), None)
    if place is None or holiday.on <= today or calendar[place].seq in recorded or holiday.effect is HolidayRule.KEEP:
        return []
    if holiday.effect is HolidayRule.NEXT_DAY:
        before = calendar[place + 1].planned_on if place + 1 < len(calendar) else holiday.on + WEEK
        day = _next_lawful(holiday.on, before, holidays)
        if day is not None:
            return [Move(calendar[place].seq, holiday.on, day, holiday.name)]
    return list(_pushed(calendar[place:], WEEK, holiday.name, "date", recorded, holidays))


def moves_back(
    calendar: Sequence[PlannedMeeting],
    moves: Sequence[Move],
    reason: str,
    *,
    today: date,
    recorded: Mapping[int, str],
    holidays: Mapping[date, Holiday],
) -> list[Move]:
    """Undo earlier moves: every meeting back to the day it came from, all of them or none.

    Refused: `reason_needed`, `already_recorded` (409), `moved_since` (409: one stands elsewhere by now), `in_the_past`, `unlawful_day`,
    `out_of_order`.
    """
    standing = {meeting.seq: meeting.planned_on for meeting in calendar}
    for move in moves:
        _movable(calendar, move.seq, "seq", reason, today=today, recorded=recorded)
        if standing[move.seq] != move.to_on:
            raise Conflict("moved_since", at="seq", seq=move.seq)
        if move.from_on <= today:
            raise Refusal("in_the_past", at="seq", on=move.from_on)
        if not is_lawful(move.from_on, holidays):
            raise Refusal("unlawful_day", at="seq", on=move.from_on)
    standing |= {move.seq: move.from_on for move in moves}
    if any(later <= earlier for earlier, later in pairwise(standing[seq] for seq in sorted(standing))):
        raise Refusal("out_of_order", at="seq")
    return [Move(move.seq, move.to_on, move.from_on, reason) for move in moves]


def _laid_out(slot: date, count: int, holidays: Mapping[date, Holiday], first_seq: int) -> list[PlannedMeeting]:
    meetings = []
    for seq in range(first_seq, first_seq + count):
        meant_for = slot
        slot, day, in_the_way = _land(slot, WEEK, holidays)
        meetings.append(PlannedMeeting(seq, day, meant_for, in_the_way.name if in_the_way else None))
        slot += WEEK
    return meetings


def _land(slot: date, until_next: timedelta, holidays: Mapping[date, Holiday]) -> tuple[date, date, Holiday | None]:
    """Where the meeting meant for `slot` comes to stand: the slot it takes, its day, and the first holiday that was in its way."""
    in_the_way: Holiday | None = None
    while (holiday := holidays.get(slot)) is not None and holiday.effect is not HolidayRule.KEEP:
        in_the_way = in_the_way or holiday
        if holiday.effect is HolidayRule.NEXT_DAY and (day := _next_lawful(slot, slot + until_next, holidays)) is not None:
            return slot, day, in_the_way
        slot += WEEK
    return slot, slot, in_the_way


def _next_lawful(day: date, before: date, holidays: Mapping[date, Holiday]) -> date | None:
    """The first lawful day after `day` that lies before the next meeting; None when there is none."""
    while (day := day + DAY) < before:
        if is_lawful(day, holidays):
            return day
    return None


def _movable(calendar: Sequence[PlannedMeeting], seq: int, at: str, reason: str, *, today: date, recorded: Mapping[int, str]) -> int:
    """The place of the meeting `seq` in the calendar, if it may move at all."""
    if not reason.strip():
        raise Refusal("reason_needed", at="reason")
    place = next((place for place, meeting in enumerate(calendar) if meeting.seq == seq), None)
    if place is None:
        raise Refusal("not_a_meeting", at=at, seq=seq)
    if seq in recorded:
        raise Conflict("already_recorded", at=at, seq=seq, receipt=recorded[seq])
    if calendar[place].planned_on <= today:
        raise Refusal("in_the_past", at=at, on=calendar[place].planned_on)
    return place


def _pushed(
    tail: Sequence[PlannedMeeting], by: timedelta, reason: str, at: str, recorded: Mapping[int, str], holidays: Mapping[date, Holiday]
) -> Iterator[Move]:
    """Every meeting of the tail moved on by `by`, and once more, with all behind it, for each holiday that it meets on the way."""
    for place, meeting in enumerate(tail):
        # A record may stand up to six days before its date; where it does, the meetings before it cannot pass it.
        if meeting.seq in recorded:
            raise Conflict("already_recorded", at=at, seq=meeting.seq, receipt=recorded[meeting.seq])
        until_next = tail[place + 1].planned_on - meeting.planned_on if place + 1 < len(tail) else WEEK
        slot, day, _ = _land(meeting.planned_on + by, until_next, holidays)
        by = slot - meeting.planned_on
        yield Move(meeting.seq, meeting.planned_on, day, reason)
