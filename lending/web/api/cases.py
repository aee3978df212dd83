"""Late loans as work to do, beside `/arrears`: what comes next about each, and every step that can be written down."""

from msgspec.structs import asdict

from lending.actions import cases as acts
from lending.actions.cases import Kept, Step
from lending.domain.access import Actor, Permission
from lending.domain.arrears import FIRST_HOUR, LAST_HOUR, QualityClass
from lending.i18n import words
from lending.queries import cases as questions
from lending.queries.books import unit_asked
from lending.queries.scope import as_of
from lending.web.api.door import Column
from lending.web.api.messages import cases as messages
from lending.web.api.messages.fields import AsOf, Page, or_none, same_uuid
from lending.web.api.paging import Window
from lending.web.arrears import contact as contact_words
from lending.web.language import language

column = Column("cases", "Late loans as work to do")

_WORK, _DECIDE = Permission.WORK_CASES, Permission.DECIDE_CASES


@column.call("GET", "/arrears/cases", needs=Permission.SEE_ARREARS)
def list_cases(by: Actor, asked: messages.CasesAsked, window: Window) -> Page[messages.CaseListed]:
    """Late loans that she works on, most urgent first: broken promises, then the first week, then the oldest.

    Of her groups, and those that the head gave to her. A promise made since the last meeting counts here. With `aside` the loans about
    which nobody is asked for money for now; they stay in `/arrears` and in every figure.
    """
    wanted = questions.Wanted(
        officer=or_none(asked.officer),
        group=or_none(asked.group),
        kelurahan=or_none(asked.kelurahan),
        reason=or_none(asked.reason),
        quality=or_none(asked.quality),
        action=or_none(asked.next_action),
        late=or_none(asked.late),
        words=or_none(asked.q),
        aside=asked.aside,
    )
    whole = questions.cases(by, as_of(by, or_none(asked.on)), unit=unit_asked(by, or_none(asked.unit))[1])
    found = [one for one in whole if wanted.fits(one)]
    order = {one.late.loan_id: (one.urgency, -one.late.days_late, one.late.loan_id) for one in found}
    return window.cut([_listed(one) for one in found], lambda case: order[case.loan])


DAYS_AHEAD = 8
"""A phone does without us for seven days, and today is one."""


@column.call("GET", "/arrears/to-go", needs=_WORK)
def take_along(by: Actor) -> messages.ToGo:
    """Her cases for a phone without a signal: what the worklist says today, whom to call, and in which hours of the coming week.

    Those set aside are not among them: nobody is asked for money there.
    """
    words_of = language()
    items = []
    for one in questions.cases(by, by.today):
        if one.aside is not None:
            continue
        listed, late = _listed(one), one.late
        said = messages.CaseSaid(
            next_action=words.word(one.action, language=words_of),
            why=words.word(one.why, "next_reason", words_of),
            reason=words.word(late.reason, language=words_of) if late.reason else None,
        )
        items.append(
            messages.CaseToGo(
                loan=late.loan_id,
                member=late.member_id,
                name=late.member_name,
                group=late.group_id,
                group_name=late.group_name,
                phone=late.phone,
                days_late=late.days_late,
                weeks_late=late.weeks_late,
                quality=listed.quality,
                overdue=late.overdue,
                oldest_due=late.oldest_due,
                promise=listed.promise,
                contacted_on=listed.contacted_on,
                next_action=listed.next_action,
                said=said,
                text=contact_words.text(one, "{part}"),
            )
        )
    days = [messages.ContactDay(on=day, first_hour=FIRST_HOUR, last_hour=LAST_HOUR) for day in contact_words.lawful_days(by, DAYS_AHEAD)]
    greetings = [messages.Greeting(until_hour=until, part=part) for until, part in contact_words.GREETINGS]
    return messages.ToGo(on=by.today, zone=by.zone, contact=days, greetings=greetings, items=items)


@column.call("GET", "/arrears/cases/{loan}", needs=Permission.SEE_ARREARS)
def get_case(by: Actor, loan: int, asked: AsOf) -> messages.Case:
    """One late loan with what was done about it in this spell; 404 where it is not late that day."""
    found = questions.case(by, loan, as_of(by, or_none(asked.on)))
    steps = [
        messages.StepListed(
            id=event.uuid,
            step=event.step,
            on=event.on,
            recorded_at=event.recorded_at,
            by=event.by,
            means=event.means,
            outcome=event.outcome,
            promise_on=event.promise_on,
            amount=event.amount,
            member=event.member_id,
            kind=event.incident,
            why=event.aside,
            officer=event.assignee,
            note=event.note,
        )
        for event in found.events
    ]
    return messages.Case(**asdict(_listed(found)), steps=steps)


