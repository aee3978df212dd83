"""Forming a group, its leader, its officer, its mentor."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lending.actions import groups
from lending.domain.access import Role
from lending.domain.groups import MeetingState
from lending.domain.refusals import NotAllowed, NotFound
from lending.queries.calendars import calendar
from lending.queries.groups import group
from tests.conftest import TODAY
from tests.makers import a_group, a_member, a_unit, a_user, an_actor, an_officer, faults, refused, some_members

pytestmark = pytest.mark.usefixtures("app")

ON_ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For rules that are refused before any row is touched."""

THURSDAY = date(2026, 12, 3)


def new_group(**said):
    usual = groups.NewGroup("Mawar", "15.71.01.1004", 4, "09:00", "Rumah Ibu Sari", "officer", THURSDAY)
    return replace(usual, **said)


def test_a_group_meets_sixty_times_from_its_first_day_on():
    officer = an_officer()
    formed = groups.form_group(new_group(), officer)
    assert (formed.code, formed.warnings) == ("JMB-0001", ())
    meetings = calendar(officer, formed.id)
    assert len(meetings) == 60
    assert [(meeting.seq, meeting.planned_on) for meeting in meetings[:2]] == [(1, THURSDAY), (2, date(2026, 12, 10))]
    about = group(officer, formed.id).about
    assert (about.name, about.officer, about.leader, about.size, about.next_meeting) == ("Mawar", "officer", None, 0, THURSDAY)


def test_a_holiday_in_the_way_puts_off_this_meeting_and_all_after_it():
    # 25 December 2026 and 1 January 2027 are Fridays.
    officer = an_officer()
    formed = groups.form_group(new_group(weekday=5, first_meeting=date(2026, 12, 18)), officer)
    first, second = calendar(officer, formed.id)[:2]
    assert (first.planned_on, first.state) == (date(2026, 12, 18), MeetingState.PLANNED)
    assert (second.planned_on, second.original_on, second.state) == (date(2027, 1, 8), date(2026, 12, 25), MeetingState.MOVED)
    assert second.reason


def test_groups_of_a_unit_are_numbered():
    officer = an_officer()
    a_group(officer)
    assert groups.form_group(new_group(), officer).code == "JMB-0002"


def test_an_officer_forms_groups_for_herself_and_the_head_for_any_officer():
    officer = an_officer()
    a_user(Role.OFFICER, username="officer2")
    refusal = refused(lambda: groups.form_group(new_group(officer="officer2"), officer))
    assert (refusal.status, refusal.code) == (403, "not_yours")
    head = a_user(Role.HEAD)
    formed = groups.form_group(new_group(officer="officer2"), head)
    assert group(an_actor("officer2"), formed.id).about.officer == "officer2"
    with pytest.raises(NotFound):
        group(officer, formed.id)
    assert faults(refused(lambda: groups.form_group(new_group(officer="head"), head))) == [("officer", "not_an_officer")]
    a_unit("SRG", city="36.73", name="Kota Serang")
    a_user(Role.OFFICER, username="srg-officer", unit="SRG")
    for stranger in ("srg-officer", "nobody"):
        with pytest.raises(NotFound):
            groups.form_group(new_group(officer=stranger), head)


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("said", "at", "code"),
    [
        ({"kelurahan": "15.71.01.9999"}, "kelurahan", "kelurahan_unknown"),
        ({"kelurahan": "15.71.01"}, "kelurahan", "kelurahan_unknown"),
        ({"kelurahan": "36.73.01.1001"}, "kelurahan", "kelurahan_not_served"),
        ({"weekday": 7, "first_meeting": date(2026, 12, 6)}, "weekday", "unlawful_day"),
        ({"weekday": 0}, "weekday", "unlawful_day"),
        ({"first_meeting": date(2026, 12, 4)}, "first_meeting", "wrong_weekday"),
        ({"first_meeting": date(2026, 11, 19)}, "first_meeting", "in_the_past"),
        ({"time": "9.00"}, "time", "hour_format"),
        ({"name": "  "}, "name", "name_length"),
        ({"name": "Мелати"}, "name", "name_characters"),
    ],
)
def test_a_group_without_sense_is_refused_at_its_field(said, at, code):
    officer = an_officer()
    assert faults(refused(lambda: groups.form_group(new_group(**said), officer))) == [(at, code)]


def test_a_group_may_begin_today_or_in_the_past_when_it_is_imported():
    officer = an_officer()
    groups.form_group(new_group(first_meeting=TODAY), officer)
    formed = groups.form_group(new_group(first_meeting=date(2026, 6, 4)), officer, imported=True)
    assert group(officer, formed.id, on=date(2026, 6, 4)).about.officer == "officer"


