"""A week without a signal: forty meetings wait on the phone, over cold starts and days, and go out once each when the line is back."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lending import clock
from lending.database import session
from lending.domain.access import Role
from lending.models import Meeting, MeetingRecord
from tests import makers
from tests.browser.conftest import Field
from tests.browser.field_house import BEGAN
from tests.conftest import PATIENCE, TODAY

pytestmark = pytest.mark.browser

A_DAY = 24 * 3600 * 1000
MEETS_ON = [TODAY + timedelta(days=days) for days in (0, 1, 4, 5, 6)]
A_DAYS_MEETINGS = 8

RECORD_THE_DAY = """async () => {
  const there = (what) => new Promise((found) => {
    const look = () => {
      const seen = [...document.querySelectorAll(what)].find((each) => each.checkVisibility());
      if (seen) found(seen); else setTimeout(look, 4);
    };
    look();
  });
  const press = async (...all) => { for (const what of all) (await there(what)).click(); };
  const key = (value) => `dialog.pad [data-do=key][value="${value}"]`;
  let held = 0;
  for (const link of [...document.querySelectorAll("[data-slot=cards] .card")].map((each) => each.getAttribute("href"))) {
    location.hash = link;
    await press("[data-do=all]", ".row [data-do=paid]", key("5"), key("000"), "dialog.pad [data-do=save]");
    await there(".row [data-value=full]");
    while (document.querySelector("dialog")) await new Promise((done) => setTimeout(done, 4));
    await press("[data-do=done]", "dialog.count [data-do=fits]");
    await there(".kept");
    location.hash = "#/";
    await there(".today");
    held += 1;
  }
  return held;
}"""


def eight_groups_a_day() -> None:
    """An officer with forty small groups: eight meet on each of five days."""
    officer = makers.a_user(Role.OFFICER, username="officer3", on=BEGAN)
    for day in MEETS_ON:
        for nth in range(A_DAYS_MEETINGS):
            group = makers.a_group(officer, name=f"Kenari {day.day}-{nth + 1}", officer="officer3", first_meeting=day)
            for name in ("Aminah", "Rohani"):
                makers.a_member(group, officer, name=name)


def test_forty_meetings_wait_for_a_week_and_are_sent_once_each_two_days_later(field: Field, page: Page):
    field.asked(eight_groups_a_day)
    page.on("pageerror", lambda fault: pytest.fail(f"the page failed: {fault}"))
    page.clock.install()
    field.sign_in(page, "officer3")
    page.wait_for_selector("body[data-ready]")
    page.context.set_offline(True)
    day = TODAY
    for meets in MEETS_ON:
        if meets != day:
            page.clock.fast_forward((meets - day).days * A_DAY)
            page.reload()
            day = meets
        expect(page.locator("[data-slot=cards] .card")).to_have_count(A_DAYS_MEETINGS)
        assert page.evaluate(RECORD_THE_DAY) == A_DAYS_MEETINGS
    badge: Any = page.locator("[role=status][data-unsent]")
    page.clock.fast_forward(2 * A_DAY)
    page.reload()
    expect(badge).to_have_attribute("data-unsent", "40")
    expect(page.locator("#alarm")).to_contain_text("40 catatan belum terkirim")
    clock.fix(day + timedelta(days=2))
    page.context.set_offline(False)
    expect(badge).to_have_text("Terkirim", timeout=5 * PATIENCE)

    def kept() -> list[Any]:
        return [
            tuple(row)
            for row in session.execute(
                select(Meeting.planned_on, MeetingRecord.held_on, MeetingRecord.total)
                .join(Meeting, Meeting.id == MeetingRecord.meeting_id)
                .where(MeetingRecord.held_on >= TODAY)
            )
        ]

    assert sorted(field.asked(kept)) == sorted((meets, meets, 5_000) for meets in MEETS_ON for _ in range(A_DAYS_MEETINGS))
