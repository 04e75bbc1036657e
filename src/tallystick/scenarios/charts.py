"""
Draw the charts of a report as inline SVG.

Colours are classes, so that the page decides them for light and dark. Coordinates are pixels of a
drawing that the page scales; they are the only floats, and no amount is ever read back from them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from .markup import Markup, element, text
from .report_data import Areas, Bars, HeatMap, Series, Tick, Unit, write_amount

WIDTH = 1080
LEFT = 80
RIGHT = 1068
TOP = 30
AREAS_HEIGHT = 400
BARS_HEIGHT = 350
BELOW_HEIGHT = 42
HEAT_LEFT = 92
HEAT_TOP = 4
ROW_HEIGHT = 22
LINES_MAX = 6

_LETTER_WIDTH = 8
_BAR_PART = 0.7
_CELL_GAP = 2


@dataclass(frozen=True, slots=True)
class Scale:
    """How amounts become heights."""

    top: int
    """Amount at the upper edge. [base units]"""
    bottom: int
    """Amount at the lower edge, counted downwards. [base units]"""
    step: int
    """Amount between two grid lines. [base units]"""
    base: int
    """The lower edge. [px]"""


def draw_areas(areas: Areas) -> Markup:
    """Draw stacked areas with a line across them."""
    stacked = _stack(areas.layers)
    most = max((*stacked[-1], *areas.line.values))
    scale = choose_scale(most, 0, base=AREAS_HEIGHT - BELOW_HEIGHT)
    width = (RIGHT - LEFT) / len(areas.labels)

    def outline(values: Sequence[int]) -> str:
        return "L".join(
            f"{LEFT + width * (place + 0.5):.1f},{_y(value, scale):.1f}"
            for place, value in enumerate(values)
        )

    first, last = f"{LEFT + width / 2:.1f},{scale.base}", f"{RIGHT - width / 2:.1f},{scale.base}"
    painted = [
        element("path", class_=f"layer {layer.hue.value}", d=f"M{first}L{outline(values)}L{last}Z")
        for layer, values in zip(areas.layers, stacked, strict=True)
    ]
    line = f"M{outline(areas.line.values)}"
    return _svg(
        areas,
        AREAS_HEIGHT,
        *_grid(scale, areas.unit),
        *reversed(painted),
        element("path", class_="halo", d=line),
        element("path", class_="line", d=line),
        *(_day_tick(tick, LEFT + width * tick.at, scale.base) for tick in areas.ticks),
        *(_mark(mark, LEFT + width * mark.at, scale.base) for mark in areas.marks),
        _cursor(scale.base),
    )


def draw_bars(bars: Bars) -> Markup:
    """Draw a column for each category, stacked upwards and downwards from a line."""
    ups, downs = _stack(bars.above), _stack(bars.below)
    scale = choose_scale(
        max(ups[-1]), max(downs[-1]) if downs else 0, base=BARS_HEIGHT - BELOW_HEIGHT
    )
    width = (RIGHT - LEFT) / len(bars.labels)
    drawn: list[Markup] = []
    for place, label in enumerate(bars.labels):
        middle = LEFT + width * (place + 0.5)
        edges = [
            *_edges(bars.above, [0, *(upper[place] for upper in ups)]),
            *_edges(bars.below, [0, *(-lower[place] for lower in downs)]),
        ]
        for series, one, other in edges:
            high, low = _y(max(one, other), scale), _y(min(one, other), scale)
            left = middle - width * _BAR_PART / 2
            drawn.append(_rect(left, high, width * _BAR_PART, low - high, series.hue.value))
        drawn.append(_label(bars.captions[place], middle, _y(ups[-1][place], scale) - 6, "caption"))
        drawn.extend(_category(label, middle, scale.base + 17, width))
    return _svg(
        bars,
        BARS_HEIGHT,
        *_grid(scale, bars.unit),
        *drawn,
        _line("zero", LEFT, _y(0, scale), RIGHT, _y(0, scale)),
        _cursor(scale.base),
    )


def draw_heat_map(heat: HeatMap) -> Markup:
    """Draw a coloured cell for each row and column, equal neighbours as one."""
    width = (RIGHT - HEAT_LEFT) / len(heat.columns)
    base = HEAT_TOP + ROW_HEIGHT * len(heat.rows)
    drawn: list[Markup] = []
    for row, values in enumerate(heat.values):
        y = HEAT_TOP + ROW_HEIGHT * row
        drawn.append(_label(heat.rows[row], HEAT_LEFT - 10, y + 15, "axis end"))
        place = 0
        for name, run in groupby(map(_heat_class, values)):
            length = len(list(run))
            left = HEAT_LEFT + width * place
            drawn.append(_rect(left, y, width * length, ROW_HEIGHT - _CELL_GAP, name))
            place += length
    ticks = [_point_tick(tick, HEAT_LEFT + width * tick.at, base) for tick in heat.ticks]
    height = ROW_HEIGHT - _CELL_GAP
    cursor = element("rect", class_="cell-cursor", width=f"{width:.1f}", height=height)
    return _svg(heat, base + BELOW_HEIGHT // 2, *drawn, *ticks, cursor)


def choose_scale(above: int, below: int, *, base: int) -> Scale:
    """Choose round grid lines for amounts above and below zero, the highest above them all."""
    step = choose_step(above + below)
    top = max(1, -(-above // step)) * step
    return Scale(top=top, bottom=below, step=step, base=base)


def choose_step(most: int) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, … of which `LINES_MAX` reach the amount."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if power * factor * LINES_MAX >= most:
                return power * factor
        power *= 10


def _svg(figure: Areas | Bars | HeatMap, height: int, *drawn: Markup) -> Markup:
    """Wrap a drawing, which scales with the page, and say what it shows."""
    return element(
        "svg",
        *drawn,
        viewBox=f"0 0 {WIDTH} {height}",
        role="img",
        aria_label=f"{figure.title}. {figure.summary}",
    )


def _grid(scale: Scale, unit: Unit) -> Iterator[Markup]:
    """Draw the amounts of the vertical axis with a line each."""
    decimals = 0 if scale.step % unit.base == 0 else unit.decimals
    written = Unit(unit.symbol, base=unit.base, decimals=decimals)
    lowest = -(scale.bottom // scale.step) * scale.step
    for amount in range(lowest, scale.top + 1, scale.step):
        y = _y(amount, scale)
        yield _line("grid", LEFT, y, RIGHT, y)
        label = write_amount(abs(amount), written, with_symbol=amount == scale.top)
        yield _label(label, LEFT - 8, y + 4, "axis end")


def _day_tick(tick: Tick, x: float, base: int) -> Markup:
    """Mark where a stretch of the horizontal axis begins and write its name into it."""
    lines = enumerate(tick.label.split(" ", 1))
    labels = [_label(line, x + 6, base + 16 + 15 * number, "day") for number, line in lines]
    return element("g", _line("tick", x, base, x, base + 35), *labels)


def _point_tick(tick: Tick, x: float, base: int) -> Markup:
    """Mark a point of the horizontal axis and write its name below."""
    label = _label(tick.label, x, base + 18, "axis")
    return element("g", _line("tick", x, base, x, base + 5), label)


def _mark(mark: Tick, x: float, base: int) -> Markup:
    """Draw a dashed line where something happened, with its name at the top."""
    return element(
        "g",
        _line("mark", x, TOP - 14, x, base),
        _label(mark.label, x + 5, TOP - 6, "note"),
    )


def _category(label: str, x: float, y: float, width: float) -> Iterator[Markup]:
    """Write a category's name below its column, on two lines where it is too wide for one."""
    is_wide = len(label) * _LETTER_WIDTH > width
    for number, line in enumerate(label.split(" ", 1) if is_wide else [label]):
        yield _label(line, x, y + 15 * number, "axis")


