"""The index of the ledger: its tabs, in the order of a working week. A tab is there when its pages are, and when she may open them."""

from dataclasses import dataclass
from typing import NamedTuple

from flask import Flask, current_app, request, url_for
from flask_babel import gettext, pgettext

from lending.domain.access import Permission
from lending.i18n.catalogue import mark, mark_in
from lending.web.login import me, signed_in


class _Tab(NamedTuple):
    """The first page of a column, what its tab says and shows, who may open it, and what is done there."""

    endpoint: str
    label: str
    icon: str
    permission: Permission | None
    about: str


_TABS = (
    _Tab("home.index", mark_in("tab", "Beranda"), "house", None, ""),
    _Tab(
        "field.shell",
        mark_in("tab", "Lapangan"),
        "smartphone",
        Permission.LOG_VISITS,
        mark("Pekerjaan hari ini di HP, juga tanpa sinyal."),
    ),
    _Tab("collection.index", mark_in("tab", "Pertemuan"), "calendar-days", Permission.SEE_SHEETS, mark("Jadwal dan catatan pertemuan.")),
    _Tab("groups.index", mark_in("tab", "Kelompok"), "users", Permission.SEE_GROUPS, mark("Anggota, ketua, dan jadwal tiap kelompok.")),
    _Tab("members.index", mark_in("tab", "Anggota"), "id-card", Permission.SEARCH_MEMBERS, mark("Cari anggota dengan nama atau nomor.")),
    _Tab(
        "loans.index",
        mark_in("tab", "Pinjaman"),
        "hand-coins",
        Permission.SEE_LOANS,
        mark("Pengajuan, persetujuan, dan pinjaman berjalan."),
    ),
    _Tab(
        "arrears.index",
        mark_in("tab", "Tunggakan"),
        "triangle-alert",
        Permission.SEE_ARREARS,
        mark("Siapa terlambat, berapa lama, dan mengapa."),
    ),
    _Tab(
        "mentoring.index",
        mark_in("tab", "Pendampingan"),
        "handshake",
        Permission.SEE_VISITS,
        mark("Kunjungan, temuan, dan janji tindakan."),
    ),
    _Tab(
        "reports.index",
        mark_in("tab", "Portofolio"),
        "chart-column",
        Permission.SEE_PORTFOLIO,
        mark("Sisa pokok dan PAR menurut petugas, kelompok, kelurahan."),
    ),
    _Tab("report.index", mark_in("tab", "Laporan"), "file-text", Permission.SEE_REPORTS, mark("Semua laporan: layar, Excel, CSV, PDF.")),
    _Tab(
        "reports.reach",
        mark_in("tab", "Jangkauan kota"),
        "map-pin",
        Permission.SEE_REACH,
        mark("Keluarga yang terjangkau menurut kelurahan."),
    ),
    _Tab("reports.units", mark_in("tab", "Semua unit"), "building-2", Permission.SEE_UNIT_TOTALS, mark("Sisa pokok dan PAR menurut unit.")),
    _Tab("cash.index", mark_in("tab", "Kas"), "wallet", Permission.TRANSFER_CASH, mark("Brankas, setoran, dan pindah kas.")),
    _Tab("imports.index", mark_in("tab", "Impor"), "arrow-up", Permission.IMPORT, mark("Kelompok dan pinjaman dari berkas Excel.")),
    _Tab(
        "books.index",
        mark_in("tab", "Pembukuan"),
        "book-open-text",
        Permission.SEE_BOOKS,
        mark("Jurnal, buku besar, neraca saldo, dan tutup hari."),
    ),
    _Tab(
        "cards.index",
        mark_in("tab", "Kartu angsuran"),
        "printer",
        Permission.SEE_CARDS,
        mark("Cetak kartu satu anggota atau satu kelompok."),
    ),
    _Tab("loans.quote", mark_in("tab", "Hitung angsuran"), "scale", Permission.QUOTE, mark("Angsuran dan jadwal sebelum mengajukan.")),
    _Tab("admin.index", mark_in("tab", "Pengaturan"), "settings", Permission.MANAGE_ADMIN, mark("Unit, pengguna, produk, dan hari libur.")),
    _Tab(
        "admin.reference",
        mark_in("tab", "Libur dan produk"),
        "landmark",
        Permission.SEE_REFERENCE,
        mark("Produk, hari libur, dan wilayah yang berlaku."),
    ),
    _Tab("admin.audit", mark_in("tab", "Jejak audit"), "eye", Permission.SEE_AUDIT, mark("Siapa melakukan apa, kapan, dan mengapa.")),
    _Tab(
        "admin.night",
        mark_in("tab", "Proses malam"),
        "history",
        Permission.SEE_OPERATIONS,
        mark("Apakah setiap malam sudah dihitung."),
    ),
)
"""A column that has no pages yet has no tab."""


@dataclass(frozen=True)
class Place:
    """One tab, as this person sees it on this page."""

    href: str
    label: str
    icon: str
    about: str
    current: bool


def set_up(app: Flask) -> None:
    """Let the layout draw the tabs."""
    app.jinja_env.globals["navigation"] = navigation


def navigation() -> list[Place]:
    """The tabs of whoever asks; none before she signs in."""
    if signed_in() is None:
        return []
    return [
        Place(url_for(tab.endpoint), pgettext("tab", tab.label), tab.icon, gettext(tab.about) if tab.about else "", _is_here(tab.endpoint))
        for tab in _TABS
        if tab.endpoint in current_app.view_functions and (tab.permission is None or me().may(tab.permission))
    ]


def _is_here(endpoint: str) -> bool:
    """A page belongs to its own tab, where it has one, and else to the first tab of its column."""
    if request.endpoint == endpoint:
        return True
    column = endpoint.split(".", 1)[0]
    return endpoint.endswith(".index") and request.blueprint == column and request.endpoint not in {tab.endpoint for tab in _TABS}
