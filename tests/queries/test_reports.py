"""Every report's figures against the source of truth: the trial balance, the portfolio, the journal. On a house in which everything that
can happen to money has happened: paid, short, ahead, covered, undone and sent again, saved, handed over with a difference."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from lending.documents.reports.catalogue import REPORTS
from lending.documents.reports.report import make
from lending.domain.arrears import QualityClass
from lending.domain.ledger import Account, EntryKind
from lending.domain.portfolio import PAR_DAYS
from lending.domain.refusals import NotAllowed, NotFound, Refusal
from lending.queries import books
from lending.queries.portfolio import portfolio
from lending.queries.reports.quality import OVER_DAYS
from tests.furnished import LENT_ON, House, a_record, day, only_sqlite
from tests.reported import TODAY, a_house, balance, column, made, total, two_months


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Two months of it."""
    with a_house(request, tmp_path_factory, two_months) as house:
        yield house


def test_every_report_agrees_with_the_books(lived: House):
    head = lived.head(TODAY)
    for on in (LENT_ON, day(3) + timedelta(days=2), TODAY):
        principal = balance(head, Account.LOAN_PRINCIPAL, on)
        whole = portfolio(head, on, "unit").whole
        assert whole.outstanding_principal == principal
        for layout in REPORTS["ageing"].layouts:
            if layout not in OVER_DAYS:
                assert total(made(head, "ageing", layout, last=on), "outstanding") == principal, (layout, on)
        for scheme in REPORTS["provisions"].layouts:
            assert total(made(head, "provisions", scheme, last=on), "outstanding") == principal, (scheme, on)
        assert total(made(head, "provisions", "classes", last=on), "provision") == whole.provision
        for layout in REPORTS["savings"].layouts:
            if balance(head, Account.UPJ, on):
                found = made(head, "savings", layout, last=on)
                assert total(found, "savings") == -balance(head, Account.SAVINGS, on)
                assert total(found, "upj") == -balance(head, Account.UPJ, on)
        for layout in ("group", "officer", "product"):
            assert total(made(head, "portfolio", layout, last=on), "outstanding_principal") == principal


def test_the_buckets_are_what_par_counts(lived: House):
    head = lived.head(TODAY)
    for on in (day(3), day(6), TODAY):
        par = portfolio(head, on, "unit").whole.par
        outstanding = column(made(head, "ageing", "bucket", last=on), "outstanding")
        assert [sum(outstanding[place + 1 :]) for place in range(len(PAR_DAYS))] == [par[days] for days in PAR_DAYS]
        for layout, days in OVER_DAYS.items():
            assert sum(column(made(head, "ageing", layout, last=on), "outstanding")) == par[days]


def test_what_was_collected_is_what_was_posted(lived: House):
    head = lived.head(TODAY)
    entries = books.journal(head, first=LENT_ON, last=TODAY)
    credited = {
        on: -sum(
            leg.amount
            for entry in entries
            if entry.happened_on == on and entry.kind is not EntryKind.DISBURSEMENT
            for leg in entry.legs
            if leg.account in (Account.LOAN_PRINCIPAL, Account.MARGIN_INCOME)
        )
        for on in (day(number) for number in range(1, 5))
    }
    weeks = made(head, "collection", "week", first=LENT_ON, last=TODAY)
    assert column(weeks, "collected") == [0, *credited.values(), 0, 0, 0, 0]
    for layout in ("group", "officer", "kelurahan", "product", "cycle", "unit"):
        assert total(made(head, "collection", layout, first=LENT_ON, last=TODAY), "collected") == sum(credited.values())
    officers = made(head, "officers", first=LENT_ON, last=TODAY)
    assert total(officers, "collected") == sum(credited.values())


def test_money_falls_on_what_was_due_then_on_arrears_then_ahead(lived: House):
    first, second, third = (made(lived.head(TODAY), "collection", "week", first=day(n), last=day(n)).rows[0] for n in (1, 2, 3))
    assert (first.due, first.on_due, first.on_arrears, first.ahead, first.arrears_after) == (600_000, 600_000, 0, 0, 0)
    # One paid two weeks ahead, one 20,000 of her 50,000, one nothing.
    assert (second.due, second.on_due, second.ahead, second.arrears_after) == (600_000, 520_000, 100_000, 80_000)
    assert (second.collected, second.renteng, second.rate) == (620_000, 0, second.rate)
    # What was paid ahead is not due again; the arrears of last week came in; one paid nothing of this week.
    assert (third.due, third.paid_before, third.on_due, third.on_arrears) == (600_000, 50_000, 500_000, 80_000)
    assert (third.arrears_before, third.arrears_after) == (80_000, 50_000)
    for row in (first, second, third):
        assert row.collected == row.on_due + row.on_arrears + row.ahead
        assert row.due - row.paid_before - row.on_due + row.arrears_before - row.on_arrears == row.arrears_after


def test_cash_that_did_not_agree(lived: House):
    head = lived.head(TODAY)
    found = made(head, "over-short", "entry", first=LENT_ON, last=TODAY)
    assert total(found, "difference") == -balance(head, Account.OVER_SHORT, TODAY)
    assert -5_000 in column(found, "difference")
    assert "kurang saat dihitung" in column(found, "reason")
    by_officer = made(head, "over-short", "officer", first=LENT_ON, last=TODAY)
    assert column(by_officer, "key") == ["officer"]
    assert total(by_officer, "difference") == total(found, "difference")


