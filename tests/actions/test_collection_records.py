"""A meeting is kept once, whole, and changes each loan by what was paid; or it is refused and leaves nothing."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lending.actions import admin, groups
from lending.database import session
from lending.domain.collection import CashDifference, Cover, Line, MeetingReport, Shortfall, ShortReason
from lending.domain.ledger import Account
from lending.domain.lifecycle import LoanState
from lending.models import AuditEvent, Entry, MeetingLine, MeetingRecord, Renteng
from lending.queries import collection as questions
from lending.queries import loans as loan_questions
from tests.domain.tables import MEKAAR
from tests.furnished import (
    FIRST_DUE,
    LENT_ON,
    House,
    a_full_group,
    a_record,
    a_report,
    a_running_loan,
    a_uuid,
    a_woman,
    assert_books_agree,
    balance,
    day,
    keep,
    loan,
    meeting,
    meeting_of,
    only_sqlite,
    refused,
    rows,
    statements,
)


def test_everybody_pays_and_everything_of_it_is_written_down(house: House):
    kept = a_record(house, 1)
    assert (kept.replay, kept.undone, kept.receipt, kept.total) == (False, False, "JMB-2026-000001", 600_000)
    assert kept.lines[0] == {
        "member": house.women[0],
        "paid": 50_000,
        "allocated_margin": 10_000,
        "allocated_principal": 40_000,
        "next_due": "2026-02-16",
        "days_late": 0,
    }
    stored = session.execute(select(MeetingRecord)).scalar_one()
    assert (stored.attempt, stored.held_on, stored.recorded_on, stored.total, stored.number) == (1, day(1), day(1), 600_000, 1)
    assert [loan(one).total_paid for one in house.loans] == [50_000] * 12
    assert {loan(one).next_due for one in house.loans} == {day(2)}
    assert balance(Account.OFFICER_CASH, user_id=house.people["officer"].user_id) == 600_000
    assert_books_agree(*house.loans)
    trace = session.scalars(select(AuditEvent).where(AuditEvent.act == "collection.record")).one()
    assert trace.after == {"receipt": kept.receipt, "total": 600_000, "held_on": "2026-02-09"}


def test_one_pays_in_part_one_is_helped_one_promises_and_one_saves(house: House):
    part, helped, away, saver, *_ = house.women
    giver, other = house.women[-2:]
    kept = a_record(
        house,
        1,
        paid={part: 30_000, helped: 20_000, away: 0},
        renteng={helped: [(giver, 20_000), (other, 10_000)]},
        savings={saver: 7_500},
        shortfalls={away: Shortfall(ShortReason.SAKIT, day(2))},
    )
    assert kept.total == 9 * 50_000 + 30_000 + 50_000 + 7_500
    answer = {line["member"]: dict(line) for line in kept.lines}
    assert (answer[part]["allocated_margin"], answer[part]["allocated_principal"]) == (10_000, 20_000)
    # Her answer tells her own cash; what others brought is credited to her loan all the same, and she is not late.
    assert answer[helped] | {"paid": 20_000, "allocated_margin": 10_000, "allocated_principal": 40_000} == answer[helped]
    assert answer[helped]["next_due"] == day(2).isoformat()
    assert answer[away]["next_due"] == day(1).isoformat()
    lines = {line.member_id: line for line in session.scalars(select(MeetingLine))}
    assert [(lines[one].short_reason, lines[one].promise_on) for one in (part, helped, away)] == [
        (ShortReason.LAIN, None),
        (None, None),
        (ShortReason.SAKIT, day(2)),
    ]
    given = session.execute(select(Renteng.debtor_id, Renteng.coverer_id, Renteng.amount).order_by(Renteng.coverer_id)).all()
    assert [tuple(row) for row in given] == [(helped, giver, 20_000), (helped, other, 10_000)]
    assert balance(Account.SAVINGS, member_id=saver) == -7_500
    # Renteng is her debt to the other two, never the lender's claim: their own loans moved by their own money only.
    assert loan(house.loans[-1]).total_paid == 50_000
    assert_books_agree(*house.loans)


def test_the_same_body_again_gives_the_same_answer_and_stores_nothing(house: House):
    first = a_record(house, 1)
    report = _report_of(first.uuid)
    before = rows()
    again = keep(first.uuid.upper(), meeting(house, 1), report, house.officer(day(3)))
    assert again == replace(first, replay=True)
    assert rows() == before


def _report_of(uuid: str) -> MeetingReport:
    """The report behind a record, as the phone still has it."""
    body = session.execute(select(MeetingRecord.body).where(MeetingRecord.uuid == uuid)).scalar_one()
    lines = tuple(Line(**{**line, "covers": (), "shortfall": None}) for line in body["lines"])
    return MeetingReport(date.fromisoformat(body["held_on"]), body["cash_counted"], lines)


def test_more_than_is_due_pays_the_next_instalments_at_once(house: House):
    ahead = house.women[0]
    kept = a_record(house, 1, paid={ahead: 125_000})
    assert kept.lines[0]["next_due"] == day(3).isoformat()
    assert (kept.lines[0]["allocated_margin"], kept.lines[0]["allocated_principal"]) == (30_000, 95_000)
    sheet = questions.sheet(house.officer(day(1)), meeting(house, 2))
    assert (sheet.lines[0].due, sheet.lines[0].arrears, sheet.lines[0].outstanding_total) == (0, 0, 2_375_000)
    assert questions.sheet(house.officer(day(1)), meeting(house, 3)).lines[0].due == 25_000


def test_the_whole_balance_repays_the_loan_and_not_a_rupiah_more(house: House):
    eager = house.women[0]
    with refused("pays_too_much", at="lines.0.paid", status=422) as no:
        a_record(house, 1, paid={eager: 2_500_001})
    assert no.value.facts["left"] == 2_500_000
    kept = a_record(house, 1, paid={eager: 2_400_000}, renteng={eager: [(house.women[1], 100_000)]})
    assert (kept.lines[0]["next_due"], kept.lines[0]["days_late"]) == (None, 0)
    assert (loan(house.loans[0]).state, loan(house.loans[0]).next_due) == (LoanState.REPAID, None)
    assert_books_agree(house.loans[0])
    sheet = questions.sheet(house.officer(day(2)), meeting(house, 2))
    assert (sheet.lines[0].loan_id, sheet.lines[0].due) == (None, 0)
    report = a_report(house.officer(day(2)), meeting(house, 2), held_on=day(2))
    paying = replace(report.lines[0], loan_id=house.loans[0], paid=1_000)
    with refused("wrong_state", at="lines.0.loan"):
        keep(a_uuid(7), meeting(house, 2), _with_lines(report, paying), house.officer(day(2)))


def _with_lines(report: MeetingReport, *first: Line) -> MeetingReport:
    """The report with its first lines replaced, and the cash counted to match."""
    changed = replace(report, lines=(*first, *report.lines[len(first) :]))
    return replace(changed, cash_counted=changed.total)


def test_weeks_may_arrive_in_any_order_and_late(house: House):
    late_woman = house.women[0]
    a_record(house, 3, paid={late_woman: 50_000}, everybody=False)
    a_record(house, 1, on=day(4), held_on=day(1), paid={late_woman: 50_000}, everybody=False)
    a_record(house, 2, on=day(4), held_on=day(2), paid={late_woman: 50_000}, everybody=False)
    assert (loan(house.loans[0]).total_paid, loan(house.loans[0]).next_due) == (150_000, day(4))
    entries = session.execute(select(Entry.on_day, Entry.happened_on).where(Entry.record_uuid == a_uuid(1_001))).one()
    assert tuple(entries) == (day(1), day(1))
    assert [_paid_on(house, on) for on in (day(1) - timedelta(days=1), day(1), day(2), day(3))] == [0, 50_000, 100_000, 150_000]
    assert_books_agree(house.loans[0])


def _paid_on(house: House, on: date) -> int:
    return loan_questions.as_of(house.head(day(9)), house.loans[0], on).paid


def test_counted_cash_that_differs_is_the_officers_and_carries_its_reason(house: House):
    a_record(house, 1, difference=CashDifference(-20_000, "selembar hilang"))
    officer = house.people["officer"].user_id
    assert balance(Account.OFFICER_CASH, user_id=officer) == 580_000
    assert balance(Account.OVER_SHORT, user_id=officer) == 20_000
    reason = session.scalars(select(Entry.reason).where(Entry.kind == "over_short")).one()
    assert reason == "selembar hilang"
    assert_books_agree(*house.loans)


def test_in_the_off_week_of_a_fortnightly_loan_only_arrears_are_asked(house: House):
    terms = replace(MEKAAR, code="DUA-MINGGU", weeks=(50,), every_weeks=2)
    admin.add_product(terms, LENT_ON, house.person("admin", LENT_ON))
    woman = house.others[0]
    loan_id = a_running_loan(house, woman, product="DUA-MINGGU")
    officer = house.person("officer2", day(2))

    def asked(nth: int) -> tuple[int | None, int, int]:
        line = next(one for one in questions.sheet(officer, meeting_of(house.kenanga, nth + 1)).lines if one.member_id == woman)
        return line.number, line.due, line.arrears

    assert loan(loan_id).instalment == 100_000
    assert [asked(nth) for nth in (1, 2, 3)] == [(1, 100_000, 0), (None, 0, 100_000), (2, 100_000, 100_000)]
    off_week = meeting_of(house.kenanga, 3)
    report = a_report(officer, off_week, held_on=day(2), paid={woman: 100_000})
    kept = keep(a_uuid(7), off_week, report, officer)
    assert next(line["next_due"] for line in kept.lines if line["member"] == woman) == day(3).isoformat()
    assert [asked(nth) for nth in (2, 3)] == [(None, 0, 0), (2, 100_000, 0)]


def test_a_meeting_may_be_held_up_to_six_days_early(house: House):
    early = day(2) - timedelta(days=6)
    with refused("not_a_meeting", at="held_on"):
        a_record(house, 2, held_on=early - timedelta(days=1))
    assert a_record(house, 2, held_on=early).lines[0]["next_due"] == day(3).isoformat()


def test_whoever_joined_later_is_not_of_an_earlier_meeting(house: House):
    newcomer = a_woman(house.melati, house.officer(day(2)), "Melati Baru")
    second = a_report(house.officer(day(2)), meeting(house, 2), held_on=day(2))
    assert newcomer in {line.member_id for line in second.lines}
    with refused("not_of_group", at="lines.12.member"):
        keep(a_uuid(9), meeting(house, 1), replace(second, held_on=day(1)), house.officer(day(2)))
    first = a_report(house.officer(day(2)), meeting(house, 1), held_on=day(1))
    assert len(keep(a_uuid(9), meeting(house, 1), first, house.officer(day(2))).lines) == 12


def test_receipts_have_no_gaps_whatever_is_refused_and_count_by_year_of_the_meeting(house: House):
    a_record(house, 1)
    with refused("already_recorded"):
        a_record(house, 1, uuid=a_uuid(7))
    with refused("pays_too_much"):
        a_record(house, 2, paid={house.women[0]: 9_999_999})
    assert a_record(house, 2, held_on=day(2)).receipt == "JMB-2026-000002"
    in_january = date(2027, 1, 18)
    assert a_record(house, 48, held_on=in_january, on=in_january).receipt == "JMB-2027-000001"
    assert a_record(house, 3, held_on=day(3), on=in_january).receipt == "JMB-2026-000003"


@pytest.mark.parametrize("size", [10, 25])
def test_a_meeting_of_any_size_is_opened_and_kept_in_ten_statements(house: House, size: int):
    group_id, women, _ = a_full_group(house, size)
    meeting_id = meeting_of(group_id, 2)
    officer = house.officer(FIRST_DUE)
    with statements() as opening:
        report = a_report(
            officer,
            meeting_id,
            held_on=FIRST_DUE,
            paid={women[0]: 20_000, women[1]: 0, women[2]: 0},
            renteng={women[0]: [(women[4], 30_000)]},
            savings=dict.fromkeys(women[3:], 5_000),
            shortfalls={women[1]: Shortfall(ShortReason.SAKIT, day(2))},
            difference=CashDifference(500, "lebih"),
        )
    with statements() as keeping:
        keep(a_uuid(7), meeting_id, report, officer)
    assert len(opening) == 1
    # PostgreSQL also takes the unit's lock.
    assert len(keeping) <= 9 + sum("FOR NO KEY UPDATE" in one for one in keeping), "\n".join(keeping)


Changes = dict[str, Any]


@only_sqlite
@pytest.mark.parametrize(
    ("code", "at", "line"),
    [
        ("too_large", "lines.0.paid", {"paid": 100_000_000_001}),
        ("too_large", "lines.0.savings", {"savings": 100_000_000_001}),
        ("loan_missing", "lines.0.loan", {"loan_id": None}),
        ("not_short", "lines.0.shortfall", {"shortfall": Shortfall(ShortReason.SAKIT, None)}),
        ("in_the_past", "lines.0.shortfall.promise_on", {"paid": 0, "shortfall": Shortfall(ShortReason.SAKIT, day(1) - timedelta(days=1))}),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_at_its_field(house: House, code: str, at: str, line: Changes):
    report = a_report(house.officer(day(1)), meeting(house, 1), held_on=day(1))
    with refused(code, at=at, status=422):
        keep(a_uuid(7), meeting(house, 1), _with_lines(report, replace(report.lines[0], **line)), house.officer(day(1)))


@only_sqlite
def test_every_woman_has_exactly_one_line_and_pays_on_her_own_loan(house: House):
    officer = house.officer(day(1))
    report = a_report(officer, meeting(house, 1), held_on=day(1))
    first, second, *rest = report.lines

    def sent(*lines: Line) -> None:
        keep(a_uuid(7), meeting(house, 1), _with_lines(replace(report, lines=lines)), officer)

    with refused("member_missing", at="lines") as no:
        sent(*rest)
    assert no.value.facts["members"] == list(house.women[:2])
    with refused("member_twice", at="lines.2.member"):
        sent(first, second, first, *rest)
    with refused("not_her_loan", at="lines.0.loan"):
        sent(replace(first, loan_id=second.loan_id), second, *rest)
    with refused("same_person", at="lines.0.renteng.0.from"):
        sent(replace(first, paid=0, covers=(Cover(first.member_id, 50_000),)), second, *rest)
    with refused("too_small", at="lines.0.renteng.0.amount"):
        sent(replace(first, covers=(Cover(second.member_id, 0),)), second, *rest)
    with refused("not_found", status=404):
        sent(replace(first, loan_id=4_711), second, *rest)
    with refused("not_found", status=404):
        sent(replace(first, member_id=house.others[0]), second, *rest)
    with refused("not_found", status=404):
        sent(replace(first, paid=0, covers=(Cover(house.others[0], 50_000),)), second, *rest)
    # A woman of another of her own groups is no stranger, but still not of this meeting.
    groups.assign_officer(house.kenanga, "officer", house.head(day(1)), reason="cuti")
    with refused("not_of_group", at="lines.0.member", status=422):
        sent(replace(first, member_id=house.others[0], loan_id=None, paid=0), second, *rest)


@only_sqlite
def test_a_day_that_is_not_the_meetings_is_refused(house: House):
    with refused("future_date", at="held_on"):
        a_record(house, 1, on=day(1) - timedelta(days=1), held_on=day(1))
    seq_one = meeting_of(house.melati, 1)
    before_the_money = LENT_ON - timedelta(days=3)
    report = a_report(house.officer(LENT_ON), seq_one, held_on=before_the_money, paid={house.women[0]: 1_000})
    with refused("before_disbursement", at="lines.0.paid"):
        keep(a_uuid(7), seq_one, report, house.officer(LENT_ON))


@only_sqlite
def test_cash_that_does_not_add_up_is_refused_where_it_does_not(house: House):
    with refused("cash_differs", at="cash_counted") as no:
        a_record(house, 1, cash=590_000)
    assert (no.value.facts["counted"], no.value.facts["expected"]) == (590_000, 600_000)
    with refused("cash_differs", at="cash_difference.amount"):
        a_record(house, 1, cash=590_000, difference=CashDifference(-5_000, "?"))
    with refused("cash_differs", at="cash_difference.amount"):
        a_record(house, 1, difference=CashDifference(0, "tidak ada"))
    report = a_report(house.officer(day(1)), meeting(house, 1), held_on=day(1))
    with refused("cash_differs", at="notes_counted"):
        keep(a_uuid(7), meeting(house, 1), replace(report, notes_counted={100_000: 5}), house.officer(day(1)))
    keep(a_uuid(7), meeting(house, 1), replace(report, notes_counted={100_000: 6}), house.officer(day(1)))


@only_sqlite
def test_who_may_not_record_is_told_so_and_a_strangers_meeting_is_not_there(house: House):
    report = a_report(house.officer(day(1)), meeting(house, 1), held_on=day(1))
    for username in ("head", "cashier", "auditor", "mentor", "city", "admin"):
        with refused("not_allowed", status=403):
            keep(a_uuid(7), meeting(house, 1), report, house.person(username, day(1)))
    for username, meeting_id in (("officer2", meeting(house, 1)), ("srg-officer", meeting(house, 1)), ("officer", 99_999)):
        with refused("not_found", status=404):
            keep(a_uuid(7), meeting_id, report, house.person(username, day(1)))


@only_sqlite
def test_a_uuid_belongs_to_whoever_sent_it_first_and_to_one_body(house: House):
    kept = a_record(house, 1)
    report = _report_of(kept.uuid)
    with refused("key_reused", status=422) as no:
        keep(kept.uuid, meeting(house, 1), replace(report, held_on=day(1) - timedelta(days=1)), house.officer(day(1)))
    assert no.value.facts == {}
    with refused("key_reused", status=422):
        keep(kept.uuid, meeting(house, 1), report, house.person("officer2", day(1)))
    with refused("not_found", status=404):
        keep(kept.uuid, meeting(house, 1), report, house.person("srg-officer", day(1)))


def test_a_second_record_of_a_meeting_is_told_the_first_ones_receipt(house: House):
    first = a_record(house, 1)
    with refused("already_recorded", at="meeting", status=409) as no:
        a_record(house, 1, uuid=a_uuid(7), on=day(2), held_on=day(2))
    assert no.value.facts["receipt"] == first.receipt


def test_a_refused_body_leaves_no_trace_and_its_uuid_may_come_again_corrected(house: House):
    with refused("pays_too_much"):
        a_record(house, 1, paid={house.women[0]: 3_000_000})
    assert a_record(house, 1).replay is False
