"""Programs' tokens: what they may, until when, when they were used last, and how they end."""

from datetime import timedelta
from functools import partial

import pytest

from lending.actions import tokens
from lending.actions.accounts import digest
from lending.actions.people import change_user
from lending.domain.access import Actor, Scope
from lending.domain.people import Change
from lending.domain.refusals import NotAllowed, NotFound
from lending.queries import accounts, people
from lending.queries.admin import audit
from lending.queries.tokens import token
from lending.queries.tokens import tokens as listed
from tests.furnished import House, all_at_once, codes, day
from tests.makers import faults, refused, the_house

ON = day(2)


def the_admin(house: House) -> Actor:
    return house.person("admin", ON)


def test_a_token_says_what_it_may_and_until_when(house: House):
    by = the_admin(house)
    made = tokens.issue_token("auditor", by, scope=Scope.READ, expires_on=ON)
    found = accounts.bearer(digest(made.token))
    assert found is not None
    assert (found.id, found.person.username, found.scope, found.used_on) == (made.id, "auditor", Scope.READ, None)
    assert [found.holds(ON + timedelta(days=days)) for days in (-1, 0, 1)] == [True, True, False]
    for_ever = accounts.bearer(digest(tokens.issue_token("auditor", the_house(ON)).token))
    assert for_ever is not None
    assert (for_ever.scope, for_ever.holds(ON + timedelta(days=9_999))) == (Scope.WRITE, True)


def test_what_a_token_may_not_be(house: House):
    by = the_admin(house)
    assert faults(refused(partial(tokens.issue_token, "auditor", by, expires_on=ON - timedelta(days=1)))) == [("expires_on", "in_the_past")]
    assert refused(partial(tokens.issue_token, "sistem", by)).code == "user_inactive"
    with pytest.raises(NotFound):
        tokens.issue_token("nobody", by)
    for act in (partial(tokens.issue_token, "head"), partial(tokens.revoke_token, 1), token, listed):
        with pytest.raises(NotAllowed):
            act(*([house.person("head", ON)] if act is not token else [house.person("head", ON), 1]))


def test_a_revoked_token_is_dead_and_stays_so(house: House):
    by = the_admin(house)
    first, second = (tokens.issue_token("auditor", by) for _ in range(2))
    tokens.revoke_token(first.id, by)
    tokens.revoke_token(first.id, by)
    assert accounts.bearer(digest(first.token)) is None
    assert accounts.was_a_token(digest(first.token))
    assert not accounts.was_a_token(digest("never one of ours"))
    assert accounts.bearer(digest(second.token)) is not None
    assert [one.id for one in listed(by)] == [second.id]
    assert token(by, first.id).revoked_at is not None
    traced = audit(house.person("auditor", ON), act="admin.revoke_token", limit=200)
    assert [(one.row, one.after) for one in traced] == [(f"user:{house.people['auditor'].user_id}", {"token": first.id})]
    with pytest.raises(NotFound):
        tokens.revoke_token(10**9, by)


def test_the_last_day_of_use_only_moves_forward(house: House):
    by = the_admin(house)
    made = tokens.issue_token("auditor", by)
    for on in (ON, ON + timedelta(days=2), ON + timedelta(days=1)):
        tokens.mark_used(made.id, on)
    assert [one.used_on for one in listed(by, username="auditor")] == [ON + timedelta(days=2)]
    assert listed(by, username="head") == []


def test_only_living_tokens_hang_on_somebody(house: House):
    by = the_admin(house)
    tokens.issue_token("auditor", by, expires_on=ON)
    tokens.revoke_token(tokens.issue_token("auditor", by).id, by)
    auditor = house.people["auditor"]
    from lending import clock

    def living(days: int) -> int:
        return people.ties(auditor.user_id, auditor.role, ON + timedelta(days=days), clock.now()).tokens

    assert (living(0), living(1)) == (1, 0)


def test_nobody_gets_a_key_while_she_is_shut_out(house: House):
    by = the_admin(house)
    found = all_at_once([partial(change_user, "auditor", Change(active=False), by), partial(tokens.issue_token, "auditor", by)])
    assert codes(found) in (["kept", "kept"], ["kept", "user_inactive"])
    assert listed(by, username="auditor") == [], "either it was made before and revoked, or never made"


def test_a_token_revoked_twice_at_once_is_revoked_once(house: House):
    by = the_admin(house)
    made = tokens.issue_token("auditor", by)
    assert codes(all_at_once([partial(tokens.revoke_token, made.id, by)] * 3)) == ["kept"] * 3
    assert len(audit(house.person("auditor", ON), act="admin.revoke_token", limit=200)) == 1
