"""Which late loans to show, and what can be written down about one: one form a step.

Forms of many loans stand on one page, so each has the loan and the step in front of its names.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _

from lending.actions import cases as acts
from lending.actions.cases import Kept, Step
from lending.domain.access import Actor, Permission
from lending.domain.cases import AsideReason, ContactMeans, ContactOutcome, IncidentKind
from lending.web.forms import (
    LONGEST_REASON,
    ChoicesField,
    DateField,
    HouseForm,
    KeyField,
    MoneyField,
    NoteField,
    PickField,
    TextField,
    choices_of,
)


class WorklistForm(HouseForm):
    """By officer, group, kelurahan, lateness, reason, class and what comes next, on a day; and by a piece of the name."""

    on = DateField(_("Keadaan per"), optional=True)
    q = TextField(_("Nama atau nomor"), optional=True)
    officer = PickField(_("Petugas"), optional=True)
    group = PickField(_("Kelompok"), optional=True)
    kelurahan = PickField(_("Kelurahan"), optional=True)
    reason = PickField(_("Alasan"), optional=True)
    quality = PickField(_("Kolektibilitas"), optional=True)
    action = PickField(_("Langkah berikutnya"), optional=True)
    late = PickField(_("Lamanya"), optional=True)
    unit = PickField(_("Unit"), optional=True)


class StepForm(HouseForm):
    """What every step has: the page's own UUID, and the day; today where none is said."""

    key = KeyField()
    on = DateField(_("Tanggal"), optional=True)
    note: Any = None

    def step(self, loan_id: int, by: Actor) -> Step:
        """What is told of every step."""
        return Step(self.key.data, loan_id, self.on.data or by.today, (self.note.data if self.note else None) or None)

    def keep(self, step: Step, by: Actor) -> Kept:
        """Do its act."""
        raise NotImplementedError


class ContactForm(StepForm):
    """Somebody spoke to her, or tried to."""

    means = PickField(_("Dengan cara"), coerce=ContactMeans)
    outcome = PickField(_("Hasilnya"), coerce=ContactOutcome)
    note = NoteField(_("Catatan"), optional=True, render_kw={"rows": 2})

    def keep(self, step: Step, by: Actor) -> Kept:
        """Do its act."""
        return acts.record_contact(step, self.means.data, self.outcome.data, by)


class PromiseForm(StepForm):
    """By which day she pays, and how much."""

    promise_on = DateField(_("Akan dibayar pada"))
    amount = MoneyField(_("Jumlah"), optional=True)

    def keep(self, step: Step, by: Actor) -> Kept:
        """Do its act."""
        return acts.record_promise(step, self.promise_on.data, self.amount.data, by)


class RentengForm(StepForm):
    """Who of the group says that she will pay for her."""

    member = PickField(_("Anggota yang membantu"), coerce=int)
    amount = MoneyField(_("Jumlah"))
    note = TextField(_("Catatan"), longest=LONGEST_REASON, optional=True)

    def keep(self, step: Step, by: Actor) -> Kept:
        """Do its act."""
        return acts.record_renteng(step, self.member.data, self.amount.data, by)


class ProposalForm(StepForm):
    """Why she needs another schedule."""

    note = TextField(_("Mengapa ia perlu jadwal lain"), longest=LONGEST_REASON)

    def keep(self, step: Step, by: Actor) -> Kept:
        """Do its act."""
        return acts.propose_schedule(step, by)


class DeclineForm(StepForm):
    """The head's no."""

    note = TextField(_("Alasan menolak"), longest=LONGEST_REASON)

    def keep(self, step: Step, by: Actor) -> Kept:
        """Do its act."""
        return acts.decline_schedule(step, by)


class IncidentForm(StepForm):
    """What happened that must not stay between two people."""

    kind = PickField(_("Apa yang terjadi"), coerce=IncidentKind)
    note = NoteField(_("Ceritakan dengan singkat"), render_kw={"rows": 3})

    def keep(self, step: Step, by: Actor) -> Kept:
        """Do its act."""
        return acts.report_incident(step, self.kind.data, by)


class AsideForm(StepForm):
    """Why nobody asks her for money for now."""

    why = ChoicesField(_("Sebabnya"), coerce=AsideReason)
    note = TextField(_("Keterangan"), longest=LONGEST_REASON)

    def keep(self, step: Step, by: Actor) -> Kept:
        """Do its act."""
        return acts.set_aside(step, self.why.data, by)


class TakeUpForm(StepForm):
    """What has been settled."""

    note = TextField(_("Apa yang sudah jelas"), longest=LONGEST_REASON)

    def keep(self, step: Step, by: Actor) -> Kept:
        """Do its act."""
        return acts.take_up(step, by)


class AssignForm(StepForm):
    """Whose case it is from now on."""

    officer = PickField(_("Petugas"))
    note = TextField(_("Catatan"), longest=LONGEST_REASON, optional=True)

    def keep(self, step: Step, by: Actor) -> Kept:
        """Do its act."""
        return acts.assign(step, self.officer.data, by)


@dataclass(frozen=True)
class About:
    """One step as a page offers it: its form, who may, what its button and its success say."""

    form: type[StepForm]
    permission: Permission
    label: Any
    icon: str
    done: Any


_WORK, _DECIDE = Permission.WORK_CASES, Permission.DECIDE_CASES
STEPS: dict[str, About] = {
    "contact": About(ContactForm, _WORK, _("Catat hasil menghubungi"), "phone", _("Hasilnya dicatat.")),
    "promise": About(PromiseForm, _WORK, _("Catat janji bayar"), "calendar-days", _("Janjinya dicatat.")),
    "renteng": About(RentengForm, _WORK, _("Catat kesepakatan renteng"), "users", _("Kesepakatan kelompok dicatat.")),
    "proposal": About(ProposalForm, _WORK, _("Usulkan jadwal ulang"), "history", _("Usul dikirim ke kepala unit.")),
    "decline": About(DeclineForm, _DECIDE, _("Tolak usul jadwal ulang"), "x", _("Usul ditolak.")),
    "incident": About(IncidentForm, _WORK, _("Catat kejadian"), "circle-alert", _("Kejadian dicatat; kepala unit dapat melihatnya.")),
    "aside": About(AsideForm, _WORK, _("Hentikan penagihan sementara"), "ban", _("Penagihan dihentikan sementara.")),
    "take-up": About(TakeUpForm, _DECIDE, _("Teruskan penagihan"), "undo-2", _("Penagihan diteruskan.")),
    "assign": About(AssignForm, _DECIDE, _("Tugaskan ke petugas lain"), "user-round", _("Kasus ini ditugaskan.")),
}
"""In the order in which a page offers them."""


def step_form(
    what: str, loan_id: int, choices: Callable[[], Sequence[tuple[str, str]]] = tuple, *, sent: bool = False, **start: Any
) -> Any:
    """The form of a step for a loan, empty or as it was sent; `choices` of the women or officers it lets choose from."""
    given = {"key": str(uuid.uuid4())} | start
    form: Any = STEPS[what].form(request.form if sent else None, prefix=f"{what}-{loan_id}-", **given)
    for name, words in (("means", ContactMeans), ("outcome", ContactOutcome), ("kind", IncidentKind), ("why", AsideReason)):
        if name in form:
            form[name].choices = choices_of(words)
    for name in ("member", "officer"):
        if name in form:
            form[name].choices = choices()
    return form
