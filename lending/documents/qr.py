"""A text in, a QR code out, as one string of PDF operators: no picture, and some ten times faster than a drawing of squares.

Encoding was half of a card's time. But a thousand cards have codes of one length, so what depends on the length alone (fixed patterns,
mask, the place of each bit) is learned once, from segno's code of that length; for each card the check words remain to be found and the
bits to be put in their places. tests/documents/test_qr.py holds the outcome against segno's own, module by module.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import zip_longest
from operator import itemgetter
from typing import Any

import segno
from segno import consts

# Choosing the best of eight masks is most of the work. Any mask reads: the tests decode the printed page with another library.
_MASK = 3
_LONGEST = 180
"""Letters in a code of version 9, the last that counts them in one byte."""
_DARK = re.compile("1+")


def qr_operators(content: str, x: float, y: float, side: float) -> str:
    """Operators that draw the code of `content` (ASCII) in black, `side` points wide, its lower left corner at `x`, `y`.

    The margin of four modules that readers need is the caller's to leave white. 15 % of the code may be damaged (level M).
    """
    rows = qr_rows(content)
    module = side / len(rows)
    runs = [(run.start(), row, run.end()) for row, line in enumerate(rows) for run in _DARK.finditer(line)]
    squares = " ".join([f"{start} {row} {end - start} 1 re" for start, row, end in runs])
    return f"q {module:.4f} 0 0 {-module:.4f} {x:.2f} {y + side:.2f} cm {squares} f Q"


def qr_rows(content: str) -> list[str]:
    """The code of `content` (ASCII) from top to bottom, a `1` for each dark module."""
    text = content.encode("ascii")
    if len(text) > _LONGEST:
        return ["".join(map(str, line)) for line in _by_segno(content).matrix]
    form = _form(len(text))
    bits = f"{_stream(text, form) ^ form.mask:0{form.bits}b}01"
    modules = "".join(form.places(bits))
    return [modules[start : start + form.side] for start in range(0, len(modules), form.side)]


def _by_segno(content: str) -> segno.QRCode:
    return segno.make_qr(content, error="m", boost_error=False, mask=_MASK, mode="byte")


@dataclass(frozen=True)
class _Form:
    """All that the codes of one length have in common.

    `blocks` is how many words of text each block has, `checks` how many check words; `bits` how many modules carry the stream, `mask` what
    is laid over it; `places` picks every module of the square from the stream's bits, a `0` and a `1`.
    """

    side: int
    blocks: tuple[int, ...]
    checks: int
    bits: int
    mask: int
    places: Callable[[str], tuple[str, ...]]


@cache
def _form(length: int) -> _Form:
    sample = "a" * length
    code = _by_segno(sample)
    drawn = code.matrix
    side, version = len(drawn), (len(drawn) - 17) // 4
    fixed = _fixed(side, version)
    order = [at for at in _path(side) if at not in fixed]
    place = {at: number for number, at in enumerate(order)}
    modules = [(row, column) for row in range(side) for column in range(side)]
    places = [place.get((row, column), len(order) + drawn[row][column]) for row, column in modules]
    parts: tuple[Any, ...] = consts.ECC[version][consts.ERROR_LEVEL_M]  # type: ignore[index]  # its published types are too wide
    blocks = tuple(part.num_data for part in parts for _ in range(part.num_blocks))
    bare = _Form(side, blocks, parts[0].num_total - parts[0].num_data, len(order), 0, itemgetter(*places))
    masked = int("".join(str(drawn[row][column]) for row, column in order), 2)
    return replace(bare, mask=masked ^ _stream(sample.encode(), bare))


def _fixed(side: int, version: int) -> set[tuple[int, int]]:
    """The modules that carry no bit of the text: finders with their format words, timing, alignment, version."""
    corners = [(range(9), range(9)), (range(9), range(side - 8, side)), (range(side - 8, side), range(9))]
    timing = [(range(6, 7), range(side)), (range(side), range(6, 7))]
    versions = [(range(6), range(side - 11, side - 8)), (range(side - 11, side - 8), range(6))] if version >= 7 else []
    centres = consts.ALIGNMENT_POS[version - 2] if version > 1 else ()
    alignment = [
        (range(row - 2, row + 3), range(column - 2, column + 3))
        for row in centres
        for column in centres
        if (row, column) not in {(6, 6), (6, side - 7), (side - 7, 6)}
    ]
    return {(row, column) for rows, columns in (*corners, *timing, *versions, *alignment) for row in rows for column in columns}


def _path(side: int) -> list[tuple[int, int]]:
    """The way of the bits through the square: two columns at a time from the right, up, down and up again, past the timing column."""
    path = []
    for pair, right in enumerate([*range(side - 1, 6, -2), 5, 3, 1]):
        rows = range(side) if pair % 2 else range(side - 1, -1, -1)
        path += [(row, column) for row in rows for column in (right, right - 1)]
    return path


def _stream(text: bytes, form: _Form) -> int:
    """The words of `text` and their check words in the order in which they are placed, as one number of `form.bits` bits."""
    header = (0b0100 << 8 | len(text)) << 8 * len(text) | int.from_bytes(text)
    capacity = sum(form.blocks)
    words = (header << 4).to_bytes(len(text) + 2) + (b"\xec\x11" * capacity)[: capacity - len(text) - 2]
    blocks, start = [], 0
    for size in form.blocks:
        blocks.append(words[start : start + size])
        start += size
    checks = [_check_words(block, form.checks) for block in blocks]
    if len(blocks) == 1:
        woven = blocks[0] + checks[0]
    else:
        woven = bytes(word for part in (blocks, checks) for words in zip_longest(*part) for word in words if word is not None)
    return int.from_bytes(woven) << form.bits - 8 * len(woven)


def _check_words(block: bytes, count: int) -> bytes:
    """The remainder of the block, as a polynomial, divided by the generator of `count` check words (Reed-Solomon over 256 elements)."""
    multiples, top, kept = _multiples(count), 8 * (count - 1), (1 << 8 * (count - 1)) - 1
    remainder = 0
    for word in block:
        remainder = (remainder & kept) << 8 ^ multiples[remainder >> top ^ word]
    return remainder.to_bytes(count)


@cache
def _multiples(count: int) -> tuple[int, ...]:
    """The generator of `count` check words times each element, without its leading term."""
    logs = [[(consts.GALIOS_LOG[word] + log) % 255 for log in consts.GEN_POLY[count]] for word in range(1, 256)]
    return (0, *(int.from_bytes(consts.GALIOS_EXP[log] for log in multiple) for multiple in logs))
