"""Which entries, and on which day."""

from flask_babel import lazy_gettext as _

from lending.web.forms import DateField, HouseForm, PickField


class JournalForm(HouseForm):
    """From one day of the books to another, one account or all."""

    first = DateField(_("Dari"), optional=True)
    last = DateField(_("Sampai"), optional=True)
    account = PickField(_("Akun"), optional=True)
    unit = PickField(_("Unit"), optional=True)


class DayForm(HouseForm):
    """A day of the books."""

    on = DateField(_("Keadaan per"), optional=True)
    unit = PickField(_("Unit"), optional=True)
