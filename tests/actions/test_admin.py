"""Head office: units, people, tokens, products."""

import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from lending.actions import admin, reference, tokens
from lending.actions.accounts import digest, sign_in
from lending.domain.access import Role
from lending.domain.refusals import NotAllowed, NotFound
from lending.domain.schedule import CycleLimit
from lending.queries import accounts
from lending.queries import admin as questions
from tests.conftest import TODAY
from tests.makers import PASSWORD, a_group, a_member, a_unit, a_user, an_officer, faults, refused, the_house

pytestmark = pytest.mark.usefixtures("app")


def test_the_reference_data_is_loaded_once():
    first = reference.load_reference(TODAY)
    again = reference.load_reference(TODAY)
    assert (first.regions, first.products) == (154, 2)
    assert first.holidays > 80
    assert (again.regions, again.holidays, again.products) == (0, 0, 0)


def test_the_house_acts_but_nobody_signs_in_as_it():
    house = the_house()
    assert (house.username, house.role) == ("sistem", Role.ADMIN)
    assert not accounts.any_users()
    assert refused(lambda: tokens.issue_token("sistem", house)).code == "user_inactive"


def test_a_unit_serves_what_it_is_told():
    unit_id = a_unit()
    assert len(questions.served(unit_id)) == 68
    assert questions.serves(unit_id, "15.71.01.1004")
    assert not questions.serves(unit_id, "36.73.01.1001")
    listed = questions.units(the_house())
    assert [(unit.code, len(unit.kelurahan)) for unit in listed] == [("JMB", 68)]


def test_a_units_code_is_taken_once():
    a_unit()
    refusal = refused(a_unit)
    assert (refusal.code, refusal.status) == ("unit_taken", 409)


def test_all_that_is_wrong_with_a_unit_is_said_at_once():
    house = the_house()
    new = admin.NewUnit("jmb", "Unit \u202e", "Europe/Berlin", ("15.71.01.1004", "15.71.01.9999", "15.71.01"))
    assert faults(refused(lambda: admin.add_unit(new, house))) == [
        ("code", "code_format"),
        ("name", "name_characters"),
        ("zone", "zone_unknown"),
        ("kelurahan.1", "kelurahan_unknown"),
        ("kelurahan.2", "kelurahan_unknown"),
    ]


def test_nobody_but_an_admin_opens_units_and_accounts():
    officer = an_officer()
    with pytest.raises(NotAllowed):
        admin.add_unit(admin.NewUnit("XYZ", "X", "Asia/Jakarta", ()), officer)
    with pytest.raises(NotAllowed):
        admin.add_user(admin.NewUser("x", "X", Role.ADMIN, None, PASSWORD), officer)
    with pytest.raises(NotAllowed):
        questions.users(officer)


def test_a_user_signs_in_with_the_password_that_was_made_for_her():
    a_unit()
    added = admin.add_user(admin.NewUser("dewi", "Dewi Lestari", Role.HEAD, "JMB"), the_house())
    assert added.password is not None
    assert len(added.password) >= 16
    person = sign_in("dewi", added.password).person
    assert (person.role, person.unit_code) == (Role.HEAD, "JMB")


def test_the_first_admin_needs_no_unit():
    added = admin.add_user(admin.NewUser("pusat", "Kantor Pusat", Role.ADMIN, None, PASSWORD), the_house())
    assert (added.unit, added.password) == (None, None)
    assert accounts.any_users()


def test_a_user_name_is_taken_once():
    a_unit()
    a_user(Role.OFFICER, username="rani")
    refusal = refused(lambda: a_user(Role.HEAD, username="rani"))
    assert (refusal.code, refusal.status) == ("username_taken", 409)


def test_a_leader_is_tied_to_a_member_of_the_unit():
    officer = an_officer()
    a_member(a_group(officer), officer)
    leader = a_user(Role.LEADER, member="JMB-0001-01")
    assert leader.member_id is not None
    new = admin.NewUser("lain", "Lain", Role.LEADER, "JMB", PASSWORD)
    assert faults(refused(lambda: admin.add_user(new, the_house()))) == [("member", "member_needed")]
    with pytest.raises(NotFound):
        admin.add_user(replace(new, member="JMB-0001-99"), the_house())
    a_unit("SRG", city="36.73", name="Kota Serang")
    with pytest.raises(NotFound):
        admin.add_user(replace(new, unit="SRG", member="JMB-0001-01"), the_house())


