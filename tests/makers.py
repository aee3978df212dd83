"""One maker a thing, built through the house's own acts; each shows only what a test cares about. They need the fixture `app`."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

from lending.actions import admin, enrolment, groups, members, reference
from lending.domain.access import Actor, Role
from lending.domain.refusals import Conflict, Refusal
from lending.queries import accounts
from lending.queries.admin import SYSTEM, regions, system_person
from tests.conftest import TODAY

PASSWORD = "empat-kuda-di-sawah"
BORN = date(1990, 5, 17)
ALL_CONSENTS = ("credit", "group", "photo", "city")

_serials = count(1)


def refused(act: Callable[[], object]) -> Refusal:
    """The refusal that this act ends in; a test that expects one fails when there is none."""
    try:
        act()
    except Refusal as refusal:
        return refusal
    raise AssertionError("nothing was refused")


def faults(refusal: Refusal) -> list[tuple[str, str]]:
    """The fields to blame, each with its code."""
    return [(fault.at, fault.code) for fault in refusal.faults]


def the_house(on: date = TODAY) -> Actor:
    """The house itself, with the shipped regions, holidays and products."""
    if accounts.account(SYSTEM) is None:
        reference.load_reference(on)
    return system_person().acting(on)


def a_unit(code: str = "JMB", *, city: str = "15.71", name: str = "Kota Jambi", zone: str = "Asia/Jakarta", on: date = TODAY) -> int:
    """A unit that serves every kelurahan of a city."""
    house = the_house(on)
    kelurahan = tuple(region.code for region in regions(city, limit=1000) if region.level == "kelurahan")
    return admin.add_unit(admin.NewUnit(code, name, zone, kelurahan), house)


def a_user(
    role: Role = Role.OFFICER, *, username: str | None = None, unit: str | None = "JMB", member: str | None = None, on: date = TODAY
) -> Actor:
    """Somebody of that role, ready to act on that day; her user name is the role's unless said. The unit must be there."""
    name = username or role.value
    admin.add_user(admin.NewUser(name, name.capitalize(), role, unit, PASSWORD, member), the_house(on))
    return an_actor(name, on)


def an_actor(username: str, on: date = TODAY) -> Actor:
    """Somebody who is there already, acting on that day."""
    account = accounts.account(username)
    assert account is not None
    return account.person.acting(on)


def an_officer(on: date = TODAY) -> Actor:
    """An officer of the unit JMB, both made if they are not there."""
    try:
        a_unit(on=on)
    except Conflict:
        pass
    found = accounts.account("officer")
    return found.person.acting(on) if found else a_user(Role.OFFICER, on=on)


def a_group(
    by: Actor,
    *,
    name: str = "Melati",
    officer: str = "officer",
    kelurahan: str = "15.71.01.1004",
    first_meeting: date | None = None,
    imported: bool = False,
) -> int:
    """A group of her unit that first meets a week from her today."""
    first = first_meeting or by.today + timedelta(days=7)
    new = groups.NewGroup(name, kelurahan, first.isoweekday(), "09:00", "Rumah Ibu Sari", officer, first)
    return groups.form_group(new, by, imported=imported).id


def a_nik(birth_date: date = BORN, *, region: str = "157101", serial: int | None = None) -> str:
    """A woman's NIK that nobody has yet."""
    number = next(_serials) if serial is None else serial
    return f"{region}{birth_date.day + 40:02}{birth_date:%m%y}{number:04}"


def a_new_member(**particulars: object) -> enrolment.NewMember:
    """What is told of a woman who joins; any particular can be said otherwise."""
    birth_date = particulars.get("birth_date", BORN)
    assert isinstance(birth_date, date)
    usual: dict[str, object] = {
        "name": "Siti Aminah",
        "nik": a_nik(birth_date) if "nik" not in particulars else None,
        "birth_date": birth_date,
        "address": "Jl. Melati No. 7",
        "rt": "1",
        "rw": "02",
        "kelurahan": "15.71.01.1004",
        "consents": ALL_CONSENTS,
    }
    return enrolment.NewMember(**{**usual, **particulars})  # type: ignore[arg-type]


def a_member(group_id: int, by: Actor, **particulars: object) -> int:
    """A woman enrolled in a group."""
    return enrolment.enrol(group_id, a_new_member(**particulars), by).id


def some_members(group_id: int, by: Actor, how_many: int = 10, **particulars: object) -> list[int]:
    """That many women of a group; the first of them leads it."""
    found = [a_member(group_id, by, name=f"Ibu {'ABCDEFGHIJKLMNOPQRSTUVWXYZABCDE'[n]}", **particulars) for n in range(how_many)]
    groups.name_leader(group_id, found[0], by)
    return found


def ready_for_a_loan(member_id: int, by: Actor) -> None:
    """Give her what the gates of a first loan ask for: a passed test of eligibility and five days of training."""
    visit = members.HomeVisit(
        on=by.today, household_size=4, income_per_month=2_400_000, house_index=6, passed=True, other_debt_weekly=0, note=""
    )
    members.record_eligibility(member_id, visit, by)
    members.record_training(member_id, [by.today - timedelta(days=day) for day in range(5)], by)
