"""A table in; a CSV or XLSX file out that no spreadsheet will mistake for a programme.

Amounts are numbers, all else text. Text that a spreadsheet could take for a formula gets an apostrophe in CSV and is a string cell in XLSX
(ASVS 1.2.10; reliability §4.2).
"""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeAlias

import xlsxwriter

Cell: TypeAlias = int | Decimal | str | None

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def csv_file(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark (or Excel reads another alphabet), commas, one header row and no other line that is not a row."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_guarded(name) for name in header])
    for row in rows:
        writer.writerow([_guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_file(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet: the header, then the rows."""
    return xlsx_book([(None, header, rows)])


def xlsx_book(sheets: Iterable[tuple[str | None, Sequence[str], Iterable[Sequence[Cell]]]]) -> bytes:
    """Several sheets, each with its name, its header and its rows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    bold, whole = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
    for name, header, rows in sheets:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(header):
            sheet.write_string(0, column, heading, bold)
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, column, cell)
                elif isinstance(cell, int):
                    sheet.write_number(line, column, cell, whole)
                elif cell is not None:
                    sheet.write_number(line, column, float(cell))
        sheet.autofit()
    book.close()
    return out.getvalue()


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
