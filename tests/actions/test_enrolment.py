"""Enrolling a woman: her numbers are read strictly, sealed, and known once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lending.actions import enrolment
from lending.actions.members import show_nik
from lending.database import session
from lending.domain.access import Role
from lending.domain.refusals import NotAllowed, NotFound
from lending.models import Member
from lending.queries.groups import group
from lending.queries.members import member
from tests.conftest import TODAY
from tests.makers import BORN, a_group, a_member, a_new_member, a_nik, a_unit, a_user, an_officer, faults, refused

pytestmark = pytest.mark.usefixtures("app")

ON_ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For rules that are refused before any row is touched."""


def warned(enrolled: enrolment.Enrolled) -> list[tuple[str, str]]:
    return [(warning.at, warning.code) for warning in enrolled.warnings]


def test_a_woman_is_enrolled_and_shows_no_number():
    officer = an_officer()
    group_id = a_group(officer)
    new = a_new_member(name="Siti Aminah", nik="1571 0157.0590-0007", kk="1571012003100001", phone="0812-3456-7890")
    enrolled = enrolment.enrol(group_id, new, officer)
    assert (enrolled.number, enrolled.warnings) == ("JMB-0001-01", ())
    woman = member(officer, enrolled.id)
    assert (woman.nik, woman.kk, woman.phone) == ("************0007", "************0001", "+6281234567890")
    assert (woman.rt, woman.rw, woman.sub_group, woman.group, woman.joined_on) == ("001", "002", 1, group_id, TODAY)
    assert woman.consents == ("city", "credit", "group", "photo")
    assert show_nik(enrolled.id, "cocokkan KTP", officer) == "1571015705900007"


def test_nothing_that_is_stored_holds_the_number():
    officer = an_officer()
    new = a_new_member(kk="1571012003100001")
    enrolled = enrolment.enrol(a_group(officer), new, officer)
    row = session.scalar(select(Member).where(Member.id == enrolled.id))
    assert row is not None
    stored = b"|".join(str(value).encode() if not isinstance(value, bytes) else value for value in vars(row).values())
    assert new.nik.encode() not in stored
    assert b"1571012003100001" not in stored


def test_members_are_numbered_within_their_group_and_fill_sub_groups_of_five():
    officer = an_officer()
    group_id, other_id = a_group(officer), a_group(officer, name="Kenanga")
    for _ in range(6):
        a_member(group_id, officer)
    assert enrolment.enrol(other_id, a_new_member(), officer).number == "JMB-0002-01"
    women = group(officer, group_id).members
    assert [(woman.number, woman.sub_group) for woman in women][-2:] == [("JMB-0001-05", 1), ("JMB-0001-06", 2)]


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("nik", "code"),
    [
        ("157101570590000", "nik_format"),
        ("15710157059000011", "nik_format"),
        ("１５７１０１５７０５９０００１１", "nik_format"),
        ("157101570590000a", "nik_format"),
        ("1571017205900001", "nik_date"),
        ("1571017002900001", "nik_date"),
        ("1571010005900001", "nik_date"),
        ("9971015705900001", "nik_region"),
        ("1571015705900000", "nik_serial"),
        ("1571011705900001", "not_a_woman"),
    ],
)
def test_a_nik_that_cannot_be_is_refused(nik, code):
    officer = an_officer()
    group_id = a_group(officer)
    assert faults(refused(lambda: enrolment.enrol(group_id, a_new_member(nik=nik), officer))) == [("nik", code)]


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("particulars", "at", "code"),
    [
        ({"name": ""}, "name", "name_length"),
        ({"name": "S" * 61}, "name", "name_length"),
        ({"name": "Siti 张"}, "name", "name_characters"),
        ({"name": "Siti\u202eAminah"}, "name", "name_characters"),
        ({"kk": "123"}, "kk", "kk_format"),
        ({"phone": "12345"}, "phone", "phone_format"),
        ({"birth_date": date(2008, 11, 27)}, "birth_date", "age_out_of_range"),
        ({"birth_date": date(1962, 11, 26)}, "birth_date", "age_out_of_range"),
        ({"birth_date": date(2027, 1, 1)}, "birth_date", "age_out_of_range"),
        ({"kelurahan": "15.71.99.1001"}, "kelurahan", "kelurahan_unknown"),
        ({"kelurahan": "36.73.01.1001"}, "kelurahan", "kelurahan_not_served"),
        ({"rt": "A"}, "rt", "rt_rw_format"),
        ({"rw": ""}, "rw", "rt_rw_format"),
        ({"sub_group": 0}, "sub_group", "too_small"),
        ({"sub_group": 1_000_000}, "sub_group", "too_large"),
        ({"consents": ("credit", "marketing")}, "consents.1", "consent_unknown"),
        ({"joined_on": TODAY + timedelta(days=1)}, "joined_on", "future_date"),
    ],
)
def test_each_particular_is_refused_at_its_field(particulars, at, code):
    officer = an_officer()
    group_id = a_group(officer)
    new = a_new_member(**{"nik": a_nik(), **particulars})
    assert faults(refused(lambda: enrolment.enrol(group_id, new, officer))) == [(at, code)]
    assert group(officer, group_id).members == ()


