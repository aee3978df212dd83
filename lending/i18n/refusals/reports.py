"""Reports that go out by themselves."""

from collections.abc import Mapping

from lending.i18n.catalogue import mark

REFUSALS: Mapping[str, tuple[str, str]] = {
    "address_format": (
        mark("Alamat emailnya keliru."),
        mark("“{typed}” bukan alamat email. Tulis seperti nama@contoh.id, satu alamat satu baris."),
    ),
    "too_many_addresses": (
        mark("Alamatnya terlalu banyak."),
        mark("Paling banyak {most} alamat untuk satu jadwal. Buat jadwal kedua untuk yang lain."),
    ),
    "nowhere_to_send": (mark("Belum ada tujuannya."), mark("Pilih folder laporan, atau tulis sedikitnya satu alamat email.")),
    "folder_not_set_up": (
        mark("Folder laporan belum disiapkan."),
        mark("Server ini belum punya folder laporan. Minta pengelola server mengisi LENDING_REPORTS_DIR, atau kirim lewat email."),
    ),
    "mail_not_set_up": (
        mark("Email belum disiapkan."),
        mark("Server ini belum dapat mengirim email. Minta pengelola server mengisi LENDING_SMTP_URL, atau pakai folder laporan."),
    ),
}
