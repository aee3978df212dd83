"""Mentoring at the desk: a visit logged once, promises told whole and followed up, and lists that say what is overdue."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from lending.actions import mentoring as acts
from lending.actions.photos import add_photo
from lending.domain.mentoring import ActionOwner, Followed, NewAction, NewVisit, Outcome, Topic, VisitPlace
from lending.queries import mentoring
from tests.conftest import TODAY
from tests.furnished import House, only_sqlite
from tests.pictures import a_picture
from tests.web.desk import said_at, typed, words

pytestmark = only_sqlite

TOLD = {
    "on": TODAY.isoformat(),
    "started_at": "09:30",
    "ended_at": "10:15",
    "place": "home",
    "trigger": "arrears",
    "topics": ["pembukuan", "kemasan"],
    "findings": "Warung ramai.\nBuku kas kosong.",
    "actions__0__what": "Isi buku kas tiap malam",
    "actions__0__owner": "member",
    "actions__0__due": (TODAY + timedelta(days=14)).isoformat(),
}


def log(house: House, uuid: str | None = None, **more: str) -> str:
    """The address of a form for a visit to Melati."""
    return f"/visits/{uuid or uuid4()}/log?" + "&".join(f"{name}={value}" for name, value in {"group": str(house.melati), **more}.items())


def a_visit(house: House, days_ago: int = 10, **told: Any) -> tuple[str, list[int]]:
    """A visit of the officer's to Melati with one promise, due three days later: its uuid and the ids of what was agreed."""
    by = house.officer(TODAY - timedelta(days=days_ago))
    usual: dict[str, Any] = {
        "on": by.today,
        "started_at": datetime.combine(by.today, time(9), UTC),
        "place": VisitPlace.MEETING,
        "findings": "Sepi.",
        "topics": (Topic.NIB,),
        "actions": (NewAction("Urus NIB", ActionOwner.MEMBER, by.today + timedelta(days=3)),),
        "group": house.melati,
    }
    uuid = str(uuid4())
    kept = acts.log_visit(uuid, NewVisit(**{**usual, **told}), by)
    return uuid, [one.id for one in kept.actions]


# ---- who sees what ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "lists", "visit", "form"),
    [
        ("officer", 200, 200, 303), ("officer2", 200, 404, 404), ("head", 200, 200, 403), ("auditor", 200, 200, 403),
        ("mentor", 200, 404, 404), ("srg-head", 200, 404, 403), ("cashier", 403, 403, 403), ("city", 403, 403, 403),
        ("admin", 403, 403, 403),
    ],
)  # fmt: skip
def test_a_visit_is_there_for_those_whose_group_was_visited(desk, house: House, who, lists, visit, form):
    uuid, _ = a_visit(house)
    at = desk(who)
    assert {at.status("/visits"), at.status("/actions")} == {lists}
    assert (at.status(f"/visits/{uuid}"), at.status(log(house, uuid))) == (visit, form)


def test_a_mentor_logs_visits_to_her_groups_from_the_day_on_which_she_has_them(desk, house: House):
    head, mentor = desk("head"), desk("mentor")
    assert "Belum ada kelompok" in mentor.text("/visits/new")
    head.follow(head.send(f"/groups/{house.melati}/mentor", mentor="mentor", from_=TODAY.isoformat(), reason="baru"))
    assert "Melati" in mentor.text("/visits/new")
    assert "Kunjungan disimpan" in mentor.follow(mentor.send(log(house), **TOLD))


# ---- logging one -----------------------------------------------------------------------------------------------------------------------


def test_first_the_group_then_a_form_with_a_key_of_its_own(desk, house: House):
    at = desk("officer")
    assert "Pilih" in at.text("/visits/new")
    first, second = (at.client.get(f"/visits/new?group={house.melati}&member={house.women[2]}&trigger=arrears") for _ in range(2))
    assert (first.status_code, first.location != second.location) == (303, True)
    form = at.client.get(first.location)
    checked = re.findall(r"<input[^>]*\bchecked\b[^>]*>", form.text)
    assert any(f'value="{house.women[2]}"' in one and 'name="members"' in one for one in checked)
    assert re.search(r"<option selected value=\"arrears\">", form.text)
    assert at.status("/visits/new?group=999") == 400


def test_a_visit_is_kept_with_what_was_agreed(desk, house: House):
    at, uuid = desk("officer"), str(uuid4())
    seen = at.follow(at.send(log(house, uuid), members=[str(house.women[0]), str(house.women[1])], **TOLD))
    for said in ("Kunjungan disimpan", "Melati 01 , Melati 02", "09.30 WIB – 10.15 WIB", "Pembukuan usaha", "Isi buku kas tiap malam"):
        assert said in seen, said
    assert "Masih berjalan" in seen
    kept = mentoring.visit(house.officer(TODAY), uuid)
    assert kept.about.findings == "Warung ramai.\nBuku kas kosong."
    assert kept.about.members == house.women[:2]
    assert kept.started_at.startswith("2026-11-26T02:30")  # 09.30 in Jambi


