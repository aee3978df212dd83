"""The programs' door: one declared function a call, one order of refusals for all of them.

A column's file declares its calls on its `Column`:

    groups = Column("groups", "Groups, their members and their calendar")

    @groups.call("POST", "/groups", needs=Permission.MANAGE_GROUPS, status=201)
    def form_group(by: Actor, body: NewGroup) -> Group:
        \"""Form a group. … \"""

The function's signature is the declaration, and `openapi.py` describes it from there: `by` is whoever asks; `body` the message that is
sent; `upload` the picture that is sent instead; `asked` the query string; `window` the piece of a list; `sent` the document as it was
sent; the others are, in their order, what stands in braces in the path (`int` an id, `Uuid` a phone's UUID in lower case, `Day`, or `str`).
What it returns is the answer: an `Answer`, a `Page` of them, a `Paper`, or a pair of answer and status where `status` names several. Its
docstring is the description. It refuses by raising, reads through `queries`, writes through one act of `actions`, and builds the answer;
nothing else.

Every list, and every call that says `table=`, also answers under its path with `.csv` or `.xlsx` added.

Refusals come in the contract's order (api-detail part 4): 401; 405, 415, 413; 403 for the role; 400; then what the act finds: 404, 403 for
the person, 409, 422.
"""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from flask import Blueprint, Response, request
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import ValidationError

from lending.documents.workbook import csv_file, xlsx_file
from lending.domain.access import Actor, Permission
from lending.domain.refusals import NotAllowed, NotFound, NotSignedIn, Refusal
from lending.web import errors, limits, login
from lending.web.api import paging, shapes, strict_json, twins, uploads
from lending.web.api.messages.fields import Day, Maybe, Page, Question, Uuid, or_none, same_uuid, whole
from lending.web.headers import LARGEST_JSON, refuse_foreign_origin

PREFIX = "/api/v1"


class Guard(Enum):
    """Who may knock where no permission is asked for."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"


Needs = Permission | tuple[Permission, ...] | Guard
Ending = Literal["csv", "xlsx"]
ENDINGS: tuple[Ending, ...] = ("csv", "xlsx")
MEDIA: Mapping[Ending, str] = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "CONNECT")
_IN_BRACES = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Paper:
    """A file for an answer; its name names nobody."""

    content: bytes
    mimetype: str
    filename: str
    attached: bool = False
    """To be kept, and not looked at."""


Cursor = Annotated[str, msgspec.Meta(max_length=500, pattern=whole("^[a-z2-7]*$"), description="The `next` of the page before.")]


class PieceAsked(Question, frozen=True, kw_only=True):
    """Which piece of a list."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=paging.LARGEST_LIMIT)] = paging.DEFAULT_LIMIT
    cursor: Maybe[Cursor] = msgspec.UNSET


@dataclass(frozen=True)
class Call:
    """One call, as its function declares it."""

    method: str
    path: str
    column: str
    needs: Needs
    handler: Callable[..., Any]
    places: Mapping[str, tuple[str, Any]]
    """The names in braces, the parameter that takes each, and its kind."""
    body: Any
    """The kind of message it is sent, None for none."""
    upload: uploads.Kind | None
    """The file that it is sent, in a multipart form."""
    asked: type[Question] | None
    answer: Any
    statuses: tuple[int, ...]
    table: Callable[[Any], Sequence[msgspec.Struct]] | None
    row: type[msgspec.Struct] | None
    """What a row of its table is, where it has one."""
    media: str
    takes: frozenset[str]
    """The names of the function's parameters."""
    asks: bool
    """Whether it changes nothing but what is counted: a token that reads may do it."""

    @property
    def is_list(self) -> bool:
        """Whether it answers in pages, and so takes `limit` and `cursor`."""
        return get_origin(self.answer) is Page

    @property
    def body_needed(self) -> bool:
        """Whether an empty request would lack something."""
        kind = get_args(self.body)[0] if get_origin(self.body) is Annotated else self.body
        return kind is not None and any(field.required for field in msgspec.structs.fields(kind))

    @property
    def about(self) -> str:
        """What it does, in its own words."""
        return inspect.getdoc(self.handler) or ""

    def refuse_by_role(self, actor: Actor) -> None:
        """Refuse (`not_allowed`, 403) a role that never may do this."""
        if isinstance(self.needs, Guard):
            return
        needs = self.needs if isinstance(self.needs, tuple) else (self.needs,)
        if not any(actor.may(permission) for permission in needs):
            raise NotAllowed("not_allowed", role=actor.role.value)


H = TypeVar("H", bound=Callable[..., Any])


