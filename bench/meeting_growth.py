"""One meeting kept among so many loans against one kept among a tenth of them: it should not feel the others."""

from typing import Any

from bench import meeting
from bench.night import SIZE

GOAL = 1.3


def run(size: int | None = None, db: str = "sqlite") -> list[dict[str, Any]]:
    """A meeting of twenty-five at both sizes, each the best of many."""
    large = meeting.run(size or SIZE, db)[0]
    small = meeting.run(large["size"] // 10, db)[0]
    ratio = large["seconds"] / small["seconds"]
    return [
        {
            "name": "meeting-growth",
            "what": f"a meeting kept among {large['size']} loans",
            "db": db,
            "size": large["size"],
            "seconds": large["seconds"],
            "than": f"one kept among {small['size']}",
            "floor_seconds": small["seconds"],
            "ratio": round(ratio, 2),
            "goal": f"at most {GOAL:g}",
            "held": ratio <= GOAL,
        }
    ]
