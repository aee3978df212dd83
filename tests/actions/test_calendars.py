"""Moving meetings: dates change, loans follow, and nothing else does."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from lending.actions import calendars, reference
from lending.actions.replanning import DueMoved, MeetingMoved
from lending.database import session
from lending.domain.access import Actor
from lending.domain.calendar import HolidayKind, HolidayRule
from lending.domain.refusals import NotAllowed, NotFound
from lending.models import Loan, Meeting
from lending.queries.admin import holidays, system_person
from lending.queries.calendars import calendar, moves
from tests.furnished import FIRST_DUE, House, a_record, day, meeting_of
from tests.makers import faults, refused

# Melati meets on Mondays from 2 February 2026; its loans' first instalment fell due on 9 February, at meeting 2.
TODAY = date(2026, 4, 20)
MONDAY = day(14)  # 11 May, meeting 15


def next_dues(house: House) -> set[date | None]:
    session.rollback()
    return set(session.scalars(select(Loan.next_due).where(Loan.group_id == house.melati)))


def planned_days(house: House) -> list[date]:
    session.rollback()
    return list(session.scalars(select(Meeting.planned_on).where(Meeting.group_id == house.melati).order_by(Meeting.seq)))


def strictly_rising(days: list[date]) -> bool:
    return all(earlier < later for earlier, later in pairwise(days))


def admin_on(on: date) -> Actor:
    return system_person().acting(on)


def test_one_meeting_moves_and_the_instalments_due_at_it(house):
    officer = house.officer(TODAY)
    before = planned_days(house)
    change = calendars.move_meeting(house.melati, 15, date(2026, 5, 12), "balai desa dipakai", officer)
    assert change.meetings == (MeetingMoved(house.melati, meeting_of(house.melati, 15), 15, MONDAY, date(2026, 5, 12)),)
    assert len(change.loans) == 12
    assert change.loans[0].dues == (DueMoved(14, MONDAY, date(2026, 5, 12)),)
    after = planned_days(house)
    assert [day for day in after if day not in before] == [date(2026, 5, 12)]
    assert len(after) == len(before)
    moved = calendar(officer, house.melati)[14]
    assert (moved.original_on, moved.state.value, moved.reason) == (MONDAY, "moved", "balai desa dipakai")


def test_the_next_due_date_of_every_loan_follows(house):
    for nth in (1, 2):
        a_record(house, nth)
    assert next_dues(house) == {day(3)}
    officer = house.officer(day(2))
    change = calendars.move_meeting(house.melati, 4, day(3) + timedelta(days=2), "banjir", officer)
    assert next_dues(house) == {day(3) + timedelta(days=2)}
    assert change.move_id is not None
    calendars.undo_move(house.melati, change.move_id, "air sudah surut", officer)
    assert next_dues(house) == {day(3)}
    assert calendar(officer, house.melati)[3].reason is None


def test_a_dry_run_tells_the_same_and_stores_nothing(house):
    head = house.head(TODAY)
    before = planned_days(house)
    told = calendars.shift_meetings(house.melati, 15, 2, "Lebaran", head, dry_run=True)
    assert (told.dry_run, told.move_id) == (True, None)
    assert planned_days(house) == before
    done = calendars.shift_meetings(house.melati, 15, 2, "Lebaran", head)
    assert (done.meetings, done.loans) == (told.meetings, told.loans)
    assert planned_days(house) != before


def test_the_tail_moves_by_whole_weeks_with_every_instalment_behind(house):
    head = house.head(TODAY)
    before = planned_days(house)
    calendars.shift_meetings(house.melati, 15, 2, "Lebaran", head)
    after = planned_days(house)
    assert after[:14] == before[:14]
    assert after[14] == before[14] + timedelta(weeks=2)
    assert strictly_rising(after)


def test_the_officer_moves_one_meeting_by_seven_days_the_head_any(house):
    officer, head = house.officer(TODAY), house.head(TODAY)
    refusal = refused(lambda: calendars.shift_meetings(house.melati, 15, 1, "Lebaran", officer))
    assert (refusal.status, refusal.code) == (403, "too_far")
    refusal = refused(lambda: calendars.move_meeting(house.melati, 15, MONDAY + timedelta(days=8), "x", officer))
    assert (refusal.status, refusal.code) == (403, "too_far")
    assert faults(refused(lambda: calendars.move_meeting(house.melati, 15, MONDAY + timedelta(days=8), "x", head))) == [
        ("to", "out_of_order")
    ]


@pytest.mark.parametrize(
    ("seq", "to", "reason", "at", "code"),
    [
        (15, date(2026, 5, 10), "x", "to", "unlawful_day"),
        (14, date(2026, 5, 1), "x", "to", "unlawful_day"),
        (15, date(2026, 5, 4), "x", "to", "out_of_order"),
        (15, date(2026, 5, 18), "x", "to", "out_of_order"),
        (12, date(2026, 4, 21), "x", "seq", "in_the_past"),
        (99, date(2026, 5, 12), "x", "seq", "not_a_meeting"),
        (15, date(2026, 5, 12), "  ", "reason", "reason_needed"),
    ],
)
def test_a_move_without_sense_is_refused(house, seq, to, reason, at, code):
    head = house.head(TODAY)
    assert faults(refused(lambda: calendars.move_meeting(house.melati, seq, to, reason, head))) == [(at, code)]


def test_a_recorded_meeting_stays(house):
    a_record(house, 1, held_on=day(1) - timedelta(days=3))
    officer = house.officer(day(1) - timedelta(days=3))
    refusal = refused(lambda: calendars.move_meeting(house.melati, 2, day(1) + timedelta(days=1), "x", officer))
    assert (refusal.status, refusal.code) == (409, "already_recorded")


def test_somebody_elses_calendar_is_not_there(house):
    stranger = house.person("officer2", TODAY)
    with pytest.raises(NotFound):
        calendars.move_meeting(house.melati, 15, date(2026, 5, 12), "x", stranger)
    with pytest.raises(NotFound):
        calendar(house.person("srg-head", TODAY), house.melati)
    with pytest.raises(NotAllowed):
        calendars.move_meeting(house.melati, 15, date(2026, 5, 12), "x", house.person("cashier", TODAY))


def test_a_move_is_taken_back_once_and_says_so(house):
    head = house.head(TODAY)
    before = planned_days(house)
    change = calendars.shift_meetings(house.melati, 15, 1, "salah catat", head)
    assert change.move_id is not None
    move_id = change.move_id
    calendars.undo_move(house.melati, move_id, "keliru", head)
    assert planned_days(house) == before
    refusal = refused(lambda: calendars.undo_move(house.melati, move_id, "keliru", head))
    assert (refusal.status, refusal.code) == (409, "already_undone")
    listed = moves(head, house.melati)
    assert [(move.reason, move.undoes is None, move.undone) for move in listed] == [("keliru", False, False), ("salah catat", True, True)]
    with pytest.raises(NotFound):
        calendars.undo_move(house.kenanga, move_id, "keliru", head)


def test_a_move_is_not_taken_back_past_a_later_one_nor_past_its_day(house):
    officer = house.officer(TODAY)
    first = calendars.move_meeting(house.melati, 15, date(2026, 5, 12), "x", officer)
    calendars.move_meeting(house.melati, 15, date(2026, 5, 13), "y", officer)
    assert first.move_id is not None
    move_id = first.move_id
    assert refused(lambda: calendars.undo_move(house.melati, move_id, "z", officer)).code == "moved_since"
    other = calendars.move_meeting(house.melati, 16, date(2026, 5, 19), "x", officer)
    assert other.move_id is not None
    other_id = other.move_id
    late = replace(officer, today=date(2026, 5, 18))
    assert refused(lambda: calendars.undo_move(house.melati, other_id, "z", late)).code == "in_the_past"


def test_a_holiday_declared_later_moves_every_group_that_meets_on_it(house):
    system = admin_on(TODAY)
    new = reference.NewHoliday(MONDAY, "Pemilihan wali kota", HolidayKind.LOCAL, None, "SK Wali Kota 12/2026")
    told = reference.add_holiday(new, system, dry_run=True)
    before = planned_days(house)
    change = reference.add_holiday(new, system)
    assert change.meetings == told.meetings
    assert {meeting.group_id for meeting in change.meetings} == {house.melati, house.kenanga}
    after = planned_days(house)
    assert after[:14] == before[:14]
    assert (before[14], after[14]) == (MONDAY, MONDAY + timedelta(weeks=1))
    assert after[14:] != before[14:]
    assert calendar(house.officer(TODAY), house.melati)[14].reason == "Pemilihan wali kota"
    assert any(listed.on == MONDAY and listed.rule is HolidayRule.SKIP for listed in holidays(2026, limit=200))
    refusal = refused(lambda: reference.add_holiday(new, system))
    assert (refusal.status, refusal.code) == (409, "holiday_taken")


def test_a_holiday_on_the_next_day_moves_that_meeting_alone(house):
    new = reference.NewHoliday(MONDAY, "Haul", HolidayKind.LOCAL, HolidayRule.NEXT_DAY, "surat lurah")
    before = planned_days(house)
    reference.add_holiday(new, admin_on(TODAY))
    after = planned_days(house)
    assert [(was, now) for was, now in zip(before, after, strict=True) if was != now] == [(MONDAY, MONDAY + timedelta(days=1))]


@pytest.mark.parametrize(
    ("kind", "rule"),
    [(HolidayKind.CUTI_BERSAMA, None), (HolidayKind.CUTI_BERSAMA, HolidayRule.SKIP), (HolidayKind.LOCAL, HolidayRule.KEEP)],
)
def test_a_day_that_is_only_listed_moves_nothing(house, kind, rule):
    before = planned_days(house)
    change = reference.add_holiday(reference.NewHoliday(MONDAY, "Cuti", kind, rule, "SKB"), admin_on(TODAY))
    assert (change.move_id, change.meetings, change.loans) == (None, (), ())
    assert planned_days(house) == before


def test_a_past_holiday_is_listed_and_moves_nothing(house):
    new = reference.NewHoliday(FIRST_DUE, "Terlambat", HolidayKind.NATIONAL, None, "SKB")
    before = planned_days(house)
    assert reference.add_holiday(new, admin_on(TODAY)).meetings == ()
    assert planned_days(house) == before


def test_a_national_holiday_cannot_be_kept(house):
    new = reference.NewHoliday(MONDAY, "Nasional", HolidayKind.NATIONAL, HolidayRule.KEEP, "SKB")
    assert faults(refused(lambda: reference.add_holiday(new, admin_on(TODAY)))) == [("rule", "rule_not_for_kind")]
    with pytest.raises(NotAllowed):
        reference.add_holiday(new, house.head(TODAY))


def test_calendars_grow_as_time_goes_on(house):
    soon = admin_on(date(2026, 2, 2))
    assert calendars.extend_calendars(soon) == 0
    later = admin_on(date(2026, 6, 1))
    assert calendars.extend_calendars(later) == 2
    assert calendars.extend_calendars(later) == 0
    days = planned_days(house)
    assert sum(day > date(2026, 6, 1) for day in days) == 60
    assert strictly_rising(days)
    assert {day.isoweekday() for day in days} == {1}
