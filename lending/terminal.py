"""How the terminal hears and speaks: numbers and dates as they are typed, answers as lines or JSON, and a no with its sentence."""

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from lending.domain.importing import RowFault
from lending.domain.refusals import Refusal
from lending.i18n import words


def refuse(refusal: Refusal, *, as_json: bool) -> int:
    """Say no: the sentence on stderr, and the problem document on stdout for a program."""
    said = words.refusal(refusal.code, refusal.facts, _language())
    faults = [(fault.at, fault.code, words.refusal(fault.code, fault.facts, _language()).detail) for fault in refusal.faults]
    if as_json:
        errors = [{"at": at, "code": code, "message": message} for at, code, message in faults]
        problem = {"type": f"/problems/{refusal.code}", "title": said.title, "status": refusal.status, "detail": said.detail}
        print(json.dumps({**problem, "errors": errors}, ensure_ascii=False), flush=True)
    print(said.detail, file=sys.stderr)
    for at, code, message in faults:
        if code != refusal.code:
            print(f"  {at}: {message}", file=sys.stderr)
    return 1


def answer(as_json: bool, document: Mapping[str, Any], *lines: str) -> None:
    """What a verb did: one JSON document, or lines for a person."""
    print(json.dumps(document, ensure_ascii=False) if as_json else "\n".join(lines), flush=True)


def said(fault: RowFault) -> str:
    """What is wrong with a row, as a sentence."""
    return words.refusal(fault.code, fault.facts, _language()).detail


def _language() -> str:
    """Indonesian for a terminal that is set to it, English for every other."""
    chosen = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "id" if chosen.lower().startswith(("id", "in_")) else "en"


def plain(value: Any) -> Any:
    """A question's answer as JSON has it: records as objects, dates as text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


class _Whole(click.ParamType[Any]):
    """A whole number: digits, with a minus at most. `1_000`, `1e6`, `2.5` and foreign digits are not read."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if not re.fullmatch(r"-?[0-9]{1,15}", value, re.ASCII):
            self.fail(f"{value!r} is not a whole number.", param, ctx)
        return int(value)


class _Day(click.ParamType[Any]):
    """A date that exists, written YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
            self.fail(f"{value!r} is not a date such as 2026-11-26.", param, ctx)
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not in the calendar.", param, ctx)


WHOLE, DAY, FILE = _Whole(), _Day(), click.Path(path_type=Path, resolve_path=True)
