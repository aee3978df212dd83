"""What head office keeps: units, users, products, holidays, regions; and the trace of every act."""

from datetime import date
from typing import TypeVar

from msgspec import UnsetType

from lending.actions import accounts, people, reference
from lending.actions import admin as acts
from lending.domain.access import Actor, Permission
from lending.domain.people import KEPT, Change, Kept
from lending.domain.schedule import CycleLimit, ProductTerms
from lending.queries import admin as questions
from lending.queries.admin import ProductVersion
from lending.web.api.door import Column
from lending.web.api.groups import moved
from lending.web.api.messages import admin as messages
from lending.web.api.messages.fields import Page, or_none
from lending.web.api.messages.groups import Moved
from lending.web.api.paging import Window
from lending.web.api.said import warned

V = TypeVar("V")

column = Column("admin", "Units, users, products, holidays, regions, and the trace of every act")


@column.call("POST", "/units", needs=Permission.MANAGE_ADMIN, status=201)
def open_unit(by: Actor, body: messages.NewUnit) -> messages.Unit:
    """Open a branch office."""
    unit_id = acts.add_unit(acts.NewUnit(body.code, body.name, body.zone, tuple(body.kelurahan)), by)
    return messages.Unit(id=unit_id, code=body.code, name=body.name, zone=body.zone, kelurahan=body.kelurahan)


@column.call("POST", "/users", needs=Permission.MANAGE_ADMIN, status=201)
def add_user(by: Actor, body: messages.NewUser) -> messages.User:
    """Give somebody an account. Without `password` one is made, and told this once."""
    new = acts.NewUser(body.username, body.name, body.role, body.unit, or_none(body.password), or_none(body.member))
    added = acts.add_user(new, by)
    return messages.User(username=added.username, name=added.name, role=added.role, unit=added.unit, password=added.password)


@column.call("PATCH", "/users/{name}", needs=Permission.MANAGE_ADMIN)
def change_user(by: Actor, name: str, body: messages.UserChange) -> messages.UserChanged:
    """Give somebody another role or unit, shut her out (`active: false`), or let her in again; her next request obeys it.

    Her sessions end. Tokens of programs go on with her new role, and are revoked when she is shut out. She cannot leave her place
    while she serves groups as their officer (`serves_groups`) or holds cash that nobody has counted (`holds_cash`). Nobody changes
    her own account (`own_account`, 403).
    """
    change = Change(_or_kept(body.role), _or_kept(body.unit), _or_kept(body.active), _or_kept(body.member))
    now = people.change_user(name, change, by)
    return messages.UserChanged(
        username=now.username,
        name=now.name,
        role=now.role,
        unit=now.unit,
        member=now.member,
        active=now.active,
        sessions_ended=now.sessions_ended,
        tokens_revoked=now.tokens_revoked,
        warnings=warned(now.warnings),
    )


@column.call("POST", "/users/{name}/reset", needs=Permission.MANAGE_ADMIN)
def reset_password(by: Actor, name: str) -> messages.OneTimeCode:
    """Her password is lost: it and all her sessions end, and the code, told this once, lets her choose another at `/sign-in/code`."""
    given = accounts.reset_password(name, by)
    return messages.OneTimeCode(username=given.username, code=given.code, until=given.until)


@column.call("POST", "/users/{name}/end-sessions", needs=Permission.MANAGE_ADMIN)
def end_sessions(by: Actor, name: str) -> messages.SessionsEnded:
    """A phone is lost: every session of its owner ends; her password and her programs' tokens stay."""
    return messages.SessionsEnded(username=name, ended=accounts.end_sessions(name, by))


@column.call("GET", "/products", needs=Permission.SEE_REFERENCE)
def list_products(by: Actor, window: Window) -> Page[messages.Product]:
    """The products offered today."""
    rows = questions.products(by.today, limit=window.fetch, after_id=window.after_id)
    ids = {row.terms.code: row.id for row in rows}
    return window.page([_product(row) for row in rows], lambda product: (ids[product.code],))


