"""Late loans through the programs' door: the list beside `/arrears`, each step kept once, and every refusal in its place."""

from datetime import timedelta
from typing import Any

import pytest

from lending import clock
from tests.api.conftest import UUID, Village, refused
from tests.conftest import TODAY

FIRST_DUE = TODAY + timedelta(days=7)
LATE = FIRST_DUE + timedelta(days=2)

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def late(village: Village) -> tuple[Village, int]:
    """A loan whose first instalment was due two days ago."""
    loan = village.loan(village.members[0])
    clock.fix(LATE)
    return village, loan


def a_step(number: int = 1, **told: Any) -> dict[str, Any]:
    return {"id": UUID.format(number), **told}


def test_a_late_loan_is_listed_with_its_next_step(late: tuple[Village, int]) -> None:
    village, loan = late
    officer = village["officer"]
    (listed,) = officer.ok(officer.get("/arrears/cases"))["items"]
    assert {name: listed[name] for name in ("loan", "days_late", "class", "overdue", "promise", "aside", "assigned")} == {
        "loan": loan, "days_late": 2, "class": "lancar", "overdue": 50_000, "promise": None, "aside": None, "assigned": False,
    }  # fmt: skip
    assert listed["next"]["action"] in {"message", "visit"}
    assert officer.ok(officer.get("/arrears/cases?aside=1"))["items"] == []
    assert officer.get("/arrears/cases.csv").status_code == 200
    assert officer.ok(officer.get(f"/arrears/cases/{loan}")) == {**listed, "steps": []}


def test_cases_are_narrowed_as_the_page_narrows_them(late: tuple[Village, int]) -> None:
    officer = late[0]["officer"]
    for question, found in (
        ("late=1", 1), ("late=2", 0), ("late=broken", 0), ("class=lancar", 1), ("class=macet", 0), ("reason=sakit", 0), ("q=zzz", 0),
        ("kelurahan=99.99", 0),
    ):  # fmt: skip
        assert len(officer.ok(officer.get(f"/arrears/cases?{question}"))["items"]) == found, question
    assert refused(officer.get("/arrears/cases?late=soon"))[2] == "late"


def test_each_step_is_kept_once_and_told_again(late: tuple[Village, int]) -> None:
    village, loan = late
    officer, head = village["officer"], village["head"]
    at = f"/arrears/cases/{loan}"
    steps: list[tuple[Any, str, dict[str, Any]]] = [
        (officer, "contact", a_step(1, means="call", outcome="talked", note="besok")),
        (officer, "promise", a_step(2, promise_on=(LATE + timedelta(days=2)).isoformat(), amount=50_000)),
        (officer, "renteng", a_step(3, member=village.members[1], amount=25_000)),
        (officer, "proposal", a_step(4, reason="warung tutup")),
        (officer, "incident", a_step(5, kind="complaint", note="ditagih tetangga")),
        (head, "decline", a_step(6, reason="masih sanggup")),
        (officer, "aside", a_step(7, why="dispute", reason="merasa sudah bayar")),
        (head, "take-up", a_step(8, reason="kuitansi cocok")),
        (head, "assign", a_step(9, officer="officer")),
    ]
    for who, step, body in steps:
        first = who.ok(who.post(f"{at}/{step}", body), 201)
        assert who.ok(who.post(f"{at}/{step}", body), 200) == {**first, "replay": True}
        assert refused(who.post(f"{at}/{step}", {**body, "on": (LATE - timedelta(days=1)).isoformat()})) == (422, "key_reused", None)
    found = officer.ok(officer.get(at))
    assert [one["id"] for one in found["steps"]] == [UUID.format(number) for number in range(1, 10)]
    assert found["promise"] == {
        "promise_on": (LATE + timedelta(days=2)).isoformat(), "made_on": LATE.isoformat(), "amount": 50_000, "broken": False,
    }  # fmt: skip
    assert (found["assigned"], found["next"]["why"]) == (True, "promise_ahead")


