"""A port that a test may come back to: nobody is given it by chance between one life of a server and the next.

What asks for port 0, and every program that calls another, gets one out of the system's own range; a server that has just been killed
would have to share its old one with them.
"""

import os
import socket
from pathlib import Path

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
EACH = 400
"""Ports for each worker of the test command: no two of them ever try the same."""


def a_lasting_port() -> int:
    """A free port of this worker's own, outside the range from which the system gives."""
    lowest = int(RANGE.read_text().split()[0]) if RANGE.exists() else 32_768
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = lowest - EACH * (worker + 1)
    for port in range(first, first + EACH):
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError(f"no port is free from {first} on")
