"""Reports through the programs' door: what there is, one of them in every form, and who gets none."""

import csv
import io
from datetime import timedelta

import pytest

from lending.documents.reports.catalogue import REPORTS
from tests.api.conftest import Village, refused
from tests.conftest import TODAY

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_what_reports_there_are_for_whom(village: Village):
    def names(who: str) -> list[str]:
        return [one["name"] for one in village[who].ok(village[who].get("/reports"))["items"]]

    assert names("head") == list(REPORTS)
    assert names("cashier") == ["disbursements", "savings", "over-short", "officer-cash", "day-close"]
    assert "over-short" not in names("officer")
    for who in ("city", "mentor"):
        assert refused(village[who].get("/reports"))[:2] == (403, "not_allowed")
        assert refused(village[who].get("/reports/portfolio.json"))[:2] == (403, "not_allowed")


def test_every_report_in_every_form(village: Village):
    village.loan(village.members[0])
    head = village["head"]
    for listed in head.ok(head.get("/reports"))["items"]:
        for by in {listed["by"][0], listed["by"][-1]}:
            path = f"/reports/{listed['name']}"
            query = f"?from={TODAY - timedelta(days=7)}&to={TODAY}&by={by}"
            said = head.ok(head.get(f"{path}.json{query}"))
            assert (said["name"], said["by"], said["unit"], said["to"]) == (listed["name"], by, "JMB", TODAY.isoformat())
            table = head.get(f"{path}.csv{query}")
            assert table.headers["Content-Disposition"] == f'attachment; filename="{listed["name"]}.csv"'
            rows = list(csv.DictReader(io.StringIO(table.get_data().decode("utf-8-sig"))))
            assert len(rows) == len(said["items"])
            for row, item in zip(rows, said["items"], strict=True):
                whole = {name: value for name, value in item.items() if isinstance(value, int | str)}
                assert {name: row[name] for name in whole} == {name: str(value) for name, value in whole.items()}
            assert head.get(f"{path}.xlsx{query}").get_data().startswith(b"PK")
            paper = head.get(f"{path}.pdf{query}")
            assert (paper.mimetype, paper.get_data()[:5]) == ("application/pdf", b"%PDF-")


def test_what_cannot_be_asked_is_refused_by_name(village: Village):
    head = village["head"]
    tomorrow = TODAY + timedelta(days=1)
    for query, expected in (
        (f"to={tomorrow}", (422, "future_date", "to")),
        ("by=woman", (422, "not_a_choice", "by")),
        ("from=2026-11-20&to=2026-11-01", (422, "from_after_to", "from")),
        ("unit=SRG", (404, "not_found", None)),
        ("colour=red", (400, "unknown_field", "colour")),
        ("to=soon", (400, "shape", "to")),
    ):
        assert refused(head.get(f"/reports/collection.json?{query}")) == expected
    assert refused(head.get("/reports/nothing.json"))[:2] == (404, "not_found")
    assert refused(head.get("/reports/portfolio.docx"))[:2] == (404, "not_found")


def test_head_office_compares_units_and_sees_nobody_in_them(village: Village):
    village.loan(village.members[0])
    admin = village["admin"]
    assert {by for one in admin.ok(admin.get("/reports"))["items"] for by in one["by"]} == {"unit"}
    said = admin.ok(admin.get("/reports/ageing.json"))
    assert [(row["key"], row["loans"], row["outstanding"]) for row in said["items"]] == [("JMB", 1, 2_000_000)]
    assert said["unit"] is None
    assert refused(admin.get("/reports/ageing.json?by=loan"))[:2] == (403, "not_allowed")
    assert admin.ok(admin.get("/reports/ageing.json?unit=JMB"))["total"]["outstanding"] == 2_000_000
    assert refused(admin.get("/reports/ageing.json?unit=XYZ"))[:2] == (404, "not_found")
