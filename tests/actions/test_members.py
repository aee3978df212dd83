"""What is written down about a member, and finding her again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lending.actions import members
from lending.domain.access import Role
from lending.domain.refusals import NotAllowed, NotFound
from lending.queries.admin import audit
from lending.queries.groups import group
from lending.queries.members import consents, eligibility_tests, member, training_days
from tests.conftest import TODAY
from tests.furnished import House, a_record, day
from tests.makers import a_group, a_member, a_new_member, a_nik, a_unit, a_user, an_officer, faults, refused

HOME = members.HomeVisit(on=TODAY, household_size=4, income_per_month=3_200_000, house_index=10, passed=True)


@pytest.fixture
def woman(app):
    officer = an_officer()
    return officer, a_member(a_group(officer), officer, consents=("credit",))


def test_consent_is_given_and_taken_back_by_a_new_word(woman):
    officer, member_id = woman
    assert members.record_consent(member_id, "city", officer, given=True, on=TODAY) == ("city", "credit")
    assert members.record_consent(member_id, "credit", officer, given=False, on=TODAY) == ("city",)
    assert [(word.purpose, word.given) for word in consents(officer, member_id)] == [("credit", False), ("city", True), ("credit", True)]
    assert member(officer, member_id).consents == ("city",)
    with pytest.raises(NotFound):
        member(officer, member_id, on=TODAY - timedelta(days=1))
    refusal = refused(lambda: members.record_consent(member_id, "x", officer, given=True, on=TODAY + timedelta(days=1)))
    assert faults(refusal) == [("purpose", "consent_unknown"), ("on", "future_date")]


def test_an_eligibility_test_holds_180_days(woman):
    officer, member_id = woman
    kept = members.record_eligibility(member_id, HOME, officer)
    assert (kept.valid_until, kept.warnings) == (TODAY + timedelta(days=180), ())
    assert [(test.on, test.passed, test.contradicts_rule, test.by) for test in eligibility_tests(officer, member_id)] == [
        (TODAY, True, False, "officer")
    ]
    assert member(officer, member_id).warnings == ()


@pytest.mark.parametrize(
    ("said", "contradicts"),
    [
        ({"income_per_month": 3_200_001}, True),
        ({"house_index": 11}, True),
        ({"passed": False}, True),
        ({"passed": False, "house_index": 11}, False),
        ({"passed": False, "household_size": 3}, False),
    ],
)
def test_a_finding_against_the_rule_is_kept_and_warned_of(woman, said, contradicts):
    officer, member_id = woman
    kept = members.record_eligibility(member_id, replace(HOME, **said), officer)
    codes = ["eligibility_contradicts_rule"] if contradicts else []
    assert [warning.code for warning in kept.warnings] == codes
    assert [warning.code for warning in member(officer, member_id).warnings] == codes


def test_a_test_without_sense_is_refused(woman):
    officer, member_id = woman
    visit = members.HomeVisit(TODAY + timedelta(days=1), 0, 10**12, 21, passed=True, other_debt_weekly=-1)
    assert faults(refused(lambda: members.record_eligibility(member_id, visit, officer))) == [
        ("on", "future_date"),
        ("household_size", "out_of_range"),
        ("house_index", "out_of_range"),
        ("income_per_month", "too_large"),
        ("other_debt_weekly", "too_small"),
    ]


def test_training_days_are_added_each_once(woman):
    officer, member_id = woman
    days = [TODAY - timedelta(days=back) for back in range(5)]
    first = members.record_training(member_id, days[:3], officer)
    assert (first.days, first.complete) == (tuple(sorted(days[:3])), False)
    second = members.record_training(member_id, days[2:], officer)
    assert (second.days, second.complete) == (tuple(sorted(days)), True)
    assert training_days(officer, member_id) == sorted(days)
    refusal = refused(lambda: members.record_training(member_id, [TODAY, TODAY + timedelta(days=1), TODAY], officer))
    assert faults(refusal) == [("days.1", "future_date"), ("days.2", "day_twice")]


def test_another_officers_member_is_not_there(woman):
    _, member_id = woman
    other = a_user(Role.OFFICER, username="officer2")
    a_unit("SRG", city="36.73", name="Kota Serang")
    far = a_user(Role.HEAD, username="srg-head", unit="SRG")
    for stranger in (other, far):
        for act in (
            lambda by: member(by, member_id),
            lambda by: members.record_consent(member_id, "city", by, given=True, on=TODAY),
            lambda by: members.record_eligibility(member_id, HOME, by),
            lambda by: members.record_training(member_id, [TODAY], by),
            lambda by: members.show_nik(member_id, "x", by),
        ):
            with pytest.raises(NotFound):
                act(stranger)


def test_the_roles_that_may_not(woman):
    _, member_id = woman
    leader = a_user(Role.LEADER, member="JMB-0001-01")
    mentor, cashier, city = a_user(Role.MENTOR), a_user(Role.CASHIER), a_user(Role.CITY)
    for by in (leader, city):
        with pytest.raises(NotAllowed):
            member(by, member_id)
    for by in (leader, mentor, city):
        with pytest.raises(NotAllowed):
            members.search(by, name="Siti")
    for by in (mentor, cashier):
        with pytest.raises(NotAllowed):
            members.show_nik(member_id, "x", by)


def test_women_are_found_by_part_of_the_name_by_number_and_by_the_whole_nik(app):
    officer = an_officer()
    group_id, nik = a_group(officer), a_nik()
    siti = a_member(group_id, officer, name="Siti Aminah", nik=nik)
    a_member(group_id, officer, name="Ibu 100%")
    assert [found.id for found in members.search(officer, name="aMIn")] == [siti]
    assert [found.id for found in members.search(officer, number="jmb-0001-01")] == [siti]
    assert [found.id for found in members.search(officer, nik=f"{nik[:4]}-{nik[4:]}")] == [siti]
    assert members.search(officer, nik=a_nik()) == []
    assert len(members.search(officer, name="%")) == 1
    assert [found.name for found in members.search(officer, name="i", limit=1, after_id=siti)] == ["Ibu 100%"]
    assert refused(lambda: members.search(officer, name=" ")).code == "search_empty"
    assert faults(refused(lambda: members.search(officer, nik="123"))) == [("nik", "nik_format")]


def test_searching_stays_in_ones_scope_and_is_written_down(woman):
    officer, _ = woman
    other, head = a_user(Role.OFFICER, username="officer2"), a_user(Role.HEAD)
    assert members.search(other, name="Siti") == []
    assert len(members.search(head, name="Siti")) == 1
    nik = a_nik()
    members.search(officer, name=nik)
    rows = audit(head, act="members.search")
    assert [row.actor for row in rows] == ["officer2", "head", "officer"]
    assert nik not in str(rows)


def test_a_nik_is_shown_with_a_reason_that_is_written_down(woman):
    officer, _ = woman
    new = a_new_member()
    member_id = a_member(a_group(officer, name="Dahlia"), officer, nik=new.nik)
    head = a_user(Role.HEAD)
    assert faults(refused(lambda: members.show_nik(member_id, " ", head))) == [("reason", "reason_needed")]
    assert members.show_nik(member_id, "berkas akad", head) == new.nik
    (row,) = audit(head, act="nik_shown")
    assert (row.actor, row.row, row.reason) == ("head", f"member:{member_id}", "berkas akad")
    assert new.nik not in str(audit(head))


def test_a_woman_without_balances_leaves(woman):
    officer, member_id = woman
    head = a_user(Role.HEAD)
    with pytest.raises(NotAllowed):
        members.leave(member_id, TODAY, "pindah", officer)
    later = replace(head, today=TODAY + timedelta(days=7))
    members.leave(member_id, TODAY + timedelta(days=3), "pindah", later)
    gone = member(later, member_id)
    assert (gone.state.value, gone.group, gone.left_on) == ("left", None, TODAY + timedelta(days=3))
    before = member(later, member_id, on=TODAY + timedelta(days=2))
    assert (before.state.value, before.left_on) == ("active", None)
    with pytest.raises(NotFound):
        members.leave(member_id, TODAY + timedelta(days=3), "pindah", later)


def test_a_woman_with_a_loan_stays(house: House):
    head = house.head(day(2))
    assert refused(lambda: members.leave(house.women[0], day(2), "pindah", head)).code == "balance_left"


def test_a_woman_leaves_after_her_last_meeting_and_with_her_savings_paid_out(house: House):
    head = house.head(day(2))
    new = a_new_member(nik=a_nik(region="157111"), kelurahan="15.71.11.1001", joined_on=day(1))
    saver = a_member(house.melati, house.officer(day(1)), **vars(new))
    a_record(house, 1, savings={saver: 10_000})
    refusal = refused(lambda: members.leave(saver, day(1), "pindah", head))
    assert faults(refusal) == [("on", "before_last_meeting")]
    assert refused(lambda: members.leave(saver, day(2), "pindah", head)).code == "balance_left"
    assert member(head, saver).savings == 10_000
    assert member(head, house.women[0]).upj == 100_000
    assert member(head, house.women[0]).loans == (house.loans[0],)


def test_a_leader_who_leaves_leads_no_more(app):
    officer = an_officer()
    group_id = a_group(officer)
    first = a_member(group_id, officer)
    from lending.actions.groups import name_leader

    name_leader(group_id, first, officer)
    head = replace(a_user(Role.HEAD), today=date(2026, 12, 4))
    members.leave(first, date(2026, 12, 1), "pindah", head)
    assert group(head, group_id).about.leader is None
    assert group(head, group_id, on=date(2026, 11, 30)).about.leader == first
