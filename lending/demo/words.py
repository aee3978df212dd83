"""The words the demo is told in: names of women who do not exist, of groups, streets and businesses, and what people say."""

from lending.domain.mentoring import Topic

GIVEN_NAMES = (
    *("Aisyah", "Amelia", "Aminah", "Anisa", "Asmah", "Asnawati", "Astuti", "Atikah", "Ayu", "Azizah"),
    *("Baiti", "Cahaya", "Citra", "Darmawati", "Deliana", "Desi", "Dewi", "Dian", "Eka", "Elisa"),
    *("Elmi", "Endang", "Erlina", "Ermawati", "Ernita", "Eva", "Fatimah", "Fatmawati", "Fitri", "Gusnawati"),
    *("Halimah", "Hamidah", "Hasanah", "Hasmi", "Helmi", "Hera", "Herlina", "Ida", "Ika", "Indah"),
    *("Isnaini", "Jamilah", "Juliana", "Kartini", "Kasmawati", "Khadijah", "Komariah", "Kurnia", "Laila", "Lasmi"),
    *("Leni", "Lestari", "Lilis", "Lina", "Maimunah", "Maisaroh", "Mardiana", "Mariam", "Marlina", "Maryati"),
    *("Masitoh", "Mega", "Meri", "Mirna", "Murni", "Mutia", "Nani", "Neneng", "Nova", "Nur"),
    *("Nuraini", "Nurbaya", "Nurhayati", "Nurjanah", "Nurlaila", "Nurmala", "Puji", "Puspa", "Rahma", "Ratna"),
    *("Reni", "Rika", "Rina", "Rini", "Rohana", "Rohani", "Romlah", "Rosdiana", "Rosmini", "Rukiah"),
    *("Rumini", "Rusmini", "Safitri", "Salmah", "Sarinah", "Sari", "Siti", "Solehah", "Sri", "Suharti"),
    *("Sukma", "Sulastri", "Sumarni", "Sumiati", "Suparmi", "Suryani", "Susi", "Syamsiah", "Tini", "Titin"),
    *("Tuti", "Ulfa", "Umi", "Wahyuni", "Wati", "Winarti", "Wiwik", "Yanti", "Yeni", "Yuliana"),
    *("Yusnani", "Zahara", "Zainab", "Zaleha", "Zubaidah", "Zuraida"),
)

SECOND_NAMES = (
    *("Agustina", "Amalia", "Andriani", "Anggraini", "Apriyani", "Ariani", "Asih", "Astari", "Badriah", "Damayanti"),
    *("Daulay", "Efendi", "Fauziah", "Fitriani", "Handayani", "Harahap", "Hartati", "Hasibuan", "Hidayati", "Indriani"),
    *("Iriani", "Ismail", "Juwita", "Kemala", "Khasanah", "Kusuma", "Lubis", "Maharani", "Mahmud", "Mailani"),
    *("Marpaung", "Melati", "Mulyani", "Nasution", "Ningsih", "Novianti", "Oktaviani", "Pangestu", "Permata", "Pratiwi"),
    *("Purnama", "Puspita", "Putri", "Rahayu", "Rahmawati", "Ramadhani", "Rangkuti", "Rosita", "Sagala", "Sapitri"),
    *("Saragih", "Setiawati", "Siregar", "Sitorus", "Sofia", "Suryaningsih", "Susanti", "Syahputri", "Tanjung", "Trisnawati"),
    *("Ulandari", "Utami", "Wardani", "Widiastuti", "Wijayanti", "Wulandari", "Yolanda", "Yulianti", "Yunita", "Zulaikha"),
)

GROUP_NAMES = (
    *("Melati", "Kenanga", "Cempaka", "Anggrek", "Teratai", "Mawar", "Seroja", "Dahlia", "Flamboyan", "Kamboja"),
    *("Merpati", "Walet", "Cendrawasih", "Kutilang", "Murai", "Camar", "Nuri", "Pipit", "Bangau", "Kenari"),
    *("Bougenvil", "Wijaya Kusuma", "Sedap Malam", "Edelweis", "Lavender", "Soka", "Asoka", "Tunas Jaya", "Tunas Harapan", "Sumber Rezeki"),
)

MEETING_PLACES = (
    *("Teras rumah ketua", "Balai RT", "Pos ronda", "Halaman PAUD", "Teras musala", "Posyandu", "Rumah baca", "Garasi rumah anggota"),
)

