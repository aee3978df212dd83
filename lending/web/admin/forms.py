"""One form for each thing that head office adds, and the filters of its lists."""

from flask_babel import lazy_gettext as _
from wtforms import Field

from lending.web.forms import (
    LONGEST_NOTE,
    LONGEST_REASON,
    ChoicesField,
    CountField,
    DateField,
    HouseForm,
    MoneyField,
    NoteField,
    PickField,
    TextField,
)


class UserForm(HouseForm):
    """Somebody who is to sign in; the password is made for her and shown once."""

    username = TextField(_("Nama pengguna"))
    name = TextField(_("Nama lengkap"))
    role = PickField(_("Peran"))
    unit = PickField(_("Unit"), optional=True)
    member = TextField(_("Nomor anggota"), optional=True)


class PersonForm(HouseForm):
    """Somebody's role, and where she has it."""

    role = PickField(_("Peran"))
    unit = PickField(_("Unit"), optional=True)
    member = TextField(_("Nomor anggota"), optional=True)


class TokenForm(HouseForm):
    """A key for a program that acts as somebody."""

    scope = ChoicesField(_("Wewenang"))
    expires_on = DateField(_("Berlaku sampai"))


class CloseForm(HouseForm):
    """Nothing is typed: she is shut out, or a sentence says why not."""


class UnitForm(HouseForm):
    """A unit to be opened."""

    code = TextField(_("Kode"), longest=10)
    name = TextField(_("Nama"))
    zone = PickField(_("Zona waktu"))
    regime = PickField(_("Kelas kualitas menurut"), optional=True)
    kelurahan = NoteField(_("Kelurahan yang dilayani"), longest=LONGEST_NOTE, optional=True)


class HolidayForm(HouseForm):
    """A day off to be declared."""

    date = DateField(_("Tanggal"))
    name = TextField(_("Nama hari"), longest=80)
    kind = PickField(_("Jenis"))
    rule = PickField(_("Akibat bagi pertemuan"), optional=True)
    source = TextField(_("Dasar keputusan"), longest=LONGEST_REASON)


class ProductForm(HouseForm):
    """A product, or its next version."""

    code = TextField(_("Kode"), longest=20)
    name = TextField(_("Nama"))
    akad = PickField(_("Akad"))
    valid_from = DateField(_("Berlaku mulai"))
    min_principal = MoneyField(_("Pokok terkecil"))
    max_principal = MoneyField(_("Pokok terbesar"))
    step = MoneyField(_("Kelipatan"))
    weeks = TextField(_("Jangka waktu (minggu)"))
    every_weeks = PickField(_("Angsuran setiap"), coerce=int)
    margin_bp = CountField(_("Margin setahun (basis poin)"))
    year_weeks = CountField(_("Minggu dalam setahun produk"))
    coin = MoneyField(_("Pembulatan angsuran"))
    upj_bp = CountField(_("UPJ (basis poin)"))
    payment_order = PickField(_("Urutan pembayaran"))
    block_days_late = CountField(_("Kelompok ditahan bila terlambat lebih dari (hari)"), optional=True)


class RegimeForm(HouseForm):
    """A version of a regime: up to where each class reaches, and what is tolerated."""

    lancar = CountField(_("Lancar, sampai"))
    dpk = CountField(_("Dalam perhatian khusus, sampai"), optional=True)
    kurang_lancar = CountField(_("Kurang lancar, sampai"), optional=True)
    diragukan = CountField(_("Diragukan, sampai"), optional=True)
    tolerance_days = CountField(_("Toleransi (hari)"))
    tolerance_rupiah = MoneyField(_("Toleransi (rupiah tunggakan)"))
    valid_from = DateField(_("Berlaku mulai"))
    reason = TextField(_("Dasar perubahan"), longest=LONGEST_REASON)

    def field_at(self, at: str) -> Field | None:
        """The bounds are fields of their own here."""
        return super().field_at(at.removeprefix("upper."))


class ClassRatesForm(HouseForm):
    """A version of the rates by class."""

    lancar = CountField(_("Lancar (basis poin)"))
    dpk = CountField(_("Dalam perhatian khusus (basis poin)"))
    kurang_lancar = CountField(_("Kurang lancar (basis poin)"))
    diragukan = CountField(_("Diragukan (basis poin)"))
    macet = CountField(_("Macet (basis poin)"))
    valid_from = DateField(_("Berlaku mulai"))
    reason = TextField(_("Dasar perubahan"), longest=LONGEST_REASON)

    def field_at(self, at: str) -> Field | None:
        """The rates are fields of their own here."""
        return super().field_at(at.removeprefix("rates_bp."))


class SchemeForm(HouseForm):
    """A version of a scheme: the upper day of each bucket, and a rate for each and for what is later."""

    upper_days = TextField(_("Batas hari tiap golongan"), longest=100)
    rates_bp = TextField(_("Tarif tiap golongan (basis poin)"), longest=100)
    valid_from = DateField(_("Berlaku mulai"))
    reason = TextField(_("Dasar perubahan"), longest=LONGEST_REASON)


class YearForm(HouseForm):
    """Which year's days off."""

    year = CountField(_("Tahun"), optional=True)


class AuditForm(HouseForm):
    """Which acts."""

    first = DateField(_("Dari"), optional=True)
    last = DateField(_("Sampai"), optional=True)
    actor = TextField(_("Nama pengguna"), optional=True)
    row = TextField(_("Baris, misalnya loan:12"), optional=True)
    act = TextField(_("Tindakan, misalnya collection.undo"), optional=True)
