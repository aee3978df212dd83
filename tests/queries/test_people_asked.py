"""Groups and their women, asked as of a day: each question once against each database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lending.domain.refusals import NotAllowed, NotFound
from lending.queries.admin import audit, holidays, products, region_names, regions, served, units, users
from lending.queries.calendars import calendar
from lending.queries.groups import group, groups
from lending.queries.members import find, member
from lending.queries.scope import as_of
from tests.furnished import LENT_ON, House, a_record, day, statements
from tests.makers import faults, refused

TODAY = date(2026, 4, 20)


def test_everybody_sees_her_own_groups(house: House):
    for username, expected in {
        "officer": ["Melati"],
        "officer2": ["Kenanga"],
        "head": ["Melati", "Kenanga"],
        "cashier": ["Melati", "Kenanga"],
        "auditor": ["Melati", "Kenanga"],
        "mentor": [],
        "srg-head": [],
        "srg-officer": [],
    }.items():
        assert [one.name for one in groups(house.person(username, TODAY))] == expected
    for username in ("city", "admin"):
        with pytest.raises(NotAllowed):
            groups(house.person(username, TODAY))


def test_groups_are_listed_in_pages_and_by_officer(house: House):
    head = house.head(TODAY)
    (first,) = groups(head, limit=1)
    assert [one.id for one in groups(head, after_id=first.id)] == [house.kenanga]
    (hers,) = groups(head, officer="officer2")
    assert (hers.id, hers.unit, hers.size, hers.officer, hers.kelurahan_name) == (house.kenanga, "JMB", 10, "officer2", "Talang Bakung")
    assert hers.leader == house.others[0]


def test_a_group_shows_its_women_and_the_loans_that_run_that_day(house: House):
    officer = house.officer(TODAY)
    seen = group(officer, house.melati)
    assert [(woman.id, woman.loan) for woman in seen.members] == list(zip(house.women, house.loans, strict=True))
    assert seen.about.next_meeting == TODAY
    day_before = LENT_ON - timedelta(days=1)
    assert {woman.loan for woman in group(officer, house.melati, on=day_before).members} == {None}
    assert faults(refused(lambda: group(officer, house.melati, on=TODAY + timedelta(days=1)))) == [("on", "future_date")]


def test_a_loan_paid_off_runs_no_more_from_that_day_on(house: House):
    paid_off = house.women[3]
    a_record(house, 1, paid={paid_off: 2_500_000})
    by = house.officer(day(2))
    assert {woman.id for woman in group(by, house.melati, on=day(1)).members if woman.loan is None} == {paid_off}
    assert {woman.id for woman in group(by, house.melati, on=day(1) - timedelta(days=1)).members if woman.loan is None} == set()


def test_a_group_costs_the_same_statements_whatever_its_size(house: House):
    officer = house.officer(TODAY)
    with statements() as seen:
        group(officer, house.melati)
    assert len(seen) == 2
    with statements() as seen:
        calendar(officer, house.melati)
    assert len(seen) == 2


def test_a_recorded_meeting_is_held_until_it_is_undone(house: House):
    officer = house.officer(day(1))
    a_record(house, 1)
    states = [(meeting.state.value, meeting.record is not None) for meeting in calendar(officer, house.melati)[:3]]
    assert states == [("planned", False), ("held", True), ("planned", False)]


def test_a_member_as_of_a_day(house: House):
    officer = house.officer(TODAY)
    now, before = member(officer, house.women[0]), member(officer, house.women[0], on=LENT_ON - timedelta(days=1))
    assert (now.role.value if now.role else None, now.officer, now.group_name) == ("leader", "officer", "Melati")
    assert (now.loans, now.upj, now.savings) == ((house.loans[0],), 100_000, 0)
    assert (before.loans, before.upj) == ((), 0)
    with pytest.raises(NotFound):
        member(house.person("officer2", TODAY), house.women[0])


def test_find_pages_by_id(house: House):
    head = house.head(TODAY)
    first = find(head, limit=12)
    rest = find(head, limit=12, after_id=first[-1].id)
    assert [one.id for one in (*first, *rest)] == sorted((*house.women, *house.others))
    assert find(house.person("srg-head", TODAY)) == []


def test_regions_lie_below_a_code(house: House):
    below = regions("15.71", limit=1000)
    assert ([one.level for one in below].count("kecamatan"), [one.level for one in below].count("kelurahan")) == (11, 68)
    assert [one.code for one in regions("15.71.04")] == ["15.71.04.1001", "15.71.04.1002", "15.71.04.1003", "15.71.04.1004"]
    assert [one.code for one in regions("15.71", limit=2, after="15.71.11")] == ["15.71.11.1001", "15.71.11.1002"]
    with pytest.raises(NotFound):
        regions("15.7")
    assert region_names(["15.71.01.1004", "99"]) == {"15.71.01.1004": "Telanaipura"}
    assert [one.code for one in served(house.unit_id)] == ["15.71.11.1001"]


def test_holidays_of_a_year_or_of_all(house: House):
    of_2026 = holidays(2026)
    assert {one.on.year for one in of_2026} == {2026}
    assert [one.on for one in holidays(2026, limit=2, after=of_2026[1].on)] == [one.on for one in of_2026[2:4]]
    assert {one.on.year for one in holidays(None, limit=500)} == {2024, 2025, 2026, 2027}


def test_what_only_the_admin_lists(house: House):
    admin = house.person("admin", TODAY)
    assert [unit.code for unit in units(admin)] == ["JMB", "SRG"]
    assert [user.username for user in users(admin, unit="SRG")] == ["srg-officer", "srg-head", "srg-cashier"]
    assert "sistem" not in [user.username for user in users(admin, limit=200)]
    assert [one.terms.code for one in products(TODAY)] == ["MEKAAR", "MEKAAR-SYARIAH"]


def test_the_trace_by_day_and_act(house: House):
    head = house.head(TODAY)
    formed = audit(head, act="groups.form_group")
    assert len(formed) == 2
    # Moments are real, whatever business date the house stands on.
    today = formed[0].at.astimezone().date()
    assert audit(head, act="groups.form_group", from_on=today - timedelta(days=1), to_on=today + timedelta(days=1)) == formed
    assert audit(head, from_on=today + timedelta(days=2)) == []
    assert {row.actor for row in audit(house.person("srg-head", TODAY), limit=200)} == {"srg-cashier"}


def test_a_day_that_has_not_come_is_refused(house: House):
    officer = house.officer(TODAY)
    assert as_of(officer, None) == TODAY
    assert as_of(officer, LENT_ON) == LENT_ON
    assert faults(refused(lambda: as_of(replace(officer), TODAY + timedelta(days=1)))) == [("on", "future_date")]
