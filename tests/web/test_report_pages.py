"""Reports as pages: the list, one with its filters and sums, its paper; each for those whose rows it is."""

import pytest

from lending.documents.reports.catalogue import REPORTS
from tests.lived_in import LivedIn, only, statuses
from tests.web.desk import said_at


def test_who_finds_reports(look):
    assert statuses(look, "/reports") == only("officer", "officer2", "head", "cashier", "auditor", "admin", "srg-head")
    assert statuses(look, "/reports/over-short") == only("head", "cashier", "auditor", "srg-head")
    assert statuses(look, "/reports/nothing") == only(others=404, mentor=403, leader=403, city=403)


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_is_a_page_and_a_paper(look, name):
    head = look("head")
    layouts = list(REPORTS[name].layouts)
    for layout in {layouts[0], layouts[-1]}:
        words = head.text(f"/reports/{name}?by={layout}")
        assert "Jumlah uang dalam rupiah" in words
    paper = head.client.get(f"/reports/{name}.pdf")
    assert paper.data.startswith(b"%PDF-")


def test_figures_lead_to_what_makes_them_up(look, lived_in: LivedIn):
    page = look("head").client.get("/reports/ageing?by=group").text
    assert f"/groups/{lived_in.house.melati}" in page
    page = look("head").client.get("/reports/ageing?by=loan").text
    assert f"/loans/{lived_in.house.loans[5]}" in page
    assert "/api/v1/reports/ageing.xlsx?to=2026-03-09&amp;by=loan" in page


def test_head_office_reads_units_and_no_links_into_them(look):
    page = look("admin").client.get("/reports/ageing").text
    assert "Kota Jambi" in page
    assert "Melati" not in page
    assert 'name="unit"' in page


def test_what_makes_no_sense_stays_in_the_form(look):
    answer = look("head").client.get("/reports/collection?from=2026-03-09&to=2026-02-01")
    assert answer.status_code == 422
    assert "Tanggal awal" in said_at(answer, "from")
    assert look("head").client.get("/reports/collection?from=30-02-2026").status_code == 400
    assert look("head").client.get("/reports/collection.pdf?from=2026-03-09&to=2026-02-01").location.startswith("/reports/collection?")


def test_an_officer_reads_her_own_groups(look):
    assert "Melati" in look("officer").text("/reports/portfolio")
    assert "Melati" not in look("officer2").text("/reports/portfolio")
