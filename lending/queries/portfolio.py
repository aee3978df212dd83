"""The portfolio on any day: outstanding, at risk, due and collected, by whatever the reader wants to compare."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true

from lending.database import session
from lending.domain.access import Actor, Permission, Role
from lending.domain.arrears import QualityClass
from lending.domain.ledger import EntryKind
from lending.domain.money import Rupiah
from lending.domain.portfolio import PAR_DAYS, ratio
from lending.domain.refusals import NotAllowed
from lending.models import (
    Assignment,
    Entry,
    Group,
    JobRun,
    Loan,
    Meeting,
    MeetingLine,
    MeetingRecord,
    PortfolioDay,
    Product,
    RecordUndo,
    Region,
    Unit,
    User,
)
from lending.queries import figures, standings
from lending.queries.scope import sees_group
from lending.queries.standings import Standing

PERIOD = timedelta(days=7)
"""`due_period` and `collected_period` look at the seven days that end on the day asked about."""

SMALL_CELL = 5
"""The city sees no row made of fewer loans than this (invariant I18)."""

KEYS: Mapping[str, tuple[Any, Any]] = {
    "unit": (Unit.code, Unit.name),
    "officer": (User.username, User.name),
    "group": (Group.id, Group.name),
    "kelurahan": (Group.kelurahan, Region.name),
    "product": (Product.code, Product.name),
    "cycle": (Loan.cycle, Loan.cycle),
}
"""What the portfolio can be laid out by: the key, and the name beside it."""


@dataclass
class PortfolioRow:
    """One row: sums in whole rupiah, PAR by more than so many days, ratios to four decimals."""

    key: Any
    name: str
    loans: int = 0
    outstanding_principal: Rupiah = 0
    par: dict[int, Rupiah] = field(default_factory=lambda: dict.fromkeys(PAR_DAYS, 0))
    overdue_principal: Rupiah = 0
    due_period: Rupiah = 0
    collected_period: Rupiah = 0
    renteng_period: Rupiah = 0
    classes: dict[str, tuple[int, Rupiah]] = field(default_factory=dict)
    provision: Rupiah = 0

    def add_class(self, quality: str, loans: int, outstanding: Rupiah) -> None:
        """So many loans more, or less, in a class."""
        before = self.classes.get(quality, (0, 0))
        self.classes[quality] = (before[0] + loans, before[1] + outstanding)

    @property
    def par_ratio(self) -> dict[int, Decimal | None]:
        """PAR as a share of all outstanding principal; None where nothing is outstanding."""
        return {days: ratio(at_risk, self.outstanding_principal) for days, at_risk in self.par.items()}

    @property
    def own_payment_rate(self) -> Decimal | None:
        """Which share of what was collected the members paid themselves; the rest was renteng."""
        return ratio(self.collected_period - self.renteng_period, self.collected_period)

    @property
    def collection_rate(self) -> Decimal | None:
        """Collected of what fell due, in the period."""
        return ratio(self.collected_period, self.due_period)


@dataclass(frozen=True)
class Portfolio:
    """All rows; `restated` when facts that count from a day up to `on` arrived after that night's snapshot."""

    on: date
    by: str
    items: tuple[PortfolioRow, ...]
    restated: bool

    @property
    def whole(self) -> PortfolioRow:
        """All rows added up."""
        total = PortfolioRow(None, "")
        for row in self.items:
            total.loans += row.loans
            total.outstanding_principal += row.outstanding_principal
            total.overdue_principal += row.overdue_principal
            total.due_period += row.due_period
            total.collected_period += row.collected_period
            total.renteng_period += row.renteng_period
            total.provision += row.provision
            for days in PAR_DAYS:
                total.par[days] += row.par[days]
            for quality, (loans, outstanding) in row.classes.items():
                total.add_class(quality, loans, outstanding)
        return total


def _may_ask(by: Actor, laid_out_by: str) -> ColumnElement[bool]:
    """Whose rows go into it: hers, her city's units, or every unit; refused (`not_allowed`) for a layout that is not for her."""
    if by.may(Permission.SEE_PORTFOLIO):
        return sees_group(by)
    if by.may(Permission.SEE_REACH) and laid_out_by == "kelurahan":
        return Group.unit_id == by.unit_id if by.unit_id is not None else true()
    if by.may(Permission.SEE_UNIT_TOTALS) and laid_out_by == "unit":
        return true()
    raise NotAllowed("not_allowed", role=by.role.value)


