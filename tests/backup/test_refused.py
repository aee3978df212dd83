"""What is not put back: a file that was cut or changed anywhere, another key, a newer schema, a place that is not empty. Nothing stays."""

import hashlib
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import current_app

from config import Settings
from lending import schema
from lending.app import create_app
from lending.backup import archive
from lending.backup.restore import restore
from lending.backup.take import take
from lending.domain.refusals import Refusal
from tests.backup.conftest import MakePlace
from tests.conftest import TODAY, serving
from tests.furnished import House

only_sqlite = pytest.mark.parametrize("house", ["sqlite"], indirect=True)

POINTS = 60


@pytest.fixture
def file(house: House, here: Settings, tmp_path: Path) -> Path:
    path = tmp_path / "backup.tar"
    take(here, path)
    return path


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as no:
        act()
    return no.value.code


def what_lies_in(place: Settings) -> list[tuple[str, int]]:
    return sorted((str(path.relative_to(place.data_dir)), path.stat().st_size) for path in place.data_dir.rglob("*"))


@only_sqlite
def test_a_file_that_was_cut_or_changed_anywhere_is_refused(file: Path, a_place: MakePlace, tmp_path: Path):
    whole, dice = file.read_bytes(), random.Random(20261126)
    there, hurt = a_place(), tmp_path / "hurt.tar"
    before = what_lies_in(there)
    # At the very ends and beginnings, in the headers, in the manifest, and anywhere.
    ends = [0, 1, 511, 512, 513, len(whole) // 2, len(whole) - 1100, len(whole) - 600, len(whole) - 100, len(whole) - 2, len(whole) - 1]
    for at in ends + [dice.randrange(len(whole)) for _ in range(POINTS)]:
        hurt.write_bytes(whole[:at])
        assert refused(lambda: restore(there, hurt, TODAY)) == "backup_damaged", f"cut at {at}"
        hurt.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << dice.randrange(8)]) + whole[at + 1 :])
        assert refused(lambda: restore(there, hurt, TODAY)) == "backup_damaged", f"changed at {at}"
    hurt.write_bytes(whole + b"\n")
    assert refused(lambda: restore(there, hurt, TODAY)) == "backup_damaged"
    assert what_lies_in(there) == before
    assert restore(there, file, TODAY).proof.differences == ()


def sealed_anew(content: bytes) -> bytes:
    """The file with the seal that somebody without the key can make."""
    body = content[: -archive._SEAL_BYTES]
    return body + archive._SEAL + hashlib.sha256(body).hexdigest().encode() + b"\n"


@only_sqlite
@pytest.mark.parametrize("change", [
    lambda content: content.replace(b'"entries": ', b'"entries":1', 1),
    lambda content: content.replace(b" a photo ", b" A photo ", 1),
    lambda content: content.replace(b'"name": "photos/second.jpg"', b'"name": "photos/secont.jpg"', 1),
], ids=["the manifest", "a part", "a name"])  # fmt: skip
def test_who_seals_a_changed_file_anew_has_no_key_for_its_manifest(file: Path, a_place: MakePlace, change: Callable[[bytes], bytes]):
    changed = change(file.read_bytes())
    assert changed != file.read_bytes()
    file.write_bytes(sealed_anew(changed))
    assert refused(lambda: restore(a_place(), file, TODAY)) == "backup_damaged"


@only_sqlite
@pytest.mark.parametrize("content", [b"", b"not a backup", b"\0" * 20_480, b'{"format": 1}', b"PK\x03\x04" * 400])
def test_what_never_was_a_backup_is_refused(a_place: MakePlace, here: Settings, tmp_path: Path, content: bytes):
    for body in (content, sealed_anew(content + b"." * archive._SEAL_BYTES)):
        (tmp_path / "other").write_bytes(body)
        assert refused(lambda: restore(a_place(), tmp_path / "other", TODAY)) == "backup_damaged"


@only_sqlite
def test_a_file_that_is_not_there(a_place: MakePlace, here: Settings, tmp_path: Path):
    assert refused(lambda: restore(a_place(), tmp_path / "nothing.tar", TODAY)) == "no_file"
    assert refused(lambda: restore(a_place(), tmp_path, TODAY)) == "no_file"


@only_sqlite
def test_another_master_key_is_said_to_be_another(file: Path, a_place: MakePlace):
    there = a_place(LENDING_MASTER_KEY="another key of thirty-two letters or more")
    before = what_lies_in(there)
    assert refused(lambda: restore(there, file, TODAY)) == "other_master_key"
    assert what_lies_in(there) == before


def rewritten(file: Path, here: Settings, **told: object) -> None:
    """The same parts under a manifest that says this, signed by the house itself."""
    with archive.opened(file, here.master_key) as backup, archive.written(file.with_name("again.tar")) as writer:
        for part in backup.parts:
            writer.add(part.name, backup.read(part.name), told=part.told)
        kept = {name: value for name, value in backup.manifest.items() if name not in ("key", "signature", "parts")}
        writer.close({**kept, **told}, here.master_key)
    shutil.move(file.with_name("again.tar"), file)


@only_sqlite
def test_a_newer_schema_is_refused(file: Path, here: Settings, a_place: MakePlace):
    rewritten(file, here, schema=f"{int(schema.newest()) + 1:04}")
    assert refused(lambda: restore(a_place(), file, TODAY)) == "schema_too_new"


