"""The hash chains: the same on both databases, blind to nothing, and proved from outside by anchors that somebody kept."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import text

from lending import anchors
from lending.actions import chain
from lending.actions.days import Count, close_day
from lending.actions.undoing import undo_record
from lending.anchors import Anchor
from lending.database import is_postgresql, session
from lending.domain.chain import GENESIS, link
from lending.models import ChainSeal
from lending.queries import chain as questions
from lending.queries import check_chain
from lending.queries.check import differences, head, prove
from lending.queries.days import vault_on
from tests.furnished import BEGINNING, LENT_ON, House, a_record, a_uuid, all_at_once, day, only_sqlite
from tests.queries.test_check import past_the_guards


@pytest.fixture
def kept(house: House, tmp_path: Path) -> Path:
    """The house keeps its anchors here."""
    anchors.hang_on(current_app._get_current_object(), tmp_path)  # type: ignore[attr-defined]
    return tmp_path / anchors.NAME


def a_few_days(house: House) -> list[Anchor]:
    """Two days closed, a night, two meetings, an undo, another night; everything after that is not sealed yet."""
    close_day(Count(LENT_ON, vault_on(house.unit_id, LENT_ON), earlier_too=True), house.head(LENT_ON))
    a_record(house, 1)
    chain.seal_house("night")
    a_record(house, 2)
    undo_record(a_uuid(1_002), house.officer(day(2)), reason="salah")
    told = chain.seal_house("night")
    a_record(house, 3)
    return told


def test_a_line_is_one_row_and_all_of_it(house: House):
    a_record(house, 1, savings={house.women[0]: 7_000})
    session.rollback()
    lines = {row_id: line for _, row_id, line in questions.read(questions.entry_lines())}
    first = lines[1].split("|")
    assert first[0:5] == ["1", "1", "transfer", BEGINNING.isoformat(), BEGINNING.isoformat()]
    assert first[7:] == ["-", "-", "200000000", "vault_cash:-:-:-:200000000,head_office:-:-:-:-200000000", "10:modal awal"]
    saved = next(line for line in lines.values() if "|savings|" in line).split("|")
    assert saved[10:] == [f"officer_cash:-:-:{house.people['officer'].user_id}:7000,savings:-:{house.women[0]}:-:-7000", "-"]
    assert len(first[5]) == len("2026-02-02 00:00:00.000000")
    acts = [line for _, _, line in questions.read(questions.act_lines())]
    assert any("|18:admin.add_unit|6:unit:1|" in line.replace("|14:admin.add_unit", "|18:admin.add_unit") for line in acts)


def test_the_chain_is_hung_in_the_order_of_the_ids(house: House):
    a_few_days(house)
    for unit_id in (house.unit_id, house.unit_id + 1):
        rows = [(row_id, line) for unit, row_id, line in questions.read(questions.entry_lines()) if unit == unit_id]
        head_so_far = GENESIS
        for _, line in rows:
            head_so_far = link(head_so_far, line)
        whole = questions.walked(unit_id).books
        assert (whole.length, whole.head) == (len(rows), head_so_far)


def test_a_house_that_was_never_tampered_with_is_whole(house: House, kept: Path):
    told = a_few_days(house)
    assert {anchor.unit for anchor in told} == {"JMB", "SRG", None}
    lines = kept.read_text().splitlines()
    assert [json.loads(line)["unit"] for line in lines].count("JMB") == 3
    assert set(json.loads(lines[0])) == {"at", "unit", "entries", "head", "audit", "audit_head"}
    assert anchors.kept()[-len(told) :] == told
    assert differences(day(3), anchors.kept()) == []
    assert chain.seal_house("night")
    occasions = [seal.occasion for seal in session.scalars(questions.seals())]
    assert set(occasions) == {"day", "night"}
    assert differences(day(3), anchors.kept()) == []


def test_sealed_by_several_at_once_it_is_whole(house: House, kept: Path):
    a_record(house, 1)
    all_at_once([lambda: chain.seal_house("night")] * 3)
    assert differences(day(1), anchors.kept()) == []
    found = session.scalars(questions.seals().where(ChainSeal.unit_id == house.unit_id)).all()
    assert len({seal.last_entry_id for seal in found}) == 1


def test_two_copies_of_the_books_have_one_head(house: House):
    before = prove()
    assert prove() == before
    assert head() == before.head
    a_record(house, 1)
    after = prove()
    assert after.head != before.head
    assert after.entries == before.entries + 12
    with past_the_guards("UPDATE entry SET reason = 'lain' WHERE id = 1"):
        assert head() != after.head
    assert head() == after.head


SWAPPED = "UPDATE posting SET entry_id = CASE entry_id WHEN 16 THEN 17 ELSE 16 END, n = n + 10 WHERE entry_id IN (16, 17)"
GONE = ("DELETE FROM posting WHERE entry_id = 20", "DELETE FROM entry_seal WHERE entry_id = 20", "DELETE FROM entry WHERE id = 20")
SLIPPED_IN = """
INSERT INTO entry (id, unit_id, kind, on_day, happened_on, recorded_at, actor_id, control_total)
SELECT 0, unit_id, kind, on_day, happened_on, recorded_at, actor_id, control_total FROM entry WHERE id = 1
"""

CONTENT: Sequence[tuple[str, Sequence[str]]] = (
    ("an amount and its mirror", ["UPDATE posting SET amount = amount * 2 WHERE entry_id = 20"]),
    ("a leg on another account", ["UPDATE posting SET account = 'bank' WHERE entry_id = 1 AND account = 'vault_cash'"]),
    ("a leg of another woman", ["UPDATE posting SET member_id = 1 WHERE entry_id = 20 AND member_id IS NOT NULL"]),
    ("a reason", ["UPDATE entry SET reason = 'lain' WHERE id = 1"]),
    ("a moment", ["UPDATE entry SET recorded_at = '2026-02-02 00:00:00' WHERE id = 20"]),
    ("who did it", ["UPDATE entry SET actor_id = 1 WHERE id = 20"]),
    ("two entries that changed places", [SWAPPED]),
    ("an entry gone", GONE),
    ("an entry slipped in", [SLIPPED_IN]),
    ("what an act was", ["UPDATE audit_event SET act = 'admin.add_unit' WHERE id = 20"]),
    ("what it was before", ["""UPDATE audit_event SET "before" = NULL, "after" = '{}' WHERE id = 20"""]),
    ("why", ["UPDATE audit_event SET reason = 'lain' WHERE id = 20"]),
    ("who", ["UPDATE audit_event SET actor_id = 1 WHERE id = 20"]),
    ("from where", ["UPDATE audit_event SET came_from = '10.0.0.1' WHERE id = 20"]),
    ("when", ["UPDATE audit_event SET at = '2026-01-01 00:00:00' WHERE id = 20"]),
    ("an act gone", ["DELETE FROM audit_event WHERE id = 20"]),
    ("an act of head office gone", ["DELETE FROM audit_event WHERE id = (SELECT min(id) FROM audit_event WHERE unit_id IS NULL)"]),
    ("an act given to the neighbours", ["UPDATE audit_event SET unit_id = 2 WHERE id = 20"]),
    ("what was counted", ["UPDATE day_close SET counted = counted + 1, expected = expected + 1 WHERE counted IS NOT NULL"]),
    ("why it was closed", ["UPDATE day_close SET reason = 'lain'"]),
    ("a closed day gone", ["DELETE FROM day_close WHERE counted IS NULL"]),
    ("a seal", ["UPDATE chain_seal SET head = audit_head WHERE id = 2"]),
)
"""Each one of these is found by the chains alone."""


def test_every_change_of_what_is_sealed_is_found(house: House):
    a_few_days(house)
    missed = []
    with past_the_guards():
        for what, sql in CONTENT:
            tampering = session.begin_nested()
            for one in sql:
                session.execute(text(one))
            if "V5" not in {one.code for one in check_chain.prove().differences}:
                missed.append(what)
            tampering.rollback()
    assert missed == []


def test_what_was_tampered_with_is_named_and_nothing_else(house: House):
    a_few_days(house)
    seals = [seal.id for seal in session.scalars(questions.seals().where(ChainSeal.unit_id == house.unit_id))]
    with past_the_guards("UPDATE entry SET reason = 'lain' WHERE id = (SELECT max(id) FROM entry WHERE kind = 'reversal')"):
        assert [(one.code, one.row) for one in check_chain.prove().differences] == [("V5", f"chain_seal:{seals[-1]}")]


LAST = "(SELECT max(entry_id) - 30 FROM entry_seal)"
CUT_OFF = (
    f"DELETE FROM posting WHERE entry_id > {LAST}",
    f"DELETE FROM entry WHERE id > {LAST}",
    f"DELETE FROM entry_seal WHERE entry_id > {LAST}",
)

REHASHED: Sequence[tuple[str, Sequence[str]]] = (
    ("the end cut off", CUT_OFF),
    ("the trace cut off", ["DELETE FROM audit_event WHERE id > (SELECT max(id) - 3 FROM audit_event)"]),
    ("an entry changed", ["UPDATE entry SET reason = 'lain' WHERE id = 1"]),
    ("an act changed", ["UPDATE audit_event SET reason = 'lain' WHERE id = 20"]),
)


def test_whoever_hashes_it_anew_is_found_by_the_anchor(house: House, kept: Path):
    """All guards gone, all seals and closed days gone with what they carried: only what is kept outside still knows."""
    a_few_days(house)
    for what, sql in REHASHED:
        with past_the_guards("DELETE FROM day_balance", "DELETE FROM day_close", "DELETE FROM chain_seal", *sql):
            assert {one.code for one in check_chain.prove().differences} == set(), what
            assert {one.code for one in check_chain.prove(anchors.kept()).differences} == {"V6"}, what
    assert differences(day(3), anchors.kept()) == []


@only_sqlite
def test_a_unit_that_is_gone_is_missed_by_its_anchor(house: House):
    told = a_few_days(house)
    found = differences(day(3), [replace(told[0], unit="XYZ")])
    assert [(one.code, one.row) for one in found] == [("V6", "unit:XYZ")]


@only_sqlite
def test_a_file_of_anchors_that_was_cut_goes_on(house: House, kept: Path):
    told = chain.seal_house("night")
    kept.write_bytes(kept.read_bytes() + b'{"at":"2026-02-02T00:00:00+00:00","unit":"JM')
    chain.seal_house("night")
    assert len(anchors.kept()) == 2 * len(told)
    assert kept.read_text().count("\n") == 2 * len(told) + 1
    kept.write_text('nonsense\n{"unit": 5}\n[]\n{"at":1,"unit":"JMB","entries":"x","head":1,"audit":1,"audit_head":1}\n')
    assert anchors.kept() == []


@only_sqlite
def test_a_place_that_cannot_be_written_stops_nobody(house: House, tmp_path: Path):
    anchors.hang_on(current_app._get_current_object(), tmp_path / "nowhere")  # type: ignore[attr-defined]
    assert chain.seal_house("night")
    assert close_day(Count(BEGINNING, vault_on(house.unit_id, BEGINNING)), house.head(BEGINNING)).entries == 1


def test_a_night_after_the_day_was_closed_walks_only_what_is_new(house: House):
    a_few_days(house)
    later = day(3) + timedelta(days=1)
    close_day(Count(day(3), vault_on(house.unit_id, day(3)), reason="kas di petugas", earlier_too=True), house.head(later))
    before = session.scalars(questions.seals()).all()
    chain.seal_house("night")
    after = session.scalars(questions.seals()).all()[len(before) :]
    assert [seal.unit_id for seal in after] == [house.unit_id, None]  # the close itself is a new act; head office's says how far we looked
    assert differences(later) == []
    assert is_postgresql() or after[-1].last_entry_id == session.execute(text("SELECT max(id) FROM entry")).scalar()