def portfolio(by: Actor, on: date, laid_out_by: str, *, unit: str | None = None) -> Portfolio:
    """The portfolio at the end of `on`, from the facts, a row for each `laid_out_by` (a key of `KEYS`), ordered by key; of one unit,
    where its code is given.

    The city sees it by kelurahan only, rows of fewer than five loans left out.
    """
    whose = _may_ask(by, laid_out_by)
    if unit is not None:
        whose = and_(whose, Unit.code == unit)
    rows: dict[Any, PortfolioRow] = {}
    for standing in standings.parts(on):
        for key, name, loans, outstanding in session.execute(_gross_question(standing, laid_out_by, whose)):
            row = rows.setdefault(key, PortfolioRow(key, str(name)))
            row.loans += loans
            row.outstanding_principal += outstanding
            row.add_class(QualityClass.LANCAR, loans, outstanding)
        for key, name, quality, loans, outstanding, overdue, *at_risk in session.execute(_late_question(standing, laid_out_by, whose)):
            row = rows.setdefault(key, PortfolioRow(key, str(name)))
            row.overdue_principal += overdue
            row.add_class(QualityClass.LANCAR, -loans, -outstanding)
            row.add_class(quality, loans, outstanding)
            for days, amount in zip(PAR_DAYS, at_risk, strict=True):
                row.par[days] += amount
    for key, name, due in session.execute(_due_question(on, laid_out_by, whose)):
        rows.setdefault(key, PortfolioRow(key, str(name))).due_period += due
    for key, name, collected in session.execute(_collected_question(on, laid_out_by, whose)):
        rows.setdefault(key, PortfolioRow(key, str(name))).collected_period += collected
    for key, name, renteng in session.execute(_renteng_question(on, laid_out_by, whose)):
        rows.setdefault(key, PortfolioRow(key, str(name))).renteng_period += renteng
    for row in rows.values():
        row.classes = {quality: sums for quality, sums in row.classes.items() if sums[0]}
        row.provision = provision_of(row)
    shown = [rows[key] for key in sorted(rows, key=lambda key: (key is None, key))]
    if by.role is Role.CITY:
        shown = [row for row in shown if row.loans >= SMALL_CELL]
    return Portfolio(on, laid_out_by, tuple(shown), _restated(by, on))


