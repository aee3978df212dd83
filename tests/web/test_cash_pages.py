"""Cash at the desk: moving it, and receiving what an officer collected."""

import re

import pytest

from tests.lived_in import MONDAY, only, statuses
from tests.web.desk import said_at, token_in, typed, words

MOVE = {"from_": "vault", "to": "bank", "amount": "1.000.000", "on": MONDAY.isoformat(), "reason": "setoran bank pagi"}


def key_in(at, field: str) -> str:
    """The page's own UUID for a form."""
    found = typed(at.client.get("/cash"), field)
    assert found
    return found


NEW = "/cash/handovers/new?officer=officer"
CARRIED = {"counted.100000": "22", "counted.50000": "1", "counted.20000": "1", "counted.5000": "1"}
"""What the officer of the lived-in house carries: Rp2.275.000 by the books."""


def step(at, what: str, **given: str):
    """One step of receiving: `compare`, `receive` or `count`."""
    page = at.client.get(NEW)
    sent = {"csrf_token": token_in(page), "key": str(typed(page, "key")), **given, "step": what}
    return at.client.post(NEW, data=sent)


def hidden_in(page) -> dict[str, str]:
    """What the page would hand back of its own."""
    fields = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.text.split("<main", 1)[1])
    return {re.findall(r'name="([^"]*)"', one)[0]: re.findall(r'value="([^"]*)"', one)[0] for one in fields}


def receive(at, counted: dict[str, str] = CARRIED, **more: str):
    """Count, compare, receive: what the compared page hands back is what is sent."""
    compared = step(at, "compare", **counted)
    assert compared.status_code == 200, words(compared)
    return at.client.post(NEW, data={**hidden_in(compared), "step": "receive", **more})


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


# ---- what an officer brings ------------------------------------------------------------------------------------------------------------


def test_who_carries_cash_stands_there_without_a_sum(work):
    at = work("cashier")
    index = at.text("/cash")
    assert "Hitung setoran Ibu officer" in index
    assert "2.275.000" not in index


def test_she_counts_before_she_is_told_what_is_expected(work):
    at = work("cashier")
    count = at.client.get(NEW)
    assert count.status_code == 200
    assert "2.275.000" not in count.text
    compared = step(at, "compare", **CARRIED)
    said = words(compared)
    assert "Menurut pembukuan Rp2.275.000" in said
    assert "Dihitung kasir Rp2.275.000" in said
    assert "Selisih Rp0 cocok" in said
    assert "Rp100.000 – 22 Rp2.200.000" in said
    assert "Kas di brankas Rp2.275.000 Kas di petugas Ibu officer Rp2.275.000" in said.split("Yang akan dibukukan", 1)[1]


def test_an_officers_cash_is_received_and_the_minutes_can_be_printed(work):
    at = work("cashier")
    answer = receive(at)
    page = at.follow(answer)
    assert "Setoran diterima" in page
    assert "Melati JMB-2026-000" in page
    assert "Tidak ada petugas yang membawa kas" in at.text("/cash")
    listed = at.text("/cash/handovers")
    assert "Ibu officer diterima Ibu cashier – Rp2.275.000 Rp2.275.000 Rp0" in listed
    paper = re.search(r'href="(/api/v1/handovers/[^"]+/minutes.pdf)"', at.client.get(answer.location).text)
    assert paper
    assert at.client.get(paper[1]).mimetype == "application/pdf"


def test_the_same_hand_over_again_is_the_first_answer(work):
    at = work("cashier")
    compared = step(at, "compare", **CARRIED)
    handed_on = hidden_in(compared) | {"step": "receive"}
    first, again = at.client.post(NEW, data=handed_on), at.client.post(NEW, data=handed_on)
    assert (first.status_code, first.location) == (again.status_code, again.location) == (303, first.location)
    assert at.text("/cash/handovers").count("diterima Ibu cashier") == 1


def test_a_difference_needs_its_reason_at_the_field_and_nothing_counted_is_lost(work):
    at = work("cashier")
    short = {**CARRIED, "counted.100000": "21"}
    assert "Selisih -Rp100.000 uang kurang" in words(step(at, "compare", **short)).replace("−", "-").replace("Rp-", "-Rp")
    answer = receive(at, short)
    assert answer.status_code == 422
    assert said_at(answer, "reason")
    assert typed(answer, "counted.100000") == "21"
    page = at.follow(receive(at, short, reason="uang hilang di jalan"))
    assert "uang hilang di jalan" in page
    again = step(at, "count", **short)
    assert typed(again, "counted.100000") == "21"


@pytest.mark.parametrize("count", ["-1", "1,5", "1e3", "banyak", "9" * 20, "1.000"])
def test_a_count_that_is_none_is_said_at_its_field(work, count):
    at = work("cashier")
    answer = step(at, "compare", **{"counted.50000": count})
    assert answer.status_code == 400
    assert said_at(answer, "counted.50000")
    assert typed(answer, "counted.50000") == count


def test_a_purse_that_nobody_counted_is_not_compared(work):
    at = work("cashier")
    answer = step(at, "compare")
    assert answer.status_code == 422
    assert said_at(answer, "counted.100000")
    assert "2.275.000" not in answer.text
    assert "Dihitung kasir Rp0" in words(step(at, "compare", **{"counted.100": "0"}))


def test_more_that_came_in_meanwhile_is_shown_before_it_is_received(work):
    at = work("cashier")
    answer = receive(at, shown="2275001")
    assert answer.status_code == 409
    assert "Bandingkan sekali lagi" in words(answer)
    assert typed(answer, "counted.100000") == "22"
    assert "Belum ada setoran hari ini" in at.text("/cash")


def test_nobody_elses_officer(work):
    at = work("cashier")
    assert at.status("/cash/handovers/new?officer=srg-officer") == 404
    assert at.status("/cash/handovers/new?officer=nobody") == 404
    assert at.client.get("/cash/handovers/new").status_code == 303


def test_who_receives_and_who_reads(look):
    assert statuses(look, NEW) == only("cashier")
    assert statuses(look, "/cash/handovers") == only("cashier", "head", "auditor", "srg-head")


def test_hand_overs_of_other_days_are_found_and_a_wrong_day_is_said(work):
    at = work("cashier")
    receive(at)
    assert "Tidak ada setoran" in at.text("/cash/handovers?from=2026-03-01&to=2026-03-02")
    assert "Ibu officer" in at.text("/cash/handovers?from=2026-03-01&to=2026-03-31&officer=officer")
    assert at.status("/cash/handovers?from=2026-02-30") == 400
