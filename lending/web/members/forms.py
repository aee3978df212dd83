"""One form for each act on a woman: finding her, enrolling her, and each thing that is written down about her."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from lending.domain.eligibility import TRAINING_DAYS
from lending.web.forms import (
    LONGEST_REASON,
    ChoicesField,
    CountField,
    DateField,
    DigitsField,
    HouseForm,
    KeyField,
    ManyField,
    MoneyField,
    NoteField,
    PickField,
    TextField,
)

LONGEST_ADDRESS = 200


class SearchForm(HouseForm):
    """Who is looked for; one of the three is enough."""

    name = TextField(_("Nama atau sebagian nama"), optional=True)
    number = TextField(_("Nomor anggota"), optional=True)
    nik = DigitsField(_("NIK lengkap"), optional=True)


class EnrolForm(HouseForm):
    """A woman who joins a group."""

    name = TextField(_("Nama lengkap"))
    nik = DigitsField(_("NIK"))
    birth_date = DateField(_("Tanggal lahir"))
    kk = DigitsField(_("Nomor Kartu Keluarga"), optional=True)
    phone = DigitsField(_("Nomor HP"), optional=True)
    address = TextField(_("Alamat"), longest=LONGEST_ADDRESS)
    rt = DigitsField(_("RT"))
    rw = DigitsField(_("RW"))
    kelurahan = PickField(_("Kelurahan"))
    sub_group = CountField(_("Sub-kelompok"), optional=True)
    joined_on = DateField(_("Bergabung sejak"), optional=True)
    consents = ManyField(_("Yang disetujui"), optional=True)


class ConsentForm(HouseForm):
    """One word of hers: what she agrees to, or takes back."""

    purpose = PickField(_("Tentang"))
    given = ChoicesField(_("Ia"), choices=[("yes", _("menyetujui")), ("no", _("menarik kembali"))])
    on = DateField(_("Tanggal"))


class EligibilityForm(HouseForm):
    """What was found at her home."""

    on = DateField(_("Tanggal kunjungan"))
    household_size = CountField(_("Orang serumah"))
    income_per_month = MoneyField(_("Pendapatan keluarga sebulan"))
    house_index = CountField(_("Indeks rumah"))
    other_debt_weekly = MoneyField(_("Cicilan lain seminggu"), optional=True)
    passed = ChoicesField(_("Kesimpulan petugas"), choices=[("yes", _("Layak")), ("no", _("Belum layak"))])
    note = NoteField(_("Catatan"), optional=True)


class TrainingForm(HouseForm):
    """Days of training, `days.0` and so on; the first is needed, the others may stay empty."""

    @property
    def days(self) -> list[date]:
        """What was filled in, in the order of the page."""
        return [field.data for field in self if field.data is not None]

    def field_at(self, at: str) -> Any:
        """A fault counts the days that were sent: the empty fields between them do not count."""
        filled = [field.name for field in self if field.data is not None]
        place = at.removeprefix("days.")
        return super().field_at(filled[int(place)] if place.isdigit() and int(place) < len(filled) else at)


for _nth in range(TRAINING_DAYS):
    setattr(TrainingForm, f"days.{_nth}", DateField(_("Hari ke-%(nth)s", nth=_nth + 1), optional=_nth > 0))


class NikForm(HouseForm):
    """Why the number must be seen."""

    reason = TextField(_("Alasan"), longest=LONGEST_REASON)


class LeaveForm(HouseForm):
    """When and why she leaves her group."""

    on = DateField(_("Keluar mulai tanggal"))
    reason = TextField(_("Alasan"), longest=LONGEST_REASON)


class KeptForm(HouseForm):
    """Savings or UPJ that move. `key` is the page's own UUID."""

    key = KeyField(_("Kunci"))
    amount = MoneyField(_("Jumlah"))
    on = DateField(_("Tanggal"))