def provision_of(row: PortfolioRow) -> Rupiah:
    """What the weekly lender's classes ask to be set aside: nothing for *lancar*, half for *diragukan*, all for *macet*."""
    rates = {"lancar": 0, "dpk": 500, "kurang_lancar": 1_500, "diragukan": 5_000, "macet": 10_000}
    return sum((outstanding * rates[quality] + 5_000) // 10_000 for quality, (_, outstanding) in row.classes.items())


def _keyed(question: Select[*tuple[Any, ...]], laid_out_by: str) -> Select[*tuple[Any, ...]]:
    """The joins that a key needs beyond those that every standing has."""
    if laid_out_by == "officer":
        return question.outerjoin(User, User.id == Assignment.user_id)
    if laid_out_by == "kelurahan":
        return question.outerjoin(Region, Region.code == Group.kelurahan)
    return question


def _summed(amount: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(func.sum(amount), 0)


def _gross_question(standing: Standing, laid_out_by: str, whose: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    key, name = KEYS[laid_out_by]
    question = standing.select(key, name, func.count(), _summed(standing.outstanding_principal))
    return _keyed(question, laid_out_by).where(whose).group_by(key, name)


def _late_question(standing: Standing, laid_out_by: str, whose: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Only late loans have a class, an overdue part, a place in PAR; all others are *lancar*."""
    key, name = KEYS[laid_out_by]
    each = standing.select(
        key.label("key"),
        name.label("name"),
        standing.quality.label("quality"),
        standing.days_late.label("days_late"),
        standing.outstanding_principal.label("outstanding"),
        standing.overdue_principal.label("overdue"),
    )
    late = _keyed(each, laid_out_by).where(whose, standing.is_late).subquery().c
    at_risk = [_summed(case((late.days_late > days, late.outstanding), else_=0)) for days in PAR_DAYS]
    sums = (func.count(), _summed(late.outstanding), _summed(late.overdue), *at_risk)
    return select(late.key, late.name, late.quality, *sums).group_by(late.key, late.name, late.quality)


def _every_loan(on: date, laid_out_by: str, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """These columns over every loan disbursed by that day, repaid ones too, with its key."""
    key, name = KEYS[laid_out_by]
    question: Select[*tuple[Any, ...]] = (
        select(key, name, *columns)
        .select_from(Loan)
        .join(Group, Group.id == Loan.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .join(Product, Product.id == Loan.product_id)
        .outerjoin(Assignment, standings.officer_of(on))
        .where(Loan.disbursed_on <= on)
        .group_by(key, name)
    )
    return _keyed(question, laid_out_by)


def _due_question(on: date, laid_out_by: str, whose: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    # The groups' last meetings by then and a period earlier, once a group and not once a loan.
    now, before = (func.coalesce(func.max(case((Meeting.planned_on <= day, Meeting.seq))), 0) for day in (on, on - PERIOD))
    held = (
        select(Meeting.group_id, now.label("now"), before.label("before"))
        .join(Group, Group.id == Meeting.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .where(whose)
        .group_by(Meeting.group_id)
        .subquery()
    )
    due = figures.cumulative_due(figures.fallen_by(held.c.now)) - figures.cumulative_due(figures.fallen_by(held.c.before))
    question = _every_loan(on, laid_out_by, _summed(due))
    return question.join(held, held.c.group_id == Loan.group_id).where(whose)


def _collected_question(on: date, laid_out_by: str, whose: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    period = standings.credited(after=on - PERIOD, until=on, name="credited_in_period")
    question = _every_loan(on, laid_out_by, func.coalesce(func.sum(period.c.amount), 0))
    return question.join(period, period.c.loan_id == Loan.id).where(whose)


def _renteng_question(on: date, laid_out_by: str, whose: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    held = and_(MeetingRecord.held_on > on - PERIOD, MeetingRecord.held_on <= on)
    undone = and_(RecordUndo.on_day > on - PERIOD, RecordUndo.on_day <= on)
    counted = case((held, MeetingLine.renteng), else_=0) - case((undone, MeetingLine.renteng), else_=0)
    question = _every_loan(on, laid_out_by, func.coalesce(func.sum(counted), 0))
    return (
        question.join(MeetingLine, and_(MeetingLine.loan_id == Loan.id, MeetingLine.renteng > 0))
        .join(MeetingRecord, MeetingRecord.uuid == MeetingLine.record_uuid)
        .outerjoin(RecordUndo, RecordUndo.record_uuid == MeetingRecord.uuid)
        .where(whose, or_(held, undone))
    )


def _restated(by: Actor, on: date) -> bool:
    finished = session.scalar(select(JobRun.finished_at).where(JobRun.job == "night", JobRun.for_date == on))
    if finished is None:
        return False
    late_fact = exists().where(Entry.happened_on <= on, Entry.recorded_at > finished, Entry.kind != EntryKind.TRANSFER)
    if by.unit_id is not None and not by.reads_every_unit:
        late_fact = late_fact.where(Entry.unit_id == by.unit_id)
    return bool(session.scalar(select(late_fact)))


@dataclass(frozen=True)
class PortfolioPoint:
    """One past evening's portfolio, from the night's history."""

    on: date
    outstanding_principal: Rupiah
    par_0: Rupiah
    par_30: Rupiah


def line_of_weeks(by: Actor, on: date, weeks: int = 12) -> list[PortfolioPoint]:
    """PAR at the end of each of the last weeks, from the night's history: what the home page draws."""
    days = [on - timedelta(weeks=back) for back in range(weeks, 0, -1)]
    question = (
        select(
            PortfolioDay.as_of,
            func.sum(PortfolioDay.outstanding_principal),
            func.sum(PortfolioDay.par_0),
            func.sum(PortfolioDay.par_30),
        )
        .join(Group, Group.id == PortfolioDay.group_id)
        .where(PortfolioDay.as_of.in_(days), sees_group(by))
        .group_by(PortfolioDay.as_of)
        .order_by(PortfolioDay.as_of)
    )
    return [PortfolioPoint(*row) for row in session.execute(question)]
