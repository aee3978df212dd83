"""Which signs to show, and from which numbers on a sign is one."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Field

from lending.domain.warnings import THRESHOLDS, Rule, Sign
from lending.web.forms import LONGEST_REASON, CountField, DateField, HouseForm, PickField, TextField, YesField

NUMBERS: dict[str, Any] = {
    "meetings": _("Pertemuan yang dilihat"),
    "times": _("Sedikitnya berapa kali"),
    "days": _("Berapa hari ke belakang"),
    "weekly": _("Sedikitnya rupiah seminggu"),
    "points": _("Turun sedikitnya (poin persen)"),
}


class SignsForm(HouseForm):
    """By officer, group and sign, on a day."""

    on = DateField(_("Keadaan per"), optional=True)
    officer = PickField(_("Petugas"), optional=True)
    group = PickField(_("Kelompok"), optional=True)
    sign = PickField(_("Tanda"), optional=True)


class RuleForm(HouseForm):
    """The numbers of one rule; only those that it has are asked for."""

    watched = YesField(_("Perhatikan tanda ini"))
    meetings = CountField(NUMBERS["meetings"])
    times = CountField(NUMBERS["times"])
    days = CountField(NUMBERS["days"])
    weekly = CountField(NUMBERS["weekly"])
    points = CountField(NUMBERS["points"])
    reason = TextField(_("Mengapa diubah"), longest=LONGEST_REASON)

    def keep_only(self, sign: Sign) -> None:
        """Take away the fields of other rules."""
        for name in NUMBERS.keys() - THRESHOLDS[sign].keys():
            del self[name]

    def field_at(self, at: str) -> Field | None:
        """The numbers are fields of their own here."""
        return super().field_at(at.removeprefix("numbers."))

    def rule(self, sign: Sign) -> Rule:
        """What was typed."""
        return Rule(sign, bool(self.watched.data), {name: self[name].data for name in THRESHOLDS[sign]})
