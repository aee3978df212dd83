"""A group's calendar as pages: what was held, what is planned, and moving a meeting, its effect shown before it is stored."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from lending.actions import calendars as acts
from lending.actions.replanning import CalendarChange, DueMoved
from lending.domain.access import Actor, Permission, Role
from lending.domain.lifecycle import RUNS
from lending.domain.refusals import NotFound
from lending.queries import calendars as questions
from lending.queries import groups, loans
from lending.web.groups import forms
from lending.web.groups.routes import Shown, pages
from lending.web.guards import needs
from lending.web.login import me

BEHIND, AHEAD = 4, 10
"""So many meetings are shown of what was and of what comes, until somebody asks for all."""


@pages.get("/groups/<int:group_id>/calendar")
@needs(Permission.SEE_GROUPS)
def calendar(group_id: int) -> str:
    """The meetings around today, or all of them; and every move that changed a date, newest first."""
    by = me()
    meetings = questions.calendar(by, group_id)
    everything = request.args.get("all") == "1"
    now = next((place for place, one in enumerate(meetings) if one.planned_on >= by.today), len(meetings))
    shown = meetings if everything else meetings[max(0, now - BEHIND) : now + AHEAD]
    moves = questions.moves(by, group_id)
    return render_template(
        "groups/calendar.html",
        about=groups.group(by, group_id).about,
        meetings=shown,
        left_out=len(meetings) - len(shown),
        everything=everything,
        moves=moves,
        undoable={one.id for one in moves if _may_undo(by, one)},
        may_shift=by.role is not Role.OFFICER,
    )


def _may_undo(by: Actor, move: questions.MoveListed) -> bool:
    """By the rules of the act, asked without doing it; that a meeting was recorded meanwhile, only the act finds out."""
    if not by.may(Permission.MOVE_MEETINGS) or move.undone or move.undoes is not None or move.of_holiday:
        return False
    if any(min(from_on, to_on) <= by.today for _seq, from_on, to_on in move.meetings):
        return False
    short = len(move.meetings) == 1 and all(abs(to_on - from_on) <= acts.OFFICERS_REACH for _seq, from_on, to_on in move.meetings)
    return by.role is not Role.OFFICER or short


@pages.route("/groups/<int:group_id>/meetings/<int:seq>/<any(move, shift):how>", methods=["GET", "POST"])
@needs(Permission.MOVE_MEETINGS)
def move(group_id: int, seq: int, how: str) -> Shown:
    """Move one meeting, or it and all behind it: asked, then shown, and only then stored."""
    by = me()
    about = groups.group(by, group_id).about
    meeting = next((one for one in questions.calendar(by, group_id) if one.seq == seq), None)
    if meeting is None:
        raise NotFound
    form = forms.MoveForm() if how == "move" else forms.ShiftForm()

    def change(*, dry_run: bool) -> CalendarChange:
        how_told: dict[str, Any] = {"dry_run": dry_run, "stands_on": None if dry_run else _seen_on()}
        if how == "move":
            return acts.move_meeting(group_id, seq, form["to"].data, form["reason"].data, by, **how_told)
        return acts.shift_meetings(group_id, seq, form["weeks"].data, form["reason"].data, by, **how_told)

    step = request.form.get("step")
    seen: list[CalendarChange] = []
    if step == "store" and form.done(lambda: seen.append(change(dry_run=False))):
        flash(_("Jadwal diubah: %(count)s pertemuan.", count=len(seen[0].meetings)), "good")
        return redirect(url_for("groups.calendar", group_id=group_id), 303)
    if step == "preview":
        form.done(lambda: seen.append(change(dry_run=True)))
    effect = seen[0] if seen else None
    page = render_template(
        "groups/move.html",
        form=form,
        about=about,
        meeting=meeting,
        how=how,
        effect=effect,
        followers=_followers(by, group_id, effect) if effect else [],
    )
    return page, form.answer_status


def _seen_on() -> date | None:
    """Where the meeting stood on the page that showed the effect: a button pressed twice, or too late, must not move it again."""
    try:
        return date.fromisoformat(request.form.get("stands_on", ""))
    except ValueError:
        return None


@dataclass(frozen=True)
class _Followers:
    """Loans whose due dates change alike: whose they are, the first and the last instalment that moves."""

    names: tuple[str, ...]
    first: DueMoved
    last: DueMoved


def _followers(by: Actor, group_id: int, effect: CalendarChange) -> list[_Followers]:
    """What follows the meetings, told once for all loans to which the same happens: most loans of a group began together."""
    running = loans.loans(by, group_id=group_id, states=RUNS)
    whose = {one.id: one.member_name for one in running}
    alike: dict[tuple[DueMoved, DueMoved], list[str]] = {}
    for loan in effect.loans:
        alike.setdefault((loan.dues[0], loan.dues[-1]), []).append(whose[loan.loan_id])
    return [_Followers(tuple(names), first, last) for (first, last), names in alike.items()]


@pages.route("/groups/<int:group_id>/moves/<int:move_id>/undo", methods=["GET", "POST"])
@needs(Permission.MOVE_MEETINGS)
def undo_move(group_id: int, move_id: int) -> Shown:
    """Take a move back: first what would return to where, then a reason."""
    by = me()
    about = groups.group(by, group_id).about
    found = next((one for one in questions.moves(by, group_id) if one.id == move_id), None)
    if found is None:
        raise NotFound
    form = forms.UndoMoveForm()
    if form.done(lambda: acts.undo_move(group_id, move_id, form.reason.data, by)):
        flash(_("Pemindahan dibatalkan. Pertemuan kembali ke tanggal semula."), "watch")
        return redirect(url_for("groups.calendar", group_id=group_id), 303)
    return render_template("groups/undo_move.html", form=form, about=about, move=found), form.answer_status
