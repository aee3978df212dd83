"""What an officer says that she carries: kept once, booking nothing, and named by the hand-over after it."""

from dataclasses import replace

import pytest

from lending import schema
from lending.actions.cash import Declaration, Handover, declare_cash, hand_over
from lending.database import db, session
from lending.queries import cash as questions
from lending.queries.check import differences
from tests.actions.test_handover import COUNTED
from tests.furnished import House, a_record, a_uuid, all_at_once, codes, day, only_sqlite, refused, rows
from tests.queries.test_check import past_the_guards

NOTES = {100_000: 5, 50_000: 1, 20_000: 2, 10_000: 1}
SAID = Declaration(a_uuid(81), day(1), 600_000, NOTES)


@pytest.fixture
def collected(house: House) -> House:
    a_record(house, 1)
    return house


def said_by(house: House, nth: int = 1) -> list[tuple[str, int, int | None]]:
    """Who carries what, as the cashier's desk knows it: by the books, and by her own word."""
    found = questions.carriers(house.person("cashier", day(nth)))
    return [(one.username, one.expected, one.declared.total if one.declared else None) for one in found]


def test_it_is_kept_once_and_books_nothing(collected: House):
    officer, before = collected.officer(day(1)), rows()
    assert said_by(collected) == [("officer", 600_000, None)]
    known, answer = declare_cash(SAID, officer)
    assert (known, answer) == (False, {"id": SAID.uuid, "on": "2026-02-09", "total": 600_000})
    assert declare_cash(replace(SAID, uuid=SAID.uuid.upper()), officer) == (True, answer)
    with refused("key_reused", status=422):
        declare_cash(replace(SAID, total=500_000), officer)
    assert said_by(collected) == [("officer", 600_000, 600_000)]
    assert {name: count for name, count in rows().items() if count != before.get(name)}.keys() <= {
        "cash_declaration",
        "sent_once",
        "audit_event",
    }


def test_sent_twice_at_once_it_is_kept_once(collected: House):
    found = all_at_once([lambda: declare_cash(SAID, collected.officer(day(1)))] * 3)
    assert codes(found) == ["kept"] * 3
    assert sorted(known for known, _ in found) == [False, True, True]


def test_the_hand_over_names_what_she_said_last(collected: House):
    officer, cashier = collected.officer(day(1)), collected.person("cashier", day(1))
    declare_cash(SAID, officer)
    declare_cash(Declaration(a_uuid(82), day(1), 590_000, None), officer)
    hand_over(replace(COUNTED, notes=NOTES), cashier)
    (kept,) = questions.handovers(cashier, first=day(1), last=day(1))
    assert (kept.expected, kept.counted, kept.difference, kept.notes) == (600_000, 600_000, 0, NOTES)
    assert kept.declared is not None
    assert (kept.declared.id, kept.declared.total, kept.declared.notes) == (a_uuid(82), 590_000, None)
    assert said_by(collected) == []
    a_record(collected, 2)
    hand_over(replace(COUNTED, uuid=a_uuid(78), on=day(2)), collected.person("cashier", day(2)))
    newest, _ = questions.handovers(cashier, first=day(1), last=day(2))
    assert newest.declared is None  # what she said was of the bag before


def test_more_that_came_in_since_she_was_shown_the_books_is_said_and_not_smeared(collected: House):
    shown = replace(COUNTED, expected=600_000)
    a_record(collected, 2)
    cashier = collected.person("cashier", day(2))
    with refused("cash_changed", status=409):
        hand_over(replace(shown, on=day(2)), cashier)
    assert questions.handovers(cashier, first=day(1), last=day(2)) == []
    hand_over(Handover(a_uuid(77), "officer", day(2), 1_200_000, None, None, expected=1_200_000), cashier)


def test_it_is_told_where_the_cash_came_from(collected: House):
    cashier = collected.person("cashier", day(2))
    hand_over(COUNTED, collected.person("cashier", day(1)))
    a_record(collected, 2, savings={collected.women[0]: 5_000})
    hand_over(replace(COUNTED, uuid=a_uuid(78), on=day(2), total=600_000, reason="kurang"), cashier)
    second, first = questions.handovers(cashier, first=day(1), last=day(2))
    assert [(one.group_name, one.receipt, one.amount) for one in questions.sources(first)] == [("Melati", "JMB-2026-000001", 600_000)]
    assert [(one.group_name, one.receipt, one.amount) for one in questions.sources(second)] == [("Melati", "JMB-2026-000002", 605_000)]
    assert (questions.number_of(first), questions.number_of(second)) == ("JMB-S-20260209-1", "JMB-S-20260216-1")
    assert differences(day(2)) == []


def test_check_finds_a_hand_over_that_the_books_do_not_say(collected: House):
    hand_over(COUNTED, collected.person("cashier", day(1)))
    assert differences(day(1)) == []
    for sql in (
        "UPDATE handover SET counted = counted + 1",
        "UPDATE handover SET expected = 0",
        "UPDATE handover SET entry_id = NULL",
        "DELETE FROM handover",
    ):
        with past_the_guards(sql):
            assert "V15" in {one.code for one in differences(day(1))}, sql


@only_sqlite
def test_what_makes_no_sense_is_refused(collected: House):
    officer = collected.officer(day(1))
    for code, sent in (
        ("future_date", replace(SAID, on=day(2))),
        ("too_small", replace(SAID, total=0, notes=None)),
        ("too_large", replace(SAID, total=10**12, notes=None)),
    ):
        with refused(code, status=422):
            declare_cash(sent, officer)


@only_sqlite
@pytest.mark.parametrize("username", ["cashier", "mentor", "head", "auditor", "city", "admin"])
def test_only_an_officer_says_so(collected: House, username: str):
    with refused("not_allowed", status=403):
        declare_cash(SAID, collected.person(username, day(1)))


@only_sqlite
def test_who_sees_what_was_received(collected: House):
    hand_over(COUNTED, collected.person("cashier", day(1)))
    for viewer in ("officer", "cashier", "head", "auditor"):
        assert len(questions.handovers(collected.person(viewer, day(1)), first=day(1), last=day(1))) == 1
    for stranger in ("officer2", "srg-head", "srg-officer"):
        by = collected.person(stranger, day(1))
        assert questions.handovers(by, first=day(1), last=day(1)) == []
        with refused("not_found", status=404):
            questions.handover(by, COUNTED.uuid)
    with refused("not_allowed", status=403):
        questions.handovers(collected.person("mentor", day(1)), first=day(1), last=day(1))


def test_hand_overs_of_before_there_were_rows_are_taken_over(collected: House):
    cashier = collected.person("cashier", day(1))
    hand_over(replace(COUNTED, total=590_000, notes={100_000: 5, 50_000: 1, 20_000: 2}, reason="selembar hilang"), cashier)
    (kept,) = questions.handovers(cashier, first=day(1), last=day(1))
    url = db.engine.url.render_as_string(hide_password=False)
    session.remove()
    db.engine.dispose()
    (migration,) = (schema.MIGRATIONS / "versions").glob("*_cash_handed_over.py")
    schema.move_to(url, f"{int(migration.name[:4]) - 1:04}")
    schema.upgrade(url)
    (again,) = questions.handovers(cashier, first=day(1), last=day(1))
    assert again == replace(kept, id=again.id, notes=None)
    assert differences(day(1)) == []
