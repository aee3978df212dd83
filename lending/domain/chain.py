"""The hash chain: every link is hashed onto the one before it, so that what was changed, taken out, put in or moved gives another head.

A link is one line of text. `printf '%s\\n%s' HEAD LINE | sha256sum` on any machine gives the next head.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

GENESIS = "0" * 64
"""The head of a chain to which nothing has been hung."""


@dataclass(frozen=True)
class Chain:
    """A chain as far as it has been walked: how many links, up to which row, its head."""

    length: int = 0
    last_id: int = 0
    head: str = GENESIS


EMPTY = Chain()
"""A chain without links."""


def link(head: str, line: str) -> str:
    """The head once this line hangs on it."""
    return hashlib.sha256(f"{head}\n{line}".encode()).hexdigest()


def in_fours(head: str) -> str:
    """A head in groups of four, so that two people can compare it over the telephone."""
    return " ".join(head[start : start + 4] for start in range(0, len(head), 4))


def spoken(head: str) -> str:
    """The first sixteen letters of a head, in groups of four: enough to tell two apart by ear."""
    return in_fours(head[:16])


def prolonged(chain: Chain, links: Iterable[tuple[int, str]]) -> Chain:
    """The chain with these links, each a row's id and its line, hung on in their order."""
    length, last_id, head = chain.length, chain.last_id, chain.head
    for last_id, line in links:  # noqa: B007  (the last one counts)
        head = link(head, line)
        length += 1
    return Chain(length, last_id, head)
