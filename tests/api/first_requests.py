"""The first requests of a server, all at once: `python -m tests.api.first_requests TIMES` says how each of so many processes ended.

Whoever forks has met no message yet but through the app's own beginning; each child lets eight threads read the same one.
"""

import json
import os
import sys
import threading
from collections import Counter
from typing import NoReturn

from flask import Flask

from lending.web import api
from lending.web.api import shapes
from lending.web.api.messages.collection import Record

THREADS = 8

SENT = {
    "meeting": 1, "held_on": "2026-02-09", "started_at": "2026-02-09T09:02:00+07:00", "ended_at": "2026-02-09T09:41:00+07:00",
    "cash_counted": 1, "lines": [{"member": 1, "attendance": "hadir", "loan": None, "paid": 0, "savings": 1, "entered": "bulk"}],
}  # fmt: skip


def child() -> NoReturn:
    """Eight who read it at the same moment."""
    ready = threading.Barrier(THREADS)

    def read() -> None:
        ready.wait()
        shapes.message(SENT, Record)

    threads = [threading.Thread(target=read) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os._exit(0)


if __name__ == "__main__":
    api.hang_on(Flask("lending"))
    sys.setswitchinterval(1e-6)
    ends: Counter[int] = Counter()
    for _ in range(int(sys.argv[1])):
        if (pid := os.fork()) == 0:
            child()
        ends[os.waitpid(pid, 0)[1]] += 1
    sys.stdout.write(json.dumps(ends))
