"""A strict document or a query string in; a typed message out, or a refusal that names the field.

msgspec checks the shape; here its faults are put into the contract's words: `unknown_field`, `required`, `shape`, `text` (400), and what
the contract calls refused values: `not_a_choice`, `out_of_range`, `date_format` (422). `at` counts from 0: `lines.3.paid`.
"""

import re
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, NoReturn, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET, UnsetType

from lending.domain.money import LARGEST_SHAPE
from lending.domain.refusals import Refusal
from lending.web.api import strict_json
from lending.web.api.messages.fields import LINE, LINES, OUT_OF_YEARS, Answer, Body, Question, whole

T = TypeVar("T")
Q = TypeVar("Q", bound=Question)

_PLACE = re.compile(r"^(?P<fault>.*?)(?: - at (?:`key` in )?`\$(?P<place>[^`]*)`)?$", re.DOTALL)
_FIELD = re.compile(r"^Object (?P<what>contains unknown|missing required) field `(?P<name>.*)`$", re.DOTALL)
_YEARS = re.compile(rf"^{OUT_OF_YEARS}: (?P<name>\w+)$")
_CHOICE = re.compile(r"^Invalid enum value ")
_BOUND = re.compile(r"^Expected `int` (?P<way>[<>]=) (?P<bound>-?\d+)$")
_LENGTH = re.compile(r"^Expected `str` of length ")
_SHAPE_BOUNDS = {0, LARGEST_SHAPE, -LARGEST_SHAPE}

_WHOLE = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)
_SIXTEEN_DIGITS = re.compile(r"(?<!\d)(?:\d[ .-]?){15}\d(?!\d)")
_LONGEST_ECHO = 60
_TRUTH = {"1": True, "true": True, "0": False, "false": False}


def meet_all() -> None:
    """Let msgspec work out every kind of message before anybody is served.

    It does so when it meets one for the first time, and shows its half-finished work to whoever meets it at the same moment: two first
    requests at once ended the whole process (a segmentation fault, msgspec 0.22.0).
    """
    for base in (Body, Question, Answer):
        for kind in _descended(base):
            msgspec.json.Decoder(kind)


def _descended(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for one in kind.__subclasses__():
        yield one
        yield from _descended(one)


def message(document: Any, kind: type[T]) -> T:
    """The document as a message of this kind. Refused as the module says."""
    try:
        return msgspec.convert(document, kind, strict=True)
    except msgspec.ValidationError as fault:
        _refuse(str(fault), always_shape=False)


def question(sent: Mapping[str, list[str]], kind: type[Q]) -> Q:
    """The query string as a question of this kind; every fault of it is a wrong shape (400).

    Refused besides: a parameter given twice (`duplicate_key`), and sixteen digits in a row, which may be somebody's NIK and would stand in
    every log between here and there (`nik_in_query`).
    """
    hints = get_type_hints(kind)
    kinds = {field.encode_name: hints[field.name] for field in msgspec.structs.fields(kind)}
    read: dict[str, Any] = {}
    for name, values in sent.items():
        strict_json.check_text(name, "")
        for value in values:
            strict_json.check_text(value, name[:_LONGEST_ECHO])
        if name != "cursor" and any(_SIXTEEN_DIGITS.search(text) for text in (name, *values)):
            raise Refusal("nik_in_query", status=400)
        if name not in kinds:
            raise _named("unknown_field", "", name)
        if len(values) > 1:
            raise Refusal("duplicate_key", status=400, at=name, key=name)
        read[name] = _from_text(values[0], name, kinds[name])
    try:
        return msgspec.convert(read, kind, strict=True)
    except msgspec.ValidationError as fault:
        _refuse(str(fault), always_shape=True)


def needed(value: T | UnsetType, name: str) -> T:
    """The value of a field that this time may not be left out. Refused: `required` (400)."""
    if value is UNSET:
        raise _named("required", "", name)
    return value


def row_id(text: str) -> int | None:
    """The id written in an address, or None where it cannot be the id of anything."""
    return int(text) if _WHOLE.fullmatch(text) else None


def _from_text(text: str, name: str, kind: Any) -> Any:
    bases = _bases(kind)
    if bool in bases:
        if text not in _TRUTH:
            raise Refusal("shape", status=400, at=name)
        return _TRUTH[text]
    if int in bases:
        if not _WHOLE.fullmatch(text):
            raise Refusal("shape", status=400, at=name)
        return int(text)
    return text


def _bases(kind: Any) -> tuple[Any, ...]:
    if get_origin(kind) in (Union, UnionType):
        return tuple(base for part in get_args(kind) for base in _bases(part))
    if get_origin(kind) is Annotated:
        return _bases(get_args(kind)[0])
    return (kind,)


def _refuse(text: str, *, always_shape: bool) -> NoReturn:
    """The contract's refusal for what msgspec said."""
    found = _PLACE.match(text)
    fault, place = (found["fault"], _dotted(found["place"] or "")) if found else (text, "")
    if field := _FIELD.match(fault):
        raise _named("unknown_field" if field["what"] == "contains unknown" else "required", place, field["name"])
    if year := _YEARS.match(fault):
        raise Refusal("date_format", at=f"{place}.{year['name']}".lstrip("."))
    at = place or None
    if _CHOICE.match(fault) and not always_shape:
        raise Refusal("not_a_choice", at=at)
    if (bound := _BOUND.match(fault)) and not always_shape and int(bound["bound"]) not in _SHAPE_BOUNDS:
        raise Refusal("out_of_range", at=at, way=bound["way"], bound=int(bound["bound"]))
    if _LENGTH.match(fault) or any(repr(whole(pattern)) in fault for pattern in (LINE, LINES)):
        raise Refusal("text", status=400, at=at)
    raise Refusal("shape", status=400, at=at)


def _named(code: str, place: str, name: str) -> Refusal:
    """What somebody else named is echoed, but not at any length."""
    name = name[:_LONGEST_ECHO]
    return Refusal(code, status=400, at=f"{place}.{name}" if place else name, name=name)


def _dotted(place: str) -> str:
    """`.lines[3].paid` as `lines.3.paid`; what stands under a key nobody named ends at the key's owner."""
    return place.replace("[...]", "").replace("[", ".").replace("]", "").lstrip(".")
