"""Head office's acts: units, people who sign in, products, days off, and the first reference data."""

import re
import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lending import clock
from lending.actions.accounts import hash_password
from lending.actions.audit import note
from lending.actions.once import first_wins
from lending.database import session, transaction
from lending.domain.access import Actor, Permission, Role
from lending.domain.arrears import REGIMES
from lending.domain.identity import check_name
from lending.domain.passwords import check_password
from lending.domain.people import check_place
from lending.domain.products import check_terms
from lending.domain.refusals import Conflict, Gathered, NotFound, Refusal
from lending.domain.schedule import ProductTerms
from lending.models import Member, Product, Unit, UnitArea, User
from lending.queries.admin import knows_region, told_terms

ZONES = ("Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura")
"""The zones of Indonesia: one of them decides what day it is in a unit."""

_UNIT_CODE = re.compile(r"[A-Z0-9]{2,10}", re.ASCII)
_PRODUCT_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}", re.ASCII)
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,59}", re.ASCII)
_EASILY_READ = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class NewUnit:
    """A branch office to be opened: its code stands in every receipt, its zone is an IANA name, `kelurahan` are the codes it serves."""

    code: str
    name: str
    zone: str
    kelurahan: tuple[str, ...]
    is_demo: bool = False
    regime: str = "weekly_lender"
    """By which quality classes it reports, for good: its nights are written by them."""


@dataclass(frozen=True)
class NewUser:
    """Somebody who is to sign in. Without a password one is made; `member` is the number of the woman a leader is."""

    username: str
    name: str
    role: Role
    unit: str | None
    password: str | None = None
    member: str | None = None
    is_demo: bool = False


@dataclass(frozen=True)
class AddedUser:
    """A new account; `password` is the one that was made for her, told this once, and None where she was given one."""

    id: int
    username: str
    name: str
    role: Role
    unit: str | None
    password: str | None


def add_unit(new: NewUnit, by: Actor) -> int:
    """Open a unit and return its id.

    Refused: `unit_taken` (409), `code_format`, `zone_unknown`, `kelurahan_unknown`, `name_characters`, `name_length`, `not_a_choice` (the
    regime).
    """
    by.require(Permission.MANAGE_ADMIN)
    with transaction():
        if session.scalar(select(Unit.id).where(Unit.code == new.code)) is not None:
            raise Conflict("unit_taken", at="code", unit=new.code)
        found = Gathered()
        with found:
            if _UNIT_CODE.fullmatch(new.code) is None:
                raise Refusal("code_format", at="code")
        with found:
            if new.regime not in REGIMES:
                raise Refusal("not_a_choice", at="regime")
        with found:
            name = check_name(new.name)
        with found:
            if new.zone not in ZONES:
                raise Refusal("zone_unknown", at="zone", zones=ZONES)
        for place, kelurahan in enumerate(new.kelurahan):
            with found:
                if not knows_region(kelurahan, "kelurahan"):
                    raise Refusal("kelurahan_unknown", at=f"kelurahan.{place}", kelurahan=kelurahan)
        found.refuse()
        unit = Unit(code=new.code, name=name, zone=new.zone, regime=new.regime, is_demo=new.is_demo)
        with first_wins("unit_taken", at="code", unit=new.code):
            session.add(unit)
            session.flush()
        session.add_all(UnitArea(unit_id=unit.id, kelurahan=kelurahan) for kelurahan in dict.fromkeys(new.kelurahan))
        note(
            by,
            "admin.add_unit",
            f"unit:{unit.id}",
            at=clock.now(),
            after={"code": new.code, "name": name, "zone": new.zone, "regime": new.regime},
        )
        return unit.id


