"""Cards: whose may be printed by whom, and what a stranger with a card may learn from its code."""

import re

import pytest

from lending.actions import cards as acts
from lending.web.limits import Limits
from tests.lived_in import MONDAY, LivedIn, only, statuses


def test_who_prints_cards(look):
    assert statuses(look, "/cards") == only("officer", "officer2", "leader", "head", "cashier", "auditor", "srg-head")


def test_the_leader_finds_her_own_group_at_once(look, lived_in: LivedIn):
    at = look("leader")
    words = at.text("/cards")
    assert "Melati 12" in words
    assert "Kenanga" not in at.text(f"/cards?group={lived_in.house.kenanga}")
    pdf = at.client.get(f"/api/v1/groups/{lived_in.house.melati}/cards.pdf")
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    assert at.status(f"/api/v1/groups/{lived_in.house.kenanga}/cards.pdf") == 404


def test_a_group_without_running_loans_says_so(look, lived_in: LivedIn):
    words = look("head").text(f"/cards?group={lived_in.house.kenanga}")
    assert "belum ada pinjaman berjalan" in words.lower()


# ---- what the code opens ---------------------------------------------------------------------------------------------------------------


def test_whoever_holds_the_card_may_compare_it(own_app, lived_in: LivedIn):
    answer = own_app.test_client().get(f"/v/{lived_in.code}")
    assert answer.status_code == 200
    words = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert "Sudah dibayar Rp200.000" in words
    assert "Sisa Rp2.300.000" in words


def test_the_answer_is_for_no_cache_and_no_search(own_app, lived_in: LivedIn):
    answer = own_app.test_client().get(f"/v/{lived_in.code}")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in answer.headers


def test_the_answer_says_nothing_personal(own_app, lived_in: LivedIn):
    text = own_app.test_client().get(f"/v/{lived_in.code}").text
    assert "Melati" in text, "her first name"
    assert "Melati 01" not in text, "her whole name"
    assert re.findall(r"JMB-\d{4}-\d\d\b", text) == []
    assert re.findall(r"\d{16}", text) == []
    assert "Slamet Riyadi" not in text


@pytest.mark.parametrize("apart", ["", "-", " "])
def test_a_code_may_be_typed_in_fours_and_in_small_letters(own_app, lived_in: LivedIn, apart):
    spelt = apart.join(re.findall("....", lived_in.code.lower()))
    assert own_app.test_client().get(f"/v/{spelt}").status_code == 200


def test_changed_unknown_and_malformed_codes_get_the_same_answer(own_app, lived_in: LivedIn):
    last = "A" if lived_in.code[-1] != "A" else "B"
    wrong = [lived_in.code[:-1] + last, "A" * 32, "A" * 31, "0" * 32, "1", "../../etc", "%00", "é" * 32]
    answers = [own_app.test_client().get(f"/v/{code}") for code in wrong if "/" not in code]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
    assert all("no-store" in answer.headers["Cache-Control"] for answer in answers)
    assert {answer.headers["X-Robots-Tag"] for answer in answers} == {"noindex"}
    assert not any("Set-Cookie" in answer.headers for answer in answers)


def test_a_revoked_code_is_gone(own_app, lived_in: LivedIn):
    with own_app.app_context():
        acts.revoke_code(lived_in.house.loans[0], "kartu hilang", lived_in.house.head(MONDAY))
    answer = own_app.test_client().get(f"/v/{lived_in.code}")
    assert answer.status_code == 410
    assert "Sudah dibayar" not in answer.text
    assert "kartu terbaru" in answer.text


def test_the_31st_look_in_a_minute_waits(own_app, lived_in: LivedIn):
    own_app.extensions["lending_card_limits"] = Limits(tick=lambda: 0.0)
    client = own_app.test_client()
    assert [client.get(f"/v/{lived_in.code}").status_code for _ in range(30)] == [200] * 30
    answer = client.get(f"/v/{lived_in.code}")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
