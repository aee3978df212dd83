"""Which late loans to show."""

from flask_babel import lazy_gettext as _

from lending.web.forms import DateField, HouseForm, PickField


class WorklistForm(HouseForm):
    """By officer, group, lateness and reason, on a day."""

    on = DateField(_("Keadaan per"), optional=True)
    officer = PickField(_("Petugas"), optional=True)
    group = PickField(_("Kelompok"), optional=True)
    late = PickField(_("Lamanya"), optional=True)
    reason = PickField(_("Alasan"), optional=True)
