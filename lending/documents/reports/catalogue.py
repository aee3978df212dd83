"""Every report there is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from lending.documents.reports.columns import Column, count, day, key, moment, rate, rupiah, share, text, word
from lending.documents.reports.report import Made, Report, make, on_the_first, weeks_back
from lending.domain.access import Permission
from lending.domain.arrears import QualityClass
from lending.domain.portfolio import PAR_DAYS, PROVISION_SCHEMES, bucket_names
from lending.i18n.catalogue import mark
from lending.i18n.states import STATES
from lending.queries.portfolio import PortfolioRow
from lending.queries.reports import collection, days, lending, money, officers, quality, risk

_PARTS = ("group", "officer", "kelurahan", "product", "cycle", "unit")
_LEADS = {"group": "group", "officer": "officer"}


def _name_of(layout: str) -> tuple[Column, ...]:
    return key(), text("name", STATES["group_by"][layout], leads=_LEADS.get(layout))


def _laid_out(columns: Sequence[Column], layouts: Sequence[str] = _PARTS) -> dict[str, Sequence[Column]]:
    return {layout: (*_name_of(layout), *columns) for layout in layouts}


def _bucket(place: int) -> Callable[[quality.AgeingRow], int]:
    return lambda row: row.buckets[place]


def _at_risk(days: int) -> Callable[[PortfolioRow], int]:
    return lambda row: row.par[days]


def _went(place: str) -> Callable[[quality.MovementRow], int]:
    return lambda row: row.went[place]


_PORTFOLIO = (
    count("loans", mark("Pinjaman")),
    rupiah("outstanding_principal", mark("Sisa pokok")),
    *(rupiah(f"par.{days}", f"PAR > {days}", _at_risk(days)) for days in PAR_DAYS),
    *(share(f"par_ratio.{days}", f"% > {days}", _at_risk(days), "outstanding_principal") for days in (0, 30)),
    rupiah("overdue_principal", mark("Pokok lewat jatuh tempo")),
    rupiah("provision", mark("Cadangan kerugian")),
)

_AGES = bucket_names(PAR_DAYS)
_AGEING = (
    count("loans", mark("Pinjaman")),
    rupiah("outstanding", mark("Sisa pokok")),
    *(rupiah(f"days.{name}", STATES["lateness"][name], _bucket(place)) for place, name in enumerate(_AGES)),
    rupiah("restructured", mark("Dijadwalkan ulang")),
    share("par.0", "PAR > 0", "at_risk", "outstanding"),
    rupiah("overdue", mark("Tunggakan")),
)
_BUCKETS = (
    word("bucket", mark("Lama tunggakan"), "lateness"),
    count("loans", mark("Pinjaman")),
    rupiah("outstanding", mark("Sisa pokok")),
    rupiah("overdue", mark("Tunggakan")),
)
_LATE_LOANS = (
    key("loan", "loan_id"),
    text("member", mark("Anggota"), leads="loan"),
    text("number", mark("Nomor")),
    text("group", mark("Kelompok")),
    text("officer", mark("Petugas")),
    day("oldest_due", mark("Sejak")),
    count("days_late", mark("Hari"), summed=False),
    word("class", mark("Kelas"), "quality_class", "quality"),
    rupiah("overdue", mark("Tunggakan")),
    rupiah("outstanding", mark("Sisa pokok")),
)
_RESTRUCTURED = (
    key("loan", "loan_id"),
    text("member", mark("Anggota"), leads="loan"),
    text("number", mark("Nomor")),
    text("group", mark("Kelompok")),
    text("officer", mark("Petugas")),
    day("on", mark("Dijadwalkan ulang")),
    text("reason", mark("Alasan")),
    count("clean_payments", mark("Angsuran lancar"), summed=False),
    word("at_risk", mark("Masih dalam PAR"), "yes_no"),
    count("days_late", mark("Hari"), summed=False),
    rupiah("overdue", mark("Tunggakan")),
    rupiah("outstanding", mark("Sisa pokok")),
)
_LOSS_SUMS = (
    rupiah("written_off", mark("Dihapus")),
    rupiah("recovered", mark("Diterima kembali")),
    rupiah("claimed", mark("Klaim asuransi")),
    rupiah("claim_paid", mark("Klaim dibayar")),
)
_LOST_LOANS = (
    key("loan", "key"),
    text("member", mark("Anggota"), "name", leads="loan"),
    text("number", mark("Nomor")),
    text("group", mark("Kelompok")),
    day("ended_on", mark("Tanggal")),
    word("state", mark("Status"), "loan_state"),
    *_LOSS_SUMS,
    text("reason", mark("Alasan")),
)

_COLLECTION = (
    rupiah("due", mark("Jatuh tempo")),
    rupiah("on_due", mark("Dibayar untuk itu")),
    rupiah("paid_before", mark("Sudah dibayar di muka")),
    share("rate", mark("Terbayar"), lambda row: row.paid_before + row.on_due, "due"),
    rupiah("on_arrears", mark("Bayar tunggakan")),
    rupiah("ahead", mark("Bayar di muka")),
    rupiah("collected", mark("Uang masuk")),
    rupiah("renteng", mark("Renteng")),
    share("own_rate", mark("Dibayar sendiri"), lambda row: row.collected - row.renteng, "collected"),
)
_ARREARS_MOVE = (
    rupiah("arrears_before", mark("Tunggakan awal"), summed=False),
    rupiah("arrears_after", mark("Tunggakan akhir"), summed=False),
)

_OFFICERS = (
    key(),
    text("name", mark("Petugas"), leads="officer"),
    count("groups", mark("Kelompok")),
    count("members", mark("Anggota")),
    count("loans", mark("Pinjaman"), "portfolio.loans"),
    rupiah("outstanding", mark("Sisa pokok"), "portfolio.outstanding_principal"),
    share("par.0", "PAR > 0", lambda row: row.portfolio.par[0], "portfolio.outstanding_principal"),
    share("par.30", "PAR > 30", lambda row: row.portfolio.par[30], "portfolio.outstanding_principal"),
    rupiah("due", mark("Jatuh tempo"), lambda row: row.collected.due if row.collected else 0),
    rupiah("collected", mark("Uang masuk"), lambda row: row.collected.collected if row.collected else 0),
    share(
        "rate",
        mark("Terbayar"),
        lambda row: row.collected.paid_before + row.collected.on_due if row.collected else 0,
        lambda row: row.collected.due if row.collected else 0,
    ),
    share(
        "own_rate",
        mark("Dibayar sendiri"),
        lambda row: row.collected.collected - row.collected.renteng if row.collected else 0,
        lambda row: row.collected.collected if row.collected else 0,
    ),
    count("held", mark("Pertemuan diadakan"), lambda row: row.meetings.held if row.meetings else 0),
    count("planned", mark("dari rencana"), lambda row: row.meetings.planned if row.meetings else 0),
    count("visits", mark("Kunjungan")),
    rupiah("disbursed", mark("Dicairkan"), lambda row: row.disbursed.principal if row.disbursed else 0),
    rupiah("difference", mark("Selisih kas")),
    moment("last_sent", mark("Kiriman terakhir")),
)

_DISBURSED = (
    count("loans", mark("Pinjaman")),
    count("members", mark("Anggota")),
    rupiah("principal", mark("Pokok")),
    rupiah("margin", mark("Margin")),
    rupiah("upj", mark("UPJ")),
)
_DISBURSED_LOANS = (
    key("loan", "key"),
    day("on", mark("Tanggal")),
    text("member", mark("Anggota"), leads="loan"),
    text("number", mark("Nomor")),
    text("group", mark("Kelompok")),
    text("officer", mark("Petugas")),
    text("product", mark("Produk")),
    count("cycle", mark("Siklus"), summed=False),
    count("weeks", mark("Minggu"), summed=False),
    rupiah("principal", mark("Pokok")),
    rupiah("margin", mark("Margin")),
    rupiah("upj", mark("UPJ")),
    rupiah("received", mark("Diterima")),
    rupiah("instalment", mark("Angsuran"), summed=False),
    text("purpose", mark("Tujuan")),
)

_PRESENCE = tuple(count(name, STATES["attendance"][name]) for name in ("hadir", "terlambat", "izin", "alpa", "diwakili"))
_ATTENDANCE = (
    count("planned", mark("Pertemuan direncanakan")),
    count("held", mark("Diadakan")),
    *_PRESENCE,
    share("rate", mark("Kehadiran"), "present", "expected"),
)
_ATTENDANCE_OF_ONE = (
    key(),
    text("name", mark("Anggota"), leads="member"),
    text("number", mark("Nomor")),
    count("held", mark("Pertemuan"), summed=False),
    *_PRESENCE,
    share("rate", mark("Kehadiran"), "present", "expected"),
)

_BALANCES = (
    count("members", mark("Anggota")),
    rupiah("savings", mark("Simpanan")),
    rupiah("upj", mark("UPJ")),
    rupiah("total", mark("Jumlah")),
)
_BALANCES_OF_MEMBERS = (
    key(),
    text("name", mark("Anggota"), leads="member"),
    text("number", mark("Nomor")),
    text("group", mark("Kelompok")),
    *_BALANCES[1:],
)

_DIFFERENCES = (rupiah("short", mark("Kurang")), rupiah("over", mark("Lebih")), rupiah("difference", mark("Selisih")))
_DIFFERENCE_ENTRIES = (
    key("entry", "key"),
    day("on", mark("Tanggal")),
    text("officer", mark("Petugas"), "name"),
    word("kind", mark("Jenis"), "entry_kind"),
    *_DIFFERENCES,
    text("reason", mark("Alasan")),
)

_PROVIDED = (
    count("loans", mark("Pinjaman")),
    rupiah("outstanding", mark("Sisa pokok")),
    rate("rate", mark("Tarif")),
    rupiah("provision", mark("Cadangan")),
)


def _moved(unit: Callable[..., Column], start: str) -> tuple[Column, ...]:
    return (
        word("source", mark("Kelas semula"), "quality_class"),
        unit("start", start),
        *(unit(f"to.{one.value}", STATES["quality_class"][one.value], _went(one.value)) for one in QualityClass),
        unit("repaid", mark("Dibayar"), _went(quality.REPAID)),
        unit("written_off", mark("Dihapus"), _went(quality.WRITTEN_OFF)),
    )


_ACCOUNTS = (
    word("account", mark("Akun"), "account"),
    text("code", mark("Kode")),
    rupiah("opening", mark("Saldo awal"), summed=False),
    rupiah("debit", mark("Debet")),
    rupiah("credit", mark("Kredit")),
    rupiah("closing", mark("Saldo akhir"), summed=False),
)
_CLOSING = (
    word("state", mark("Keadaan"), "day_state"),
    rupiah("expected", mark("Isi brankas menurut buku"), summed=False),
    rupiah("counted", mark("Isi brankas dihitung"), summed=False),
    rupiah("difference", mark("Selisih"), summed=False),
    text("reason", mark("Alasan")),
    text("closed_by", mark("Ditutup oleh")),
    moment("closed_at", mark("Ditutup pada")),
    count("entries", mark("Ayat jurnal"), summed=False),
    text("hash", mark("Sidik hari ini")),
    text("previous_hash", mark("Sidik hari sebelumnya")),
)
_PURSES = (
    key(),
    text("name", mark("Petugas")),
    rupiah("opening", mark("Saldo awal")),
    rupiah("taken_in", mark("Diterima dari anggota")),
    rupiah("handed_over", mark("Disetor")),
    rupiah("corrected", mark("Koreksi dan selisih")),
    rupiah("closing", mark("Saldo akhir")),
)


_READERS = (Permission.SEE_PORTFOLIO,)
_BOOK_READERS = (Permission.SEE_BOOKS,)

_ALL = (
    Report(
        "portfolio",
        mark("Portofolio dan PAR"),
        mark("Sisa pokok dan bagian yang berisiko, per akhir satu hari."),
        _READERS,
        _laid_out(_PORTFOLIO),
        quality.at_risk,
    ),
    Report(
        "ageing",
        mark("Umur tunggakan"),
        mark("Seluruh sisa pokok menurut umur angsuran tertua yang belum lunas."),
        _READERS,
        {"bucket": _BUCKETS, **_laid_out(_AGEING), **dict.fromkeys(quality.OVER_DAYS, _LATE_LOANS)},
        quality.ageing_by,
    ),
    Report(
        "collection",
        mark("Tagihan dan penagihan"),
        mark("Yang jatuh tempo dibanding yang dibayar, minggu demi minggu."),
        _READERS,
        {
            "week": (day("key", mark("Minggu mulai")), *_COLLECTION, *_ARREARS_MOVE),
            "day": (day("key", mark("Hari")), *_COLLECTION, *_ARREARS_MOVE),
            **_laid_out((*_COLLECTION, *_ARREARS_MOVE)),
        },
        collection.demand,
        weeks_back(8),
    ),
    Report(
        "officers",
        mark("Kinerja petugas"),
        mark("Petugas berdampingan: kelompok, penagihan, PAR, pertemuan, kas."),
        _READERS,
        {"officer": _OFFICERS},
        officers.officers,
        weeks_back(1),
    ),
    Report(
        "disbursements",
        mark("Pencairan"),
        mark("Pinjaman yang dicairkan dalam satu kurun."),
        (Permission.SEE_LOANS,),
        {"loan": _DISBURSED_LOANS, **_laid_out(_DISBURSED)},
        lending.disbursed,
        on_the_first,
    ),
    Report(
        "losses",
        mark("Hapus buku dan penerimaan kembali"),
        mark("Pinjaman yang dihapus atau selesai karena meninggal, dan uang yang masih masuk."),
        _READERS,
        {"loan": _LOST_LOANS, **_laid_out((count("loans", mark("Pinjaman")), *_LOSS_SUMS))},
        risk.losses,
        lambda last: last.replace(month=1, day=1),
    ),
    Report(
        "restructured",
        mark("Pinjaman dijadwalkan ulang"),
        mark("Tetap dihitung dalam PAR sampai delapan angsuran berturut-turut dibayar tepat waktu."),
        _READERS,
        {"loan": _RESTRUCTURED},
        risk.restructured,
    ),
    Report(
        "attendance",
        mark("Kehadiran"),
        mark("Pertemuan yang diadakan dan siapa yang hadir."),
        _READERS,
        {**_laid_out(_ATTENDANCE, ("group", "officer", "kelurahan", "unit")), "member": _ATTENDANCE_OF_ONE},
        collection.attendance,
        weeks_back(4),
    ),
    Report(
        "savings",
        mark("Simpanan dan UPJ"),
        mark("Uang anggota yang kami pegang, menurut buku."),
        (Permission.SEE_BOOKS, Permission.SEE_PORTFOLIO),
        {"member": _BALANCES_OF_MEMBERS, **_laid_out(_BALANCES, ("group", "officer", "kelurahan", "unit"))},
        money.balances,
    ),
    Report(
        "over-short",
        mark("Selisih kas"),
        mark("Uang yang kurang atau lebih saat dihitung, dengan alasannya."),
        _BOOK_READERS,
        {
            "entry": _DIFFERENCE_ENTRIES,
            "officer": (key(), text("name", mark("Petugas")), count("times", mark("Kali")), *_DIFFERENCES),
        },
        money.differences,
        on_the_first,
    ),
    Report(
        "officer-cash",
        mark("Kas petugas"),
        mark("Uang di tangan tiap petugas: diterima, disetor, sisanya."),
        _BOOK_READERS,
        {"officer": _PURSES},
        days.purses,
        weeks_back(1),
    ),
    Report(
        "day-close",
        mark("Berkas tutup hari"),
        mark("Satu hari pembukuan: semua akun, penutupannya, dan lampirannya."),
        _BOOK_READERS,
        {"account": _ACCOUNTS},
        days.accounts,
        head=(_CLOSING, days.closing),
        followed_by=(("officer-cash", "officer"), ("over-short", "entry"), ("disbursements", "loan")),
    ),
    Report(
        "provisions",
        mark("Cadangan kerugian"),
        mark("Berapa yang disisihkan, menurut kelas atau skema yang terbit."),
        _READERS,
        {
            "classes": (word("bucket", mark("Kelas"), "quality_class"), *_PROVIDED),
            **{scheme: (word("bucket", mark("Lama tunggakan"), "lateness"), *_PROVIDED) for scheme in PROVISION_SCHEMES},
        },
        quality.provisions,
    ),
    Report(
        "movement",
        mark("Perpindahan kelas"),
        mark("Ke mana pinjaman tiap kelas pergi antara dua hari."),
        _READERS,
        {"amount": _moved(rupiah, mark("Semula")), "loans": _moved(count, mark("Semula"))},
        quality.movement,
        lambda last: last.replace(day=1),
    ),
)

REPORTS: Mapping[str, Report] = {report.name: report for report in _ALL}
"""By name, in the order in which people read them."""


def attachments(made: Made) -> list[Made]:
    """The reports that go with it, on its last day and of its unit, those that are for whoever asks."""
    asked = made.asked
    found = [(REPORTS[name], layout) for name, layout in made.report.followed_by]
    return [make(one, replace(asked, first=asked.last, layout=layout)) for one, layout in found if layout in one.layouts_for(asked.by)]
