"""A server that has just been started is asked by many at once, and lives."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PROCESSES = 20
"""One in six ended with a segmentation fault while each message was worked out by whoever met it first."""


def test_many_first_requests_at_once_do_not_end_the_process():
    command = [sys.executable, "-m", "tests.api.first_requests", str(PROCESSES)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(told.stdout) == {"0": PROCESSES}
