"""The weekly meeting."""

from collections.abc import Mapping

from lending.i18n.catalogue import mark

REFUSALS: Mapping[str, tuple[str, str]] = {
    "already_recorded": (
        mark("Pertemuan sudah dicatat."),
        mark("Pertemuan ini sudah dicatat dengan nomor {receipt}. Lihat kwitansinya; bila keliru, batalkan dahulu."),
    ),
    "already_undone": (mark("Sudah dibatalkan."), mark("Catatan ini sudah dibatalkan sebelumnya. Tidak ada yang berubah.")),
    "already_settled": (mark("Sudah diselesaikan."), mark("Ini sudah diselesaikan sebelumnya. Tidak ada yang berubah.")),
    "cash_differs": (
        mark("Uang tidak cocok."),
        mark("Uang yang dihitung {counted:rupiah}, catatan {expected:rupiah}. Hitung lagi; bila tetap beda, tulis selisih dan alasannya."),
    ),
    "notes_differ": (
        mark("Pecahan tidak cocok."),
        mark("Jumlah pecahan {counted:rupiah}, yang ditulis {expected:rupiah}. Periksa banyaknya lembar."),
    ),
    "member_missing": (
        mark("Ada anggota tanpa baris."),
        mark("Setiap anggota harus punya satu baris. Ada yang belum tercatat; muat ulang daftarnya."),
    ),
    "member_twice": (mark("Anggota tercatat dua kali."), mark("Anggota ini tercatat dua kali. Sisakan satu baris.")),
    "member_not_here": (
        mark("Bukan anggota pada hari itu."),
        mark("Ia bukan anggota kelompok ini pada hari pertemuan. Muat ulang daftarnya."),
    ),
    "not_her_loan": (mark("Pinjaman tidak cocok."), mark("Pinjaman di baris ini bukan pinjaman anggota itu. Muat ulang daftarnya.")),
    "loan_missing": (
        mark("Ada uang tanpa pinjaman."),
        mark("Baris ini mencatat angsuran, tetapi anggota ini tidak punya pinjaman. Masukkan uangnya sebagai simpanan."),
    ),
    "not_of_group": (
        mark("Bukan anggota kelompok ini."),
        mark("Pada hari itu ia bukan anggota kelompok ini. Muat ulang daftar tagihan, lalu pilih dari situ."),
    ),
    "loan_ended": (
        mark("Pinjamannya sudah berakhir."),
        mark(
            "Pembayaran atas pinjaman yang dilunasi lebih awal, dihapusbukukan, atau selesai karena meninggal tidak bisa dibatalkan lagi. "
            "Batalkan baris anggota lain saja, satu per satu."
        ),
    ),
    "savings_spent": (
        mark("Tabungannya sudah diambil."),
        mark("Tabungan dari catatan ini sudah diambil anggota. Batalkan baris anggota lain saja, satu per satu."),
    ),
    "nothing_to_undo": (
        mark("Tidak ada uang di baris ini."),
        mark("Baris ini tidak membawa uang, jadi tidak ada yang perlu dibatalkan."),
    ),
    "not_the_same_day": (
        mark("Harinya sudah lewat."),
        mark("Catatan ini disimpan {recorded_on:date}. Petugas hanya boleh membatalkannya pada hari itu; sesudahnya kepala unit."),
    ),
    "pays_too_much": (
        mark("Lebih dari sisa pinjaman."),
        mark("Pembayaran lebih dari sisa pinjaman, {left:rupiah}. Sisanya boleh masuk simpanan."),
    ),
    "not_short": (mark("Tidak kurang bayar."), mark("Baris ini tidak kurang bayar, jadi tidak perlu alasan.")),
    "renteng_self": (
        mark("Tidak bisa menanggung diri sendiri."),
        mark("Anggota tidak bisa menanggung dirinya sendiri. Pilih anggota lain."),
    ),
    "renteng_not_needed": (mark("Tidak perlu ditanggung."), mark("Tanggungan lebih besar daripada kekurangannya. Kurangi jumlahnya.")),
    "promise_too_early": (mark("Janji terlalu awal."), mark("Tanggal janji tidak boleh sebelum hari janji itu dibuat.")),
    "promise_too_far": (
        mark("Janji terlalu jauh."),
        mark("Janji paling jauh {days} hari ke depan. Bila ia perlu lebih lama, usulkan jadwal ulang kepada kepala unit."),
    ),
    "promise_too_large": (
        mark("Lebih dari sisa pinjaman."),
        mark("Jumlah ini lebih dari sisa pinjamannya, {left:rupiah}. Tulis paling banyak sejumlah itu."),
    ),
    "too_early": (mark("Terlalu awal."), mark("Pertemuan ini belum boleh dicatat. Tunggu sampai harinya dekat.")),
}
