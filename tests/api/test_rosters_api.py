"""The women of her groups, for a phone: names and what they agree to, and nothing that a lost phone should tell."""

from typing import Any

import pytest

from lending.actions import groups, members
from tests.api.conftest import Village, refused
from tests.conftest import TODAY

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def listed(village: Village, who: str, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = village[who].ok(village[who].get(f"/members{query}"))["items"]
    return found


def test_the_women_of_her_groups_with_what_they_agree_to(village: Village) -> None:
    officer = village.house.actor("officer")
    for member in village.members:
        members.record_consent(member, "photo", officer, given=member == village.members[0], on=TODAY)
    members.record_consent(village.members[1], "photo", officer, given=True, on=TODAY)
    members.record_consent(village.members[1], "photo", officer, given=False, on=TODAY)
    rows = listed(village, "officer")
    assert [row["id"] for row in rows] == village.members
    assert set(rows[0]) == {"id", "number", "name", "group", "sub_group", "consents"}
    assert {row["group"] for row in rows} == {village.group}
    assert ["photo" in row["consents"] for row in rows[:3]] == [True, False, False]
    assert listed(village, "officer", f"?group={village.group}") == rows
    page = village["officer"].ok(village["officer"].get("/members?limit=4"))
    assert [row["id"] for row in page["items"]] == village.members[:4]
    assert listed(village, "officer", f"?limit=200&cursor={page['next']}") == rows[4:]


def test_whose_women_they_are(village: Village) -> None:
    assert listed(village, "officer2") == []
    assert listed(village, "mentor") == []
    groups.assign_mentor(village.group, "mentor", village.house.actor("head"), reason="baru")
    assert [row["id"] for row in listed(village, "mentor")] == village.members
    assert refused(village["officer2"].get(f"/members?group={village.group}")) == (404, "not_found", None)
    for wrong_role in ("city", "admin"):
        assert refused(village[wrong_role].get("/members"))[:2] == (403, "not_allowed")
