"""From a ratio to its loans and on to the instalment that started the age; and the facts that came after a night."""

from tests.furnished import day
from tests.lived_in import MONDAY, only, statuses


def test_the_ratio_leads_to_its_loans_and_each_to_its_oldest_instalment(look):
    head = look("head")
    page = head.client.get("/portfolio?by=group").text
    link = page.split('href="/portfolio/loans?', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    behind = head.text(f"/portfolio/loans?{link}")
    assert "Melati 04" in behind
    assert "Melati 07" not in behind
    loan = head.client.get(f"/portfolio/loans?{link}").text.split('href="/loans/', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    assert "umur tunggakan dihitung dari sini" in head.text(f"/loans/{loan}")


def test_who_may_look_behind_the_figures(look):
    assert statuses(look, "/portfolio/loans") == only("officer", "officer2", "head", "auditor", "srg-head")
    assert "Tidak ada pinjaman di sini" in look("officer2").text("/portfolio/loans?par=0")


def test_an_evening_without_late_facts_says_so(look):
    assert "Tidak ada catatan susulan" in look("head").text(f"/portfolio/late-facts?on={day(1).isoformat()}")
    assert look("head").status(f"/portfolio/late-facts?on={MONDAY.isoformat()}") == 200
