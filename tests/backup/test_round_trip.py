"""A house taken away in one file and put down elsewhere is the same house: rows, photos, guards, numbers; and it goes on from there."""

import tarfile
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from config import Settings
from lending import pictures
from lending.actions.cash import Transfer, transfer
from lending.actions.mentoring import log_visit
from lending.actions.photos import add_photo
from lending.actions.sealing import unseal
from lending.backup.restore import restore
from lending.backup.take import take
from lending.database import session
from lending.domain.mentoring import NewVisit, VisitPlace
from lending.models import Base, Member, SentOnce
from lending.queries.check import differences
from tests.backup.conftest import MakePlace
from tests.conftest import TODAY
from tests.faults.numbers import times
from tests.furnished import FIRST_DUE, LENT_ON, House, a_record, a_uuid, opened
from tests.pictures import a_picture

UNDER_LOAD = times(2, 20)
"""Backups taken while others write, on each database."""


def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with opened(url):
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr) for table in Base.metadata.sorted_tables
        }


def test_all_of_it_comes_back(house: House, here: Settings, a_place: MakePlace, tmp_path: Path):
    a_record(house, 1)
    file = tmp_path / "backup.tar"
    taken = take(here, file)
    there = a_place()
    back = restore(there, file, TODAY)
    assert (back.proof.differences, back.proof.entries, back.proof.head, back.photos) == ((), taken.entries, taken.head, 2)
    assert everything(there.database_url) == everything(here.database_url)
    assert (there.data_dir / "photos/ab/first.jpg").read_bytes() == (here.data_dir / "photos/ab/first.jpg").read_bytes()
    assert sorted(path.name for path in (there.data_dir / "photos").rglob("*.jpg")) == ["first.jpg", "second.jpg"]
    assert not [path for path in there.data_dir.iterdir() if path.name.startswith(".")]


def test_the_house_goes_on_where_it_was_put_down(house: House, here: Settings, a_place: MakePlace, tmp_path: Path):
    file = tmp_path / "backup.tar"
    take(here, file)
    there = a_place()
    restore(there, file, TODAY)
    with opened(there.database_url):
        kept = a_record(house, 1)
        assert (kept.receipt, kept.total) == ("JMB-2026-000001", 600_000)
        assert differences(FIRST_DUE) == []
        woman = session.get_one(Member, house.women[0])
        assert unseal(woman.nik_sealed, "nik", woman.number)[-4:] == woman.nik_last4


def test_a_photo_comes_back_with_its_row(house: House, here: Settings, a_place: MakePlace, tmp_path: Path):
    # The app itself and not the proxy, which is typed as the app and so hides the way to it.
    pictures.hang_on(current_app._get_current_object(), here.data_dir)  # type: ignore[attr-defined]
    visit = NewVisit(LENT_ON, datetime(2026, 2, 2, 3, tzinfo=UTC), VisitPlace.MEETING, "Ramai.", group=house.melati)
    log_visit(a_uuid(71), visit, house.officer(LENT_ON))
    add_photo(a_uuid(71), a_uuid(72), a_picture(), house.officer(LENT_ON))
    file = tmp_path / "backup.tar"
    assert take(here, file).photos == 3
    assert restore(a_place(), file, TODAY).proof.differences == ()


def test_the_file_is_a_plain_archive_without_any_key(house: House, here: Settings, tmp_path: Path):
    file = tmp_path / "backup.tar"
    take(here, file)
    with tarfile.open(file) as archive:
        names = archive.getnames()
    assert names[-1] == "manifest.json"
    assert [name for name in names if name.startswith("photos/")] == ["photos/ab/first.jpg", "photos/second.jpg"]
    content = file.read_bytes()
    assert here.master_key.encode() not in content
    assert here.secret.encode() not in content
    assert file.stat().st_mode & 0o077 == 0


def test_a_newer_backup_takes_the_place_of_an_older_one(house: House, here: Settings, a_place: MakePlace, tmp_path: Path):
    file = tmp_path / "backup.tar"
    first = take(here, file)
    a_record(house, 1)
    second = take(here, file)
    assert second.entries > first.entries
    assert restore(a_place(), file, TODAY).proof.entries == second.entries
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == ["backup.tar"]


@contextmanager
def writing_all_the_while(house: House):
    """Two people move money without a pause; yields the ids of what was answered so far."""
    # The app itself, for other threads; the proxy is typed as the app and so hides the way to it.
    app, answered, enough = current_app._get_current_object(), [], threading.Event()  # type: ignore[attr-defined]

    def write(first: int) -> None:
        with app.app_context():
            for number in range(first, first + 100_000):
                if enough.is_set():
                    break
                transfer(Transfer(a_uuid(number), LENT_ON, 1_000, "bank", "vault", "ambil"), house.person("cashier", LENT_ON))
                answered.append(a_uuid(number))
            session.remove()

    people = [threading.Thread(target=write, args=(first,)) for first in (1_000_000, 2_000_000)]
    for person in people:
        person.start()
    try:
        yield answered
    finally:
        enough.set()
        for person in people:
            person.join()


def test_a_backup_taken_while_others_write_has_what_was_answered_before(house: House, here: Settings, a_place: MakePlace, tmp_path: Path):
    before: list[set[str]] = []
    with writing_all_the_while(house) as answered:
        for nth in range(UNDER_LOAD):
            while len(answered) < 5 * (nth + 1):
                threading.Event().wait(0.001)
            before.append(set(answered))
            take(here, tmp_path / f"{nth}.tar")
        while len(answered) == len(before[-1]):
            threading.Event().wait(0.001)
    for nth, there in enumerate(a_place() for _ in range(UNDER_LOAD)):
        back = restore(there, tmp_path / f"{nth}.tar", TODAY)
        assert back.proof.differences == ()
        with opened(there.database_url):
            assert before[nth] <= set(session.scalars(select(SentOnce.uuid)))
