"""The demo's chasing: in its last two weeks the officers of the demo unit call who is late, and write down what she said.

Most promise to pay at their next meeting, and do or do not, as their story goes; some promise it for the day after tomorrow, and bring it
to the meeting all the same: those promises are broken. No dice are thrown, or all that follows would fall otherwise.
"""

from uuid import NAMESPACE_OID, uuid5

from lending.actions import cases
from lending.actions.cases import Step
from lending.demo.people import JAMBI
from lending.demo.stage import Stage
from lending.domain.calendar import DAY, WEEK, is_lawful
from lending.domain.cases import ContactMeans, ContactOutcome
from lending.queries import arrears
from lending.queries.arrears import LateLoan

SHOWN = 2 * WEEK
"""What lies further back nobody looks at."""

CALLED, ASKED_AGAIN, MET = 2, 9, 16
"""So many days late she is called, written to, met."""


def chase(stage: Stage) -> None:
    """The calls of this morning, before the meetings; on no Sunday and no holiday."""
    if not stage.has_lent or stage.on - stage.day > SHOWN or not is_lawful(stage.day, stage.holidays):
        return
    for late in arrears.worklist(stage.staff(JAMBI.unit, "head"), stage.day):
        if late.officer is not None and late.days_late in (CALLED, ASKED_AGAIN, MET):
            _speak(stage, late, late.officer)


def _speak(stage: Stage, late: LateLoan, officer: str) -> None:
    by = stage.actor(officer)

    def step(what: str) -> Step:
        return Step(str(uuid5(NAMESPACE_OID, f"{late.loan_id} {stage.day} {what}")), late.loan_id, stage.day)

    if late.days_late == ASKED_AGAIN:
        cases.record_contact(step("whatsapp"), ContactMeans.WHATSAPP, ContactOutcome.NO_ANSWER, by)
        return
    if late.days_late == CALLED and late.loan_id % 3 == 0:
        cases.record_contact(step("call"), ContactMeans.CALL, ContactOutcome.NO_ANSWER, by)
        return
    means = ContactMeans.CALL if late.days_late == CALLED else ContactMeans.MET
    cases.record_contact(step("talk"), means, ContactOutcome.TALKED, by)
    next_meeting = stage.day + WEEK - (late.days_late % 7) * DAY
    cases.record_promise(step("promise"), stage.day + 2 * DAY if late.loan_id % 5 == 0 else next_meeting, None, by)