@column.call("POST", "/arrears/cases/{loan}/contact", needs=_WORK, status=(201, 200))
def contact(by: Actor, loan: int, body: messages.NewContact) -> tuple[messages.StepKept, int]:
    """Somebody spoke to her, or tried to. The same id and body again is 200 and the first answer, as with every step."""
    return _kept(acts.record_contact(_step(by, loan, body, or_none(body.note)), body.means, body.outcome, by))


@column.call("POST", "/arrears/cases/{loan}/promise", needs=_WORK, status=(201, 200))
def promise(by: Actor, loan: int, body: messages.NewPromise) -> tuple[messages.StepKept, int]:
    """She says by which day she pays, at most 31 days ahead."""
    return _kept(acts.record_promise(_step(by, loan, body), body.promise_on, or_none(body.amount), by))


@column.call("POST", "/arrears/cases/{loan}/renteng", needs=_WORK, status=(201, 200))
def renteng(by: Actor, loan: int, body: messages.NewRenteng) -> tuple[messages.StepKept, int]:
    """A woman of the group says that she will pay for her: a word, no money. The money is in a meeting's record."""
    return _kept(acts.record_renteng(_step(by, loan, body, or_none(body.note)), body.member, body.amount, by))


@column.call("POST", "/arrears/cases/{loan}/proposal", needs=_WORK, status=(201, 200))
def proposal(by: Actor, loan: int, body: messages.NewReason) -> tuple[messages.StepKept, int]:
    """Ask the head for another schedule. 409 `already_proposed` while one waits."""
    return _kept(acts.propose_schedule(_step(by, loan, body, body.reason), by))


@column.call("POST", "/arrears/cases/{loan}/decline", needs=_DECIDE, status=(201, 200))
def decline(by: Actor, loan: int, body: messages.NewReason) -> tuple[messages.StepKept, int]:
    """The head's no to a proposal. Her yes is `/loans/{id}/restructure`."""
    return _kept(acts.decline_schedule(_step(by, loan, body, body.reason), by))


@column.call("POST", "/arrears/cases/{loan}/incident", needs=_WORK, status=(201, 200))
def incident(by: Actor, loan: int, body: messages.NewIncident) -> tuple[messages.StepKept, int]:
    """Something happened that the head must know: a threat, violence, a complaint of how she was asked."""
    return _kept(acts.report_incident(_step(by, loan, body, body.note), body.kind, by))


@column.call("POST", "/arrears/cases/{loan}/aside", needs=_WORK, status=(201, 200))
def aside(by: Actor, loan: int, body: messages.NewAside) -> tuple[messages.StepKept, int]:
    """Nobody asks her for money for now: she disputes the debt, or is said to have died. The loan stays in every figure."""
    return _kept(acts.set_aside(_step(by, loan, body, body.reason), body.why, by))


@column.call("POST", "/arrears/cases/{loan}/take-up", needs=_DECIDE, status=(201, 200))
def take_up(by: Actor, loan: int, body: messages.NewReason) -> tuple[messages.StepKept, int]:
    """What stood in the way is settled."""
    return _kept(acts.take_up(_step(by, loan, body, body.reason), by))


@column.call("POST", "/arrears/cases/{loan}/assign", needs=_DECIDE, status=(201, 200))
def assign(by: Actor, loan: int, body: messages.NewAssignment) -> tuple[messages.StepKept, int]:
    """Give the case to an officer of the unit; she then sees it beside her own groups' until it closes."""
    return _kept(acts.assign(_step(by, loan, body, or_none(body.note)), body.officer, by))


def _step(by: Actor, loan: int, body: messages.NewStep, note: str | None = None) -> Step:
    return Step(same_uuid(body.id), loan, or_none(body.on) or by.today, note or None)


def _kept(kept: Kept) -> tuple[messages.StepKept, int]:
    answer = messages.StepKept(id=kept.uuid, loan=kept.loan_id, step=kept.step, on=kept.on, replay=kept.replay)
    return answer, 200 if kept.replay else 201


def _listed(one: questions.Case) -> messages.CaseListed:
    late, said = one.late, one.promise
    return messages.CaseListed(
        loan=late.loan_id,
        member=late.member_id,
        name=late.member_name,
        number=late.member_number,
        group=late.group_id,
        group_name=late.group_name,
        officer=one.officer,
        assigned=one.assignee is not None,
        since=one.since,
        days_late=late.days_late,
        weeks_late=late.weeks_late,
        quality=QualityClass(late.quality),
        overdue=late.overdue,
        outstanding_principal=late.outstanding_principal,
        oldest_due=late.oldest_due,
        reason=late.reason.value if late.reason else None,
        promise=messages.Promise(promise_on=said.on, made_on=said.made_on, amount=said.amount, broken=one.promise_broken) if said else None,
        contacted_on=one.situation.contacted_on,
        visited_on=one.situation.visited_on,
        waits_for_head=one.situation.waits_for_head,
        aside=one.aside,
        next_action=messages.Next(action=one.action, why=one.why),
    )
