"""What head office keeps, asked: products, holidays, regions, units, users, and the trace of every act."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Select, bindparam, exists, func, select

from lending.database import session
from lending.domain.access import HEAD_OFFICE_ZONE, Actor, Permission, Person, Role
from lending.domain.calendar import Holiday, HolidayKind, HolidayRule
from lending.domain.refusals import NotFound
from lending.domain.schedule import CycleLimit, ProductTerms
from lending.models import AuditEvent, HolidayRow, Member, Product, Region, Unit, UnitArea, User

PAGE = 50
"""How many rows a list gives when nobody says."""

SYSTEM = "sistem"
"""The house itself, where no person acts: first set-up and the commands of whoever sits at the machine. It cannot sign in."""


# ---- products --------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProductVersion:
    """One version of a product; `valid_to` is the last day of it, None while no later version is known."""

    id: int
    terms: ProductTerms
    valid_from: date
    valid_to: date | None
    needs_recognition: bool


def products(on: date, *, limit: int = PAGE, after_id: int = 0) -> list[ProductVersion]:
    """The version of each product that is in force on that day."""
    versions = _versions(on).where(Product.id > after_id).order_by(Product.id).limit(limit)
    return [_version(row, next_from) for row, next_from in session.execute(versions)]


def product(code: str, on: date) -> ProductVersion | None:
    """The version of this product that is in force on that day; None where there is none."""
    found = session.execute(_versions(on).where(Product.code == code)).one_or_none()
    return None if found is None else _version(*found)


def product_version(product_id: int) -> ProductVersion:
    """One version by its id, whether in force or not: a loan keeps the version it began with."""
    row = session.get_one(Product, product_id)
    next_from = session.scalar(select(func.min(Product.valid_from)).where(Product.code == row.code, Product.valid_from > row.valid_from))
    return _version(row, next_from)


def told_terms(row: Product) -> dict[str, Any]:
    """Everything that a version of a product says, for the trace of who added it, and for the proof that nobody has changed it since."""
    told = {column.name: getattr(row, column.name) for column in Product.__table__.columns if column.name != "id"}
    return told | {"valid_from": row.valid_from.isoformat(), "akad": row.akad.value, "payment_order": row.payment_order.value}


def _versions(on: date) -> Select[Product, date | None]:
    later = func.lead(Product.valid_from, type_=Date()).over(partition_by=Product.code, order_by=Product.valid_from)
    dated = select(Product.id, later.label("next_from")).subquery()
    return (
        select(Product, dated.c.next_from)
        .join(dated, dated.c.id == Product.id)
        .where(Product.valid_from <= on, dated.c.next_from.is_(None) | (dated.c.next_from > on))
    )


def _version(row: Product, next_from: date | None) -> ProductVersion:
    terms = ProductTerms(
        code=row.code,
        name=row.name,
        akad=row.akad,
        min_principal=row.min_principal,
        max_principal=row.max_principal,
        step=row.step,
        weeks=tuple(row.weeks),
        every_weeks=row.every_weeks,
        margin_bp=row.margin_bp,
        year_weeks=row.year_weeks,
        coin=row.coin,
        upj_bp=row.upj_bp,
        payment_order=row.payment_order,
        by_cycle=tuple(CycleLimit(limit["cycle"], limit.get("min_principal"), limit.get("max_principal")) for limit in row.by_cycle),
        block_days_late=row.block_days_late,
    )
    valid_to = None if next_from is None else next_from - timedelta(days=1)
    return ProductVersion(row.id, terms, row.valid_from, valid_to, row.needs_recognition)


# ---- holidays --------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HolidayListed:
    """A day off as head office declared it."""

    id: int
    on: date
    name: str
    kind: HolidayKind
    rule: HolidayRule
    source: str
    status: str


def holidays(year: int | None, *, limit: int = PAGE, after: date | None = None) -> list[HolidayListed]:
    """The days off of a year, or of all years, by date."""
    question = (
        select(HolidayRow.id, HolidayRow.on_day, HolidayRow.name, HolidayRow.kind, HolidayRow.rule, HolidayRow.source, HolidayRow.status)
        .order_by(HolidayRow.on_day)
        .limit(limit)
    )
    if year is not None:
        question = question.where(HolidayRow.on_day.between(date(year, 1, 1), date(year, 12, 31)))
    if after is not None:
        question = question.where(HolidayRow.on_day > after)
    return [HolidayListed(*row) for row in session.execute(question)]


def holiday_calendar() -> dict[date, Holiday]:
    """Every day off that stands, by its date: what calendars are laid out by."""
    question = select(HolidayRow.on_day, HolidayRow.name, HolidayRow.kind, HolidayRow.rule).where(HolidayRow.status != "withdrawn")
    return {on: Holiday(on, name, kind, rule) for on, name, kind, rule in session.execute(question)}


# ---- regions ---------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RegionListed:
    """A place with its Kemendagri code; `level` is kota, kecamatan or kelurahan."""

    code: str
    level: str
    name: str
    parent: str | None
    valid_from: date
    valid_to: date | None
    source: str


_REGION = (Region.code, Region.level, Region.name, Region.parent, Region.valid_from, Region.valid_to, Region.source)


def regions(under: str | None, *, limit: int = PAGE, after: str = "") -> list[RegionListed]:
    """Every place below this code, direct and deeper, by code; `not_found` for a code that nobody knows. Without a code, all."""
    question = select(*_REGION).where(Region.code > after).order_by(Region.code).limit(limit)
    if under is not None:
        if not session.scalar(select(exists().where(Region.code == under))):
            raise NotFound
        question = question.where(Region.code.startswith(f"{under}.", autoescape=True))
    return [RegionListed(*row) for row in session.execute(question)]


def region_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of these places, where the codes are known."""
    rows = session.execute(select(Region.code, Region.name).where(Region.code.in_(set(codes)))).all()
    return dict(rows)


