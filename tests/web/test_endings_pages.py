"""How loans end, and what is kept for a woman, at the desk: asked, shown with what would be booked, and only then stored."""

import re

import pytest

from tests.lived_in import MONDAY, LivedIn, only, statuses
from tests.web.desk import Desk, said_at, typed, words

TODAY = MONDAY.isoformat()


def key_of(at: Desk, path: str) -> str:
    """The page's own UUID."""
    found = typed(at.client.get(path), "key")
    assert found
    return found


def test_who_may_end_a_loan(look, lived_in: LivedIn):
    path = f"/loans/{lived_in.house.loans[0]}"
    assert statuses(look, f"{path}/settle") == only("head", "cashier", officer2=404, srg_head=404)
    for way in ("write-off", "death"):
        assert statuses(look, f"{path}/{way}") == only("head", officer2=404, srg_head=404)
    for way in ("recovery", "claim"):
        assert statuses(look, f"{path}/{way}") == only("head", "cashier", officer2=404, srg_head=404)


def test_the_ways_out_are_offered_to_whoever_may_take_them(look, lived_in: LivedIn):
    path = f"/loans/{lived_in.house.loans[0]}"
    head, cashier, auditor = (look(who).text(path) for who in ("head", "cashier", "auditor"))
    for button in ("Lunasi lebih awal", "Hapusbukukan", "Anggota meninggal"):
        assert button in head
        assert button not in auditor
    assert "Lunasi lebih awal" in cashier
    assert "Hapusbukukan" not in cashier
    assert "Terima uang" not in head
    assert "Hapusbukukan" not in look("head").text(f"{path}?on=2026-03-01")


def test_a_settlement_is_shown_before_it_is_received(work, lived_in: LivedIn):
    at, path = work("cashier"), f"/loans/{lived_in.house.loans[0]}/settle"
    shown = at.send(path, on=TODAY, rebate="60.000", step="preview")
    assert shown.status_code == 200
    said = words(shown)
    assert "Belum disimpan" in said
    assert "Potongan margin (muqasah) Rp60.000" in said
    assert "Uang yang diterima dari anggota Rp2.240.000" in said
    assert "Kas di brankas 1120 Rp2.240.000" in said
    assert "Jumlah Rp2.300.000 Rp2.300.000" in said
    assert "Berjalan" in at.text(f"/loans/{lived_in.house.loans[0]}")
    too_much = at.send(path, on=TODAY, rebate="460.001", step="preview")
    assert too_much.status_code == 422
    assert "Rp460.000" in said_at(too_much, "rebate")
    assert typed(too_much, "rebate") == "460.001"
    kept = at.follow(at.send(path, on=TODAY, rebate="60.000", step="store"))
    assert "Dilunasi lebih awal Senin, 9 Maret 2026: diterima Rp2.240.000, potongan margin Rp60.000" in kept
    assert "Lunas" in kept
    again = at.send(path, on=TODAY, rebate="0", step="store")
    assert again.status_code == 409


def test_a_write_off_and_the_money_that_still_comes(work, lived_in: LivedIn):
    head, cashier = work("head"), work("cashier")
    loan = f"/loans/{lived_in.house.loans[3]}"
    nothing = head.send(f"{loan}/write-off", on=TODAY, reason="", step="preview")
    assert nothing.status_code == 400
    shown = words(head.send(f"{loan}/write-off", on=TODAY, reason="pindah", step="preview"))
    assert "Hapus buku 5210" in shown
    kept = head.follow(head.send(f"{loan}/write-off", on=TODAY, reason="pindah", step="store"))
    assert "Dihapusbukukan Senin, 9 Maret 2026" in kept
    assert "hari" not in kept.split("Tunggakan", 1)[1][:20]
    key = key_of(cashier, f"{loan}/recovery")
    shown = words(cashier.send(f"{loan}/recovery", key=key, on=TODAY, amount="50.000", step="preview"))
    assert "Penerimaan hapus buku 4210 Rp50.000" in shown
    kept = cashier.follow(cashier.send(f"{loan}/recovery", key=key, on=TODAY, amount="50.000", step="store"))
    assert "Sesudahnya masuk Rp50.000" in kept
    cashier.follow(cashier.send(f"{loan}/recovery", key=key, on=TODAY, amount="50.000", step="store"))
    assert "Sesudahnya masuk Rp50.000" in cashier.text(loan)


