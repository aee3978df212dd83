"""The people at work while the house is shaken: they post meetings, undo them, move cash, and remember what they were answered.

Each keeps the rule of a phone (design §5): the id is made and kept before anything is sent, and what was not answered is sent again as it
was. So a test can say afterwards of every single thing whether it had to be there, and how often.
"""

import http.client
import json
import random
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

HURT = (ConnectionError, http.client.HTTPException, TimeoutError)
"""What a caller sees of a server that is gone."""


@dataclass
class Sent:
    """One thing that was sent: `status` of the answer, None while there is none; `late` when only the second sending was answered."""

    kind: str
    uuid: str
    method: str
    path: str
    body: dict[str, Any]
    status: int | None = None
    answer: dict[str, Any] = field(default_factory=dict)
    tries: int = 0
    had_landed: bool | None = None
    """Of what was sent again: whether the first sending had been kept."""


class Caller:
    """Somebody with a token, on a connection that is kept."""

    def __init__(self, port: int, token: str, timeout: float = 60) -> None:
        self._token = token
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any], http.client.HTTPMessage]:
        """One request to the API: status, JSON, headers. Who asks too often, as a quick machine does, comes again when she is told to."""
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        while True:
            self._line.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), headers)
            answer = self._line.getresponse()
            said = json.loads(answer.read())
            if answer.status != 429:
                return answer.status, said, answer.headers
            time.sleep(int(answer.headers["Retry-After"]))

    def send(self, one: Sent) -> None:
        """Send this, whether it was sent before or not, and note the answer."""
        one.tries += 1
        one.status, one.answer, _ = self.call(one.method, one.path, one.body)

    def close(self) -> None:
        self._line.close()


class Worker:
    """Somebody at work: what she does next, and all that she ever sent."""

    def __init__(self, name: str, token: str, seed: int) -> None:
        self.name = name
        self.token = token
        self.dice = random.Random(f"{seed} {name}")
        self.sent: list[Sent] = []
        self._next = self._work()

    def _work(self) -> Iterator[Sent]:
        raise NotImplementedError

    def uuid(self) -> str:
        """An id that the phone makes; the version's digits are where they belong."""
        return str(UUID(int=self.dice.getrandbits(128), version=4))

    def next(self) -> Sent:
        """What she sends next: kept here first."""
        self.sent.append(next(self._next))
        return self.sent[-1]

    def unanswered(self) -> list[Sent]:
        """What she cannot know of."""
        return [one for one in self.sent if one.status is None]


class Officer(Worker):
    """She records meetings of a group, undoes them the same day, and records them anew."""

    def __init__(self, name: str, token: str, seed: int, sheets: Sequence[dict[str, Any]]) -> None:
        self._sheets = list(sheets)
        super().__init__(name, token, seed)

    def _work(self) -> Iterator[Sent]:
        standing: dict[int, str] = {}
        while True:
            body = self.dice.choice(self._sheets)
            undone = standing.pop(body["meeting"], None)
            if undone:
                yield Sent("undo", undone, "POST", f"/records/{undone}/undo", {"reason": "salah hitung"})
            else:
                standing[body["meeting"]] = uuid = self.uuid()
                yield Sent("record", uuid, "PUT", f"/records/{uuid}", body)


class Cashier(Worker):
    """She moves cash between vault and bank."""

    def __init__(self, name: str, token: str, seed: int, on: str) -> None:
        self._on = on
        super().__init__(name, token, seed)

    def _work(self) -> Iterator[Sent]:
        while True:
            uuid, amount = self.uuid(), self.dice.randrange(1, 50) * 1_000
            body = {"id": uuid, "on": self._on, "amount": amount, "from": "bank", "to": "vault", "reason": "ambil"}
            yield Sent("transfer", uuid, "POST", "/cash/transfers", body)


class Shift:
    """All of them begin to send, each on a line of her own, until theirs is cut or somebody is refused."""

    def __init__(self, workers: Sequence[Worker], port: int) -> None:
        self._port = port
        self._news = threading.Condition()
        self._seconds: list[float] = []
        self._threads = [threading.Thread(target=self._work, args=(worker,), name=worker.name) for worker in workers]
        for thread in self._threads:
            thread.start()

    def _work(self, worker: Worker) -> None:
        caller = Caller(self._port, worker.token)
        try:
            while True:
                one, begun = worker.next(), time.monotonic()
                caller.send(one)
                with self._news:
                    self._seconds.append(time.monotonic() - begun)
                    self._news.notify_all()
                if one.status == 503:
                    one.status = None  # as good as no answer: she will send it again
                    break
                if one.status not in (200, 201):
                    break  # the judge will see it
        except HURT:
            pass
        finally:
            caller.close()

    def wait_for(self, answers: int) -> None:
        """Wait until so many were answered, or nobody works any more."""
        with self._news:
            while len(self._seconds) < answers and any(thread.is_alive() for thread in self._threads):
                self._news.wait(1)

    @property
    def seconds(self) -> float:
        """How long an answer takes here and now."""
        return statistics.median(self._seconds) if self._seconds else 0.05

    def end(self) -> None:
        """Wait until everybody's line was cut."""
        for thread in self._threads:
            thread.join()


def send_again(workers: Sequence[Worker], port: int) -> list[Sent]:
    """Everybody sends once more what was not answered; notes whether it had landed the first time."""
    again = []
    for worker in workers:
        caller = Caller(port, worker.token)
        for one in worker.unanswered():
            caller.send(one)
            if one.kind == "undo":
                one.had_landed = one.status == 409 and one.answer["type"] == "/problems/already_undone"
                one.status = 200 if one.had_landed else one.status
            else:
                one.had_landed = one.status == 200
            again.append(one)
        caller.close()
    return again
