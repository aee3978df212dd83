"""From the proposal to the money in her hand: every step once, in order, by the right person, on a day that makes sense."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from lending.actions import admin, groups, loans, members
from lending.actions.cash import Transfer, transfer
from lending.database import session
from lending.domain.access import Actor
from lending.domain.ledger import Account
from lending.domain.lifecycle import LoanState
from lending.models import AuditEvent, CheckCode, LoanEvent, Meeting
from lending.queries import loans as questions
from tests.domain.tables import MEKAAR
from tests.furnished import (
    FIRST_DUE,
    LENT_ON,
    TALANG_BAKUNG,
    House,
    a_group,
    a_nik,
    a_proposal,
    a_record,
    a_running_loan,
    a_uuid,
    a_woman,
    an_approved_loan,
    balance,
    day,
    loan,
    only_sqlite,
    paid_out,
    planned,
    refused,
)

SUNDAY = date(2026, 2, 8)
IMLEK = date(2026, 2, 17)


def officer2(house: House, on: date = LENT_ON) -> Actor:
    return house.person("officer2", on)


def cashier(house: House, on: date = LENT_ON) -> Actor:
    return house.person("cashier", on)


def test_a_loan_from_the_proposal_to_the_money_in_her_hand(house: House):
    woman = house.others[0]
    loan_id = a_proposal(woman, officer2(house), principal=2_500_000, weeks=25)
    row = loan(loan_id)
    assert (row.principal, row.margin, row.instalment, row.count, row.upj, row.cycle) == (2_500_000, 312_500, 112_500, 25, 125_000, 1)
    assert (row.first_seq, row.next_due, row.total_paid) == (None, None, 0)
    loans.recommend(loan_id, officer2(house), in_favour=6, present=10)
    loans.verify(loan_id, house.head(LENT_ON))
    loans.approve(loan_id, house.head(LENT_ON), reason="usaha berjalan")
    before = balance(Account.VAULT_CASH)
    loans.disburse(loan_id, cashier(house), paid_out(LENT_ON))
    row = loan(loan_id)
    assert (row.state, row.disbursed_on, row.first_seq, row.next_due) == (LoanState.RUNNING, LENT_ON, 2, FIRST_DUE)
    assert before - balance(Account.VAULT_CASH) == 2_375_000
    assert balance(Account.LOAN_PRINCIPAL, loan_id=loan_id) == 2_500_000
    assert balance(Account.UPJ, member_id=woman) == -125_000
    life = session.execute(select(LoanEvent.state, LoanEvent.details).where(LoanEvent.loan_id == loan_id).order_by(LoanEvent.id)).all()
    assert [state.value for state, _ in life] == ["applied", "recommended", "verified", "approved", "running"]
    assert life[1].details == {"in_favour": 6, "present": 10}
    assert session.scalar(select(func.count()).where(AuditEvent.row == f"loan:{loan_id}")) == 5
    code = session.scalars(select(CheckCode.code).where(CheckCode.loan_id == loan_id)).one()
    assert len(code) == 32
    assert str(loan_id) != code


@only_sqlite
def test_a_step_out_of_turn_is_refused(house: House):
    head = house.head(LENT_ON)
    loan_id = a_proposal(house.others[0], officer2(house))
    for step in (
        lambda: loans.verify(loan_id, head),
        lambda: loans.approve(loan_id, head),
        lambda: loans.disburse(loan_id, cashier(house), paid_out(LENT_ON)),
    ):
        with refused("wrong_state", status=409):
            step()
    loans.recommend(loan_id, officer2(house), in_favour=10, present=10)
    loans.verify(loan_id, head)
    loans.approve(loan_id, head)
    with refused("wrong_state", status=409):
        loans.cancel(loan_id, officer2(house), reason="tidak jadi")
    loans.reject(loan_id, head, reason="usaha tutup")
    with refused("wrong_state", status=409):
        loans.disburse(loan_id, cashier(house), paid_out(LENT_ON))
    # A refused or withdrawn proposal leaves the way open for another.
    again = a_proposal(house.others[0], officer2(house))
    loans.cancel(again, officer2(house), reason="pindah")
    assert [loan(one).state for one in (loan_id, again)] == [LoanState.REJECTED, LoanState.CANCELLED]
    assert a_proposal(house.others[0], officer2(house)) > again


@only_sqlite
def test_what_the_product_does_not_offer_is_refused(house: House):
    woman, by = house.others[0], officer2(house)
    for code, at, asked in (
        ("no_such_product", "product", {"product": "MEKAR"}),
        ("principal_not_offered", "principal", {"principal": 2_250_000}),
        ("principal_not_offered", "principal", {"principal": 5_500_000}),
        ("principal_not_offered", "principal", {"principal": 1_500_000}),
        ("weeks_not_offered", "weeks", {"weeks": 26}),
    ):
        with refused(code, at=at, status=422):
            a_proposal(woman, by, **asked)


@only_sqlite
def test_a_loan_keeps_the_version_of_the_product_it_was_asked_under(house: House):
    first = a_proposal(house.others[0], officer2(house))
    dearer = replace(MEKAAR, margin_bp=3_000, weeks=(25, 50))
    admin.add_product(dearer, day(1), house.person("admin", LENT_ON))
    second = a_proposal(house.others[1], officer2(house, day(1)))
    assert [loan(one).margin for one in (first, second)] == [500_000, 600_000]
    loans.recommend(first, officer2(house, day(1)), in_favour=10, present=10)
    loans.verify(first, house.head(day(1)))
    loans.approve(first, house.head(day(1)))
    assert loan(first).margin == 500_000


@only_sqlite
def test_every_gate_is_asked_of_the_facts_when_she_applies(house: House):
    by = house.officer(day(1))
    with refused("loan_running"):
        a_proposal(house.women[0], by)
    small, (leader, *_) = a_group("Kecil", by, 9, first_meeting=day(2))
    with refused("group_too_small"):
        a_proposal(leader, by)
    tenth = a_woman(small, by, "Kesepuluh")
    a_proposal(tenth, by)
    untrained = _enrolled(small, by)
    with refused("eligibility_missing"):
        a_proposal(untrained, by)
    members.record_eligibility(untrained, members.HomeVisit(day(1), 4, 9_000_000, 19, passed=False), by)
    with refused("eligibility_failed"):
        a_proposal(untrained, by)
    members.record_eligibility(untrained, members.HomeVisit(day(1), 4, 2_000_000, 7, passed=True), by)
    with refused("training_incomplete"):
        a_proposal(untrained, by)
    members.record_training(untrained, [day(1) - timedelta(days=back) for back in range(5)], by)
    members.record_consent(untrained, "group", by, given=False, on=day(1))
    with refused("consent_missing"):
        a_proposal(untrained, by)
    half_a_year = house.officer(day(1) + timedelta(days=181))
    members.record_consent(untrained, "group", half_a_year, given=True, on=half_a_year.today)
    with refused("eligibility_missing"):
        a_proposal(untrained, half_a_year)


def _enrolled(group_id: int, by: Actor) -> int:
    from lending.actions.enrolment import NewMember, enrol

    born = date(1990, 1, 2)
    new = NewMember("Baru", a_nik(born), born, "Jalan 1", "1", "1", TALANG_BAKUNG, consents=("credit", "group"))
    return enrol(group_id, new, by).id


@only_sqlite
def test_a_group_without_leader_or_with_a_long_arrear_gets_no_new_loan(house: House):
    by = house.officer(day(1))
    new = groups.NewGroup("Tanpa Ketua", TALANG_BAKUNG, 1, "10:00", "Balai RT", "officer", day(2))
    leaderless = groups.form_group(new, by).id
    women = [a_woman(leaderless, by, f"Anggota {nth}") for nth in range(10)]
    with refused("leader_missing"):
        a_proposal(women[0], by)
    newcomer = a_woman(house.melati, by, "Melati Baru")
    # Nobody of Melati has paid since the first instalment: 28 days are borne, 29 are not.
    a_proposal(newcomer, house.officer(FIRST_DUE + timedelta(days=28)))
    other = a_woman(house.melati, by, "Melati Lain")
    with refused("group_in_arrears") as no:
        a_proposal(other, house.officer(FIRST_DUE + timedelta(days=29)))
    assert no.value.facts == {"days": 29, "allowed": 28}


@only_sqlite
def test_the_gates_are_asked_again_at_approval_and_at_disbursement(house: House):
    woman, by, head = house.others[0], officer2(house), house.head(LENT_ON)
    loan_id = a_proposal(woman, by)
    loans.recommend(loan_id, by, in_favour=10, present=10)
    loans.verify(loan_id, head)
    members.record_consent(woman, "credit", by, given=False, on=LENT_ON)
    with refused("consent_missing"):
        loans.approve(loan_id, head)
    members.record_consent(woman, "credit", by, given=True, on=LENT_ON)
    loans.approve(loan_id, head)
    members.record_consent(woman, "credit", by, given=False, on=LENT_ON)
    with refused("consent_missing"):
        loans.disburse(loan_id, cashier(house), paid_out(LENT_ON))


@only_sqlite
def test_the_groups_vote_needs_half_of_it_present_and_more_than_half_of_them_in_favour(house: House):
    loan_id = a_proposal(house.others[0], officer2(house))
    for code, in_favour, present in (
        ("quorum_missing", 4, 4),
        ("quorum_missing", 11, 11),
        ("not_recommended", 5, 10),
        ("not_recommended", 3, 7),
        ("not_recommended", 8, 7),
    ):
        with refused(code, status=422):
            loans.recommend(loan_id, officer2(house), in_favour=in_favour, present=present)
    loans.recommend(loan_id, officer2(house), in_favour=3, present=5)


@only_sqlite
def test_whoever_applied_neither_verifies_nor_approves_nor_pays_out(house: House):
    maker = officer2(house)
    loan_id = a_proposal(house.others[0], maker)
    loans.recommend(loan_id, maker, in_favour=10, present=10)
    with refused("maker_is_checker", status=403):
        loans.verify(loan_id, maker)
    with refused("maker_is_checker", status=403):
        loans.name_verifier(loan_id, house.head(LENT_ON), officer="officer2")
    # She may have become somebody else since; it is the person that counts.
    as_head, as_cashier = (replace(house.person(role, LENT_ON), user_id=maker.user_id) for role in ("head", "cashier"))
    loans.verify(loan_id, house.head(LENT_ON))
    for step in (lambda: loans.approve(loan_id, as_head), lambda: loans.reject(loan_id, as_head, reason="-")):
        with refused("maker_is_checker", status=403):
            step()
    loans.approve(loan_id, house.head(LENT_ON))
    with refused("maker_is_checker", status=403):
        loans.disburse(loan_id, as_cashier, paid_out(LENT_ON))


@only_sqlite
def test_the_head_verifies_or_an_officer_whom_she_named(house: House):
    groups.assign_officer(house.kenanga, "officer", house.head(LENT_ON), reason="cuti")
    other = house.officer(LENT_ON)
    loan_id = a_proposal(house.others[0], other)
    groups.assign_officer(house.kenanga, "officer2", house.head(LENT_ON), reason="kembali")
    colleague = officer2(house)
    loans.recommend(loan_id, colleague, in_favour=10, present=10)
    with refused("not_named_verifier", status=403):
        loans.verify(loan_id, colleague)
    for stranger in ("head", "srg-officer", "nobody"):
        with refused("not_found", status=404):
            loans.name_verifier(loan_id, house.head(LENT_ON), officer=stranger)
    loans.name_verifier(loan_id, house.head(LENT_ON), officer="officer2")
    loans.verify(loan_id, colleague)
    with refused("wrong_state", status=409):
        loans.name_verifier(loan_id, house.head(LENT_ON), officer="officer2")


@only_sqlite
def test_a_finding_against_the_rule_has_to_be_explained(house: House):
    woman, by = house.others[0], officer2(house)
    doubtful = members.HomeVisit(LENT_ON, 2, 9_000_000, 18, passed=True)
    assert members.record_eligibility(woman, doubtful, by).warnings
    loan_id = a_proposal(woman, by)
    loans.recommend(loan_id, by, in_favour=10, present=10)
    with refused("override_reason_needed", at="override_reason", status=422):
        loans.verify(loan_id, house.head(LENT_ON))
    loans.verify(loan_id, house.head(LENT_ON), override_reason="rumah orang tua")


@only_sqlite
def test_less_than_was_asked_may_be_approved_and_never_more(house: House):
    head, by = house.head(LENT_ON), officer2(house)
    loan_id = a_proposal(house.others[0], by, principal=3_000_000)
    loans.recommend(loan_id, by, in_favour=10, present=10)
    loans.verify(loan_id, head)
    for code, principal in (("more_than_asked", 3_500_000), ("principal_not_offered", 2_300_000), ("principal_not_offered", 1_500_000)):
        with refused(code, at="principal", status=422):
            loans.approve(loan_id, head, principal=principal)
    loans.approve(loan_id, head, principal=2_000_000)
    row = loan(loan_id)
    assert (row.principal, row.margin, row.instalment, row.upj) == (2_000_000, 500_000, 50_000, 100_000)


@only_sqlite
def test_a_step_has_a_day_that_has_come_and_not_before_the_step_before_it(house: House):
    loan_id = a_proposal(house.others[0], officer2(house))
    tuesday = LENT_ON + timedelta(days=1)
    with refused("future_date", at="on"):
        loans.recommend(loan_id, officer2(house), in_favour=10, present=10, on=tuesday)
    with refused("out_of_order", at="on"):
        loans.recommend(loan_id, officer2(house), in_favour=10, present=10, on=LENT_ON - timedelta(days=1))
    loans.recommend(loan_id, officer2(house, tuesday), in_favour=10, present=10)
    with refused("out_of_order", at="on"):
        loans.verify(loan_id, house.head(tuesday), on=LENT_ON)
    loans.verify(loan_id, house.head(day(1)), on=tuesday)
    assert session.scalars(select(LoanEvent.on_day).where(LoanEvent.loan_id == loan_id).order_by(LoanEvent.id)).all() == [
        LENT_ON,
        tuesday,
        tuesday,
    ]


@only_sqlite
def test_money_leaves_the_vault_only_on_a_lawful_day_with_her_word_and_for_a_planned_meeting(house: House):
    head, by = house.head(LENT_ON), officer2(house)
    loan_id = an_approved_loan(house.others[0], by, head)
    late = cashier(house, day(3))
    for code, at, how in (
        ("not_confirmed", "confirmed_by_member", replace(paid_out(LENT_ON), confirmed_by_member=False)),
        ("unlawful_day", "on", paid_out(SUNDAY)),
        ("unlawful_day", "on", paid_out(IMLEK)),
        ("out_of_order", "on", paid_out(LENT_ON - timedelta(days=1))),
        ("future_date", "on", paid_out(day(3) + timedelta(days=1))),
        ("first_due_not_a_meeting", "first_due", paid_out(LENT_ON, FIRST_DUE + timedelta(days=1))),
        ("first_due_not_a_meeting", "first_due", paid_out(FIRST_DUE, FIRST_DUE)),
    ):
        with refused(code, at=at, status=422):
            loans.disburse(loan_id, late, how)
    transfer(Transfer(a_uuid(50), LENT_ON, balance(Account.VAULT_CASH) - 200_000_000 - 1_899_999, "vault", "bank", "setor"), cashier(house))
    with refused("not_enough_cash", at="principal", status=422) as no:
        loans.disburse(loan_id, late, paid_out(LENT_ON))
    assert no.value.facts["left"] == 1_899_999


def test_her_first_instalment_may_wait_and_the_calendar_is_laid_out_to_the_last(house: House):
    loan_id = a_running_loan(house, house.others[0], first_due=planned(house.kenanga, 20))
    assert loan(loan_id).first_seq == 20
    assert session.scalar(select(func.max(Meeting.seq)).where(Meeting.group_id == house.kenanga)) == 69
    dates = [one.due_on for one in questions.as_of(house.head(LENT_ON), loan_id, LENT_ON).instalments]
    assert len(dates) == 50
    assert dates == sorted(set(dates))


@only_sqlite
def test_a_second_cycle_needs_no_new_training(house: House):
    woman = house.women[0]
    a_record(house, 1, everybody=False, paid=dict.fromkeys(house.women, 50_000) | {woman: 2_500_000})
    second = a_running_loan(house, woman, day(2) - timedelta(days=2))
    assert loan(second).cycle == 2


@only_sqlite
@pytest.mark.parametrize("username", ["officer2", "officer", "mentor", "head", "cashier", "auditor", "city", "admin", "srg-head"])
def test_each_step_is_for_its_roles_and_their_own_rows_alone(house: House, username: str):
    loan_id = a_proposal(house.others[0], officer2(house))
    by = house.person(username, LENT_ON)
    steps: dict[str, tuple[Callable[[], object], set[str]]] = {
        "apply": (lambda: a_proposal(house.others[1], by), {"officer2", "officer"}),
        "recommend": (lambda: loans.recommend(loan_id, by, in_favour=1, present=10), {"officer2", "officer"}),
        "verify": (lambda: loans.verify(loan_id, by), {"officer2", "officer", "head", "srg-head"}),
        "approve": (lambda: loans.approve(loan_id, by), {"head", "srg-head"}),
        "reject": (lambda: loans.reject(loan_id, by, reason="-", on=LENT_ON - timedelta(days=1)), {"head", "srg-head"}),
        "cancel": (lambda: loans.cancel(loan_id, by, reason="-", on=LENT_ON - timedelta(days=1)), {"officer2", "officer"}),
        "disburse": (lambda: loans.disburse(loan_id, by, paid_out(LENT_ON)), {"cashier", "head", "srg-head"}),
    }
    for step, allowed in steps.values():
        if username not in allowed:
            with refused("not_allowed", status=403):
                step()
        elif username in {"officer", "srg-head"}:
            # A role that may, but not hers to see.
            with refused("not_found", status=404):
                step()