def test_what_was_lent(lived: House):
    head = lived.head(TODAY)
    lent = sum(
        leg.amount
        for entry in books.journal(head, first=LENT_ON, last=TODAY)
        if entry.kind is EntryKind.DISBURSEMENT
        for leg in entry.legs
        if leg.account is Account.LOAN_PRINCIPAL
    )
    assert lent == 27_000_000
    for layout in REPORTS["disbursements"].layouts:
        assert total(made(head, "disbursements", layout, first=LENT_ON, last=TODAY), "principal") == lent
    assert column(made(head, "disbursements", "loan", first=day(3), last=day(3)), "principal") == [3_000_000]
    assert made(head, "disbursements", "loan", first=day(4), last=TODAY).rows == []


def test_who_was_there(lived: House):
    head = lived.head(TODAY)
    found = made(head, "attendance", "group", first=day(1), last=TODAY)
    row = found.rows[0]
    # Eight meetings were planned with something to pay, four were held; the undone record counts once, by the one that stands.
    assert (row.name, row.planned, row.held, row.hadir, row.expected) == ("Melati", 8, 4, 48, 48)
    women = made(head, "attendance", "member", first=day(1), last=TODAY)
    assert len(women.rows) == 12
    assert set(column(women, "held")) == {4}
    kenanga = found.rows[1]
    assert (kenanga.planned, kenanga.held, kenanga.rate) == (5, 0, None)


def test_where_each_class_went(lived: House):
    head = lived.head(TODAY)
    last = day(12)
    far = replace(head, today=last)
    found = made(far, "movement", "amount", first=day(1), last=last)
    start, end = portfolio(far, day(1), "unit").whole, portfolio(far, last, "unit").whole
    rows = {row.source: row for row in found.rows}
    assert sum(row.start for row in found.rows if row.source != "new") == start.outstanding_principal
    assert rows["new"].start == 3_000_000
    for quality in QualityClass:
        assert total(found, f"to.{quality.value}") == end.classes.get(quality.value, (0, 0))[1]
    for row in found.rows:
        assert row.start == sum(row.went.values())
    loans = made(far, "movement", "loans", first=day(1), last=last)
    assert (total(loans, "start"), total(loans, "repaid")) == (13, 1)
    assert sum(total(loans, f"to.{quality.value}") for quality in QualityClass) == end.loans


@only_sqlite
def test_a_record_that_comes_late_counts_from_its_day(house: House):
    each = dict.fromkeys(house.women, 50_000)
    a_record(house, 2, paid=each)
    head = house.head(TODAY)
    before = made(head, "collection", "week", first=day(1), last=TODAY)
    a_record(house, 1, on=TODAY, paid=each)
    after = made(head, "collection", "week", first=day(1), last=TODAY)
    assert (column(before, "collected")[0], column(after, "collected")[0]) == (0, 600_000)
    assert column(after, "collected")[1:] == column(before, "collected")[1:]


def test_a_scheme_without_a_first_bucket_of_the_punctual(lived: House):
    found = made(lived.head(TODAY), "provisions", "microbanking_bulletin", last=day(6))
    assert column(found, "bucket") == ["0-90", "91-180", ">180"]
    assert column(found, "outstanding")[1:] == [0, 0]


def test_each_report_is_for_those_whose_rows_it_is(lived: House):
    def rows(who: str, name: str, layout: str) -> int:
        return len(made(lived.person(who, TODAY), name, layout, last=TODAY).rows)

    assert rows("officer", "portfolio", "group") == 1
    assert rows("officer2", "savings", "member") == 1
    assert rows("srg-head", "portfolio", "unit") == 0
    assert rows("auditor", "portfolio", "unit") == 1
    assert rows("admin", "portfolio", "unit") == 1
    for who, name, layout in (
        ("city", "portfolio", "kelurahan"),
        ("mentor", "attendance", "group"),
        ("admin", "portfolio", "group"),
        ("admin", "over-short", "entry"),
        ("cashier", "portfolio", "unit"),
        ("officer", "over-short", "officer"),
    ):
        with pytest.raises(NotAllowed):
            made(lived.person(who, TODAY), name, layout)
    auditor, report = lived.person("auditor", TODAY), REPORTS["savings"]
    assert make(report, report.asked(auditor, unit="SRG")).rows == []
    with pytest.raises(NotFound):
        report.asked(lived.head(TODAY), unit="SRG")


@only_sqlite
def test_what_cannot_be_asked(house: House):
    head, report = house.head(TODAY), REPORTS["collection"]
    for told, code, at in (
        ({"last": TODAY + timedelta(days=1)}, "future_date", "to"),
        ({"first": TODAY, "last": day(1)}, "from_after_to", "from"),
        ({"layout": "woman"}, "not_a_choice", "by"),
    ):
        with pytest.raises(Refusal) as no:
            report.asked(head, **told)
        assert (no.value.code, [fault.at for fault in no.value.faults]) == (code, [at])


@only_sqlite
def test_a_report_of_nothing_has_no_sums(house: House):
    found = made(house.head(LENT_ON), "over-short", "entry")
    assert (found.rows, found.totals) == ([], None)