def test_an_hour_outside_the_lawful_ones_is_warned_of():
    officer = an_officer()
    formed = groups.form_group(new_group(time="20:30"), officer)
    assert [(warned.at, warned.code) for warned in formed.warnings] == [("time", "unlawful_hour")]


def test_only_officers_and_heads_form_groups():
    an_officer()
    for role in (Role.CASHIER, Role.MENTOR, Role.AUDITOR, Role.CITY, Role.ADMIN):
        by = a_user(role)
        with pytest.raises(NotAllowed):
            groups.form_group(new_group(), by)


def test_a_leader_leads_until_the_next_one_does():
    officer = an_officer()
    group_id = a_group(officer)
    first, second = some_members(group_id, officer, 2)
    tomorrow = TODAY + timedelta(days=1)
    groups.name_leader(group_id, second, officer, from_on=tomorrow)
    assert group(officer, group_id).about.leader == first
    later = replace(officer, today=tomorrow)
    assert group(later, group_id).about.leader == second
    assert group(later, group_id, on=TODAY).about.leader == first
    assert [(woman.id, woman.role.value) for woman in group(later, group_id).members] == [(first, "member"), (second, "leader")]


def test_naming_the_same_leader_again_changes_nothing_and_another_the_same_day_replaces_her():
    officer = an_officer()
    group_id = a_group(officer)
    first, second = some_members(group_id, officer, 2)
    groups.name_leader(group_id, first, officer)
    groups.name_leader(group_id, second, officer)
    assert group(officer, group_id).about.leader == second


def test_a_leader_is_a_woman_of_the_group_from_the_day_she_joined():
    officer = an_officer()
    group_id, other_id = a_group(officer), a_group(officer, name="Kenanga")
    member, stranger = a_member(group_id, officer), a_member(other_id, officer)
    with pytest.raises(NotFound):
        groups.name_leader(group_id, stranger, officer)
    refusal = refused(lambda: groups.name_leader(group_id, member, officer, from_on=TODAY - timedelta(days=1)))
    assert faults(refusal) == [("from", "before_joining")]
    groups.name_leader(group_id, member, officer, from_on=TODAY + timedelta(days=5))
    second = a_member(group_id, officer)
    assert faults(refused(lambda: groups.name_leader(group_id, second, officer))) == [("from", "out_of_order")]


def test_another_officer_takes_over_from_the_day_said_on_the_next_request():
    officer = an_officer()
    group_id = a_group(officer)
    other, head = a_user(Role.OFFICER, username="officer2"), a_user(Role.HEAD)
    tomorrow = TODAY + timedelta(days=1)
    groups.assign_officer(group_id, "officer2", head, from_on=tomorrow, reason="cuti melahirkan")
    assert group(officer, group_id).about.officer == "officer"
    with pytest.raises(NotFound):
        group(other, group_id)
    assert group(replace(other, today=tomorrow), group_id).about.officer == "officer2"
    assert group(replace(other, today=tomorrow), group_id, on=TODAY).about.officer == "officer"
    with pytest.raises(NotFound):
        group(replace(officer, today=tomorrow), group_id)


def test_a_mentor_sees_the_groups_she_was_given():
    officer = an_officer()
    group_id = a_group(officer)
    mentor, head = a_user(Role.MENTOR), a_user(Role.HEAD)
    with pytest.raises(NotFound):
        group(mentor, group_id)
    groups.assign_mentor(group_id, "mentor", head, reason="kelompok baru")
    assert group(mentor, group_id).about.mentor == "mentor"
    groups.assign_mentor(group_id, "mentor", head, reason="sekali lagi")


def test_staff_is_given_by_the_head_with_a_reason_and_not_backwards():
    officer = an_officer()
    group_id = a_group(officer)
    head = a_user(Role.HEAD)
    a_user(Role.OFFICER, username="officer2")
    with pytest.raises(NotAllowed):
        groups.assign_officer(group_id, "officer2", officer, reason="x")
    yesterday = TODAY - timedelta(days=1)
    refusal = refused(lambda: groups.assign_officer(group_id, "officer2", head, from_on=yesterday, reason=" "))
    assert faults(refusal) == [("from", "in_the_past"), ("reason", "reason_needed")]
    assert faults(refused(lambda: groups.assign_mentor(group_id, "officer2", head, reason="x"))) == [("mentor", "not_a_mentor")]
    with pytest.raises(NotFound):
        groups.assign_officer(group_id, "nobody", head, reason="x")
    with pytest.raises(NotFound):
        groups.assign_officer(group_id + 1, "officer2", head, reason="x")
