"""A text in, a QR code out, as one string of PDF operators: no picture, and some ten times faster than a drawing of squares."""

import re

import segno

_DARK = re.compile(rb"\x01+")
# Choosing the best of eight masks is five sixths of the work. Any mask reads: tests/documents/test_card.py decodes the printed page.
_MASK = 3


def qr_operators(content: str, x: float, y: float, side: float) -> str:
    """Operators that draw the code of `content` in black, `side` points wide, its lower left corner at `x`, `y`.

    The margin of four modules that readers need is the caller's to leave white. 15 % of the code may be damaged (level M).
    """
    matrix = segno.make_qr(content, error="m", boost_error=False, mask=_MASK).matrix
    module = side / len(matrix)
    squares = " ".join(
        f"{run.start()} {row} {run.end() - run.start()} 1 re" for row, line in enumerate(matrix) for run in _DARK.finditer(line)
    )
    return f"q {module:.4f} 0 0 {-module:.4f} {x:.2f} {y + side:.2f} cm {squares} f Q"
