"""What is asked of a report: by whom, of which days, laid out how, of which unit; and whose rows that makes it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, select, true, type_coerce

from lending.database import session
from lending.domain.access import Actor, Permission
from lending.domain.refusals import NotFound
from lending.models import Assignment, Entry, Group, Loan, Product, Region, Unit, User
from lending.queries import standings
from lending.queries.books import unit_asked
from lending.queries.portfolio import KEYS
from lending.queries.scope import Day, sees_group
from lending.queries.standings import Standing


@dataclass(frozen=True)
class Asked:
    """One question: from the first day to the last, both included; a report on how things stand goes by the last alone."""

    by: Actor
    first: date
    last: date
    layout: str
    unit_id: int | None
    """Whose books; None where all that she may read are compared."""

    @property
    def groups(self) -> ColumnElement[bool]:
        """The condition on `Group`."""
        seen = true() if sees_totals_only(self.by) else sees_group(self.by)
        return seen if self.unit_id is None else and_(seen, Group.unit_id == self.unit_id)

    @property
    def books(self) -> ColumnElement[bool]:
        """The condition on `Entry`."""
        return true() if self.unit_id is None else Entry.unit_id == self.unit_id


def sees_totals_only(by: Actor) -> bool:
    """Whether she may compare units and see nobody in them: head office."""
    return by.may(Permission.SEE_UNIT_TOTALS) and not by.may(Permission.SEE_PORTFOLIO)


def unit_of(by: Actor, code: str | None, layout: str) -> int | None:
    """The unit that is asked about: the one named, else her own; none where units are compared by somebody who reads them all.

    Refused: `not_found` for one that is not hers.
    """
    if code is None and layout == "unit" and (by.reads_every_unit or sees_totals_only(by)):
        return None
    if not sees_totals_only(by):
        return unit_asked(by, code)[0]
    found = session.scalar(select(Unit.id).where(Unit.code == code))
    if found is None:
        raise NotFound
    return found


def day_in(column: Any) -> ColumnElement[date]:
    """A date that stands in the row, as the day that a question goes by."""
    return type_coerce(column, Date())


def keyed(question: Select[*tuple[Any, ...]], layout: str) -> Select[*tuple[Any, ...]]:
    """The joins that a key needs beyond Group, Unit, Product and that day's officer."""
    if layout == "officer":
        return question.outerjoin(User, User.id == Assignment.user_id)
    if layout == "kelurahan":
        return question.outerjoin(Region, Region.code == Group.kelurahan)
    return question


def standing_loans(standing: Standing, asked: Asked, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Key, name and these columns of her loans that owe something that day, or, with sums among them, of each part of the layout."""
    key, name = KEYS[asked.layout]
    return keyed(standing.select(key.label("key"), name.label("name"), *columns), asked.layout).where(asked.groups)


def all_loans(asked: Asked, on: Day, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Key, name and these columns of her loans ever disbursed, under the officer of `on`."""
    key, name = KEYS[asked.layout]
    question: Select[*tuple[Any, ...]] = (
        select(key.label("key"), name.label("name"), *columns)
        .select_from(Loan)
        .join(Group, Group.id == Loan.group_id)
        .join(Unit, Unit.id == Group.unit_id)
        .join(Product, Product.id == Loan.product_id)
        .outerjoin(Assignment, standings.officer_of(on))
        .where(asked.groups)
    )
    return keyed(question, asked.layout)
