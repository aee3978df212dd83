"""The main job, as strangers do it: from an empty house to a meeting recorded, a card printed, arrears flagged, the books proven.

Nothing of ours is imported: `python run.py`, a browserless program with tokens, and the papers that it gets. On SQLite and PostgreSQL.
"""

import io
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.start.programme import a_server, run

WEEK_1, WEEK_2 = "2026-11-26", "2026-12-03"
FORMED_ON = "2026-11-19"
WOMEN = 20
CREDIT, GROUP, PHOTO = "credit", "group", "photo"


@dataclass(frozen=True)
class Program:
    """Somebody's program: it holds her token and says what it wants in JSON."""

    address: str
    token: str

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """One call; the status and the document, refused or not."""
        request = urllib.request.Request(
            f"{self.address}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as no:
            return no.code, json.loads(no.read())

    def done(self, method: str, path: str, body: Any = None) -> Any:
        """A call that is to succeed."""
        status, document = self.call(method, path, body)
        assert status in (200, 201), (method, path, status, document)
        return document

    def paper(self, path: str) -> str:
        """The text of a PDF."""
        request = urllib.request.Request(f"{self.address}/api/v1{path}", headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.headers["Content-Type"] == "application/pdf"
            return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.read())).pages)


class House:
    """The programme on one data folder and database, stopped and started again as its days go by."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url

    def settings(self, today: str) -> dict[str, str]:
        return {"LENDING_ENV": "test", "LENDING_TODAY": today, "LENDING_DATABASE_URL": self.url, "LENDING_SCHEDULER": "0"}

    def verb(self, today: str, *words: str) -> Any:
        """A verb with `--json`, done."""
        ended = run(self.folder, *words, "--json", **self.settings(today))
        assert ended.code == 0, (words, ended.out, ended.err)
        return ended.document

    def token(self, today: str, username: str) -> str:
        return str(self.verb(today, "token", username)["token"])


@pytest.fixture
def a_house(tmp_path: Path, empty_database: str) -> House:
    """An empty house on an empty database."""
    return House(tmp_path / "data", empty_database)


def nik(serial: int) -> str:
    """A woman's number: born 3 April 1990, first registered in Telanaipura."""
    return f"157101430490{serial:04d}"


def people(house: House, server: str) -> dict[str, Program]:
    """Head office opens a unit and lets its people in."""
    admin = Program(server, house.token(FORMED_ON, "pusat"))
    admin.done("POST", "/units", {"code": "JMB", "name": "Kota Jambi", "zone": "Asia/Jakarta", "kelurahan": ["15.71.01.1004"]})
    for role in ("officer", "head", "cashier"):
        body = {"username": f"ibu-{role}", "name": f"Ibu {role}", "role": role, "unit": "JMB", "password": "kata-sandi-yang-panjang"}
        admin.done("POST", "/users", body)
    return {role: Program(server, house.token(FORMED_ON, f"ibu-{role}")) for role in ("officer", "head", "cashier")}