def test_what_is_refused_and_where(late: tuple[Village, int]) -> None:
    village, loan = late
    officer, head = village["officer"], village["head"]
    at = f"/arrears/cases/{loan}"
    good: dict[str, Any] = {"means": "call", "outcome": "talked"}
    assert refused(officer.post(f"{at}/contact", good)) == (400, "required", "id")
    assert refused(officer.post(f"{at}/contact", a_step(**good, mood="bad"))) == (400, "unknown_field", "mood")
    assert refused(officer.post(f"{at}/contact", a_step(means="letter", outcome="talked")))[0] in {400, 422}
    assert refused(officer.post("/arrears/cases/999/contact", a_step(**good))) == (404, "not_found", None)
    assert refused(village["officer2"].post(f"{at}/contact", a_step(**good))) == (404, "not_found", None)
    assert refused(officer.post(f"{at}/assign", a_step(officer="officer")))[:2] == (403, "not_allowed")
    assert refused(village["cashier"].post(f"{at}/contact", a_step(**good)))[:2] == (403, "not_allowed")
    assert refused(head.post(f"{at}/decline", a_step(reason="tidak"))) == (409, "nothing_proposed", None)
    too_far = (LATE + timedelta(days=60)).isoformat()
    assert refused(officer.post(f"{at}/promise", a_step(promise_on=too_far))) == (422, "promise_too_far", "promise_on")
    ahead = (LATE + timedelta(days=1)).isoformat()
    assert refused(officer.post(f"{at}/contact", a_step(**good, on=ahead))) == (422, "future_date", "on")


def test_a_loan_that_is_not_late_is_no_case(village: Village) -> None:
    loan = village.loan(village.members[0])
    officer = village["officer"]
    assert officer.ok(officer.get("/arrears/cases"))["items"] == []
    assert refused(officer.get(f"/arrears/cases/{loan}")) == (404, "not_found", None)
    refusal = officer.post(f"/arrears/cases/{loan}/contact", a_step(means="call", outcome="talked"))
    assert refused(refusal) == (422, "not_late", None)


def test_arrears_itself_is_as_it_was(late: tuple[Village, int]) -> None:
    village, loan = late
    officer = village["officer"]
    before = officer.ok(officer.get("/arrears"))
    officer.ok(officer.post(f"/arrears/cases/{loan}/promise", a_step(promise_on=LATE.isoformat())), 201)
    officer.ok(officer.post(f"/arrears/cases/{loan}/aside", a_step(2, why="dispute", reason="salah")), 201)
    assert officer.ok(officer.get("/arrears")) == before
    assert before["items"][0]["promise"] is None


def test_an_officer_takes_her_cases_along_with_names_and_hours_and_nothing_of_a_register(late: tuple[Village, int]) -> None:
    village, loan = late
    officer, member = village["officer"], village.members[0]
    taken = officer.ok(officer.get("/arrears/to-go"))
    (one,) = taken["items"]
    assert (one["loan"], one["member"], one["days_late"], one["overdue"]) == (loan, member, 2, 50_000)
    known = officer.ok(officer.get(f"/members/{member}"))
    assert (one["name"], one["phone"]) == (known["name"], known["phone"])
    assert one["said"]["next"] in {"Kirim WhatsApp", "Kunjungi"}
    assert one["text"].startswith("Selamat {part} Ibu ")
    assert not {"nik", "kk", "address", "birth_date"} & set(one)
    assert [day["on"] for day in taken["contact"]] == [
        day.isoformat() for day in (LATE + timedelta(days=more) for more in range(8)) if day.isoweekday() < 7
    ]
    assert {(day["first_hour"], day["last_hour"]) for day in taken["contact"]} == {(8, 20)}
    assert village["officer2"].ok(village["officer2"].get("/arrears/to-go"))["items"] == [], "another's"
    officer.ok(officer.post(f"/arrears/cases/{loan}/aside", a_step(why="dispute", reason="merasa sudah bayar")), 201)
    assert officer.ok(officer.get("/arrears/to-go"))["items"] == [], "nobody is asked for money there"
    assert village["auditor"].get("/arrears/to-go").status_code == 403
