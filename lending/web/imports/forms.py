"""The workbook to be brought in."""

from flask_babel import lazy_gettext as _
from wtforms import FileField

from lending.web.forms import HouseForm


class ImportForm(HouseForm):
    """A workbook; looked at first, or brought in."""

    file = FileField(_("Berkas Excel"))
