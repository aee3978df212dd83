"""The words of the weekly meeting: who came, and why money was short."""

from enum import StrEnum


class Attendance(StrEnum):
    """Present, late, excused, absent, or somebody came for her."""

    HADIR = "hadir"
    TERLAMBAT = "terlambat"
    IZIN = "izin"
    ALPA = "alpa"
    DIWAKILI = "diwakili"


class ShortReason(StrEnum):
    """Why a woman paid less than the sheet asked."""

    SAKIT = "sakit"
    USAHA_SEPI = "usaha_sepi"
    MUSIBAH = "musibah"
    BEPERGIAN = "bepergian"
    LUPA = "lupa"
    MENOLAK = "menolak"
    LAIN = "lain"
