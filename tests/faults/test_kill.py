"""kill -9 at any moment while meetings are posted: what was answered is there, nothing is there by halves, and sent again it is there once.

The next start needs no hand: it takes the same port and answers, whatever the dead one left.
"""

import random
import time

import pytest

from tests.faults.conftest import BusyHouse
from tests.faults.field import HURT, Caller, Shift, send_again
from tests.faults.judge import judge
from tests.faults.numbers import KILLS, SEED
from tests.faults.servers import Nursery
from tests.faults.watch import a_watch
from tests.ports import a_lasting_port

MOST_ANSWERS = 8


def test_killed_at_random_while_meetings_are_posted(busy: BusyHouse, nursery: Nursery):
    dice, workers = random.Random(SEED), busy.workers(SEED)
    for worker in workers:
        nursery.warm(busy.settings(), worker.token, [worker.next() for _ in range(4)])
    port = str(a_lasting_port())
    server = nursery.serve(busy.settings(LENDING_PORT=port))
    landed, lost_on_the_way = 0, 0
    for nth in range(KILLS):
        shift = Shift(workers, server.port)
        # Some answers in, and then anywhere within the next one (its reading, its writing, its commit, its way back); every second time
        # close to a moment at which the store writes.
        shift.wait_for(dice.randrange(MOST_ANSWERS))
        with a_watch(busy.url) as moved:
            close = nth % 2 and moved(1)
        time.sleep(dice.uniform(0, 0.004 if close else 1.5 * shift.seconds))
        server.kill()
        shift.end()
        server = nursery.serve(busy.settings(LENDING_PORT=port))  # the very port that the dead one had
        again = send_again(workers, server.port)
        landed += sum(one.had_landed is True for one in again)
        lost_on_the_way += sum(one.had_landed is False for one in again)
    server.kill()
    sent = [one for worker in workers for one in worker.sent]
    verdict = judge(busy.url, workers, busy.today)
    print(
        f"seed {SEED}: {KILLS} kills; {len(sent)} sent, {sum(one.tries == 1 for one in sent)} answered at once; of those unanswered "
        f"{landed} had been kept before the kill and {lost_on_the_way} had not; lost {len(verdict.lost)}, half {len(verdict.half)}, "
        f"double {len(verdict.double)}, from nobody {len(verdict.strange)}, differences {len(verdict.differences)}"
    )
    assert {one.status for one in sent} <= {200, 201}, [one for one in sent if one.status not in (200, 201)][:3]
    assert verdict.is_clean, verdict
    assert landed + lost_on_the_way >= KILLS, "each kill cut somebody's work short; on which side of the commit is a matter of luck"


@pytest.mark.parametrize(("plant", "landed"), [("dies_before_commit", False), ("dies_after_commit", True)])
def test_killed_on_either_side_of_the_commit(busy: BusyHouse, nursery: Nursery, plant: str, landed: bool):
    officer = busy.workers(SEED)[0]
    server = nursery.serve(busy.settings(), plant=plant)
    caller = Caller(server.port, officer.token)
    with pytest.raises(HURT):
        caller.send(officer.next())
    caller.close()
    server.wait()
    server = nursery.serve(busy.settings())
    assert [one.had_landed for one in send_again([officer], server.port)] == [landed]
    server.kill()
    assert [one.status for one in officer.sent] == [200 if landed else 201]
    assert judge(busy.url, [officer], busy.today).is_clean


def test_a_server_that_answers_before_it_commits_is_noticed(busy: BusyHouse, nursery: Nursery):
    officer = busy.workers(SEED)[0]
    server = nursery.serve(busy.settings(), plant="answers_before_commit")
    caller = Caller(server.port, officer.token)
    caller.send(officer.next())
    server.kill()
    caller.close()
    assert [one.status for one in officer.sent] == [201]
    assert judge(busy.url, [officer], busy.today).lost == [officer.sent[0].uuid]
