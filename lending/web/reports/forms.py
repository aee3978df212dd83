"""How to lay the portfolio out, and on which day."""

from flask_babel import lazy_gettext as _

from lending.web.forms import DateField, HouseForm, PickField


class PortfolioForm(HouseForm):
    """The day and the key."""

    on = DateField(_("Keadaan per"), optional=True)
    by = PickField(_("Menurut"), optional=True)
