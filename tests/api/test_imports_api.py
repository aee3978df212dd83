"""A workbook through the programs' door: begun, asked after, and what came of it; and the same at the terminal."""

import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from config import Settings
from lending.cli import main
from tests.api.conftest import UUID, Caller, House, refused
from tests.conftest import TODAY
from tests.workbooks import Row, a_nik, a_unit_of, a_workbook

sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def a_unit() -> dict[str, list[Row]]:
    rows = a_unit_of(1, 10, today=TODAY, weeks=2)
    for name in ("groups", "members"):
        rows[name] = [{**row, "kelurahan": "15.71.01.1004"} for row in rows[name]]
    return rows


def sent(caller: Caller, rows: dict[str, list[Row]] | bytes, path: str = "/imports", **fields: Any) -> TestResponse:
    content = rows if isinstance(rows, bytes) else a_workbook(rows)
    told = {"file": (io.BytesIO(content), "unit.xlsx"), **fields}
    return caller.call("POST", path, data=told, content_type="multipart/form-data")


def awaited(caller: Caller, begun: TestResponse) -> dict[str, Any]:
    """The job once it is over."""
    job = caller.ok(begun, 202)["job"]
    for _ in range(600):
        seen: dict[str, Any] = caller.ok(caller.get(f"/jobs/{job}"))
        assert set(seen) == {"id", "kind", "state", "done", "of", "result"}
        if seen["state"] in ("done", "failed"):
            return seen
        time.sleep(0.1)
    raise AssertionError("the import never ended")


def result(caller: Caller, job: dict[str, Any]) -> Any:
    return caller.ok(caller.get(job["result"].removeprefix("/api/v1")))


def test_a_unit_comes_over(house: House) -> None:
    head, officer = house["head"], house["officer"]
    looked_at = awaited(head, sent(head, a_unit(), "/imports?dry_run=1"))
    assert (looked_at["kind"], looked_at["state"], looked_at["done"], looked_at["of"]) == ("import", "done", 22, 22)
    assert result(head, looked_at) == {"dry_run": True, "groups": 1, "members": 10, "loans": 10, "errors": []}
    assert officer.ok(officer.get("/loans"))["items"] == []
    workbook = a_workbook(a_unit())
    done = awaited(head, sent(head, workbook, id=UUID.format(1)))
    assert (done["state"], result(head, done)) == ("done", {"dry_run": False, "groups": 1, "members": 10, "loans": 10, "errors": []})
    loans = officer.ok(officer.get("/loans"))["items"]
    assert [(loan["state"], loan["paid"], loan["days_late"]) for loan in loans[:2]] == [("running", 50_000, 3), ("running", 100_000, 0)]
    again = sent(head, workbook, id=UUID.format(1))
    assert (again.status_code, again.get_json()) == (200, {"job": done["id"]})
    (opening, *_) = head.ok(head.get("/journal?account=opening"))["items"]
    assert (opening["kind"], opening["on"]) == ("opening", TODAY.isoformat())


def test_one_bad_row_and_nothing_is_stored(house: House) -> None:
    head, officer = house["head"], house["officer"]
    rows = a_unit()
    rows["members"][1]["nik"] = a_nik(1)
    rows["loans"][4]["first_due"] = TODAY
    job = awaited(head, sent(head, rows))
    assert job["state"] == "failed"
    found = result(head, job)
    assert [(one["sheet"], one["row"], one["column"], one["code"]) for one in found["errors"]] == [
        ("members", 2, "nik", "nik_repeated"),
        ("members", 3, "nik", "nik_repeated"),
        ("loans", 3, "nik", "member_unknown"),
        ("loans", 6, "first_due", "first_due_not_a_meeting"),
    ]
    assert "baris 2, 3" in found["errors"][0]["message"]
    assert a_nik(1) not in json.dumps(found)
    assert officer.ok(officer.get("/groups"))["items"] == []


