"""What a password must be: long, and not one that everybody tries first.

Source: reliability.md §4.2 *Weak passwords* (ASVS 5.0, 6.2): twelve characters or more, no rules about their kinds, a list of common
Indonesian words and of this programme's own.
"""

import re

from lending.domain.refusals import Refusal

SHORTEST, LONGEST = 12, 200

COMMON = (
    *("password", "passwort", "qwerty", "qwertyuiop", "asdfghjkl", "admin", "administrator", "welcome", "letmein", "iloveyou"),
    *("rahasia", "sandi", "katasandi", "bismillah", "sayang", "sayangku", "cintaku", "indonesia", "merdeka", "jakarta"),
    *("jambi", "kotajambi", "serang", "kotaserang", "kelompok", "petugas", "nasabah", "anggota", "angsuran", "pinjaman"),
    *("koperasi", "mekaar", "pnmmekaar", "majubersama", "majubersamademo", "akundemo", "selamatdatang", "passwordku"),
)
"""Words that make no password, alone or said again and again, with whatever digits and marks around them."""

_COMMON_AGAIN = re.compile("|".join(f"(?:{word})+" for word in COMMON))
_KEYS_IN_A_ROW = ("0123456789" * 3, "9876543210" * 3, "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def check_password(password: str, username: str) -> None:
    """Refuse at `password` what is too short or too long, or easily guessed (`password_weak`)."""
    typed = password.casefold()
    letters, name = _letters(typed), _letters(username.casefold())
    is_her_name = bool(name) and not letters.replace(name, "") and name in letters
    in_a_row = any(typed in keys for keys in _KEYS_IN_A_ROW)
    guessed = len(set(typed)) < 5 or is_her_name or in_a_row or _COMMON_AGAIN.fullmatch(letters)
    if guessed or not SHORTEST <= len(password) <= LONGEST:
        raise Refusal("password_weak", at="password", shortest=SHORTEST, longest=LONGEST)


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text)
