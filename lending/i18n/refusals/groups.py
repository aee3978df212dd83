"""Groups and their calendar."""

from collections.abc import Mapping

from lending.i18n.catalogue import mark

REFUSALS: Mapping[str, tuple[str, str]] = {
    "group_taken": (
        mark("Kelompok ini sudah ada."),
        mark("Kelompok dengan nama, hari, jam, dan tempat yang sama sudah ada di unit ini. Lihat daftar kelompok."),
    ),
    "same_officer": (mark("Petugasnya sama."), mark("{name} tidak dapat menggantikan dirinya sendiri. Pilih petugas lain.")),
    "serves_no_group": (
        mark("Tidak memegang kelompok."),
        mark("{name} tidak memegang kelompok pada {on:date}. Pilih petugas atau tanggal lain."),
    ),
    "group_not_served": (
        mark("Bukan kelompoknya."),
        mark("{group} tidak dipegang {name} pada {on:date}. Lepaskan kelompok itu dari pilihan."),
    ),
    "given_from": (
        mark("Sudah diserahkan sejak hari lain."),
        mark("{group} sudah diserahkan kepada petugas lain mulai {on:date}. Pilih hari terakhir paling lambat {last:date}."),
    ),
    "group_too_small": (
        mark("Anggota kelompok kurang."),
        mark("Kelompok perlu paling sedikit {smallest} anggota; sekarang {size}. Ajak tetangga yang saling percaya."),
    ),
    "group_too_large": (
        mark("Anggota kelompok terlalu banyak."),
        mark("Satu kelompok paling banyak {largest} anggota. Bentuk kelompok baru."),
    ),
    "leader_missing": (mark("Kelompok belum punya ketua."), mark("Kelompok ini belum punya ketua. Catat ketuanya dahulu.")),
    "leader_not_member": (
        mark("Ketua harus anggota kelompok."),
        mark("Ketua harus anggota kelompok ini pada hari itu. Pilih dari daftar anggota."),
    ),
    "same_group": (mark("Sudah di kelompok itu."), mark("Anggota sudah berada di kelompok itu. Pilih kelompok lain.")),
    "before_last_meeting": (
        mark("Masih ada catatan sesudahnya."),
        mark("Sudah ada catatan pertemuan sesudah tanggal itu. Pilih tanggal setelah pertemuan terakhir."),
    ),
    "balance_left": (
        mark("Masih ada saldo."),
        mark("Anggota masih punya pinjaman, simpanan, atau UPJ. Selesaikan dahulu, lalu catat keluarnya."),
    ),
    "weekday_differs": (
        mark("Harinya tidak cocok."),
        mark("Angsuran pertama {first_due:date} bukan pada hari pertemuan yang dipilih. Samakan keduanya."),
    ),
    "unlawful_day": (
        mark("Hari yang tidak boleh dipakai."),
        mark("Pertemuan tidak boleh pada hari Minggu atau libur nasional. Pilih hari lain."),
    ),
    "wrong_weekday": (mark("Harinya tidak cocok."), mark("Tanggal ini bukan hari pertemuan kelompok. Pilih tanggal pada hari yang sama.")),
    "out_of_order": (
        mark("Urutan tanggal terlewati."),
        mark("Tanggalnya harus sesudah yang terakhir dicatat dan sebelum yang berikutnya. Pilih tanggal lain."),
    ),
    "moved_since": (mark("Jadwal sudah berubah."), mark("Jadwal ini sudah digeser lagi sejak itu. Muat ulang dan periksa dahulu.")),
    "weeks_out_of_range": (mark("Jumlah minggu di luar batas."), mark("Jadwal dapat digeser {smallest} sampai {largest} minggu.")),
    "too_far": (
        mark("Terlalu jauh digeser."),
        mark("Petugas dapat menggeser satu pertemuan paling jauh {days} hari. Untuk lebih dari itu, minta kepala unit."),
    ),
    "not_a_meeting": (mark("Pertemuan tidak ada."), mark("Pertemuan itu tidak ada di jadwal kelompok. Pilih dari jadwalnya.")),
    "first_due_not_a_meeting": (
        mark("Bukan hari pertemuan."),
        mark("Angsuran pertama harus jatuh pada pertemuan kelompok setelah pencairan. Pilih dari jadwalnya."),
    ),
    "rule_not_for_kind": (
        mark("Aturan libur tidak cocok."),
        mark("Hanya libur setempat yang boleh tetap mengadakan pertemuan. Pilih aturan lain."),
    ),
    "holiday_taken": (mark("Tanggal ini sudah libur."), mark("Tanggal ini sudah tercatat sebagai libur. Periksa daftar libur.")),
}
