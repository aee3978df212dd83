"""How to lay the portfolio out, and on which day."""

from flask_babel import lazy_gettext as _

from lending.web.forms import ChoicesField, DateField, HouseForm, KeyField, ManyField, NoteField, PickField, TextField, YesField


class PortfolioForm(HouseForm):
    """The day and the key."""

    on = DateField(_("Keadaan per"), optional=True)
    by = PickField(_("Menurut"), optional=True)


class ReportForm(HouseForm):
    """From which day to which, laid out by what, of which unit. The names are those of the API's question."""

    from_ = DateField(_("Dari"), optional=True, name="from")
    to = DateField(_("Sampai"), optional=True)
    by = PickField(_("Menurut"), optional=True)
    unit = PickField(_("Unit"), optional=True)


class AtRiskForm(HouseForm):
    """Which loans of the portfolio: the day, the row (`by` and `key`), and the PAR they are counted in."""

    on = DateField(_("Keadaan per"), optional=True)
    par = PickField(_("Yang mana"), optional=True)
    by = PickField(_("Menurut"), optional=True)
    key = TextField(_("Baris"), optional=True)


class ScheduleForm(HouseForm):
    """Which reports go out by themselves, how often, as which file, and where to."""

    uuid = KeyField(optional=True)
    reports = ManyField(_("Laporan yang dikirim"))
    every = ChoicesField(_("Kapan"))
    form = ChoicesField(_("Sebagai berkas"))
    to_folder = YesField(_("Taruh di folder laporan"))
    addresses = NoteField(_("Kirim ke alamat email"), optional=True)
