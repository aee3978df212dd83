"""Loans at the desk: who sees which, what each step refuses and keeps, and what a loan would cost."""

import pytest

from tests.lived_in import MONDAY, LivedIn, only, statuses
from tests.web.desk import said_at, token_in, typed, words

PROPOSAL = {"product": "MEKAAR", "principal": "2.000.000", "weeks": "50", "purpose": "warung"}


def test_who_sees_the_list(look):
    assert statuses(look, "/loans") == only("officer", "officer2", "head", "cashier", "auditor", "srg-head")


def test_a_loan_is_there_for_those_whose_it_is(look, lived_in: LivedIn):
    path = f"/loans/{lived_in.house.loans[0]}"
    assert statuses(look, path) == only("officer", "head", "cashier", "auditor", officer2=404, srg_head=404)


def test_a_loan_that_never_was_is_not_there(look):
    assert look("head").status("/loans/999999") == 404


def test_the_list_may_be_asked_for_one_state(look):
    words = look("head").text("/loans?state=rejected")
    assert "Kenanga 04" in words
    assert "Melati" not in words
    assert look("head").status("/loans?state=nonsense") == 200


def test_a_loan_shows_what_was_paid_and_what_is_late(look, lived_in: LivedIn):
    half = look("head").text(f"/loans/{lived_in.house.loans[3]}")
    assert "Tunggakan Rp75.000" in half
    assert "Sudah dibayar Rp125.000" in half
    on_time = look("head").text(f"/loans/{lived_in.house.loans[0]}")
    assert "tepat waktu" in on_time


def test_a_loan_as_of_an_earlier_day(look, lived_in: LivedIn):
    assert "Sudah dibayar Rp50.000" in look("head").text(f"/loans/{lived_in.house.loans[0]}?on=2026-02-10")


def test_a_step_is_offered_to_whoever_may_take_it(look, lived_in: LivedIn):
    asked = lived_in.proposals
    head, officer, cashier = look("head"), look("officer2"), look("cashier")
    assert "Catat rekomendasi" in officer.text(f"/loans/{asked['applied']}")
    assert "Catat rekomendasi" not in head.text(f"/loans/{asked['applied']}")
    assert "Sudah diperiksa" in head.client.get(f"/loans/{asked['recommended']}").text.split("<form", 2)[2]
    assert "Pemeriksaan di rumah anggota" not in officer.text(f"/loans/{asked['recommended']}")
    assert "Setujui" in head.text(f"/loans/{asked['verified']}")
    assert "Cairkan" in cashier.text(f"/loans/{asked['approved']}")
    assert "Cairkan" not in officer.text(f"/loans/{asked['approved']}")


# ---- a proposal ------------------------------------------------------------------------------------------------------------------------


def test_who_may_ask_for_a_loan(look, lived_in: LivedIn):
    path = f"/members/{lived_in.house.others[6]}/apply"
    assert statuses(look, path) == only("officer2", officer=404)


def test_a_proposal_is_kept_and_leads_to_the_loan(work, lived_in: LivedIn):
    at = work("officer2")
    answer = at.send(f"/members/{lived_in.house.others[6]}/apply", **PROPOSAL)
    assert "Diajukan" in at.follow(answer)


def test_the_same_proposal_again_is_refused_and_keeps_what_was_typed(work, lived_in: LivedIn):
    at = work("officer2")
    path = f"/members/{lived_in.house.others[6]}/apply"
    at.send(path, **PROPOSAL)
    again = at.send(path, **PROPOSAL)
    assert again.status_code == 422
    assert "belum lunas atau sedang diajukan" in words(again)
    assert typed(again, "principal") == "2.000.000"
    assert typed(again, "purpose") == "warung"


@pytest.mark.parametrize("amount", ["", "0", "-1", "1,25", "1.25", "dua juta", "1e9", "100000000000000000000", "2000000.00", "Rp"])
def test_an_amount_that_is_none_is_refused_at_the_field(look, lived_in: LivedIn, amount):
    answer = look("officer2").send(f"/members/{lived_in.house.others[6]}/apply", **{**PROPOSAL, "principal": amount})
    assert answer.status_code in (400, 422)
    assert said_at(answer, "principal")
    assert typed(answer, "principal") == amount


@pytest.mark.parametrize("amount", ["2.100.001", "50.000.000", "100.000"])
def test_an_amount_that_nobody_offers_is_refused_at_the_field(look, lived_in: LivedIn, amount):
    answer = look("officer2").send(f"/members/{lived_in.house.others[6]}/apply", **{**PROPOSAL, "principal": amount})
    assert answer.status_code == 422
    assert "Pilih jumlah lain" in said_at(answer, "principal")


def test_a_woman_of_another_officer_is_not_there(look, lived_in: LivedIn):
    assert look("officer2").status(f"/members/{lived_in.house.women[0]}/apply") == 404


# ---- the steps -------------------------------------------------------------------------------------------------------------------------


