"""Which meetings to show, and why a record is undone."""

from flask_babel import lazy_gettext as _

from lending.web.forms import LONGEST_REASON, DateField, HouseForm, PickField, TextField


class DayForm(HouseForm):
    """A day, and whose meetings."""

    on = DateField(_("Tanggal"), optional=True)
    officer = PickField(_("Petugas"), optional=True)


class UndoForm(HouseForm):
    """Why the record is undone."""

    reason = TextField(_("Alasan"), longest=LONGEST_REASON)
