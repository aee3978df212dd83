"""How often each fault is tried. The numbers here fit into the whole suite's ten minutes; the full ones are asked for by the environment:

    LENDING_TEST_FAULTS=full .venv/bin/python -m pytest tests/faults -rP        (200 kills a database, 200 cuts, …)
    LENDING_TEST_SEED=4711 …                                                    (the same moments again)

Each test prints its seed and its figures.
"""

import os
import random

FULL = os.environ.get("LENDING_TEST_FAULTS") == "full"

SEED = int(os.environ.get("LENDING_TEST_SEED") or random.SystemRandom().randrange(10**6))
"""Kills come when they come; that the moments differ from run to run is wanted."""


def times(in_ci: int, full: int) -> int:
    """How often, today."""
    return full if FULL else in_ci


KILLS = times(12, 200)
"""Servers killed, on each database."""
