"""Many who ask for the same at the same moment, each on a line of her own, of two servers that stand on one database."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from tests.faults.field import Caller
from tests.faults.servers import Server


@dataclass(frozen=True)
class Asked:
    """One request, by whoever has this token."""

    token: str
    method: str
    path: str
    body: Any


@dataclass(frozen=True)
class Answered:
    """Its status, and its JSON."""

    status: int
    said: dict[str, Any]

    @property
    def code(self) -> str:
        """The name of a refusal; `kept` for everything else."""
        return "kept" if self.status in (200, 201) else str(self.said["type"]).removeprefix("/problems/")


def at_once(servers: Sequence[Server], asked: Sequence[Asked]) -> list[Answered]:
    """All of them are sent when everybody is ready; the answers in the order of what was asked."""
    ready = threading.Barrier(len(asked))

    def send(place: int) -> Answered:
        one, server = asked[place], servers[place % len(servers)]
        with closing(Caller(server.port, one.token)) as caller:
            caller.call("GET", "/me")  # the line is up
            ready.wait()
            status, said, _ = caller.call(one.method, one.path, one.body)
            return Answered(status, said)

    with ThreadPoolExecutor(len(asked)) as threads:
        return list(threads.map(send, range(len(asked))))