def add_user(new: NewUser, by: Actor) -> AddedUser:
    """Give somebody an account.

    A demo account is marked as one, and may have the demo's common password. Refused: `not_found` for a unit or member that is not there,
    `username_taken` (409), `username_format`, `name_length`, `name_characters`, `unit_needed`, `member_needed`, `member_not_hers`,
    `password_weak`.
    """
    by.require(Permission.MANAGE_ADMIN)
    password = _a_password() if new.password is None else new.password
    hashed = hash_password(password)
    with transaction():
        unit = None if new.unit is None else _unit(new.unit)
        member = None if new.member is None else _member(new.member, unit)
        if session.scalar(select(User.id).where(User.username == new.username)) is not None:
            raise Conflict("username_taken", at="username", username=new.username)
        name = _check_user(new)
        unit_id = unit.id if unit else None
        user = User(
            username=new.username,
            name=name,
            role=new.role,
            unit_id=unit_id,
            member_id=member.id if member else None,
            password_hash=hashed,
            is_demo=new.is_demo,
            created_at=clock.now(),
        )
        with first_wins("username_taken", at="username", username=new.username):
            session.add(user)
            session.flush()
        about = {"username": new.username, "name": name, "role": new.role.value, "unit": new.unit, "member": new.member}
        note(by, "admin.add_user", f"user:{user.id}", at=clock.now(), after=about)
        return AddedUser(user.id, new.username, name, new.role, new.unit, password if new.password is None else None)


def add_product(terms: ProductTerms, valid_from: date, by: Actor) -> int:
    """Offer a product on these terms from that day on, or the next version of one; running loans keep theirs. Returns the version's id.

    Refused: `product_version_taken` (409, this code on this day), `in_the_past`, `code_format`, and what `check_terms` refuses.
    """
    by.require(Permission.MANAGE_ADMIN)
    with transaction():
        already = select(Product.id).where(Product.code == terms.code, Product.valid_from == valid_from)
        if session.scalar(already) is not None:
            raise Conflict("product_version_taken", at="valid_from", product=terms.code, on=valid_from)
        found = Gathered()
        with found:
            if _PRODUCT_CODE.fullmatch(terms.code) is None:
                raise Refusal("code_format", at="code")
        with found:
            if valid_from < by.today:
                raise Refusal("in_the_past", at="valid_from", on=valid_from)
        with found:
            check_terms(terms)
        found.refuse()
        row = product_row(terms, valid_from, needs_recognition=False)
        with first_wins("product_version_taken", at="valid_from", product=terms.code, on=valid_from):
            session.add(row)
            session.flush()
        note_product(row, by)
        return row.id


def note_product(row: Product, by: Actor) -> None:
    """Write down who added a version of a product, with all its terms."""
    note(by, "admin.add_product", f"product:{row.id}", at=clock.now(), after={"code": row.code, "terms": told_terms(row)})


def product_row(terms: ProductTerms, valid_from: date, *, needs_recognition: bool) -> Product:
    """A version of a product as it is stored."""
    return Product(
        code=terms.code,
        valid_from=valid_from,
        name=terms.name,
        akad=terms.akad,
        min_principal=terms.min_principal,
        max_principal=terms.max_principal,
        step=terms.step,
        weeks=list(terms.weeks),
        every_weeks=terms.every_weeks,
        margin_bp=terms.margin_bp,
        year_weeks=terms.year_weeks,
        coin=terms.coin,
        upj_bp=terms.upj_bp,
        payment_order=terms.payment_order,
        by_cycle=[
            {"cycle": limit.cycle, "min_principal": limit.min_principal, "max_principal": limit.max_principal} for limit in terms.by_cycle
        ],
        block_days_late=terms.block_days_late,
        needs_recognition=needs_recognition,
    )


def _unit(code: str) -> Unit:
    unit = session.scalar(select(Unit).where(Unit.code == code))
    if unit is None:
        raise NotFound(at="unit")
    return unit


def _member(number: str, unit: Unit | None) -> Member:
    member = session.scalar(select(Member).where(Member.number == number))
    if member is None or unit is None or member.unit_id != unit.id:
        raise NotFound(at="member")
    return member


def _check_user(new: NewUser) -> str:
    """Her name as it will be stored, if all else about her makes sense too."""
    found = Gathered()
    with found:
        if _USERNAME.fullmatch(new.username) is None:
            raise Refusal("username_format", at="username")
    with found:
        name = check_name(new.name)
    with found:
        check_place(new.role, new.unit, new.member)
    with found:
        if new.password is not None and not new.is_demo:
            check_password(new.password, new.username)
    found.refuse()
    return name


def _a_password() -> str:
    """Sixteen easily read characters in groups of four: 79 bits."""
    return "-".join("".join(secrets.choice(_EASILY_READ) for _ in range(4)) for _ in range(4))
