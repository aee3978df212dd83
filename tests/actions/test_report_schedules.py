"""Reports that go out by themselves: into a folder and to a mail server, each date once, whatever fails in between."""

import os
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import current_app

from lending import clock, delivery
from lending.actions import operations
from lending.actions.arrears import close_date
from lending.actions.report_schedules import add_schedule, change_schedule, stop_schedule
from lending.database import db, session
from lending.domain.access import Actor
from lending.domain.report_schedules import Every, FileForm, Wanted
from lending.jobs import sending
from lending.jobs.nightly import close_days
from lending.models import JobRun, User
from lending.queries import report_schedules as questions
from tests.conftest import raw_sqlite
from tests.furnished import LENT_ON, House, a_uuid
from tests.mail_sink import MailSink, a_mail_sink
from tests.makers import faults, refused

NEXT = LENT_ON + timedelta(days=1)
BOSS, OTHER = "kepala@contoh.id", "kedua@contoh.id"


@pytest.fixture
def sink(house: House, tmp_path: Path) -> Iterator[MailSink]:
    """Both ways out stand open; the night of the day on which all was lent is closed."""
    clock.fix(NEXT)
    close_days(LENT_ON)
    with a_mail_sink() as sink:
        open_to(tmp_path / "out", sink.url)
        yield sink


def open_to(folder: Path | None, url: str | None) -> None:
    delivery.hang_on(current_app._get_current_object(), folder, url, "laporan@contoh.id")  # type: ignore[attr-defined]


def wanted(*addresses: str, reports: tuple[str, ...] = ("portfolio",), form: FileForm = FileForm.CSV, to_folder: bool = False) -> Wanted:
    return Wanted(reports, Every.DAILY, form, to_folder, addresses)


def run_of(schedule_id: int, on: date = LENT_ON) -> JobRun:
    session.rollback()
    return session.get_one(JobRun, (questions.job_of(schedule_id), on))


