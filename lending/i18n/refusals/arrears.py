"""Late loans, early warnings, rules of risk."""

from collections.abc import Mapping

from lending.i18n.catalogue import mark

REFUSALS: Mapping[str, tuple[str, str]] = {
    "from_tomorrow": (
        mark("Paling cepat besok."),
        mark("Aturan baru berlaku paling cepat besok: hari yang sudah ditutup memakai aturan lamanya. Pilih hari sesudah {today:date}."),
    ),
    "rule_version_taken": (
        mark("Sudah ada versi dari hari itu."),
        mark("Aturan ini sudah punya versi yang berlaku mulai {on:date}. Versi tidak pernah diubah; pilih hari lain."),
    ),
    "must_rise": (
        mark("Angkanya harus naik."),
        mark("Angka ini harus lebih besar daripada yang sebelumnya; untuk tarif, tidak boleh lebih kecil. Periksa urutannya."),
    ),
    "one_rate_a_bucket": (
        mark("Banyaknya tarif tidak cocok."),
        mark("Untuk batas hari itu perlu {buckets} tarif: satu untuk tiap batas, dan satu untuk yang lebih lama. Lengkapi."),
    ),
    "more_times_than_meetings": (
        mark("Lebih banyak kali daripada pertemuan."),
        mark("Jumlah kali tidak boleh melebihi {meetings} pertemuan yang dilihat. Kecilkan yang satu atau besarkan yang lain."),
    ),
    "not_late": (
        mark("Tidak menunggak."),
        mark("Pinjaman ini tidak menunggak pada hari itu, jadi tidak ada yang perlu ditagih. Periksa tanggalnya."),
    ),
    "already_proposed": (
        mark("Sudah diusulkan."),
        mark("Jadwal ulang untuk pinjaman ini sudah diusulkan. Tunggu jawaban kepala unit."),
    ),
    "nothing_proposed": (
        mark("Tidak ada usulan."),
        mark("Tidak ada usulan jadwal ulang yang menunggu jawaban untuk pinjaman ini."),
    ),
    "already_aside": (
        mark("Sudah dikecualikan."),
        mark("Penagihan pinjaman ini sudah dihentikan sementara. Kepala unit dapat meneruskannya lagi."),
    ),
    "not_aside": (mark("Tidak dikecualikan."), mark("Penagihan pinjaman ini tidak sedang dihentikan, jadi tidak perlu diteruskan.")),
}