def test_the_button_pressed_twice_keeps_one_visit(desk, house: House):
    at, page = desk("officer"), log(house, str(UUID(int=7, version=4)))
    token_page = at.client.get(page)
    token = re.search(r'name="csrf_token" value="([^"]+)"', token_page.text)
    assert token
    sent = {"csrf_token": token[1], **{name.replace("__", "."): value for name, value in TOLD.items()}}
    answers = [at.client.post(page, data=sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert len(mentoring.visits(house.officer(TODAY))) == 1
    assert len(mentoring.actions(house.officer(TODAY))) == 1
    # Another visit under the same key is refused, and the form's own address leads to what was kept.
    other = at.client.post(page, data=sent | {"findings": "Lain."})
    assert other.status_code == 422
    assert "Lain." in other.text
    assert at.client.get(page).location == answers[0].location


def test_every_fault_is_said_at_its_field_and_what_was_typed_stays(desk, house: House):
    wrong = TOLD | {"ended_at": "09:00", "actions__0__what": "", "actions__0__due": ""}
    wrong |= {"actions__2__what": "Cari kemasan", "actions__2__owner": "mentor", "actions__2__due": "2026-11-20"}
    answer = desk("officer").send(log(house), **wrong)
    assert answer.status_code == 422
    assert "sebelum jam mulai" in said_at(answer, "ended_at")
    assert "sebelum hari kunjungan" in said_at(answer, "actions.2.due")
    assert not said_at(answer, "actions.0.due")
    assert typed(answer, "actions.2.what") == "Cari kemasan"
    assert typed(answer, "findings") == TOLD["findings"]
    assert answer.text.count('type="checkbox" value="pembukuan"') == 1
    assert mentoring.visits(house.officer(TODAY)) == []


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("on", "2026-11-27", 422), ("on", "2026-10-25", 422), ("on", "2026-02-30", 400), ("started_at", "24:10", 400), ("place", "", 400),
        ("place", "pasar", 400), ("trigger", "iseng", 400), ("topics", "gosip", 400), ("members", "999", 400), ("findings", " ", 400),
        ("findings", "x" * 2001, 400), ("actions.0.owner", "suami", 400), ("actions.0.due", "", 400), ("actions.0.what", "", 400),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_said_at_its_field(desk, house: House, field, value, status):
    answer = desk("officer").send(log(house), **TOLD | {field.replace(".", "__"): value})
    assert (answer.status_code, bool(said_at(answer, field))) == (status, True)


def test_what_became_of_earlier_promises_is_asked_and_kept(desk, house: House):
    _, (overdue,) = a_visit(house)
    _, (open_still,) = a_visit(house, 1)
    at, page = desk("officer"), log(house)
    assert "lewat 7 hari" in at.text(page)
    seen = at.follow(at.send(page, **TOLD, **{f"outcome__{overdue}": "done", f"outcome__{open_still}": ""}))
    assert "Sudah dikerjakan" in seen
    assert "belum dibahas" not in seen
    assert "Urus NIB" in seen
    left = {one.id: one.state.value for one in mentoring.actions(house.officer(TODAY))}
    assert (left[overdue], left[open_still]) == ("done", "open")
    # Settled, it is not asked again.
    assert f"outcome.{overdue}" not in at.client.get(log(house)).text


def test_an_overdue_promise_left_unmentioned_is_kept_with_a_warning(desk, house: House):
    a_visit(house)
    at = desk("officer")
    assert "Ada tindakan yang lewat tenggat dan belum dibahas" in at.follow(at.send(log(house), **TOLD))


def test_a_promise_followed_before_it_was_made_is_said_at_that_promise(desk, house: House):
    _, (action,) = a_visit(house, 2)
    answer = desk("officer").send(log(house), **TOLD | {"on": (TODAY - timedelta(days=5)).isoformat(), f"outcome__{action}": "done"})
    assert (answer.status_code, bool(said_at(answer, f"outcome.{action}"))) == (422, True)


# ---- the lists -------------------------------------------------------------------------------------------------------------------------


def test_lists_without_rows_say_what_to_do_next(desk):
    officer, head = desk("officer"), desk("head")
    assert "Catat kunjungan sesudah pertemuan" in officer.text("/visits")
    assert "Tidak ada janji di sini" in head.text("/actions")
    assert 'href="/visits/new"' not in head.client.get("/visits").text
    assert "Tidak ada kunjungan yang cocok" in officer.text("/visits?from=2026-01-01&to=2026-01-02")


def test_visits_are_listed_newest_first_and_filtered(desk, house: House):
    a_visit(house, 20, findings="Yang lama.")
    a_visit(house, 2, findings="Yang baru.", members=(house.women[4],))
    at = desk("head")
    seen = at.text("/visits")
    assert seen.index("Yang baru.") < seen.index("Yang lama.")
    assert "Yang lama." not in at.text(f"/visits?from={TODAY - timedelta(days=5)}")
    assert "Yang baru." not in at.text(f"/visits?to={TODAY - timedelta(days=5)}")
    assert "Yang baru." not in at.text(f"/visits?group={house.kenanga}")
    assert "Yang baru." in at.text("/visits?by=officer")
    assert "Yang baru." not in at.text("/visits?by=officer2")
    only = at.text(f"/visits?member={house.women[4]}")
    assert "Hanya kunjungan kepada Melati 05" in only
    assert "Yang lama." not in only


@pytest.mark.parametrize("query", ["from=kemarin", "to=2026-02-30", "group=x", "group=999", "by=nobody"])
def test_a_filter_that_cannot_be_read_is_told(desk, house: House, query):
    answer = desk("head").client.get(f"/visits?{query}")
    assert answer.status_code == 400
    assert "Belum disaring" in words(answer)


@pytest.mark.parametrize("query", ["cursor=x", "cursor=2026-11-26", "cursor=~", "member=abc"])
def test_an_address_that_somebody_made_up_shows_the_beginning(desk, house: House, query):
    a_visit(house)
    assert "Sepi." in desk("head").text(f"/visits?{query}")


def test_long_lists_come_in_pages_that_neither_repeat_nor_miss(desk, house: House, monkeypatch):
    monkeypatch.setattr("lending.web.mentoring.routes.PAGE", 2)
    for nth in range(5):
        a_visit(house, 20 + nth % 2, findings=f"Temuan {nth}.")
    at, path, found = desk("head"), "/visits", []
    while path:
        page = at.client.get(path)
        found += re.findall(r"Temuan \d", page.text)
        following = re.search(r'href="([^"]+)" rel="next"', page.text)
        path = following[1].replace("&amp;", "&") if following else ""
    assert sorted(found) == [f"Temuan {nth}" for nth in range(5)]
    path, promises = "/actions?state=overdue", 0
    while path:
        page = at.client.get(path)
        promises += len(re.findall(r">Urus NIB<", page.text))
        following = re.search(r'href="([^"]+)" rel="next"', page.text)
        path = following[1].replace("&amp;", "&") if following else ""
    assert promises == 5


def test_promises_are_listed_overdue_first_and_by_state(desk, house: House):
    a_visit(house, 20)
    _, (settled,) = a_visit(house, 5, actions=(NewAction("Foto produk", ActionOwner.GROUP, TODAY + timedelta(days=9)),))
    a_visit(house, 1, previous=(Followed(settled, Outcome.DROPPED),), actions=(NewAction("Buka rekening", ActionOwner.MENTOR, TODAY),))
    at = desk("head")
    seen = at.text("/actions")
    assert "lewat 17 hari" in seen
    assert seen.index("Urus NIB") < seen.index("Buka rekening")
    assert "Foto produk" not in seen
    assert "Foto produk" in at.text("/actions?state=dropped")
    assert at.status("/actions?state=lost") == 400
    assert "Tidak ada janji di sini" in at.text(f"/actions?group={house.kenanga}")


def test_a_group_and_a_woman_show_what_was_promised_and_when_she_was_visited(desk, house: House):
    uuid, _ = a_visit(house, 5, members=(house.women[4],))
    at = desk("officer")
    assert "Urus NIB" in at.text(f"/groups/{house.melati}")
    assert f'href="/visits/{uuid}"' in at.client.get(f"/members/{house.women[4]}").text
    assert "Belum pernah dikunjungi" in at.text(f"/members/{house.women[5]}")


# ---- photos ----------------------------------------------------------------------------------------------------------------------------


def test_a_visit_shows_its_photos_each_with_words_and_a_page_of_its_own(desk, doors, house: House):
    uuid, _ = a_visit(house)
    with doors.app_context():
        for _photo in range(2):
            add_photo(uuid, str(uuid4()), a_picture(size=(800, 600)), house.officer(TODAY))
    at = desk("head")
    shown = re.findall(r'<a href="([^"]+)"><img src="([^"]+)" alt="([^"]+)"', at.client.get(f"/visits/{uuid}").text)
    assert [alt for _, _, alt in shown] == ["Foto 1 dari 2, besarkan", "Foto 2 dari 2, besarkan"]
    for page, image, _alt in shown:
        assert at.client.get(image).mimetype == "image/jpeg"
        large = at.client.get(page)
        assert large.status_code == 200
        assert image.split("?")[0] in large.text
        assert 'alt="Foto' in large.text
    assert "Berikutnya" in at.text(shown[0][0])
    assert "Sebelumnya" in at.text(shown[1][0])
    assert at.status(f"/visits/{uuid}/photos/3") == 404
    assert at.status(f"/visits/{uuid}/photos/0") == 404
    assert desk("officer2").status(shown[0][0]) == 404
    assert desk("cashier").status(shown[0][0]) == 403


def test_a_visit_without_photos_says_nothing_of_them(desk, house: House):
    uuid, _ = a_visit(house)
    assert "Foto" not in desk("head").text(f"/visits/{uuid}")