def test_a_death_tells_what_stays_hers_and_what_the_insurer_owes(work, lived_in: LivedIn):
    head, cashier = work("head"), work("cashier")
    house = lived_in.house
    loan = f"/loans/{house.loans[0]}"
    unsaid = head.send(f"{loan}/death", on=TODAY, reason="sakit", step="preview")
    assert unsaid.status_code == 400
    shown = words(head.send(f"{loan}/death", on=TODAY, reason="sakit", claim="yes", step="preview"))
    assert "tabungan Rp0, UPJ Rp100.000" in shown
    assert "Klaim kematian 1310 Rp1.840.000" in shown
    kept = head.follow(head.send(f"{loan}/death", on=TODAY, reason="sakit", claim="yes", step="store"))
    assert "Anggota meninggal" in kept
    assert "Meninggal; bukan anggota kelompok lagi sejak Senin, 9 Maret 2026" in head.text(f"/members/{house.women[0]}")
    assert "Melati 01" not in head.text(f"/meetings/{lived_in.today_meeting}")
    key = key_of(cashier, f"{loan}/claim")
    kept = cashier.follow(cashier.send(f"{loan}/claim", key=key, on=TODAY, amount="1.840.000", step="store"))
    assert "sudah dibayar Rp1.840.000" in kept
    assert "Terima dari asuransi" not in kept


# ---- her book --------------------------------------------------------------------------------------------------------------------------


def test_who_reads_her_book_and_who_moves_what_is_in_it(look, lived_in: LivedIn):
    path = f"/members/{lived_in.house.women[0]}/savings"
    assert statuses(look, path) == only("officer", "mentor", "head", "cashier", "auditor", officer2=404, srg_head=404)
    assert statuses(look, f"{path}/deposit") == only("head", "cashier", srg_head=404)
    assert statuses(look, f"{path}/refund") == only("cashier")
    assert "Setor tabungan" in look("cashier").text(path)
    assert "Setor tabungan" not in look("officer").text(path)
    assert "Kembalikan UPJ" not in look("cashier").text(path)  # her loan runs
    assert "Belum ada. Tabungan boleh disetor" in look("officer").text(path)


def test_savings_are_shown_before_they_are_moved_and_stand_in_her_book(work, lived_in: LivedIn):
    at, path = work("cashier"), f"/members/{lived_in.house.women[0]}/savings"
    key = key_of(at, f"{path}/deposit")
    shown = words(at.send(f"{path}/deposit", key=key, on=TODAY, amount="80.000", step="preview"))
    assert "Uang dari anggota Rp80.000" in shown
    assert "Tabungan sesudahnya Rp80.000" in shown
    assert "Setoran tabungan dicatat" in at.follow(at.send(f"{path}/deposit", key=key, on=TODAY, amount="80.000", step="store"))
    at.follow(at.send(f"{path}/deposit", key=key, on=TODAY, amount="80.000", step="store"))
    out = key_of(at, f"{path}/withdrawal")
    too_much = at.send(f"{path}/withdrawal", key=out, on=TODAY, amount="80.001", step="preview")
    assert too_much.status_code == 422
    assert "Rp80.000" in said_at(too_much, "amount")
    book = at.follow(at.send(f"{path}/withdrawal", key=out, on=TODAY, amount="30.000", step="store"))
    assert re.search(r"09-03-2026 Simpanan Rp80\.000 Rp80\.000 09-03-2026 Simpanan Rp30\.000 Rp50\.000", book)
    assert "Jumlah Rp80.000 Rp30.000 Rp50.000" in book
    table = at.client.get(f"/api/v1{path}.csv")
    assert table.status_code == 200


@pytest.mark.parametrize(("field", "value"), [("amount", ""), ("amount", "0"), ("amount", "1,5"), ("on", "2026-03-10"), ("key", "x")])
def test_a_bad_field_is_blamed_and_nothing_is_lost(work, lived_in: LivedIn, field: str, value: str):
    at, path = work("cashier"), f"/members/{lived_in.house.women[0]}/savings/deposit"
    given = {"key": key_of(at, path), "on": TODAY, "amount": "5.000", "step": "store", field: value}
    answer = at.send(path, **given)
    assert answer.status_code in {400, 422}
    if field != "key":
        assert said_at(answer, field)
        assert typed(answer, field) == value
    assert "Rp5.000" not in at.text(f"/members/{lived_in.house.women[0]}/savings")


def test_upj_goes_back_when_the_loan_is_over(work, lived_in: LivedIn):
    at, woman = work("cashier"), lived_in.house.women[0]
    at.send(f"/loans/{lived_in.house.loans[0]}/settle", on=TODAY, rebate="0", step="store")
    path = f"/members/{woman}/savings"
    assert typed(at.client.get(f"{path}/refund"), "amount") == "100.000"
    key = key_of(at, f"{path}/to-savings")
    at.follow(at.send(f"{path}/to-savings", key=key, on=TODAY, amount="40.000", step="store"))
    key = key_of(at, f"{path}/refund")
    shown = words(at.send(f"{path}/refund", key=key, on=TODAY, amount="60.000", step="preview"))
    assert "Uang kepada anggota Rp60.000" in shown
    assert "UPJ sesudahnya Rp0" in shown
    book = at.follow(at.send(f"{path}/refund", key=key, on=TODAY, amount="60.000", step="store"))
    assert "Kembalikan UPJ" not in book
