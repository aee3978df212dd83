"""What each refusal says: a short title, and a sentence that stands alone and says what to do next. One file a room.

The code is the contract (api-detail, *Errors*, *Shared rules*); the words are ours. `{left:rupiah}` is a fact of the refusal, written as
the word after the colon says (`words.py`); when it is not there, the title is said instead. English: translations/en.
"""

from collections.abc import Mapping

from lending.i18n.catalogue import mark
from lending.i18n.refusals import (
    arrears,
    cash,
    collection,
    door,
    groups,
    imports,
    loans,
    mentoring,
    operating,
    people,
    programmes,
    reports,
    request,
    values,
)

ROOMS = (door, request, values, operating, people, groups, loans, collection, cash, arrears, reports, mentoring, imports, programmes)

REFUSALS: Mapping[str, tuple[str, str]] = {code: said for room in ROOMS for code, said in room.REFUSALS.items()}
"""Code → (title, sentence)."""

WARNINGS: Mapping[str, str] = {
    "nik_birth_date_differs": mark("Tanggal lahir berbeda dari NIK. Cocokkan dengan KTP."),
    "nik_region_unknown": mark("Kode kecamatan dalam NIK tidak ada di daftar kami. Kode lama memang ada; cocokkan dengan KTP."),
    "eligibility_contradicts_rule": mark("Hasil uji berlawanan dengan aturan produk. Yang memeriksa perlu menulis alasannya."),
    "sub_group_size": mark("Sub-kelompok biasanya sekitar lima orang, dua sampai enam sub-kelompok."),
    "unlawful_hour": mark("Penagihan hanya boleh antara pukul 08.00 dan 20.00. Pastikan semua anggota setuju dengan jam ini."),
    "open_actions_not_followed": mark("Ada tindakan yang lewat tenggat dan belum dibahas."),
    "photo_without_consent": mark("Ada anggota kunjungan ini yang belum setuju difoto. Pastikan ia tidak tampak di foto ini."),
    "re_entry": mark("Keluarga ini kembali dalam 12 bulan setelah keluar."),
    "unsent_on_phone": mark(
        "Di HP-nya masih ada catatan yang belum terkirim. Sesudah ini catatan itu tidak terkirim lagi; "
        "petugas penggantinya perlu mencatatnya dari buku."
    ),
    "still_mentors": mark(
        "Ia masih tercatat sebagai pendamping kelompok. Minta kepala unit memilih pendamping lain; "
        "sampai saat itu petugas kelompoknya yang mendampingi."
    ),
    "nobody_else": mark("Di unit itu tidak ada orang lain yang aktif dalam perannya. Tambahkan penggantinya."),
    "clock_wrong": mark("Jam HP tampak keliru. Catatan disimpan dengan jam server di sampingnya."),
}
"""What an answer that accepted something doubtful says beside it."""
