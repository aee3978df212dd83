"""One late loan: what is known, what comes next, every step that can be written down, and what has happened."""

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lending.domain.access import Actor, Permission, Role
from lending.domain.lifecycle import LoanState
from lending.domain.next_action import NextAction
from lending.queries import accounts, case_history, cases, groups
from lending.queries.cases import Case
from lending.web.addresses import local_path
from lending.web.arrears import contact
from lending.web.arrears.forms import STEPS, step_form
from lending.web.arrears.routes import MOST_GROUPS, pages, quick_forms
from lending.web.guards import needs
from lending.web.login import me

Shown = str | Response | tuple[str, int]


@pages.get("/arrears/<int:loan_id>")
@needs(Permission.SEE_ARREARS)
def case(loan_id: int) -> str:
    """One case; of a loan that is late no more, where to look instead."""
    return _page(me(), loan_id)


@pages.post("/arrears/<int:loan_id>/<any(contact, promise, renteng, proposal, decline, incident, aside, 'take-up', assign):what>")
@needs(Permission.WORK_CASES)
def do(loan_id: int, what: str) -> Shown:
    """Write a step down, and go back to where it was begun; refused, the case is shown with what was typed."""
    by = me()
    about = STEPS[what]
    by.require(about.permission)
    cases.require_loan(by, loan_id)
    form = step_form(what, loan_id, lambda: _choices(what, by, loan_id), sent=True)
    if form.done(lambda: form.keep(form.step(loan_id, by), by)):
        flash(str(about.done), "good")
        back = local_path(request.form.get("next")) or url_for("arrears.case", loan_id=loan_id)
        return redirect(f"{back}#kasus-{loan_id}", 303)
    return _page(by, loan_id, {what: form}), form.answer_status


def _page(by: Actor, loan_id: int, sent: dict[str, Any] | None = None) -> str:
    loan = cases.require_loan(by, loan_id)
    found = cases.find(loan_id, by.today)
    if found is None:
        return render_template(
            "arrears/not_late.html",
            loan_id=loan_id,
            borrower=cases.borrower(loan_id),
            sent=sent or {},
            spells=case_history.spells(loan_id, by.today),
        )
    hours = contact.hours(by)
    return render_template(
        "arrears/case.html",
        one=found,
        on=by.today,
        history=case_history.histories([found], by.today)[loan_id],
        forms_of=_forms(by, found, sent or {}),
        steps=STEPS,
        opened=next(iter(sent), None) if sent else OPENED.get(found.action),
        hours=hours,
        whatsapp=contact.whatsapp(found, hours),
        hers=any(one.id == found.late.group_id for one in groups.groups(by, limit=MOST_GROUPS)),
        may_restructure=by.may(Permission.RESTRUCTURE_LOAN) and loan.state is LoanState.RUNNING,
    )


OPENED = {NextAction.PROMISE: "promise", NextAction.RENTENG: "renteng", NextAction.PROPOSE: "proposal", NextAction.INCIDENT: "incident"}
"""Which form stands open, when its step comes next."""


def _forms(by: Actor, one: Case, sent: dict[str, Any]) -> dict[str, Any]:
    """The steps that she may take now, each with its form."""
    if not by.may(Permission.WORK_CASES):
        return {}
    given = quick_forms(by, one)
    offered: dict[str, Any] = {}
    for what, about in STEPS.items():
        fits = {
            "proposal": not one.situation.waits_for_head,
            "decline": one.situation.waits_for_head,
            "aside": one.aside is None,
            "take-up": one.aside is not None,
        }.get(what, True)
        if by.may(about.permission) and (fits or what in sent):
            choices = partial(_choices, what, by, one.late.loan_id)
            offered[what] = sent.get(what) or given.get(what) or step_form(what, one.late.loan_id, choices)
    return offered


def _choices(what: str, by: Actor, loan_id: int) -> list[tuple[str, str]]:
    """The women of her group who could help, or the officers of the unit."""
    if what == "assign" and by.unit_id is not None:
        return [(one.username, one.name) for one in accounts.roles_of_unit(by.unit_id, Role.OFFICER)]
    if what == "renteng":
        return [(str(member), name) for member, name in cases.who_could_help(loan_id, by.today)]
    return []
