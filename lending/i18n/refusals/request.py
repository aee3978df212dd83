"""The request itself: what no sense was looked for in yet."""

from collections.abc import Mapping

from lending.i18n.catalogue import mark

REFUSALS: Mapping[str, tuple[str, str]] = {
    "bad_request": (mark("Permintaan tidak terbaca."), mark("Permintaan ini tidak terbaca. Kembali ke halaman sebelumnya dan coba lagi.")),
    "wrong_method": (
        mark("Cara memanggilnya keliru."),
        mark("Alamat ini tidak menerima cara permintaan itu. Kembali, lalu pakai tombol di halamannya."),
    ),
    "wrong_content_type": (
        mark("Jenis isinya keliru."),
        mark("Jenis isi yang dikirim tidak diterima di sini. Kirim JSON sebagai application/json, berkas sebagai multipart/form-data."),
    ),
    "too_big": (
        mark("Kirimannya terlalu besar."),
        mark("Yang dikirim terlalu besar, paling banyak {largest:bytes}. Perkecil foto atau berkasnya, lalu kirim lagi."),
    ),
    "conflict": (mark("Sudah berubah."), mark("Keadaannya sudah berubah sejak halaman ini dibuka. Muat ulang dan periksa dahulu.")),
    "refused": (mark("Tidak dapat disimpan."), mark("Isinya tidak dapat diterima. Periksa lagi, lalu kirim ulang.")),
    "too_many_requests": (mark("Terlalu cepat."), mark("Terlalu banyak permintaan dalam waktu singkat. Tunggu sebentar, lalu coba lagi.")),
    "busy": (
        mark("Sedang sibuk."),
        mark("Sistem sedang sibuk. Tunggu beberapa detik, lalu kirim lagi; yang ternyata sudah tersimpan tidak akan tercatat dua kali."),
    ),
    "disk_full": (
        mark("Tempat penyimpanan penuh."),
        mark("Tempat penyimpanan server penuh; tidak ada yang disimpan. Data masih bisa dibaca. Beri tahu pengelola sistem."),
    ),
    "fault": (
        mark("Ada kesalahan pada kami."),
        mark("Ada kesalahan pada sistem kami; tidak ada yang disimpan setengah. Coba lagi; bila terulang, sampaikan nomor rujukannya."),
    ),
    "not_json": (mark("Bukan JSON yang sah."), mark("Isinya bukan satu dokumen JSON yang sah (RFC 8259, UTF-8).")),
    "duplicate_key": (mark("Kunci ditulis dua kali."), mark("“{key}” ditulis dua kali. Tulis sekali saja.")),
    "too_deep": (mark("Terlalu dalam bersusun."), mark("Isinya bersusun terlalu dalam, paling banyak {deepest} tingkat.")),
    "unknown_field": (mark("Isian tidak dikenal."), mark("“{name}” tidak dikenal di sini. Hapus, atau periksa ejaannya.")),
    "required": (mark("Belum diisi."), mark("Bagian ini harus diisi.")),
    "shape": (mark("Bentuknya keliru."), mark("Bentuk isian ini keliru. Periksa jenisnya: angka bulat, tanggal, atau teks.")),
    "text": (
        mark("Ada tanda yang tidak diterima."),
        mark("Teks ini terlalu panjang atau memuat tanda yang tidak diterima. Tulis lagi dengan huruf, angka, dan tanda baca biasa."),
    ),
    "nik_in_query": (mark("NIK tidak boleh di alamat."), mark("NIK tidak boleh ditulis di alamat. Pakai pencarian anggota.")),
    "limit_out_of_range": (mark("Jumlah baris di luar batas."), mark("Jumlah baris paling sedikit 1 dan paling banyak {largest}.")),
    "cursor_unknown": (mark("Penanda halaman tidak dikenal."), mark("Penanda halaman ini tidak dikenal. Mulai lagi dari halaman pertama.")),
    "id_format": (mark("Nomor kiriman keliru."), mark("Nomor kiriman harus berupa UUID dengan tanda hubung.")),
    "key_reused": (
        mark("Nomor kiriman sudah terpakai."),
        mark("Nomor kiriman ini sudah dipakai untuk isi yang lain. Yang pertama tetap berlaku; kirim isi baru dengan nomor baru."),
    ),
    "on_in_future": (mark("Tanggalnya belum tiba."), mark("Tanggal tidak boleh setelah hari ini.")),
}
