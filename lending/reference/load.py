"""The shipped files in, typed rows out. Standard library only; who stores them decides what to do with them.

Regions: code and name of every kecamatan and kelurahan of Kota Jambi (15.71) and Kota Serang (36.73), as the interior ministry's decrees
list them; three published lists agree on all of them. `valid_from` is the day of the earliest decree in which we have seen the code: it
may be older. The six kelurahan that Jambi split off in 2022 count from January 2023.

Holidays: the joint decrees (SKB) of three ministers, 2024-2027, each row with the numbers of its decree. A cuti bersama is a day off for
civil servants, not a national holiday: meetings may stand on it, so its rule is `keep`. Election days are not in these decrees, nor here.

Products: PNM Mekaar as published (Rp2,000,000 is Rp50,000 x 50 or Rp90,000 x 25), and its syariah twin.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class RegionRow:
    """A region by its Kemendagri code, such as `15.71.01.1004`; `level` is kota, kecamatan or kelurahan; a kota has no parent."""

    code: str
    level: str
    name: str
    parent: str | None
    valid_from: date
    valid_to: date | None
    source: str


@dataclass(frozen=True)
class HolidayRow:
    """A day off: `kind` national or cuti_bersama; `rule` what it does to a meeting (skip, keep); `status` decreed."""

    date: date
    name: str
    kind: str
    rule: str
    source: str
    status: str


@dataclass(frozen=True)
class CycleLimit:
    """What is offered in one cycle, where the product limits it; whole rupiah, None leaves that end to the product."""

    cycle: int
    min_principal: int | None = None
    max_principal: int | None = None


@dataclass(frozen=True)
class ProductRow:
    """The terms of a product from `valid_from` on. Amounts in whole rupiah, rates in basis points (2500 = 25 %)."""

    code: str
    name: str
    akad: str
    valid_from: date
    valid_to: date | None
    min_principal: int
    max_principal: int
    step: int
    weeks: tuple[int, ...]
    every_weeks: int
    margin_bp: int
    year_weeks: int
    coin: int
    upj_bp: int
    payment_order: str
    by_cycle: tuple[CycleLimit, ...]
    block_days_late: int
    needs_recognition: bool


def regions() -> list[RegionRow]:
    """The two cities with every kecamatan and kelurahan below them, by code: a parent always before its children."""
    return [
        RegionRow(
            code=row["code"],
            level=row["level"],
            name=row["name"],
            parent=row["parent"] or None,
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            source=row["source"],
        )
        for row in _csv("regions.csv")
    ]


def holidays() -> list[HolidayRow]:
    """National holidays and cuti bersama from 2024 to 2027, by date."""
    return [
        HolidayRow(
            date=date.fromisoformat(row["date"]),
            name=row["name"],
            kind=row["kind"],
            rule=row["rule"],
            source=row["source"],
            status=row["status"],
        )
        for row in _csv("holidays.csv")
    ]


def products() -> list[ProductRow]:
    """The products that a new house starts with."""
    rows = json.loads((_HERE / "products.json").read_text(encoding="utf-8"))
    return [
        ProductRow(
            **row
            | {
                "valid_from": date.fromisoformat(row["valid_from"]),
                "valid_to": date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                "weeks": tuple(row["weeks"]),
                "by_cycle": tuple(CycleLimit(**limit) for limit in row["by_cycle"]),
            }
        )
        for row in rows
    ]


def _csv(name: str) -> Iterator[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
