"""Gather every sentence of the source into the English catalogue, and compile it: `.venv/bin/python -m lending.i18n.gather`.

Sentences that are new stand in `messages.po` with an empty `msgstr` and are listed; those that nobody says any more are dropped. With
`--check` nothing is written, and the answer is 1 while a sentence has no English. Nothing in the files says when they were made, so that
two people who add sentences differ in those alone.
"""

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from lending.i18n.catalogue import DIRECTORY

SOURCE = DIRECTORY.parents[1]
PO = DIRECTORY / "en" / "LC_MESSAGES" / "messages.po"
MO = PO.with_suffix(".mo")

_NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)  # babel writes one into the compiled file, and would write today's

_METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
_OPTIONS: dict[str, dict[str, object]] = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "mark": None,
    "mark_in": ((1, "c"), 2),
}


def gathered(source: Path = SOURCE, po: Path = PO) -> Catalog:
    """The catalogue as it should be: what the source says, with the English that is known."""
    known = _read(po)
    fresh = Catalog(locale="en", charset="utf-8", fuzzy=False)
    found = extract_from_dir(str(source), _METHODS, _OPTIONS, keywords=_KEYWORDS, comment_tags=("Penerjemah:",), strip_comment_tags=True)
    for _file, _line, message, comments, context in found:
        before = known.get(message if isinstance(message, str) else message[0], context)
        fresh.add(message, before.string if before else None, auto_comments=comments, context=context)
    return fresh


def untranslated(catalogue: Catalog) -> list[str]:
    """The sentences that have no English yet."""
    return sorted(
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and not (all(message.string) if isinstance(message.string, tuple | list) else message.string)
    )


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as the running programme reads it."""
    catalogue.creation_date = catalogue.revision_date = _NO_DAY
    into = BytesIO()
    write_mo(into, catalogue)
    return into.getvalue()


def written(catalogue: Catalog) -> bytes:
    """The catalogue as translators read it, in the order of the Indonesian."""
    into = BytesIO()
    write_po(into, catalogue, sort_output=True, omit_header=True, no_location=True, width=120)
    head = (
        'msgid ""\nmsgstr ""\n"Language: en\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    return head.encode() + into.getvalue()


def main(words: list[str]) -> int:
    """Gather, write and compile; or only look, with `--check`."""
    catalogue = gathered()
    missing = untranslated(catalogue)
    if "--check" not in words:
        PO.write_bytes(written(catalogue))
        MO.write_bytes(compiled(_read(PO)))
    for sentence in missing:
        sys.stdout.write(f"no English: {sentence}\n")
    return 1 if missing else 0


def _read(po: Path) -> Catalog:
    with po.open("rb") as file:
        return read_po(file, locale="en")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
