"""Reading somebody's workbook: only its cells, never what a spreadsheet would make of them, and not at any price.

A workbook is a zip of XML, and both can be made to swallow a machine. What it says it unpacks to is looked at first; then it is read in a
process of its own, which may take only so much memory and time (reliability §4.2).
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

from lending.domain.importing import MAY_BE_LEFT_OUT, MOST_ROWS, SHEETS, Cell, Faults, Line, Odd, RowFault, check_columns, is_empty
from lending.domain.refusals import Refusal

LARGEST_FILE = 5_000_000
MOST_UNPACKED, MOST_RATIO, MOST_MEMBERS = 50_000_000, 100, 200
SECONDS, MEMORY = 120, 1_500_000_000
MOST_COLUMNS, MOST_LINES = 40, 4 * MOST_ROWS
"""Rows that only look empty are passed over; so many are looked at."""

_ROOT = Path(__file__).resolve().parents[2]


def read(content: bytes) -> tuple[dict[str, list[Line]], Faults]:
    """The rows of each sheet that we know, and what is wrong with the sheets themselves: missing ones, columns missing or unknown.

    Refused: `too_big` (413), `not_a_workbook`, `workbook_too_large` (what it unpacks to, or the time it takes), `too_many_rows`.
    """
    check_zip(content)
    command = [sys.executable, "-m", "lending.documents.import_sheets"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, cwd=_ROOT, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise Refusal("workbook_too_large", at="file", most=MOST_ROWS) from None
    if done.returncode != 0:
        raise Refusal("not_a_workbook", at="file")
    return _sheets(json.loads(done.stdout))


def check_zip(content: bytes) -> None:
    """Refuse what is no workbook, or could swallow the machine, by what it says of itself."""
    if len(content) > LARGEST_FILE:
        raise Refusal("too_big", at="file", status=413, largest=LARGEST_FILE)
    try:
        members = zipfile.ZipFile(BytesIO(content)).infolist()
    except zipfile.BadZipFile:
        raise Refusal("not_a_workbook", at="file") from None
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * len(content):
        raise Refusal("workbook_too_large", at="file", most=MOST_ROWS)


def _sheets(found: Mapping[str, Sequence[tuple[int, list[Any]]]]) -> tuple[dict[str, list[Line]], Faults]:
    faults, sheets = Faults(), {}
    for name in SHEETS:
        if name not in found:
            if name not in MAY_BE_LEFT_OUT:
                faults.found.append(RowFault(name, None, None, "sheet_missing", {"name": name}))
            continue
        (_, header), *rows = found[name] or [(1, [])]
        columns = check_columns(name, [_cell(value) for value in header], faults)
        if len(faults) == 0:
            sheets[name] = [_line(name, number, columns, values) for number, values in rows]
    if sum(len(lines) for lines in sheets.values()) > MOST_ROWS:
        raise Refusal("too_many_rows", most=MOST_ROWS)
    return ({} if len(faults) else sheets), faults


def _line(sheet: str, number: int, columns: Sequence[str | None], values: Sequence[Any]) -> Line:
    cells: dict[str, Cell] = dict.fromkeys(SHEETS[sheet])
    for name, value in zip(columns, values, strict=False):
        if name is not None:
            cells[name] = _cell(value)
    return Line(sheet, number, cells)


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        ((kind, what),) = value.items()
        return date.fromisoformat(what) if kind == "day" else time.fromisoformat(what) if kind == "hour" else Odd(what)
    return value if isinstance(value, str | int) else None


# ---- in the process of its own ---------------------------------------------------------------------------------------------------------


def main() -> None:
    """Read a workbook from standard input and write its cells as JSON."""
    _limit()
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(sys.stdin.buffer.read()), read_only=True, data_only=False, keep_links=False)
    known = {sheet.title.strip().lower(): sheet for sheet in book.worksheets if sheet.title.strip().lower() in SHEETS}
    json.dump({name: list(_rows(sheet)) for name, sheet in known.items()}, sys.stdout)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows: the time limit alone
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _rows(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """The first row, and every later one in which anything stands."""
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_LINES), 1):
        values = [_told(cell) for cell in cells]
        if number == 1 or any(not is_empty(value) if isinstance(value, str) else value is not None for value in values):
            while values and values[-1] is None:
                values.pop()
            yield number, values


def _told(cell: Any) -> Any:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f" or (isinstance(value, str) and value.startswith("=")):
        return {"odd": Odd.FORMULA.value}
    if isinstance(value, datetime):
        return {"day": value.date().isoformat()} if value.time() == time() else {"odd": Odd.OTHER.value}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, time):
        return {"hour": value.isoformat("minutes")}
    if isinstance(value, bool) or cell.data_type == "e":
        return {"odd": Odd.OTHER.value}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, str | int) else {"odd": Odd.OTHER.value}


if __name__ == "__main__":
    main()