def a_group(officer: Program) -> tuple[int, list[int]]:
    """Twenty women of one kelurahan who meet on Thursdays at nine, tested and trained."""
    where = {"kelurahan": "15.71.01.1004", "weekday": 4, "time": "09:00", "place": "Balai RT 03"}
    group = officer.done("POST", "/groups", {"name": "Melati", **where, "officer": "ibu-officer", "first_meeting": WEEK_1})["id"]
    members = []
    for nth in range(1, WOMEN + 1):
        woman = {"name": f"Ibu Nomor {nth}", "nik": nik(nth), "birth_date": "1990-04-03", "address": "Jl. Melati", "rt": "003", "rw": "001"}
        body = {**woman, "kelurahan": "15.71.01.1004", "sub_group": (nth - 1) // 5 + 1, "consents": [CREDIT, GROUP, PHOTO]}
        member = officer.done("POST", f"/groups/{group}/members", body)
        assert nik(nth) not in json.dumps(member), "the NIK comes back masked"
        members.append(member["id"])
        home = {"on": FORMED_ON, "household_size": 4, "income_per_month": 2_000_000, "house_index": 6, "passed": True}
        officer.done("POST", f"/members/{member['id']}/eligibility", home)
        officer.done("POST", f"/members/{member['id']}/training", {"days": [f"2026-11-{day}" for day in (12, 13, 14, 16, 17)]})
    officer.done("POST", f"/groups/{group}/leader", {"member": members[0], "from": FORMED_ON})
    return group, members


def a_loan(role: dict[str, Program], member: int) -> int:
    """Two million for fifty weeks, from the proposal to the money in her hand, each step by whoever may take it."""
    asked = {"member": member, "product": "MEKAAR", "principal": 2_000_000, "weeks": 50, "purpose": "warung"}
    loan = int(role["officer"].done("POST", "/loans", asked)["id"])
    role["officer"].done("POST", f"/loans/{loan}/recommend", {"in_favour": 18, "present": 20})
    status, no = role["officer"].call("POST", f"/loans/{loan}/approve", {})
    assert (status, no["type"]) == (403, "/problems/not_allowed")
    role["head"].done("POST", f"/loans/{loan}/verify", {})
    role["head"].done("POST", f"/loans/{loan}/approve", {})
    paid_out = role["cashier"].done("POST", f"/loans/{loan}/disburse", {"on": FORMED_ON, "confirmed_by_member": True})
    assert (paid_out["state"], paid_out["first_due"]) == ("running", WEEK_1)
    return loan


def the_record(officer: Program, meeting: int, day: str, short: dict[int, int]) -> dict[str, Any]:
    """What the phone sends: everybody present and paying what the sheet asks, but for those who were short."""
    lines = []
    for line in officer.done("GET", f"/meetings/{meeting}/sheet")["lines"]:
        asked = line["due"] + line["arrears"]
        paid = short.get(line["member"], asked)
        told = {"shortfall": {"reason": "sakit", "promise_on": WEEK_2}} if paid < asked else {}
        lines.append({"member": line["member"], "attendance": "hadir", "loan": line["loan"], "paid": paid, "savings": 0, **told})
    return {
        "meeting": meeting,
        "held_on": day,
        "started_at": f"{day}T09:02:00+07:00",
        "ended_at": f"{day}T09:41:00+07:00",
        "cash_counted": sum(line["paid"] for line in lines),
        "lines": lines,
    }


def test_the_main_job_from_an_empty_house_to_arrears_flagged_and_books_proven(a_house: House) -> None:
    a_house.verb(FORMED_ON, "user", "add", "pusat", "--role", "admin")
    with a_server(a_house.folder, **a_house.settings(FORMED_ON)) as server:
        role = people(a_house, server.address)
        purse = {"id": "6f1a4a7e-0000-4000-8000-000000000001", "on": FORMED_ON, "amount": 100_000_000, "reason": "modal awal"}
        role["cashier"].done("POST", "/cash/transfers", {**purse, "from": "head_office", "to": "vault"})
        group, members = a_group(role["officer"])
        loans = [a_loan(role, member) for member in members]

    with a_server(a_house.folder, **a_house.settings(WEEK_1)) as server:
        officer = Program(server.address, role["officer"].token)
        (meeting,) = officer.done("GET", f"/meetings?on={WEEK_1}")["items"]
        assert (meeting["members"], meeting["due"], meeting["state"]) == (WOMEN, WOMEN * 50_000, "planned")
        body = the_record(officer, meeting["id"], WEEK_1, short={members[3]: 20_000})
        path = "/records/6f1a4a7e-0000-4000-8000-0000000000a1"
        status, kept = officer.call("PUT", path, body)
        assert (status, kept["replay"], kept["receipt"], kept["total"]) == (201, False, "JMB-2026-000001", 970_000)
        status, again = officer.call("PUT", path, body)
        assert (status, again["replay"], again["lines"]) == (200, True, kept["lines"])
        status, second = officer.call("PUT", "/records/6f1a4a7e-0000-4000-8000-0000000000a2", body)
        assert (status, second["type"]) == (409, "/problems/already_recorded")
        assert "JMB-2026-000001" in json.dumps(second)
        full, short = (Program(server.address, role["officer"].token).paper(f"/cards/{loans[nth]}.pdf") for nth in (0, 3))
        assert "2.450.000" in full
        assert "2.480.000" in short
        assert len(PdfReader(io.BytesIO(_pdf(officer, f"/groups/{group}/cards.pdf"))).pages) >= WOMEN

    with a_server(a_house.folder, **a_house.settings(WEEK_2)) as server:
        assert WEEK_1 in a_house.verb(WEEK_2, "nightly")["closed"]
        assert a_house.verb(WEEK_2, "nightly")["closed"] == []
        head = Program(server.address, role["head"].token)
        (late,) = head.done("GET", "/arrears")["items"]
        assert (late["loan"], late["days_late"], late["weeks_late"], late["overdue"]) == (loans[3], 7, 1, 30_000)
        assert (late["oldest_due"], late["reason"], late["promise"], late["class"]) == (WEEK_1, "sakit", WEEK_2, "lancar")
        (row,) = head.done("GET", "/portfolio?by=unit")["items"]
        assert row["loans"] == WOMEN
        assert row["par"]["0"] == late["outstanding_principal"]
        balance = head.done("GET", "/trial-balance")
        assert balance["debit"] == balance["credit"] > 0
    proof = a_house.verb(WEEK_2, "check")
    assert (proof["ok"], proof["differences"]) == (True, [])


def _pdf(program: Program, path: str) -> bytes:
    request = urllib.request.Request(f"{program.address}/api/v1{path}", headers={"Authorization": f"Bearer {program.token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        document: bytes = answer.read()
    return document
