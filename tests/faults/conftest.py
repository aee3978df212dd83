"""A busy house for each database: the furnished one, people with tokens, and what they have to post; and a nursery of servers."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lending.actions.accounts import digest
from lending.actions.tokens import issue_token, mark_used
from lending.database import session
from lending.models import Meeting
from lending.queries.accounts import bearer
from lending.queries.admin import system_person
from tests.conftest import TODAY
from tests.faults.field import Cashier, Officer, Worker
from tests.faults.servers import Nursery, a_nursery
from tests.furnished import MASTER_KEY, House, copy_of_postgresql, furnished_postgresql, furnished_sqlite, opened

__all__ = ["furnished_postgresql", "furnished_sqlite"]


@dataclass(frozen=True)
class BusyHouse:
    """A furnished database with tokens for its people and the sheets that its officers are to post, by group."""

    url: str
    data_dir: Path
    house: House
    tokens: Mapping[str, str]
    sheets: Mapping[int, list[dict[str, Any]]]
    today: date = TODAY

    def settings(self, **more: str) -> dict[str, str]:
        """The environment of a server on it."""
        own = {
            "LENDING_ENV": "test", "LENDING_TODAY": self.today.isoformat(), "LENDING_SCHEDULER": "0", "LENDING_DEMO": "0",
            "LENDING_PORT": "0", "LENDING_DATA_DIR": str(self.data_dir), "LENDING_MASTER_KEY": MASTER_KEY, "LENDING_DATABASE_URL": self.url,
        }  # fmt: skip
        return {name: value for name, value in {**own, **more}.items() if value}

    def workers(self, seed: int) -> list[Worker]:
        """Two officers and a cashier, at work today already: what fails from here on fails in an act, not in the note of a token's use."""
        with opened(self.url):
            for token in self.tokens.values():
                found = bearer(digest(token))
                assert found is not None
                mark_used(found.id, self.today)
        melati, kenanga = self.sheets[self.house.melati], self.sheets[self.house.kenanga]
        return [
            Officer("officer", self.tokens["officer"], seed, melati),
            Officer("officer2", self.tokens["officer2"], seed, kenanga),
            Cashier("cashier", self.tokens["cashier"], seed, self.today.isoformat()),
        ]


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where servers come from."""
    with a_nursery() as found:
        yield found


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def busy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BusyHouse]:
    """A busy house of the test's own, on each database."""
    if request.param == "sqlite":
        yield busy_sqlite(request, tmp_path)
        return
    template, house = request.getfixturevalue("furnished_postgresql")
    with copy_of_postgresql(request.getfixturevalue("postgresql"), template) as (_, url):
        yield made_busy(url, tmp_path / "data", house)


def busy_sqlite(request: pytest.FixtureRequest, folder: Path) -> BusyHouse:
    """A busy house on SQLite in this folder."""
    path, house = request.getfixturevalue("furnished_sqlite")
    (folder / "data").mkdir(exist_ok=True)
    shutil.copy(path, folder / "data" / "lending.db")
    return made_busy(f"sqlite:///{folder / 'data' / 'lending.db'}", folder / "data", house)


def made_busy(url: str, data_dir: Path, house: House) -> BusyHouse:
    """The furnished database at this address, with tokens."""
    with opened(url):
        system = system_person().acting(TODAY)
        tokens = {name: issue_token(name, system).token for name in ("officer", "officer2", "cashier", "head")}
        sheets = {
            house.melati: sheets_of(house.melati, dict(zip(house.women, house.loans, strict=True))),
            house.kenanga: sheets_of(house.kenanga, dict.fromkeys(house.others)),
        }
    return BusyHouse(url, data_dir, house, tokens, sheets)


def sheets_of(group_id: int, loans: Mapping[int, int | None]) -> list[dict[str, Any]]:
    """A record for every meeting of the group that is past: Rp50,000 a loan, Rp5,000 of savings a woman."""
    held = select(Meeting.id, Meeting.planned_on).where(Meeting.group_id == group_id, Meeting.seq > 1, Meeting.planned_on <= TODAY)
    return [
        {
            "meeting": meeting_id,
            "held_on": planned_on.isoformat(),
            "started_at": "2026-11-26T09:02:00+07:00",
            "ended_at": "2026-11-26T09:41:00+07:00",
            "cash_counted": sum(55_000 if loan else 5_000 for loan in loans.values()),
            "lines": [
                {
                    "member": member, "attendance": "hadir", "loan": loan, "paid": 50_000 if loan else 0, "savings": 5_000,
                    "entered": "bulk",
                }
                for member, loan in loans.items()
            ],
        }
        for meeting_id, planned_on in session.execute(select_in_order(held))
    ]  # fmt: skip


def select_in_order(question: Any) -> Any:
    """By day."""
    return question.order_by(Meeting.planned_on)