@sqlite_only
def test_who_may_and_what_is_refused_at_once(house: House) -> None:
    head = house["head"]
    for username in ("officer", "cashier", "auditor", "admin", "city"):
        assert refused(sent(house[username], a_unit()))[:2] == (403, "not_allowed")
        assert refused(house[username].get("/imports/template.xlsx"))[:2] == (403, "not_allowed")
    assert refused(head.post("/imports", {}))[:2] == (415, "wrong_content_type")
    empty = head.call("POST", "/imports", data={}, content_type="multipart/form-data")
    assert refused(empty) == (400, "required", "file")
    wrong = head.call("POST", "/imports", data={"file": (io.BytesIO(b"nik;nama"), "a.csv")}, content_type="multipart/form-data")
    assert refused(wrong)[:2] == (422, "not_a_workbook")
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n' + bytes(5_100_000) + b"\r\n--x--\r\n"
    large = head.call("POST", "/imports", data=body, content_type="multipart/form-data; boundary=x")
    assert refused(large)[:2] == (413, "too_big")
    assert refused(head.get("/jobs/1"))[:2] == (404, "not_found")


@sqlite_only
def test_only_the_units_own_people_see_its_work(house: House) -> None:
    from tests.makers import a_unit as another_unit

    head = house["head"]
    job = awaited(head, sent(head, a_unit(), "/imports?dry_run=1", id=UUID.format(2)))
    another_unit("SRG", city="36.73", name="Kota Serang")
    assert refused(house["srg-head"].get(f"/jobs/{job['id']}")) == (404, "not_found", None)
    assert refused(house["srg-head"].get(f"/imports/{job['id']}")) == (404, "not_found", None)
    assert refused(sent(house["srg-head"], a_unit(), "/imports?dry_run=1", id=UUID.format(2)))[:2] == (404, "not_found")
    assert refused(sent(head, {**a_unit(), "history": []}, "/imports?dry_run=1", id=UUID.format(2)))[:2] == (422, "key_reused")
    assert house["officer"].ok(house["officer"].get(f"/jobs/{job['id']}"))["state"] == "done"
    assert refused(house["officer"].get(f"/imports/{job['id']}"))[:2] == (403, "not_allowed")


@sqlite_only
def test_the_template_offers_the_units_officers_and_the_products(house: House) -> None:
    _ = house["officer"]
    answer = house["head"].get("/imports/template.xlsx")
    assert (answer.status_code, answer.mimetype) == (200, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    book = load_workbook(io.BytesIO(answer.data))
    assert {one.formula1 for one in book["groups"].data_validations.dataValidation} == {'"1,2,3,4,5,6"', '"officer"'}
    assert {one.formula1 for one in book["loans"].data_validations.dataValidation} == {'"MEKAAR,MEKAAR-SYARIAH"', '"25,50"'}


@sqlite_only
def test_the_same_at_the_terminal(
    house: House, database: str, make_settings: Callable[..., Settings], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _ = house["officer"]
    settings = make_settings(LENDING_DATABASE_URL=database)

    def typed(*words: str) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = main(["import", *words, "--json"], lambda: settings)
        return code, json.loads(capsys.readouterr().out)

    file, spoilt = tmp_path / "unit.xlsx", tmp_path / "spoilt.xlsx"
    file.write_bytes(a_workbook(a_unit()))
    rows = a_unit()
    rows["members"][3]["rt"] = "=A1"
    spoilt.write_bytes(a_workbook(rows))
    assert typed(str(file), "--dry-run") == (0, {"dry_run": True, "groups": 1, "members": 10, "loans": 10, "errors": []})
    code, told = typed(str(spoilt), "--unit", "JMB")
    assert (code, told["dry_run"]) == (1, False)
    (first, *_) = told["errors"]
    assert (first["sheet"], first["row"], first["column"], first["code"]) == ("members", 5, "rt", "formula")
    assert typed(str(file), "--unit", "JMB") == (0, {"dry_run": False, "groups": 1, "members": 10, "loans": 10, "errors": []})
    code, told = typed(str(file), "--unit", "XYZ")
    assert (code, told["type"]) == (1, "/problems/not_found")
    code, told = typed(str(tmp_path / "none.xlsx"))
    assert (code, told["type"]) == (1, "/problems/no_such_file")
    assert typed("--template", str(tmp_path / "template.xlsx"))[0] == 0
    assert load_workbook(tmp_path / "template.xlsx").sheetnames[0] == "groups"
