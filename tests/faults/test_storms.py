"""Storms: the same thing asked for by many at the same moment, of two processes. It happens once; everybody else is told so by name.

Acts that race with threads inside one process are looked at in tests/actions (`all_at_once`); here it is the whole way, over HTTP.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from lending.actions import loans, members
from lending.queries.check import differences
from tests.faults.conftest import BusyHouse
from tests.faults.crowd import Answered, Asked, at_once
from tests.faults.field import Officer, Sent
from tests.faults.judge import judge
from tests.faults.numbers import SEED, times
from tests.faults.servers import Nursery, Server
from tests.furnished import a_proposal, opened

CROWD = 8
SAME_RECORD, RIVALS = times(3, 50), times(2, 25)
"""Meetings sent by eight under one id, and under eight."""
ENDINGS, CLOSINGS = times(2, 12), times(2, 20)


@pytest.fixture
def servers(busy: BusyHouse, nursery: Nursery) -> Iterator[list[Server]]:
    """Two processes on one database."""
    born = [nursery.serve(busy.settings()) for _ in range(2)]
    yield born
    for server in born:
        server.kill()


def an_id(number: int) -> str:
    return str(UUID(int=70_000 + number, version=4))


def codes(answers: list[Answered]) -> Counter[str]:
    return Counter(one.code for one in answers)


def test_a_meeting_sent_by_many_at_once_is_kept_once(busy: BusyHouse, servers: list[Server]):
    officers = {name: Officer(name, busy.tokens[name], SEED, [{}]) for name in ("officer", "officer2")}
    queue = [(name, body) for pair in zip(*busy.sheets.values(), strict=False) for name, body in zip(officers, pair, strict=True)]
    told: Counter[str] = Counter()
    for nth in range(SAME_RECORD):
        name, body = queue.pop(0)
        # Every second time two of them say something else under the same id: whoever comes first is right, and nobody hears of the other.
        bodies = [body] * (CROWD - 2) + [body if nth % 2 else _with_more(body)] * 2
        path = f"/records/{an_id(nth)}"
        answers = at_once(servers, [Asked(busy.tokens[name], "PUT", path, one) for one in bodies])
        (first,) = [one for one, answer in zip(bodies, answers, strict=True) if answer.status == 201]
        assert [answer.code for answer in answers] == ["kept" if one == first else "key_reused" for one in bodies]
        assert len({str({**one.said, "replay": None}) for one in answers if one.code == "kept"}) == 1
        officers[name].sent.append(Sent("record", an_id(nth), "PUT", path, first, 201))
        told.update(codes(answers))
    for nth in range(RIVALS):
        name, body = queue.pop(0)
        other = next(one for one in officers if one != name)
        ids = [an_id(1_000 + CROWD * nth + place) for place in range(CROWD)]
        tokens = [busy.tokens[name]] * (CROWD - 1) + [busy.tokens[other]]
        answers = at_once(servers, [Asked(token, "PUT", f"/records/{uuid}", body) for token, uuid in zip(tokens, ids, strict=True)])
        assert codes(answers) == {"kept": 1, "already_recorded": CROWD - 2, "not_found": 1}
        (uuid, kept), *_ = [(uuid, one) for uuid, one in zip(ids, answers, strict=True) if one.status == 201]
        assert all(kept.said["receipt"] in one.said["detail"] for one in answers if one.code == "already_recorded")
        officers[name].sent.append(Sent("record", uuid, "PUT", f"/records/{uuid}", body, 201))
        told.update(codes(answers))
    undone = officers["officer"].sent[0].uuid
    hands = [busy.tokens[name] for name in ("officer", "head") * (CROWD // 2)]
    answers = at_once(servers, [Asked(token, "POST", f"/records/{undone}/undo", {"reason": "salah"}) for token in hands])
    assert codes(answers) == {"kept": 1, "already_undone": CROWD - 1}
    officers["officer"].sent.append(Sent("undo", undone, "POST", f"/records/{undone}/undo", {}, 200))
    verdict = judge(busy.url, list(officers.values()), busy.today)
    print(f"{SAME_RECORD + RIVALS} meetings and an undo × {CROWD}: {dict(told + codes(answers))}; {verdict}")
    assert verdict.is_clean, verdict


def test_whoever_decides_pays_out_and_ends_at_once_does_it_once(busy: BusyHouse, servers: list[Server]):
    loan_id = _a_loan_to_decide(busy)
    head, cashier, officer = (busy.tokens[name] for name in ("head", "cashier", "officer"))
    told: Counter[str] = Counter()
    payout = {"on": busy.today.isoformat(), "confirmed_by_member": True}
    for token, step, body in ((head, "approve", {}), (cashier, "disburse", payout)):
        answers = at_once(servers, [Asked(token, "POST", f"/loans/{loan_id}/{step}", body)] * CROWD)
        assert codes(answers) == {"kept": 1, "wrong_state": CROWD - 1}
        told.update(codes(answers))
    for nth in range(ENDINGS):
        ending, meeting = busy.house.loans[nth], _without(busy.sheets[busy.house.melati][nth], set(busy.house.loans[:nth]))
        paid, written_off, settled = at_once(
            servers,
            [
                Asked(officer, "PUT", f"/records/{an_id(nth)}", meeting),
                Asked(head, "POST", f"/loans/{ending}/write-off", {"reason": "hilang kontak"}),
                Asked(cashier, "POST", f"/loans/{ending}/settle", {"rebate": 1_000}),
            ],
        )
        assert codes([written_off, settled]) == {"kept": 1, "wrong_state": 1}
        assert paid.code in ("kept", "wrong_state", "pays_too_much")
        told.update(codes([paid, written_off, settled]))
    _is_in_order(busy, told)


def test_a_day_is_closed_once_and_holds_whatever_comes_at_that_moment(busy: BusyHouse, servers: list[Server]):
    head, cashier, officer = (busy.tokens[name] for name in ("head", "cashier", "officer"))
    told: Counter[str] = Counter()
    for nth in range(CLOSINGS):
        day = busy.today - timedelta(days=CLOSINGS - nth - 1)
        moves = [
            Asked(cashier, "POST", "/cash/transfers", _a_transfer(100 * nth + place, day)) for place in range(CROWD - 3)
        ]  # fmt: skip
        meeting = busy.sheets[busy.house.melati][nth]
        close = Asked(head, "POST", f"/days/{day}/close", {"total": 1_000 * nth, "reason": "dihitung sekali", "earlier_too": True})
        answers = at_once(servers, [close, *moves, close, Asked(officer, "PUT", f"/records/{an_id(nth)}", meeting)])
        assert codes([answers[0], answers[-2]]) == {"kept": 1, "already_closed": 1}
        assert answers[-1].status == 201  # a meeting is never too late
        assert codes(answers[1:-2]).keys() <= {"kept", "day_closed"}
        told.update(codes(answers))
        assert codes(at_once(servers, moves[:1]))["day_closed"] or answers[1].code == "kept"
    _is_in_order(busy, told)


def _a_loan_to_decide(busy: BusyHouse) -> int:
    house, woman = busy.house, busy.house.others[0]
    with opened(busy.url):
        by, head = house.person("officer2", busy.today), house.head(busy.today)
        members.record_eligibility(woman, members.HomeVisit(busy.today, 4, 2_000_000, 7, passed=True), by)
        loan_id = a_proposal(woman, by)
        loans.recommend(loan_id, by, in_favour=10, present=10)
        loans.verify(loan_id, head)
    return loan_id


def _with_more(body: dict[str, Any]) -> dict[str, Any]:
    """The same sheet with Rp1,000 more of savings."""
    first, *others = body["lines"]
    return {**body, "lines": [{**first, "savings": first["savings"] + 1_000}, *others], "cash_counted": body["cash_counted"] + 1_000}


def _without(body: dict[str, Any], ended: set[int]) -> dict[str, Any]:
    """The sheet once these loans have ended: their women still save."""
    lines = [{**line, "loan": None, "paid": 0} if line["loan"] in ended else line for line in body["lines"]]
    return {**body, "lines": lines, "cash_counted": sum(line["paid"] + line["savings"] for line in lines)}


def _a_transfer(number: int, on: date) -> dict[str, Any]:
    return {"id": an_id(5_000 + number), "on": on.isoformat(), "amount": 1_000, "from": "bank", "to": "vault", "reason": "ambil"}


def _is_in_order(busy: BusyHouse, told: Counter[str]) -> None:
    with opened(busy.url):
        found = [(one.code, one.row, one.what) for one in differences(busy.today)]
    print(f"answers: {dict(told)}; differences: {found}")
    assert found == []
