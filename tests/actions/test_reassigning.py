"""An officer's groups go to another from a day on, and come back: kept, refused, sent twice, and two at once."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

import pytest

from lending import clock
from lending.actions import accounts as signing
from lending.actions import groups
from lending.actions.people import change_user
from lending.actions.reassigning import Reassigned, reassign
from lending.domain.access import Role
from lending.domain.people import Change
from lending.domain.refusals import NotAllowed, NotFound
from lending.queries.admin import audit
from lending.queries.check_manifest import look
from lending.queries.groups import group
from tests.furnished import TALANG_BAKUNG, House, all_at_once, codes, day, rows
from tests.makers import a_user, faults, refused

ON = day(2)
PASSWORD = "rahasia-sekali-betul"


def on(days: int) -> date:
    return ON + timedelta(days=days)


def give(
    house: House,
    to: str = "officer2",
    *,
    officer: str = "officer",
    first: date = ON,
    until: date | None = None,
    named: Sequence[int] | None = None,
    reason: str = "cuti melahirkan",
) -> Reassigned:
    return reassign(officer, to, house.head(ON), from_on=first, until=until, group_ids=named, reason=reason)


def officers(house: House, group_id: int, *days: int) -> list[str | None]:
    """Who serves the group on these days, counted from `ON`."""
    return [group(house.head(on(number)), group_id).about.officer for number in days]


def another_group(house: House, name: str = "Anggrek", officer: str = "officer") -> int:
    new = groups.NewGroup(name, TALANG_BAKUNG, 4, "13:00", "Rumah Ibu Ani", officer, date(2026, 12, 3))
    return groups.form_group(new, house.head(ON)).id


def test_all_her_groups_go_from_the_beginning_of_that_day(house: House):
    anggrek = another_group(house)
    given = give(house, first=on(1))
    assert [one.id for one in given.groups] == sorted([house.melati, anggrek])
    assert (given.officer, given.to, given.from_on, given.until, given.warnings) == ("officer", "officer2", on(1), None, ())
    for one in (house.melati, anggrek):
        assert officers(house, one, 0, 1, 400) == ["officer", "officer2", "officer2"]
    group(house.officer(ON), house.melati)
    with pytest.raises(NotFound):
        group(house.officer(on(1)), house.melati)
    group(house.person("officer2", on(1)), house.melati)


def test_after_the_substitutes_last_day_they_are_hers_again(house: House):
    give(house, first=on(1), until=on(7))
    assert officers(house, house.melati, 0, 1, 7, 8, 400) == ["officer", "officer2", "officer2", "officer", "officer"]
    give(house, officer="officer2", to="officer", first=on(3), until=on(3), named=[house.melati])
    assert officers(house, house.melati, 2, 3, 4, 7, 8) == ["officer2", "officer", "officer2", "officer2", "officer"]


def test_she_comes_back_sooner_or_another_takes_over_the_rest(house: House):
    give(house, first=ON, until=on(7))
    give(house, officer="officer2", to="officer", first=on(4), until=on(7), named=[house.melati])
    assert officers(house, house.melati, 0, 3, 4, 8) == ["officer2", "officer2", "officer", "officer"]
    a_user(Role.OFFICER, username="officer3", on=ON)
    give(house, to="officer3", first=on(8))
    assert officers(house, house.melati, 7, 8, 400) == ["officer", "officer3", "officer3"]


def test_only_those_named_go(house: House):
    anggrek = another_group(house)
    assert [one.name for one in give(house, named=[anggrek, anggrek]).groups] == ["Anggrek"]
    assert officers(house, anggrek, 0) == ["officer2"]
    assert officers(house, house.melati, 0) == ["officer"]


@pytest.mark.parametrize("until", [None, on(6)])
@pytest.mark.parametrize("named", [False, True])
def test_the_same_again_changes_nothing(house: House, until: date | None, named: bool):
    chosen = [house.melati] if named else None
    first = give(house, until=until, named=chosen)
    kept = rows()
    again = give(house, until=until, named=chosen)
    assert (again.groups, rows()) == (first.groups, kept)
    longer = refused(lambda: give(house, until=on(20), named=chosen))
    assert longer.code in ("group_not_served", "serves_no_group"), "another last day is another thing"


def test_what_cannot_be_is_refused_and_nothing_stays(house: House):
    a_user(Role.OFFICER, username="gone", on=ON)
    change_user("gone", Change(active=False), house.person("admin", ON))
    kept = rows()

    def told(**said):
        return faults(refused(lambda: give(house, **said)))

    assert told(first=on(-1), until=on(-2), reason=" ") == [
        ("from", "in_the_past"),
        ("until", "from_after_to"),
        ("reason", "reason_needed"),
    ]
    assert told(to="officer") == [("to", "same_officer")]
    for wrong in ("mentor", "gone"):
        assert told(to=wrong) == [("to", "not_an_officer")]
    assert told(officer="head") == [("name", "not_an_officer")]
    assert told(named=[house.melati, house.kenanga]) == [("groups.1", "group_not_served")]
    for stranger in ("nobody", "srg-officer"):
        with pytest.raises(NotFound):
            give(house, to=stranger)
        with pytest.raises(NotFound):
            give(house, officer=stranger)
    assert told(named=[house.melati, 999_999]) == [("groups.1", "not_found")]
    for who in ("officer", "cashier", "mentor", "auditor", "admin"):
        with pytest.raises(NotAllowed):
            reassign("officer", "officer2", house.person(who, ON), from_on=ON, reason="cuti")
    assert rows() == kept
    a_user(Role.OFFICER, username="new", on=ON)
    assert told(officer="new") == [("name", "serves_no_group")]


def test_what_begins_later_is_not_written_over(house: House):
    anggrek = another_group(house)
    groups.assign_officer(house.melati, "officer2", house.head(ON), from_on=on(5), reason="pembagian baru")
    a_user(Role.OFFICER, username="officer3", on=ON)
    for until in (None, on(5), on(9)):
        assert faults(refused(partial(give, house, "officer3", until=until))) == [("until", "given_from")]
        assert officers(house, anggrek, 0) == ["officer"], "all of it or nothing"
    give(house, "officer3", until=on(4))
    assert officers(house, house.melati, 0, 4, 5) == ["officer3", "officer3", "officer2"]
    assert officers(house, anggrek, 0, 4, 5) == ["officer3", "officer3", "officer"]


def test_who_is_away_is_not_shut_out_until_what_comes_back_to_her_is_given_too(house: House):
    by = house.person("admin", ON)
    give(house, first=ON, until=on(3))
    assert refused(lambda: change_user("officer", Change(active=False), by)).code == "serves_groups"
    give(house, first=on(4))
    assert officers(house, house.melati, 0, 3, 4) == ["officer2"] * 3
    assert change_user("officer", Change(active=False), by).active is False
    assert list(look()) == []


def test_records_that_wait_on_her_phone_are_said(house: House):
    opened = signing.sign_in("officer", PASSWORD)
    signing.touch(opened.token, clock.now(), unsent=2)
    assert give(house, first=on(1), until=on(1)).warnings == ()
    given = give(house, until=ON)
    assert [(one.at, one.code) for one in given.warnings] == [("from", "unsent_on_phone")]


def test_each_group_has_its_line_in_the_trace(house: House):
    anggrek = another_group(house)
    give(house, first=on(1), until=on(2))
    found = audit(house.head(ON), act="groups.reassign", limit=200)
    assert sorted(one.row for one in found) == sorted([f"group:{house.melati}", f"group:{anggrek}"])
    for one in found:
        assert (one.actor, one.before, one.reason) == ("head", {"officer": "officer"}, "cuti melahirkan")
        assert one.after == {"officer": "officer2", "from": on(1).isoformat(), "until": on(2).isoformat()}


def test_two_heads_at_once_give_it_once(house: House):
    a_user(Role.OFFICER, username="officer3", on=ON)
    twins = all_at_once([partial(give, house), partial(give, house)])
    assert codes(twins) == ["kept", "kept"]
    assert len(audit(house.head(ON), act="groups.reassign", limit=200)) == 1
    rivals = all_at_once([partial(give, house, to, officer="officer2", named=[house.melati]) for to in ("officer", "officer3")])
    assert codes(rivals) == ["group_not_served", "kept"]


def test_nobody_gets_groups_while_she_is_shut_out(house: House):
    a_user(Role.OFFICER, username="officer3", on=ON)
    found = all_at_once(
        [partial(give, house, "officer3"), partial(change_user, "officer3", Change(active=False), house.person("admin", ON))]
    )
    assert codes(found) in (["kept", "not_an_officer"], ["kept", "serves_groups"])