def once_rested(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hours later."""
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_into_the_folder_whole_and_under_a_name_without_people(house: House, sink: MailSink, tmp_path: Path):
    add_schedule(a_uuid(900), wanted(to_folder=True, reports=("portfolio", "day-close"), form=FileForm.PDF), house.head(NEXT))
    add_schedule(a_uuid(901), wanted(to_folder=True, reports=("portfolio", "ageing")), house.head(NEXT))
    assert sending.send_owed() == (2, 0)
    found = {path.name: path.read_bytes() for path in (tmp_path / "out" / "JMB").iterdir()}
    assert set(found) == {f"2026-02-02-daily-{name}" for name in ("portfolio.pdf", "day-close.pdf", "portfolio.csv", "ageing.csv")}
    assert all(content.startswith(b"%PDF") for name, content in found.items() if name.endswith(".pdf"))
    assert b"Melati,12,24000000," in found["2026-02-02-daily-portfolio.csv"]
    assert not re.search(rb"\d{16}", found["2026-02-02-daily-portfolio.csv"])
    assert sending.send_owed() == (0, 0)
    assert sink.letters == []


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_a_file_is_never_seen_by_halves(house: House, sink: MailSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    add_schedule(a_uuid(900), wanted(to_folder=True), house.head(NEXT))
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        assert sending.send_owed() == (0, 1)
    assert list((tmp_path / "out" / "JMB").iterdir()) == []
    (failed,) = questions.failed(house.head(NEXT))
    assert (failed.fault, failed.said) == ("folder_trouble", "No space left on device")


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_a_letter_a_person_with_the_files_and_once_though_two_run(house: House, sink: MailSink):
    add_schedule(a_uuid(900), wanted(BOSS, OTHER, reports=("portfolio", "ageing")), house.head(NEXT))
    assert sending.send_owed() == (1, 0)
    assert sending.send_owed() == (0, 0)
    assert [whose for whose, _ in sink.letters] == [BOSS, OTHER]
    (letter,) = sink.to(BOSS)
    assert (letter["From"], letter["To"]) == ("laporan@contoh.id", BOSS)
    assert letter["Subject"] == "Laporan Kota Jambi, Senin, 2 Februari 2026"
    text = letter.get_body()
    assert text is not None
    assert "Portofolio dan PAR" in text.get_content()
    assert [part.get_filename() for part in letter.iter_attachments()] == [
        "2026-02-02-daily-portfolio.csv",
        "2026-02-02-daily-ageing.csv",
    ]
    assert OTHER not in letter.as_string()
    assert letter["Message-ID"] != sink.to(OTHER)[0]["Message-ID"]


def test_whoever_holds_it_sends_it_and_nobody_else(house: House, sink: MailSink, monkeypatch: pytest.MonkeyPatch):
    schedule = add_schedule(a_uuid(900), wanted(BOSS), house.head(NEXT))
    assert operations.claim(questions.job_of(schedule), LENT_ON, "another") is True
    assert sending.send_owed() == (0, 0)
    once_rested(monkeypatch)  # the other has died
    assert sending.send_owed() == (1, 0)
    assert len(sink.letters) == 1


def test_what_one_address_refuses_keeps_it_from_no_other_and_is_tried_again_alone(
    house: House, sink: MailSink, monkeypatch: pytest.MonkeyPatch
):
    schedule = add_schedule(a_uuid(900), wanted(BOSS, OTHER, to_folder=True), house.head(NEXT))
    sink.refuses = {BOSS}
    assert sending.send_owed() == (0, 1)
    assert [whose for whose, _ in sink.letters] == [OTHER]
    (failed,) = questions.failed(house.head(NEXT))
    assert (failed.fault, failed.said, failed.tries) == ("mail_address", "550 5.1.1 nobody here", 1)
    assert sending.send_owed() == (0, 0), "it rests first"
    sink.refuses = set()
    once_rested(monkeypatch)
    assert sending.send_owed() == (1, 0)
    assert [whose for whose, _ in sink.letters] == [OTHER, BOSS]
    assert run_of(schedule).result == {"sent": ["folder", OTHER, BOSS]}
    assert questions.failed(house.head(NEXT)) == []


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_refused_by_the_server_it_is_free_again_as_soon_as_somebody_asks(house: House, sink: MailSink):
    add_schedule(a_uuid(900), wanted(BOSS, OTHER), house.head(NEXT))
    sink.closed = True
    assert sending.send_owed() == (0, 1)
    assert questions.failed(house.head(NEXT))[0].said == "451 later, please"
    sink.closed = False
    assert operations.run_again(house.person("srg-head", NEXT)) == 0, "another unit's is not hers to ask for"
    assert sending.send_owed() == (0, 0)
    assert operations.run_again(house.head(NEXT)) == 1
    assert sending.send_owed() == (1, 0)
    assert len(sink.letters) == 2


@pytest.mark.parametrize(("url", "fault"), [
    ("smtp://127.0.0.1:1", "mail_away"), (None, "mail_not_set_up"),
])  # fmt: skip
@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_a_server_that_is_away_is_told_as_that(house: House, sink: MailSink, url: str | None, fault: str):
    add_schedule(a_uuid(900), wanted(BOSS), house.head(NEXT))
    open_to(None, url)
    assert sending.send_owed() == (0, 1)
    assert questions.failed(house.head(NEXT))[0].fault == fault


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_what_goes_over_a_wire_goes_encrypted_or_not_at_all(house: House, sink: MailSink, monkeypatch: pytest.MonkeyPatch):
    add_schedule(a_uuid(900), wanted(BOSS), house.head(NEXT))
    monkeypatch.setattr(delivery, "_is_this_machine", lambda host: False)
    open_to(None, sink.url)
    assert sending.send_owed() == (0, 1)
    assert questions.failed(house.head(NEXT))[0].fault == "mail_not_safe"
    open_to(None, sink.url.replace("smtp://", "smtp://boss:s%40ndi@") + "?starttls=no")
    operations.run_again(house.head(NEXT))
    assert sending.send_owed() == (1, 0)
    assert len(sink.logins) == 1


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_it_sends_what_its_owner_may_see_and_nothing_once_she_may_not(house: House, sink: MailSink, tmp_path: Path):
    admin = house.person("admin", NEXT)
    add_schedule(a_uuid(900), wanted(to_folder=True), admin)
    add_schedule(a_uuid(901), wanted(to_folder=True), house.person("srg-head", NEXT))  # her unit has lent nothing: no night to wait for
    add_schedule(a_uuid(902), wanted(to_folder=True, reports=("ageing",)), house.head(NEXT))
    session.rollback()
    with raw_sqlite(db.engine.url.render_as_string()) as file:  # past the house's guards: she has left
        file.execute(f"UPDATE {User.__tablename__} SET active = 0 WHERE username = 'head'")
        file.commit()
    assert sending.send_owed() == (1, 1)
    (sums,) = (tmp_path / "out").rglob("*.csv")
    assert sums.parent.name == "semua-unit"
    assert "Kota Jambi" in sums.read_text(encoding="utf-8")
    assert "Melati" not in sums.read_text(encoding="utf-8")
    assert [(one.fault, one.said) for one in questions.failed(admin)] == [("owner_may_not", "Ibu head")]
    assert questions.failed(house.head(NEXT)) == questions.failed(admin)


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_nights_that_come_late_are_caught_up_each_once(house: House, sink: MailSink, tmp_path: Path):
    add_schedule(a_uuid(900), wanted(to_folder=True), house.head(NEXT))
    clock.fix(LENT_ON + timedelta(days=10))
    close_date(LENT_ON + timedelta(days=9), "test")
    assert sending.send_owed() == (7, 0)
    names = sorted(path.name[:10] for path in (tmp_path / "out" / "JMB").iterdir())
    assert names == [f"2026-02-{number:02}" for number in range(5, 12)]


def test_a_schedule_is_set_up_once_changed_by_its_unit_and_stopped_for_ever(house: House, sink: MailSink):
    head, admin = house.head(NEXT), house.person("admin", NEXT)
    schedule = add_schedule(a_uuid(900), wanted(BOSS), head)
    assert add_schedule(a_uuid(900), wanted(BOSS), head) == schedule
    assert refused(lambda: add_schedule(a_uuid(900), wanted(BOSS), admin)).code == "key_reused"
    assert faults(refused(lambda: add_schedule(a_uuid(902), wanted(), head))) == [("to_folder", "nowhere_to_send")]
    assert change_schedule(schedule, wanted(BOSS), head) is False
    assert change_schedule(schedule, wanted(OTHER), head) is True
    assert [one.addresses for one in questions.schedules(head)] == [[OTHER]]
    for stranger in (admin, house.person("srg-head", NEXT)):
        assert refused(lambda who=stranger: change_schedule(schedule, wanted(BOSS), who)).code == "not_found"  # type: ignore[misc]
    assert refused(lambda: stop_schedule(schedule, house.person("srg-head", NEXT))).code == "not_found"
    assert [one.id for one in questions.schedules(admin)] == [schedule]
    for _ in range(2):
        stop_schedule(schedule, admin)
    assert questions.schedules(head) == []
    assert refused(lambda: change_schedule(schedule, wanted(BOSS), head)).code == "not_found"
    assert sending.send_owed() == (0, 0)


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_who_may_not(house: House, sink: MailSink):
    def not_allowed(by: Actor) -> bool:
        return refused(lambda: add_schedule(a_uuid(900), wanted(BOSS), by)).code == "not_allowed"

    assert all(not_allowed(house.person(name, NEXT)) for name in ("officer", "cashier", "auditor", "city", "mentor"))
