"""A made report for programs and spreadsheets: plain values under the contract's names, and as people read them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lending.documents.reports.columns import Column, Kind, Value
from lending.documents.reports.report import Made
from lending.documents.workbook import Cell, csv_file, xlsx_file
from lending.i18n import formats, words
from lending.i18n.catalogue import SOURCE, translated

Plain = int | float | str | None


def items(made: Made) -> list[dict[str, Any]]:
    """A row an object; a name with a dot lies inside (`par.30`)."""
    return [_nested(made, cells) for cells in made.cells]


def total(made: Made) -> dict[str, Any]:
    """What adds up, under the same names; nothing where nothing does."""
    if made.totals is None:
        return {}
    return _nested(made, [value if column.total else _NOTHING for column, value in zip(made.columns, made.totals, strict=True)])


def head(made: Made) -> dict[str, Any]:
    """What stands above the table, by name."""
    return {column.name: _plain(value) for column, value in made.head}


_NOTHING: Any = object()


def _nested(made: Made, cells: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column, value in zip(made.columns, cells, strict=True):
        if value is _NOTHING:
            continue
        *around, name = column.name.split(".")
        inside = found
        for outer in around:
            inside = inside.setdefault(outer, {})
        inside[name] = _plain(value)
    return found


def _plain(value: Value) -> Plain:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def as_csv(made: Made) -> bytes:
    """All rows, the contract's names above; no title, no totals."""
    return csv_file(*_table(made))


def as_xlsx(made: Made) -> bytes:
    """The same as a workbook."""
    return xlsx_file(*_table(made))


def _table(made: Made) -> tuple[list[str], list[list[Cell]]]:
    return [column.name for column in made.columns], [
        [_cell(column, value) for column, value in zip(made.columns, cells, strict=True)] for cells in made.cells
    ]


def _cell(column: Column, value: Value) -> Cell:
    if value is None:
        return None
    if column.is_number and isinstance(value, int | Decimal):
        return value
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def said(column: Column, value: Value, language: str = SOURCE, zone: str = "Asia/Jakarta") -> str:
    """A value as people read it; nothing where there is none. The report says once that its amounts are rupiah, not at each of them."""
    if value is None or value == "":
        return ""
    match column.kind:
        case Kind.RUPIAH | Kind.COUNT:
            return formats.grouped(int(value), language)  # type: ignore[arg-type]
        case Kind.RATIO:
            return formats.ratio(Decimal(str(value)), language)
        case Kind.WORD:
            return words.word(str(value), column.words, language)
    if isinstance(value, datetime):
        return formats.moment(value, zone, language)
    return formats.short_date(value, language) if isinstance(value, date) else str(value)


def label(column: Column, language: str = SOURCE) -> str:
    """What stands over the column."""
    return translated(column.label, language)
