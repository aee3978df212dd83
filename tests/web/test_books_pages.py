"""The books at the desk: every entry, every account, both sides equal."""

import csv
import html
import io
import re

import pytest

from lending.actions.admin import NewUser, add_user
from lending.domain.access import Role
from tests.lived_in import MONDAY, only, statuses
from tests.web.desk import PASSWORD, said_at, words


@pytest.mark.parametrize("path", ["/journal", "/trial-balance"])
def test_who_reads_the_books(look, path):
    assert statuses(look, path) == only("head", "cashier", "auditor", "srg-head")


def test_the_two_sides_are_equal(look):
    assert "Seimbang" in look("head").text("/trial-balance")
    assert "Seimbang" in look("auditor").text("/trial-balance?unit=SRG")


def test_the_auditor_chooses_a_unit_and_nobody_else_does(look):
    assert "Kota Serang" in look("auditor").text("/trial-balance")
    assert "Kota Serang" not in look("head").text("/trial-balance")
    assert look("head").client.get("/trial-balance?unit=SRG").status_code == 400


def test_whoever_has_no_unit_is_offered_none_of_hers_and_begins_at_the_first(work, own_app, lived_in):
    admin = lived_in.house.person("admin", MONDAY)
    with own_app.app_context():
        add_user(NewUser("auditor.pusat", "Auditor Pusat", Role.AUDITOR, None, password=PASSWORD), admin)
    desk = work("auditor.pusat")
    for path in ("/trial-balance", "/journal", "/accounts", "/days", "/arrears", "/reports/ageing"):
        text = desk.text(path)
        assert ("Unit sendiri" in text, "Kota Jambi" in text, "Kota Serang" in text) == (False, True, True), path


def test_a_day_that_has_not_come_has_no_balance_yet(look):
    page = look("head").client.get("/trial-balance?on=2099-01-01")
    assert (page.status_code, "Tanggal ini belum tiba" in page.text) == (422, True)


def test_the_journal_of_a_day_shows_the_reversals(look):
    said = look("head").text("/journal?first=2026-02-16&last=2026-02-16")
    assert "Pembatalan" in said
    assert "salah hitung" in said


def test_one_account_alone(look):
    said = look("head").text("/journal?first=2026-01-01&last=2026-03-09&account=vault_cash")
    assert "modal awal" in said


def test_a_journal_longer_than_a_page_goes_on(look):
    page = look("head").client.get("/journal?first=2026-02-01&last=2026-03-09")
    assert 'rel="next"' in page.text


@pytest.mark.parametrize(("question", "at"), [("first=2026-02-30", "first"), ("last=x", "last"), ("account=gold", "account")])
def test_a_question_that_makes_no_sense(look, question, at):
    answer = look("head").client.get(f"/journal?{question}")
    assert answer.status_code == 400
    assert said_at(answer, at)


def test_nothing_in_that_range_says_so(look):
    assert "Tidak ada catatan dalam rentang ini" in look("head").text("/journal?first=2025-01-01&last=2025-01-02")


def test_the_whole_books_are_taken_away_in_a_file(look):
    for name in ("head", "auditor"):
        answer = look(name).client.get("/books.beancount?on=2026-03-09")
        assert answer.status_code == 200
        assert 'option "operating_currency" "IDR"' in answer.text
        assert answer.headers["Content-Disposition"] == 'attachment; filename="books-JMB-2026-03-09.beancount"'
    assert look("auditor").client.get("/books.xlsx?unit=SRG").data[:2] == b"PK"
    assert look("head").client.get("/books.pdf").status_code == 404
    assert look("officer").client.get("/books.csv").status_code == 403


@pytest.mark.parametrize("path", ["/accounts", "/accounts/savings"])
def test_who_reads_the_ledger(look, path):
    assert statuses(look, path) == only("head", "cashier", "auditor", "srg-head")


def test_every_account_with_its_class_and_what_stands_on_it(look):
    said = look("head").text("/accounts?on=2026-02-02")
    assert "Kas di brankas 1120 Harta Rp200.000.000 Rp22.800.000 Rp177.200.000" in said
    only_income = look("head").text("/accounts?kind=income")
    assert "Pendapatan margin" in only_income
    assert "UPJ anggota" not in only_income
    assert look("head").status("/accounts?on=2026-03-10") == 422
    assert look("auditor").status("/accounts?unit=SRG") == 200
    assert look("head").status("/accounts/gold") == 404


def test_an_account_leg_by_leg_from_page_to_page(look):
    at, path = look("head"), "/accounts/officer_cash?first=2026-02-01&last=2026-03-09"
    first = at.client.get(path)
    assert "Saldo awal Rp0" in words(first)
    onward = html.unescape(re.findall(r'href="([^"]+)" rel="next"', first.text)[0])
    second = at.text(onward)
    assert "Saldo akhir Rp2.275.000" in second
    assert re.findall(r"Rp2\.275\.000 Jumlah halaman ini", second)
    for made_up in ("x", "2026-03-09.1", "2026-03-09.x.0", f"2026-02-01.{'9' * 20}.0", f"2026-02-01.1.{'9' * 20}"):
        assert words(at.client.get(f"{path}&cursor={made_up}")).replace(" Dari awal", "") == words(first), made_up
    one_kind = at.text(f"{path}&kind=reversal")
    assert "Pembatalan salah hitung" in one_kind
    assert "termasuk baris jenis lain" in one_kind
    assert "Tidak ada gerak" in at.text("/accounts/recovery")


def test_the_ledger_leads_to_the_woman_and_her_loan(look, lived_in):
    text = look("auditor").client.get("/accounts/loan_principal?first=2026-02-01&unit=JMB").text
    assert f'href="/members/{lived_in.house.women[0]}"' in text
    assert f'href="/loans/{lived_in.house.loans[0]}"' in text


def test_the_journal_narrowed_down_takes_its_question_into_the_file(look, lived_in):
    at = look("head")
    page = at.client.get("/journal?first=2026-02-01&kind=reversal&text=SALAH&least=40.000&officer=officer&member=JMB-0001-04")
    assert "Pembatalan salah hitung" in words(page)
    assert "Catatan 1" in words(page)
    export = html.unescape(re.findall(r'href="(/api/v1/journal.csv[^"]+)"', page.text)[0])
    rows = list(csv.DictReader(io.StringIO(at.client.get(export).get_data().decode("utf-8-sig"))))
    assert {row["kind"] for row in rows} == {"reversal"}
    assert str(lived_in.house.women[3]) in {row["member"] for row in rows}
    for wrong, field in (("member=JMB-9999-01", "member"), ("least=x", "least"), ("loan=x", "loan"), ("officer=nobody", "officer")):
        answer = at.client.get(f"/journal?{wrong}")
        assert answer.status_code in {400, 404, 422}
        assert said_at(answer, field)
    backwards = at.client.get("/journal?first=2026-03-02&last=2026-03-01")
    assert backwards.status_code == 422
    assert said_at(backwards, "first")
