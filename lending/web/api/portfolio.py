"""The portfolio at risk on any day, laid out by whatever the reader wants to compare."""

from decimal import Decimal
from typing import cast

from lending import clock
from lending.domain.access import Actor, Permission
from lending.domain.arrears import QualityClass
from lending.queries import at_risk as loans_at_risk
from lending.queries import portfolio as questions
from lending.queries.books import unit_asked
from lending.queries.portfolio import PortfolioRow
from lending.queries.scope import as_of
from lending.web.api.door import Column
from lending.web.api.messages import portfolio as messages
from lending.web.api.messages.fields import Page, or_none
from lending.web.api.paging import Window

column = Column("portfolio", "The portfolio at risk")


def parts(portfolio: messages.Portfolio) -> list[messages.PortfolioRow]:
    """The portfolio as a table: one row a part."""
    return portfolio.items


@column.call("GET", "/portfolio", needs=(Permission.SEE_PORTFOLIO, Permission.SEE_REACH, Permission.SEE_UNIT_TOTALS), table=parts)
def portfolio(by: Actor, asked: messages.PortfolioAsked) -> messages.Portfolio:
    """The portfolio at the end of a day, from the facts: outstanding, at risk, due and collected in the seven days up to it."""
    found = questions.portfolio(by, as_of(by, or_none(asked.on)), asked.by, unit=_unit(by, or_none(asked.unit)))
    return messages.Portfolio(
        on=found.on,
        by=cast(messages.By, found.by),
        as_of_facts=clock.now(),
        restated=found.restated,
        items=[_row(row) for row in found.items],
    )


@column.call("GET", "/portfolio/loans", needs=Permission.SEE_PORTFOLIO)
def at_risk(by: Actor, asked: messages.AtRiskAsked, window: Window) -> Page[messages.LoanAtRisk]:
    """The loans behind one figure of the portfolio at the end of a day, the latest first: their principal sums to it to the rupiah."""
    par = or_none(asked.par)
    found = loans_at_risk.loans(
        by,
        as_of(by, or_none(asked.on)),
        laid_out_by=or_none(asked.by),
        key=or_none(asked.key),
        more_than=None if par is None else int(par),
    )
    items = [
        messages.LoanAtRisk(
            loan=row.loan_id,
            member=row.member_id,
            group=row.group_id,
            product=row.product,
            cycle=row.cycle,
            days_late=row.days_late,
            quality=QualityClass(row.quality),
            oldest_due=row.oldest_due,
            overdue=row.overdue,
            outstanding_principal=row.outstanding_principal,
            restructured=row.restructured,
        )
        for row in found
    ]
    return window.cut(items, lambda one: (-one.days_late, one.loan))


def _unit(by: Actor, code: str | None) -> str | None:
    """Whose books she reads decides whose portfolio she sees: one unit's; head office and the city compare all."""
    return unit_asked(by, code)[1] if by.may(Permission.SEE_PORTFOLIO) else code


def _row(row: PortfolioRow) -> messages.PortfolioRow:
    return messages.PortfolioRow(
        key=row.key,
        name=row.name,
        loans=row.loans,
        outstanding_principal=row.outstanding_principal,
        par={str(days): amount for days, amount in row.par.items()},
        par_ratio={str(days): _number(share) for days, share in row.par_ratio.items()},
        overdue_principal=row.overdue_principal,
        due_period=row.due_period,
        collected_period=row.collected_period,
        own_payment_rate=_number(row.own_payment_rate),
        classes={
            code: messages.InClass(loans=loans, outstanding_principal=outstanding) for code, (loans, outstanding) in row.classes.items()
        },
        provision=row.provision,
    )


def _number(share: Decimal | None) -> float | None:
    """A ratio of four decimals as JSON writes it; never an amount."""
    return None if share is None else float(share)
