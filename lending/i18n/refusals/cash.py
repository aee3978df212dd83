"""Cash, savings, and days of the books."""

from collections.abc import Mapping

from lending.i18n.catalogue import mark

REFUSALS: Mapping[str, tuple[str, str]] = {
    "cash_changed": (
        mark("Kasnya sudah berubah."),
        mark("Sejak dihitung, pembukuan berubah: kini {expected:rupiah}, tadi {shown:rupiah}. Bandingkan sekali lagi, lalu terima."),
    ),
    "count_needed": (
        mark("Belum dihitung."),
        mark("Tulis berapa lembar atau keping tiap pecahan. Bila memang tidak ada uang, tulis 0 pada satu pecahan."),
    ),
    "day_closed": (
        mark("Buku hari itu sudah ditutup."),
        mark("Buku sampai {closed_up_to:date} sudah ditutup dan tidak dibuka lagi. Catat dengan tanggal sesudahnya."),
    ),
    "already_closed": (mark("Sudah ditutup."), mark("Buku {day:date} sudah ditutup. Tidak perlu ditutup lagi.")),
    "earlier_day_open": (mark("Hari sebelumnya masih terbuka."), mark("Buku {day:date} belum ditutup. Tutup hari itu dahulu.")),
    "not_enough_cash": (mark("Uangnya tidak cukup."), mark("Uang yang tersedia {left:rupiah}. Periksa jumlahnya, atau isi kas dahulu.")),
    "not_enough_savings": (mark("Simpanan tidak cukup."), mark("Simpanan anggota {left:rupiah}. Ambil paling banyak sejumlah itu.")),
    "not_enough_upj": (mark("UPJ tidak cukup."), mark("UPJ anggota {left:rupiah}. Kembalikan paling banyak sejumlah itu.")),
    "more_than_claimed": (mark("Lebih dari yang ditagihkan."), mark("Sisa klaim {left:rupiah}. Catat paling banyak sejumlah itu.")),
    "same_place": (mark("Asal dan tujuan sama."), mark("Asal dan tujuan uang harus berbeda.")),
    "total_or_counted": (
        mark("Tulis salah satu."),
        mark("Tulis jumlah uangnya, atau banyaknya lembar tiap pecahan: salah satu, jangan keduanya."),
    ),
    "officer_holds_cash": (
        mark("Petugas masih memegang uang."),
        mark("{officers} masih memegang uang. Terima setorannya dahulu, atau tulis alasannya."),
    ),
}
