"""Cash at the desk: moving it, and receiving what an officer collected."""

import pytest

from tests.lived_in import MONDAY, only, statuses
from tests.web.desk import said_at, token_in, typed, words

MOVE = {"from_": "vault", "to": "bank", "amount": "1.000.000", "on": MONDAY.isoformat(), "reason": "setoran bank pagi"}


def held(at) -> str:
    """What the books say that the officer holds."""
    page = at.text("/cash")
    return str(page.split("Ibu officer officer Rp", 1)[1].split(" ", 1)[0])


def key_in(at, field: str) -> str:
    """The page's own UUID for a form."""
    found = typed(at.client.get("/cash"), field)
    assert found
    return found


def hand_over(at, **fields: str):
    token = token_in(at.client.get("/cash"))
    given = {f"setor-{name}": value for name, value in fields.items()}
    return at.client.post("/cash/handovers", data={"csrf_token": token, **given})


def test_who_opens_the_cash(look):
    assert statuses(look, "/cash") == only("cashier")


def test_a_transfer_is_kept_once_however_often_it_is_sent(work):
    at = work("cashier")
    before = at.text("/cash").split("Brankas menurut pembukuan ", 1)[1].split(" ", 1)[0]
    key = key_in(at, "key")
    assert "Pemindahan kas dicatat" in at.follow(at.send("/cash", key=key, **MOVE))
    after = at.text("/cash").split("Brankas menurut pembukuan ", 1)[1].split(" ", 1)[0]
    assert after != before
    assert "sudah tercatat sebelumnya" in at.follow(at.send("/cash", key=key, **MOVE))
    assert at.text("/cash").split("Brankas menurut pembukuan ", 1)[1].split(" ", 1)[0] == after


def test_the_same_key_with_another_sum_is_refused(work):
    at = work("cashier")
    key = key_in(at, "key")
    at.send("/cash", key=key, **MOVE)
    answer = at.send("/cash", key=key, **{**MOVE, "amount": "2.000.000"})
    assert answer.status_code == 422
    assert typed(answer, "amount") == "2.000.000"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", ""), ("amount", "0"), ("amount", "-5"), ("amount", "1,5"), ("amount", "1e9"), ("amount", "900.000.000"),
        ("amount", "100000000000000000000"), ("on", "2026-02-30"), ("on", "2026-03-10"), ("on", ""), ("to", "vault"), ("to", "mattress"),
        ("reason", ""), ("key", "not-a-uuid"),
    ],
)  # fmt: skip
def test_a_transfer_that_cannot_be_is_said_at_its_field(work, field, value):
    at = work("cashier")
    given = {**MOVE, "key": key_in(at, "key"), ("from_" if field == "from" else field): value}
    answer = at.send("/cash", **given)
    assert answer.status_code in (400, 422)
    if field != "key":
        assert said_at(answer, field)
    if field in ("amount", "on", "reason"):
        assert typed(answer, field) == value


def test_an_officers_cash_is_received(work):
    at = work("cashier")
    answer = hand_over(at, key=key_in(at, "setor-key"), officer="officer", total=held(at))
    assert "tanpa selisih" in at.follow(answer)
    assert "Terima setoran petugas" not in at.text("/cash")


def test_the_same_hand_over_again_is_the_first_answer(work):
    at = work("cashier")
    sent = {"key": key_in(at, "setor-key"), "officer": "officer", "total": held(at)}
    hand_over(at, **sent)
    vault = at.text("/cash").split("Brankas menurut pembukuan ", 1)[1].split(" ", 1)[0]
    assert "tanpa selisih" in at.follow(hand_over(at, **sent))
    assert at.text("/cash").split("Brankas menurut pembukuan ", 1)[1].split(" ", 1)[0] == vault


def test_a_difference_needs_its_reason_at_the_field(work):
    at = work("cashier")
    sent = {"key": key_in(at, "setor-key"), "officer": "officer", "total": "100.000"}
    answer = hand_over(at, **sent)
    assert answer.status_code == 422
    assert said_at(answer, "setor-reason")
    assert typed(answer, "setor-total") == "100.000"
    assert "Diterima dengan selisih" in at.follow(hand_over(at, **sent, reason="uang hilang di jalan"))


@pytest.mark.parametrize("total", ["", "-1", "1,5", "1e9", "banyak", "100000000000000000000"])
def test_a_count_that_is_none(work, total):
    at = work("cashier")
    answer = hand_over(at, key=key_in(at, "setor-key"), officer="officer", total=total)
    assert answer.status_code in (400, 422)
    assert said_at(answer, "setor-total")
    assert typed(answer, "setor-total") == total


def test_nobody_elses_officer(work):
    at = work("cashier")
    answer = hand_over(at, key=key_in(at, "setor-key"), officer="srg-officer", total="0")
    assert answer.status_code == 400
    assert said_at(answer, "setor-officer")


def test_only_the_cashier_receives(work):
    at = work("head")
    answer = at.client.post("/cash/handovers", data={"csrf_token": token_in(at.client.get("/"))})
    assert answer.status_code == 403
    assert words(answer)