def test_all_faults_come_at_once():
    officer = an_officer()
    group_id = a_group(officer)
    refusal = refused(lambda: enrolment.enrol(group_id, a_new_member(nik="1", name="", phone="x"), officer))
    assert faults(refusal) == [("nik", "nik_format"), ("name", "name_length"), ("phone", "phone_format")]
    assert refusal.code == "nik_format"


@pytest.mark.parametrize("born", [date(2008, 11, 26), date(1962, 11, 27)])
def test_from_the_eighteenth_birthday_to_the_day_before_the_sixty_fourth(born):
    officer = an_officer()
    a_member(a_group(officer), officer, birth_date=born)


def test_a_nik_is_known_once_anywhere_and_says_nothing_about_the_other_woman():
    officer = an_officer()
    group_id, nik = a_group(officer), a_nik()
    a_member(group_id, officer, nik=nik)
    # Known comes before anything else that is wrong.
    refusal = refused(lambda: enrolment.enrol(group_id, a_new_member(nik=nik, name=""), officer))
    assert (refusal.status, refusal.code, refusal.facts["number"]) == (409, "nik_taken", "JMB-0001-01")
    a_unit("SRG", city="36.73", name="Kota Serang")
    stranger = a_user(Role.OFFICER, username="srg-officer", unit="SRG")
    far = a_group(stranger, officer="srg-officer", kelurahan="36.73.01.1001")
    refusal = refused(lambda: enrolment.enrol(far, a_new_member(nik=nik, kelurahan="36.73.01.1001"), stranger))
    assert (refusal.status, refusal.facts) == (409, {"number": None})


def test_what_is_doubtful_is_kept_and_warned_of():
    officer = an_officer()
    group_id = a_group(officer)
    differs = enrolment.enrol(group_id, a_new_member(nik=a_nik(date(1991, 5, 17))), officer)
    assert warned(differs) == [("birth_date", "nik_birth_date_differs")]
    elsewhere = enrolment.enrol(group_id, a_new_member(nik=a_nik(region="360401")), officer)
    assert warned(elsewhere) == [("nik", "nik_region_unknown")]
    seventh = enrolment.enrol(group_id, a_new_member(sub_group=7), officer)
    assert warned(seventh) == [("sub_group", "sub_group_size")]
    other_city = enrolment.enrol(group_id, a_new_member(nik=a_nik(region="367301")), officer)
    assert warned(other_city) == []


def test_a_sixth_woman_in_a_sub_group_is_warned_of():
    officer = an_officer()
    group_id = a_group(officer)
    found = [warned(enrolment.enrol(group_id, a_new_member(sub_group=2), officer)) for _ in range(6)]
    assert found == [[], [], [], [], [], [("sub_group", "sub_group_size")]]


def test_a_group_is_full_at_thirty():
    officer = an_officer()
    group_id = a_group(officer)
    for _ in range(30):
        a_member(group_id, officer)
    refusal = refused(lambda: enrolment.enrol(group_id, a_new_member(), officer))
    assert (refusal.status, refusal.code, refusal.facts) == (422, "group_too_large", {"size": 30, "largest": 30})


def test_only_the_groups_officer_and_the_head_enrol():
    officer = an_officer()
    group_id = a_group(officer)
    other, head, cashier = a_user(Role.OFFICER, username="officer2"), a_user(Role.HEAD), a_user(Role.CASHIER)
    a_member(group_id, head)
    with pytest.raises(NotFound):
        a_member(group_id, other)
    with pytest.raises(NotFound):
        a_member(group_id + 1, officer)
    with pytest.raises(NotAllowed):
        a_member(group_id, cashier)


def test_she_may_have_joined_earlier():
    officer = an_officer()
    group_id = a_group(officer, first_meeting=date(2026, 6, 4), imported=True)
    enrolled = enrolment.enrol(group_id, a_new_member(joined_on=date(2026, 7, 1)), officer)
    assert group(officer, group_id, on=date(2026, 6, 30)).members == ()
    assert [woman.id for woman in group(officer, group_id, on=date(2026, 7, 1)).members] == [enrolled.id]
    with pytest.raises(NotFound):
        member(officer, enrolled.id, on=date(2026, 6, 30))
    assert member(replace(officer), enrolled.id, on=date(2026, 7, 1)).birth_date == BORN
