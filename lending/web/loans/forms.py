"""One form for each step of a loan's life, and one for the quote."""

from flask_babel import lazy_gettext as _

from lending.domain.lifecycle import LoanState
from lending.web.forms import LONGEST_REASON, CountField, DateField, HouseForm, MoneyField, PickField, TextField, YesField


class ProposalForm(HouseForm):
    """Asking for a loan."""

    product = PickField(_("Produk"))
    principal = MoneyField(_("Pokok yang diminta"))
    weeks = PickField(_("Jangka waktu"), coerce=int)
    purpose = TextField(_("Untuk usaha apa"), longest=LONGEST_REASON)


class QuoteForm(HouseForm):
    """What a loan would cost."""

    product = PickField(_("Produk"))
    principal = MoneyField(_("Pokok"))
    weeks = PickField(_("Jangka waktu"), coerce=int)
    first_due = DateField(_("Angsuran pertama"), optional=True)


class RecommendForm(HouseForm):
    """The group's vote."""

    present = CountField(_("Anggota yang hadir"))
    in_favour = CountField(_("Yang setuju"))


class VerifierForm(HouseForm):
    """Naming an officer to verify."""

    officer = PickField(_("Petugas yang memeriksa"))


class VerifyForm(HouseForm):
    """The second pair of eyes."""

    override_reason = TextField(_("Alasan bila temuan berbeda dari aturan"), longest=LONGEST_REASON, optional=True)


class ApproveForm(HouseForm):
    """The head's yes."""

    principal = MoneyField(_("Pokok yang disetujui"))
    reason = TextField(_("Catatan"), longest=LONGEST_REASON, optional=True)


class ReasonForm(HouseForm):
    """The head's no, or the officer's withdrawal."""

    reason = TextField(_("Alasan"), longest=LONGEST_REASON)


class DisburseForm(HouseForm):
    """Paying out."""

    on = DateField(_("Tanggal cair"))
    first_due = PickField(_("Angsuran pertama"))
    confirmed = YesField(_("Anggota sendiri menyatakan sudah menerima uangnya"), name="confirmed_by_member")


class FilterForm(HouseForm):
    """Which loans to list."""

    state = PickField(_("Status"), optional=True)


STATES_OFFERED = tuple(LoanState)
