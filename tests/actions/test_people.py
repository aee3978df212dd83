"""Somebody gets another role or unit, is shut out and let in again: kept, refused, sent twice, and two at once."""

from datetime import timedelta
from functools import partial

import pytest

from lending import clock
from lending.actions import accounts as signing
from lending.actions import cash, groups, tokens
from lending.actions.people import Changed, change_user
from lending.domain.access import Actor, Role
from lending.domain.people import Change
from lending.domain.refusals import NotAllowed, NotFound
from lending.queries import accounts, home, people
from lending.queries.admin import audit
from lending.queries.check_manifest import look
from tests.furnished import House, a_record, a_uuid, all_at_once, codes, day
from tests.makers import a_user, an_actor, faults, refused, the_house

ON = day(2)
PASSWORD = "rahasia-sekali-betul"


def the_admin(house: House) -> Actor:
    return house.person("admin", ON)


def close(username: str, by: Actor) -> Changed:
    return change_user(username, Change(active=False), by)


def give_all_away(house: House) -> None:
    """Melati goes to the other officer."""
    groups.assign_officer(house.melati, "officer2", house.head(ON), from_on=ON, reason="pindah tugas")


def still_hanging(username: str):
    account = accounts.account(username)
    assert account is not None
    return people.ties(account.person.user_id, account.person.role, ON, clock.now())


def test_who_is_shut_out_is_out_everywhere_at_once(house: House):
    by = the_admin(house)
    phone, desk = signing.sign_in("mentor", PASSWORD), signing.sign_in("mentor", PASSWORD)
    token = tokens.issue_token("mentor", by).token
    assert accounts.open_session(signing.digest(phone.token), clock.now()) is not None
    gone = close("mentor", by)
    assert (gone.active, gone.role, gone.unit, gone.sessions_ended, gone.tokens_revoked) == (False, Role.MENTOR, "JMB", 2, 1)
    for opened in (phone, desk):
        assert accounts.open_session(signing.digest(opened.token), clock.now()) is None
        assert accounts.why_ended(signing.digest(opened.token)) == "account_closed"
    assert accounts.bearer(signing.digest(token)) is None
    assert refused(lambda: signing.sign_in("mentor", PASSWORD)).code == "account_closed"
    assert refused(lambda: signing.sign_in("mentor", "salah-sekali-ini")).code == "wrong_password", "only she is told"
    assert refused(lambda: signing.reset_password("mentor", by)).code == "user_inactive"


def test_who_is_let_in_again_has_her_password_and_nothing_else_of_before(house: House):
    by = the_admin(house)
    code, token = signing.reset_password("auditor", by), tokens.issue_token("auditor", by).token
    close("auditor", by)
    back = change_user("auditor", Change(active=True), by)
    assert (back.active, back.sessions_ended, back.warnings) == (True, 0, ())
    assert not signing.has_code("auditor", code.code)
    assert accounts.bearer(signing.digest(token)) is None
    close("mentor", by)
    change_user("mentor", Change(active=True), by)
    assert signing.sign_in("mentor", PASSWORD).person.role is Role.MENTOR


def test_told_twice_it_happens_once(house: House):
    by = the_admin(house)
    first, again = close("mentor", by), close("mentor", by)
    assert (again.active, again.sessions_ended, again.tokens_revoked) == (first.active, 0, 0)
    moved = Change(role=Role.AUDITOR)
    assert change_user("cashier", moved, by).role is change_user("cashier", moved, by).role
    acts = [row.row for row in audit(house.person("auditor", ON), act="people.change_user", limit=200)]
    assert len(acts) == len(set(acts)) == 2


def test_another_role_ends_her_sessions_and_her_programs_follow(house: House):
    by = the_admin(house)
    opened, token = signing.sign_in("mentor", PASSWORD), tokens.issue_token("mentor", by).token
    now = change_user("mentor", Change(role=Role.AUDITOR), by)
    assert (now.role, now.unit, now.sessions_ended, now.tokens_revoked) == (Role.AUDITOR, "JMB", 1, 0)
    assert accounts.why_ended(signing.digest(opened.token)) == "session_revoked"
    found = accounts.bearer(signing.digest(token))
    assert found is not None
    assert found.person.role is Role.AUDITOR
    assert signing.sign_in("mentor", PASSWORD).person.role is Role.AUDITOR


def test_another_unit_and_head_office(house: House):
    by = the_admin(house)
    assert change_user("cashier", Change(unit="SRG"), by).unit == "SRG"
    assert an_actor("cashier", ON).unit_code == "SRG"
    assert change_user("cashier", Change(role=Role.ADMIN, unit=None), by).unit is None
    assert refused(lambda: change_user("cashier", Change(role=Role.HEAD), by)).code == "unit_needed"
    with pytest.raises(NotFound) as no:
        change_user("cashier", Change(unit="XXX"), by)
    assert faults(no.value) == [("unit", "not_found")]


