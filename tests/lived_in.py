"""The furnished house two months later (tests/furnished.py): what the desk's pages have to show, built once on SQLite and copied.

It is Monday 9 March 2026. Melati's first four instalments were recorded; at the third one woman paid half and one was covered by the
group, at the fourth one paid nothing and promised Saturday, which is past. Today's meeting is not recorded yet. The record of 16 February
was undone and sent again. Kenanga's women have asked for loans, one in each state; the officer holds all that was collected.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from config import Settings
from lending import clock
from lending.actions import admin, groups, loans, mentoring, undoing
from lending.actions.arrears import close_date
from lending.app import create_app
from lending.database import db, session
from lending.domain.access import Role
from lending.domain.collection import Shortfall, ShortReason
from lending.domain.mentoring import ActionOwner, NewAction, NewVisit, VisitPlace
from lending.queries import accounts, cards, members
from lending.queries.admin import system_person
from tests.conftest import OneRequestAtATime
from tests.furnished import FIRST_DUE, LENT_ON, MASTER_KEY, House, a_proposal, a_record, a_uuid, an_approved_loan, meeting, opened
from tests.web.desk import PASSWORD, Desk, token_in

MONDAY = date(2026, 3, 9)
VISITED = date(2026, 2, 24)
LAST_RECORD = a_uuid(1_004)
UNDONE_RECORD = a_uuid(1_002)
VISIT = a_uuid(7)

ROLES = ("officer", "officer2", "mentor", "leader", "head", "cashier", "auditor", "city", "admin", "srg-head")


@dataclass(frozen=True)
class LivedIn:
    """What tests need to know of it: proposals of Kenanga by their state, and the code on one woman's card."""

    house: House
    proposals: Mapping[str, int]
    code: str
    today_meeting: int
    """Melati's meeting of today, which nobody has recorded yet."""


def live(house: House) -> LivedIn:
    """Two months, through the real acts."""
    house = replace(house, people={name: replace(person, today=MONDAY) for name, person in house.people.items()})
    a_record(house, 1)
    a_record(house, 2)
    undoing.undo_record(UNDONE_RECORD, house.officer(FIRST_DUE + timedelta(weeks=1)), reason="salah hitung")
    a_record(house, 2, uuid=a_uuid(1_012))
    half, covered, silent = house.women[3], house.women[4], house.women[5]
    a_record(
        house,
        3,
        paid={half: 25_000, covered: 0},
        renteng={covered: [(house.women[6], 50_000)]},
        shortfalls={half: Shortfall(ShortReason.SAKIT, None)},
    )
    promised = Shortfall(ShortReason.USAHA_SEPI, MONDAY - timedelta(days=2))
    a_record(house, 4, paid={half: 0, silent: 0}, shortfalls={half: Shortfall(ShortReason.SAKIT, None), silent: promised})
    officer, head = house.person("officer2", LENT_ON), house.head(LENT_ON)
    proposals = {"applied": a_proposal(house.others[0], officer)}
    for place, state in enumerate(("recommended", "verified", "rejected"), 1):
        proposals[state] = a_proposal(house.others[place], officer)
        loans.recommend(proposals[state], officer, in_favour=10, present=10)
        if state == "verified":
            loans.verify(proposals[state], head)
        if state == "rejected":
            loans.reject(proposals[state], head, reason="usahanya belum jalan")
    proposals["approved"] = an_approved_loan(house.others[4], officer, head)
    groups.assign_mentor(house.melati, "mentor", house.head(LENT_ON), from_on=LENT_ON, reason="pendamping tetap")
    began = datetime(2026, 2, 24, 3, 0, tzinfo=UTC)
    agreed = NewAction("Urus NIB", ActionOwner.MEMBER, MONDAY - timedelta(days=3))
    findings = "Warung ramai, catatan belum rapi."
    visit = NewVisit(VISITED, began, VisitPlace.HOME, findings, (house.women[0],), actions=(agreed,), group=house.melati)
    mentoring.log_visit(VISIT, visit, house.person("mentor", VISITED))
    her_number = members.member(house.head(MONDAY), house.women[0]).number
    leader = admin.NewUser("leader", "Ibu ketua", Role.LEADER, "JMB", PASSWORD, her_number)
    admin.add_user(leader, system_person().acting(MONDAY))
    for back in range(14, 0, -1):
        close_date(MONDAY - timedelta(days=back), "test")
    people = dict(house.people)
    found = accounts.account("leader")
    assert found is not None
    people["leader"] = found.person.acting(MONDAY)
    code = cards.card(house.head(MONDAY), house.loans[0], "https://x").check_code
    return LivedIn(replace(house, people=people), proposals, code, meeting(house, 5))


