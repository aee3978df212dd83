"""A blank sheet and a pen: the page, the embedded letters, and what no paper of ours may carry.

Every paper is the same bytes for the same content (no clock, no random id), says that it is Indonesian, names nobody in its metadata, and
has no link, script, form or picture. Text is only ever drawn as text: nothing in a name is markup, since no layout language reads it.

Drawing goes around reportlab's layout engine on purpose. A page of figures written as one string of PDF operators is some twenty times as
fast as a platypus table (bench/cards.py), and a unit prints a thousand cards at a time.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

# Binary streams: a quarter smaller than ASCII-85, which nothing has needed since the days of seven-bit mail.
rl_config.useA85 = 0

MM = 72 / 25.4
"""Points in a millimetre."""

A5 = (148 * MM, 210 * MM)
A4 = (210 * MM, 297 * MM)

REGULAR = "NotoSans-Regular"
BOLD = "NotoSans-Bold"

_FONTS = Path(__file__).parent / "fonts"
# In a PDF string parentheses and backslashes are escaped; what is not plain ASCII is written as its octal code.
_ESCAPED = {code: f"\\{code:03o}" for code in (*range(32), *b"()\\", *range(127, 256))}


class Unprintable(ValueError):
    """A text holds a letter that the embedded fonts do not have. It should have been refused where it was entered."""


@cache
def _fonts() -> dict[str, TTFont]:
    """Noto Sans, registered once: Latin with all its extensions and the usual signs, no more (fonts/ and VENDORED.md)."""
    fonts = {name: TTFont(name, str(_FONTS / f"{name}.ttf")) for name in (REGULAR, BOLD)}
    for font in fonts.values():
        pdfmetrics.registerFont(font)
    return fonts


@cache
def printable() -> frozenset[str]:
    """Every character that a paper can print, in both weights."""
    regular, bold = (frozenset(map(chr, font.face.charToGlyph)) for font in _fonts().values())
    return regular & bold


def check_printable(text: str) -> None:
    """Raise `Unprintable` if a letter of `text` would come out as an empty box."""
    if not printable().issuperset(text):
        raise Unprintable(", ".join(f"U+{ord(letter):04X}" for letter in sorted(set(text) - printable())))


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide `text` is, in points."""
    return float(_fonts()[BOLD if bold else REGULAR].stringWidth(text, size))


def fitting_size(text: str, size: float, width: float, *, bold: bool = False) -> float:
    """`size`, or as much smaller as it takes for `text` to fit into `width` points: long names shrink, none is cut."""
    needed = width_of(text, size, bold=bold)
    return size if needed <= width else round(size * width / needed - 0.005, 2)


class Paper:
    """A PDF being drawn, page by page, in points from the bottom left corner."""

    def __init__(self, size: tuple[float, float], title: str) -> None:
        fonts = _fonts()
        self.width, self.height = size
        self._bytes = BytesIO()
        self.canvas = Canvas(
            self._bytes,
            pagesize=size,
            invariant=1,
            pageCompression=1,
            lang="id",
            initialFontName=REGULAR,  # type: ignore[arg-type]  # its published types take the name for a number
        )
        self.canvas.setTitle(title)
        self.canvas.setSubject(title)
        self.canvas.setAuthor("Maju Bersama")
        self.canvas.setCreator("Maju Bersama")
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        # The document inside the canvas keeps which letters of a font are used; only it can name them.
        self._document = self.canvas._doc  # type: ignore[attr-defined]  # noqa: SLF001
        self._fonts = {False: fonts[REGULAR], True: fonts[BOLD]}
        # Letters below 128 keep their own code in the first subset of an embedded font (reportlab's ASCII-readable subsets), so that
        # figures and dates may be written into the page as they are.
        self.regular = self._name(bold=False)
        self.bold = self._name(bold=True)

    def draw(self, operators: str) -> None:
        """Put PDF operators on the page as they are; nothing a user typed may be in them (that is `text`)."""
        self.canvas.addLiteral(operators)

    def text(self, x: float, y: float, text: str, size: float, *, bold: bool = False, width: float | None = None) -> None:
        """Write `text` from `x` to the right; smaller where it would be wider than `width`. Raises `Unprintable`."""
        check_printable(text)
        if width is not None:
            size = fitting_size(text, size, width, bold=bold)
        shown = " ".join(
            f"{self._name(subset, bold=bold)} {size:g} Tf ({codes.decode('latin-1').translate(_ESCAPED)}) Tj"
            for subset, codes in self._fonts[bold].splitString(text, self._document)
        )
        self.draw(f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm {shown} ET")

    def right(self, x: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
        """Write `text` so that it ends at `x`."""
        self.text(x - width_of(text, size, bold=bold), y, text, size, bold=bold)

    def centred(self, x: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
        """Write `text` around `x`."""
        self.text(x - width_of(text, size, bold=bold) / 2, y, text, size, bold=bold)

    def _name(self, subset: int = 0, *, bold: bool) -> str:
        return str(self._fonts[bold].getSubsetInternalName(subset, self._document))

    def turn_to(self, size: tuple[float, float]) -> None:
        """Let the pages from here on be of that size."""
        self.width, self.height = size
        self.canvas.setPageSize(size)

    def end_page(self) -> None:
        """Turn to a new sheet."""
        self.canvas.showPage()

    def finish(self) -> bytes:
        """Close the paper and hand it over."""
        self.canvas.save()
        return self._bytes.getvalue()
