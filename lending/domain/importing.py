"""What a workbook brings into a new unit: its sheets and columns, and how a cell is read; strictly, for nobody sees it typed.

Nothing is stored while one row is wrong, so that every row is read to its end and each fault is named by sheet, row and column.
Source: api-detail part 3 *Import and export*.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from types import TracebackType
from typing import Any, TypeAlias

from lending.domain.money import LARGEST_SHAPE, Rupiah, check_amount, parse_rupiah
from lending.domain.refusals import Refusal

SHEETS: Mapping[str, tuple[str, ...]] = {
    "groups": ("group", "name", "kelurahan", "weekday", "time", "place", "officer", "first_meeting", "leader"),
    "members": (
        *("group", "name", "nik", "kk", "birth_date", "phone", "address", "rt", "rw", "kelurahan", "sub_group", "joined_on"),
        *("consents", "savings"),
    ),
    "loans": ("nik", "product", "cycle", "principal", "weeks", "disbursed_on", "first_due", "paid"),
    "history": ("nik", "held_on", "attendance", "paid", "savings"),
}
"""The sheets and what stands in their first row; data from the second on."""

MAY_BE_LEFT_OUT = frozenset({"history"})
"""Sheets that a workbook need not have."""

MOST_ROWS = 10_000
"""So many rows in all its sheets."""

LONGEST_ADDRESS, LONGEST_PLACE, LONGEST_KEY = 200, 120, 40

WEEKDAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")

_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_WHOLE = re.compile(r"\d{1,15}", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_OUR_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_HOUR = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::00)?", re.ASCII)


class Odd(StrEnum):
    """A cell that holds no plain value."""

    FORMULA = "formula"
    OTHER = "other"
    """A fraction, a truth value, a fault of the spreadsheet."""


Cell: TypeAlias = str | int | date | time | Odd | None


@dataclass(frozen=True)
class Line:
    """One row of a sheet, as it stands there: its number, and its cells by column."""

    sheet: str
    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one cell, or with a whole row or sheet (`column`, `row` None)."""

    sheet: str
    row: int | None
    column: str | None
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class _Kept:
    """A block whose refusal becomes a fault of one cell."""

    def __init__(self, found: list[RowFault], line: Line, column: str | None) -> None:
        self._found, self._line, self._column = found, line, column

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, refusal: BaseException | None, trace: TracebackType | None) -> bool:
        if not isinstance(refusal, Refusal):
            return False
        self._found.append(RowFault(self._line.sheet, self._line.number, self._column, refusal.code, refusal.facts))
        return True


class Faults:
    """Every fault found so far."""

    def __init__(self) -> None:
        self.found: list[RowFault] = []

    def at(self, line: Line, column: str | None) -> _Kept:
        """Keep the block's refusal as a fault of this cell, and go on."""
        return _Kept(self.found, line, column)

    def of(self, line: Line, column: str | None, code: str, **facts: Any) -> None:
        """Add one."""
        self.found.append(RowFault(line.sheet, line.number, column, code, facts))

    def in_order(self) -> tuple[RowFault, ...]:
        """As they stand in the workbook: by sheet, row and column."""
        sheets = list(SHEETS)

        def place(one: RowFault) -> tuple[int, int, int]:
            columns = SHEETS[one.sheet]
            return sheets.index(one.sheet), one.row or 0, columns.index(one.column) if one.column in columns else -1

        return tuple(sorted(self.found, key=place))

    def __len__(self) -> int:
        return len(self.found)


def check_columns(sheet: str, header: Sequence[Cell], faults: Faults) -> list[str | None]:
    """What each column holds, in whatever order they stand; what is missing or unknown is a fault of row 1."""
    wanted = SHEETS[sheet]
    names = [str(cell).strip().lower() if isinstance(cell, str) else None for cell in header]
    for name in wanted:
        if names.count(name) != 1:
            code = "column_twice" if name in names else "column_missing"
            faults.found.append(RowFault(sheet, 1, name, code, {"name": name}))
    for cell, said in zip(header, names, strict=True):
        if cell is not None and said not in wanted:
            faults.found.append(RowFault(sheet, 1, str(cell)[:LONGEST_KEY], "column_unknown", {"name": str(cell)[:LONGEST_KEY]}))
    return [name if name in wanted else None for name in names]