@only_sqlite
def test_a_newer_kind_of_file_is_refused(file: Path, here: Settings, a_place: MakePlace, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as newer:
        newer.setattr(archive, "FORMAT", archive.FORMAT + 1)
        rewritten(file, here)
    assert refused(lambda: restore(a_place(), file, TODAY)) == "backup_too_new"


@only_sqlite
def test_a_manifest_that_speaks_of_other_books_is_a_difference(file: Path, here: Settings, a_place: MakePlace):
    rewritten(file, here, entries=1)
    assert [one.code for one in restore(a_place(), file, TODAY).proof.differences] == ["V6"]


@only_sqlite
def test_a_date_before_the_newest_is_refused(file: Path, a_place: MakePlace):
    there = a_place(LENDING_TODAY="2026-01-10")
    assert refused(lambda: restore(there, file, TODAY)) == "date_before_data"
    assert not (there.data_dir / "lending.db").exists()


def test_a_place_that_is_not_empty_is_left_alone(file: Path, here: Settings, a_place: MakePlace):
    there = a_place()
    restore(there, file, TODAY)
    before = what_lies_in(there)
    assert refused(lambda: restore(there, file, TODAY)) == "not_empty"
    assert refused(lambda: restore(here, file, TODAY)) == "not_empty"
    assert what_lies_in(there) == before


@only_sqlite
def test_a_set_up_house_is_not_empty_though_nobody_is_in_it(file: Path, a_place: MakePlace):
    there = a_place()
    schema.upgrade(there.database_url)
    assert refused(lambda: restore(there, file, TODAY)) == "not_empty"


@only_sqlite
@pytest.mark.parametrize("name", ["photos/1.jpg", "photos"])
def test_photos_of_somebody_are_not_mixed_with_others(file: Path, a_place: MakePlace, name: str):
    there = a_place()
    path = there.data_dir / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    assert refused(lambda: restore(there, file, TODAY)) == "not_empty"


@only_sqlite
def test_a_folder_with_strangers_in_it_is_not_empty_but_keys_and_backups_may_lie_there(file: Path, a_place: MakePlace):
    there = a_place()
    own = there.data_dir / "weekly.tar"
    shutil.move(file, own)
    (there.data_dir / "master.key").write_text("…")
    (there.data_dir / "somebody.txt").write_text("mine")
    assert refused(lambda: restore(there, own, TODAY)) == "not_empty"
    (there.data_dir / "somebody.txt").unlink()
    assert restore(there, own, TODAY).proof.differences == ()


def test_beside_a_running_server_nothing_is_put(file: Path, here: Settings, a_place: MakePlace):
    there = a_place()
    schema.upgrade(there.database_url)
    app = create_app(there)
    with serving(app):
        assert refused(lambda: restore(there, file, TODAY)) == "not_empty"
    with app.app_context():
        from lending.database import db

        db.engine.dispose()


def test_a_start_that_comes_in_between_keeps_its_place(file: Path, a_place: MakePlace, monkeypatch: pytest.MonkeyPatch):
    there = a_place()

    def upgrade_first(*_: object) -> None:
        schema.upgrade(there.database_url)  # another process, after we looked and before we wrote

    monkeypatch.setattr("lending.backup.restore._judge", upgrade_first)
    assert refused(lambda: restore(there, file, TODAY)) == "not_empty"
    assert [path.name for path in there.data_dir.iterdir() if not path.name.startswith("lending.db")] == ["secret"]


@only_sqlite
def test_something_else_under_that_name_is_not_overwritten(here: Settings, tmp_path: Path):
    mine = tmp_path / "thesis.odt"
    mine.write_bytes(b"x" * 5000)
    assert refused(lambda: take(here, mine)) == "file_in_the_way"
    assert mine.read_bytes() == b"x" * 5000
    assert refused(lambda: take(here, tmp_path)) == "file_in_the_way"
    assert refused(lambda: take(here, tmp_path / "nowhere" / "backup.tar")) == "file_trouble"


@only_sqlite
def test_nothing_is_no_backup(a_place: MakePlace, tmp_path: Path):
    assert refused(lambda: take(a_place(), tmp_path / "backup.tar")) == "nothing_to_back_up"
    assert not (tmp_path / "backup.tar").exists()


@only_sqlite
def test_an_older_schema_is_not_backed_up_by_a_newer_programme(house: House, here: Settings, tmp_path: Path):
    from lending.database import db

    current_app.extensions["sqlalchemy"].engine.dispose()
    db.session.remove()
    schema.move_to(here.database_url, "0001")
    assert refused(lambda: take(here, tmp_path / "backup.tar")) == "schema_not_ours"


@only_sqlite
def test_a_backup_of_the_other_kind_of_database_is_refused(file: Path, here: Settings, a_place: MakePlace):
    rewritten(file, here, database="postgresql")
    assert refused(lambda: restore(a_place(), file, TODAY)) == "other_database"


@only_sqlite
def test_the_manifest_names_every_part(file: Path, here: Settings):
    with archive.opened(file, here.master_key) as backup:
        told = json.loads(json.dumps(backup.manifest))
    assert {"made_at", "database", "schema", "entries", "head", "newest", "format", "parts", "key", "signature"} == set(told)
    assert all(len(part["sha256"]) == 64 for part in told["parts"])
