"""Two at once among groups, members and visits, with real threads on both databases: one is kept, and nothing is counted twice."""

from functools import partial

from sqlalchemy import func, select

from lending.actions import admin, calendars, enrolment, groups, reference
from lending.actions.enrolment import Enrolled
from lending.actions.groups import Formed
from lending.actions.mentoring import VisitKept, log_visit
from lending.database import session
from lending.domain.access import Role
from lending.domain.mentoring import ActionOwner, Followed, NewAction, Outcome
from lending.models import ActionOutcome, Meeting, Membership, Visit
from lending.queries.admin import system_person
from tests.actions.test_mentoring import ONE, TODAY, TWO, a_visit
from tests.furnished import TALANG_BAKUNG, House, a_uuid, all_at_once, codes
from tests.makers import a_new_member, a_nik


def a_woman(nik: str):
    return a_new_member(nik=nik, kelurahan=TALANG_BAKUNG)


def test_women_enrolled_at_once_get_numbers_of_their_own(house: House):
    officer, head = house.officer(TODAY), house.head(TODAY)
    found = all_at_once(
        [partial(enrolment.enrol, house.melati, a_woman(a_nik(region="157111")), by) for by in (officer, head, officer, head)]
    )
    assert sorted(one.number for one in found if isinstance(one, Enrolled)) == [f"JMB-0001-{number}" for number in (13, 14, 15, 16)]


def test_one_nik_enrolled_in_two_groups_at_once_is_known_once(house: House):
    nik = a_nik(region="157111")
    head = house.head(TODAY)
    found = all_at_once([partial(enrolment.enrol, group_id, a_woman(nik), head) for group_id in (house.melati, house.kenanga)])
    assert codes(found) == ["kept", "nik_taken"]
    assert session.scalar(select(func.count()).select_from(Membership)) == 23


def test_the_last_place_of_a_group_is_given_once(house: House):
    head = house.head(TODAY)
    for _ in range(17):
        enrolment.enrol(house.melati, a_woman(a_nik(region="157111")), head)
    found = all_at_once([partial(enrolment.enrol, house.melati, a_woman(a_nik(region="157111")), head) for _ in range(3)])
    assert codes(found) == ["group_too_large", "group_too_large", "kept"]


def test_groups_formed_at_once_get_codes_of_their_own(house: House):
    new = groups.NewGroup("Mawar", TALANG_BAKUNG, 1, "09:00", "Rumah Ibu Sari", "officer", TODAY)
    found = all_at_once([partial(groups.form_group, new, house.officer(TODAY))] * 3)
    assert sorted(one.code for one in found if isinstance(one, Formed)) == ["JMB-0003", "JMB-0004", "JMB-0005"]


def test_two_moves_of_one_calendar_follow_one_another(house: House):
    head = house.head(TODAY)
    first = session.scalar(select(Meeting.planned_on).where(Meeting.group_id == house.melati, Meeting.seq == 20))
    found = all_at_once([partial(calendars.shift_meetings, house.melati, 15, 1, "banjir", head)] * 3)
    assert codes(found) == ["kept"] * 3
    days = list(session.scalars(select(Meeting.planned_on).where(Meeting.group_id == house.melati).order_by(Meeting.seq)))
    assert first is not None
    assert (days[19] - first).days >= 21
    assert len(set(days)) == len(days)


def test_a_visit_sent_twice_at_once_is_kept_once(house: House):
    found = all_at_once([partial(log_visit, ONE, a_visit(house), house.officer(TODAY))] * 4)
    assert sorted(one.replay for one in found if isinstance(one, VisitKept)) == [False, True, True, True]
    assert len({one.actions for one in found}) == 1
    assert session.scalar(select(func.count()).select_from(Visit)) == 1


def test_an_action_is_settled_once(house: House):
    officer = house.officer(TODAY)
    (action,) = log_visit(ONE, a_visit(house, actions=(NewAction("NIB", ActionOwner.MEMBER, TODAY),)), officer).actions
    later = a_visit(house, actions=(), previous=(Followed(action.id, Outcome.DONE),))
    found = all_at_once([partial(log_visit, uuid, later, officer) for uuid in (TWO, a_uuid(21), a_uuid(22))])
    assert codes(found) == ["already_settled", "already_settled", "kept"]
    assert session.scalar(select(func.count()).select_from(ActionOutcome)) == 1


def test_two_who_take_one_name_at_once_and_two_loads_of_the_reference(house: House):
    system = system_person().acting(TODAY)
    new = admin.NewUser("rani", "Rani", Role.OFFICER, "JMB", "empat-kuda-di-sawah")
    assert codes(all_at_once([partial(admin.add_user, new, system)] * 3)) == ["kept", "username_taken", "username_taken"]
    loaded = all_at_once([partial(reference.load_reference, TODAY)] * 2)
    assert [count for one in loaded for count in vars(one).values() if count] == [], "all of it was there"
