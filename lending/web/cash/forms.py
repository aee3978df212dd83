"""Moving cash."""

import re

from flask_babel import lazy_gettext as _

from lending.domain.refusals import Refusal
from lending.web.forms import LONGEST_REASON, DateField, HouseForm, MoneyField, PickField, TextField

_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


class KeyField(TextField):
    """The page's own UUID, handed back as it was given."""

    def read(self, text: str) -> str:
        """Refused: `shape`."""
        if not _UUID.fullmatch(text):
            raise Refusal("shape")
        return text


class TransferForm(HouseForm):
    """From one place to another. `key` is the page's own UUID, so that pressing twice moves the cash once."""

    key = KeyField(_("Kunci"))
    on = DateField(_("Tanggal"))
    source = PickField(_("Dari"), name="from")
    target = PickField(_("Ke"), name="to")
    amount = MoneyField(_("Jumlah"))
    reason = TextField(_("Alasan"), longest=LONGEST_REASON)


class HandoverForm(HouseForm):
    """An officer's cash, as the cashier counted it herself. `key` is the page's own UUID."""

    key = KeyField(_("Kunci"))
    officer = PickField(_("Petugas"))
    total = MoneyField(_("Uang yang dihitung"))
    reason = TextField(_("Alasan bila berbeda"), longest=LONGEST_REASON, optional=True)