def test_a_leader_is_a_woman_of_the_unit(house: House):
    by = the_admin(house)
    assert faults(refused(lambda: change_user("mentor", Change(role=Role.LEADER), by))) == [("member", "member_needed")]
    assert change_user("mentor", Change(role=Role.LEADER, member="JMB-0001-01"), by).member == "JMB-0001-01"
    assert change_user("mentor", Change(role=Role.LEADER), by).member == "JMB-0001-01", "she stays who she is"
    assert faults(refused(lambda: change_user("mentor", Change(unit="SRG"), by))) == [("member", "member_needed")]
    assert refused(lambda: change_user("mentor", Change(role=Role.HEAD, member="JMB-0001-01"), by)).code == "member_not_hers"
    assert change_user("mentor", Change(role=Role.MENTOR), by).member is None
    for number in ("JMB-0001-99", ""):
        with pytest.raises(NotFound) as no:
            change_user("mentor", Change(role=Role.LEADER, member=number), by)
        assert faults(no.value) == [("member", "not_found")]


def test_an_officer_leaves_when_her_groups_are_given_on_and_her_cash_is_counted(house: House):
    by = the_admin(house)
    a_record(house, 1)
    for change in (Change(active=False), Change(unit="SRG"), Change(role=Role.MENTOR)):
        no = refused(partial(change_user, "officer", change, by))
        assert (no.status, [fault.code for fault in no.faults]) == (422, ["serves_groups", "holds_cash"])
    assert {fault.at for fault in refused(lambda: close("officer", by)).faults} == {"active"}
    assert {fault.at for fault in refused(lambda: change_user("officer", Change(role=Role.MENTOR), by)).faults} == {"role"}
    give_all_away(house)
    assert faults(refused(lambda: close("officer", by))) == [("active", "holds_cash")]
    cashier = house.person("cashier", ON)
    cash.hand_over(cash.Handover(a_uuid(90), "officer", ON, 600_000, None, None), cashier)
    assert close("officer", by).warnings == ()
    assert list(look()) == []
    officer = refused(lambda: groups.assign_officer(house.melati, "officer", house.head(ON), reason="kembali"))
    assert officer.code == "not_an_officer"


def test_a_group_that_was_promised_for_later_holds_her_too(house: House):
    by = the_admin(house)
    groups.assign_officer(house.melati, "officer2", house.head(ON), from_on=ON + timedelta(days=3), reason="cuti")
    assert still_hanging("officer").groups == 1, "until that day it is hers"
    assert still_hanging("officer2").groups == 2
    assert [fault.facts["groups"] for fault in refused(lambda: close("officer2", by)).faults] == [2]


def test_what_is_left_behind_is_said_and_holds_nobody(house: House):
    by = the_admin(house)
    opened = signing.sign_in("officer", PASSWORD)
    signing.touch(opened.token, clock.now(), unsent=2)
    give_all_away(house)
    assert [one.unsent for one in home.phones(house.head(ON))] == [2]
    assert [one.code for one in close("officer", by).warnings] == ["unsent_on_phone"]
    assert home.phones(house.head(ON)) == []
    groups.assign_mentor(house.melati, "mentor", house.head(ON), reason="pendamping tetap")
    assert [one.code for one in close("mentor", by).warnings] == ["still_mentors"]
    assert [one.code for one in change_user("head", Change(unit="SRG"), by).warnings] == ["nobody_else"]
    assert close("head", by).warnings == (), "Serang has another"


def test_nobody_changes_her_own_account_nor_the_houses(house: House):
    by = the_admin(house)
    for change in (Change(role=Role.AUDITOR), Change(active=False), Change(unit="JMB"), Change()):
        no = refused(partial(change_user, "admin", change, by))
        assert (no.code, no.status) == ("own_account", 403)
    for username in ("sistem", "nobody"):
        with pytest.raises(NotFound):
            close(username, by)
    for who in ("officer", "head", "cashier", "auditor", "mentor", "city"):
        with pytest.raises(NotAllowed):
            close("mentor", house.person(who, ON))


def test_one_admin_stays_even_when_two_shut_each_other_out_at_once(house: House):
    assert refused(lambda: close("admin", the_house(ON))).code == "last_admin"
    assert refused(lambda: change_user("admin", Change(role=Role.AUDITOR), the_house(ON))).code == "last_admin"
    other = a_user(Role.ADMIN, username="pusat", unit=None, on=ON)
    found = all_at_once([partial(close, "pusat", the_admin(house)), partial(close, "admin", other)])
    assert codes(found) == ["kept", "last_admin"]
    assert people.other_admins(0) == 1


def test_nobody_is_given_a_group_while_she_is_shut_out(house: House):
    give_all_away(house)
    back = partial(groups.assign_officer, house.melati, "officer", house.head(ON + timedelta(days=1)), reason="kembali")
    found = all_at_once([partial(close, "officer", the_admin(house)), back])
    assert codes(found) in (["kept", "not_an_officer"], ["kept", "serves_groups"])


def test_the_trace_says_what_was_and_what_is_and_proves_it(house: House):
    by = the_admin(house)
    change_user("cashier", Change(role=Role.HEAD), by)
    close("cashier", by)
    (moved, gone) = audit(house.person("auditor", ON), act="people.change_user", limit=200)
    was = {"role": "cashier", "unit": "JMB", "member": None, "active": True}
    assert (moved.actor, moved.before) == ("admin", was)
    assert moved.after == {"username": "cashier", **was, "role": "head", "sessions_ended": 0, "tokens_revoked": 0}
    assert gone.after is not None
    assert gone.after["active"] is False
    assert list(look()) == []