def _edges(series: Sequence[Series], ends: Sequence[int]) -> Iterator[tuple[Series, int, int]]:
    """Yield each series that takes room in a column, with both its ends."""
    for one, begin, end in zip(series, ends, ends[1:], strict=False):
        if begin != end:
            yield one, begin, end


def _stack(layers: Sequence[Series]) -> list[list[int]]:
    """Return for each layer how high its upper edge lies at each place."""
    heights = ([*layer.values] for layer in layers)
    return list(
        accumulate(heights, lambda lower, upper: [*map(sum, zip(lower, upper, strict=True))])
    )


def _heat_class(value: int | None) -> str:
    """Name the colour of a cell; only a hundred percent has the last one."""
    return "none" if value is None else f"heat{value // 10}"


def _y(amount: int, scale: Scale) -> float:
    """Return where an amount lies."""
    return TOP + (scale.base - TOP) * (scale.top - amount) / (scale.top + scale.bottom)


def _cursor(base: int) -> Markup:
    """Prepare the line that follows the pointer."""
    return _line("cursor", 0, TOP, 0, base)


def _line(name: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    """Draw a straight line."""
    ends = {"x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}"}
    return element("line", class_=name, **ends)


def _rect(x: float, y: float, width: float, height: float, name: str) -> Markup:
    """Draw a filled rectangle whose edges meet those of its neighbours."""
    left, top = round(x, 1), round(y, 1)
    size = {
        "width": f"{round(x + width, 1) - left:.1f}",
        "height": f"{round(y + height, 1) - top:.1f}",
    }
    return element("rect", class_=name, x=f"{left:.1f}", y=f"{top:.1f}", **size)


def _label(label: str, x: float, y: float, name: str) -> Markup:
    """Write a short text at a place."""
    return element("text", text(label), class_=name, x=f"{x:.1f}", y=f"{y:.1f}")
