"""What a check finds: a difference, under its code, at its row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from lending.database import session

MOST = 1_000
"""So many differences are told at most."""

Question = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Difference:
    """Something that is stored and does not follow from the facts: the check's code, the row (`loan:12`), what is wrong with it."""

    code: str
    row: str
    what: str


def told(code: str, kind: str, what: str, question: Question) -> Iterator[Difference]:
    """A difference for each row that the question finds: its first column names the row, the others fill `what` (`{0}`, `{1}`, …)."""
    for found in session.execute(question.limit(MOST)):
        yield Difference(code, f"{kind}:{found[0]}", what.format(*found[1:]))
