"""The description of all calls, made from their declarations: OpenAPI 3.1 at `/api/v1/openapi.json`, and true.

Nothing is written twice: paths, statuses, parameters and messages come from the `Call`s, texts from their docstrings, limits from the
kinds of field. What a description cannot say (an integer must not be written `5.0`; a key may stand once) is said in words.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, get_type_hints

import msgspec

from lending.web.api import uploads
from lending.web.api.door import ENDINGS, MEDIA, PREFIX, Call, Column, Ending, Guard, Paper, PieceAsked
from lending.web.api.messages.fields import PYTHONS_END, Answer, Question

_PROBLEM = "application/problem+json"
_WHY = {
    400: "Not JSON, or not the shape described here.",
    401: "Nobody is signed in, or the token is dead.",
    403: "She may not do this.",
    404: "Not there, or not hers: one answer for both.",
    409: "Already otherwise.",
    413: "Larger than we take.",
    415: "Not that content type.",
    422: "The rules refuse it.",
    429: "Too many requests; `Retry-After` says how many seconds to wait.",
    507: "The disk is full; nothing was stored.",
    503: "Busy; nothing was stored, and sending again after `Retry-After` seconds is safe.",
}
_ABOUT = """Group lending from the meeting up.

Money is whole rupiah in JSON integers, written without point or exponent (`50000`, never `50000.0` or `5e4`); days are `YYYY-MM-DD`,
moments RFC 3339. JSON is strict RFC 8259: no key twice, no `NaN`, no byte order mark, at most 32 levels and 1 MB. Unknown fields are
refused by name. A refusal is a problem document (RFC 9457) whose `errors[].at` counts from 0. `Accept-Language: id` or `en` chooses its
sentences."""


class Fault(Answer, frozen=True, kw_only=True):
    """One field to blame."""

    at: str
    code: str
    message: str


class Problem(Answer, frozen=True, kw_only=True):
    """Why a call was refused."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault]


def describe(columns: Sequence[Column]) -> dict[str, Any]:
    """The whole document."""
    calls = [call for column in columns for call in column.calls]
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        paths.setdefault(call.path, {})[call.method.lower()] = _operation(call)
        if call.table is not None:
            for ending in ENDINGS:
                paths[f"{call.path}.{ending}"] = {"get": _twin(call, ending)}
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "Maju Bersama",
            "version": "1",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": PREFIX}],
        "tags": [{"name": column.name, "description": column.about} for column in columns],
        "paths": paths,
        "components": {
            "schemas": _schemas(calls),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "X-CSRFToken",
                    "description": "Beside the session's cookie, on every call that changes something; `GET /me` says its value.",
                },
            },
        },
    }

    return {name: _as_outsiders_spell(part) for name, part in document.items()}


def _as_outsiders_spell(part: Any) -> Any:
    """The same, with the end of a pattern in the spelling of JSON Schema."""
    if isinstance(part, dict):
        return {
            name: value.replace(PYTHONS_END, "$") if name == "pattern" and isinstance(value, str) else _as_outsiders_spell(value)
            for name, value in part.items()
        }
    return [_as_outsiders_spell(one) for one in part] if isinstance(part, list) else part


def _schemas(calls: Iterable[Call]) -> dict[str, Any]:
    kinds: list[Any] = [Problem]
    for call in calls:
        kinds += [kind for kind in (call.body, call.answer) if kind is not None and kind is not Paper]
    _, components = msgspec.json.schema_components(list(dict.fromkeys(kinds)), ref_template="#/components/schemas/{name}")
    return components


@cache
def _reference(kind: Any) -> dict[str, Any]:
    """How a message of this kind is pointed at."""
    (reference,), _ = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    return reference


def _operation(call: Call) -> dict[str, Any]:
    summary, _, rest = call.about.partition("\n")
    said: dict[str, Any] = {
        "operationId": call.handler.__name__,
        "tags": [call.column],
        "summary": summary,
        "description": rest.strip() or summary,
        "parameters": [*_places(call), *_asked(call)],
        "responses": {
            **{str(status): _success(call) for status in call.statuses},
            **{str(status): _refused(status) for status in _refusals(call)},
        },
    }
    if call.needs is Guard.ANYONE:
        said["security"] = []
    else:
        said["security"] = [{"token": []}, {"session": []}]
    if call.body is not None:
        said["requestBody"] = {"required": call.body_needed, "content": {"application/json": {"schema": _reference(call.body)}}}
    if call.upload:
        said["requestBody"] = {"required": True, "content": {uploads.MEDIA: {"schema": uploads.schema(call.upload)}}}
    return said


def _twin(call: Call, ending: Ending) -> dict[str, Any]:
    said = _operation(call)
    said["operationId"] += f"_{ending}"
    said["summary"] = f"{said['summary']} As a table, all rows."
    content = {MEDIA[ending]: {"schema": {"type": "string", "format": "binary"}}}
    said["responses"]["200"] = {"description": "The table.", "content": content}
    return said


def _success(call: Call) -> dict[str, Any]:
    if call.answer is Paper:
        return {"description": "The paper.", "content": {call.media: {"schema": {"type": "string", "format": "binary"}}}}
    return {"description": "Done.", "content": {call.media: {"schema": _reference(call.answer)}}}


def _refused(status: int) -> dict[str, Any]:
    said: dict[str, Any] = {"description": _WHY[status], "content": {_PROBLEM: {"schema": _reference(Problem)}}}
    if status in {429, 503}:
        said["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return said


def _refusals(call: Call) -> list[int]:
    if call.needs is Guard.ANYONE:
        return [400]
    statuses = {400, 401, 403, 404, 422, 429, 503}
    if call.method != "GET":
        statuses.add(409)
    if call.body is not None or call.upload:
        statuses |= {413, 415}
    if call.upload:
        statuses.add(507)
    return sorted(statuses - set(call.statuses))


def _places(call: Call) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": _place_schema(kind)} for name, (_, kind) in call.places.items()]


def _place_schema(kind: Any) -> dict[str, Any]:
    if kind is int:
        return {"type": "integer", "minimum": 0, "maximum": 999_999_999_999_999}
    return msgspec.json.schema(kind)


def _asked(call: Call) -> list[dict[str, Any]]:
    kinds: list[type[Question]] = [kind for kind in (call.asked, PieceAsked if call.is_list else None) if kind is not None]
    return [parameter for kind in kinds for parameter in _parameters(kind)]


def _parameters(kind: type[Question]) -> list[dict[str, Any]]:
    _, components = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    properties = components[kind.__name__]["properties"]
    hints = get_type_hints(kind)
    found = []
    for field in msgspec.structs.fields(kind):
        schema = _inlined(properties[field.encode_name], components)
        if hints[field.name] is bool:
            schema = {"type": "string", "enum": ["1", "0", "true", "false"], "default": "0"}
        found.append({"name": field.encode_name, "in": "query", "required": field.required, "schema": schema})
    return found


def _inlined(schema: dict[str, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter's schema with what it points at put in its place: choices are short."""
    name = str(schema.get("$ref", "")).rsplit("/", 1)[-1]
    return dict(components[name]) if name else schema


def described(columns: Sequence[Column]) -> Column:
    """The column that holds the description of these columns, and of itself."""
    about = Column("about", "What programs can do here")

    @cache
    def document() -> dict[str, Any]:
        return describe([*columns, about])

    @about.call("GET", "/openapi.json", needs=Guard.ANYONE)
    def openapi() -> dict[str, Any]:
        """This description. Open to anyone."""
        return document()

    return about
