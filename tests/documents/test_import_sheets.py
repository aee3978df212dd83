"""Somebody's workbook: only its cells, whatever stands in them, and never at the price of the machine."""

import io
import zipfile
from datetime import date, time
from itertools import pairwise

import pytest
from openpyxl import load_workbook

from lending.documents.import_sheets import LARGEST_FILE, read
from lending.documents.import_template import template
from lending.domain.importing import SHEETS, Odd
from lending.domain.refusals import Refusal
from tests.workbooks import a_unit_of, a_workbook

TODAY = date(2026, 5, 13)


def refused(content: bytes) -> str:
    with pytest.raises(Refusal) as no:
        read(content)
    return no.value.code


def test_every_cell_is_what_it_is():
    rows = a_unit_of(1, 2, today=TODAY)
    rows["members"][0] |= {"rt": 1, "name": "=1+1", "savings": 25_000.5, "phone": True, "joined_on": date(2026, 3, 2)}
    rows["groups"][0] |= {"time": time(9, 30)}
    sheets, faults = read(a_workbook(rows, petunjuk=[["apa saja", "=SUM(A1)"]]))
    assert faults.found == []
    assert {name: len(lines) for name, lines in sheets.items()} == {"groups": 1, "members": 2, "loans": 2, "history": 1}
    first = sheets["members"][0]
    assert (first.sheet, first.number) == ("members", 2)
    assert (first.cells["rt"], first.cells["name"], first.cells["savings"]) == (1, Odd.FORMULA, Odd.OTHER)
    assert (first.cells["phone"], first.cells["joined_on"], first.cells["kk"]) == (Odd.OTHER, date(2026, 3, 2), "1571110101100001")
    assert (sheets["groups"][0].cells["time"], sheets["groups"][0].cells["first_meeting"]) == (time(9, 30), date(2026, 3, 2))


def test_columns_may_stand_in_any_order_and_empty_rows_are_none():
    order: list[object] = [*reversed(SHEETS["groups"])]
    lines: list[list[object]] = [order, [None] * 9, ["  ", None], [f"x{place}" for place in range(9)]]
    rows = a_unit_of(1, 1, today=TODAY)
    del rows["groups"]
    sheets, faults = read(a_workbook(rows, groups=lines))
    assert faults.found == []
    (line,) = sheets["groups"]
    assert (line.number, line.cells["group"], line.cells["leader"]) == (4, "x8", "x0")


def test_missing_sheets_and_columns_are_faults_of_the_workbook():
    rows = a_unit_of(1, 1, today=TODAY)
    del rows["loans"], rows["history"]
    wrong = [["group", "name", "nama", "nik", "nik"], ["K1"]]
    del rows["members"]
    sheets, faults = read(a_workbook(rows, members=wrong))
    assert sheets == {}
    found = {(one.sheet, one.row, one.column, one.code) for one in faults.found}
    assert ("loans", None, None, "sheet_missing") in found
    assert {
        ("members", 1, "nik", "column_twice"),
        ("members", 1, "nama", "column_unknown"),
        ("members", 1, "rt", "column_missing"),
    } <= found
    assert not any(sheet == "history" for sheet, *_ in found)


def test_what_is_no_workbook_is_refused():
    good = a_workbook(a_unit_of(1, 1, today=TODAY))
    assert refused(b"") == refused(b"nama,nik\n") == refused(good[: len(good) // 2]) == "not_a_workbook"
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert refused(other.getvalue()) == "not_a_workbook"


def test_bombs_are_refused_before_they_are_opened():
    assert refused(b"PK" + bytes(LARGEST_FILE)) == "too_big"
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(60_000_000))
    assert len(bomb.getvalue()) < 100_000
    assert refused(bomb.getvalue()) == "workbook_too_large"
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for nth in range(201):
            archive.writestr(f"{nth}", b"x" * 100)
    assert refused(many.getvalue()) == "workbook_too_large"


def test_an_entity_is_not_unfolded():
    names = "abcdefghij"
    entities = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "{"a" * 50}">{entities}]><worksheet xmlns="{main}"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row></sheetData></worksheet>'
    )
    spoilt = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(a_workbook(a_unit_of(1, 1, today=TODAY)))) as good, zipfile.ZipFile(spoilt, "w") as bad:
        for member in good.namelist():
            bad.writestr(member, bomb if member.endswith("sheet1.xml") else good.read(member))
    assert refused(spoilt.getvalue()) == "not_a_workbook"


def test_the_template_is_a_workbook_that_can_be_filled_in_and_read():
    book = load_workbook(io.BytesIO(template(officers=["officer", "officer2"], products=["MEKAAR"], weeks=[25, 50])))
    assert book.sheetnames[:4] == list(SHEETS)
    for name, columns in SHEETS.items():
        assert [cell.value for cell in book[name][1]] == list(columns)
    lists = {str(one.sqref): one.formula1 for one in book["groups"].data_validations.dataValidation}
    assert '"officer,officer2"' in lists.values()
    rows = a_unit_of(1, 2, today=TODAY)
    for name, columns in SHEETS.items():
        for row in rows[name]:
            book[name].append([row.get(column) for column in columns])
    filled = io.BytesIO()
    book.save(filled)
    sheets, faults = read(filled.getvalue())
    assert faults.found == []
    assert [line.cells["name"] for line in sheets["members"]] == ["Ibu A 1", "Ibu B 1"]
