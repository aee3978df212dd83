"""Values in; the measures of a small, honest chart out. `templates/macros/charts.html` draws it as SVG, with its table below.

The axis begins at zero, always: a chart that starts elsewhere makes a small change look large, and these charts decide who is visited.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil
from typing import Literal

WIDTH = 480
HEIGHT = 250
_LEFT = 68
_RIGHT = 18  # room for half of the last label
_TOP = 32
_GROUND = HEIGHT - 34
_MOST_LABELS = 8
_MOST_LABELS_ON_A_PHONE = 4

Number = int | Decimal


@dataclass(frozen=True)
class Point:
    """One value where it is drawn; `shown` says where its label has room below the axis: everywhere, on a wide page, or nowhere."""

    label: str
    value: str
    x: float
    y: float
    middle: float
    shown: Literal["", "wide", "always"]


@dataclass(frozen=True)
class GridLine:
    """One line of the grid; the first is the ground, zero."""

    y: float
    label: str


@dataclass(frozen=True)
class Chart:
    """A chart, measured and worded, ready to be drawn."""

    kind: Literal["bars", "line", "pairs"]
    id: str
    title: str
    said: str
    across: str
    upward: str
    points: tuple[Point, ...]
    grid: tuple[GridLine, ...]
    bar: float
    path: str
    behind: tuple[Point, ...] = ()
    """Of pairs: the wide pale bars, what should have been, behind the dark ones, what was."""
    upward_behind: str = ""
    left: int = _LEFT
    width: int = WIDTH
    height: int = HEIGHT
    ground: int = _GROUND


def bars(
    name: str, title: str, said: str, values: Sequence[tuple[str, Number]], *, across: str, upward: str, form: Callable[[Number], str]
) -> Chart:
    """A bar a value. `name` is its id on the page; `said` one sentence with what it shows, for who cannot see it; `across` and `upward`
    name the table's two columns; `form` writes a value."""
    return _measured("bars", name, title, said, values, across, upward, form)


def line(
    name: str, title: str, said: str, values: Sequence[tuple[str, Number]], *, across: str, upward: str, form: Callable[[Number], str]
) -> Chart:
    """A line through the values, for what runs on over time; the arguments are those of `bars`."""
    return _measured("line", name, title, said, values, across, upward, form)


def pairs(
    name: str,
    title: str,
    said: str,
    values: Sequence[tuple[str, Number, Number]],
    *,
    across: str,
    upward: tuple[str, str],
    form: Callable[[Number], str],
) -> Chart:
    """Two bars a value, one behind the other: what should have been, wide and pale, and what was, narrow and dark. They are told apart by
    their width too. `upward` names both; the other arguments are those of `bars`."""
    highest = max((max(wanted, was) for _, wanted, was in values), default=0)
    wanted = _measured("bars", name, title, said, [(label, one) for label, one, _ in values], across, upward[0], form, highest)
    was = _measured("bars", name, title, said, [(label, one) for label, _, one in values], across, upward[1], form, highest)
    narrow = round(was.bar / 2, 1)
    points = tuple(replace(point, x=round(point.middle - narrow / 2, 1)) for point in was.points)
    return replace(was, kind="pairs", bar=narrow, points=points, behind=wanted.points, upward_behind=upward[0])


@dataclass(frozen=True)
class Ranked:
    """One row of a ranking; `share` is the length of its bar, in hundredths of the longest."""

    label: str
    value: str
    share: float


@dataclass(frozen=True)
class Ranking:
    """Named values, each with its bar beside it: it reads as a list, so it needs no table below."""

    id: str
    title: str
    said: str
    rows: tuple[Ranked, ...]
    kind: Literal["ranking"] = "ranking"


def ranking(name: str, title: str, said: str, values: Sequence[tuple[str, Number]], *, form: Callable[[Number], str]) -> Ranking:
    """A bar for each name, in the order given: for officers, groups and places, whose names would not fit below an axis."""
    longest = max([float(value) for _, value in values], default=0.0) or 1.0
    rows = [Ranked(label, form(value), round(100 * max(float(value), 0.0) / longest, 1)) for label, value in values]
    return Ranking(name, title, said, tuple(rows))


def millions(amount: Number, language: str) -> str:
    """An amount for an axis, where it has little room: `2,5 jt`, in English `2.5 m`; below a million in thousands."""
    large = not -(10**6) < amount < 10**6
    size, word = (10**6, "jt" if language == "id" else "m") if large else (10**3, "rb" if language == "id" else "k")
    written = f"{(Decimal(amount) / size).quantize(Decimal('0.1')):f}".removesuffix(".0")
    return "0" if written == "0" else f"{written.replace('.', ',') if language == 'id' else written} {word}"


def steps_up_to(highest: Number) -> list[Decimal]:
    """Round values for the grid, from zero to just above the highest: in steps of 1, 2 or 5 and tens of them."""
    top = Decimal(highest)
    if top <= 0:
        return [Decimal(0), Decimal(1)]
    ten = Decimal(10) ** (top / 4).adjusted()
    step = next(ten * times for times in (1, 2, 5, 10) if ten * times * 4 >= top)
    return [step * k for k in range(ceil(top / step) + 1)]


def _measured(
    kind: Literal["bars", "line"],
    name: str,
    title: str,
    said: str,
    values: Sequence[tuple[str, Number]],
    across: str,
    upward: str,
    form: Callable[[Number], str],
    highest: Number | None = None,
) -> Chart:
    steps = steps_up_to(max((value for _, value in values), default=0) if highest is None else highest)
    whole = all(isinstance(value, int) for _, value in values)
    if whole:
        steps = [step for step in steps if step == step.to_integral_value()]
    up = float(steps[-1])

    def height_of(value: Number | Decimal) -> float:
        return round(_GROUND - (_GROUND - _TOP) * max(float(value), 0.0) / up, 1)

    slot = (WIDTH - _LEFT - _RIGHT) / max(len(values), 1)
    bar = round(slot * 0.68, 1)
    points = []
    for place, (label, value) in enumerate(values):
        middle = round(_LEFT + slot * (place + 0.5), 1)
        x = round(middle - bar / 2, 1) if kind == "bars" else middle
        points.append(Point(label, form(value), x, height_of(value), middle, _room(place, len(values))))
    grid = tuple(GridLine(height_of(step), form(int(step) if whole else step)) for step in steps)
    path = "M" + " L".join(f"{point.x} {point.y}" for point in points) if points else ""
    return Chart(kind, name, title, said, across, upward, tuple(points), grid, bar, path)


def _room(place: int, count: int) -> Literal["", "wide", "always"]:
    """Counted from the last, which is always named: it is the one that people look for."""
    from_last = count - 1 - place
    every = ceil(count / _MOST_LABELS) or 1
    if from_last % every:
        return ""
    return "always" if from_last % (every * ceil(count / every / _MOST_LABELS_ON_A_PHONE)) == 0 else "wide"
