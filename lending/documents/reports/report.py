"""A report declared, a report asked for, a report made: the same rows for page, program, file and paper."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lending.documents.reports.columns import Column, Value
from lending.domain.access import Actor, Permission
from lending.domain.refusals import NotAllowed, Refusal
from lending.queries.reports.asked import Asked, sees_totals_only, unit_of

Begins = Callable[[date], date]


def on_the_first(last: date) -> date:
    """The month so far."""
    return last.replace(day=1)


def weeks_back(weeks: int) -> Begins:
    """So many whole weeks, of which the last one ends on the last day's Sunday or before."""

    def monday(last: date) -> date:
        return last - timedelta(days=last.weekday(), weeks=weeks - 1)

    return monday


@dataclass(frozen=True)
class Report:
    """One report. `layouts` says what it may be laid out by, the first unless told otherwise, with the columns of each; `begins` the first
    day when nobody names one, and is None for a report on how things stand, which goes by its last day alone.
    """

    name: str
    title: str
    about: str
    needs: tuple[Permission, ...]
    layouts: Mapping[str, Sequence[Column]]
    question: Callable[[Asked], Sequence[Any]]
    begins: Begins | None = None
    head: tuple[Sequence[Column], Callable[[Asked], Any]] | None = None
    """What stands above the table, each value in a line of its own, and the question for it; its answer may be None."""
    followed_by: Sequence[tuple[str, str]] = ()
    """Reports on the same day that go with it on paper, by name and layout."""

    @property
    def query(self) -> tuple[str, ...]:
        """The parameters that change its answer."""
        return (*(("from",) if self.begins else ()), "to", *(("by",) if len(self.layouts) > 1 else ()), "unit")

    def layouts_for(self, by: Actor) -> tuple[str, ...]:
        """What she may lay it out by; nothing where it is not for her. Who compares units sees nobody in them."""
        if any(by.may(permission) for permission in self.needs):
            return tuple(self.layouts)
        return ("unit",) if sees_totals_only(by) and "unit" in self.layouts else ()

    def asked(
        self, by: Actor, *, first: date | None = None, last: date | None = None, layout: str | None = None, unit: str | None = None
    ) -> Asked:
        """The question, with what nobody said filled in.

        Refused: `not_allowed` for a report or layout that is not for her, `not_a_choice`, `future_date`, `ends_before_start`, `not_found`
        for a unit that is not hers.
        """
        allowed = self.layouts_for(by)
        if not allowed:
            raise NotAllowed("not_allowed", role=by.role.value)
        layout = layout or allowed[0]
        if layout not in self.layouts:
            raise Refusal("not_a_choice", at="by")
        if layout not in allowed:
            raise NotAllowed("not_allowed", role=by.role.value)
        last = last or by.today
        if last > by.today:
            raise Refusal("future_date", at="to", today=by.today)
        first = first if first is not None and self.begins else self.begins(last) if self.begins else last
        if first > last:
            raise Refusal("from_after_to", at="from")
        return Asked(by, first, last, layout, unit_of(by, unit, layout))


@dataclass(frozen=True)
class Made:
    """A report with its rows: `rows` as the question gave them, `cells` as the columns read them, `totals` a value a column."""

    report: Report
    asked: Asked
    columns: Sequence[Column]
    rows: Sequence[Any]
    cells: Sequence[Sequence[Value]]
    totals: Sequence[Value] | None
    head: Sequence[tuple[Column, Value]] = ()


def make(report: Report, asked: Asked) -> Made:
    """Ask, and read the columns of each row."""
    columns = report.layouts[asked.layout]
    rows = report.question(asked)
    cells = [[column.read(row) for column in columns] for row in rows]
    totals = [column.total(rows) if column.total else None for column in columns] if rows else None
    head: Sequence[tuple[Column, Value]] = ()
    if report.head is not None:
        above, question = report.head
        found = question(asked)
        head = () if found is None else [(column, column.read(found)) for column in above]
    return Made(report, asked, columns, rows, cells, totals, head)
