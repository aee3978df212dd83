"""The portfolio on any day: outstanding, at risk, due and collected, by whatever the reader wants to compare."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, exists, func, select, true

from lending.database import session
from lending.domain.access import Actor, Permission, Role
from lending.domain.arrears import QualityClass
from lending.domain.ledger import IN_CASH, EntryKind
from lending.domain.lifecycle import LoanState
from lending.domain.money import Rupiah
from lending.domain.portfolio import PAR_DAYS, ratio
from lending.domain.refusals import NotAllowed
from lending.models import (
    Assignment,
    Entry,
    Group,
    JobRun,
    LineUndo,
    Loan,
    Meeting,
    MeetingLine,
    MeetingRecord,
    PortfolioDay,
    Product,
    RecordUndo,
    Region,
    Restructuring,
    ScheduleRow,
    Unit,
    User,
)
from lending.queries import figures, risk_rules, standings
from lending.queries.scope import Day, sees_group
from lending.queries.standings import Standing
from lending.queries.undone import UNDONE_ON, of_line

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
    for day, sign in ((MeetingRecord.held_on, 1), (UNDONE_ON, -1)):
        for key, name, renteng in session.execute(_renteng_question(on, laid_out_by, whose, day, sign)):
            rows.setdefault(key, PortfolioRow(key, str(name))).renteng_period += renteng
    rates = risk_rules.in_force(on).class_rates_bp
    for row in rows.values():
        row.classes = {quality: sums for quality, sums in row.classes.items() if sums[0]}
        row.provision = provision_of(row, rates)
    shown = [rows[key] for key in sorted(rows, key=lambda key: (key is None, key))]
    if by.role is Role.CITY:
        shown = [row for row in shown if row.loans >= SMALL_CELL]
    return Portfolio(on, laid_out_by, tuple(shown), _restated(by, on))


def par(by: Actor, on: date) -> dict[int, Rupiah]:
    """PAR over each of `PAR_DAYS` at the end of `on`, of all that is hers to see: live, from the facts, and a walk along one index for the
    loans that nothing has happened to since."""
    by.require(Permission.SEE_PORTFOLIO)
    found = dict.fromkeys(PAR_DAYS, 0)
    for standing in standings.parts(on):
        at_risk = [_summed(case((standing.is_at_risk_beyond(days), standing.outstanding_principal), else_=0)) for days in PAR_DAYS]
        late = standing.of_late_loans(*at_risk) if standing.given is None else standing.of_loans(*at_risk)
        if not by.reads_every_unit:
            late = late.join(Group, Group.id == Loan.group_id).where(sees_group(by))
        for days, amount in zip(PAR_DAYS, session.execute(late).one(), strict=True):
            found[days] += amount
    return found


def provision_of(row: PortfolioRow, rates_bp: Mapping[str, int]) -> Rupiah:
    """What its classes ask to be set aside, each at its rate in basis points."""
    return sum((outstanding * rates_bp[quality] + 5_000) // 10_000 for quality, (_, outstanding) in row.classes.items())


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
    """Only loans at risk have a place in PAR, and late ones a class and an overdue part; all others are *lancar*."""
    key, name = KEYS[laid_out_by]
    each = standing.select(
        key.label("key"),
        name.label("name"),
        standing.quality.label("quality"),
        standing.outstanding_principal.label("outstanding"),
        standing.overdue_principal.label("overdue"),
        *(case((standing.is_at_risk_beyond(days), standing.outstanding_principal), else_=0).label(f"par_{days}") for days in PAR_DAYS),
    )
    late = _keyed(each, laid_out_by).where(whose, standing.is_at_risk).subquery().c
    at_risk = [_summed(late[f"par_{days}"]) for days in PAR_DAYS]
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
    due = due_by_then(held.c.now, on) - due_by_then(held.c.before, on)
    question = _every_loan(on, laid_out_by, _summed(due))
    return question.join(held, held.c.group_id == Loan.group_id).where(whose)


def due_by_then(seq: ColumnElement[int], on: Day) -> ColumnElement[int]:
    """What fell due of the loan in the row up to this meeting, as known on that day: of one that has ended nothing does from then on."""
    last = select(func.coalesce(func.max(Meeting.seq), 0)).where(Meeting.group_id == Loan.group_id, Meeting.planned_on < Loan.ended_on)
    last_due = last.correlate(Loan).scalar_subquery()
    until = case((Loan.ended_on <= on, figures.smallest(seq, last_due)), else_=seq)
    evenly = figures.cumulative_due(figures.fallen_by(until))
    version = select(func.max(Restructuring.version)).where(Restructuring.loan_id == Loan.id, Restructuring.on_day <= on)
    newest = version.correlate(Loan).scalar_subquery()
    rows = ScheduleRow.loan_id == Loan.id, ScheduleRow.version == newest, ScheduleRow.seq <= until
    agreed = select(func.coalesce(func.max(ScheduleRow.cum_due), 0)).where(*rows).correlate_except(ScheduleRow).scalar_subquery()
    # A loan that runs was never restructured: nothing is looked up for it.
    return case((Loan.state == LoanState.RUNNING, evenly), (newest.is_(None), evenly), else_=agreed)


def _collected_question(on: date, laid_out_by: str, whose: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    period = standings.credited(after=on - PERIOD, until=on, name="credited_in_period", accounts=IN_CASH)
    question = _every_loan(on, laid_out_by, func.coalesce(func.sum(period.c.amount), 0))
    return question.join(period, period.c.loan_id == Loan.id).where(whose)


def _renteng_question(on: date, laid_out_by: str, whose: ColumnElement[bool], day: Any, sign: int) -> Select[*tuple[Any, ...]]:
    """What others paid for members at records whose `day` lies in the period, from those records on: not from every line there ever was."""
    lines = (
        select((MeetingLine.loan_id + 0).label("loan_id"), MeetingLine.renteng)
        .join(MeetingRecord, MeetingRecord.uuid == MeetingLine.record_uuid)
        .outerjoin(RecordUndo, RecordUndo.record_uuid == MeetingRecord.uuid)
        .outerjoin(LineUndo, of_line())
        .where(day > on - PERIOD, day <= on, MeetingLine.renteng > 0)
        .subquery()
    )
    question = _every_loan(on, laid_out_by, func.coalesce(func.sum(sign * lines.c.renteng), 0))
    return question.join(lines, lines.c.loan_id == Loan.id).where(whose)


def _restated(by: Actor, on: date) -> bool:
    if not session.scalar(select(exists().where(JobRun.unit_id.is_not(None), JobRun.for_date == on, JobRun.finished_at.is_not(None)))):
        return False  # as for every day that is not over: then no entry needs to be looked at
    # Unit by unit, for what a unit's entries brought after its own night is found through an index, and its others are not looked at.
    night = and_(JobRun.unit_id == Unit.id, JobRun.for_date == on)
    late_fact = exists().where(
        Entry.unit_id == Unit.id,
        Entry.recorded_at > func.coalesce(JobRun.finished_at, first_night(on)),
        Entry.happened_on <= on,
        Entry.kind != EntryKind.TRANSFER,
    )
    units = select(Unit.id).outerjoin(JobRun, night).where(late_fact.correlate(Unit, JobRun))
    if by.unit_id is not None and not by.reads_every_unit:
        units = units.where(Unit.id == by.unit_id)
    return session.scalar(units.limit(1)) is not None


def first_night(on: date) -> ScalarSelect[Any]:
    """When the first unit closed that date. A unit that had not lent yet closed nothing: its facts are measured by this."""
    return select(func.min(JobRun.finished_at)).where(JobRun.unit_id.is_not(None), JobRun.for_date == on).scalar_subquery()


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
        .where(PortfolioDay.as_of.in_(days), _may_ask(by, "unit"))
        .group_by(PortfolioDay.as_of)
        .order_by(PortfolioDay.as_of)
    )
    return [PortfolioPoint(*row) for row in session.execute(question)]