def test_from_the_vote_to_the_money(work, lived_in: LivedIn):
    loan = lived_in.proposals["applied"]
    officer, head, cashier = work("officer2"), work("head"), work("cashier")
    assert "Direkomendasikan" in officer.follow(_send(officer, loan, "recommend", present="10", in_favour="9"))
    assert "Sudah diperiksa" in head.follow(_send(head, loan, "verify"))
    assert "Disetujui" in head.follow(_send(head, loan, "approve", principal="2.000.000"))
    page = cashier.client.get(f"/loans/{loan}").text
    first = page.split("<select", 1)[1].split('value="', 1)[1].split('"', 1)[0]
    paid_out = _send(cashier, loan, "disburse", on=MONDAY.isoformat(), first_due=first, confirmed_by_member="y")
    assert "Berjalan" in cashier.follow(paid_out)
    again = _send(cashier, loan, "disburse", on=MONDAY.isoformat(), first_due=first, confirmed_by_member="y")
    assert again.status_code == 409


def _send(at, loan: int, step: str, **fields: str):
    token = token_in(at.client.get(f"/loans/{loan}"))
    return at.client.post(f"/loans/{loan}/{step}", data={"csrf_token": token, **fields})


def test_too_few_at_the_vote_is_said_at_the_field(work, lived_in: LivedIn):
    answer = _send(work("officer2"), lived_in.proposals["applied"], "recommend", present="3", in_favour="3")
    assert answer.status_code == 422
    assert "10 anggota" in said_at(answer, "present")
    assert typed(answer, "in_favour") == "3"


def test_half_in_favour_is_not_enough(work, lived_in: LivedIn):
    answer = _send(work("officer2"), lived_in.proposals["applied"], "recommend", present="10", in_favour="5")
    assert answer.status_code == 422
    assert said_at(answer, "in_favour")


def test_more_than_was_asked_is_not_approved(work, lived_in: LivedIn):
    answer = _send(work("head"), lived_in.proposals["verified"], "approve", principal="2.500.000")
    assert answer.status_code == 422
    assert said_at(answer, "principal")
    assert typed(answer, "principal") == "2.500.000"


def test_money_that_she_does_not_confirm_stays_in_the_vault(work, lived_in: LivedIn):
    cashier = work("cashier")
    loan = lived_in.proposals["approved"]
    page = cashier.client.get(f"/loans/{loan}").text
    first = page.split("<select", 1)[1].split('value="', 1)[1].split('"', 1)[0]
    answer = _send(cashier, loan, "disburse", on=MONDAY.isoformat(), first_due=first)
    assert answer.status_code == 422
    assert "Minta ia membenarkan" in said_at(answer, "confirmed_by_member")
    assert "Disetujui" in cashier.text(f"/loans/{loan}")


@pytest.mark.parametrize("day", ["2026-02-30", "besok", "2026-03-10", ""])
def test_a_day_on_which_no_money_can_have_been_paid(work, lived_in: LivedIn, day):
    cashier = work("cashier")
    loan = lived_in.proposals["approved"]
    first = cashier.client.get(f"/loans/{loan}").text.split("<select", 1)[1].split('value="', 1)[1].split('"', 1)[0]
    answer = _send(cashier, loan, "disburse", on=day, first_due=first, confirmed_by_member="y")
    assert answer.status_code in (400, 422)
    assert said_at(answer, "on")


def test_a_head_rejects_with_a_reason(work, lived_in: LivedIn):
    head = work("head")
    path = f"/loans/{lived_in.proposals['verified']}/reject"
    assert said_at(head.send(path, reason=" "), "reason")
    assert "Ditolak" in head.follow(head.send(path, reason="usahanya belum jalan"))


def test_the_officer_withdraws_and_the_head_does_not(work, lived_in: LivedIn):
    path = f"/loans/{lived_in.proposals['applied']}/cancel"
    assert work("head").status(path) == 403
    officer = work("officer2")
    assert "Dibatalkan" in officer.follow(officer.send(path, reason="pindah rumah"))


def test_another_officer_is_named_to_verify(work, lived_in: LivedIn):
    head = work("head")
    loan = lived_in.proposals["recommended"]
    head.follow(_send(head, loan, "verifier", officer="officer"))
    assert _send(head, loan, "verifier", officer="nobody").status_code in (400, 422)


# ---- the quote -------------------------------------------------------------------------------------------------------------------------


def test_who_may_ask_what_a_loan_costs(look):
    assert statuses(look, "/quote") == only("officer", "officer2", "mentor", "head", "cashier", "auditor", "admin", "srg-head")


def test_a_quote_names_every_instalment(look):
    said = look("head").text("/quote?product=MEKAAR&principal=2.000.000&weeks=50")
    assert "Angsuran Rp50.000" in said
    assert "Dibayar seluruhnya Rp2.500.000" in said


@pytest.mark.parametrize(
    "question", ["principal=abc&weeks=50", "principal=2.000.000&weeks=7", "principal=10&weeks=50", "weeks=50", "principal=1"]
)
def test_a_quote_for_nothing_that_is_offered(look, question):
    answer = look("head").client.get(f"/quote?product=MEKAAR&{question}")
    assert answer.status_code in (400, 422)
    assert 'class="error"' in answer.text or 'role="alert"' in answer.text
