"""The index of the ledger: its tabs, in the order of a working week. A tab is there when its pages are, and when she may open them."""

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from flask_babel import pgettext

from lending.domain.access import Permission
from lending.i18n.catalogue import mark_in
from lending.web.login import me, signed_in

_TABS: tuple[tuple[str, str, str, Permission | None], ...] = (
    ("home.index", mark_in("tab", "Beranda"), "house", None),
    ("field.shell", mark_in("tab", "Lapangan"), "smartphone", Permission.RECORD_MEETINGS),
    ("collection.index", mark_in("tab", "Pertemuan"), "calendar-days", Permission.SEE_SHEETS),
    ("groups.index", mark_in("tab", "Kelompok"), "users", Permission.SEE_GROUPS),
    ("members.index", mark_in("tab", "Anggota"), "id-card", Permission.SEARCH_MEMBERS),
    ("loans.index", mark_in("tab", "Pinjaman"), "hand-coins", Permission.SEE_LOANS),
    ("arrears.index", mark_in("tab", "Tunggakan"), "triangle-alert", Permission.SEE_ARREARS),
    ("mentoring.index", mark_in("tab", "Pendampingan"), "handshake", Permission.SEE_VISITS),
    ("reports.index", mark_in("tab", "Portofolio"), "chart-column", Permission.SEE_PORTFOLIO),
    ("reports.reach", mark_in("tab", "Jangkauan kota"), "map-pin", Permission.SEE_REACH),
    ("reports.units", mark_in("tab", "Semua unit"), "building-2", Permission.SEE_UNIT_TOTALS),
    ("cash.index", mark_in("tab", "Kas"), "wallet", Permission.TRANSFER_CASH),
    ("books.index", mark_in("tab", "Pembukuan"), "book-open-text", Permission.SEE_BOOKS),
    ("cards.index", mark_in("tab", "Kartu angsuran"), "printer", Permission.SEE_CARDS),
    ("loans.quote", mark_in("tab", "Hitung angsuran"), "scale", Permission.QUOTE),
    ("admin.index", mark_in("tab", "Pengaturan"), "settings", Permission.MANAGE_ADMIN),
    ("admin.reference", mark_in("tab", "Libur dan produk"), "landmark", Permission.SEE_REFERENCE),
    ("admin.audit", mark_in("tab", "Jejak audit"), "eye", Permission.SEE_AUDIT),
    ("admin.operations", mark_in("tab", "Proses malam"), "history", Permission.SEE_OPERATIONS),
)
"""(first page of the column, label, icon, who may): a column that has no pages yet has no tab."""


@dataclass(frozen=True)
class Place:
    """One tab, as this person sees it on this page."""

    href: str
    label: str
    icon: str
    current: bool


def set_up(app: Flask) -> None:
    """Let the layout draw the tabs."""
    app.jinja_env.globals["navigation"] = navigation


def navigation() -> list[Place]:
    """The tabs of whoever asks; none before she signs in."""
    if signed_in() is None:
        return []
    return [
        Place(url_for(endpoint), pgettext("tab", label), icon, _is_here(endpoint))
        for endpoint, label, icon, permission in _TABS
        if endpoint in current_app.view_functions and (permission is None or me().may(permission))
    ]


def _is_here(endpoint: str) -> bool:
    """A page belongs to its own tab, where it has one, and else to the first tab of its column."""
    if request.endpoint == endpoint:
        return True
    column = endpoint.split(".", 1)[0]
    return endpoint.endswith(".index") and request.blueprint == column and request.endpoint not in {tab[0] for tab in _TABS}