def test_a_user_without_sense_is_refused_at_each_field():
    house = the_house()
    new = admin.NewUser("Ibu Dewi", "", Role.OFFICER, None, "pendek")
    assert faults(refused(lambda: admin.add_user(new, house))) == [
        ("username", "username_format"),
        ("name", "name_length"),
        ("unit", "unit_needed"),
        ("password", "password_weak"),
    ]
    with pytest.raises(NotFound):
        admin.add_user(replace(new, unit="NAN"), house)


def test_a_demo_account_may_have_the_demos_password():
    a_unit()
    new = admin.NewUser("officer", "Petugas", Role.OFFICER, "JMB", "maju-bersama-demo", is_demo=True)
    admin.add_user(new, the_house())
    refusal = refused(lambda: admin.add_user(replace(new, username="lain", is_demo=False), the_house()))
    assert faults(refusal) == [("password", "password_weak")]


def test_a_token_stands_for_its_user_and_older_ones_stay():
    officer, house = an_officer(), the_house()
    first, second = tokens.issue_token("officer", house).token, tokens.issue_token("officer", house).token
    assert first != second
    for token in (first, second):
        found = accounts.bearer(digest(token))
        assert found is not None
        assert found.person.user_id == officer.user_id
    with pytest.raises(NotFound):
        tokens.issue_token("nobody", house)


def mekaar():
    version = questions.product("MEKAAR", TODAY)
    assert version is not None
    return version.terms


def test_a_product_changes_from_a_day_on():
    house = the_house()
    dearer = replace(mekaar(), margin_bp=3000)
    admin.add_product(dearer, date(2027, 1, 1), house)
    now, then = questions.product("MEKAAR", TODAY), questions.product("MEKAAR", date(2027, 1, 1))
    assert now is not None
    assert then is not None
    assert (now.terms.margin_bp, now.valid_to) == (2500, date(2026, 12, 31))
    assert (then.terms.margin_bp, then.valid_from, then.valid_to) == (3000, date(2027, 1, 1), None)
    assert questions.product_version(now.id) == now
    assert [version.terms.code for version in questions.products(TODAY)] == ["MEKAAR", "MEKAAR-SYARIAH"]
    assert questions.product("MEKAAR", date(2019, 12, 31)) is None


def test_a_product_version_begins_today_or_later_and_once_a_day():
    house = the_house()
    terms = replace(mekaar(), code="MEKAAR-PLUS", by_cycle=(CycleLimit(1, None, 3_000_000),))
    admin.add_product(terms, TODAY, house)
    kept = questions.product("MEKAAR-PLUS", TODAY)
    assert kept is not None
    assert kept.terms == terms
    assert refused(lambda: admin.add_product(terms, TODAY, house)).status == 409
    assert faults(refused(lambda: admin.add_product(terms, date(2026, 11, 25), house))) == [("valid_from", "in_the_past")]


def test_terms_without_sense_are_refused_at_each_field():
    house = the_house()
    senseless = replace(
        mekaar(), code="x", min_principal=0, max_principal=10**12, coin=0, every_weeks=2, weeks=(25, 50), year_weeks=61, upj_bp=10_001
    )
    assert faults(refused(lambda: admin.add_product(senseless, TODAY, house))) == [
        ("code", "code_format"),
        ("min_principal", "too_small"),
        ("coin", "too_small"),
        ("max_principal", "too_large"),
        ("upj_bp", "out_of_range"),
        ("year_weeks", "out_of_range"),
        ("weeks.0", "weeks_not_whole"),
    ]


def test_the_trace_says_who_did_what_and_the_head_sees_her_unit_only():
    officer = an_officer()
    group_id = a_group(officer)
    head, auditor = a_user(Role.HEAD), a_user(Role.AUDITOR, unit=None)
    seen = questions.audit(head)
    assert [(row.actor, row.act, row.row) for row in seen] == [("officer", "groups.form_group", f"group:{group_id}")]
    everything = questions.audit(auditor, limit=200)
    assert {"admin.load_reference", "admin.add_unit", "admin.add_user", "groups.form_group"} <= {row.act for row in everything}
    assert questions.audit(auditor, actor="officer") == seen
    assert questions.audit(auditor, after_id=everything[-1].id) == []
    with pytest.raises(NotAllowed):
        questions.audit(officer)


def test_a_password_is_costly_to_guess_in_earnest():
    # The tests themselves hash cheaply (tests/conftest.py): a process of its own shows what the programme does.
    asked = "from lending.actions.accounts import hash_password; print(hash_password('kopi tubruk pagi'), end='')"
    hashed = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
