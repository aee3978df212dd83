"""The database's own guards, text by text, against what the migrations made (V7): a trigger that was dropped or weakened is found."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import text

from lending.database import is_postgresql, session
from lending.models.guards import made
from lending.queries.differences import Difference

_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"

_POSTGRESQL = """
SELECT c.relname || '.' || t.tgname, concat_ws(' ', t.tgtype, t.tgenabled, p.proname, p.prosrc)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'entry'::regclass)
"""
"""When it fires, whether it does so always, and the text of what it runs: the same on every version."""


def found() -> dict[str, str]:
    """Every trigger of this database by name, with the fingerprint of its text."""
    question = text(_POSTGRESQL if is_postgresql() else _SQLITE)
    return {name: hashlib.sha256(" ".join(body.split()).encode()).hexdigest() for name, body in session.execute(question)}


def look() -> Iterator[Difference]:
    """Every guard that is missing, changed, or nobody's."""
    there, wanted = found(), made("postgresql" if is_postgresql() else "sqlite")
    for name in sorted(wanted.keys() | there.keys()):
        if there.get(name) != wanted.get(name):
            what = "is missing" if name not in there else "is changed" if name in wanted else "is not ours"
            yield Difference("V7", f"trigger:{name}", what)
