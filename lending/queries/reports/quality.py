"""How good the portfolio is: by age, provided for, and where each class went between two days."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select

from lending.database import session
from lending.domain.arrears import QualityClass
from lending.domain.ledger import Account
from lending.domain.money import Rupiah
from lending.domain.portfolio import PAR_DAYS, bucket_names, provision
from lending.models import Entry, Group, Loan, Posting, Unit
from lending.queries import risk_rules, standings
from lending.queries.portfolio import PortfolioRow, portfolio
from lending.queries.reports.asked import Asked, standing_loans
from lending.queries.reports.risk import loans_at_risk
from lending.queries.standings import Standing


def at_risk(asked: Asked) -> Sequence[PortfolioRow]:
    """The portfolio at the end of the last day, as `/portfolio` lays it out."""
    unit = None if asked.unit_id is None else session.scalar(select(Unit.code).where(Unit.id == asked.unit_id))
    return portfolio(asked.by, asked.last, asked.layout, unit=unit).items


OVER_DAYS: Mapping[str, int] = {"loan": 0, **{f"over_{days}": days for days in PAR_DAYS if days}}
"""Layouts that show loans one by one: the very loans that make up each PAR."""


def ageing_by(asked: Asked) -> Sequence[Any]:
    """The portfolio by age: bucket by bucket, loan by loan, or a row for each part of another layout."""
    if asked.layout == "bucket":
        return buckets(asked)
    if asked.layout in OVER_DAYS:
        return loans_at_risk(asked, OVER_DAYS[asked.layout])
    return ageing(asked)


@dataclass
class AgeingRow:
    """Outstanding principal by the age of its oldest unpaid instalment: whole loans, in buckets up to each of `PAR_DAYS` and beyond."""

    key: Any
    name: str
    loans: int = 0
    outstanding: Rupiah = 0
    overdue: Rupiah = 0
    restructured: Rupiah = 0
    """Of it, what is at risk by its agreement alone, whichever bucket it is in."""
    restructured_not_late: Rupiah = 0
    buckets: list[Rupiah] = field(default_factory=lambda: [0] * (len(PAR_DAYS) + 1))

    @property
    def at_risk(self) -> Rupiah:
        """What PAR > 0 counts: all but the first bucket, and of that one what was restructured."""
        return self.outstanding - self.buckets[0] + self.restructured_not_late


def ageing(asked: Asked) -> list[AgeingRow]:
    """A row for each part of the layout."""
    rows: dict[Any, AgeingRow] = {}
    for key, name, place, loans, outstanding, overdue, flagged in _aged(asked, PAR_DAYS):
        row = rows.setdefault(key, AgeingRow(key, str(name)))
        row.loans += loans
        row.outstanding += outstanding
        row.overdue += overdue
        row.restructured += flagged
        row.restructured_not_late += flagged if place == 0 else 0
        row.buckets[place] += outstanding
    return [rows[key] for key in sorted(rows, key=lambda key: (key is None, key))]


@dataclass(frozen=True)
class BucketRow:
    """One bucket of ages, or one class; `rate` and `provision` by a scheme, where one was asked for."""

    bucket: str
    loans: int
    outstanding: Rupiah
    overdue: Rupiah = 0
    rate: Decimal | None = None
    provision: Rupiah = 0


def buckets(asked: Asked) -> list[BucketRow]:
    """The whole of it, a row a bucket; empty ones too."""
    return [BucketRow(name, *sums) for name, sums in zip(bucket_names(PAR_DAYS), _sums_by_bucket(asked, PAR_DAYS), strict=True)]


def provisions(asked: Asked) -> list[BucketRow]:
    """What the scheme named by the layout asks to be set aside: each bucket's outstanding principal at its rate; `classes` goes by the
    unit's own regime of quality."""
    if asked.layout == "classes":
        return _by_class(asked)
    scheme = risk_rules.in_force(asked.last).schemes[asked.layout]
    sums = _sums_by_bucket(asked, scheme.upper_days)
    return [
        _provided(name, sums_of, rate) for name, sums_of, rate in zip(bucket_names(scheme.upper_days), sums, scheme.rates_bp, strict=True)
    ]


def _provided(bucket: str, sums: Sequence[int], rate_bp: int) -> BucketRow:
    loans, outstanding, overdue = sums
    return BucketRow(bucket, loans, outstanding, overdue, Decimal(rate_bp) / 10_000, provision([outstanding], [rate_bp]))


def _by_class(asked: Asked) -> list[BucketRow]:
    found: dict[str, list[int]] = {quality.value: [0, 0, 0] for quality in QualityClass}
    for quality, *amounts in _grouped(asked, lambda standing: standing.quality):
        for place, amount in enumerate(amounts):
            found[quality][place] += amount
    rates = risk_rules.in_force(asked.last).class_rates_bp
    return [_provided(quality, sums, rates[quality]) for quality, sums in found.items() if sums[0] or quality in _ALWAYS_SHOWN]


_ALWAYS_SHOWN = (QualityClass.LANCAR, QualityClass.DIRAGUKAN, QualityClass.MACET)
"""Classes that every regime has."""


