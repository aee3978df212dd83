"""A picture and its row: both or neither, once, and never more than eight of a visit, however many come at once."""

from functools import partial
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import select

from lending import clock, pictures
from lending.actions import photos as acts
from lending.actions.mentoring import log_visit
from lending.actions.photos import add_photo, sweep_pictures
from lending.database import session
from lending.domain.access import Permission
from lending.domain.refusals import NotAllowed
from lending.models import AuditEvent, Photo
from lending.queries.photos import with_rows
from tests.actions.test_mentoring import ONE, TODAY, a_visit
from tests.furnished import House, a_uuid, all_at_once, codes
from tests.pictures import a_picture


@pytest.fixture
def visited(house: House, tmp_path: Path) -> House:
    pictures.hang_on(current_app._get_current_object(), tmp_path)  # type: ignore[attr-defined]
    log_visit(ONE, a_visit(house), house.officer(TODAY))
    return house


def files() -> list[str]:
    folder: Path = current_app.config["LENDING_PHOTOS"]
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def rows() -> list[Photo]:
    return list(session.scalars(select(Photo).order_by(Photo.n)))


def test_of_twins_one_is_kept_and_the_other_gets_its_answer(visited: House):
    officer, sent = visited.officer(TODAY), a_picture()
    found = all_at_once([partial(add_photo, ONE, a_uuid(71), sent, officer)] * 4)
    assert sorted(known for known, _ in found) == [False, True, True, True]
    assert {tuple(sorted(answer)) for _, answer in found} == {("id", "without_consent")}
    assert [(photo.n, photo.file) for photo in rows()] == [(1, files()[0])]
    assert session.scalars(select(AuditEvent.act).where(AuditEvent.row == f"photo:{a_uuid(71)}")).all() == ["mentoring.add_photo"]


def test_of_ten_at_once_eight_are_kept_and_numbered(visited: House):
    officer = visited.officer(TODAY)
    found = all_at_once([partial(add_photo, ONE, a_uuid(70 + number), a_picture(), officer) for number in range(10)])
    assert codes(found) == ["kept"] * 8 + ["too_many_photos"] * 2
    assert [photo.n for photo in rows()] == list(range(1, 9))
    assert sorted(photo.file for photo in rows()) == files()


def test_what_fails_after_the_file_was_written_takes_it_away_again(visited: House, monkeypatch: pytest.MonkeyPatch):
    def fail(*_words: object, **_more: object) -> None:
        assert files()
        raise RuntimeError("power")

    monkeypatch.setattr(acts, "note", fail)
    with pytest.raises(RuntimeError, match="power"):
        add_photo(ONE, a_uuid(71), a_picture(), visited.officer(TODAY))
    assert (rows(), files()) == ([], [])


def test_a_disk_that_fails_half_way_leaves_no_piece(visited: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.fsync", lambda _file: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(Exception, match="disk_full"):
        add_photo(ONE, a_uuid(71), a_picture(), visited.officer(TODAY))
    assert (rows(), files()) == ([], [])


def test_what_a_killed_act_left_is_swept_when_it_is_old(visited: House):
    assert sweep_pictures() == 0
    add_photo(ONE, a_uuid(71), a_picture(), visited.officer(TODAY))
    kept = files()
    folder: Path = current_app.config["LENDING_PHOTOS"]
    (folder / f"{'0' * 32}.jpg").write_bytes(b"left behind")
    assert sweep_pictures() == 0
    later = clock.now().timestamp() + 2 * pictures.GRACE_SECONDS
    assert pictures.sweep(with_rows, later) == 1
    assert files() == kept


def test_whoever_logs_no_visits_sends_no_picture(visited: House):
    with pytest.raises(NotAllowed):
        add_photo(ONE, a_uuid(71), a_picture(), visited.head(TODAY))
    assert not visited.head(TODAY).may(Permission.LOG_VISITS)