# ---- one cell --------------------------------------------------------------------------------------------------------------------------


def _plain(cell: Cell) -> str | int | date | time | None:
    if cell is Odd.FORMULA:
        raise Refusal("formula")
    if cell is Odd.OTHER:
        raise Refusal("shape")
    return cell.strip() or None if isinstance(cell, str) else cell


def is_empty(cell: Cell) -> bool:
    """Whether nothing stands there."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text(cell: Cell, longest: int) -> str:
    """A line of text; a number is none, for a spreadsheet may have taken its zeros or last digits. Refused: `required`, `text_needed`,
    `text_too_long`, `text`."""
    value = _plain(cell)
    if value is None:
        raise Refusal("required")
    if not isinstance(value, str):
        raise Refusal("text_needed")
    line = unicodedata.normalize("NFC", value)
    if len(line) > longest:
        raise Refusal("text_too_long", longest=longest)
    if _UNFIT.search(line):
        raise Refusal("text")
    return line


def short(cell: Cell, longest: int) -> str:
    """The same where a plain number does no harm: keys, RT, RW."""
    value = _plain(cell)
    return str(value) if isinstance(value, int) and 0 <= value <= LARGEST_SHAPE else text(cell, longest)


def whole(cell: Cell) -> int:
    """A whole number. Refused: `required`, `whole_number`."""
    value = _plain(cell)
    if value is None:
        raise Refusal("required")
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = int(value)
    if not isinstance(value, int) or not 0 <= value <= LARGEST_SHAPE:
        raise Refusal("whole_number", typed=str(value)[:40])
    return value


def money(cell: Cell) -> Rupiah:
    """Whole rupiah, nothing where nothing stands. Refused: `amount_format`, `too_large`."""
    value = _plain(cell)
    if value is None:
        return 0
    if isinstance(value, str):
        value = parse_rupiah(value)
    if not isinstance(value, int) or value < 0:
        raise Refusal("amount_format", typed=str(value)[:40])
    check_amount(value, "amount", smallest=0)
    return value


def day(cell: Cell) -> date:
    """A day: of the spreadsheet's own kind, `2026-11-26`, or `26-11-2026` as it is written here. Refused: `required`, `date_format`."""
    value = _plain(cell)
    if value is None:
        raise Refusal("required")
    if isinstance(value, str):
        found, ours = _DAY.fullmatch(value), _OUR_DAY.fullmatch(value)
        parts = found.groups() if found else ours.groups()[::-1] if ours else None
        try:
            value = date(*(int(part) for part in parts)) if parts else None
        except ValueError:
            value = None
    if not isinstance(value, date) or not 1900 <= value.year <= 2199:
        raise Refusal("date_format")
    return value


def hour(cell: Cell) -> str:
    """An hour of the day, as `09:00`. Refused: `required`, `hour_format`."""
    value = _plain(cell)
    if value is None:
        raise Refusal("required")
    if isinstance(value, time):
        return f"{value:%H:%M}"
    found = _HOUR.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise Refusal("hour_format")
    return f"{int(found[1]):02}:{found[2]}"


def weekday(cell: Cell) -> int:
    """1 Monday … 7 Sunday, as a number or by its name. Refused: `required`, `not_a_choice`."""
    value = _plain(cell)
    if isinstance(value, str) and value.lower() in WEEKDAYS:
        return WEEKDAYS.index(value.lower()) + 1
    number = whole(cell)
    if not 1 <= number <= len(WEEKDAYS):
        raise Refusal("not_a_choice")
    return number
