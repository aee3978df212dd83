"""What all tables share: the base class, the column types behind the annotations, and names for every constraint."""

import enum
from datetime import UTC, datetime
from typing import Annotated, Any, cast

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, Integer, MetaData, Table, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, mapped_column

from lending.domain.money import Meaning, Rupiah

WholeId = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts up by itself only in a column that is exactly INTEGER PRIMARY KEY."""

RowId = Annotated[int, mapped_column(WholeId, primary_key=True)]
RefId = Annotated[int, Meaning("a row's id, from elsewhere")]
Uuid = Annotated[str, Meaning("a phone's or program's UUID, 36 characters, lower case")]


class Moment(TypeDecorator[datetime]):
    """A moment, kept in UTC and always aware: SQLite would forget the zone, and a naive moment is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _by_value(words: type[enum.Enum]) -> list[str]:
    return [str(word.value) for word in words]


class Base(DeclarativeBase):
    """Every table. Constraints have names, or SQLite's batch migrations could not find them again."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        Rupiah: BigInteger(),
        RefId: BigInteger().with_variant(Integer, "sqlite"),
        datetime: Moment(),
        enum.Enum: Enum(enum.Enum, native_enum=False, create_constraint=False, length=20, values_callable=_by_value),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[int]: JSON(),
        list[dict[str, Any]]: JSON(),
    }


def table_of(model: type[Base]) -> Table:
    """The table itself, for statements that write or read many rows and need no objects."""
    return cast(Table, model.__table__)  # a mapped class has a table; SQLAlchemy's types allow for a join as well
