"""A record undone: mirrored entry by entry, counted from the day of the undo, the meeting open again."""

from datetime import date, timedelta

from sqlalchemy import select

from lending.actions.undoing import undo_record
from lending.database import session
from lending.domain.access import Actor
from lending.domain.collection import CashDifference
from lending.domain.ledger import Account, EntryKind
from lending.domain.lifecycle import LoanState
from lending.models import Entry, Posting, RecordUndo
from lending.queries import collection as questions
from lending.queries import loans as loan_questions
from tests.furnished import (
    FIRST_DUE,
    House,
    a_record,
    a_report,
    a_running_loan,
    a_uuid,
    assert_books_agree,
    balance,
    day,
    keep,
    loan,
    meeting,
    only_sqlite,
    refused,
)


def undone(uuid: str, by: Actor, reason: str = "salah hitung") -> None:
    undo_record(uuid, by, reason=reason)


def paid_on(house: House, on: date) -> int:
    return loan_questions.as_of(house.head(day(20)), house.loans[0], on).paid


def test_an_undo_takes_back_everything_that_the_record_brought(house: House):
    saver, helped, short = house.women[:3]
    a_record(house, 1)
    kept = a_record(
        house,
        2,
        savings={saver: 5_000},
        paid={helped: 10_000, short: 0},
        renteng={helped: [(saver, 40_000)]},
        difference=CashDifference(1_000, "lebih"),
    )
    answer = undo_record(kept.uuid, house.officer(day(2)), reason="salah kelompok")
    assert answer.loans == tuple(
        {"id": one, "next_due": day(2).isoformat(), "outstanding_total": 2_450_000} for one in house.loans if one != house.loans[2]
    )
    assert balance(Account.OFFICER_CASH) == 600_000
    assert balance(Account.SAVINGS) == balance(Account.OVER_SHORT) == 0
    assert [loan(one).total_paid for one in house.loans] == [50_000] * 12
    assert_books_agree(*house.loans)
    mirrors = session.execute(select(Entry.id, Entry.reversal_of_id, Entry.reason).where(Entry.kind == EntryKind.REVERSAL)).all()
    assert [row.id for row in mirrors] == list(answer.entries)
    assert {row.reason for row in mirrors} == {"salah kelompok"}
    stored = session.scalars(select(RecordUndo)).one()
    assert (stored.on_day, stored.reason) == (day(2), "salah kelompok")


def test_each_entry_is_mirrored_leg_by_leg(house: House):
    kept = a_record(house, 1, savings={house.women[0]: 5_000})
    undone(kept.uuid, house.officer(day(1)))
    pairs = session.execute(select(Entry.id, Entry.reversal_of_id).where(Entry.reversal_of_id.is_not(None))).all()
    assert len(pairs) == 13
    for mirror, of in pairs:
        assert of is not None
        assert _legs(mirror) == _legs(of, sign=-1)


def _legs(entry_id: int, sign: int = 1) -> list[tuple[Account, int | None, int | None, int | None, int]]:
    question = select(Posting.account, Posting.loan_id, Posting.member_id, Posting.user_id, Posting.amount)
    found = session.execute(question.where(Posting.entry_id == entry_id).order_by(Posting.n))
    return [(account, loan_id, member_id, user_id, sign * amount) for account, loan_id, member_id, user_id, amount in found]


def test_the_officer_undoes_on_the_day_it_was_kept_and_the_head_later(house: House):
    kept = a_record(house, 1, on=day(3), held_on=day(1))
    undone(kept.uuid, house.officer(day(3)))
    other = a_record(house, 2)
    with refused("not_the_same_day", status=403):
        undone(other.uuid, house.officer(day(2) + timedelta(days=1)))
    undone(other.uuid, house.head(day(9)))
    with refused("already_undone", status=409):
        undone(other.uuid, house.head(day(9)))


@only_sqlite
def test_nobody_else_undoes(house: House):
    kept = a_record(house, 1)
    for username in ("cashier", "auditor", "mentor", "city", "admin"):
        with refused("not_allowed", status=403):
            undone(kept.uuid, house.person(username, day(1)))
    for username in ("officer2", "srg-officer", "srg-head"):
        with refused("not_found", status=404):
            undone(kept.uuid, house.person(username, day(1)))
    with refused("not_found", status=404):
        undone(a_uuid(999), house.head(day(1)))


