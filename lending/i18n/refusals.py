"""What each refusal says: a short title, and a sentence that stands alone and says what to do next.

The code is the contract (api-detail, *Errors*, *Shared rules*); the words are ours. `{left:rupiah}` is a fact of the refusal, written as
the word after the colon says (`words.py`); when it is not there, the title is said instead. English: translations/en.
"""

from collections.abc import Mapping

from lending.i18n.catalogue import mark

REFUSALS: Mapping[str, tuple[str, str]] = {
    # What a card's code opens
    "code_unknown": (
        mark("Kode ini tidak dikenal."),
        mark("Kode ini tidak dikenal. Periksa huruf demi huruf, atau pindai lagi dari kartu. Huruf O dan angka 0 mudah tertukar."),
    ),
    "code_revoked": (
        mark("Kode ini sudah tidak berlaku."),
        mark("Kartu ini sudah diganti dengan yang baru. Mintalah kartu terbaru kepada ketua kelompok atau petugas."),
    ),
    # Who is at the door
    "not_signed_in": (mark("Belum masuk."), mark("Belum masuk, atau sesi sudah berakhir. Masuk dahulu, lalu ulangi.")),
    "wrong_password": (
        mark("Nama pengguna atau kata sandi salah."),
        mark("Nama pengguna atau kata sandi salah. Periksa lagi; huruf besar dan kecil dibedakan."),
    ),
    "too_many_tries": (
        mark("Terlalu banyak percobaan."),
        mark("Terlalu banyak kata sandi salah untuk nama ini. Tunggu {retry_after:wait}, atau masuk dari HP yang biasa dipakai."),
    ),
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
    # The request itself
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
        mark("Sistem sedang sibuk dan belum menyimpan apa pun. Tunggu beberapa detik, lalu kirim lagi; tidak akan tercatat dua kali."),
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
    "text_too_long": (mark("Terlalu panjang."), mark("Terlalu panjang: paling banyak {longest} huruf. Persingkat.")),
    "not_a_choice": (mark("Pilihan tidak ada."), mark("Pilihan ini tidak ada. Pilih salah satu dari daftar.")),
    "out_of_range": (mark("Di luar batas."), mark("Angka ini di luar batas yang diterima. Periksa lagi.")),
    "nik_in_query": (mark("NIK tidak boleh di alamat."), mark("NIK tidak boleh ditulis di alamat. Pakai pencarian anggota.")),
    "limit_out_of_range": (mark("Jumlah baris di luar batas."), mark("Jumlah baris paling sedikit 1 dan paling banyak {largest}.")),
    "cursor_unknown": (mark("Penanda halaman tidak dikenal."), mark("Penanda halaman ini tidak dikenal. Mulai lagi dari halaman pertama.")),
    "id_format": (mark("Nomor kiriman keliru."), mark("Nomor kiriman harus berupa UUID dengan tanda hubung.")),
    "key_reused": (
        mark("Nomor kiriman sudah terpakai."),
        mark("Nomor kiriman ini sudah dipakai untuk isi yang lain. Yang pertama tetap berlaku; kirim isi baru dengan nomor baru."),
    ),
    "on_in_future": (mark("Tanggalnya belum tiba."), mark("Tanggal tidak boleh setelah hari ini.")),
    # Numbers, dates, text
    "amount_format": (
        mark("Jumlahnya tidak terbaca."),
        mark("Jumlah tidak terbaca. Tulis rupiah bulat, misalnya 50.000, tanpa koma dan tanpa tanda kurang."),
    ),
    "too_small": (mark("Jumlahnya terlalu kecil."), mark("Jumlah paling sedikit {smallest:rupiah}.")),
    "too_large": (mark("Jumlahnya terlalu besar."), mark("Jumlah paling banyak {largest:rupiah}. Periksa banyaknya nol.")),
    "whole_number": (mark("Bukan angka bulat."), mark("Tulis angka bulat, hanya angka 0–9.")),
    "date_format": (
        mark("Tanggalnya tidak ada."),
        mark("Tanggal ini tidak ada atau tidak terbaca. Pilih dari kalender, atau tulis seperti 2026-11-26."),
    ),
    "hour_format": (mark("Jamnya tidak terbaca."), mark("Jam tidak terbaca. Tulis seperti 09:00.")),
    "future_date": (mark("Tanggalnya belum tiba."), mark("Tanggal ini belum tiba. Pakai hari ini atau sebelumnya.")),
    "in_the_past": (mark("Tanggalnya sudah lewat."), mark("Tanggal ini sudah lewat. Pilih hari ini atau sesudahnya.")),
    "too_old": (mark("Terlalu lama berlalu."), mark("Tanggal ini sudah terlalu lama. Paling lama {days} hari yang lalu.")),
    "reason_needed": (mark("Alasannya belum ditulis."), mark("Tulis alasannya dengan singkat, agar yang memeriksa mengerti.")),
    "not_empty": (mark("Tidak kosong."), mark("Tempat ini sudah berisi data, jadi tidak ditimpa.")),
    "day_closed": (
        mark("Buku hari itu sudah ditutup."),
        mark("Buku tanggal itu sudah ditutup dan tidak dibuka lagi. Catat dengan tanggal hari ini."),
    ),
    "already_closed": (mark("Sudah ditutup."), mark("Buku hari ini sudah ditutup. Tidak perlu ditutup lagi.")),
    "earlier_day_open": (mark("Hari sebelumnya masih terbuka."), mark("Buku hari sebelumnya belum ditutup. Tutup hari itu dahulu.")),
    "schema_too_new": (
        mark("Basis data lebih baru."),
        mark(
            "Basis data ini dibuat oleh versi yang lebih baru ({has}); program ini mengenal sampai {knows}. Pakai program yang lebih baru."
        ),
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
    # People
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
    # Groups and calendar
    "group_taken": (
        mark("Kelompok ini sudah ada."),
        mark("Kelompok dengan nama, hari, jam, dan tempat yang sama sudah ada di unit ini. Lihat daftar kelompok."),
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
        mark("Urutan pertemuan terlewati."),
        mark("Tanggal baru harus di antara pertemuan sebelum dan sesudahnya. Pilih tanggal lain, atau geser semua pertemuan berikutnya."),
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
    # Loans
    "eligibility_missing": (
        mark("Uji kelayakan belum ada."),
        mark("Uji kelayakan belum ada atau sudah lebih dari {days} hari. Kunjungi rumahnya dan catat hasilnya."),
    ),
    "eligibility_failed": (
        mark("Belum lolos uji kelayakan."),
        mark("Hasil uji kelayakan tanggal {tested_on:date} belum lolos. Kunjungi lagi bila keadaannya sudah berubah."),
    ),
    "training_incomplete": (
        mark("Pelatihan belum lengkap."),
        mark("Pelatihan baru {days} dari {needed} hari. Selesaikan dahulu untuk pinjaman pertama."),
    ),
    "principal_not_offered": (
        mark("Jumlah pinjaman tidak ditawarkan."),
        mark("Pinjaman {smallest:rupiah} sampai {largest:rupiah}, kelipatan {step:rupiah}. Pilih jumlah lain."),
    ),
    "weeks_not_offered": (mark("Jangka waktu tidak ditawarkan."), mark("Jangka waktu yang ada: {weeks:list} minggu.")),
    "weeks_list": (
        mark("Jangka waktu tidak terbaca."),
        mark("Tulis jumlah minggu sebagai angka bulat, dipisah koma. Misalnya: 25, 50."),
    ),
    "no_such_product": (
        mark("Produk tidak ada."),
        mark("Produk ini tidak ada atau tidak berlaku pada hari itu. Pilih dari daftar produk."),
    ),
    "product_version_taken": (
        mark("Versi ini sudah ada."),
        mark("Produk {product} sudah punya versi yang mulai {on:date}. Pilih tanggal lain."),
    ),
    "max_below_min": (mark("Batas atas terlalu kecil."), mark("Batas atas tidak boleh di bawah {smallest:rupiah}.")),
    "weeks_not_whole": (
        mark("Jangka waktu tidak pas."),
        mark("{weeks} minggu tidak terbagi habis oleh angsuran tiap {every_weeks} minggu. Pilih jangka lain."),
    ),
    "cycle_twice": (mark("Siklus tertulis dua kali."), mark("Satu siklus hanya boleh punya satu batas. Hapus salah satu.")),
    "loan_running": (
        mark("Masih ada pinjaman berjalan."),
        mark("Anggota masih punya pinjaman yang belum lunas atau sedang diajukan. Selesaikan dahulu."),
    ),
    "group_in_arrears": (
        mark("Kelompok menunggak."),
        mark("Di kelompok ini ada tunggakan {days} hari, lebih dari {allowed} hari. Bereskan bersama sebelum mengajukan pinjaman baru."),
    ),
    "wrong_state": (
        mark("Langkah ini tidak bisa sekarang."),
        mark("Keadaannya sekarang: {state:loan_state}. Langkah ini tidak bisa dari sana; muat ulang dan lihat langkah berikutnya."),
    ),
    "not_confirmed": (
        mark("Belum dibenarkan anggota."),
        mark("Anggota harus membenarkan sendiri bahwa ia menerima uangnya. Minta ia membenarkan di depan Anda, lalu tandai."),
    ),
    "quorum_missing": (
        mark("Yang hadir belum cukup."),
        mark("Kelompok ini punya {members} anggota. Yang hadir paling sedikit separuhnya, dan tidak lebih dari semuanya."),
    ),
    "override_reason_needed": (
        mark("Perlu alasan tertulis."),
        mark("Temuan kunjungan berbeda dari aturan produk. Tulis mengapa pinjaman ini tetap layak, atau jangan teruskan."),
    ),
    "not_recommended": (
        mark("Kelompok belum merekomendasikan."),
        mark("Lebih dari separuh anggota yang hadir harus setuju, dan paling sedikit separuh anggota harus hadir."),
    ),
    "more_than_asked": (
        mark("Lebih dari yang diajukan."),
        mark("Jumlah yang disetujui tidak boleh lebih dari yang diajukan, {asked:rupiah}."),
    ),
    "before_earlier_step": (
        mark("Mendahului langkah sebelumnya."),
        mark("Tanggal ini lebih awal daripada langkah sebelumnya. Pilih tanggal itu atau sesudahnya."),
    ),
    "before_disbursement": (mark("Sebelum pencairan."), mark("Tanggal ini sebelum pinjamannya dicairkan. Periksa tanggal pertemuannya.")),
    "needs_override": (
        mark("Hasil uji berlawanan dengan aturan."),
        mark("Hasil uji kelayakan berlawanan dengan aturan produk. Tulis alasan mengapa tetap diteruskan."),
    ),
    "rebate_too_large": (
        mark("Potongan terlalu besar."),
        mark("Potongan tidak boleh lebih dari margin yang belum dibayar, {left:rupiah}."),
    ),
    "purchase_missing": (
        mark("Bukti pembelian belum ada."),
        mark("Akad murabahah baru boleh setelah bukti pembelian dicatat. Catat kwitansinya dahulu."),
    ),
    "placeholder_unknown": (mark("Tanda isian tidak dikenal."), mark("“{name}” bukan tanda isian yang dikenal. Pakai nama dari daftar.")),
    # Meetings and money
    "already_recorded": (
        mark("Pertemuan sudah dicatat."),
        mark("Pertemuan ini sudah dicatat dengan nomor {receipt}. Lihat kwitansinya; bila keliru, batalkan dahulu."),
    ),
    "already_undone": (mark("Sudah dibatalkan."), mark("Catatan ini sudah dibatalkan sebelumnya. Tidak ada yang berubah.")),
    "already_settled": (mark("Sudah diselesaikan."), mark("Ini sudah diselesaikan sebelumnya. Tidak ada yang berubah.")),
    "cash_differs": (
        mark("Uang tidak cocok."),
        mark("Uang yang dihitung {counted:rupiah}, catatan {expected:rupiah}. Hitung lagi; bila tetap beda, tulis selisih dan alasannya."),
    ),
    "notes_differ": (
        mark("Pecahan tidak cocok."),
        mark("Jumlah pecahan {counted:rupiah}, yang ditulis {expected:rupiah}. Periksa banyaknya lembar."),
    ),
    "member_missing": (
        mark("Ada anggota tanpa baris."),
        mark("Setiap anggota harus punya satu baris. Ada yang belum tercatat; muat ulang daftarnya."),
    ),
    "member_twice": (mark("Anggota tercatat dua kali."), mark("Anggota ini tercatat dua kali. Sisakan satu baris.")),
    "member_not_here": (
        mark("Bukan anggota pada hari itu."),
        mark("Ia bukan anggota kelompok ini pada hari pertemuan. Muat ulang daftarnya."),
    ),
    "not_her_loan": (mark("Pinjaman tidak cocok."), mark("Pinjaman di baris ini bukan pinjaman anggota itu. Muat ulang daftarnya.")),
    "loan_missing": (
        mark("Ada uang tanpa pinjaman."),
        mark("Baris ini mencatat angsuran, tetapi anggota ini tidak punya pinjaman. Masukkan uangnya sebagai simpanan."),
    ),
    "not_of_group": (
        mark("Bukan anggota kelompok ini."),
        mark("Yang menanggung harus anggota kelompok yang sama. Pilih dari daftar anggota."),
    ),
    "not_the_same_day": (
        mark("Harinya sudah lewat."),
        mark("Catatan ini disimpan {recorded_on:date}. Petugas hanya boleh membatalkannya pada hari itu; sesudahnya kepala unit."),
    ),
    "pays_too_much": (
        mark("Lebih dari sisa pinjaman."),
        mark("Pembayaran lebih dari sisa pinjaman, {left:rupiah}. Sisanya boleh masuk simpanan."),
    ),
    "not_short": (mark("Tidak kurang bayar."), mark("Baris ini tidak kurang bayar, jadi tidak perlu alasan.")),
    "renteng_self": (
        mark("Tidak bisa menanggung diri sendiri."),
        mark("Anggota tidak bisa menanggung dirinya sendiri. Pilih anggota lain."),
    ),
    "renteng_not_needed": (mark("Tidak perlu ditanggung."), mark("Tanggungan lebih besar daripada kekurangannya. Kurangi jumlahnya.")),
    "promise_too_early": (mark("Janji terlalu awal."), mark("Tanggal janji tidak boleh sebelum hari pertemuan.")),
    "too_early": (mark("Terlalu awal."), mark("Pertemuan ini belum boleh dicatat. Tunggu sampai harinya dekat.")),
    "not_enough_cash": (mark("Uangnya tidak cukup."), mark("Uang yang tersedia {left:rupiah}. Periksa jumlahnya, atau isi kas dahulu.")),
    "not_enough_savings": (mark("Simpanan tidak cukup."), mark("Simpanan anggota {left:rupiah}. Ambil paling banyak sejumlah itu.")),
    "same_place": (mark("Asal dan tujuan sama."), mark("Asal dan tujuan uang harus berbeda.")),
    "total_or_counted": (
        mark("Tulis salah satu."),
        mark("Tulis jumlah uangnya, atau banyaknya lembar tiap pecahan: salah satu, jangan keduanya."),
    ),
    "officer_holds_cash": (
        mark("Petugas masih memegang uang."),
        mark("{officer} masih memegang uang. Terima setorannya dahulu, atau tulis alasannya."),
    ),
    "not_an_officer": (mark("Bukan petugas unit ini."), mark("Orang ini bukan petugas yang aktif di unit ini. Pilih dari daftar petugas.")),
    "not_a_mentor": (mark("Bukan pendamping unit ini."), mark("Orang ini bukan pendamping yang aktif di unit ini. Pilih dari daftar.")),
    # Mentoring, files, programmes
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
    "not_a_photo": (mark("Bukan foto."), mark("Berkas ini bukan foto JPEG, PNG, atau WebP yang utuh. Ambil ulang fotonya.")),
    "bad_rows": (
        mark("Ada baris yang keliru."),
        mark("Ada baris yang keliru, jadi tidak ada yang disimpan. Perbaiki baris yang disebut, lalu kirim lagi."),
    ),
    "unit_mismatch": (
        mark("Satuannya berbeda."),
        mark("Satuannya berbeda (jiwa, keluarga, KPM): angka ini tidak boleh dibandingkan atau dicampur."),
    ),
    "quota_full": (
        mark("Tempat sudah penuh."),
        mark("Tempat untuk kelurahan ini sudah penuh. Tunggu ada yang lulus, atau ajukan tambahan."),
    ),
    "already_received": (mark("Sudah menerima."), mark("Keluarga ini sudah menerima dari program ini.")),
    "serial_taken": (mark("Nomor seri sudah tercatat."), mark("Nomor seri ini sudah diberikan. Periksa angkanya.")),
    "no_such_item": (mark("Barang tidak ada di program."), mark("Barang ini tidak termasuk program itu. Pilih dari daftar barang.")),
    "revoked": (mark("Kode sudah dicabut."), mark("Kode ini sudah tidak berlaku. Minta kartu yang baru kepada petugas.")),
}
"""Code → (title, sentence)."""

WARNINGS: Mapping[str, str] = {
    "nik_birth_date_differs": mark("Tanggal lahir berbeda dari NIK. Cocokkan dengan KTP."),
    "nik_region_unknown": mark("Kode kecamatan dalam NIK tidak ada di daftar kami. Kode lama memang ada; cocokkan dengan KTP."),
    "eligibility_contradicts_rule": mark("Hasil uji berlawanan dengan aturan produk. Yang memeriksa perlu menulis alasannya."),
    "sub_group_size": mark("Sub-kelompok biasanya sekitar lima orang, dua sampai enam sub-kelompok."),
    "unlawful_hour": mark("Penagihan hanya boleh antara pukul 08.00 dan 20.00. Pastikan semua anggota setuju dengan jam ini."),
    "open_actions_not_followed": mark("Ada tindakan yang lewat tenggat dan belum dibahas."),
    "re_entry": mark("Keluarga ini kembali dalam 12 bulan setelah keluar."),
    "clock_wrong": mark("Jam HP tampak keliru. Catatan disimpan dengan jam server di sampingnya."),
}
"""What an answer that accepted something doubtful says beside it."""
