"""What a check finds: a difference, under its code, at its row; and what it asks to find it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any

from sqlalchemy import Select, select

from lending.database import is_postgresql, session

MOST = 1_000
"""So many differences are told at most."""

Question = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Difference:
    """Something that is stored and does not follow from the facts: the check's code, the row (`loan:12`), what is wrong with it."""

    code: str
    row: str
    what: str


@dataclass(frozen=True)
class Told:
    """A question, and how each row that it finds is told: its first column names the row, the others fill `what` (`{0}`, `{1}`, …)."""

    code: str
    kind: str
    what: str
    question: Question

    def __iter__(self) -> Iterator[Difference]:
        for found in session.execute(self.question):
            yield Difference(self.code, f"{self.kind}:{found[0]}", self.what.format(*found[1:]))


def told(code: str, kind: str, what: str, question: Question) -> Told:
    """A difference for each row that the question finds."""
    return Told(code, kind, what, the_first(question))


def the_first(question: Question) -> Question:
    """At most a thousand of what the question finds.

    PostgreSQL would look for a thousand as for something that is soon found, row by row; there are none, and it will see every row.
    """
    found = question.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")
    return select(found).limit(MOST)


def put_once(questions: Callable[[], Iterator[Told]]) -> Callable[[], Iterator[Difference]]:
    """What these questions find. They depend on nothing but the kind of the database, so they are put into SQL once in a process: to write
    a hundred of them out takes longer than a small unit's answers."""

    @cache
    def written(_: bool) -> tuple[Told, ...]:
        return tuple(questions())

    @wraps(questions)
    def found() -> Iterator[Difference]:
        for one in written(is_postgresql()):
            yield from one

    return found
