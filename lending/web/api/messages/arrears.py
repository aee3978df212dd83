"""Who is late: the worklist."""

from datetime import date

from msgspec import UNSET, field

from lending.domain.arrears import QualityClass
from lending.web.api.messages.fields import Amount, Answer, AsOf, Code, Id, Maybe, Name


class ArrearsAsked(AsOf, frozen=True, kw_only=True):
    """Of whom: one officer, one group; the auditor may choose a unit."""

    officer: Maybe[Name] = UNSET
    group: Maybe[Id] = UNSET
    unit: Maybe[Code] = UNSET


class LateLoan(Answer, frozen=True, kw_only=True):
    """A loan that is late at the end of the day, with the last reason and promise."""

    loan: Id
    member: Id
    group: Id
    officer: str | None
    days_late: int
    weeks_late: int
    quality: QualityClass = field(name="class")
    overdue: Amount
    outstanding_principal: Amount
    oldest_due: date
    reason: str | None
    promise: date | None
