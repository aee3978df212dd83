"""What head office keeps: units, users, products, holidays, regions; and the trace of every act."""

from datetime import date, datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, field

from lending.domain.access import Role
from lending.domain.calendar import HolidayKind, HolidayRule
from lending.domain.schedule import Akad, PaymentOrder
from lending.web.api.messages.fields import (
    Amount,
    Answer,
    Body,
    Code,
    Count,
    Day,
    Flag,
    Id,
    Maybe,
    Name,
    Password,
    Question,
    Typed,
    Warned,
    Words,
    text,
)


class NewUnit(Body, frozen=True, kw_only=True):
    """A branch office, the zone whose clock it goes by, and the kelurahan it serves."""

    code: Annotated[str, text(10, shortest=2, pattern="^[A-Z][A-Z0-9]{1,9}$")]
    name: Name
    zone: Typed
    kelurahan: list[Typed]


class Unit(Answer, frozen=True, kw_only=True):
    """A unit."""

    id: Id
    code: str
    name: str
    zone: str
    kelurahan: list[str]


class NewUser(Body, frozen=True, kw_only=True):
    """Somebody who may sign in. `unit` is null for head office; `member` is the number of the leader's own membership."""

    username: Name
    name: Name
    role: Role
    unit: Code | None = None
    member: Maybe[Code] = UNSET
    password: Maybe[Password] = UNSET


class User(Answer, frozen=True, kw_only=True):
    """A user; `password` is there once, when it was made for her."""

    username: str
    name: str
    role: Role
    unit: str | None
    password: str | None


class UserChange(Body, frozen=True, kw_only=True):
    """What is to become of an account; what is left out stays. `unit` is null for head office, `member` as for a new leader."""

    role: Maybe[Role] = UNSET
    unit: Maybe[Code | None] = UNSET
    active: Maybe[bool] = UNSET
    member: Maybe[Code] = UNSET


class UserChanged(Answer, frozen=True, kw_only=True):
    """A user as she is now, and what ended with the change."""

    username: str
    name: str
    role: Role
    unit: str | None
    member: str | None
    active: bool
    sessions_ended: int
    tokens_revoked: int
    warnings: list[Warned]


class OneTimeCode(Answer, frozen=True, kw_only=True):
    """With which she chooses a new password once, until then."""

    username: str
    code: str
    until: datetime


class SessionsEnded(Answer, frozen=True, kw_only=True):
    """How many of her sessions ended."""

    username: str
    ended: int


class NewCycleLimit(Body, frozen=True, kw_only=True):
    """What one cycle may borrow; an end that is left out is the product's own."""

    cycle: Count
    min_principal: Maybe[Amount] = UNSET
    max_principal: Maybe[Amount] = UNSET


class CycleLimit(Answer, frozen=True, kw_only=True):
    """What one cycle may borrow; an end that is null is the product's own."""

    cycle: int
    min_principal: Amount | None
    max_principal: Amount | None


class NewProduct(Body, frozen=True, kw_only=True):
    """A product, or from `valid_from` on its next version. Rates in basis points: 2500 is 25 %."""

    code: Code
    name: Name
    akad: Akad
    valid_from: Day
    min_principal: Amount
    max_principal: Amount
    step: Amount
    weeks: list[Count]
    every_weeks: Count
    margin_bp: Count
    year_weeks: Count
    coin: Amount
    upj_bp: Count
    payment_order: PaymentOrder
    by_cycle: Maybe[list[NewCycleLimit]] = UNSET
    block_days_late: Maybe[Count] = UNSET


class Product(Answer, frozen=True, kw_only=True):
    """The version of a product in force today, or the one just made."""

    code: str
    name: str
    akad: Akad
    valid_from: date
    valid_to: date | None
    min_principal: Amount
    max_principal: Amount
    step: Amount
    weeks: list[int]
    every_weeks: int
    margin_bp: int
    year_weeks: int
    coin: Amount
    upj_bp: int
    payment_order: PaymentOrder
    by_cycle: list[CycleLimit]
    block_days_late: int | None
    needs_recognition: bool


class HolidaysAsked(Question, frozen=True, kw_only=True):
    """Of which year; of all when left out."""

    year: Maybe[Annotated[int, Meta(ge=1900, le=2199)]] = UNSET


class NewHoliday(Body, frozen=True, kw_only=True):
    """A day on which groups do not meet. Without `rule`: a national or local day skips the week, cuti bersama moves nothing."""

    date: Day
    name: Annotated[str, text(80, shortest=1)]
    kind: HolidayKind
    rule: Maybe[HolidayRule] = UNSET
    source: Words


class Holiday(Answer, frozen=True, kw_only=True):
    """A day off, what it does to a meeting, and who decreed it."""

    date: date
    name: str
    kind: HolidayKind
    rule: HolidayRule
    source: str
    status: str


class DryRun(Question, frozen=True, kw_only=True):
    """`1` answers what would change and changes nothing."""

    dry_run: Flag = False


class RegionsAsked(Question, frozen=True, kw_only=True):
    """Below which code; all when left out."""

    under: Maybe[Typed] = UNSET


class Region(Answer, frozen=True, kw_only=True):
    """A place with its Kemendagri code."""

    code: str
    level: str
    name: str
    parent: str | None
    valid_from: date
    valid_to: date | None
    source: str


class AuditAsked(Question, frozen=True, kw_only=True):
    """Which part of the trace: between which days, whose, which act, which row."""

    since: Maybe[Day] = field(name="from", default=UNSET)
    until: Maybe[Day] = field(name="to", default=UNSET)
    actor: Maybe[Name] = UNSET
    what: Maybe[Typed] = UNSET
    row: Maybe[Typed] = UNSET


class AuditRow(Answer, frozen=True, kw_only=True):
    """One act: by whom, on what, what was before and after, why."""

    id: Id
    at: datetime
    actor: str
    act: str
    row: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str | None
    came_from: str | None = field(name="from")
    request: str | None
