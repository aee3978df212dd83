"""The night over so many loans against the night over a tenth of them: it may not grow faster than they do."""

from typing import Any

from bench import night

GOAL = 12.0


def run(size: int | None = None, db: str = "sqlite") -> list[dict[str, Any]]:
    """The night at both sizes, each the best of three."""
    large = night.run(size, db)[0]
    small = night.run(large["size"] // 10, db)[0]
    ratio = large["seconds"] / small["seconds"]
    return [
        {
            "name": "night-growth",
            "what": f"one evening of {large['size']} loans closed",
            "db": db,
            "size": large["size"],
            "seconds": large["seconds"],
            "than": f"one evening of {small['size']}",
            "floor_seconds": small["seconds"],
            "ratio": round(ratio, 2),
            "goal": f"at most {GOAL:g}",
            "held": ratio <= GOAL,
        }
    ]
