"""What is done about a late loan: kept, refused, sent twice; and what follows from it for the worklist."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from lending.actions import cases as acts
from lending.actions.cases import Step
from lending.actions.mentoring import log_visit
from lending.database import session, transaction
from lending.domain.cases import AsideReason, CaseStep, ContactMeans, ContactOutcome, IncidentKind
from lending.domain.collection import Shortfall, ShortReason
from lending.domain.mentoring import NewVisit, VisitPlace, VisitTrigger
from lending.domain.next_action import NextAction
from lending.domain.refusals import NotAllowed, Refusal
from lending.jobs.nightly import close_days
from lending.models import CaseEvent, Member
from lending.queries import arrears, cases
from lending.queries.portfolio import portfolio
from tests.furnished import House, a_record, a_uuid, all_at_once, codes, day, only_sqlite, refused, rows

A_DAY = timedelta(days=1)
TUESDAY = day(1) + A_DAY

CALL, TALKED = ContactMeans.CALL, ContactOutcome.TALKED


@pytest.fixture
def late(house: House) -> House:
    """On Tuesday one woman is late since yesterday, and said nothing. She has a phone."""
    with transaction():
        session.execute(update(Member).where(Member.id == house.women[0]).values(phone="+6281234567890"))
    a_record(house, 1, paid={house.women[0]: 0})
    return house


def a_step(house: House, number: int = 50, *, on: date = TUESDAY, note: str | None = None, loan: int | None = None) -> Step:
    return Step(a_uuid(number), house.loans[0] if loan is None else loan, on, note)


def hers(house: House, on: date = TUESDAY) -> cases.Case:
    """The case as her officer sees it that day."""
    session.rollback()
    return cases.case(house.officer(on), house.loans[0])


def test_each_step_is_kept_once_and_followed(late: House):
    officer, head = late.officer(TUESDAY), late.head(TUESDAY)
    assert (hers(late).action, hers(late).why) == (NextAction.MESSAGE, "first_week")
    steps: list[Callable[[], acts.Kept]] = [
        partial(acts.record_contact, a_step(late, 50), CALL, TALKED, officer),
        partial(acts.record_promise, a_step(late, 51), TUESDAY + 2 * A_DAY, 50_000, officer),
        partial(acts.record_renteng, a_step(late, 52), late.women[1], 25_000, officer),
        partial(acts.propose_schedule, a_step(late, 53, note="warung tutup"), officer),
        partial(acts.report_incident, a_step(late, 54, note="marah"), IncidentKind.COMPLAINT, officer),
        partial(acts.decline_schedule, a_step(late, 55, note="masih sanggup"), head),
        partial(acts.set_aside, a_step(late, 56, note="merasa sudah bayar"), AsideReason.DISPUTE, officer),
        partial(acts.take_up, a_step(late, 57, note="kuitansi cocok"), head),
        partial(acts.assign, a_step(late, 58), "officer2", head),
    ]
    for act in steps:
        assert act().replay is False
        kept = rows()
        assert act().replay is True
        assert rows() == kept
    found = hers(late)
    assert [event.step for event in found.events] == list(CaseStep)[:4] + [
        CaseStep.INCIDENT, CaseStep.DECLINED, CaseStep.ASIDE, CaseStep.TAKEN_UP, CaseStep.ASSIGNED,
    ]  # fmt: skip
    assert (found.action, found.why) == (NextAction.WAIT, "promise_ahead")
    assert (found.promise and found.promise.amount, found.officer) == (50_000, "officer2")


def test_twins_that_arrive_together_are_kept_once_and_of_two_proposals_one(late: House):
    officer = late.officer(TUESDAY)
    found = all_at_once([partial(acts.record_contact, a_step(late), CALL, TALKED, officer)] * 3)
    assert sorted(one.replay for one in found) == [False, True, True]
    proposals = [partial(acts.propose_schedule, a_step(late, 60 + nth, note="sakit"), officer) for nth in range(2)]
    assert codes(all_at_once(proposals)) == ["already_proposed", "kept"]


@only_sqlite
@pytest.mark.parametrize(
    ("code", "act"),
    [
        ("not_late", lambda by, late: acts.record_contact(a_step(late, loan=late.loans[1]), CALL, TALKED, by)),
        ("not_found", lambda by, late: acts.record_contact(a_step(late, loan=999), CALL, TALKED, by)),
        ("future_date", lambda by, late: acts.record_contact(a_step(late, on=TUESDAY + A_DAY), CALL, TALKED, by)),
        ("too_old", lambda by, late: acts.record_contact(a_step(late, on=TUESDAY - 32 * A_DAY), CALL, TALKED, by)),
        ("promise_too_early", lambda by, late: acts.record_promise(a_step(late), TUESDAY - A_DAY, None, by)),
        ("promise_too_far", lambda by, late: acts.record_promise(a_step(late), TUESDAY + 40 * A_DAY, None, by)),
        ("promise_too_large", lambda by, late: acts.record_promise(a_step(late), TUESDAY, 2_500_001, by)),
        ("renteng_self", lambda by, late: acts.record_renteng(a_step(late), late.women[0], 1, by)),
        ("not_of_group", lambda by, late: acts.record_renteng(a_step(late), late.others[0], 1, by)),
        ("too_small", lambda by, late: acts.record_renteng(a_step(late), late.women[1], 0, by)),
        ("reason_needed", lambda by, late: acts.propose_schedule(a_step(late, note=" "), by)),
        ("reason_needed", lambda by, late: acts.report_incident(a_step(late), IncidentKind.THREAT, by)),
        ("reason_needed", lambda by, late: acts.set_aside(a_step(late), AsideReason.DEATH, by)),
    ],
)
def test_what_is_refused(late: House, code: str, act: Callable[[Any, House], object]):
    with refused(code):
        act(late.officer(TUESDAY), late)


@only_sqlite
@pytest.mark.parametrize(
    ("code", "act"),
    [
        ("nothing_proposed", lambda by, late: acts.decline_schedule(a_step(late, note="tidak"), by)),
        ("not_aside", lambda by, late: acts.take_up(a_step(late, note="beres"), by)),
        ("not_an_officer", lambda by, late: acts.assign(a_step(late), "srg-officer", by)),
    ],
)
def test_what_the_head_is_refused(late: House, code: str, act: Callable[[Any, House], object]):
    with refused(code):
        act(late.head(TUESDAY), late)
    with pytest.raises(NotAllowed):
        act(late.officer(TUESDAY), late)


@only_sqlite
def test_nobody_elses_loan_is_there(late: House):
    for who in ("officer2", "srg-head", "srg-officer"):
        with refused("not_found", status=404):
            acts.record_contact(a_step(late), CALL, TALKED, late.person(who, TUESDAY))
    for who in ("cashier", "mentor", "auditor", "admin"):
        with pytest.raises(NotAllowed):
            acts.record_contact(a_step(late), CALL, TALKED, late.person(who, TUESDAY))


@only_sqlite
def test_a_case_that_is_given_to_another_officer_is_hers_too_until_it_closes(late: House):
    other = late.person("officer2", TUESDAY)
    assert cases.cases(other, TUESDAY) == []
    acts.assign(a_step(late), "officer2", late.head(TUESDAY))
    assert [one.late.loan_id for one in cases.cases(other, TUESDAY)] == [late.loans[0]]
    acts.record_contact(a_step(late, 51), CALL, TALKED, other)
    a_record(late, 2)
    a_record(late, 3, paid={late.women[0]: 0})
    close_days(day(4))
    assert cases.cases(late.person("officer2", day(4)), day(4)) == []


@only_sqlite
def test_a_new_spell_begins_with_nothing(late: House):
    acts.record_promise(a_step(late), TUESDAY, None, late.officer(TUESDAY))
    a_record(late, 2)
    a_record(late, 3, paid={late.women[0]: 0})
    close_days(day(3) + A_DAY)
    found = hers(late, day(3) + A_DAY)
    assert (found.events, found.promise, found.since) == ((), None, day(3) + A_DAY)


@only_sqlite
def test_a_promise_said_later_counts_and_half_of_a_sum_is_not_the_sum(late: House):
    officer = late.officer(TUESDAY)
    acts.record_promise(a_step(late, 50), TUESDAY + A_DAY, 50_000, officer)
    acts.record_promise(a_step(late, 51), TUESDAY + 3 * A_DAY, 50_000, officer)
    assert not hers(late, TUESDAY + 3 * A_DAY).promise_broken
    found = hers(late, TUESDAY + 4 * A_DAY)
    assert (found.promise_broken, found.urgency, found.action) == (True, 0, NextAction.CALL)
    close_days(TUESDAY + 4 * A_DAY)
    # What was replaced before its day was over is not broken; the other one is, once.
    assert hers(late, TUESDAY + 4 * A_DAY).situation.broken_before == 1
    # At the meeting she brings the sum of it, and stays late by the week that falls due then; she says nothing new.
    a_record(late, 2, paid={late.women[0]: 50_000})
    acts.record_promise(a_step(late, 52, on=day(2)), day(2) + 3 * A_DAY, 30_000, late.officer(day(2)))
    a_record(late, 3, paid={late.women[0]: 30_000}, shortfalls={late.women[0]: Shortfall(ShortReason.SAKIT, None)})
    assert hers(late, day(2) + 3 * A_DAY).promise_broken is False
    assert hers(late, day(2) + 4 * A_DAY).promise_broken is True


@only_sqlite
def test_the_contract_of_arrears_knows_only_what_was_said_at_a_meeting(late: House):
    before = arrears.worklist(late.head(TUESDAY), TUESDAY)
    acts.record_promise(a_step(late), TUESDAY, None, late.officer(TUESDAY))
    assert arrears.worklist(late.head(TUESDAY), TUESDAY) == before


@only_sqlite
def test_who_is_set_aside_is_not_chased_and_stays_in_every_figure(late: House):
    head = late.head(TUESDAY)
    before = portfolio(head, TUESDAY, "unit")
    acts.set_aside(a_step(late, note="merasa sudah bayar"), AsideReason.DISPUTE, late.officer(TUESDAY))
    found = hers(late)
    assert (found.aside, found.action, found.why) == (AsideReason.DISPUTE, NextAction.WAIT, "set_aside")
    assert cases.counted([found]) == {"aside": 1}
    assert portfolio(head, TUESDAY, "unit") == before
    with refused("already_aside", status=409):
        acts.set_aside(a_step(late, 51, note="lagi"), AsideReason.DEATH, late.officer(TUESDAY))


@only_sqlite
def test_a_visit_of_the_mentoring_log_counts(late: House):
    on = day(1) + 10 * A_DAY
    a_record(late, 2, paid={late.women[0]: 0})
    assert hers(late, on).action is NextAction.CALL
    began = datetime(on.year, on.month, on.day - 1, 3, tzinfo=UTC)
    visit = NewVisit(on - A_DAY, began, VisitPlace.HOME, "sakit", (late.women[0],), trigger=VisitTrigger.ARREARS)
    log_visit(a_uuid(70), visit, late.officer(on))
    assert (hers(late, on).action, hers(late, on).situation.visited_on) == (NextAction.RENTENG, on - A_DAY)


@only_sqlite
def test_an_act_of_a_phone_that_was_away_is_kept_though_she_has_paid_since(late: House):
    a_record(late, 2)
    kept = acts.record_contact(a_step(late, on=day(2)), CALL, TALKED, late.officer(day(2) + A_DAY))
    assert kept.replay is False
    assert session.scalar(CaseEvent.__table__.select().where(CaseEvent.loan_id == late.loans[0])) is not None
    with pytest.raises(Refusal, match="not_late"):
        acts.record_contact(a_step(late, 51, on=day(2) + A_DAY), CALL, TALKED, late.officer(day(2) + A_DAY))
