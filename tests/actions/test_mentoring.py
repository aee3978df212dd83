"""A mentoring visit: kept once, follows what was agreed before, leaves what is to be followed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from lending.actions import groups
from lending.actions.mentoring import log_visit
from lending.domain.access import Permission
from lending.domain.mentoring import (
    ActionOwner,
    ActionState,
    Fix,
    Followed,
    NewAction,
    NewVisit,
    Outcome,
    Topic,
    VisitPlace,
    VisitTrigger,
)
from lending.domain.refusals import NotAllowed, NotFound
from lending.queries.mentoring import actions, topics, visit, visits
from tests.furnished import House, a_uuid
from tests.makers import faults, refused

TODAY = date(2026, 4, 20)
JAKARTA = timezone(timedelta(hours=7))
ONE, TWO, THREE, FOUR = (a_uuid(number) for number in (11, 12, 13, 14))


def a_visit(house: House, **said) -> NewVisit:
    usual = NewVisit(
        on=TODAY,
        started_at=datetime(2026, 4, 20, 10, 0, tzinfo=JAKARTA),
        place=VisitPlace.HOME,
        findings="Warung ramai, catatan belum rapi.",
        members=(house.women[0],),
        topics=(Topic.PEMBUKUAN, Topic.NIB),
        actions=(
            NewAction("Catat penjualan tiap hari", ActionOwner.MEMBER, TODAY + timedelta(days=7)),
            NewAction("Bawa formulir NIB", ActionOwner.MENTOR, TODAY + timedelta(days=3)),
        ),
        fix=Fix(-1.612345, 103.609876),
    )
    return replace(usual, **said)


def states(by, on):
    return [(one.what, one.state.value, one.days) for one in actions(replace(by, today=on), on=on)]


def test_a_visit_is_kept_with_what_was_agreed(house: House):
    officer = house.officer(TODAY)
    kept = log_visit(ONE, a_visit(house), officer)
    assert (kept.replay, kept.warnings) == (False, ())
    assert [(action.what, action.owner, action.state) for action in kept.actions] == [
        ("Catat penjualan tiap hari", ActionOwner.MEMBER, ActionState.OPEN),
        ("Bawa formulir NIB", ActionOwner.MENTOR, ActionState.OPEN),
    ]
    seen = visit(officer, ONE)
    assert (seen.about.by, seen.about.group, seen.about.members) == ("officer", house.melati, (house.women[0],))
    assert (seen.about.trigger, seen.about.topics) == (VisitTrigger.PLANNED, ("pembukuan", "nib"))
    assert seen.fix == Fix(-1.612, 103.61)
    assert [action.id for action in seen.actions] == [action.id for action in kept.actions]


def test_a_visit_sent_twice_is_kept_once_and_answered_alike(house: House):
    officer = house.officer(TODAY)
    first = log_visit(ONE, a_visit(house), officer)
    # The same moment, written in another zone, is the same value.
    again = log_visit(ONE, a_visit(house, started_at=datetime(2026, 4, 20, 3, 0, tzinfo=UTC)), officer)
    assert again == replace(first, replay=True)
    assert len(visits(officer)) == 1
    refusal = refused(lambda: log_visit(ONE, a_visit(house, findings="lain"), officer))
    assert (refusal.status, refusal.code, refusal.facts) == (422, "key_reused", {})


def test_a_uuid_belongs_to_whoever_sent_it_first(house: House):
    log_visit(ONE, a_visit(house), house.officer(TODAY))
    groups.assign_mentor(house.melati, "mentor", house.head(TODAY), reason="baru")
    assert refused(lambda: log_visit(ONE, a_visit(house), house.person("mentor", TODAY))).code == "key_reused"
    with pytest.raises(NotFound):
        log_visit(ONE, a_visit(house), house.person("srg-officer", TODAY))


def test_an_action_is_overdue_until_a_later_visit_settles_it(house: House):
    officer = house.officer(TODAY)
    catat, nib = log_visit(ONE, a_visit(house), officer).actions
    due = TODAY + timedelta(days=7)
    assert states(officer, due) == [("Bawa formulir NIB", "overdue", 4), ("Catat penjualan tiap hari", "open", 0)]
    later = replace(officer, today=due)
    found = log_visit(
        TWO,
        a_visit(house, on=due, actions=(), previous=(Followed(nib.id, Outcome.DONE), Followed(catat.id, Outcome.NOT_DONE))),
        later,
    )
    assert found.warnings == ()
    after = due + timedelta(days=1)
    assert states(officer, after) == [("Bawa formulir NIB", "done", 0), ("Catat penjualan tiap hari", "overdue", 1)]
    # As of a day before the second visit, nothing was settled yet.
    assert [one.state for one in actions(later, on=due - timedelta(days=1))] == [ActionState.OVERDUE, ActionState.OPEN]
    assert [one.id for one in actions(replace(officer, today=after), state=ActionState.OVERDUE)] == [catat.id]
    assert [one.id for one in actions(replace(officer, today=after), state=ActionState.DONE)] == [nib.id]
    assert visit(later, TWO).previous == (Followed(nib.id, Outcome.DONE), Followed(catat.id, Outcome.NOT_DONE))


def test_a_settled_action_is_not_settled_again(house: House):
    officer = house.officer(TODAY)
    (action,) = log_visit(ONE, a_visit(house, actions=(NewAction("NIB", ActionOwner.MEMBER, TODAY),)), officer).actions
    log_visit(TWO, a_visit(house, actions=(), previous=(Followed(action.id, Outcome.DROPPED),)), officer)
    refusal = refused(lambda: log_visit(THREE, a_visit(house, actions=(), previous=(Followed(action.id, Outcome.DONE),)), officer))
    assert (refusal.status, faults(refusal)) == (409, [("previous.0.action", "already_settled")])
    assert len(visits(officer)) == 2


def test_a_visit_that_passes_over_an_overdue_action_is_weak_and_kept(house: House):
    officer = house.officer(TODAY)
    first = log_visit(ONE, a_visit(house), officer)
    later = replace(officer, today=TODAY + timedelta(days=5))
    second = log_visit(TWO, a_visit(house, on=later.today, actions=()), later)
    (warning,) = second.warnings
    assert (warning.at, warning.code, warning.facts) == ("previous", "open_actions_not_followed", {"actions": [first.actions[1].id]})
    assert log_visit(TWO, a_visit(house, on=later.today, actions=()), later).warnings == second.warnings


def test_a_visit_without_sense_is_refused_at_each_field(house: House):
    officer = house.officer(TODAY)
    late = TODAY + timedelta(days=1)
    many = tuple(NewAction(f"nomor {n}", ActionOwner.GROUP, TODAY - timedelta(days=n)) for n in range(4))
    visit_ = a_visit(house, on=late, ended_at=datetime(2026, 4, 20, 9, 0, tzinfo=JAKARTA), actions=many, topics=(Topic.NIB, Topic.NIB))
    assert faults(refused(lambda: log_visit(ONE, visit_, officer))) == [
        ("on", "future_date"),
        ("ended_at", "ends_before_start"),
        ("actions", "too_many_actions"),
        ("actions.0.due", "due_before_visit"),
        ("actions.1.due", "due_before_visit"),
        ("actions.2.due", "due_before_visit"),
        ("actions.3.due", "due_before_visit"),
        ("topics.1", "topic_twice"),
    ]
    old = a_visit(house, on=TODAY - timedelta(days=32), actions=())
    assert faults(refused(lambda: log_visit(ONE, old, officer))) == [("on", "too_old")]
    log_visit(ONE, replace(old, on=TODAY - timedelta(days=31)), officer)


def test_what_is_not_of_the_group_is_not_there(house: House):
    officer = house.officer(TODAY)
    other = house.person("officer2", TODAY)
    (action,) = log_visit(
        FOUR, a_visit(house, members=(house.others[0],), actions=(NewAction("x", ActionOwner.GROUP, TODAY),)), other
    ).actions
    for said in (
        {"members": (house.others[0],)},
        {"members": (house.women[0], house.others[0])},
        {"group": house.kenanga},
        {"group": house.melati, "members": (house.others[0],)},
        {"group": house.melati, "members": (10**9,)},
        {"actions": (), "previous": (Followed(action.id, Outcome.DONE),)},
        {"actions": (), "previous": (Followed(10**9, Outcome.DONE),)},
    ):
        with pytest.raises(NotFound):
            log_visit(ONE, a_visit(house, **said), officer)
    assert faults(refused(lambda: log_visit(ONE, a_visit(house, members=()), officer))) == [("group", "nobody_visited")]
    log_visit(ONE, a_visit(house, members=(), group=house.melati), officer)


def test_who_sees_which_visits(house: House):
    log_visit(ONE, a_visit(house), house.officer(TODAY))
    for username in ("officer", "head", "auditor"):
        assert [one.uuid for one in visits(house.person(username, TODAY))] == [ONE]
    for username in ("officer2", "mentor", "srg-head"):
        by = house.person(username, TODAY)
        assert visits(by) == []
        assert actions(by) == []
        with pytest.raises(NotFound):
            visit(by, ONE)
    for username in ("cashier", "city"):
        assert not house.person(username, TODAY).may(Permission.SEE_VISITS)
        with pytest.raises(NotAllowed):
            visits(house.person(username, TODAY))
    with pytest.raises(NotAllowed):
        log_visit(TWO, a_visit(house), house.head(TODAY))


def test_visits_are_listed_newest_first_in_pages_and_by_what_is_asked(house: House):
    officer = house.officer(TODAY)
    days = (TODAY - timedelta(days=2), TODAY, TODAY - timedelta(days=2), TODAY - timedelta(days=1))
    for uuid, on in zip((ONE, TWO, THREE, FOUR), days, strict=True):
        log_visit(uuid, a_visit(house, on=on, members=(house.women[1],) if uuid == FOUR else (house.women[0],)), officer)
    assert [one.uuid for one in visits(officer)] == [TWO, FOUR, THREE, ONE]
    first = visits(officer, limit=3)
    assert [one.uuid for one in visits(officer, limit=3, after=(first[-1].on, first[-1].uuid))] == [ONE]
    assert [one.uuid for one in visits(officer, member_id=house.women[1])] == [FOUR]
    assert [one.uuid for one in visits(officer, from_on=TODAY - timedelta(days=1), to_on=TODAY - timedelta(days=1))] == [FOUR]
    assert visits(officer, author="officer2") == []
    assert visits(officer, group_id=house.kenanga) == []
    every = actions(officer)
    assert len(every) == 8
    assert [one.id for one in actions(officer, after=(every[2].due, every[2].id))] == [one.id for one in every[3:]]
    assert {one.member for one in actions(officer, member_id=house.women[1])} == {house.women[1]}


def test_topics_are_more_than_the_least(house: House):
    assert {"nib", "pemasaran", "digital", "pembukuan", "kemasan", "halal"} <= {topic.value for topic in topics()}
