"""Makers of papers' contents, and a reader that looks into a PDF the way a suspicious person would."""

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from io import BytesIO
from typing import Any

from PIL import Image
from pypdf import PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, IndirectObject

from lending.domain.schedule import Akad
from lending.queries.cards import CardRow, RepaymentCard

CODE = "K7QWE2ABMZ4XPL3D"
PRINTED_ON = date(2027, 1, 21)


def a_card(name: str = "Siti Nurhaliza", *, weeks: int = 50, paid: int = 0, part: int = 0, **facts: Any) -> RepaymentCard:
    """A card of Rp2,000,000 from 26 November 2026, the first `paid` instalments paid in full, `part` rupiah of the next."""
    principal = facts.get("principal", 2_000_000)
    margin = principal * 25 * weeks // 5000
    total = principal + margin
    instalment = -(-total // weeks // 500) * 500
    rows, left = [], total
    for number in range(1, weeks + 1):
        amount = min(instalment, left)
        left -= amount
        due_on = date(2026, 11, 26) + timedelta(weeks=number - 1)
        credited = amount if number <= paid else part if number == paid + 1 else 0
        rows.append(CardRow(number, due_on, None, amount, left, credited, due_on if credited else None))
    known = {
        "member_name": name,
        "member_number": "JMB-0007-01",
        "group_name": "Melati 07",
        "sub_group": 2,
        "weekday": 4,
        "time": time(9),
        "unit_name": "Kota Jambi",
        "product_name": "Mekaar",
        "akad": Akad.CONVENTIONAL,
        "cycle": 1,
        "principal": principal,
        "margin": margin,
        "total": total,
        "upj": principal // 20,
        "weeks": weeks,
        "instalment": instalment,
        "disbursed_on": date(2026, 11, 23),
        "rows": tuple(rows),
        "outstanding_total": total - sum(row.paid for row in rows),
        "as_of": PRINTED_ON,
        "check_code": CODE,
        "check_url": f"https://kartu.example/v/{facts.get('check_code', CODE)}",
        "version": "A",
    }
    return RepaymentCard(**known | facts)


def pages(pdf: bytes) -> list[str]:
    """The text of each page, with every run of blanks made one."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def objects(pdf: bytes) -> Iterator[DictionaryObject]:
    """Every dictionary that can be reached from the trailer, each once."""
    todo: list[Any] = [PdfReader(BytesIO(pdf)).trailer]
    seen: set[tuple[int, int]] = set()
    while todo:
        thing = todo.pop()
        if isinstance(thing, IndirectObject):
            if (thing.idnum, thing.generation) in seen:
                continue
            seen.add((thing.idnum, thing.generation))
            thing = thing.get_object()
        if isinstance(thing, DictionaryObject):
            yield thing
            todo.extend(thing.values())
        elif isinstance(thing, ArrayObject):
            todo.extend(thing)


_QR = re.compile(rb"q ([\d.]+) 0 0 -([\d.]+) ([\d.]+) ([\d.]+) cm ((?:\d+ \d+ \d+ 1 re ?)+)f Q")


def qr_of_page(pdf: bytes, page: int = 0) -> Image.Image:
    """What the page draws as its QR code, as a picture: eight pixels a module, white around it."""
    contents = PdfReader(BytesIO(pdf)).pages[page].get_contents()
    assert isinstance(contents, ContentStream)
    found = _QR.search(contents.get_data())
    assert found, "the page draws no code"
    squares = [tuple(map(int, square.split()[:3])) for square in found[5].decode().split(" re") if square.strip(" f")]
    side = max(column + width for column, _, width in squares)
    picture = Image.new("L", ((side + 8) * 8, (side + 8) * 8), 255)
    for column, row, width in squares:
        picture.paste(0, ((column + 4) * 8, (row + 4) * 8, (column + width + 4) * 8, (row + 5) * 8))
    return picture
