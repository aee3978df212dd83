"""Visits, agreed actions, photos."""

from collections.abc import Mapping

from lending.i18n.catalogue import mark

REFUSALS: Mapping[str, tuple[str, str]] = {
    "topic_unknown": (mark("Topik tidak dikenal."), mark("Topik ini tidak ada di daftar. Pilih dari daftar topik.")),
    "nobody_visited": (mark("Belum jelas siapa yang dikunjungi."), mark("Sebut kelompok atau anggota yang dikunjungi.")),
    "topic_twice": (mark("Topik tertulis dua kali."), mark("Topik ini tertulis dua kali. Hapus salah satu.")),
    "action_twice": (mark("Tindakan tertulis dua kali."), mark("Tindakan ini tertulis dua kali. Hapus salah satu.")),
    "ends_before_start": (mark("Jam selesai terlalu awal."), mark("Jam selesai tidak boleh sebelum jam mulai. Periksa keduanya.")),
    "due_before_visit": (mark("Tenggat terlalu awal."), mark("Tenggat tindakan tidak boleh sebelum hari kunjungan.")),
    "too_many_actions": (
        mark("Terlalu banyak tindakan."),
        mark("Paling banyak {largest} tindakan dalam satu kunjungan. Pilih yang paling penting."),
    ),
    "action_unknown": (mark("Tindakan tidak dikenal."), mark("Tindakan ini bukan dari kunjungan sebelumnya di kelompok ini.")),
    "photos_missing": (mark("Foto belum cukup."), mark("Perlu dua foto. Ambil fotonya, lalu simpan lagi.")),
    "not_a_photo": (
        mark("Bukan foto."),
        mark("Berkas ini bukan foto JPEG, PNG, atau WebP yang utuh, paling besar 25 juta titik. Ambil ulang fotonya."),
    ),
    "too_many_photos": (
        mark("Fotonya sudah cukup."),
        mark("Paling banyak {largest} foto dalam satu kunjungan. Foto ini tidak disimpan; yang lain tetap ada."),
    ),
}
