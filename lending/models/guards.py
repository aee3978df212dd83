"""Which triggers the migrations make, by name with a fingerprint of their text: `guards.json` beside this file.

`tests/queries/test_check.py` holds the file against freshly migrated databases, and says what it should be where it is not.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".json")


@cache
def made(dialect: str) -> Mapping[str, str]:
    """The triggers of a migrated database on `sqlite` or `postgresql`."""
    found: dict[str, dict[str, str]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found[dialect]
