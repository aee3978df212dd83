"""Moving cash, and counting what an officer brings."""

from flask_babel import lazy_gettext as _
from wtforms.widgets import HiddenInput

from lending.web.forms import LONGEST_REASON, DateField, HouseForm, KeyField, MoneyField, PickField, TextField
from lending.web.purse import PurseForm


class TransferForm(HouseForm):
    """From one place to another. `key` is the page's own UUID, so that pressing twice moves the cash once."""

    key = KeyField(_("Kunci"))
    on = DateField(_("Tanggal"))
    source = PickField(_("Dari"), name="from")
    target = PickField(_("Ke"), name="to")
    amount = MoneyField(_("Jumlah"))
    reason = TextField(_("Alasan"), longest=LONGEST_REASON)


class ShownField(MoneyField):
    """What the cashier was shown, handed back."""

    widget = HiddenInput()


class HandoverForm(PurseForm):
    """An officer's cash, as the cashier counted it herself. `shown` is what the books had said when she compared; `key` the page's UUID."""

    key = KeyField(_("Kunci"))
    shown = ShownField(_("Menurut pembukuan"), optional=True)
    reason = TextField(_("Alasan bila berbeda"), longest=LONGEST_REASON, optional=True)


class OfficerForm(HouseForm):
    """Whose cash is counted."""

    officer = PickField(_("Petugas"))


class FilterForm(HouseForm):
    """Which hand-overs."""

    since = DateField(_("Dari tanggal"), optional=True, name="from")
    until = DateField(_("Sampai tanggal"), optional=True, name="to")
    officer = PickField(_("Petugas"), optional=True)
