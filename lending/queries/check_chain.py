"""The hash chains proved (V5, V6): walked row by row against every seal, every closed day, and every anchor kept outside the database.

Between two seals each piece is proved by itself, so that a piece that was tampered with is named and the later ones are not blamed for it.
Whoever can write the seals anew is found by the anchors.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select

from lending.anchors import Anchor
from lending.database import session
from lending.domain.chain import EMPTY, GENESIS, Chain, link
from lending.domain.days import Closed, day_hash
from lending.models import ChainSeal, DayClose, User
from lending.queries import chain as questions
from lending.queries.chain import UnitId, Which, head_of, sealed
from lending.queries.differences import Difference


@dataclass
class _Walk:
    """One chain of one unit on the way from its first row to its last."""

    which: Which
    unit: str
    seals: list[tuple[int, Chain]]
    """The seals that lie ahead, the nearest last: a seal's id, and the chain as it has it."""
    anchors: dict[int, list[tuple[str, str]]]
    """By how many links: when an anchor was kept there, and its head."""
    begun: Chain = EMPTY
    """Where the piece under proof begins: at the seal before."""
    piece: Chain = EMPTY
    """The piece under proof, hung on the seal before as it was stored."""
    whole: Chain = EMPTY
    """The chain as it really is."""
    found: list[Difference] = field(default_factory=list)

    def hang(self, row_id: int, line: str) -> None:
        """The next row."""
        while self.seals and row_id > self.seals[-1][1].last_id:
            self._prove_piece()
        head = link(self.whole.head, line)
        same = self.piece.head == self.whole.head
        self.whole = Chain(self.whole.length + 1, row_id, head)
        self.piece = Chain(self.piece.length + 1, row_id, head if same else link(self.piece.head, line))
        if self.whole.length in self.anchors:
            self._prove_anchors()

    def end(self) -> None:
        """There are no more rows."""
        while self.seals:
            self._prove_piece()
        lacking = [(length, at) for length, kept in self.anchors.items() if length > self.whole.length for at, _ in kept]
        if lacking:
            length, at = max(lacking)
            what = f"{self.whole.length} rows of {self.which}, its anchor of {at} has {length}: the database is older than its anchor"
            self.found.append(Difference("V6", f"unit:{self.unit}", what))

    def _prove_piece(self) -> None:
        seal_id, stored = self.seals.pop()
        if (self.piece.length, self.piece.head) != (stored.length, stored.head):
            what = (
                f"the rows of {self.which} of {self.unit} after {self.begun.last_id} up to {stored.last_id} are not those that were sealed"
            )
            self.found.append(Difference("V5", f"chain_seal:{seal_id}", what))
        self.begun = self.piece = stored

    def _prove_anchors(self) -> None:
        for at, head in self.anchors[self.whole.length]:
            if head != self.whole.head:
                what = f"the first {self.whole.length} rows of {self.which} are not those of its anchor of {at}"
                self.found.append(Difference("V6", f"unit:{self.unit}", what))


@dataclass(frozen=True)
class ChainProof:
    """What walking found, how many entries the journal has, and the one head of all units' journals."""

    differences: tuple[Difference, ...]
    entries: int
    head: str


def prove(anchors: Sequence[Anchor] = ()) -> ChainProof:
    """Walk every chain from its first row to its last."""
    codes = questions.unit_codes()
    seals = list(session.scalars(questions.seals()))
    books = {unit: _walk(Which.BOOKS, unit, code, seals, anchors) for unit, code in codes.items()}
    acts = {unit: _walk(Which.ACTS, unit, code, seals, anchors) for unit, code in codes.items()}
    for walks, question in ((books, questions.entry_lines()), (acts, questions.act_lines())):
        for unit, row_id, line in questions.read(question):
            if unit not in walks:
                codes[unit] = f"{unit}?"
                walks[unit] = _walk(walks[None].which, unit, codes[unit], seals, ())
                walks[unit].found.append(Difference("V5", f"{walks[unit].which}:{row_id}", f"it is of unit {unit}, which is not there"))
            walks[unit].hang(row_id, line)
    found = list(_closed_days(codes))
    for walk in (*books.values(), *acts.values()):
        walk.end()
        found += walk.found
    found += _nobodys(codes, anchors)
    heads = {codes[unit]: walk.whole for unit, walk in books.items() if unit is not None}
    return ChainProof(tuple(found), sum(walk.whole.length for walk in books.values()), head_of(heads))


def _walk(which: Which, unit: UnitId, code: str, seals: Sequence[ChainSeal], anchors: Sequence[Anchor]) -> _Walk:
    ahead = [(seal.id, sealed(seal).books if which is Which.BOOKS else sealed(seal).acts) for seal in seals if seal.unit_id == unit]
    kept: dict[int, list[tuple[str, str]]] = {}
    for anchor in anchors:
        if (anchor.unit or "-") == code:
            length, head = (anchor.entries, anchor.head) if which is Which.BOOKS else (anchor.audit, anchor.audit_head)
            if length:
                kept.setdefault(length, []).append((anchor.at, head))
    return _Walk(which, code, ahead[::-1], kept)


def _closed_days(codes: dict[UnitId, str]) -> Iterator[Difference]:
    """Each closed day's hash from its own figures, hung on that of the day before."""
    previous: dict[int, str] = {}
    question: Select[*tuple[Any, ...]] = (
        select(DayClose, User.username, ChainSeal)
        .outerjoin(User, User.id == DayClose.actor_id)
        .outerjoin(ChainSeal, ChainSeal.id == DayClose.seal_id)
        .order_by(DayClose.unit_id, DayClose.on_day)
    )
    for day, username, seal in session.execute(question):
        row = f"day:{codes.get(day.unit_id, day.unit_id)}:{day.on_day}"
        before = previous.get(day.unit_id, GENESIS)
        previous[day.unit_id] = day.hash
        if seal is None or username is None or day.unit_id not in codes:
            yield Difference("V5", row, "its unit, its seal, or who closed it, is gone")
            continue
        notes = None if day.notes is None else {int(value): many for value, many in day.notes.items()}
        chains = sealed(seal)
        proved = Closed(
            codes[day.unit_id], day.on_day, day.expected, day.counted, notes, day.reason, username, day.entries, chains.books, chains.acts
        )
        if day.previous_hash != before:
            yield Difference("V5", row, "it does not hang on the day that was closed before it")
        elif day.hash != day_hash(before, proved):
            yield Difference("V5", row, "its figures are not those of its hash")


def _nobodys(codes: dict[UnitId, str], anchors: Sequence[Anchor]) -> Iterator[Difference]:
    for unit in sorted({anchor.unit for anchor in anchors if anchor.unit is not None} - set(codes.values())):
        yield Difference("V6", f"unit:{unit}", "it has anchors, and is not there")
