"""Members and people who sign in."""

from collections.abc import Mapping

from lending.i18n.catalogue import mark

REFUSALS: Mapping[str, tuple[str, str]] = {
    "nik_format": (mark("NIK harus 16 angka."), mark("NIK harus 16 angka. Salin dari KTP; spasi, titik, dan tanda hubung boleh.")),
    "nik_date": (
        mark("Tanggal dalam NIK tidak ada."),
        mark("Angka ke-7 sampai ke-12 NIK bukan tanggal lahir yang ada. Cocokkan lagi dengan KTP."),
    ),
    "nik_region": (mark("Kode provinsi NIK tidak dikenal."), mark("Dua angka pertama NIK bukan kode provinsi. Cocokkan lagi dengan KTP.")),
    "nik_serial": (mark("Nomor urut NIK tidak boleh 0000."), mark("Empat angka terakhir NIK tidak boleh 0000. Cocokkan lagi dengan KTP.")),
    "nik_taken": (
        mark("NIK ini sudah terdaftar."),
        mark("NIK ini sudah terdaftar. Periksa angkanya. Bila benar, hubungi kepala unit untuk memindahkan anggota."),
    ),
    "not_a_woman": (
        mark("NIK ini bukan NIK perempuan."),
        mark("Program ini untuk perempuan, dan NIK ini bukan NIK perempuan. Periksa angka tanggal lahirnya."),
    ),
    "kk_format": (mark("Nomor KK harus 16 angka."), mark("Nomor Kartu Keluarga harus 16 angka. Salin dari KK.")),
    "name_length": (mark("Panjang nama tidak sesuai."), mark("Nama harus diisi, paling banyak {longest} huruf.")),
    "name_characters": (
        mark("Nama memuat tanda yang tidak dapat dicetak."),
        mark("Nama memuat tanda yang tidak dapat dicetak di kartu. Tulis dengan huruf Latin seperti di KTP."),
    ),
    "phone_format": (
        mark("Nomor telepon tidak terbaca."),
        mark("Nomor HP tidak terbaca. Tulis seperti 0812 3456 7890 atau +62 812 3456 7890."),
    ),
    "age_out_of_range": (
        mark("Umurnya di luar batas."),
        mark("Umur harus {youngest} sampai {oldest} tahun pada hari pengajuan. Cocokkan tanggal lahir dengan KTP."),
    ),
    "kelurahan_unknown": (mark("Kelurahan tidak dikenal."), mark("Kelurahan ini tidak dikenal. Pilih dari daftar.")),
    "kelurahan_not_served": (
        mark("Kelurahan di luar wilayah unit."),
        mark("Kelurahan ini tidak dilayani unit Anda. Pilih kelurahan lain, atau minta admin menambahkannya."),
    ),
    "consent_missing": (
        mark("Persetujuan belum lengkap."),
        mark("Anggota belum memberi persetujuan yang diperlukan ({missing:consent}). Bacakan, minta persetujuannya, lalu catat."),
    ),
    "username_taken": (mark("Nama pengguna sudah dipakai."), mark("Nama pengguna ini sudah dipakai. Pilih nama lain.")),
    "username_format": (
        mark("Nama pengguna tidak diterima."),
        mark("Nama pengguna hanya huruf kecil, angka, titik, garis bawah, dan tanda hubung, 2 sampai 40 huruf."),
    ),
    "password_weak": (
        mark("Kata sandi terlalu lemah."),
        mark("Kata sandi paling sedikit 12 huruf dan bukan kata yang mudah ditebak. Pakai beberapa kata yang tidak berkaitan."),
    ),
    "unit_taken": (mark("Kode unit sudah dipakai."), mark("Kode unit ini sudah dipakai. Pilih kode lain.")),
    "unit_unknown": (mark("Unit tidak dikenal."), mark("Unit ini tidak ada. Periksa kodenya.")),
    "unit_needed": (mark("Unitnya belum disebut."), mark("Peran ini bekerja di satu unit. Sebut kode unitnya.")),
    "member_needed": (
        mark("Anggotanya belum disebut."),
        mark("Pengguna ketua kelompok harus terhubung dengan seorang anggota. Sebut nomor anggotanya."),
    ),
    "user_inactive": (mark("Akun tidak aktif."), mark("Akun {username} tidak aktif. Aktifkan dahulu, atau pilih akun lain.")),
    "member_not_hers": (
        mark("Nomor anggota tidak perlu."),
        mark("Hanya ketua kelompok yang terhubung dengan nomor anggota. Kosongkan saja."),
    ),
    "code_format": (mark("Kode tidak diterima."), mark("Kode hanya huruf besar, angka, dan tanda hubung, tanpa spasi.")),
    "rt_rw_format": (mark("RT atau RW keliru."), mark("RT dan RW berupa angka, paling banyak tiga. Contoh: 003.")),
    "consent_unknown": (mark("Persetujuan tidak dikenal."), mark("Jenis persetujuan ini tidak ada. Pilih: {purposes:consent}.")),
    "before_joining": (mark("Belum menjadi anggota."), mark("Anggota ini baru bergabung {on:date}. Pilih hari itu atau sesudahnya.")),
    "day_twice": (mark("Harinya tertulis dua kali."), mark("{on:date} tertulis dua kali. Hapus salah satu.")),
    "search_empty": (mark("Belum ada yang dicari."), mark("Tulis sebagian nama, nomor anggota, atau NIK lengkap.")),
    "zone_unknown": (
        mark("Zona waktu tidak dikenal."),
        mark("Zona waktu tidak dikenal. Pakai Asia/Jakarta, Asia/Makassar, atau Asia/Jayapura."),
    ),
    "code_taken": (mark("Kode sudah dipakai."), mark("Kode ini sudah dipakai. Pilih kode lain.")),
    "not_an_officer": (mark("Bukan petugas unit ini."), mark("Orang ini bukan petugas yang aktif di unit ini. Pilih dari daftar petugas.")),
    "not_a_mentor": (mark("Bukan pendamping unit ini."), mark("Orang ini bukan pendamping yang aktif di unit ini. Pilih dari daftar.")),
    "last_admin": (
        mark("Ini admin yang terakhir."),
        mark("Tanpa akun ini tidak ada admin lagi. Tambahkan admin lain dahulu, lalu ulangi."),
    ),
    "serves_groups": (
        mark("Masih memegang kelompok."),
        mark(
            "{name} masih memegang {groups} kelompok. Minta kepala unitnya menyerahkannya kepada petugas lain "
            "(halaman Kelompok, Serahkan kelompok), lalu ulangi."
        ),
    ),
    "holds_cash": (
        mark("Uang di tangannya belum dihitung."),
        mark("{name} masih memegang uang setoran. Minta kasir unitnya menghitung dan menerimanya dahulu (halaman Kas), lalu ulangi."),
    ),
}
