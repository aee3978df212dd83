"""Reports: what there is, and one of them."""

from datetime import date, datetime
from typing import Any

from msgspec import UNSET, field

from lending.web.api.messages.fields import Answer, Code, Day, Maybe, Question, Typed


class ReportAsked(Question, frozen=True, kw_only=True):
    """From which day to which (a report on how things stand goes by `to` alone), laid out by what, of which unit."""

    since: Maybe[Day] = field(name="from", default=UNSET)
    until: Maybe[Day] = field(name="to", default=UNSET)
    by: Maybe[Typed] = UNSET
    unit: Maybe[Code] = UNSET


class ReportListed(Answer, frozen=True, kw_only=True):
    """One report: its name, what it tells, the parameters that change its answer, and what it may be laid out by, the first by default."""

    name: str
    title: str
    about: str
    query: list[str]
    by: list[str]


class Report(Answer, frozen=True, kw_only=True):
    """A report: a row an object, under the names that its files have as columns; `total` holds what adds up, `head` what stands above."""

    name: str
    title: str
    unit: str | None
    since: date = field(name="from")
    until: date = field(name="to")
    by: str
    as_of_facts: datetime
    head: dict[str, Any]
    items: list[dict[str, Any]]
    total: dict[str, Any]
