"""Workbooks for imports: a good one, and each way of spoiling it."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from openpyxl import Workbook

from lending.documents.import_sheets import read
from lending.domain.importing import SHEETS, Faults, Line

Row = dict[str, Any]
Rows = Mapping[str, Sequence[Row]]

BORN = date(1985, 4, 17)
KELURAHAN = "15.71.11.1001"


def a_nik(number: int) -> str:
    return f"157111{BORN.day + 40:02}{BORN:%m%y}{number:04}"


def a_unit_of(groups: int, women: int, *, today: date, weeks: int = 10, officer: str = "officer") -> dict[str, list[Row]]:
    """So many groups of so many women, each with a loan of so many weeks; the first of each group paid all but one instalment."""
    monday = today - timedelta(days=today.weekday())
    rows: dict[str, list[Row]] = {name: [] for name in SHEETS}
    lent_on = monday - timedelta(weeks=weeks)
    for nth in range(groups):
        key = f"K{nth + 1}"
        niks = [a_nik(nth * women + place + 1) for place in range(women)]
        rows["groups"].append(
            {
                "group": key,
                "name": f"Kelompok {nth + 1}",
                "kelurahan": KELURAHAN,
                "weekday": 1,
                "time": "09:00",
                "place": "Rumah Bu Siti",
                "officer": officer,
                "first_meeting": lent_on,
                "leader": niks[0],
            }
        )
        for place, nik in enumerate(niks):
            rows["members"].append(
                {
                    "group": key,
                    "name": f"Ibu {'ABCDEFGHIJKLMNOPQRSTUVWXYZABCDE'[place]} {nth + 1}",
                    "nik": nik,
                    "kk": "1571110101100001",
                    "birth_date": BORN,
                    "phone": "0812-3456-7890",
                    "address": "Jl. Melati No. 7",
                    "rt": "1",
                    "rw": "02",
                    "kelurahan": KELURAHAN,
                    "sub_group": place // 5 + 1,
                    "joined_on": lent_on,
                    "consents": "credit, group",
                    "savings": 25_000 if place == 0 else None,
                }
            )
            rows["loans"].append(
                {
                    "nik": nik,
                    "product": "MEKAAR",
                    "cycle": 1 + place % 3,
                    "principal": 2_000_000,
                    "weeks": 50,
                    "disbursed_on": lent_on,
                    "first_due": lent_on + timedelta(weeks=1),
                    "paid": (weeks - 1) * 50_000 if place == 0 else weeks * 50_000,
                }
            )
        rows["history"].append(
            {"nik": niks[0], "held_on": lent_on + timedelta(weeks=1), "attendance": "hadir", "paid": 50_000, "savings": 0}
        )
    return rows


def a_workbook(rows: Rows, **more: Sequence[Sequence[Any]]) -> bytes:
    """The file itself; `more` are sheets of rows as they are."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, columns in SHEETS.items():
        if name in rows:
            sheet = book.create_sheet(name)
            sheet.append(list(columns))
            for row in rows[name]:
                sheet.append([row.get(column) for column in columns])
    for name, lines in more.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(list(line))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_lines(rows: Rows) -> tuple[dict[str, list[Line]], Faults]:
    """The same as the reader gives it, without the file."""
    return (
        {
            name: [Line(name, number, {column: row.get(column) for column in SHEETS[name]}) for number, row in enumerate(rows[name], 2)]
            for name in rows
        },
        Faults(),
    )


__all__ = ["a_nik", "a_unit_of", "a_workbook", "as_lines", "read"]
