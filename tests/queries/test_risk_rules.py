"""Versions of the rules of risk: a past day keeps its figures, the night goes by the rules of its date, and the two stay equal."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lending.actions.arrears import close_date
from lending.actions.risk_rules import add_version
from lending.database import session
from lending.domain.refusals import Refusal
from lending.domain.risk_rules import SHIPPED, shipped_terms
from lending.models import ArrearsSnapshot
from lending.queries import arrears, check, loans, risk_rules
from lending.queries.portfolio import portfolio
from tests.furnished import LENT_ON, House, a_record, day, only_sqlite
from tests.makers import faults, refused
from tests.reported import made

FROM = day(2) + timedelta(days=3)
LATE = day(2) + timedelta(days=2)
"""Three women owe something: one all of two instalments, one the half of one, one Rp4,000 of it."""


@pytest.fixture
def late(house: House) -> House:
    all_of_it, half, little, *_ = house.women
    a_record(house, 1, paid={all_of_it: 0})
    a_record(house, 2, paid={all_of_it: 0, half: 25_000, little: 46_000})
    return house


def told(**changed: object) -> dict[str, object]:
    return shipped_terms()["weekly_lender"] | {"upper": {"lancar": 0, "diragukan": 1}} | changed


def classes(on: date) -> dict[int, str]:
    question = select(ArrearsSnapshot.loan_id, ArrearsSnapshot.quality).where(ArrearsSnapshot.as_of == on)
    return {loan_id: quality.value for loan_id, quality in session.execute(question)}


def listed(house: House, on: date) -> dict[int, str]:
    return {one.loan_id: str(one.quality) for one in arrears.worklist(house.head(on), on)}


def test_a_new_version_holds_from_its_day_and_leaves_the_days_before(late: House):
    all_of_it, half, little = late.loans[:3]
    admin = late.person("admin", LATE)
    assert risk_rules.in_force(LATE) == SHIPPED
    add_version("weekly_lender", FROM, told(tolerance_rupiah=5_000), admin, reason="keputusan direksi 12")
    rates = {"lancar": 100, "dpk": 100, "kurang_lancar": 100, "diragukan": 2_000, "macet": 9_000}
    add_version("classes", FROM, {"rates_bp": rates}, admin, reason="keputusan direksi 12")
    for on in (LATE, FROM):
        close_date(on, "test")
    assert set(classes(LATE).values()) == {"lancar"}
    # Ten days are the second week; three days the first; and three days with Rp4,000, which are tolerated.
    assert classes(FROM) == {all_of_it: "macet", half: "diragukan", little: "lancar"}
    assert listed(late, LATE) == classes(LATE)
    assert listed(late, FROM) == classes(FROM)
    for on in (LATE, FROM):
        for loan_id, quality in classes(on).items():
            assert loans.as_of(late.head(FROM), loan_id, on).quality == quality
    assert [one.what for one in check.prove(FROM).differences if one.code == "V17"] == []
    before, after = (portfolio(late.head(FROM), on, "group").whole for on in (LATE, FROM))
    assert (before.par, before.overdue_principal) == (after.par, after.overdue_principal), "a class changes no PAR"
    assert before.provision == 0
    owed = {quality: outstanding for quality, (_, outstanding) in after.classes.items()}
    assert after.provision == sum((owed[one] * rates[one] + 5_000) // 10_000 for one in ("lancar", "diragukan", "macet"))
    moved = made(late.head(FROM), "movement", first=LATE, last=FROM).rows[0]
    assert (moved.went["macet"], moved.went["diragukan"]) == (owed["macet"], owed["diragukan"])


@only_sqlite
def test_a_scheme_goes_by_its_day_in_the_report(late: House):
    add_version("sa_dhan", FROM, {"upper_days": [0, 9], "rates_bp": [0, 100, 5_000]}, late.person("admin", LATE), reason="uji")
    for on, buckets in ((LATE, ["0", "1-30", "31-60", "61-90", "91-180", "181-365", ">365"]), (FROM, ["0", "1-9", ">9"])):
        rows = made(late.head(FROM), "provisions", "sa_dhan", last=on).rows
        assert [row.bucket for row in rows] == buckets
        assert [row.loans for row in rows][:3] == [9, 3 if on == LATE else 2, 0 if on == LATE else 1]


@only_sqlite
def test_a_version_is_added_by_head_office_once_and_never_for_a_day_that_has_begun(late: House):
    admin = late.person("admin", LATE)

    def add(on: date = FROM, reason: str = "uji", **changed: object) -> int:
        return add_version("weekly_lender", on, told(**changed), admin, reason=reason)

    assert faults(refused(lambda: add(on=LATE, reason=" ", tolerance_days=99))) == [
        ("valid_from", "from_tomorrow"), ("tolerance_days", "out_of_range"), ("reason", "reason_needed"),
    ]  # fmt: skip
    add()
    twice: Refusal = refused(add)
    assert (twice.code, twice.status) == ("rule_version_taken", 409)
    assert refused(lambda: add_version("moon", FROM, told(), admin, reason="uji")).code == "not_found"
    assert refused(lambda: add_version("bank", FROM, told(), late.head(LATE), reason="uji")).code == "not_allowed"
    newest, shipped = risk_rules.versions()["weekly_lender"]
    assert (newest.valid_from, newest.valid_to, shipped.valid_to) == (FROM, None, FROM)
    assert shipped.holds(LATE)
    assert not shipped.holds(FROM)
    assert newest.by == "Ibu admin"
    assert risk_rules.in_force(LENT_ON) == SHIPPED