def knows_region(code: str, level: str) -> bool:
    """Whether the list holds this code at this level."""
    return bool(session.scalar(_KNOWN, {"code": code, "level": level}))


_KNOWN = select(exists().where(Region.code == bindparam("code"), Region.level == bindparam("level")))


def served(unit_id: int) -> list[RegionListed]:
    """The kelurahan a unit serves, by name."""
    question = select(*_REGION).join(UnitArea, UnitArea.kelurahan == Region.code).where(UnitArea.unit_id == unit_id)
    return [RegionListed(*row) for row in session.execute(question.order_by(Region.name, Region.code))]


def serves(unit_id: int, kelurahan: str) -> bool:
    """Whether the unit serves this kelurahan."""
    return bool(session.scalar(_SERVED, {"unit": unit_id, "kelurahan": kelurahan}))


_SERVED = select(exists().where(UnitArea.unit_id == bindparam("unit"), UnitArea.kelurahan == bindparam("kelurahan")))


# ---- units and users -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitListed:
    """A branch office with the codes of the kelurahan it serves."""

    id: int
    code: str
    name: str
    zone: str
    kelurahan: tuple[str, ...]


@dataclass(frozen=True)
class UserListed:
    """Somebody with an account; `member` is the number of the woman a leader is."""

    id: int
    username: str
    name: str
    role: Role
    unit: str | None
    member: str | None
    active: bool
    is_demo: bool


def units(by: Actor, *, limit: int = PAGE, after_id: int = 0) -> list[UnitListed]:
    """All units, for the admin."""
    by.require(Permission.MANAGE_ADMIN)
    found = session.execute(select(Unit.id, Unit.code, Unit.name, Unit.zone).where(Unit.id > after_id).order_by(Unit.id).limit(limit)).all()
    areas: dict[int, list[str]] = {}
    for unit_id, kelurahan in session.execute(
        select(UnitArea.unit_id, UnitArea.kelurahan).where(UnitArea.unit_id.in_([row.id for row in found])).order_by(UnitArea.kelurahan)
    ):
        areas.setdefault(unit_id, []).append(kelurahan)
    return [UnitListed(*row, tuple(areas.get(row.id, ()))) for row in found]


def unit_name(unit_id: int) -> str:
    """What a unit is called, for the head of a paper."""
    return session.scalar(select(Unit.name).where(Unit.id == unit_id)) or ""


def unit_choices() -> list[tuple[str, str]]:
    """Every unit, as (code, name)."""
    return [(code, name) for code, name in session.execute(select(Unit.code, Unit.name).order_by(Unit.code))]


