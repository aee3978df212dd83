"""A workbook handed in at the head's desk: looked at, faults by row, then brought in; and what she sees while it is read."""

import io
import re
import time

from tests.lived_in import MONDAY, only, statuses
from tests.web.desk import Desk, token_in, words
from tests.workbooks import Row, a_unit_of, a_workbook


def a_unit() -> dict[str, list[Row]]:
    return a_unit_of(1, 10, today=MONDAY, weeks=2)


def handed_in(desk: Desk, content: bytes, step: str) -> str:
    """Where the page leads once the work is over."""
    told = {"csrf_token": token_in(desk.client.get("/imports")), "step": step, "file": (io.BytesIO(content), "unit.xlsx")}
    answer = desk.client.post("/imports", data=told, content_type="multipart/form-data")
    assert answer.status_code == 303, words(answer)
    for _ in range(600):
        if "http-equiv" not in desk.client.get(answer.location).text:
            return answer.location
        time.sleep(0.1)
    raise AssertionError("the import never ended")


def test_who_may(look):
    assert statuses(look, "/imports") == only("head", "srg-head")
    assert "Unduh templat" in look("head").text("/imports")
    template = look("head").client.get("/imports/template")
    assert (template.status_code, template.data[:2]) == (200, b"PK")
    assert look("head").status("/imports/99") == 404


def test_looked_at_first_then_brought_in(work):
    head = work("head")
    seen = head.text(handed_in(head, a_workbook(a_unit()), "look"))
    assert "Semua baris benar. Belum ada yang disimpan" in seen
    assert "Kelompok 1" not in head.text("/groups")
    seen = head.text(handed_in(head, a_workbook(a_unit()), "store"))
    assert "Semua sudah disimpan." in seen
    assert "Anggota 10" in seen
    assert "Kelompok 1" in head.text("/groups")
    assert "10 anggota" in head.text("/imports")
    loan = re.search(r'href="(/loans/\d+)"[^>]*>Ibu B 1', head.client.get("/loans?state=running").text)
    assert loan
    assert "Diambil alih" in head.text(loan[1])


def test_every_bad_row_is_listed(work):
    head = work("head")
    rows = a_unit()
    rows["members"][2]["rt"] = "x"
    rows["groups"][0]["officer"] = "nobody"
    seen = head.text(handed_in(head, a_workbook(rows), "store"))
    assert "Tidak ada yang disimpan." in seen
    assert "members 4 rt" in seen
    assert "groups 2 officer" in seen
    assert "2 baris keliru" in head.text("/imports")


def test_no_file_and_a_wrong_one(work):
    head = work("head")
    told = {"csrf_token": token_in(head.client.get("/imports")), "step": "look"}
    empty = head.client.post("/imports", data=told, content_type="multipart/form-data")
    assert (empty.status_code, "Berkas Excel: Bagian ini harus diisi." in words(empty)) == (400, True)
    wrong = head.client.post("/imports", data={**told, "file": (io.BytesIO(b"nik"), "a.csv")}, content_type="multipart/form-data")
    assert (wrong.status_code, "Simpan ulang dari Excel" in words(wrong)) == (422, True)
