"""Loans, from proposal to the last day."""

from collections.abc import Mapping

from lending.i18n.catalogue import mark

REFUSALS: Mapping[str, tuple[str, str]] = {
    "eligibility_missing": (
        mark("Uji kelayakan belum ada."),
        mark("Uji kelayakan belum ada atau sudah lebih dari {days} hari. Kunjungi rumahnya dan catat hasilnya."),
    ),
    "eligibility_failed": (
        mark("Belum lolos uji kelayakan."),
        mark("Hasil uji kelayakan tanggal {tested_on:date} belum lolos. Kunjungi lagi bila keadaannya sudah berubah."),
    ),
    "training_incomplete": (
        mark("Pelatihan belum lengkap."),
        mark("Pelatihan baru {days} dari {needed} hari. Selesaikan dahulu untuk pinjaman pertama."),
    ),
    "principal_not_offered": (
        mark("Jumlah pinjaman tidak ditawarkan."),
        mark("Pinjaman {smallest:rupiah} sampai {largest:rupiah}, kelipatan {step:rupiah}. Pilih jumlah lain."),
    ),
    "weeks_not_offered": (mark("Jangka waktu tidak ditawarkan."), mark("Jangka waktu yang ada: {weeks:list} minggu.")),
    "weeks_list": (
        mark("Jangka waktu tidak terbaca."),
        mark("Tulis jumlah minggu sebagai angka bulat, dipisah koma. Misalnya: 25, 50."),
    ),
    "no_such_product": (
        mark("Produk tidak ada."),
        mark("Produk ini tidak ada atau tidak berlaku pada hari itu. Pilih dari daftar produk."),
    ),
    "product_version_taken": (
        mark("Versi ini sudah ada."),
        mark("Produk {product} sudah punya versi yang mulai {on:date}. Pilih tanggal lain."),
    ),
    "max_below_min": (mark("Batas atas terlalu kecil."), mark("Batas atas tidak boleh di bawah {smallest:rupiah}.")),
    "schedule_differs": (
        mark("Jumlah jadwal baru tidak sama."),
        mark("Jadwal baru berjumlah {sum:rupiah}, sisa pinjaman {left:rupiah}. Samakan: tidak ditambah, tidak dikurangi."),
    ),
    "dates_not_rising": (
        mark("Tanggal angsuran tidak urut."),
        mark("Setiap angsuran jatuh pada pertemuan sesudah angsuran sebelumnya. Urutkan tanggalnya."),
    ),
    "instalments_out_of_range": (
        mark("Jumlah angsuran tidak masuk akal."),
        mark("Sisa pinjaman bisa dibagi menjadi 1 sampai {most} angsuran. Ubah jangka waktunya."),
    ),
    "weeks_not_whole": (
        mark("Jangka waktu tidak pas."),
        mark("{weeks} minggu tidak terbagi habis oleh angsuran tiap {every_weeks} minggu. Pilih jangka lain."),
    ),
    "cycle_twice": (mark("Siklus tertulis dua kali."), mark("Satu siklus hanya boleh punya satu batas. Hapus salah satu.")),
    "loan_running": (
        mark("Masih ada pinjaman berjalan."),
        mark("Anggota masih punya pinjaman yang belum lunas atau sedang diajukan. Selesaikan dahulu."),
    ),
    "group_in_arrears": (
        mark("Kelompok menunggak."),
        mark("Di kelompok ini ada tunggakan {days} hari, lebih dari {allowed} hari. Bereskan bersama sebelum mengajukan pinjaman baru."),
    ),
    "wrong_state": (
        mark("Langkah ini tidak bisa sekarang."),
        mark("Keadaannya sekarang: {state:loan_state}. Langkah ini tidak bisa dari sana; muat ulang dan lihat langkah berikutnya."),
    ),
    "not_confirmed": (
        mark("Belum dibenarkan anggota."),
        mark("Anggota harus membenarkan sendiri bahwa ia menerima uangnya. Minta ia membenarkan di depan Anda, lalu tandai."),
    ),
    "quorum_missing": (
        mark("Yang hadir belum cukup."),
        mark("Kelompok ini punya {members} anggota. Yang hadir paling sedikit separuhnya, dan tidak lebih dari semuanya."),
    ),
    "override_reason_needed": (
        mark("Perlu alasan tertulis."),
        mark("Temuan kunjungan berbeda dari aturan produk. Tulis mengapa pinjaman ini tetap layak, atau jangan teruskan."),
    ),
    "not_recommended": (
        mark("Kelompok belum merekomendasikan."),
        mark("Lebih dari separuh anggota yang hadir harus setuju, dan paling sedikit separuh anggota harus hadir."),
    ),
    "more_than_asked": (
        mark("Lebih dari yang diajukan."),
        mark("Jumlah yang disetujui tidak boleh lebih dari yang diajukan, {asked:rupiah}."),
    ),
    "before_earlier_step": (
        mark("Mendahului langkah sebelumnya."),
        mark("Tanggal ini lebih awal daripada langkah sebelumnya. Pilih tanggal itu atau sesudahnya."),
    ),
    "before_disbursement": (mark("Sebelum pencairan."), mark("Tanggal ini sebelum pinjamannya dicairkan. Periksa tanggal pertemuannya.")),
    "needs_override": (
        mark("Hasil uji berlawanan dengan aturan."),
        mark("Hasil uji kelayakan berlawanan dengan aturan produk. Tulis alasan mengapa tetap diteruskan."),
    ),
    "rebate_too_large": (
        mark("Potongan terlalu besar."),
        mark("Potongan paling banyak {left:rupiah}, yaitu margin yang belum dibayar. Pokok selalu dibayar penuh."),
    ),
    "purchase_missing": (
        mark("Bukti pembelian belum ada."),
        mark("Akad murabahah baru boleh setelah bukti pembelian dicatat. Catat kwitansinya dahulu."),
    ),
    "placeholder_unknown": (mark("Tanda isian tidak dikenal."), mark("“{name}” bukan tanda isian yang dikenal. Pakai nama dari daftar.")),
}
