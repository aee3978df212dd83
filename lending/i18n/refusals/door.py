"""Who is at the door, what she may, and what a card's code opens."""

from collections.abc import Mapping

from lending.i18n.catalogue import mark

REFUSALS: Mapping[str, tuple[str, str]] = {
    "code_unknown": (
        mark("Kode ini tidak dikenal."),
        mark("Kode ini tidak dikenal. Periksa huruf demi huruf, atau pindai lagi dari kartu. Huruf O dan angka 0 mudah tertukar."),
    ),
    "code_revoked": (
        mark("Kode ini sudah tidak berlaku."),
        mark("Kartu ini sudah diganti dengan yang baru. Mintalah kartu terbaru kepada ketua kelompok atau petugas."),
    ),
    "not_signed_in": (mark("Belum masuk."), mark("Belum masuk, atau sesi sudah berakhir. Masuk dahulu, lalu ulangi.")),
    "wrong_password": (
        mark("Nama pengguna atau kata sandi salah."),
        mark("Nama pengguna atau kata sandi salah. Periksa lagi; huruf besar dan kecil dibedakan."),
    ),
    "too_many_tries": (
        mark("Terlalu banyak percobaan."),
        mark("Terlalu banyak kata sandi salah untuk nama ini. Tunggu {retry_after:wait}, atau masuk dari HP yang biasa dipakai."),
    ),
    "password_changed": (
        mark("Kata sandi sudah diganti."),
        mark("Kata sandi akun ini sudah diganti di tempat lain. Masuk lagi dengan kata sandi yang baru; yang belum terkirim tetap ada."),
    ),
    "session_revoked": (
        mark("Sesi ini diakhiri oleh kantor."),
        mark("Sesi ini diakhiri oleh kantor pusat. Masuk lagi; yang belum terkirim tetap ada."),
    ),
    "account_closed": (
        mark("Akun ini sudah ditutup."),
        mark("Akun ini sudah ditutup oleh kantor pusat. Hubungi kantor pusat bila ini keliru, atau bila masih ada catatan di HP Anda."),
    ),
    "token_ended": (
        mark("Token ini sudah berakhir."),
        mark("Token ini sudah dicabut, lewat tanggalnya, atau akun pemiliknya ditutup. Minta token baru kepada admin."),
    ),
    "token_reads_only": (
        mark("Token ini hanya untuk membaca."),
        mark("Token ini hanya boleh bertanya, tidak boleh mengubah. Minta kepada admin token yang boleh menulis."),
    ),
    "own_account": (
        mark("Bukan untuk akun sendiri."),
        mark("Peran, unit, dan akses Anda sendiri hanya dapat diubah oleh admin lain. Minta rekan Anda melakukannya."),
    ),
    "code_wrong": (
        mark("Kode tidak berlaku."),
        mark("Kode ini salah, sudah dipakai, atau lewat satu hari. Periksa lagi, atau minta kode baru kepada admin."),
    ),
    "old_password_wrong": (
        mark("Kata sandi yang lama salah."),
        mark("Kata sandi yang lama salah. Periksa lagi; huruf besar dan kecil dibedakan."),
    ),
    "password_same": (mark("Kata sandi masih yang lama."), mark("Kata sandi baru sama dengan yang lama. Pilih yang lain.")),
    "password_differs": (mark("Dua isian tidak sama."), mark("Isian ini tidak sama dengan kata sandi baru di atasnya. Ketik sekali lagi.")),
    "csrf": (
        mark("Halaman ini sudah kedaluwarsa."),
        mark("Halaman ini terlalu lama terbuka atau dibuka sebelum masuk. Tidak ada yang berubah. Muat ulang halaman, lalu kirim lagi."),
    ),
    "foreign_origin": (
        mark("Permintaan datang dari situs lain."),
        mark("Permintaan ini datang dari situs lain, jadi ditolak. Tidak ada yang berubah. Buka halamannya langsung dari sini."),
    ),
    "host_unknown": (
        mark("Alamat ini bukan alamat kami."),
        mark("Alamat yang dibuka tidak dikenal oleh server ini. Pakai alamat yang diberikan kepala unit."),
    ),
    "not_allowed": (
        mark("Bukan tugas Anda."),
        mark("Peran Anda tidak boleh melakukan ini. Minta kepada petugas yang berhak, atau tanyakan kepada kepala unit."),
    ),
    "not_yours": (mark("Bukan milik Anda."), mark("Ini dikerjakan oleh orang lain. Hanya yang membuatnya yang boleh mengubahnya.")),
    "not_found": (
        mark("Tidak ada di sini."),
        mark("Yang dicari tidak ada, atau bukan bagian Anda. Periksa alamatnya, atau cari lagi dari daftar."),
    ),
    "maker_is_checker": (
        mark("Harus orang lain."),
        mark("Yang mengajukan tidak boleh ikut memeriksa, menyetujui, atau mencairkan. Minta orang lain melakukannya."),
    ),
    "same_person": (
        mark("Harus orang lain."),
        mark("Langkah ini harus dilakukan orang lain, bukan yang membuat atau mencatatnya. Minta rekan yang berhak."),
    ),
    "not_named_verifier": (
        mark("Belum ditunjuk sebagai pemeriksa."),
        mark("Pemeriksaan dilakukan kepala unit, atau petugas lain yang ditunjuk kepala unit untuk pinjaman ini."),
    ),
    "not_same_day": (
        mark("Sudah lewat harinya."),
        mark("Petugas hanya boleh membatalkan catatan pada hari yang sama. Minta kepala unit membatalkannya."),
    ),
    "revoked": (mark("Kode sudah dicabut."), mark("Kode ini sudah tidak berlaku. Minta kartu yang baru kepada petugas.")),
}
