"""The links of the hash chains as the database tells them: a line of text for every entry with its legs, and for every act.

The lines are the same on both databases, and one line can only mean one row: what people wrote stands with its length before it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from lending.database import is_postgresql, session
from lending.domain.chain import EMPTY, GENESIS, Chain, link, prolonged
from lending.models import AuditEvent, ChainSeal, Entry, Posting, Unit

_AT_A_TIME = 5_000

UnitId = int | None
"""A unit's id; None for head office, which has acts and no entries."""

Links = Select[*tuple[Any, ...]]
"""A question for links: unit, id and line, in the order of the ids."""


class Which(StrEnum):
    """A unit has two chains."""

    BOOKS = "entry"
    ACTS = "audit_event"


@dataclass(frozen=True)
class Chains:
    """The two chains of a unit: over its entries, and over its acts."""

    books: Chain
    acts: Chain


NOTHING_YET = Chains(EMPTY, EMPTY)


def seals() -> "Select[ChainSeal]":
    """Every seal, in the order in which they were made."""
    return select(ChainSeal).order_by(ChainSeal.id)


def sealed(seal: ChainSeal) -> Chains:
    """The chains as a seal has them."""
    return Chains(Chain(seal.entries, seal.last_entry_id, seal.head), Chain(seal.audit, seal.last_audit_id, seal.audit_head))


def newest_seal(unit_id: UnitId) -> Chains:
    """Where the chains of a unit stood at its newest seal."""
    question = select(ChainSeal).where(ChainSeal.unit_id.is_not_distinct_from(unit_id)).order_by(ChainSeal.id.desc()).limit(1)
    seal = session.scalar(question)
    return NOTHING_YET if seal is None else sealed(seal)


def newest_seals() -> dict[UnitId, Chains]:
    """Where the chains stood at the newest seal of every unit that has one, and of head office."""
    newest = select(func.max(ChainSeal.id).label("id")).group_by(ChainSeal.unit_id).subquery()
    return {seal.unit_id: sealed(seal) for seal in session.scalars(select(ChainSeal).join(newest, newest.c.id == ChainSeal.id))}


def walked(unit_id: int) -> Chains:
    """The chains of a unit from its newest seal to its newest rows."""
    start = newest_seal(unit_id)
    entries = entry_lines(start.books.last_id).where(Entry.unit_id == unit_id)
    acts = act_lines(start.acts.last_id).where(AuditEvent.unit_id == unit_id)
    return Chains(prolonged(start.books, _of_one(entries)), prolonged(start.acts, _of_one(acts)))


def _of_one(question: Links) -> Iterator[tuple[int, str]]:
    for _, row_id, line in read(question):
        yield row_id, line


def all_walked(since: dict[UnitId, Chains], *, last_entry: int, last_act: int) -> dict[UnitId, Chains]:
    """The chains of every unit and of head office, from where they stood to these rows: one look at the journal and one at the trace.

    Head office's own seal tells up to which rows the whole house was walked last; that of a unit may be newer.
    """
    units = {*session.scalars(select(Unit.id)), *since, None}
    walked_before = since.get(None, NOTHING_YET)
    books = {unit: since.get(unit, NOTHING_YET).books for unit in units}
    acts = {unit: since.get(unit, NOTHING_YET).acts for unit in units}
    entries = entry_lines(walked_before.books.last_id).where(Entry.id <= last_entry)
    trace = act_lines(walked_before.acts.last_id).where(AuditEvent.id <= last_act)
    for chains, question in ((books, entries), (acts, trace)):
        for unit, row_id, line in read(question):
            chain = chains[unit]
            if row_id > chain.last_id:
                chains[unit] = Chain(chain.length + 1, row_id, link(chain.head, line))
    books[None], acts[None] = replace(books[None], last_id=last_entry), replace(acts[None], last_id=last_act)
    return {unit: Chains(books[unit], acts[unit]) for unit in units}


def head_of(heads: dict[str, Chain]) -> str:
    """One head for the journals of all units, by their codes: two copies of the books have the same one."""
    head = GENESIS
    for code in sorted(heads):
        head = link(head, f"{code}|{heads[code].length}|{heads[code].head}")
    return head


def read(question: Links) -> Iterable[tuple[Any, ...]]:
    """Unit, id and line of every link that the question finds, a few thousand at a time."""
    return session.execute(question.execution_options(yield_per=_AT_A_TIME))


def entry_lines(after_id: int | None = None) -> Links:
    """The entries after that one, or all of them."""
    whose = (_or_dash(column) for column in (Posting.loan_id, Posting.member_id, Posting.user_id))
    leg = func.concat_ws(":", Posting.account, *whose, Posting.amount)
    legs = select(func.aggregate_strings(leg, ",").aggregate_order_by(Posting.n)).where(Posting.entry_id == Entry.id).scalar_subquery()
    line = func.concat_ws(
        "|",
        Entry.id,
        _or_dash(Entry.unit_id),
        Entry.kind,
        _day(Entry.on_day),
        _day(Entry.happened_on),
        _moment(Entry.recorded_at),
        Entry.actor_id,
        _or_dash(Entry.record_uuid),
        _or_dash(Entry.reversal_of_id),
        Entry.control_total,
        func.coalesce(legs, "-"),
        _said(Entry.reason),
    )
    question: Links = select(Entry.unit_id, Entry.id, type_coerce(line, String)).order_by(Entry.id)
    return question if after_id is None else question.where(Entry.id > after_id)


def act_lines(after_id: int | None = None) -> Links:
    """The acts after that one, or all of them."""
    act = AuditEvent
    said = (act.act, act.row, act.came_from, act.request, act.reason, act.before, act.after)
    line = func.concat_ws("|", act.id, _or_dash(act.unit_id), _moment(act.at), act.actor_id, *map(_said, said))
    question: Links = select(act.unit_id, act.id, type_coerce(line, String)).order_by(act.id)
    return question if after_id is None else question.where(act.id > after_id)


def _text(column: Any) -> ColumnElement[str]:
    return type_coerce(cast(column, String), String)


def _or_dash(column: Any) -> ColumnElement[str]:
    return func.coalesce(_text(column), "-")


def _said(column: "InstrumentedAttribute[Any]") -> ColumnElement[str]:
    """A text with its length before it; nothing at all is `-`."""
    text = _text(column)
    return func.coalesce(_text(func.length(text)) + literal(":") + text, "-")


def _day(column: "InstrumentedAttribute[Any]") -> ColumnElement[str]:
    return func.to_char(column, "YYYY-MM-DD") if is_postgresql() else _text(column)


def _moment(column: "InstrumentedAttribute[Any]") -> ColumnElement[str]:
    """UTC to the microsecond, as SQLite keeps it."""
    return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24:MI:SS.US") if is_postgresql() else _text(column)


def unit_codes() -> dict[UnitId, str]:
    """The codes of all units; head office is `-`."""
    rows = session.execute(select(Unit.id, Unit.code)).all()
    return {None: "-", **dict(rows)}
