"""An officer's groups given to another as a page: first whose and from when, then which of them, to whom, for how long and why."""

from datetime import date, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from lending import clock
from lending.actions import reassigning as acts
from lending.domain.access import Actor, Permission, Person, Role
from lending.domain.refusals import Refusal
from lending.i18n import words
from lending.queries import accounts, people
from lending.queries import groups as questions
from lending.queries.groups import Served
from lending.web.filters import short_date, weekday
from lending.web.groups.forms import ReassignForm, WhoseForm
from lending.web.groups.routes import Shown, pages
from lending.web.guards import needs
from lending.web.language import language
from lending.web.login import me

A_DAY = timedelta(days=1)


@pages.route("/groups/reassign", methods=["GET", "POST"])
@needs(Permission.ASSIGN_STAFF)
def reassign() -> Shown:
    """All the groups that an officer serves on a day, or some of them, to another officer; with a last day they come back."""
    by = me()
    staff = {one.username: one for one in accounts.roles_of_unit(by.unit_id, Role.OFFICER)} if by.unit_id is not None else {}
    whose = WhoseForm(request.args or None, since=by.today)
    whose.name.choices = [("", _("Pilih …")), *((one.username, one.name) for one in staff.values())]
    asked = bool(request.args) and whose.validate()
    served = questions.served_on(by, whose.since.data) if asked else []
    if not asked or not _has_groups(whose, staff, served, by):
        return render_template("groups/reassign.html", whose=whose, form=None, has_others=len(staff) > 1)
    her, since = staff[whose.name.data], whose.since.data
    hers = [one for one in served if one.officer == her.username]
    form = ReassignForm(groups=[one.id for one in hers])
    form.to.choices = [("", _("Pilih …")), *((one.username, one.name) for one in staff.values() if one is not her)]
    # Pressed twice, they are not hers any more: the act says so, or that nothing more was to do.
    form.groups.choices = [(one.id, _label(one)) for one in served]
    done: list[acts.Reassigned] = []

    def give() -> None:
        told = acts.reassign(
            her.username, form.to.data, by, from_on=since, until=form.until.data, group_ids=form.groups.data, reason=form.reason.data
        )
        done.append(told)

    if form.done(give):
        _say(done[0], her, staff[done[0].to])
        return redirect(url_for("groups.index", officer=done[0].to if since == by.today else her.username), 303)
    form.groups.choices = [(one.id, _label(one)) for one in hers]
    unsent = people.ties(her.user_id, her.role, by.today, clock.now()).unsent if since == by.today else 0
    page = render_template("groups/reassign.html", whose=whose, form=form, has_others=True, her=her, since=since, unsent=unsent)
    return page, form.answer_status


def _has_groups(whose: WhoseForm, staff: dict[str, Person], served: list[Served], by: Actor) -> bool:
    """Whether there is something to give; otherwise the form says what is wrong. What was just sent may have been all she had."""
    since: date = whose.since.data
    if since < by.today:
        whose.blame(Refusal("in_the_past", at="from", on=since))
        return False
    if request.method == "GET" and not any(one.officer == whose.name.data for one in served):
        whose.blame(Refusal("serves_no_group", at="name", name=staff[whose.name.data].name, on=since))
        return False
    return True


def _label(one: Served) -> str:
    """A group among those to choose from; where somebody else takes over later, until when it is hers."""
    when = f"{one.name} · {weekday(one.weekday)} {one.time}"
    return f"{when} · {_('sampai %(day)s', day=short_date(one.last))}" if one.last else when


def _say(done: acts.Reassigned, her: Person, other: Person) -> None:
    count = len(done.groups)
    flash(
        ngettext(
            "%(num)s kelompok %(her)s diserahkan kepada %(other)s mulai %(day)s.",
            "%(num)s kelompok %(her)s diserahkan kepada %(other)s mulai %(day)s.",
            count,
            her=her.name,
            other=other.name,
            day=short_date(done.from_on),
        ),
        "good",
    )
    if done.until is not None:
        flash(_("Kembali kepada %(name)s pada %(day)s.", name=her.name, day=short_date(done.until + A_DAY)), "good")
    for one in done.warnings:
        flash(words.warning(one.code, language()), "watch")
