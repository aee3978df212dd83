"""The portfolio at risk, alive: as of the end of any day."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, field

from lending.domain.arrears import QualityClass
from lending.web.api.messages.fields import Amount, Answer, AsOf, Code, Id, Maybe

Ratio = Annotated[float, Meta(ge=0, description="A fraction, rounded half up to four decimals.")]

By = Literal["unit", "officer", "group", "kelurahan", "product", "cycle"]


class PortfolioAsked(AsOf, frozen=True, kw_only=True):
    """Split how; the auditor may choose a unit."""

    by: By = "unit"
    unit: Maybe[Code] = UNSET


class InClass(Answer, frozen=True, kw_only=True):
    """The loans of one quality class."""

    loans: int
    outstanding_principal: Amount


class PortfolioRow(Answer, frozen=True, kw_only=True):
    """One part of the portfolio. `key` is a unit's code, a user name, a group's id, a kelurahan's or product's code, or a cycle.

    Where the city may not see a small count, the count and every sum beside it are null.
    """

    key: str | Id
    name: str
    loans: int | None
    outstanding_principal: Amount | None
    par: dict[str, Amount | None]
    par_ratio: dict[str, Ratio | None]
    overdue_principal: Amount | None
    due_period: Amount | None
    collected_period: Amount | None
    own_payment_rate: Ratio | None
    classes: dict[str, InClass]
    provision: Amount | None


class Portfolio(Answer, frozen=True, kw_only=True):
    """The portfolio at the end of a day; `restated` when facts of that day or before arrived after its night."""

    on: date
    by: By
    as_of_facts: datetime
    restated: bool
    items: list[PortfolioRow]


class AtRiskAsked(AsOf, frozen=True, kw_only=True):
    """Of which row (`by` and `key`, as `/portfolio` names them), and counted in which PAR; without them all."""

    by: Maybe[By] = UNSET
    key: Maybe[Annotated[str, Meta(max_length=60)]] = UNSET
    par: Maybe[Literal["0", "7", "30", "60", "90"]] = UNSET


class LoanAtRisk(Answer, frozen=True, kw_only=True):
    """One loan behind a figure of the portfolio; `restructured` while it counts in every PAR whatever its days."""

    loan: Id
    member: Id
    group: Id
    product: Code
    cycle: int
    days_late: int
    quality: QualityClass = field(name="class")
    oldest_due: date | None
    overdue: Amount
    outstanding_principal: Amount
    restructured: bool
