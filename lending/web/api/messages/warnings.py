"""Signs that come before arrears, and the rules behind them."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET

from lending.domain.warnings import Sign
from lending.web.api.messages.fields import Amount, Answer, AsOf, Body, Code, Id, Maybe, Name, Question, Words

What = Literal["attended", "short", "renteng", "lender", "leader", "share"]


class WarningsAsked(AsOf, frozen=True, kw_only=True):
    """Of whom: one officer, one group; of one sign."""

    officer: Maybe[Name] = UNSET
    group: Maybe[Id] = UNSET
    sign: Maybe[Sign] = UNSET


class Because(Answer, frozen=True, kw_only=True):
    """One fact under a sign. `share` says how much a group paid itself, in basis points, before and now."""

    on: date
    what: What
    amount: Amount | None
    attendance: str | None
    reason: str | None
    share_before: int | None
    share_now: int | None


class EarlyWarning(Answer, frozen=True, kw_only=True):
    """A sign of one woman's loan, or (`loan` and `member` null) of a whole group."""

    sign: Sign
    since: date
    group: Id
    group_name: str
    officer: str | None
    loan: Id | None
    member: Id | None
    name: str | None
    number: str | None
    days_late: int
    outstanding_principal: Amount
    because: list[Because]


class RulesAsked(Question, frozen=True, kw_only=True):
    """Of which unit; the auditor says."""

    unit: Maybe[Code] = UNSET


class WarningRule(Answer, frozen=True, kw_only=True):
    """A rule and what it was worth over half a year: of `signs` `right`, and of `others` looks without a sign `others_late`."""

    sign: Sign
    watched: bool
    numbers: dict[str, int]
    signs: int
    right: int
    others: int
    others_late: int


Number = Annotated[int, msgspec.Meta(ge=0, le=999_999_999_999_999)]


class NewRule(Body, frozen=True, kw_only=True):
    """From which numbers on a sign is one."""

    watched: bool
    numbers: dict[Name, Number]
    reason: Words


class RuleKept(Answer, frozen=True, kw_only=True):
    """The rule as it holds from today; `changed` is false where it held already."""

    sign: Sign
    watched: bool
    numbers: dict[str, int]
    changed: bool
