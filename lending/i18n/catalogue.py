"""The two languages, and the catalogue that leads from one to the other; for floors that have no request, and for pages alike.

Indonesian stands in the source; `translations/en/LC_MESSAGES/messages.po` holds the English. How to add a sentence: docs/translating.md.
"""

from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path

from babel.support import Translations

LANGUAGES = ("id", "en")
SOURCE = "id"

DIRECTORY = Path(__file__).with_name("translations")


def mark(text: str) -> str:
    """The text itself; marks it for the catalogue where it is written down but not yet said."""
    return text


def mark_in(_context: str, text: str) -> str:
    """As `mark`, where the same Indonesian has another English in this place: *Kelompok* is `Groups` on a tab and `Group` over a column."""
    return text


def translated(text: str, language: str = SOURCE) -> str:
    """The text in that language; the Indonesian one where the catalogue has no other."""
    return _catalogue(language).gettext(text) if text else ""


@lru_cache
def _catalogue(language: str) -> NullTranslations:
    if language == SOURCE:
        return NullTranslations()
    found: NullTranslations = Translations.load(DIRECTORY, [language])
    return found
