"""A house in which everything that can happen to money has happened, for the tests of reports; and how they read one."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from lending.actions.cash import Handover, hand_over
from lending.actions.days import Count, close_day
from lending.actions.endings import Received, Settlement, receive_claim, record_death, recover, settle, write_off
from lending.actions.restructuring import restructure
from lending.actions.undoing import undo_record
from lending.documents.reports.catalogue import REPORTS
from lending.documents.reports.report import Made, make
from lending.domain.access import Actor
from lending.domain.collection import CashDifference
from lending.domain.ledger import Account
from lending.queries import books
from lending.queries.days import vault_on
from lending.queries.restructuring import NewTerms
from tests.furnished import House, a_record, a_running_loan, a_uuid, copy_of_postgresql, day, opened

TODAY = day(8)


@contextmanager
def a_house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, live: Callable[[House], House]) -> Iterator[House]:
    """The furnished house, lived in, on the database that the fixture's parameter names; for all tests of a module that only look."""
    if request.param == "sqlite":
        path, house = request.getfixturevalue("furnished_sqlite")
        copy = shutil.copy(path, tmp_path_factory.mktemp("reports") / "lending.db")
        with opened(f"sqlite:///{copy}"):
            yield live(house)
    else:
        template, house = request.getfixturevalue("furnished_postgresql")
        with copy_of_postgresql(request.getfixturevalue("postgresql"), template) as (_, url), opened(url):
            yield live(house)


def two_months(house: House) -> House:
    """Paid, short, ahead, covered, undone and sent again, saved, handed over with a difference, repaid early."""
    a_record(house, 1, savings={house.women[0]: 20_000})
    a_record(house, 2, paid={house.women[1]: 150_000, house.women[2]: 0}, renteng={house.women[2]: [(house.women[3], 50_000)]})
    undo_record(a_uuid(1_002), house.officer(day(2)), reason="salah hitung")
    a_record(house, 2, uuid=a_uuid(1_012), paid={house.women[1]: 150_000, house.women[2]: 20_000, house.women[4]: 0})
    short = CashDifference(-5_000, "uang kembalian")
    a_record(house, 3, paid={house.women[5]: 0}, difference=short)
    hand_over(
        Handover(a_uuid(20), "officer", day(3), total=1_700_000, notes=None, reason="kurang saat dihitung"), house.person("cashier", day(3))
    )
    a_running_loan(house, house.others[0], day(3), principal=3_000_000, weeks=25)
    # The sixth woman paid off everything; the last three meetings nobody has recorded.
    a_record(house, 4, paid={house.women[6]: 2_500_000 - 3 * 50_000}, savings={house.women[7]: 10_000})
    return house


def made(by: Actor, name: str, layout: str | None = None, *, first: date | None = None, last: date | None = None) -> Made:
    report = REPORTS[name]
    return make(report, report.asked(by, layout=layout, first=first, last=last))


def column(found: Made, name: str) -> Sequence[Any]:
    place = [column.name for column in found.columns].index(name)
    return [cells[place] for cells in found.cells]


def total(found: Made, name: str) -> Any:
    assert found.totals is not None
    return found.totals[[column.name for column in found.columns].index(name)]


def balance(by: Actor, account: Account, on: date) -> int:
    return next(one.balance for one in books.trial_balance(by, on).accounts if one.account is account)


def endings(house: House) -> House:
    """After them: one settled with a rebate, one written off who still brings something, one dead and insured, one dead and not, one
    restructured; and the books of the days before closed."""
    house = two_months(house)
    on = day(6)
    settle(house.loans[0], house.person("cashier", on), Settlement(on, 60_000))
    write_off(house.loans[1], house.head(on), reason="pindah kota")
    record_death(house.loans[2], house.head(on), reason="meninggal", claim=True)
    record_death(house.loans[3], house.head(on), reason="meninggal", claim=False)
    restructure(house.loans[4], house.head(on), NewTerms(weeks=40), reason="sakit")
    recover(house.loans[1], Received(a_uuid(31), on, 70_000), house.person("cashier", on))
    receive_claim(house.loans[2], Received(a_uuid(32), on, 1_000_000), house.person("cashier", on))
    count = Count(day(5), vault_on(house.unit_id, day(5)) - 2_000, reason="kurang dua ribu; kas petugas di rumahnya", earlier_too=True)
    close_day(count, house.head(on))
    return house