STREETS = (
    *("Lrg. Harapan", "Lrg. Damai", "Lrg. Sejahtera", "Lrg. Mekar", "Lrg. Pelita", "Lrg. Ikhlas", "Gg. Mangga", "Gg. Rambutan"),
    *("Gg. Duku", "Gg. Salak", "Jl. Batanghari", "Jl. Sungai Asam", "Jl. Bhakti", "Jl. Pahlawan", "Jl. Swadaya", "Jl. Kenari"),
)

PURPOSES = (
    *("Warung sembako", "Kue basah dan gorengan", "Nasi gemuk pagi", "Kerupuk ikan", "Tempoyak dan sambal kemasan", "Jahit baju"),
    *("Batik Jambi", "Laundri kiloan", "Sayur keliling", "Jual pulsa dan gas", "Es kelapa muda", "Pempek", "Ternak ayam kampung"),
    *("Jual pakaian daring", "Katering rumahan", "Keripik singkong", "Bakso keliling", "Salon rumahan", "Bibit dan tanaman hias"),
)

EARLIER_BUSINESS = ("Usaha sudah berjalan.", "Usaha baru dimulai.", "Berjualan dari rumah.", "Ada pelanggan tetap.")

FINDINGS: dict[Topic, tuple[str, ...]] = {
    Topic.NIB: ("Belum punya NIB; KTP dan nomor HP sudah siap.", "NIB sudah terbit, belum dicetak."),
    Topic.PIRT: ("Kerupuk dijual ke tiga warung, belum ada PIRT.", "Sudah ikut penyuluhan keamanan pangan."),
    Topic.HALAL: ("Bahan sudah jelas asalnya; siap daftar halal gratis.", "Belum mencatat nama pemasok bahan."),
    Topic.PEMASARAN: ("Jualan ramai di awal bulan, sepi sesudah tanggal 20.", "Harga belum ditulis di etalase."),
    Topic.DIGITAL: ("Sudah ada WhatsApp, katalog masih kosong.", "Foto produk gelap, perlu diulang di luar rumah."),
    Topic.PEMBUKUAN: ("Uang usaha dan uang rumah masih satu dompet.", "Buku kas sudah diisi tiga minggu berturut-turut."),
    Topic.KEMASAN: ("Plastik mudah sobek, banyak retur.", "Label sudah dicetak, belum ada tanggal kedaluwarsa."),
    Topic.KEUANGAN: ("Ada utang ke warung lain Rp25.000 sepekan.", "Menyisihkan angsuran setiap hari di celengan."),
    Topic.PRODUKSI: ("Kompor satu tungku, produksi tertahan.", "Blender baru mulai dipakai, hasil lebih halus."),
}

AGREED: dict[Topic, tuple[str, ...]] = {
    Topic.NIB: ("Daftar akun OSS bersama pendamping", "Cetak NIB dan tempel di tempat usaha"),
    Topic.PIRT: ("Siapkan contoh label untuk PIRT", "Daftar penyuluhan di Dinas Kesehatan"),
    Topic.HALAL: ("Kumpulkan nota pembelian bahan", "Isi formulir halal gratis"),
    Topic.PEMASARAN: ("Tulis harga di etalase", "Titip barang di dua warung lagi"),
    Topic.DIGITAL: ("Isi katalog WhatsApp, lima barang", "Foto ulang produk di tempat terang"),
    Topic.PEMBUKUAN: ("Pisahkan dompet usaha", "Isi buku kas setiap malam"),
    Topic.KEMASAN: ("Coba plastik yang lebih tebal", "Tambah tanggal kedaluwarsa pada label"),
    Topic.KEUANGAN: ("Sisihkan angsuran setiap hari", "Lunasi utang warung sebelum bulan depan"),
    Topic.PRODUKSI: ("Hitung biaya kompor dua tungku", "Catat hasil produksi setiap hari"),
}

GROUPS_PROMISES = ("Jenguk anggota yang sakit bersama-sama", "Ketua subkelompok mengingatkan sehari sebelum pertemuan")

MENTORS_PROMISES = ("Bawa contoh buku kas", "Hubungi Dinas Koperasi soal pelatihan", "Bawa brosur pendaftaran NIB")