class Column:
    """The calls of one column."""

    def __init__(self, name: str, about: str) -> None:
        self.name = name
        self.about = about
        self.calls: list[Call] = []

    def call(
        self,
        method: str,
        path: str,
        *,
        needs: Needs,
        status: int | tuple[int, ...] = 200,
        table: Callable[[Any], Sequence[Any]] | None = None,
        media: str = "application/json",
        asks: bool = False,
    ) -> Callable[[H], H]:
        """Declare a call. `needs` is a permission, several of which one suffices, or a `Guard`; `table` gives the rows of its twin.

        `asks` is said of what is no GET and only asks all the same.
        """

        def declare(handler: H) -> H:
            self.calls.append(_declared(self.name, method, path, needs, status, table, media, handler, asks=asks or method == "GET"))
            return handler

        return declare


def _declared(
    column: str,
    method: str,
    path: str,
    needs: Needs,
    status: int | tuple[int, ...],
    table: Callable[[Any], Sequence[Any]] | None,
    media: str,
    handler: Callable[..., Any],
    *,
    asks: bool,
) -> Call:
    hints = get_type_hints(handler, include_extras=True)
    answer = hints.pop("return")
    statuses = status if isinstance(status, tuple) else (status,)
    if get_origin(answer) is tuple:
        answer = get_args(answer)[0]
    elif len(statuses) > 1:
        raise TypeError(f"{handler.__name__} names several statuses and does not say which")
    named = _IN_BRACES.findall(path)
    own = [(name, kind) for name, kind in hints.items() if name not in {"by", "body", "upload", "asked", "window", "sent"}]
    if len(own) != len(named):
        raise TypeError(f"{method} {path} and {handler.__name__} name different places")
    row = None
    if table is not None:
        row = get_args(get_type_hints(table)["return"])[0]
    elif get_origin(answer) is Page and method == "GET":
        table, row = _items, get_args(answer)[0]
    return Call(
        method=method,
        path=path,
        column=column,
        needs=needs,
        handler=handler,
        places=dict(zip(named, own, strict=True)),
        body=hints.get("body"),
        upload=uploads.KINDS.get(hints.get("upload")),
        asked=hints.get("asked"),
        answer=answer,
        statuses=statuses,
        table=table,
        row=row,
        media=media,
        takes=frozenset(hints),
        asks=asks,
    )


def _items(page: Page[Any]) -> list[Any]:
    return page.items


class Door:
    """All columns behind one blueprint."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.paths: dict[str, dict[str, Call]] = {}
        for column in columns:
            for call in column.calls:
                methods = self.paths.setdefault(call.path, {})
                if call.method in methods:
                    raise TypeError(f"{call.method} {call.path} is declared twice")
                methods[call.method] = call

    def blueprint(self, name: str = "api", prefix: str = PREFIX) -> Blueprint:
        """Every path, its twins, and an answer for what is not there."""
        rooms = Blueprint(name, __name__, url_prefix=prefix)
        for path, calls in self.paths.items():
            _hang(rooms, path, calls, None)
            listed = calls.get("GET")
            if listed is not None and listed.table is not None:
                for ending in ENDINGS:
                    _hang(rooms, f"{path}.{ending}", {"GET": listed}, ending)
        _hang(rooms, "/{rest}", {}, None, rule="/<path:rest>")
        return rooms


def _hang(rooms: Blueprint, path: str, calls: Mapping[str, Call], ending: Ending | None, *, rule: str | None = None) -> None:
    def view(**places: str) -> Response:
        try:
            return _answer(calls, ending, places)
        except Refusal as refusal:
            answer = errors.problem(refusal)
            if refusal.status == 401:
                answer.headers["WWW-Authenticate"] = "Bearer"
            return answer

    # The mark that every view bears (web/guards.py); here each call says its own, and `_answer` asks it.
    view.guarded_by = ", ".join(f"{method}: {call.needs}" for method, call in calls.items()) or str(Guard.SIGNED_IN)  # type: ignore[attr-defined]
    endpoint = re.sub(r"\W+", "_", path).strip("_")
    rule = rule or _IN_BRACES.sub(r"<\1>", path)
    rooms.add_url_rule(rule, endpoint, view, methods=_METHODS, provide_automatic_options=False)


def _answer(calls: Mapping[str, Call], ending: Ending | None, places: Mapping[str, str]) -> Response:
    is_open = bool(calls) and all(call.needs is Guard.ANYONE for call in calls.values())
    by = None if is_open else _known()
    if not calls:
        raise NotFound
    method = "GET" if request.method == "HEAD" else request.method
    call = calls.get(method)
    if call is None:
        raise Refusal("wrong_method", status=405, allowed=[*calls, *(["HEAD"] if "GET" in calls else [])])
    raw = _read(call)
    if by is not None:
        _refuse_forged(method)
        call.refuse_by_role(by)
        if login.reads_only() and not call.asks:
            raise NotAllowed("token_reads_only")
    given = _given(call, places, raw, everything=ending is not None)
    if "by" in call.takes:
        given["by"] = by
    answer = call.handler(**given)
    status = call.statuses[0]
    if isinstance(answer, tuple):
        answer, status = answer
    if ending is not None:
        return _file(call, answer, ending)
    if isinstance(answer, Paper):
        return _paper(answer)
    return Response(msgspec.json.encode(answer), status, mimetype="application/json")


def _known() -> Actor:
    """Whoever asks. Refused: 401; and 429 for whoever asks too often."""
    try:
        by = login.me()
    except NotSignedIn:
        limits.take_stranger()
        raise
    limits.take_signed_in(by.user_id)
    return by


def _read(call: Call) -> bytes:
    """The body's bytes. Refused: `wrong_content_type` (415), `too_big` (413)."""
    if call.upload:
        uploads.arrive(call.upload)
    if call.body is None:
        return b""
    request.max_content_length = LARGEST_JSON
    try:
        if "Content-Type" not in request.headers and not request.content_length and not request.get_data():
            return b""
        charset = request.mimetype_params.get("charset", "utf-8").lower()
        if request.mimetype != "application/json" or charset not in {"utf-8", "utf8"}:
            raise Refusal("wrong_content_type", status=415)
        return request.get_data()
    except RequestEntityTooLarge:
        raise Refusal("too_big", status=413, largest=LARGEST_JSON) from None


