"""Moving cash."""

from flask_babel import lazy_gettext as _

from lending.web.forms import LONGEST_REASON, DateField, HouseForm, MoneyField, PickField, TextField


class TransferForm(HouseForm):
    """From one place to another. `key` is the page's own UUID, so that pressing twice moves the cash once."""

    key = TextField(_("Kunci"))
    on = DateField(_("Tanggal"))
    source = PickField(_("Dari"), name="from")
    target = PickField(_("Ke"), name="to")
    amount = MoneyField(_("Jumlah"))
    reason = TextField(_("Alasan"), longest=LONGEST_REASON)


class HandoverForm(HouseForm):
    """An officer's cash, as the cashier counted it herself. `key` is the page's own UUID."""

    key = TextField(_("Kunci"))
    officer = PickField(_("Petugas"))
    total = MoneyField(_("Uang yang dihitung"))
    reason = TextField(_("Alasan bila berbeda"), longest=LONGEST_REASON, optional=True)
