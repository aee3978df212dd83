"""Mentoring as pages: which visits were made, one visit, and the promises that are still open. Logging one: `log.py`."""

from collections.abc import Sequence
from datetime import date, datetime, time
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lending.domain.access import Actor, Permission, Role
from lending.domain.mentoring import ActionState
from lending.domain.refusals import NotFound
from lending.queries import accounts, groups, photos
from lending.queries import members as women
from lending.queries import mentoring as questions
from lending.web.addresses import whole_number
from lending.web.forms import choices_of
from lending.web.guards import needs
from lending.web.login import me, zone
from lending.web.mentoring import forms

pages = Blueprint("mentoring", __name__)

Shown = str | Response | tuple[str, int]

PAGE = 20
MOST_GROUPS = 200


@pages.get("/visits")
@needs(Permission.SEE_VISITS)
def index() -> Shown:
    """The visits she may see, newest first; of a group, of one woman, of one author, between two days."""
    by = me()
    form = forms.FilterForm(request.args or None)
    form.group.choices = [("", _("Semua")), *groups_offered(by)]
    form.by.choices = [("", _("Semua")), *_authors(by)]
    good = not request.args or form.validate()
    member_id = _id_asked("member")
    found = questions.visits(
        by,
        group_id=form.group.data if good else None,
        member_id=member_id,
        author=(form.by.data or None) if good else None,
        from_on=form.since.data if good else None,
        to_on=form.until.data if good else None,
        limit=PAGE + 1,
        after=_after(),
    )
    rows = found[:PAGE]
    page = render_template(
        "mentoring/index.html",
        form=form,
        visits=rows,
        next=f"{rows[-1].on.isoformat()}~{rows[-1].uuid}" if len(found) > PAGE else None,
        member=women.member(by, member_id) if member_id is not None else None,
        query=_query(("group", "member", "by", "from", "to")),
        overdue=questions.actions(by, state=ActionState.OVERDUE, limit=PAGE + 1) if not request.args else [],
        many=PAGE,
    )
    return page if good else (page, 400)


def groups_offered(by: Actor) -> list[tuple[str, str]]:
    """The groups she may choose from."""
    return [(str(one.id), one.name) for one in groups.groups(by, limit=MOST_GROUPS)]


def _authors(by: Actor) -> list[tuple[str, str]]:
    """Who logs visits in her unit; asked only by those who see more than their own groups."""
    if by.unit_id is None or by.role not in {Role.HEAD, Role.AUDITOR}:
        return []
    people = [*accounts.roles_of_unit(by.unit_id, Role.OFFICER), *accounts.roles_of_unit(by.unit_id, Role.MENTOR)]
    return [(one.username, one.name) for one in people]


def _id_asked(name: str) -> int | None:
    return whole_number(request.args.get(name, ""))


def _after() -> tuple[date, str] | None:
    """Where the next page begins: `2026-11-26~uuid` of the last visit shown."""
    day, _tilde, uuid = request.args.get("cursor", "").partition("~")
    try:
        return (date.fromisoformat(day), uuid) if uuid else None
    except ValueError:
        return None


def _query(names: Sequence[str]) -> str:
    """The same filters, for the export."""
    asked = [(name, value) for name, value in request.args.items() if name in names and value]
    return f"?{urlencode(asked)}" if asked else ""


@pages.get("/visits/<uuid:uuid>")
@needs(Permission.SEE_VISITS)
def visit(uuid: object) -> str:
    """One visit: who was visited, what was found, what was agreed and where that stands today."""
    found = questions.visit(me(), str(uuid))
    return render_template(
        "mentoring/visit.html",
        visit=found,
        about=found.about,
        women=questions.visited(found.about.uuid),
        followed=questions.followed_up(found.about.uuid),
        photos=photos.of_visits([found.about.uuid]).get(found.about.uuid, []),
        started_at=_on_the_wall(found.started_at),
        ended_at=_on_the_wall(found.ended_at) if found.ended_at else None,
    )


@pages.get("/visits/<uuid:uuid>/photos/<int:n>")
@needs(Permission.SEE_VISITS)
def photo(uuid: object, n: int) -> str:
    """One picture of a visit, as large as we have it, with a way to the others."""
    found = questions.visit(me(), str(uuid))
    pictures = photos.of_visits([found.about.uuid]).get(found.about.uuid, [])
    if not 0 < n <= len(pictures):
        raise NotFound
    return render_template("mentoring/photo.html", about=found.about, photo=pictures[n - 1], of=len(pictures))


def _on_the_wall(moment: str) -> time:
    """The hour that the clock of whoever looks showed at that moment."""
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(zone())).time()


@pages.get("/actions")
@needs(Permission.SEE_VISITS)
def actions() -> Shown:
    """What was promised and is not done: first what is overdue, then what still runs; or one state alone, page by page."""
    by = me()
    form = forms.ActionFilterForm(request.args or None)
    form.state.choices = choices_of(ActionState, empty=_("Belum selesai"))
    form.group.choices = [("", _("Semua")), *groups_offered(by)]
    good = not request.args or form.validate()
    group_id = form.group.data if good else None
    chosen = ActionState(form.state.data) if good and form.state.data else None
    after = _after_due() if chosen else None
    lists = []
    for state in (chosen,) if chosen else (ActionState.OVERDUE, ActionState.OPEN):
        found = questions.actions(by, state=state, group_id=group_id, limit=PAGE + 1, after=after)
        lists.append((state, found[:PAGE], len(found) > PAGE))
    page = render_template(
        "mentoring/actions.html",
        form=form,
        lists=lists,
        chosen=chosen,
        next=f"{lists[0][1][-1].due.isoformat()}~{lists[0][1][-1].id}" if chosen and lists[0][2] else None,
        query=_query(("state", "group")),
    )
    return page if good else (page, 400)


def _after_due() -> tuple[date, int] | None:
    day, _tilde, action_id = request.args.get("cursor", "").partition("~")
    try:
        return (date.fromisoformat(day), int(action_id)) if action_id else None
    except ValueError:
        return None