def _refuse_forged(method: str) -> None:
    """Refuse (`foreign_origin`, `csrf`, 403) a change that another house's page sent, or that only a browser's cookie vouches for."""
    refuse_foreign_origin()
    if login.by_token() or method == "GET":
        return
    try:
        validate_csrf(request.headers.get("X-CSRFToken"))
    except ValidationError:
        raise NotAllowed("csrf") from None


def _given(call: Call, places: Mapping[str, str], raw: bytes, *, everything: bool) -> dict[str, Any]:
    """The call's arguments out of path, query string and body, in the order in which they are refused."""
    given: dict[str, Any] = {}
    missing = False
    for name, (parameter, kind) in call.places.items():
        given[parameter] = _place(name, kind, places[name])
        missing = missing or given[parameter] is None
    sent = {name: request.args.getlist(name) for name in request.args}
    if call.is_list:
        piece = shapes.question({name: sent.pop(name) for name in ("limit", "cursor") if name in sent}, PieceAsked)
        if "window" in call.takes:
            given["window"] = paging.Window(call.path) if everything else paging.window(call.path, piece.limit, or_none(piece.cursor))
    asked = shapes.question(sent, call.asked or Question)
    if "asked" in call.takes:
        given["asked"] = asked
    if call.body is not None:
        document = strict_json.read(raw) if raw or call.body_needed else {}
        given["body"] = shapes.message(document, call.body)
        if "sent" in call.takes:
            given["sent"] = document
    if call.upload:
        given["upload"] = uploads.sent(call.upload)
    if missing:
        raise NotFound
    return given


def _place(name: str, kind: Any, text: str) -> Any:
    """What stands in the path; None for what cannot be the id of anything. Refused (400): a UUID or a day that is none."""
    if kind is int:
        return shapes.row_id(text)
    if kind == Uuid:
        try:
            return same_uuid(msgspec.convert(text, Uuid))
        except msgspec.ValidationError:
            raise Refusal("shape", status=400, at=name) from None
    if kind == Day:
        try:
            return msgspec.convert(text, date)
        except msgspec.ValidationError:
            raise Refusal("shape", status=400, at=name) from None
    return text if text.isprintable() else None


def _file(call: Call, answer: Any, ending: Ending) -> Response:
    assert call.table is not None
    assert call.row is not None
    header, rows = twins.table(call.row, call.table(answer))
    content = csv_file(header, rows) if ending == "csv" else xlsx_file(header, rows)
    name = re.sub(r"[^\w-]+", "-", request.path.removeprefix(PREFIX).removesuffix(f".{ending}")).strip("-")
    response = Response(content, mimetype=MEDIA[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def _paper(paper: Paper) -> Response:
    response = Response(paper.content, mimetype=paper.mimetype)
    response.headers["Content-Disposition"] = f'{"attachment" if paper.attached else "inline"}; filename="{paper.filename}"'
    return response
