"""Putting a loan on new days at the head's desk: asked, shown beside the old plan, changed row by row, and only then kept."""

import re

from tests.lived_in import LivedIn, only, statuses
from tests.web.desk import said_at, typed, words

HALF = 3
"""Her loan: two and a half instalments are paid, Rp2,375,000 are left."""


def path_of(lived_in: LivedIn) -> str:
    return f"/loans/{lived_in.house.loans[HALF]}/restructure"


def test_who_may(look, lived_in: LivedIn):
    assert statuses(look, path_of(lived_in)) == only("head", srg_head=404)
    assert "Jadwalkan ulang …" in look("head").text(f"/loans/{lived_in.house.loans[HALF]}")
    assert "Jadwalkan ulang" not in look("officer").text(f"/loans/{lived_in.house.loans[HALF]}")


def test_what_would_change_is_shown_and_nothing_is_kept(work, lived_in: LivedIn):
    head = work("head")
    shown = head.send(path_of(lived_in), weeks="50", reason="gagal panen", step="preview")
    assert shown.status_code == 200
    said = words(shown)
    assert "Sisa tetap Rp2.375.000: tidak ada margin atau denda yang ditambah" in said
    assert "48 kali menjadi 50 kali" in said
    assert "masuk semua golongan PAR sampai 8 angsuran" in said
    assert "Jadwal sekarang" in said
    assert "Rp47.500 50 kali" in said
    assert "Berjalan" in head.text(f"/loans/{lived_in.house.loans[HALF]}")


def test_it_is_kept_as_it_was_shown_once(work, lived_in: LivedIn):
    head = work("head")
    loan = f"/loans/{lived_in.house.loans[HALF]}"
    kept = head.follow(head.send(path_of(lived_in), weeks="50", reason="gagal panen", step="store", left="2375000"))
    assert "Jadwal baru disimpan." in kept
    assert "Status Dijadwalkan ulang" in kept
    assert "sekarang 0." in kept
    assert "Dijadwalkan ulang: gagal panen" in kept
    again = head.send(path_of(lived_in), weeks="50", reason="gagal panen", step="store", left="2375000")
    assert again.status_code == 409
    listed = head.text("/loans?state=restructured")
    assert "Melati 04" in listed
    assert "Menunggak sejak" not in head.text(loan)


def test_money_that_came_meanwhile_is_seen_first(work, lived_in: LivedIn):
    late = work("head").send(path_of(lived_in), weeks="50", reason="sakit", step="store", left="2425000")
    assert late.status_code == 409
    assert "Muat ulang" in words(late)
    assert typed(late, "weeks") == "50"


def test_what_is_wrong_stands_at_its_field(work, lived_in: LivedIn):
    head, path = work("head"), path_of(lived_in)
    for step in ("preview", "store"):
        empty = head.send(path, weeks="", reason="", step=step)
        assert empty.status_code == 400
        assert "Belum diisi" in said_at(empty, "weeks") or said_at(empty, "weeks")
    endless = head.send(path, weeks="251", reason="sakit", step="preview")
    assert (endless.status_code, typed(endless, "reason")) == (422, "sakit")
    assert "1 sampai 250" in said_at(endless, "weeks")


def test_row_by_row(work, lived_in: LivedIn):
    head, path = work("head"), path_of(lived_in)
    shown = head.send(path, weeks="3", reason="sakit", step="rows")
    assert shown.status_code == 200
    assert [typed(shown, f"schedule.{place}.total") for place in range(3)] == ["792.000", "792.000", "791.000"]
    days = re.findall(r'<option selected value="([0-9-]+)"', shown.text)
    assert len(days) == 3
    wider = head.client.post(path, data={**rows(days, ["792.000", "792.000", "791.000"]), "step": "add", "csrf_token": token(shown)})
    assert typed(wider, "schedule.6.total") == ""
    wrong = head.client.post(path, data={**rows(days, ["792.000", "", "791.000"]), "step": "preview", "csrf_token": token(shown)})
    assert (wrong.status_code, bool(error(wrong.text, "schedule.1.total"))) == (422, True)
    short = head.client.post(path, data={**rows(days, ["792.000", "792.000", "790.000"]), "step": "preview", "csrf_token": token(shown)})
    assert short.status_code == 422
    assert "Jadwal baru berjumlah Rp2.374.000, sisa pinjaman Rp2.375.000" in words(short)
    told = {**rows(days, ["1.000.000", "1.000.000", "375.000"]), "csrf_token": token(shown)}
    assert "Rp375.000" in words(head.client.post(path, data={**told, "step": "preview"}))
    assert head.client.post(path, data={**told, "step": "store", "left": "2375000"}).status_code == 303
    assert "Rp375.000" in head.text(f"/loans/{lived_in.house.loans[HALF]}")


def rows(days: list[str], sums: list[str]) -> dict[str, str]:
    told = {"how": "rows", "reason": "sakit"}
    for place, (day, total) in enumerate(zip(days, sums, strict=True)):
        told |= {f"schedule.{place}.due_on": day, f"schedule.{place}.total": total}
    return told


def token(page) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found
    return found[1]


def error(page: str, name: str) -> str:
    found = re.search(rf'id="{re.escape(name)}-error">(.*?)</span></span>', page, re.DOTALL)
    return found[1] if found else ""
