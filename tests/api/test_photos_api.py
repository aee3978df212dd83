"""Photos of a visit through the programs' door: kept once, as pixels only, and seen by those who may see the visit."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from lending import pictures
from lending.actions import groups, members
from lending.queries.check import differences
from tests.api.conftest import UUID, Caller, Village, refused
from tests.api.test_mentoring_api import a_visit
from tests.conftest import TODAY
from tests.makers import a_unit
from tests.pictures import SECRET, a_form, a_picture, from_a_camera, hostile

VISIT, OTHER = UUID.format(1), UUID.format(2)
sqlite_only = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def send(caller: Caller, photo: bytes, id_: str = UUID.format(71), *, visit: str = VISIT) -> TestResponse:
    return caller.call("POST", f"/visits/{visit}/photos", **a_form(id=id_, photo=photo))


def files(village: Village) -> list[Path]:
    folder: Path = village.house.app.config["LENDING_PHOTOS"]
    return sorted(folder.iterdir()) if folder.is_dir() else []


def seen(caller: Caller, id_: str = UUID.format(71), size: str = "") -> Image.Image:
    answer = caller.get(f"/photos/{id_}{size}")
    assert answer.status_code == 200
    return Image.open(BytesIO(answer.get_data()))


@pytest.fixture
def visited(village: Village) -> Village:
    officer = village["officer"]
    officer.ok(officer.put(f"/visits/{VISIT}", a_visit(village)), 201)
    return village


def test_a_photo_is_kept_once_and_the_same_again_is_the_same_answer(visited: Village):
    officer, photo = visited["officer"], a_picture()
    first = officer.ok(send(officer, photo), 201)
    assert first["id"] == UUID.format(71)
    assert officer.ok(send(officer, photo)) == first
    assert officer.ok(send(officer, photo, UUID.format(71).upper())) == first
    assert refused(send(officer, a_picture(colour="green")))[:2] == (422, "key_reused")
    officer.ok(officer.put(f"/visits/{OTHER}", a_visit(visited)), 201)
    assert refused(send(officer, photo, visit=OTHER))[:2] == (422, "key_reused")
    assert officer.ok(send(officer, photo, UUID.format(72)), 201)["id"] == UUID.format(72)
    assert officer.ok(officer.get(f"/visits/{VISIT}"))["photos"] == [{"id": UUID.format(71)}, {"id": UUID.format(72)}]
    assert len(files(visited)) == 2
    assert [one.code for one in differences(TODAY)] == []


@sqlite_only
def test_only_its_pixels_are_kept_upright_and_under_a_random_name(visited: Village):
    officer = visited["officer"]
    officer.ok(send(officer, from_a_camera((3_000, 2_000), turned=6) + b"<script>alert(1)</script>"), 201)
    (path,) = files(visited)
    assert path.stem.isalnum()
    assert len(path.stem) == 32
    kept = path.read_bytes()
    for secret in (SECRET, b"<script>", b"Exif", b"GPS"):
        assert secret not in kept
    answer = officer.get(f"/photos/{UUID.format(71)}")
    assert answer.get_data() == kept
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    picture = seen(officer)
    assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (1_067, 1_600), {})
    assert picture.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
    red, _green, blue = picture.convert("RGB").getpixel((1_050, 10))  # type: ignore[misc]
    assert blue > 200 > red  # the corner that was at the top left before the camera was turned


@sqlite_only
def test_a_picture_of_every_kind_fits_what_is_given_out(visited: Village):
    officer = visited["officer"]
    noise = BytesIO()
    Image.effect_noise((2_400, 2_400), 120).convert("RGB").save(noise, "JPEG", quality=95)
    sent = {
        73: noise.getvalue(),
        74: a_picture("PNG", (900, 400), mode="RGBA", colour=(0, 0, 0, 0)),
        75: a_picture("PNG", (40, 30), mode="P", colour=1),
        76: a_picture("WEBP", (1_601, 3)),
        77: a_picture("JPEG", (40, 30), mode="CMYK", colour=(0, 0, 0, 0)),
        78: a_picture("PNG", (40, 30), mode="I;16", colour=3),
        79: a_picture("JPEG", (1, 1), mode="L", colour=3),
    }
    for number, photo in sent.items():
        officer.ok(send(officer, photo, UUID.format(number)), 201)
        for size, side in (("", 1_600), ("?size=thumb", 320)):
            answer = officer.get(f"/photos/{UUID.format(number)}{size}")
            assert len(answer.get_data()) <= 400_000
            picture = Image.open(BytesIO(answer.get_data()))
            assert (picture.format, picture.mode) == ("JPEG", "RGB")
            assert max(picture.size) <= side
    assert seen(officer, UUID.format(74)).getpixel((5, 5)) == (255, 255, 255)
    assert refused(officer.get(f"/photos/{UUID.format(73)}?size=huge")) == (400, "shape", "size")


@sqlite_only
def test_what_is_no_whole_picture_is_refused_and_leaves_nothing(visited: Village):
    officer = visited["officer"]
    tried = 0
    for name, content in hostile():
        assert refused(send(officer, content)) == (422, "not_a_photo", "photo"), name
        tried += 1
    assert tried > 70
    assert files(visited) == []
    assert officer.ok(officer.get(f"/visits/{VISIT}"))["photos"] == []
    officer.ok(send(officer, a_picture()), 201)  # a refused id may come again, with a picture


@sqlite_only
def test_a_form_that_is_not_one(visited: Village):
    officer = visited["officer"]

    def no(**sent: Any) -> tuple[int, str, str | None]:
        return refused(officer.call("POST", f"/visits/{VISIT}/photos", **sent))

    id_, photo = UUID.format(71), a_picture()
    assert no(json={"id": id_})[:2] == (415, "wrong_content_type")
    assert no(data=b"", content_type="multipart/form-data; boundary=x") == (400, "required", "id")
    assert no(data=b"--x nonsense", content_type="multipart/form-data") == (400, "required", "id")
    assert no(**a_form(photo=photo)) == (400, "required", "id")
    assert no(**a_form(id=id_)) == (400, "required", "photo")
    assert no(**a_form(id=id_, photo=photo, more="x")) == (400, "unknown_field", "more")
    assert no(**a_form(id="71", photo=photo)) == (400, "shape", "id")
    assert no(**a_form(id=id_, photo="a text")) == (400, "shape", "photo")
    assert no(**a_form(id=id_, photo=[photo, photo])) == (400, "duplicate_key", "photo")
    for size in (15_000_001, 16_000_000):
        assert no(**a_form(id=id_, photo=bytes(size)))[:2] == (413, "too_big")
    assert files(visited) == []


@sqlite_only
def test_eight_photos_and_no_more(visited: Village):
    officer = visited["officer"]
    for number in range(8):
        officer.ok(send(officer, a_picture(), UUID.format(80 + number)), 201)
    assert refused(send(officer, a_picture(), UUID.format(88))) == (422, "too_many_photos", "photo")
    assert len(files(visited)) == 8
    assert len(officer.ok(officer.get(f"/visits/{VISIT}"))["photos"]) == 8


def test_who_may_send_and_who_may_see(visited: Village):
    officer, head = visited["officer"], visited.house.actor("head")
    officer.ok(send(officer, a_picture()), 201)
    a_unit("SRG", city="36.73", name="Kota Serang")
    visited.house.actor("mentor")
    unseen = refused(visited["mentor"].get(f"/photos/{UUID.format(71)}"))
    assert unseen == (404, "not_found", None)
    assert refused(send(visited["mentor"], a_picture(), UUID.format(72))) == (404, "not_found", None)
    groups.assign_mentor(visited.group, "mentor", head, reason="baru")
    for viewer in ("officer", "mentor", "head", "auditor"):
        assert seen(visited[viewer]).size == (64, 48)
    for stranger in ("officer2", "cashier", "admin", "srg-officer", "srg-head"):
        assert refused(visited[stranger].get(f"/photos/{UUID.format(71)}")) == (404, "not_found", None)
        hidden, missing = (visited[stranger].get(f"/photos/{UUID.format(number)}").get_data() for number in (71, 99))
        assert hidden == missing
    assert refused(visited["city"].get(f"/photos/{UUID.format(71)}"))[:2] == (403, "not_allowed")
    assert refused(visited.house.nobody().get(f"/photos/{UUID.format(71)}"))[:2] == (401, "not_signed_in")
    assert refused(send(visited["mentor"], a_picture(), UUID.format(72)))[:2] == (403, "not_yours")
    assert refused(send(visited["officer2"], a_picture(), UUID.format(72))) == (404, "not_found", None)
    assert refused(send(visited["officer"], a_picture(), UUID.format(72), visit=UUID.format(9))) == (404, "not_found", None)
    for wrong_role in ("head", "cashier", "auditor", "city", "admin"):
        assert refused(send(visited[wrong_role], a_picture(), UUID.format(72)))[:2] == (403, "not_allowed")
    # A group that goes to another officer takes its pictures along; the author keeps hers.
    visited.house.actor("officer2")
    groups.assign_officer(visited.group, "officer2", head, from_on=TODAY, reason="pindah")
    for viewer in ("officer", "officer2"):
        assert seen(visited[viewer]).size == (64, 48)


@sqlite_only
def test_names_that_lead_elsewhere_lead_nowhere(visited: Village):
    officer = visited["officer"]
    officer.ok(send(officer, a_picture()), 201)
    (path,) = files(visited)
    own = UUID.format(71)
    names = (path.name, "../lending.db", "..%2Flending.db", "%2e%2e/%2e%2e/etc/passwd", f"{own}.jpg", f"{own}%00", f"{own}/..", "1", "x")
    for name in names:
        assert officer.get(f"/photos/{name}").status_code in (400, 404), name


def test_a_woman_who_has_not_agreed_is_named_in_a_warning(visited: Village):
    officer, by = visited["officer"], visited.house.actor("officer")
    (member,) = a_visit(visited)["members"]
    members.record_consent(member, "photo", by, given=True, on=TODAY)
    assert officer.ok(send(officer, a_picture()), 201)["warnings"] == []
    members.record_consent(member, "photo", by, given=False, on=TODAY)
    (warning,) = officer.ok(send(officer, a_picture(), UUID.format(72)), 201)["warnings"]
    assert (warning["at"], warning["code"]) == ("photo", "photo_without_consent")
    assert officer.ok(send(officer, a_picture(), UUID.format(72)))["warnings"] == [warning]


@sqlite_only
def test_check_finds_a_picture_that_is_gone_or_another(visited: Village):
    officer = visited["officer"]
    officer.ok(send(officer, a_picture()), 201)
    assert differences(TODAY) == []
    (path,) = files(visited)
    kept = path.read_bytes()
    path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    assert [(one.code, one.row) for one in differences(TODAY)] == [("V18", f"photo:{UUID.format(71)}")]
    path.unlink()
    assert [one.what for one in differences(TODAY)] == [f"its file {path.name} is gone"]
    assert refused(officer.get(f"/photos/{UUID.format(71)}")) == (404, "not_found", None)


@sqlite_only
def test_a_full_disk_is_said_and_nothing_is_kept(visited: Village, monkeypatch: pytest.MonkeyPatch):
    officer = visited["officer"]
    monkeypatch.setattr(pictures, "SPARE_BYTES", 10**18)
    assert refused(send(officer, a_picture()))[:2] == (507, "disk_full")
    assert files(visited) == []
    monkeypatch.undo()
    officer.ok(send(officer, a_picture()), 201)


@sqlite_only
def test_a_visit_of_last_month_may_still_get_its_picture(visited: Village):
    officer = visited["officer"]
    officer.ok(officer.put(f"/visits/{OTHER}", a_visit(visited, on=(TODAY - timedelta(days=31)).isoformat(), actions=[])), 201)
    officer.ok(send(officer, a_picture(), visit=OTHER), 201)
