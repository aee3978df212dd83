"""The machine: settings, database, backups, demo."""

from collections.abc import Mapping

from lending.i18n.catalogue import mark

REFUSALS: Mapping[str, tuple[str, str]] = {
    "not_empty": (
        mark("Tidak kosong."),
        mark("Tempat ini sudah berisi data, jadi tidak ditimpa. Pakai folder data atau basis data lain yang masih kosong."),
    ),
    "schema_too_new": (
        mark("Basis data lebih baru."),
        mark(
            "Basis data ini dibuat oleh versi yang lebih baru ({has}); program ini mengenal sampai {knows}. Pakai program yang lebih baru."
        ),
    ),
    "no_file": (mark("Berkasnya tidak ada."), mark("Berkas {file} tidak ada di sini. Periksa nama dan foldernya.")),
    "file_in_the_way": (
        mark("Nama berkas itu sudah dipakai."),
        mark("{file} sudah ada dan bukan cadangan, jadi tidak ditimpa. Pilih nama lain."),
    ),
    "file_trouble": (
        mark("Berkas tidak dapat dibaca atau ditulis."),
        mark("Berkas tidak dapat dibaca atau ditulis ({reason}). Periksa folder, izin, dan ruang kosongnya, lalu ulangi."),
    ),
    "nothing_to_back_up": (
        mark("Tidak ada yang dicadangkan."),
        mark("Di sini belum ada data. Periksa LENDING_DATA_DIR dan LENDING_DATABASE_URL."),
    ),
    "schema_not_ours": (
        mark("Basis data dari versi lain."),
        mark(
            "Basis data ini berada di versi {has}, program ini di versi {knows}. Buat cadangan dengan program yang menulisnya, "
            "atau jalankan setup dahulu."
        ),
    ),
    "backup_damaged": (
        mark("Cadangan rusak."),
        mark("Berkas ini bukan cadangan yang utuh: terpotong atau berubah. Tidak ada yang ditulis. Pakai salinan lain."),
    ),
    "backup_too_new": (
        mark("Cadangan lebih baru."),
        mark("Cadangan ini dibuat oleh program yang lebih baru. Pakai program yang lebih baru."),
    ),
    "other_master_key": (
        mark("Kunci utamanya lain."),
        mark(
            "Cadangan ini dibuat dengan LENDING_MASTER_KEY yang lain; dengan kunci ini NIK tidak terbaca. Pakai kunci yang disimpan "
            "terpisah dari cadangan, atau salin master.key dari folder data lama."
        ),
    ),
    "other_database": (
        mark("Cadangan dari basis data lain."),
        mark("Cadangan ini berasal dari {database}. Pakai basis data yang sama jenisnya."),
    ),
    "no_database": (
        mark("Basis data tidak menjawab."),
        mark("Basis data tidak menjawab ({reason}). Periksa LENDING_DATABASE_URL, dan apakah basis datanya berjalan."),
    ),
    "address_taken": (
        mark("Alamat sudah dipakai."),
        mark(
            "Server tidak dapat memakai {host} porta {port}: {reason}. Hentikan yang memakainya, atau pilih porta lain dengan LENDING_PORT."
        ),
    ),
    "demo_accounts": (
        mark("Masih ada akun demo."),
        mark(
            "Basis data ini masih punya akun demo yang aktif ({usernames:list}). Pakai basis data baru; produksi tidak berjalan dengannya."
        ),
    ),
    "demo_in_production": (
        mark("Demo tidak ada di produksi."),
        mark("Demo tidak dapat dibuat di produksi. Pakai folder data lain dengan LENDING_ENV=demo."),
    ),
    "date_before_data": (
        mark("Tanggalnya lebih awal dari data."),
        mark("Tanggal usaha lebih awal daripada tanggal terbaru di basis data ({newest:date}). Mulai dengan tanggal itu atau sesudahnya."),
    ),
}
