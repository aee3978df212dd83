"""Which reports are owed for which dates, and where they may be sent."""

from datetime import date

import pytest

from lending.domain.report_schedules import Every, FileForm, Wanted, addresses_in, begins, check_wanted, owed
from tests.makers import faults, refused


def days(*numbers: int) -> list[date]:
    return [date(2026, 3, number) for number in numbers]


@pytest.mark.parametrize(("every", "since", "until", "dates"), [
    # 1, 8, 15 and 22 March 2026 are Sundays.
    (Every.DAILY, 10, 10, days(10)),
    (Every.DAILY, 10, 9, []),
    (Every.DAILY, 9, 11, days(9, 10, 11)),
    (Every.DAILY, 1, 20, days(14, 15, 16, 17, 18, 19, 20)),
    (Every.WEEKLY, 2, 7, []),
    (Every.WEEKLY, 2, 8, days(8)),
    (Every.WEEKLY, 1, 14, days(8)),
    (Every.WEEKLY, 1, 15, days(15)),
    (Every.WEEKLY, 9, 14, []),
    (Every.MONTHLY, 1, 30, []),
    (Every.MONTHLY, 1, 31, days(31)),
])  # fmt: skip
def test_the_newest_date_is_owed_and_those_of_the_week_before_it(every: Every, since: int, until: int, dates: list[date]) -> None:
    assert owed(every, date(2026, 3, since), date(2026, 3, until)) == dates


def test_a_month_that_was_slept_through_is_owed_once() -> None:
    assert owed(Every.MONTHLY, date(2025, 11, 3), date(2026, 3, 10)) == [date(2026, 2, 28)]


def test_a_week_begins_on_monday_and_a_month_on_its_first() -> None:
    assert begins(Every.WEEKLY, date(2026, 3, 8)) == date(2026, 3, 2)
    assert begins(Every.MONTHLY, date(2026, 2, 28)) == date(2026, 2, 1)
    assert begins(Every.DAILY, date(2026, 3, 8)) is None


def wanted(*addresses: str, reports: tuple[str, ...] = ("portfolio",), to_folder: bool = False) -> Wanted:
    return Wanted(reports, Every.DAILY, FileForm.PDF, to_folder, addresses)


@pytest.mark.parametrize(("what", "ways", "told"), [
    (wanted("a@b.id"), "mail", []),
    (wanted("a.b+c@mail.contoh.co.id", to_folder=True), "mail folder", []),
    (wanted(to_folder=True), "folder", []),
    (wanted(to_folder=True), "mail", [("to_folder", "folder_not_set_up")]),
    (wanted("a@b.id"), "folder", [("addresses", "mail_not_set_up")]),
    (wanted(), "folder mail", [("to_folder", "nowhere_to_send")]),
    (wanted(), "mail", [("addresses", "nowhere_to_send")]),
    (wanted("a@b.id", reports=()), "mail", [("reports", "required")]),
    (wanted("a@b.id", "bukan alamat"), "mail", [("addresses", "address_format")]),
    (wanted(*(f"a{n}@b.id" for n in range(21))), "mail", [("addresses", "too_many_addresses")]),
])  # fmt: skip
def test_what_cannot_be_sent_is_refused_at_its_field(what: Wanted, ways: str, told: list[tuple[str, str]]) -> None:
    def act() -> None:
        check_wanted(what, has_folder="folder" in ways, has_mail="mail" in ways)

    if told:
        assert faults(refused(act)) == told
    else:
        act()


@pytest.mark.parametrize("address", [
    "a@b", "@b.id", "a@", "a b@c.id", "a@b.id\nBcc: x@y.id", "a@b..id", ".a@b.id", "a@-b.id", "<a@b.id>", "a@b.id,", "é@b.id",
    "a" * 65 + "@b.id",
])  # fmt: skip
def test_what_is_no_address_goes_nowhere(address: str) -> None:
    assert faults(refused(lambda: check_wanted(wanted(address), has_folder=True, has_mail=True))) == [("addresses", "address_format")]


def test_addresses_are_one_a_line_or_with_commas_and_each_counts_once() -> None:
    assert addresses_in(" a@b.id, C@d.id\r\n\ne@f.id;A@b.id ") == ("a@b.id", "C@d.id", "e@f.id")
    assert addresses_in("") == ()
