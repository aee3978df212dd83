"""Which visits and promises to list, and the form on which a visit is logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext, lazy_pgettext
from flask_babel import lazy_gettext as _
from wtforms import Field

from lending.domain import mentoring as rules
from lending.domain.mentoring import MOST_ACTIONS, ActionOwner, Outcome, Topic, VisitPlace, VisitTrigger
from lending.i18n import words
from lending.queries.mentoring import ActionListed
from lending.web.forms import (
    LONGEST_REASON,
    ChoicesField,
    DateField,
    HourField,
    HouseForm,
    ManyField,
    NoteField,
    PickField,
    TextField,
    choices_of,
)
from lending.web.language import language


class FilterForm(HouseForm):
    """Which visits."""

    group = PickField(lazy_pgettext("kolom", "Kelompok"), optional=True, coerce=int)
    by = PickField(_("Oleh"), optional=True)
    since = DateField(_("Dari tanggal"), optional=True, name="from")
    until = DateField(_("Sampai tanggal"), optional=True, name="to")


class ActionFilterForm(HouseForm):
    """Which promises."""

    state = PickField(_("Keadaan"), optional=True)
    group = PickField(lazy_pgettext("kolom", "Kelompok"), optional=True, coerce=int)


class GroupForm(HouseForm):
    """Which group was visited: asked before the visit's form, which shows its women and its promises."""

    group = PickField(_("Kelompok yang dikunjungi"), coerce=int)


class VisitForm(HouseForm):
    """A visit. `actions.0.what` and so on are what was agreed; `outcome.17` is what became of action 17 of an earlier visit."""

    on = DateField(_("Tanggal kunjungan"))
    started_at = HourField(_("Mulai pukul"))
    ended_at = HourField(_("Selesai pukul"), optional=True)
    place = ChoicesField(_("Tempat"), coerce=VisitPlace)
    trigger = PickField(_("Mengapa berkunjung"), coerce=VisitTrigger)
    members = ManyField(_("Anggota yang dikunjungi"), optional=True, coerce=int)
    topics = ManyField(_("Topik"), optional=True, coerce=Topic)
    findings = NoteField(_("Temuan"))

    def validate(self, *rest: Any, **more: Any) -> bool:
        """As every form; and a promise that was begun is told whole."""
        good = bool(super().validate(*rest, **more))
        for promise in self.promises:
            for field in promise.begun_but_empty:
                field.errors = [words.refusal("required", {}, language()).detail]
                good = False
        return good

    @property
    def promises(self) -> list["Promise"]:
        """The places where a promise can be written."""
        parts: Any = [[self[f"actions.{nth}.{part}"] for part in ("what", "owner", "due")] for nth in range(MOST_ACTIONS)]
        return [Promise(*three) for three in parts]

    def told(self, group_id: int, zone: str) -> rules.NewVisit:
        """What was typed, as the rules want it; hours are those of the unit's zone."""
        at = ZoneInfo(zone)
        return rules.NewVisit(
            on=self.on.data,
            started_at=datetime.combine(self.on.data, self.started_at.data, at),
            ended_at=None if self.ended_at.data is None else datetime.combine(self.on.data, self.ended_at.data, at),
            place=self.place.data,
            trigger=self.trigger.data,
            findings=self.findings.data,
            members=tuple(self.members.data or ()),
            topics=tuple(self.topics.data or ()),
            actions=tuple(rules.NewAction(one.what.data, one.owner.data, one.due.data) for one in self.promises if one.begun),
            previous=tuple(rules.Followed(int(one.name.removeprefix("outcome.")), one.data) for one in self._answered),
            group=group_id,
        )

    def field_at(self, at: str) -> Field | None:
        """A fault counts what was sent; the empty places between do not count."""
        kind, _dot, rest = at.partition(".")
        place, _dot, part = rest.partition(".")
        if kind == "previous" and place.isdigit():
            return self._answered[int(place)]
        if kind == "actions" and place.isdigit() and part:
            begun = [nth for nth, one in enumerate(self.promises) if one.begun]
            return super().field_at(f"actions.{begun[int(place)]}.{part}")
        return super().field_at(at)

    @property
    def _answered(self) -> list[Field]:
        return [field for field in self if field.name.startswith("outcome.") and field.data]


@dataclass(frozen=True)
class Promise:
    """One place where an agreed action is written."""

    what: TextField
    owner: PickField
    due: DateField

    @property
    def begun(self) -> bool:
        """Whether anything was written there; who does it is chosen beforehand."""
        return any(field.typed and field.typed.strip() for field in (self.what, self.due))

    @property
    def begun_but_empty(self) -> list[TextField | DateField]:
        """What is still missing of it."""
        places: tuple[TextField | DateField, ...] = (self.what, self.due)
        return [field for field in places if self.begun and field.data is None and not field.errors]


def visit_form(open_actions: Sequence[ActionListed], **given: Any) -> VisitForm:
    """The form of a visit to a group with these promises open; `given` stands in it before anybody types."""

    class OfThisGroup(VisitForm):
        pass

    for nth in range(MOST_ACTIONS):
        setattr(OfThisGroup, f"actions.{nth}.what", TextField(_("Apa yang dijanjikan"), longest=LONGEST_REASON, optional=True))
        setattr(OfThisGroup, f"actions.{nth}.owner", PickField(_("Siapa"), coerce=ActionOwner, default=ActionOwner.MEMBER))
        setattr(OfThisGroup, f"actions.{nth}.due", DateField(_("Paling lambat"), optional=True))
    for action in open_actions:
        setattr(OfThisGroup, f"outcome.{action.id}", PickField(action.what, optional=True, coerce=Outcome))
    form: Any = OfThisGroup(**given)
    form.place.choices = choices_of(VisitPlace)
    form.trigger.choices = choices_of(VisitTrigger)
    form.topics.choices = choices_of(Topic)
    for promise in form.promises:
        promise.owner.choices = choices_of(ActionOwner)
    for action in open_actions:
        form[f"outcome.{action.id}"].choices = choices_of(Outcome, empty=gettext("Belum dibahas"))
    made: VisitForm = form
    return made