@dataclass(frozen=True)
class UnitNamed:
    """A unit by its code."""

    id: int
    zone: str


def unit_named(code: str) -> UnitNamed:
    """The unit with this code; `not_found` where there is none."""
    found = session.execute(select(Unit.id, Unit.zone).where(Unit.code == code)).one_or_none()
    if found is None:
        raise NotFound
    return UnitNamed(*found)


def unit_code(unit_id: int) -> str:
    """The code of a unit."""
    return session.scalar(select(Unit.code).where(Unit.id == unit_id)) or ""


def users(by: Actor, *, unit: str | None = None, limit: int = PAGE, after_id: int = 0) -> list[UserListed]:
    """All accounts, or those of one unit, for the admin; without the house itself."""
    by.require(Permission.MANAGE_ADMIN)
    question = _users().where(User.id > after_id).order_by(User.id).limit(limit)
    if unit is not None:
        question = question.where(Unit.code == unit)
    return [UserListed(*row) for row in session.execute(question)]


def user_named(username: str) -> UserListed | None:
    """The account of this name, None where there is none; the house's own is none."""
    row = session.execute(_users().where(User.username == username)).one_or_none()
    return None if row is None else UserListed(*row)


def _users() -> Select[*tuple[Any, ...]]:
    return (
        select(User.id, User.username, User.name, User.role, Unit.code, Member.number, User.active, User.is_demo)
        .outerjoin(Unit, Unit.id == User.unit_id)
        .outerjoin(Member, Member.id == User.member_id)
        .where(User.username != SYSTEM)
    )


def system_person() -> Person:
    """The house itself, as the one who acts where no person does; it is there once the reference data is loaded."""
    user_id, name = session.execute(select(User.id, User.name).where(User.username == SYSTEM)).one()
    return Person(user_id, SYSTEM, name, Role.ADMIN, None, None, None, HEAD_OFFICE_ZONE, None)


# ---- the trace -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AuditListed:
    """One act as it was written down; `actor` is a user name."""

    id: int
    at: datetime
    actor: str
    act: str
    row: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    reason: str | None
    came_from: str | None
    request: str | None


def audit(
    by: Actor,
    *,
    from_on: date | None = None,
    to_on: date | None = None,
    actor: str | None = None,
    act: str | None = None,
    row: str | None = None,
    limit: int = PAGE,
    after_id: int = 0,
) -> list[AuditListed]:
    """What was done, oldest first: the head sees her unit's acts, the auditor all. Days are those of her own zone, both included."""
    by.require(Permission.SEE_AUDIT)
    question = (
        select(
            AuditEvent.id,
            AuditEvent.at,
            User.username,
            AuditEvent.act,
            AuditEvent.row,
            AuditEvent.before,
            AuditEvent.after,
            AuditEvent.reason,
            AuditEvent.came_from,
            AuditEvent.request,
        )
        .join(User, User.id == AuditEvent.actor_id)
        .where(AuditEvent.id > after_id)
        .order_by(AuditEvent.id)
        .limit(limit)
    )
    if not by.reads_every_unit:
        question = question.where(AuditEvent.unit_id == by.unit_id)
    if from_on is not None:
        question = question.where(AuditEvent.at >= _beginning(from_on, by.zone))
    if to_on is not None:
        question = question.where(AuditEvent.at < _beginning(to_on + timedelta(days=1), by.zone))
    for column, wanted in ((User.username, actor), (AuditEvent.act, act), (AuditEvent.row, row)):
        if wanted is not None:
            question = question.where(column == wanted)
    return [AuditListed(*found) for found in session.execute(question)]


def acts_counted(by: Actor, since: date, acts: Sequence[str]) -> Counter[str]:
    """How often each of these acts was done from that day on, among those that she may read."""
    by.require(Permission.SEE_AUDIT)
    question = (
        select(AuditEvent.act, func.count())
        .where(AuditEvent.at >= _beginning(since, by.zone), AuditEvent.act.in_(acts))
        .group_by(AuditEvent.act)
    )
    if not by.reads_every_unit:
        question = question.where(AuditEvent.unit_id == by.unit_id)
    return Counter(dict(session.execute(question).all()))


def _beginning(on: date, zone: str) -> datetime:
    return datetime.combine(on, time.min, ZoneInfo(zone))
