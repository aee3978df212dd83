"""Files that are taken over."""

from collections.abc import Mapping

from lending.i18n.catalogue import mark

REFUSALS: Mapping[str, tuple[str, str]] = {
    "formula": (mark("Ini rumus."), mark("Rumus tidak diterima. Salin, lalu tempel sebagai nilai.")),
    "text_needed": (
        mark("Harus teks."),
        mark("Kolom ini harus teks: angka biasa kehilangan nol di depan atau angka terakhirnya. Ubah format selnya, lalu ketik lagi."),
    ),
    "column_missing": (mark("Kolom tidak ada."), mark("Kolom {name} tidak ada di baris pertama. Pakai templatnya.")),
    "column_twice": (mark("Kolom ada dua kali."), mark("Kolom {name} ada lebih dari satu kali. Hapus salah satu.")),
    "column_unknown": (mark("Kolom tidak dikenal."), mark("Kolom {name} tidak dikenal. Hapus, atau pakai templatnya.")),
    "sheet_missing": (mark("Lembar tidak ada."), mark("Lembar {name} tidak ada di berkas ini. Pakai templatnya.")),
    "group_twice": (mark("Kode kelompok dipakai dua kali."), mark("Kode kelompok {key} sudah dipakai di baris lain. Beri kode lain.")),
    "group_unknown": (
        mark("Kelompok tidak ada."),
        mark("Kelompok {key} tidak ada di lembar groups. Tambahkan di sana, atau betulkan kodenya."),
    ),
    "leader_not_in_group": (
        mark("Ketua bukan anggota."),
        mark("Ketua harus ada di lembar members, di kelompok yang sama. Periksa NIK-nya."),
    ),
    "nik_repeated": (mark("NIK tertulis dua kali."), mark("NIK yang sama ada di baris {where}. Hapus atau betulkan salah satu.")),
    "member_unknown": (mark("Anggota tidak ada."), mark("NIK ini tidak ada di lembar members. Tambahkan di sana, atau betulkan.")),
    "history_twice": (mark("Pertemuan tertulis dua kali."), mark("Pertemuan {on:date} anggota ini sudah ada di baris lain.")),
    "history_differs": (
        mark("Riwayat lebih besar."),
        mark("Riwayat berjumlah {told:rupiah}, lebih dari yang dibayar {paid:rupiah}. Samakan."),
    ),
    "not_a_workbook": (
        mark("Bukan berkas Excel."),
        mark("Berkas ini tidak terbaca sebagai .xlsx. Simpan ulang dari Excel."),
    ),
    "workbook_too_large": (
        mark("Berkasnya terlalu besar."),
        mark("Isi berkas ini terlalu besar untuk dibaca. Pakai templatnya, paling banyak {most} baris."),
    ),
    "too_many_rows": (mark("Barisnya terlalu banyak."), mark("Paling banyak {most} baris sekali impor. Bagi berkasnya.")),
    "no_such_file": (mark("Berkas tidak terbaca."), mark("Berkas {file} tidak terbaca: {reason}.")),
    "bad_rows": (
        mark("Ada baris yang keliru."),
        mark("Ada baris yang keliru, jadi tidak ada yang disimpan. Perbaiki baris yang disebut, lalu kirim lagi."),
    ),
}
