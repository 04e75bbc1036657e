"""
Draw the blocks of a report with characters, for a terminal of 80 columns or more.

Nothing depends on colour: each series of a bar has a shade of its own, and each chart names them.
A terminal that knows no block characters gets plain ones.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table as Grid
from rich.text import Text

from .report_data import (
    Areas,
    Bars,
    Block,
    Fact,
    Gauge,
    HeatMap,
    Hue,
    Listing,
    Series,
    Table,
    Tick,
    Unit,
    write_amount,
    write_percent,
)
from .terminal_tables import draw_table

WIDTH_MAX = 100

_STYLES = {
    Hue.ORANGE: "dark_orange",
    Hue.SKY: "deep_sky_blue1",
    Hue.GREEN: "green",
    Hue.YELLOW: "yellow",
    Hue.BLUE: "dodger_blue2",
    Hue.VERMILION: "orange_red1",
    Hue.PURPLE: "magenta",
    Hue.GREY: "bright_black",
}
_SHADES = ("█", "▒", "░", "▓", "▚", "▌", "═", "┼")
_PLAIN_SHADES = ("#", "=", ".", "+", "%", "|", "~", "x")
_HEIGHTS = "▁▂▃▄▅▆▇█"
_PLAIN_HEIGHTS = "_.-:=+*#"
_HEATS = " ░▒▓█"
_PLAIN_HEATS = " .-+#"

Cell = TypeVar("Cell")


def draw(block: Block, console: Console) -> RenderableType:
    """Draw one block of a report."""
    width = min(console.width, WIDTH_MAX)
    is_plain = console.options.ascii_only
    match block:
        case Bars():
            body: RenderableType = _draw_bars(block, width=width, is_plain=is_plain)
        case Areas():
            body = _draw_areas(block, width=width, is_plain=is_plain)
        case HeatMap():
            body = _draw_heat_map(block, width=width, is_plain=is_plain)
        case Table():
            shades = _PLAIN_SHADES if is_plain else _SHADES
            style = _STYLES[Hue.BLUE]
            body = draw_table(block, width=width, shades=shades, style=style, is_plain=is_plain)
        case Listing():
            body = Text(block.text)
    return Group(Text(block.title, style="bold"), body, Text(""))


def draw_gauge(gauge: Gauge, console: Console) -> RenderableType:
    """Draw a number of the headline with its bar."""
    width = min(console.width, WIDTH_MAX) - 8
    shades = _PLAIN_SHADES if console.options.ascii_only else _SHADES
    full = _scale(min(gauge.share.part, gauge.share.whole), gauge.share.whole, width)
    return Group(
        Text.assemble(
            (f"{write_percent(gauge.share):>5}  ", f"bold {_STYLES[gauge.hue]}"),
            (shades[0] * full, _STYLES[gauge.hue]),
            (shades[2] * (width - full), "dim"),
        ),
        Padding(Text(f"{gauge.label}: {gauge.note}."), (0, 0, 0, 7)),
    )


def draw_facts(facts: Sequence[Fact]) -> RenderableType:
    """Draw facts as a list of names and values."""
    grid = Grid.grid(padding=(0, 2))
    for fact in facts:
        style = {None: "bold", True: "bold green", False: "bold red"}[fact.is_good]
        grid.add_row(Text(fact.value, style=style, justify="right"), Text(fact.label))
    return Padding(grid, (0, 0, 0, 2), expand=False)


def draw_headline(text: str, console: Console) -> RenderableType:
    """Draw the one line that everybody should remember."""
    return Panel(
        Text(text, style="bold", justify="center"),
        box=box.ASCII if console.options.ascii_only else box.ROUNDED,
        width=min(console.width, WIDTH_MAX),
    )


def _draw_bars(bars: Bars, *, width: int, is_plain: bool) -> RenderableType:
    """
    Draw each category as a line of shades: what stands above, then what hangs below.

    Behind it stand two numbers, each under its name: what the whole bar comes to, and the caption.
    """
    series = (*bars.above, *bars.below)
    shades = _PLAIN_SHADES if is_plain else _SHADES
    totals = [sum(amounts) for amounts in zip(*(one.values for one in series), strict=True)]
    most = max(totals, default=0)
    label_width = max(map(len, bars.labels), default=0)
    whole, caption = _in_brackets("bar", bars.unit.symbol), bars.caption_title.lower()
    value_width = max(len(whole), *(len(_write(total, bars.unit)) for total in (*totals, 0)))
    caption_width = max(len(caption), *map(len, bars.captions))
    room = width - label_width - value_width - caption_width - 7
    heading = f"{whole:>{value_width}}  {caption:>{caption_width}}".rjust(width - 1)
    lines = [_draw_legend(series, shades, width), Text(heading, style="dim")]
    for place, label in enumerate(bars.labels):
        line = Text(f"  {label:<{label_width}} ")
        ends = _edges([one.values[place] for one in series], most, room)
        for one, shade, (begin, end) in zip(series, shades, ends, strict=False):
            line.append(shade * (end - begin), style=_STYLES[one.hue])
        line.append(" " * (room - ends[-1][1]))
        line.append(f" {_write(totals[place], bars.unit):>{value_width}}", style="dim")
        line.append(f"  {bars.captions[place]:>{caption_width}}", style="bold")
        lines.append(line)
    return Group(*lines)


def _draw_areas(areas: Areas, *, width: int, is_plain: bool) -> RenderableType:
    """Draw each layer and the line as a row of heights, each on a scale of its own."""
    heights = _PLAIN_HEIGHTS if is_plain else _HEIGHTS
    rows = (*reversed(areas.layers), areas.line)
    label_width = max(len(row.name) for row in rows)
    value_width = max(len(_write(max(row.values, default=0), areas.unit)) for row in rows)
    room = width - label_width - value_width - 8
    points = len(areas.labels)
    columns = min(room, points)
    lines = [_draw_ticks(areas.ticks, points=points, columns=columns, indent=label_width + 3)]
    for row in rows:
        peak = max(row.values, default=0)
        means = [sum(part) // len(part) for part in _cut(row.values, columns)]
        top = max((*means, 1))
        line = Text(f"  {row.name:<{label_width}} ")
        drawn = "".join(
            heights[min(len(heights) - 1, mean * len(heights) // top)] for mean in means
        )
        line.append(drawn, style=_STYLES[row.hue])
        line.append(f" {_write(peak, areas.unit):>{value_width}}", style="dim")
        lines.append(line)
    note = _in_brackets(
        "  Each row has its own scale; its peak stands behind it", areas.unit.symbol
    )
    lines.append(Text(f"{note}.", style="dim"))
    return Group(*lines)


def _draw_heat_map(heat: HeatMap, *, width: int, is_plain: bool) -> RenderableType:
    """Draw each row as shades, several columns to a character where there is no room."""
    heats = _PLAIN_HEATS if is_plain else _HEATS
    label_width = max(map(len, heat.rows), default=0)
    room = width - label_width - 6
    wide = -(-len(heat.columns) // room)
    columns = -(-len(heat.columns) // wide)
    lines = [
        _draw_ticks(heat.ticks, points=len(heat.columns), columns=columns, indent=label_width + 4)
    ]
    edge = "|" if is_plain else "▏"
    for label, values in zip(heat.rows, heat.values, strict=True):
        drawn = ""
        for cell in _cut(values, columns):
            known = [value for value in cell if value is not None]
            step = (
                min(len(heats) - 1, sum(known) * len(heats) // (100 * len(known))) if known else 0
            )
            drawn += heats[step] if known else "x"
        lines.append(
            Text.assemble(f"  {label:<{label_width}} {edge}", (drawn, _STYLES[Hue.BLUE]), edge)
        )
    scale = ", ".join(
        f"{heats[step]} from {100 * step // len(heats)} %" for step in range(1, len(heats))
    )
    is_absent = any(value is None for values in heat.values for value in values)
    absent = f"; x {heat.absent}" if is_absent else ""
    lines.append(Text(f"  {scale}{absent}", style="dim"))
    return Group(*lines)


def _draw_legend(series: Sequence[Series], shades: Sequence[str], width: int) -> Text:
    """Name the series of a chart beside their shades, none of them twice and none in two lines."""
    if len(series) > len(shades):
        raise AssertionError(f"{len(series)} series, and only {len(shades)} shades to tell them by")
    legend, room = Text("  "), width - 2
    for one, shade in zip(series, shades, strict=False):
        entry = f" {one.name}"
        if room < len(entry) + 2 and room < width - 2:
            legend.append("\n  ")
            room = width - 2
        legend.append(shade * 2, style=_STYLES[one.hue])
        legend.append(f"{entry}   ")
        room -= len(entry) + 5
    return legend


def _draw_ticks(ticks: Sequence[Tick], *, points: int, columns: int, indent: int) -> Text:
    """Write the labels of an axis, all cut to the room that the narrowest has."""
    places = [tick.at * columns // points for tick in ticks]
    room = min((end - begin for begin, end in pairwise([*places, columns])), default=0)
    line = " " * indent
    for tick, place in zip(ticks, places, strict=True):
        line = line.ljust(indent + place) + tick.label[: max(0, room - 1)]
    return Text(line, style="dim")


def _edges(amounts: Sequence[int], most: int, room: int) -> list[tuple[int, int]]:
    """Return where each amount of a stack begins and ends, so that rounding never adds up."""
    sums = [0]
    for amount in amounts:
        sums.append(sums[-1] + amount)
    return list(pairwise(_scale(amount, most, room) for amount in sums))


def _cut(values: Sequence[Cell], columns: int) -> Iterator[Sequence[Cell]]:
    """Cut a row into so many nearly equal parts."""
    for column in range(columns):
        begin = column * len(values) // columns
        yield values[begin : (column + 1) * len(values) // columns]


def _scale(amount: int, most: int, room: int) -> int:
    """Return how many characters an amount takes when the most takes all room."""
    return (2 * amount * room + most) // (2 * most) if most else 0


def _in_brackets(text: str, symbol: str) -> str:
    """Return a text with a unit in brackets behind it, if there is one."""
    return f"{text} [{symbol}]" if symbol else text


def _write(amount: int, unit: Unit) -> str:
    """Write an amount without its unit."""
    return write_amount(amount, unit, with_symbol=False)
