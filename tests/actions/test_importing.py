"""A unit that comes over from other books: all or nothing, each fault by sheet, row and column, the books right from the first day."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from lending.actions import loans as loan_acts
from lending.actions.arrears import close_date
from lending.actions.importing import Brought, bring_in
from lending.actions.restructuring import restructure
from lending.database import session
from lending.domain.ledger import Account
from lending.domain.lifecycle import LoanState
from lending.models import Entry, FormerMeeting, Group, Loan, Meeting, Member, Posting
from lending.queries import cards, collection, loans, members
from lending.queries.arrears import worklist
from lending.queries.books import trial_balance
from lending.queries.check import differences
from lending.queries.portfolio import portfolio
from lending.queries.restructuring import NewTerms
from tests.furnished import House, a_report, a_uuid, keep, only_sqlite, refused
from tests.workbooks import Row, a_nik, a_unit_of, as_lines

TODAY = date(2026, 5, 13)
"""A Wednesday; the tenth instalment was due on Monday."""


def brought(house: House, rows: dict[str, list[Row]], *, dry_run: bool = False, username: str = "head") -> Brought:
    sheets, faults = as_lines(rows)
    return bring_in(sheets, faults, house.person(username, TODAY), dry_run=dry_run)


def a_unit(groups: int = 2, women: int = 10, **more: Any) -> dict[str, list[Row]]:
    return a_unit_of(groups, women, today=TODAY, **more)


def the_loans() -> list[Loan]:
    found = list(session.scalars(select(Loan).where(Loan.lent_before_on.is_not(None)).order_by(Loan.id)))
    session.expunge_all()  # what is asked later is to be read anew
    return found


def test_everything_is_there_and_the_books_add_up(house: House):
    found = brought(house, a_unit())
    assert (found.dry_run, found.groups, found.members, found.loans, found.faults) == (False, 2, 20, 20, ())
    head = house.head(TODAY)
    first, second, *_ = the_loans()
    seen = loans.as_of(head, second.id, TODAY)
    assert (seen.state, seen.paid, seen.days_late, seen.overdue) == (LoanState.RUNNING, 500_000, 0, 0)
    assert (seen.outstanding_principal, seen.next_due, seen.first_due) == (1_600_000, date(2026, 5, 18), date(2026, 3, 9))
    late = loans.as_of(head, first.id, TODAY)
    assert (late.paid, late.days_late, late.overdue, late.next_due) == (450_000, 2, 50_000, date(2026, 5, 11))
    assert (late.loan.lent_on, late.loan.cycle) == (date(2026, 3, 2), 1)
    assert differences(TODAY) == []
    by_kind = session.execute(select(Entry.kind, func.count()).where(Entry.happened_on == TODAY).group_by(Entry.kind)).all()
    assert [tuple(one) for one in by_kind] == [("opening", 22)]
    balances = {row.account: row.balance for row in trial_balance(head, TODAY).accounts}
    imported = select(func.sum(Posting.amount)).join(Entry, Entry.id == Posting.entry_id).where(Entry.kind == "opening")
    of = {account: session.scalar(imported.where(Posting.account == account)) for account in Account}
    assert (of[Account.LOAN_PRINCIPAL], of[Account.SAVINGS]) == (18 * 1_600_000 + 2 * 1_640_000, -50_000)
    assert of[Account.MARGIN_INCOME] == -(18 * 100_000 + 2 * 90_000)
    assert of[Account.OPENING] == -sum(of[account] or 0 for account in (Account.LOAN_PRINCIPAL, Account.SAVINGS, Account.MARGIN_INCOME))
    assert balances[Account.OPENING] == of[Account.OPENING]
    woman = members.member(head, first.member_id)
    assert (woman.savings, woman.number.startswith("JMB-0003-")) == (25_000, True)
    assert session.scalar(select(func.count()).select_from(FormerMeeting)) == 2


def test_the_days_before_it_know_nothing_of_it_and_the_nights_begin_with_it(house: House):
    brought(house, a_unit(1))
    head = house.head(TODAY)
    rows = {row.key: row for row in portfolio(head, TODAY, "group").items}
    group_id = the_loans()[0].group_id
    assert (rows[group_id].loans, rows[group_id].par[0], rows[group_id].collected_period) == (10, 1_640_000, 0)
    assert group_id not in {row.key for row in portfolio(head, TODAY - timedelta(days=1), "group").items}
    assert [one.group_id for one in worklist(head, TODAY, group_id=group_id)] == [group_id]
    assert all(one.group_id != group_id for one in collection.missed(head, TODAY - timedelta(days=60)))
    close_date(TODAY, "test")
    assert differences(TODAY) == []


def test_what_comes_next_goes_on_as_in_any_unit(house: House):
    brought(house, a_unit(1))
    first = the_loans()[0]
    monday = date(2026, 5, 18)
    officer = house.officer(monday)
    meeting_id = session.scalars(select(Meeting.id).where(Meeting.group_id == first.group_id, Meeting.planned_on == monday)).one()
    kept = keep(a_uuid(1), meeting_id, a_report(officer, meeting_id, held_on=monday), officer)
    assert kept.total == 10 * 50_000 + 50_000
    assert loans.as_of(house.head(monday), first.id, monday).paid == 550_000
    restructure(first.id, house.head(monday), NewTerms(weeks=50), reason="sakit")
    card = cards.card(house.head(monday), first.id, "https://x")
    assert [(row.paid_on, row.paid) for row in card.rows[:2]] == [(TODAY, 50_000), (TODAY, 50_000)]
    assert (card.disbursed_on, card.rows[10].paid_on, card.outstanding_total) == (date(2026, 3, 2), monday, 1_950_000)
    assert differences(monday) == []


@only_sqlite
def test_training_and_the_test_count_as_done_and_the_next_cycle_follows_hers(house: House):
    rows = a_unit(1, 12)
    rows["loans"] = [{**row, "paid": 2_500_000} if nth == 1 else row for nth, row in enumerate(rows["loans"])]
    del rows["loans"][11]
    brought(house, rows)
    officer = house.officer(TODAY)
    paid_up = the_loans()[1]
    assert paid_up.state is LoanState.REPAID
    new = loan_acts.apply(loan_acts.Proposal(paid_up.member_id, "MEKAAR", 2_000_000, 50, "warung"), officer)
    assert session.get_one(Loan, new).cycle == paid_up.cycle + 1 == 3
    lender = session.scalars(select(Member.id).where(Member.name == "Ibu L 1")).one()
    fresh = loan_acts.apply(loan_acts.Proposal(lender, "MEKAAR", 2_000_000, 50, "warung"), officer)
    assert session.get_one(Loan, fresh).cycle == 1
    assert differences(TODAY) == []


@only_sqlite
def test_a_dry_run_stores_nothing_and_a_second_import_is_refused_row_by_row(house: House):
    before = session.scalar(select(func.count()).select_from(Group))
    assert brought(house, a_unit(), dry_run=True) == Brought(True, 2, 20, 20, ())
    assert session.scalar(select(func.count()).select_from(Group)) == before
    brought(house, a_unit())
    again = brought(house, a_unit())
    assert [(one.sheet, one.row, one.column, one.code) for one in again.faults[:2]] == [
        ("members", 2, "nik", "nik_taken"),
        ("members", 3, "nik", "nik_taken"),
    ]
    assert (len(again.faults), len(the_loans())) == (20, 20)


@only_sqlite
def test_who_may_not(house: House):
    for username in ("officer", "cashier", "auditor", "admin", "city"):
        with refused("not_allowed", status=403):
            brought(house, a_unit(1), username=username)


SPOILT: list[tuple[str, int, str, Any, str]] = [
    ("groups", 0, "group", None, "required"),
    ("groups", 0, "name", "\u0627\u0644", "name_characters"),
    ("groups", 0, "kelurahan", "15.71.99.9999", "kelurahan_unknown"),
    ("groups", 0, "kelurahan", "36.73.01.1001", "kelurahan_not_served"),
    ("groups", 0, "weekday", 7, "unlawful_day"),
    ("groups", 0, "first_meeting", "03-03-2026", "wrong_weekday"),
    ("groups", 0, "time", "25:00", "hour_format"),
    ("groups", 0, "officer", "cashier", "not_an_officer"),
    ("groups", 0, "first_meeting", "31-02-2026", "date_format"),
    ("groups", 0, "leader", a_nik(99), "leader_not_in_group"),
    ("groups", 1, "group", "K1", "group_twice"),
    ("members", 0, "group", "K9", "group_unknown"),
    ("members", 0, "name", "", "required"),
    ("members", 0, "nik", 1571115704850001, "text_needed"),
    ("members", 0, "nik", "1571111704850001", "not_a_woman"),
    ("members", 0, "nik", "157111570485", "nik_format"),
    ("members", 0, "kk", "12", "kk_format"),
    ("members", 0, "birth_date", date(2010, 1, 1), "age_out_of_range"),
    ("members", 0, "phone", "12345", "phone_format"),
    ("members", 0, "rt", "1a", "rt_rw_format"),
    ("members", 0, "sub_group", 31, "too_large"),
    ("members", 0, "joined_on", TODAY + timedelta(days=1), "future_date"),
    ("members", 0, "consents", "kredit", "consent_unknown"),
    ("members", 0, "savings", "25.00", "amount_format"),
    ("members", 0, "address", "a\u202eb", "text"),
    ("loans", 0, "nik", a_nik(98), "member_unknown"),
    ("loans", 0, "product", "LAIN", "no_such_product"),
    ("loans", 0, "cycle", 0, "out_of_range"),
    ("loans", 0, "principal", 2_100_000, "principal_not_offered"),
    ("loans", 0, "weeks", 40, "weeks_not_offered"),
    ("loans", 0, "disbursed_on", TODAY + timedelta(days=1), "future_date"),
    ("loans", 0, "first_due", TODAY, "first_due_not_a_meeting"),
    ("loans", 0, "paid", 2_500_001, "pays_too_much"),
    ("loans", 0, "paid", 40_000, "history_differs"),
    ("loans", 1, "nik", a_nik(1), "loan_running"),
    ("history", 0, "attendance", "ada", "not_a_choice"),
    ("history", 0, "held_on", TODAY + timedelta(days=1), "future_date"),
    ("history", 0, "nik", a_nik(97), "member_unknown"),
]


@only_sqlite
def test_each_fault_is_named_by_sheet_row_and_column(house: House):
    missed = []
    for sheet, nth, column, value, code in SPOILT:
        rows = a_unit()
        rows[sheet][nth] = {**rows[sheet][nth], column: value}
        found = brought(house, rows, dry_run=True)
        if (sheet, nth + 2, column, code) not in {(one.sheet, one.row, one.column, one.code) for one in found.faults}:
            missed.append(((sheet, nth + 2, column, code), found.faults))
    assert missed == []


@only_sqlite
def test_a_nik_that_stands_twice_names_both_rows_and_many_faults_are_told_at_once(house: House):
    rows = a_unit()
    rows["members"][14]["nik"] = a_nik(3)
    rows["members"][5]["rt"] = "x"
    rows["groups"][1]["time"] = "9"
    found = brought(house, rows).faults
    twice = [(one.row, one.facts["where"]) for one in found if one.code == "nik_repeated"]
    assert twice == [(4, "4, 16"), (16, "4, 16")]
    assert {("members", 7, "rt"), ("groups", 3, "time")} <= {(one.sheet, one.row, one.column) for one in found}
    assert the_loans() == []


@only_sqlite
def test_a_group_of_more_than_thirty_is_refused(house: House):
    rows = a_unit(1, 31)
    assert [(one.row, one.code) for one in brought(house, rows).faults] == [(32, "group_too_large")]


@only_sqlite
def test_numbers_follow_those_of_the_unit(house: House):
    brought(house, a_unit(1))
    code, count = session.execute(
        select(Group.code, func.count()).join(Loan, Loan.group_id == Group.id).where(Loan.lent_before_on.is_not(None)).group_by(Group.code)
    ).one()
    assert (code, count) == ("JMB-0003", 10)