@column.call("POST", "/products", needs=Permission.MANAGE_ADMIN, status=201)
def add_product(by: Actor, body: messages.NewProduct) -> messages.Product:
    """Offer a product, or from `valid_from` on the next version of one. Running loans keep their terms."""
    limits = [CycleLimit(one.cycle, or_none(one.min_principal), or_none(one.max_principal)) for one in or_none(body.by_cycle) or []]
    terms = ProductTerms(
        code=body.code,
        name=body.name,
        akad=body.akad,
        min_principal=body.min_principal,
        max_principal=body.max_principal,
        step=body.step,
        weeks=tuple(body.weeks),
        every_weeks=body.every_weeks,
        margin_bp=body.margin_bp,
        year_weeks=body.year_weeks,
        coin=body.coin,
        upj_bp=body.upj_bp,
        payment_order=body.payment_order,
        by_cycle=tuple(limits),
        block_days_late=or_none(body.block_days_late),
    )
    return _product(questions.product_version(acts.add_product(terms, body.valid_from, by)))


@column.call("GET", "/holidays", needs=Permission.SEE_REFERENCE)
def list_holidays(by: Actor, asked: messages.HolidaysAsked, window: Window) -> Page[messages.Holiday]:
    """The days off of a year, by date; of this year when none is named."""
    year = or_none(asked.year) or by.today.year
    (last,) = window.after_key(date) or (None,)
    rows = [
        messages.Holiday(date=row.on, name=row.name, kind=row.kind, rule=row.rule, source=row.source, status=row.status)
        for row in questions.holidays(year, limit=window.fetch, after=last)
    ]
    return window.page(rows, lambda holiday: (holiday.date,))


@column.call("POST", "/holidays", needs=Permission.MANAGE_ADMIN, status=201)
def add_holiday(by: Actor, body: messages.NewHoliday, asked: messages.DryRun) -> Moved:
    """Declare a day off and move the meetings that stand on it; with `?dry_run=1` only tell which would move."""
    new = reference.NewHoliday(body.date, body.name, body.kind, or_none(body.rule), body.source)
    return moved(reference.add_holiday(new, by, dry_run=asked.dry_run))


@column.call("GET", "/regions", needs=Permission.SEE_REFERENCE)
def list_regions(by: Actor, asked: messages.RegionsAsked, window: Window) -> Page[messages.Region]:
    """Every kecamatan and kelurahan below a code, direct and deeper, by code."""
    (last,) = window.after_key(str) or ("",)
    rows = [
        messages.Region(
            code=row.code,
            level=row.level,
            name=row.name,
            parent=row.parent,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            source=row.source,
        )
        for row in questions.regions(or_none(asked.under), limit=window.fetch, after=last)
    ]
    return window.page(rows, lambda region: (region.code,))


@column.call("GET", "/audit", needs=Permission.SEE_AUDIT)
def trace(by: Actor, asked: messages.AuditAsked, window: Window) -> Page[messages.AuditRow]:
    """Every act, oldest first: the head sees her unit's, the auditor all."""
    rows = questions.audit(
        by,
        from_on=or_none(asked.since),
        to_on=or_none(asked.until),
        actor=or_none(asked.actor),
        act=or_none(asked.what),
        row=or_none(asked.row),
        limit=window.fetch,
        after_id=window.after_id,
    )
    return window.page(
        [
            messages.AuditRow(
                id=row.id,
                at=row.at,
                actor=row.actor,
                act=row.act,
                row=row.row,
                before=dict(row.before) if row.before is not None else None,
                after=dict(row.after) if row.after is not None else None,
                reason=row.reason,
                came_from=row.came_from,
                request=row.request,
            )
            for row in rows
        ],
        lambda row: (row.id,),
    )


def _or_kept(value: V | UnsetType) -> V | Kept:
    return KEPT if isinstance(value, UnsetType) else value


def _product(version: ProductVersion) -> messages.Product:
    terms = version.terms
    return messages.Product(
        code=terms.code,
        name=terms.name,
        akad=terms.akad,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
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
            messages.CycleLimit(cycle=one.cycle, min_principal=one.min_principal, max_principal=one.max_principal) for one in terms.by_cycle
        ],
        block_days_late=terms.block_days_late,
        needs_recognition=version.needs_recognition,
    )
