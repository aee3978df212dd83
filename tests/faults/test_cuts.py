"""PostgreSQL goes away in the middle: the line is cut at any place of a transaction, the answer to a commit is lost, the whole server dies.

The house says 503 and heals without a new start; what is sent again is kept exactly once; no transaction is left open.
"""

import random
import time
from collections import Counter
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.conftest import missing
from tests.faults.conftest import BusyHouse
from tests.faults.field import Caller, Shift, send_again
from tests.faults.judge import judge
from tests.faults.numbers import SEED, times
from tests.faults.proxy import AFTER, BEFORE, CUTS, WITHIN, a_proxy
from tests.faults.servers import PATIENCE, Nursery

pytestmark = [pytest.mark.postgresql, pytest.mark.parametrize("busy", ["postgresql"], indirect=True)]

LINES_CUT = times(60, 210)

FEWEST, MOST = 5, 12
"""Messages of a transaction that posts: who only reads says less."""


def test_the_line_is_cut_and_the_answer_to_a_commit_lost(busy: BusyHouse, nursery: Nursery):
    dice, workers = random.Random(SEED), busy.workers(SEED)
    told: Counter[tuple[str, bool]] = Counter()
    with a_proxy(busy.url) as proxy, ExitStack() as lines:
        server = nursery.serve(busy.settings(LENDING_DATABASE_URL=proxy.url))
        callers = [lines.enter_context(closing(Caller(server.port, worker.token))) for worker in workers]
        for nth in range(LINES_CUT):
            where, (worker, caller) = CUTS[nth % 3], dice.choice(list(zip(workers, callers, strict=True)))
            one = worker.next()
            proxy.cut(where, dice.randint(FEWEST, MOST))
            for _ in range(20):
                caller.send(one)
                if proxy.done > nth:
                    break
                assert one.status in (200, 201), one  # the transaction was over before the place came
                one = worker.next()
            assert proxy.done == nth + 1
            assert (one.status, one.answer["type"]) == (503, "/problems/busy"), one
            caller.send(one)
            told[where, landed(one.status, one.answer)] += 1
            one.status = 200 if one.status == 409 else one.status
        # Whoever was cut off is missed by PostgreSQL as soon as its process gets to run.
        open_still = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
        until = time.monotonic() + PATIENCE
        with psycopg.connect(busy.url.replace("+psycopg", ""), autocommit=True) as line:
            while line.execute(open_still).fetchone() != (0,):
                assert time.monotonic() < until, "a transaction is left open"
                time.sleep(0.05)
        server.kill()
    verdict = judge(busy.url, workers, busy.today)
    print(f"seed {SEED}: {LINES_CUT} cuts, (where, had landed): {dict(told)}; lost {len(verdict.lost)}, double {len(verdict.double)}")
    assert verdict.is_clean, verdict
    assert set(told) == {(BEFORE, False), (AFTER, True), (WITHIN, False)}


def landed(status: int | None, answer: dict[str, object]) -> bool:
    """Whether the first sending had been kept, by the answer to the second."""
    assert status in (200, 201) or answer["type"] == "/problems/already_undone", answer
    return answer.get("replay") is True or status == 409 or (status == 200 and "record" not in answer)


CRASHES = times(2, 20)


def test_postgresql_is_killed_and_comes_back(request: pytest.FixtureRequest, busy: BusyHouse, nursery: Nursery):
    own = request.getfixturevalue("postgresql").own
    if own is None:
        missing("a PostgreSQL that may be killed: run without LENDING_TEST_DATABASE_URL")
    # The tests' server does not wait for its log; whoever is answered here must.
    request.getfixturevalue("postgresql").run(f"ALTER DATABASE {urlsplit(busy.url).path[1:]} SET synchronous_commit = on")
    dice, workers = random.Random(SEED), busy.workers(SEED)
    server = nursery.serve(busy.settings())
    landed_before = 0
    for _ in range(CRASHES):
        shift = Shift(workers, server.port)
        shift.wait_for(dice.randint(3, 10))
        own.crash()
        shift.end()
        with closing(Caller(server.port, workers[0].token)) as caller:
            status, problem, headers = caller.call("GET", "/me")
            assert (status, problem["type"], int(headers["Retry-After"]) > 0) == (503, "/problems/busy", True)
        own.start()
        again = send_again(workers, server.port)
        landed_before += sum(one.had_landed is True for one in again)
    assert server.is_alive()
    server.kill()
    sent = [one for worker in workers for one in worker.sent]
    verdict = judge(busy.url, workers, busy.today)
    figures = len(verdict.lost), len(verdict.half), len(verdict.double)
    print(f"seed {SEED}: {CRASHES} crashes, {len(sent)} sent, {landed_before} kept unanswered; lost, half, double: {figures}")
    assert {one.status for one in sent} <= {200, 201}
    assert verdict.is_clean, verdict
