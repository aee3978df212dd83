"""The workbook that a unit fills in to come over: four sheets with their columns, drop-downs, and how each column is filled."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from lending.domain.collection import Attendance
from lending.domain.importing import MOST_ROWS, SHEETS

_LINES = 2_000
"""So many rows of each sheet are made ready."""

_DAYS = frozenset({"first_meeting", "birth_date", "joined_on", "disbursed_on", "first_due", "held_on"})
_NUMBERS = frozenset({"weekday", "sub_group", "cycle", "principal", "weeks", "paid", "savings"})

_HELP: dict[str, tuple[tuple[str, str, str], ...]] = {
    "groups": (
        ("group", "Kode kelompok di berkas ini, bebas, misalnya K1. Dipakai lagi di lembar members.", "K1"),
        ("name", "Nama kelompok.", "Melati"),
        ("kelurahan", "Kode kelurahan yang dilayani unit, sebagai teks.", "15.71.01.1004"),
        ("weekday", "Hari pertemuan: 1 Senin … 6 Sabtu.", "1"),
        ("time", "Jam pertemuan.", "09:00"),
        ("place", "Tempat pertemuan.", "Rumah Bu Siti"),
        ("officer", "Nama pengguna petugas lapangan.", "officer"),
        ("first_meeting", "Pertemuan pertama; boleh sudah lewat. Harus jatuh pada harinya.", "2026-02-02"),
        ("leader", "NIK ketua; boleh kosong. Ia harus ada di lembar members.", "1571014101850001"),
    ),
    "members": (
        ("group", "Kode kelompoknya, seperti di lembar groups.", "K1"),
        ("name", "Nama seperti di KTP.", "Siti Aminah"),
        ("nik", "16 angka, sebagai teks.", "1571014101850001"),
        ("kk", "Nomor kartu keluarga, 16 angka, sebagai teks; boleh kosong.", ""),
        ("birth_date", "Tanggal lahir.", "1985-01-01"),
        ("phone", "Nomor telepon, sebagai teks; boleh kosong.", "081234567890"),
        ("address", "Alamat.", "Jl. Melati No. 7"),
        ("rt", "RT.", "001"),
        ("rw", "RW.", "002"),
        ("kelurahan", "Kode kelurahan tempat tinggal, sebagai teks.", "15.71.01.1004"),
        ("sub_group", "Sub-kelompok, mulai 1; boleh kosong.", "1"),
        ("joined_on", "Tanggal bergabung; kosong berarti hari impor.", "2026-02-02"),
        ("consents", "Persetujuannya, dipisah koma: credit, group, photo, city.", "credit, group"),
        ("savings", "Saldo tabungan sukarela, rupiah bulat; kosong berarti 0.", "25000"),
    ),
    "loans": (
        ("nik", "NIK anggota di lembar members; satu pinjaman berjalan tiap anggota.", "1571014101850001"),
        ("product", "Kode produk.", "MEKAAR"),
        ("cycle", "Pinjaman keberapa baginya.", "1"),
        ("principal", "Pokok, rupiah bulat.", "2000000"),
        ("weeks", "Jangka waktu dalam minggu.", "50"),
        ("disbursed_on", "Tanggal cair.", "2026-02-02"),
        ("first_due", "Jatuh tempo angsuran pertama: hari pertemuan kelompok sesudah cair.", "2026-02-09"),
        ("paid", "Yang sudah dibayar seluruhnya sampai hari impor, rupiah bulat.", "200000"),
    ),
    "history": (
        ("nik", "NIK anggota di lembar members.", "1571014101850001"),
        ("held_on", "Tanggal pertemuan yang sudah lewat. Lembar ini boleh kosong.", "2026-02-09"),
        ("attendance", f"Kehadiran: {', '.join(word.value for word in Attendance)}.", "hadir"),
        ("paid", "Angsuran yang dibayar saat itu; sudah termasuk dalam paid di lembar loans.", "50000"),
        ("savings", "Tabungan yang disetor saat itu.", "0"),
    ),
}
"""Each column: how it is filled, and an example."""


def template(*, officers: Sequence[str], products: Sequence[str], weeks: Sequence[int]) -> bytes:
    """The empty workbook, with the unit's officers and the house's products to choose from."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    bold = book.add_format({"bold": True, "bottom": 1})
    kinds = {
        "text": book.add_format({"num_format": "@"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "number": book.add_format({"num_format": "#,##0"}),
    }
    choices: dict[str, Sequence[Any]] = {
        "weekday": range(1, 7),
        "officer": officers,
        "product": products,
        "weeks": weeks,
        "attendance": [word.value for word in Attendance],
    }
    for name, columns in SHEETS.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            kind = "day" if column in _DAYS else "number" if column in _NUMBERS else "text"
            sheet.write_string(0, place, column, bold)
            sheet.set_column(place, place, 20 if kind == "text" else 14, kinds[kind])
            if choices.get(column):
                sheet.data_validation(1, place, _LINES, place, {"validate": "list", "source": [str(one) for one in choices[column]]})
    _help(book, bold)
    book.close()
    return out.getvalue()


def _help(book: Any, bold: Any) -> None:
    sheet = book.add_worksheet("petunjuk")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 1, 14, wrapped)
    sheet.set_column(2, 2, 70, wrapped)
    sheet.set_column(3, 3, 22, wrapped)
    for place, words in enumerate(("lembar", "kolom", "cara mengisi", "contoh")):
        sheet.write_string(0, place, words, bold)
    line = 1
    for name, columns in _HELP.items():
        for column in columns:
            for place, words in enumerate((name, *column)):
                sheet.write_string(line, place, words)
            line += 1
    for words in (
        f"Paling banyak {MOST_ROWS} baris. Bila satu baris keliru, tidak ada yang disimpan.",
        "Rumus tidak diterima: tempel sebagai nilai.",
    ):
        sheet.write_string(line + 1, 2, words)
        line += 1