def test_an_undo_counts_from_the_day_it_was_made_and_not_before(house: House):
    kept = a_record(house, 1)
    undone(kept.uuid, house.head(day(3)))
    assert [paid_on(house, on) for on in (day(1) - timedelta(days=1), day(1), day(3) - timedelta(days=1), day(3))] == [0, 50_000, 50_000, 0]
    back = session.execute(select(Entry.on_day, Entry.happened_on).where(Entry.kind == EntryKind.REVERSAL).distinct()).all()
    assert [tuple(row) for row in back] == [(day(3), day(3))]


def test_the_meeting_may_be_recorded_again_and_the_old_uuid_stays_used(house: House):
    first = a_record(house, 1)
    report = a_report(house.officer(day(1)), meeting(house, 1), held_on=day(1), everybody=False, paid=dict.fromkeys(house.women, 50_000))
    undone(first.uuid, house.officer(day(1)))
    again = keep(first.uuid, meeting(house, 1), report, house.officer(day(1)))
    assert (again.replay, again.undone, again.receipt) == (True, True, first.receipt)
    assert questions.sheet(house.officer(day(1)), meeting(house, 1)).meeting.state == "planned"
    second = a_record(house, 1, uuid=a_uuid(7), paid={house.women[0]: 20_000})
    assert (second.replay, second.receipt) == (False, "JMB-2026-000002")
    assert questions.sheet(house.officer(day(1)), meeting(house, 1)).meeting.record == a_uuid(7)
    with refused("already_recorded", status=409):
        a_record(house, 1, uuid=a_uuid(8))
    undone(second.uuid, house.head(day(1)))
    assert a_record(house, 1, uuid=a_uuid(9)).receipt == "JMB-2026-000003"
    assert_books_agree(*house.loans)


def test_undoing_a_payment_that_was_not_the_last_moves_the_later_ones_to_where_they_belong_now(house: House):
    # 5,000 of margin; then 30,000 that fill the margin and part of the principal. Without the first, the second fills other places.
    woman = house.women[0]
    first = a_record(house, 1, everybody=False, paid={woman: 5_000})
    a_record(house, 2, everybody=False, paid={woman: 30_000})
    assert balance(Account.MARGIN_INCOME, loan_id=house.loans[0]) == -10_000
    undone(first.uuid, house.head(day(3)))
    assert loan(house.loans[0]).total_paid == 30_000
    assert balance(Account.MARGIN_INCOME, loan_id=house.loans[0]) == -10_000
    assert_books_agree(house.loans[0])
    shift = session.scalars(select(Entry).where(Entry.kind == EntryKind.COLLECTION, Entry.record_uuid.is_(None))).all()
    assert [(one.happened_on, one.reason) for one in shift] == [(day(3), "salah hitung")]
    # What is left can be paid to the last rupiah.
    a_record(house, 4, everybody=False, paid={woman: 2_470_000})
    assert loan(house.loans[0]).state is LoanState.REPAID
    assert_books_agree(house.loans[0])


def test_a_repaid_loan_runs_again_when_its_last_payment_is_undone(house: House):
    woman = house.women[0]
    kept = a_record(house, 1, paid={woman: 2_500_000})
    undone(kept.uuid, house.officer(day(1)))
    assert (loan(house.loans[0]).state, loan(house.loans[0]).next_due) == (LoanState.RUNNING, FIRST_DUE)
    assert_books_agree(house.loans[0])


def test_a_loan_does_not_come_back_beside_a_new_one_of_the_same_woman(house: House):
    woman = house.women[0]
    kept = a_record(house, 1, paid={woman: 2_500_000})
    a_running_loan(house, woman, day(2) - timedelta(days=1) - timedelta(days=1))
    with refused("loan_running", status=422):
        undone(kept.uuid, house.head(day(2)))
    assert loan(house.loans[1]).total_paid == 50_000


def test_days_between_a_meeting_and_its_late_correction_never_count_more_than_the_whole_loan(house: House):
    woman = house.women[0]
    kept = a_record(house, 1, everybody=False, paid={woman: 2_500_000})
    undone(kept.uuid, house.head(day(3)))
    a_record(house, 1, uuid=a_uuid(7), on=day(3), held_on=day(1), everybody=False, paid={woman: 2_500_000})
    as_of = loan_questions.as_of(house.head(day(3)), house.loans[0], day(2))
    assert (as_of.paid, as_of.outstanding_total, as_of.next_due) == (2_500_000, 0, None)
