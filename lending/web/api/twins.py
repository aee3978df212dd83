"""An answer in; a table out, for the `.csv` and `.xlsx` twin of a list (api-detail part 4, *Exports and reports*).

The first row holds the JSON names, with dots for what lies inside (`par.30`). Ids, codes, days and words are text; amounts, counts and
ratios are numbers.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

import msgspec

from lending.documents.workbook import Cell
from lending.web.api.messages.fields import Id


class Place(NamedTuple):
    """One column of the table: where in a row its value stands, and whether it is text whatever it looks like (an id, a key)."""

    path: tuple[str, ...]
    is_text: bool


def table(kind: type[msgspec.Struct], rows: Sequence[msgspec.Struct]) -> tuple[list[str], list[list[Cell]]]:
    """Header and rows. An empty list still has its header, but for what only the rows could name (the keys of an object)."""
    plain: list[Any] = [msgspec.to_builtins(row, builtin_types=(date, datetime, Decimal)) for row in rows]
    places = _places(kind, (), plain)
    return [".".join(place.path) for place in places], [[_cell(row, place) for place in places] for row in plain]


def _places(kind: Any, path: tuple[str, ...], plain: Sequence[Any]) -> list[Place]:
    found: list[Place] = []
    hints = get_type_hints(kind, include_extras=True)
    for field in msgspec.structs.fields(kind):
        here = (*path, field.encode_name)
        hint = _without_none(hints[field.name])
        base = get_args(hint)[0] if get_origin(hint) is Annotated else hint
        if isinstance(base, type) and issubclass(base, msgspec.Struct):
            found += _places(base, here, plain)
        elif get_origin(base) is dict:
            found += _keyed(get_args(base)[1], here, plain)
        else:
            found.append(Place(here, hint in (Id, str)))
    return found


def _keyed(kind: Any, path: tuple[str, ...], plain: Sequence[Any]) -> list[Place]:
    keys = dict.fromkeys(key for row in plain for key in (_at(row, path) or {}))
    base = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    if isinstance(base, type) and issubclass(base, msgspec.Struct):
        return [place for key in keys for place in _places(base, (*path, key), plain)]
    return [Place((*path, key), kind == Id) for key in keys]


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        told = [part for part in get_args(hint) if part not in (type(None), msgspec.UnsetType)]
        return told[0] if len(told) == 1 else str  # a key that is a number here and a word there names something: text
    return hint


def _at(row: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if not isinstance(row, dict):
            return None
        row = row.get(name)
    return row


def _cell(row: Any, place: Place) -> Cell:
    value = _at(row, place.path)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value) if place.is_text else value
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list):
        return " ".join(str(item) for item in value) if all(isinstance(item, int | str) for item in value) else _json(value)
    return None if value is None else str(value)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
