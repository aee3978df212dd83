"""From a ratio to its loans: they sum to the figure to the rupiah, on any day and by any key; and what came after a night is named."""

import pytest

from lending.actions.arrears import close_date
from lending.domain.collection import Shortfall, ShortReason
from lending.domain.portfolio import PAR_DAYS
from lending.domain.refusals import NotAllowed
from lending.queries import at_risk, portfolio
from tests.furnished import House, a_record, day, only_sqlite

SICK = Shortfall(ShortReason.SAKIT, None)


@pytest.fixture
def behind(house: House) -> House:
    """Melati 04 has paid one of six instalments, Melati 06 four and a part; everybody else all."""
    for nth in range(1, 7):
        late = [house.women[3]] if nth > 1 else []
        late += [house.women[5]] if nth > 4 else []
        a_record(house, nth, paid=dict.fromkeys(late, 0), shortfalls=dict.fromkeys(late, SICK))
    return house


@pytest.mark.parametrize("laid_out_by", ["unit", "officer", "group", "kelurahan", "product", "cycle"])
def test_the_loans_behind_a_figure_sum_to_it(behind: House, laid_out_by: str):
    for on in (day(3), day(6), day(8)):
        head = behind.head(on)
        for row in portfolio.portfolio(head, on, laid_out_by).items:
            for days in PAR_DAYS:
                loans = at_risk.loans(head, on, laid_out_by=laid_out_by, key=str(row.key), more_than=days)
                assert sum(loan.outstanding_principal for loan in loans) == row.par[days]
            every = at_risk.loans(head, on, laid_out_by=laid_out_by, key=str(row.key))
            assert (len(every), sum(loan.outstanding_principal for loan in every)) == (row.loans, row.outstanding_principal)
            assert sum(loan.overdue for loan in every) >= row.overdue_principal


@only_sqlite
def test_each_loan_says_since_which_due_date_it_is_late(behind: House):
    first, second = at_risk.loans(behind.head(day(6)), day(6), more_than=0)
    assert (first.member_name, first.oldest_due, first.days_late, first.overdue) == ("Melati 04", day(2), 28, 4 * 50_000)
    assert (second.member_name, second.oldest_due, second.days_late, second.overdue) == ("Melati 06", day(5), 7, 50_000)
    assert [loan.member_name for loan in at_risk.loans(behind.head(day(6)), day(6), more_than=7)] == ["Melati 04"]
    assert at_risk.loans(behind.head(day(6)), day(6), laid_out_by="group", key="no number") == []
    assert at_risk.loans(behind.person("officer2", day(6)), day(6)) == []
    with pytest.raises(NotAllowed):
        at_risk.loans(behind.person("cashier", day(6)), day(6))


def test_what_came_after_the_night_is_named(house: House):
    a_record(house, 1)
    close_date(day(1), "test")
    head = house.head(day(2))
    assert at_risk.late_facts(head, day(1)) == []
    # The second meeting is no news for the first evening; the same meeting sent late is.
    a_record(house, 2, on=day(3))
    assert at_risk.late_facts(house.head(day(3)), day(1)) == []
    close_date(day(2), "test")
    a_record(house, 3, on=day(3))
    assert at_risk.late_facts(house.head(day(3)), day(2)) == []
    assert portfolio.portfolio(house.head(day(3)), day(2), "group").restated is False


def test_a_meeting_that_was_sent_days_later_is_told_with_its_women(house: House):
    for evening in (1, 2):
        close_date(day(evening), "test")
    a_record(house, 1, on=day(3))
    head = house.head(day(3))
    facts = at_risk.late_facts(head, day(2))
    assert len(facts) == 12
    assert {(fact.happened_on, fact.credited) for fact in facts} == {(day(1), 50_000)}
    assert portfolio.portfolio(head, day(2), "group").restated is True
    assert at_risk.late_facts(house.person("officer2", day(3)), day(2)) == []


def test_par_asked_alone_is_the_portfolios(behind: House):
    for on in (day(3), day(6), day(8)):
        for who in ("head", "auditor", "officer", "officer2"):
            by = behind.person(who, on)
            assert portfolio.par(by, on) == portfolio.portfolio(by, on, "group").whole.par
