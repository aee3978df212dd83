"""Anchors: how far each unit's hash chains had come, written outside the database, so that a database put back to yesterday is found.

`anchors.log` lies in the data folder, one JSON document a line, and only grows. Whoever keeps a copy of it elsewhere can prove the books
against that copy years later: `python run.py check --anchor FILE`.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import structlog
from flask import Flask, current_app

from lending.domain.refusals import NotFound, Refusal

NAME = "anchors.log"

_PLACE = "LENDING_ANCHORS"
_log = structlog.get_logger()


@dataclass(frozen=True)
class Anchor:
    """A moment's heads of a unit's two chains, over its entries and over its acts; without a unit, head office's."""

    at: str
    unit: str | None
    entries: int
    head: str
    audit: int
    audit_head: str


def hang_on(app: Flask, data_dir: Path) -> None:
    """Tell the app where its anchors lie. A house without a place for them keeps none."""
    app.config[_PLACE] = data_dir / NAME


def keep(anchors: Sequence[Anchor]) -> None:
    """Append these anchors to the file, on the disk before this returns.

    What they tell of is stored already, so a file that cannot be written stops nobody; it stands in the log.
    """
    place: Path | None = current_app.config.get(_PLACE)
    if place is None or not anchors:
        return
    lines = "".join(json.dumps(asdict(anchor), separators=(",", ":")) + "\n" for anchor in anchors)
    try:
        with os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b", buffering=0) as file:
            _append(file, lines.encode())
    except OSError as fault:
        _log.warning("anchors not written", reason=fault.strerror)


def _append(file: IO[bytes], lines: bytes) -> None:
    end = file.seek(0, os.SEEK_END)
    if end and os.pread(file.fileno(), 1, end - 1) != b"\n":
        lines = b"\n" + lines  # the last line was cut off by a loss of power
    if file.write(lines) < len(lines):
        file.truncate(end)  # the disk is full: a piece of a line is worth nothing
    os.fsync(file.fileno())


def kept() -> list[Anchor]:
    """What the house's own file tells; nothing where there is none yet."""
    place: Path | None = current_app.config.get(_PLACE)
    return read(place) if place is not None and place.exists() else []


def read(place: Path) -> list[Anchor]:
    """What a file of anchors tells; a line that was cut off is passed over. Refused: `no_file`, `file_trouble`."""
    try:
        lines = place.read_text(encoding="utf-8", errors="replace").split("\n")
    except FileNotFoundError as fault:
        raise NotFound("no_file", file=place.name) from fault
    except OSError as fault:
        raise Refusal("file_trouble", reason=fault.strerror or str(fault)) from fault
    return [anchor for anchor in map(_anchor, lines) if anchor is not None]


def _anchor(line: str) -> Anchor | None:
    try:
        told = json.loads(line)
        anchor = Anchor(**{name: told[name] for name in Anchor.__annotations__})
    except (ValueError, TypeError, KeyError):
        return None
    words, numbers = [anchor.at, anchor.head, anchor.audit_head, anchor.unit or ""], [anchor.entries, anchor.audit]
    return anchor if all(isinstance(one, str) for one in words) and all(type(one) is int for one in numbers) else None
