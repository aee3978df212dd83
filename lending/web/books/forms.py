"""Which days, accounts and entries of the books; and the vault, counted."""

from datetime import date

from flask_babel import lazy_gettext as _
from wtforms.widgets import HiddenInput

from lending.domain.access import Actor
from lending.domain.collection import NOTES
from lending.domain.money import Rupiah
from lending.domain.refusals import Refusal
from lending.web.forms import LONGEST_REASON, CountField, DateField, HouseForm, MoneyField, PickField, TextField, YesField
from lending.web.purse import PurseForm


class PeriodForm(HouseForm):
    """From one day of the books to another; this month so far where nobody says."""

    first = DateField(_("Dari"), optional=True)
    last = DateField(_("Sampai"), optional=True)
    unit = PickField(_("Unit"), optional=True)

    def period(self, by: Actor) -> tuple[date, date]:
        """The two days. Refused: `from_after_to`."""
        last: date = self.last.data or by.today
        first: date = self.first.data or last.replace(day=1)
        if first > last:
            raise Refusal("from_after_to", at="first")
        for field, day in ((self.first, first), (self.last, last)):
            field.typed, field.data = field.typed or None, day  # what nobody said stands in the field, too
        return first, last


class JournalForm(PeriodForm):
    """From one day of the books to another; and which entries of those days."""

    kind = PickField(_("Jenis"), optional=True)
    account = PickField(_("Akun"), optional=True)
    officer = PickField(_("Petugas"), optional=True)
    member = TextField(_("Nomor anggota"), optional=True)
    loan = CountField(_("Nomor pinjaman"), optional=True)
    least = MoneyField(_("Jumlah paling sedikit"), optional=True)
    most = MoneyField(_("Jumlah paling banyak"), optional=True)
    text = TextField(_("Kata dalam alasan"), optional=True)


class AccountsForm(HouseForm):
    """The chart of accounts: at the end of which day, of which class."""

    on = DateField(_("Keadaan per"), optional=True)
    kind = PickField(_("Golongan"), optional=True)
    unit = PickField(_("Unit"), optional=True)


class LedgerForm(PeriodForm):
    """One account: from one day of the books to another, entries of one kind or of all."""

    kind = PickField(_("Jenis"), optional=True)


class DayForm(HouseForm):
    """A day of the books."""

    on = DateField(_("Keadaan per"), optional=True)
    unit = PickField(_("Unit"), optional=True)


class DaysForm(PeriodForm):
    """Which closed days."""


class ShownField(MoneyField):
    """What she was shown, handed back."""

    widget = HiddenInput()


class CloseForm(PurseForm):
    """The vault as the head counted it: by note, or in all. `shown` is what the books had said when she compared."""

    whole = MoneyField(_("Jumlah uang di brankas"), name="total", optional=True)
    earlier_too = YesField(_("Tutup juga hari-hari sebelumnya yang masih terbuka, seperti tercatat di pembukuan"))
    reason = TextField(_("Alasan"), longest=LONGEST_REASON, optional=True)
    shown = ShownField(_("Menurut pembukuan"), name="shown", optional=True)

    @property
    def counted(self) -> Rupiah:
        """What she counted, in whichever way."""
        return self.total if self.whole.data is None else self.whole.data

    @property
    def by_note(self) -> bool:
        """Whether she counted by note."""
        return any(field.data is not None for field in self.purse)

    def require_count(self) -> None:
        """Refuse (`count_needed`, `total_or_counted`) a vault that nobody counted, or that was counted in two ways."""
        if self.whole.data is None:
            super().require_count()
        elif self.by_note:
            raise Refusal("total_or_counted", at=f"counted.{NOTES[0]}")
