"""The demo's units and the people who sign in: one a role, and one officer more (api.md §2)."""

from lending.actions import admin
from lending.demo.plan import Staffed
from lending.demo.words import GROUP_NAMES
from lending.domain.access import HEAD_OFFICE_ZONE, Actor, Role
from lending.queries.admin import regions

JAMBI = Staffed(
    unit="JMB",
    city="15.71",
    fix=(-1.61, 103.61),
    officers=("officer", "officer2"),
    mentor="mentor",
    group_names=GROUP_NAMES,
    women=(15, 20),
)

SERANG = Staffed(
    unit="SRG",
    city="36.73",
    fix=(-6.12, 106.15),
    officers=("srg-officer",),
    mentor="srg-mentor",
    group_names=GROUP_NAMES[-4:],
    women=(12, 14),
)

UNIT_NAMES = {"JMB": "Kota Jambi", "SRG": "Kota Serang"}

STAFF = (
    ("officer", "Sari Wulandari", Role.OFFICER, "JMB"),
    ("officer2", "Budiarti Hutapea", Role.OFFICER, "JMB"),
    ("mentor", "Yuni Kartika", Role.MENTOR, "JMB"),
    ("head", "Rini Puspasari", Role.HEAD, "JMB"),
    ("cashier", "Dina Oktavia", Role.CASHIER, "JMB"),
    ("auditor", "Hendra Gunawan", Role.AUDITOR, "JMB"),
    ("city", "Nurul Huda", Role.CITY, "JMB"),
    ("admin", "Bayu Prasetyo", Role.ADMIN, "JMB"),
    ("srg-officer", "Eneng Suhaeti", Role.OFFICER, "SRG"),
    ("srg-mentor", "Ratu Mulyasari", Role.MENTOR, "SRG"),
    ("srg-head", "Tb. Ahmad Fauzi", Role.HEAD, "SRG"),
    ("srg-cashier", "Siti Maesaroh", Role.CASHIER, "SRG"),
    ("srg-city", "Iis Aisyah", Role.CITY, "SRG"),
)
"""User name, name, role, unit. The leaders come later: they are members first."""

_ALL = 1000


def open_units(house: Actor) -> None:
    """Open both units, each serving every kelurahan of its city."""
    for unit in (JAMBI, SERANG):
        served = tuple(region.code for region in regions(unit.city, limit=_ALL) if region.level == "kelurahan")
        admin.add_unit(admin.NewUnit(unit.unit, UNIT_NAMES[unit.unit], HEAD_OFFICE_ZONE, served, is_demo=True), house)


def hire(password: str, house: Actor) -> None:
    """Give everybody of the staff an account with the common password."""
    for username, name, role, unit in STAFF:
        admin.add_user(admin.NewUser(username, name, role, unit, password, is_demo=True), house)


def leader_signs_in(unit: str, name: str, number: str, password: str, house: Actor) -> None:
    """Give the woman of this number, who leads a group, an account of her own."""
    username = "leader" if unit == "JMB" else f"{unit.lower()}-leader"
    admin.add_user(admin.NewUser(username, name, Role.LEADER, unit, password, member=number, is_demo=True), house)
