"""One form for each step of a loan's life, and one for the quote."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from lending.domain.lifecycle import LoanState
from lending.domain.money import Rupiah
from lending.domain.refusals import Refusal
from lending.queries.restructuring import NewTerms
from lending.web.forms import (
    LONGEST_REASON,
    ChoicesField,
    CountField,
    DateField,
    Field,
    HouseForm,
    KeyField,
    MoneyField,
    PickField,
    TextField,
    YesField,
)


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


class RestructureForm(HouseForm):
    """What is left, evenly over so many weeks."""

    weeks = CountField(_("Berapa minggu lagi"))
    reason = TextField(_("Alasan"), longest=LONGEST_REASON)

    def terms(self) -> NewTerms:
        """What it asks for."""
        return NewTerms(weeks=self.weeks.data)


class RowsForm(HouseForm):
    """What is left, row by row; made with its rows by `rows_form`."""

    reason = TextField(_("Alasan"), longest=LONGEST_REASON)
    rows = 0

    def terms(self) -> NewTerms:
        """The rows that were written; refused (`required`) where one has only its day or only its sum."""
        return NewTerms(schedule=tuple(self._row(place) for place in self._written()))

    def field_at(self, at: str) -> Field | None:
        """Rows are counted without the empty ones."""
        column, _dot, rest = at.partition(".")
        place, _dot, name = rest.partition(".")
        if column == "schedule" and place.isdigit() and name:
            return super().field_at(f"schedule.{self._written()[int(place)]}.{name}")
        return super().field_at(at)

    def _written(self) -> list[int]:
        parts = ((self[f"schedule.{place}.due_on"].data, self[f"schedule.{place}.total"].data) for place in range(self.rows))
        return [place for place, (day, total) in enumerate(parts) if day or total is not None]

    def _row(self, place: int) -> tuple[date, Rupiah]:
        day, total = (self[f"schedule.{place}.{name}"].data for name in ("due_on", "total"))
        if day is None or total is None:
            name = "due_on" if day is None else "total"
            raise Refusal("required", at=f"schedule.{self._written().index(place)}.{name}")
        return date.fromisoformat(day), total


def rows_form(count: int) -> type[RowsForm]:
    """A form of so many rows: a meeting and a sum each."""
    rows: dict[str, Any] = {"rows": count}
    for place in range(count):
        rows[f"schedule.{place}.due_on"] = PickField(_("Pertemuan, baris %(row)s", row=place + 1), optional=True)
        rows[f"schedule.{place}.total"] = MoneyField(_("Jumlah, baris %(row)s", row=place + 1), optional=True)
    return type("RowsForm", (RowsForm,), rows)


class SettleForm(HouseForm):
    """All that is left at once, less a rebate."""

    on = DateField(_("Tanggal"))
    rebate = MoneyField(_("Potongan margin"))


class WriteOffForm(HouseForm):
    """Off the books."""

    on = DateField(_("Sejak tanggal"))
    reason = TextField(_("Alasan"), longest=LONGEST_REASON)


YES, NO = "yes", "no"


class DeathForm(HouseForm):
    """Its member has died."""

    on = DateField(_("Sejak tanggal"))
    reason = TextField(_("Sebab"), longest=LONGEST_REASON)
    claim = ChoicesField(_("Sisa pokoknya"), choices=((YES, _("Ditagihkan ke asuransi")), (NO, _("Ditanggung unit"))))


class ReceivedForm(HouseForm):
    """Money that comes after the end. `key` is the page's own UUID."""

    key = KeyField(_("Kunci"))
    on = DateField(_("Tanggal"))
    amount = MoneyField(_("Jumlah"))


class FilterForm(HouseForm):
    """Which loans to list."""

    state = PickField(_("Status"), optional=True)


STATES_OFFERED = tuple(LoanState)
