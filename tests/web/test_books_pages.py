"""The books at the desk: every entry, every account, both sides equal."""

import pytest

from tests.lived_in import only, statuses
from tests.web.desk import said_at


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


def test_the_journal_of_a_day_shows_the_reversals(look):
    words = look("head").text("/journal?first=2026-02-16&last=2026-02-16")
    assert "Pembatalan" in words
    assert "salah hitung" in words


def test_one_account_alone(look):
    words = look("head").text("/journal?first=2026-01-01&last=2026-03-09&account=vault_cash")
    assert "modal awal" in words


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
