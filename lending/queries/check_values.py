"""Values that no act could have written (V16): days of no calendar, words of no list. Every other question relies on them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Date, Enum, Select, String, Table, case, func, literal, or_, select, type_coerce

from lending.database import is_postgresql
from lending.models import Base
from lending.queries.differences import Told, put_once, told


@put_once
def look() -> Iterator[Told]:
    """Every row with a value that cannot be read."""
    for table in Base.metadata.sorted_tables:
        bad = [(column, _unreadable(column)) for column in table.columns]
        doubtful = [(column, condition) for column, condition in bad if condition is not None]
        if doubtful:
            yield told("V16", table.name, "{0} is {1}", _question(table, doubtful))


def _question(table: Table, doubtful: "list[tuple[Column[Any], ColumnElement[bool]]]") -> "Select[*tuple[Any, ...]]":
    name = case(*((condition, literal(column.name)) for column, condition in doubtful))
    value = case(*((condition, _as_text(column)) for column, condition in doubtful))
    key = next(iter(table.primary_key))
    return select(_as_text(key), name, value).where(or_(*(condition for _, condition in doubtful)))


def _as_text(column: "Column[Any]") -> ColumnElement[str]:
    return func.concat(type_coerce(column, String)) if is_postgresql() else func.printf("%s", column)


def _unreadable(column: "Column[Any]") -> ColumnElement[bool] | None:
    # A column without a value is neither: what is compared with nothing is not true.
    if isinstance(column.type, Enum):
        return type_coerce(column, String).not_in(column.type.enums)
    if isinstance(column.type, Date) and not is_postgresql():
        # SQLite keeps a date as text, whatever the text says; only a modifier makes it look (reliability §0, fact 10).
        return func.date(column, "+0 days", type_=String).is_distinct_from(type_coerce(column, String))
    return None
