"""Programmes and what families receive."""

from collections.abc import Mapping

from lending.i18n.catalogue import mark

REFUSALS: Mapping[str, tuple[str, str]] = {
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
}
