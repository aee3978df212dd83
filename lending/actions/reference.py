"""Days off, declared one by one or shipped with the programme; and the shipped regions and products of a new house.

A day off that is declared after calendars were laid out moves the meetings that stand on it, in the same transaction.
"""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, insert, select

from lending import clock
from lending.actions.accounts import NOBODYS_HASH
from lending.actions.admin import note_product, product_row
from lending.actions.audit import note
from lending.actions.once import first_wins, hold
from lending.actions.replanning import CalendarChange, keep_holiday
from lending.database import session, transaction
from lending.domain.access import Actor, Permission, Role
from lending.domain.calendar import Holiday, HolidayKind, HolidayRule
from lending.domain.refusals import Conflict
from lending.domain.risk_rules import shipped_terms
from lending.domain.schedule import Akad, CycleLimit, PaymentOrder, ProductTerms
from lending.models import HolidayRow, Meeting, Product, Region, RiskRule, User
from lending.queries.admin import SYSTEM, system_person
from lending.reference import load

DECREED = "decreed"
SHIPPED_WITH = "bawaan program"


@dataclass(frozen=True)
class NewHoliday:
    """A day off to be declared; without a rule it does what its kind does: cuti bersama moves nothing, other days skip the week."""

    on: date
    name: str
    kind: HolidayKind
    rule: HolidayRule | None
    source: str


@dataclass(frozen=True)
class ReferenceLoaded:
    """How many rows of each were new."""

    regions: int
    holidays: int
    products: int
    rules: int


def add_holiday(new: NewHoliday, by: Actor, *, dry_run: bool = False) -> CalendarChange:
    """Declare a day off, and move the meetings of every group that stand on it after today; a dry run only tells.

    Refused: `holiday_taken` (409, the day is in the list already), `rule_not_for_kind`, `already_recorded` (409).
    """
    by.require(Permission.MANAGE_ADMIN)
    with nullcontext() if dry_run else transaction():
        taken = session.scalar(select(HolidayRow.name).where(HolidayRow.on_day == new.on))
        if taken is not None:
            raise Conflict("holiday_taken", at="date", on=new.on, name=taken)
        usual = HolidayRule.KEEP if new.kind is HolidayKind.CUTI_BERSAMA else HolidayRule.SKIP
        holiday = Holiday(new.on, new.name, new.kind, new.rule or usual)
        change = keep_holiday(holiday, by, dry_run=dry_run)
        if not dry_run:
            with first_wins("holiday_taken", at="date", on=new.on):
                session.add(_row(holiday, new.source, DECREED))
                session.flush()
            after = {"date": new.on, "name": new.name, "kind": new.kind.value, "rule": holiday.rule.value, "move": change.move_id}
            note(by, "admin.add_holiday", f"holiday:{new.on}", at=clock.now(), after=after)
        return change


def load_reference(today: date) -> ReferenceLoaded:
    """Store what the programme ships and the database lacks: regions, days off (moving meetings that stand on new ones), products, rules
    of risk.

    Running it again changes nothing. It needs no user, and makes the one by whom the house itself acts.
    """
    with transaction():
        hold("reference")  # two processes may start at once
        by = _the_house(today)
        known_regions = set(session.scalars(select(Region.code)))
        regions = [region for region in load.regions() if region.code not in known_regions]
        if regions:
            session.execute(insert(Region), [vars(region) for region in regions])
        known_versions = {(code, valid_from) for code, valid_from in session.execute(select(Product.code, Product.valid_from))}
        products = [product for product in load.products() if (product.code, product.valid_from) not in known_versions]
        added = [product_row(_terms(product), product.valid_from, needs_recognition=product.needs_recognition) for product in products]
        session.add_all(added)
        session.flush()
        for row in added:
            note_product(row, by)
        holidays = _load_holidays(by)
        loaded = ReferenceLoaded(len(regions), holidays, len(products), _load_rules(by))
        if any(vars(loaded).values()):
            note(by, "admin.load_reference", "reference", at=clock.now(), after=vars(loaded))
        return loaded


def _load_holidays(by: Actor) -> int:
    known = set(session.scalars(select(HolidayRow.on_day)))
    new = [row for row in load.holidays() if row.date not in known]
    anything_planned = bool(session.scalar(select(exists().where(Meeting.planned_on > by.today))))
    for row in new:
        holiday = Holiday(row.date, row.name, HolidayKind(row.kind), HolidayRule(row.rule))
        if anything_planned:
            keep_holiday(holiday, by)
        session.add(_row(holiday, row.source, row.status))
        if anything_planned:
            session.flush()  # the next one asks for the days off that are there
    return len(new)


def _load_rules(by: Actor) -> int:
    """The shipped rules of risk, from ever on; a rule that has a version keeps to its own."""
    known = set(session.scalars(select(RiskRule.code)))
    new = {code: terms for code, terms in shipped_terms().items() if code not in known}
    since, now = date(2000, 1, 1), clock.now()
    rows = [
        RiskRule(code=code, valid_from=since, terms=terms, reason=SHIPPED_WITH, recorded_at=now, actor_id=by.user_id)
        for code, terms in new.items()
    ]
    session.add_all(rows)
    return len(rows)


def _row(holiday: Holiday, source: str, status: str) -> HolidayRow:
    return HolidayRow(on_day=holiday.on, name=holiday.name, kind=holiday.kind, rule=holiday.rule, source=source, status=status)


def _terms(product: load.ProductRow) -> ProductTerms:
    return ProductTerms(
        code=product.code,
        name=product.name,
        akad=Akad(product.akad),
        min_principal=product.min_principal,
        max_principal=product.max_principal,
        step=product.step,
        weeks=product.weeks,
        every_weeks=product.every_weeks,
        margin_bp=product.margin_bp,
        year_weeks=product.year_weeks,
        coin=product.coin,
        upj_bp=product.upj_bp,
        payment_order=PaymentOrder(product.payment_order),
        by_cycle=tuple(CycleLimit(limit.cycle, None, limit.max_principal) for limit in product.by_cycle),
        block_days_late=product.block_days_late,
    )


def _the_house(today: date) -> Actor:
    """The actor of what no person does: an account that cannot sign in."""
    if session.scalar(select(User.id).where(User.username == SYSTEM)) is None:
        session.add(
            User(
                username=SYSTEM,
                name="Sistem",
                role=Role.ADMIN,
                password_hash=NOBODYS_HASH,
                active=False,
                created_at=clock.now(),
            )
        )
        session.flush()
    return system_person().acting(today)