@pytest.fixture(scope="session")
def lived_in_sqlite(furnished_sqlite: tuple[Path, House], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, LivedIn]:
    """The file, and what stands in it."""
    furnished, house = furnished_sqlite
    path = Path(shutil.copy(furnished, tmp_path_factory.mktemp("lived_in") / "lending.db"))
    with opened(f"sqlite:///{path}"):
        found = live(house)
    return path, found


@contextmanager
def house_at(path: Path, **words: str) -> Iterator[Flask]:
    """The whole app on that file, on Monday."""
    given = {"LENDING_ENV": "test", "LENDING_TODAY": MONDAY.isoformat(), "LENDING_SCHEDULER": "0", "LENDING_DATA_DIR": str(path.parent)}
    given |= {"LENDING_DATABASE_URL": f"sqlite:///{path}", "LENDING_MASTER_KEY": MASTER_KEY}
    app = create_app(Settings.from_environment(given | words, root=path.parent))
    app.test_client_class = OneRequestAtATime
    app.config["RATE_LIMITED"] = False
    yield app
    with app.app_context():
        session.remove()
        db.engine.dispose()


def sitting(app: Flask, username: str) -> Desk:
    """Somebody of the house, signed in at a browser of her own."""
    client: Any = app.test_client()
    given = {"csrf_token": token_in(client.get("/sign-in")), "username": username, "password": PASSWORD}
    assert client.post("/sign-in", data=given).status_code == 303
    return Desk(client)


@pytest.fixture(scope="session")
def readers(lived_in_sqlite: tuple[Path, LivedIn], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Desk]]:
    """The readers' app and desks, shared by all tests that only look; ask for `look` instead."""
    path = Path(shutil.copy(lived_in_sqlite[0], tmp_path_factory.mktemp("readers") / "lending.db"))
    seated: dict[str, Desk] = {}
    with house_at(path) as app:

        def seat(username: str) -> Desk:
            if username not in seated:
                seated[username] = sitting(app, username)
            return seated[username]

        yield seat


@pytest.fixture
def look(readers: Callable[[str], Desk]) -> Callable[[str], Desk]:
    """`look("head")`: somebody who reads pages on Monday, and changes nothing."""
    clock.fix(MONDAY)
    return readers


@pytest.fixture
def lived_in(lived_in_sqlite: tuple[Path, LivedIn]) -> LivedIn:
    """What stands in the house."""
    return lived_in_sqlite[1]


@pytest.fixture
def own_app(lived_in_sqlite: tuple[Path, LivedIn], tmp_path: Path) -> Iterator[Flask]:
    """The app on a copy of the house that this test may change."""
    with house_at(Path(shutil.copy(lived_in_sqlite[0], tmp_path / "lending.db"))) as app:
        yield app


@pytest.fixture
def work(own_app: Flask) -> Callable[[str], Desk]:
    """`work("head")`: somebody who does things, in a house of this test's own."""
    return lambda username: sitting(own_app, username)


def statuses(look: Callable[[str], Desk], path: str) -> dict[str, int]:
    """What each role gets at that address, those who get the same answer together."""
    return {who: look(who).status(path) for who in ROLES}


def only(*those: str, others: int = 403, **said: int) -> dict[str, int]:
    """The expected answer of `statuses`: 200 for those, `others` for the rest, but for who is named (`srg_head=404`)."""
    return {who: 200 if who in those else said.get(who.replace("-", "_"), others) for who in ROLES}
