"""Numbers, dates and text, wherever they are written."""

from collections.abc import Mapping

from lending.i18n.catalogue import mark

REFUSALS: Mapping[str, tuple[str, str]] = {
    "number_list": (mark("Bukan daftar angka."), mark("Tulis angka bulat dengan koma di antaranya, misalnya 0, 30, 60, 90.")),
    "text_too_long": (mark("Terlalu panjang."), mark("Terlalu panjang: paling banyak {longest} huruf. Persingkat.")),
    "not_a_choice": (mark("Pilihan tidak ada."), mark("Pilihan ini tidak ada. Pilih salah satu dari daftar.")),
    "out_of_range": (mark("Di luar batas."), mark("Angka ini di luar batas yang diterima. Periksa lagi.")),
    "amount_format": (
        mark("Jumlahnya tidak terbaca."),
        mark("Jumlah tidak terbaca. Tulis rupiah bulat, misalnya 50.000, tanpa koma dan tanpa tanda kurang."),
    ),
    "too_small": (mark("Jumlahnya terlalu kecil."), mark("Jumlah paling sedikit {smallest:rupiah}.")),
    "too_large": (mark("Jumlahnya terlalu besar."), mark("Jumlah paling banyak {largest:rupiah}. Periksa banyaknya nol.")),
    "whole_number": (mark("Bukan angka bulat."), mark("Tulis angka bulat, hanya angka 0–9.")),
    "date_format": (
        mark("Tanggalnya tidak ada."),
        mark("Tanggal ini tidak ada atau tidak terbaca. Pilih dari kalender, atau tulis seperti 2026-11-26."),
    ),
    "hour_format": (mark("Jamnya tidak terbaca."), mark("Jam tidak terbaca. Tulis seperti 09:00.")),
    "future_date": (mark("Tanggalnya belum tiba."), mark("Tanggal ini belum tiba. Pakai hari ini atau sebelumnya.")),
    "from_after_to": (mark("Tanggalnya terbalik."), mark("Tanggal awal harus sebelum atau sama dengan tanggal akhir.")),
    "in_the_past": (mark("Tanggalnya sudah lewat."), mark("Tanggal ini sudah lewat. Pilih hari ini atau sesudahnya.")),
    "too_old": (mark("Terlalu lama berlalu."), mark("Tanggal ini sudah terlalu lama. Paling lama {days} hari yang lalu.")),
    "reason_needed": (mark("Alasannya belum ditulis."), mark("Tulis alasannya dengan singkat, agar yang memeriksa mengerti.")),
}