def _bucket_of(standing: Standing, upper_days: Sequence[int]) -> ColumnElement[int]:
    """The place of a loan's age among these bounds; a loan that is not late stands in the first."""
    late = [(~standing.is_later_than(upper), place) for place, upper in enumerate(upper_days) if upper]
    return case((~standing.is_late, 0), *late, else_=len(upper_days))


def _aged(asked: Asked, upper_days: Sequence[int]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for standing in standings.parts(asked.last):
        each = standing_loans(
            standing,
            asked,
            _bucket_of(standing, upper_days).label("bucket"),
            standing.outstanding_principal.label("outstanding"),
            standing.overdue.label("overdue"),
            (literal(0) if standing.given is None else standing.given.c.flagged * standing.outstanding_principal).label("flagged"),
        ).subquery()
        sums = (func.count(), func.sum(each.c.outstanding), func.sum(each.c.overdue), func.sum(each.c.flagged))
        found += [
            (key, name, place, loans, *(int(amount or 0) for amount in amounts))
            for key, name, place, loans, *amounts in session.execute(
                select(each.c.key, each.c.name, each.c.bucket, *sums).group_by(each.c.key, each.c.name, each.c.bucket)
            )
        ]
    return found


def _grouped(asked: Asked, by: Any) -> list[tuple[Any, ...]]:
    """The same loans by any expression over a standing, the whole of the scope at once."""
    found: list[tuple[Any, ...]] = []
    for standing in standings.parts(asked.last):
        each = (
            standing.select(
                by(standing).label("part"), standing.outstanding_principal.label("outstanding"), standing.overdue.label("overdue")
            )
            .where(asked.groups)
            .subquery()
        )
        sums = (func.count(), func.sum(each.c.outstanding), func.sum(each.c.overdue))
        question = select(each.c.part, *sums).group_by(each.c.part)
        found += [(part, loans, int(owed), int(late)) for part, loans, owed, late in session.execute(question)]
    return found


def _sums_by_bucket(asked: Asked, upper_days: Sequence[int]) -> list[tuple[int, Rupiah, Rupiah]]:
    sums = [[0, 0, 0] for _ in range(len(upper_days) + 1)]
    for bucket, *amounts in _grouped(asked, lambda standing: _bucket_of(standing, upper_days)):
        for place, amount in enumerate(amounts):
            sums[bucket][place] += amount
    return [(loans, outstanding, overdue) for loans, outstanding, overdue in sums]


NEW, REPAID, WRITTEN_OFF = "new", "repaid", "written_off"


@dataclass
class MovementRow:
    """Where the loans of one class went. In rupiah, `start` is what they owed on the first day (or were lent since); it is still owed in
    one class or another on the last, was paid, or was written off: the parts add up to it."""

    source: str
    loans: int = 0
    start: Rupiah = 0
    went: Counter[str] = field(default_factory=Counter)


def movement(asked: Asked) -> list[MovementRow]:
    """From each class at the end of the first day, and from what was lent after it, to the last day; counts with the layout `loans`."""
    before, after = _classes(asked, asked.first), _classes(asked, asked.last)
    lent = {loan_id: principal for loan_id, principal in _lent_between(asked).items() if loan_id not in before}
    lost = _written_off_between(asked)
    in_loans = asked.layout == "loans"
    rows = {source: MovementRow(source) for source in (*(quality.value for quality in QualityClass), NEW)}
    for loan_id in {*before, *lent}:
        source, start = before.get(loan_id) or (NEW, lent[loan_id])
        quality, left = after.get(loan_id, (None, 0))
        gone = lost.get(loan_id, 0)
        row = rows[source]
        row.loans += 1
        row.start += 1 if in_loans else start
        if in_loans:
            row.went[quality or (WRITTEN_OFF if gone else REPAID)] += 1
        else:
            if quality:
                row.went[quality] += left
            row.went[WRITTEN_OFF] += gone
            row.went[REPAID] += start - left - gone
    return [row for row in rows.values() if row.loans or row.source in _ALWAYS_SHOWN]


def _classes(asked: Asked, on: date) -> dict[int, tuple[str, Rupiah]]:
    found: dict[int, tuple[str, Rupiah]] = {}
    for standing in standings.parts(on):
        question = standing.select(Loan.id, standing.quality, standing.outstanding_principal).where(asked.groups)
        found |= {loan_id: (quality, outstanding) for loan_id, quality, outstanding in session.execute(question)}
    return found


def _lent_between(asked: Asked) -> dict[int, Rupiah]:
    question = (
        select(Loan.id, Loan.principal)
        .join(Group, Group.id == Loan.group_id)
        .where(Loan.disbursed_on > asked.first, Loan.disbursed_on <= asked.last, asked.groups)
    )
    return {key: value for key, value in session.execute(question)}  # noqa: C416  (rows are not pairs to mypy)


def _written_off_between(asked: Asked) -> Mapping[int, Rupiah]:
    """Principal of each loan that left the books without being paid."""
    question = (
        select(Posting.loan_id, func.sum(Posting.amount))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(
            Posting.account.in_((Account.WRITE_OFF, Account.DEATH_CLAIM)),
            Posting.amount > 0,
            Entry.happened_on > asked.first,
            Entry.happened_on <= asked.last,
            asked.books,
        )
        .group_by(Posting.loan_id)
    )
    return {loan_id: int(amount) for loan_id, amount in session.execute(question) if loan_id is not None}
