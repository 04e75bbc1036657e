"""Charts on a terminal are true to their numbers and fit its width."""

import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from tallystick.scenarios.report_data import (
    KILOWATT_HOURS,
    Areas,
    Bars,
    Block,
    HeatMap,
    Hue,
    Listing,
    Series,
    Share,
    Table,
    Tick,
    Unit,
)
from tallystick.scenarios.terminal_charts import draw

BARS = Bars(
    title="Days",
    summary="",
    unit=KILOWATT_HOURS,
    labels=("Mon", "Tue", "Wed"),
    caption_title="Covered",
    captions=("50 %", "100 %", "-"),
    above=(
        Series("Matched", Hue.BLUE, (10_000, 5_000, 0)),
        Series("Missing", Hue.VERMILION, (10_000, 0, 0)),
    ),
    below=(Series("Surplus", Hue.GREY, (0, 5_000, 0)),),
)
AREAS = Areas(
    title="Weeks",
    summary="",
    unit=KILOWATT_HOURS,
    labels=("a", "b", "c", "d"),
    ticks=(Tick(0, "M"), Tick(2, "T")),
    marks=(),
    layers=(Series("Wind", Hue.SKY, (0, 1000, 2000, 8000)),),
    line=Series("Use", Hue.GREY, (8000, 8000, 0, 0)),
)
HEAT = HeatMap(
    title="Cover",
    summary="",
    rows=("Mon", "Tue"),
    columns=tuple("abcd"),
    ticks=(Tick(0, "a"),),
    values=((0, 30, 50, 100), (70, None, 99, 20)),
)
TABLE = Table(
    "Sums",
    ("What", "kWh", "Part"),
    (("a", "1.0", Share(1, 4)), ("All", "4.0", Share(0, 0))),
    has_total=True,
)


def show(block: Block, *, width: int = 40, encoding: str = "utf-8") -> list[str]:
    """Draw a block without colour and return its lines."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
    console = Console(file=stream, width=width, color_system=None, legacy_windows=False)
    console.print(draw(block, console))
    stream.seek(0)
    return [line.rstrip() for line in stream.read().splitlines()]


def test_bars() -> None:
    """A bar's length is its amount, each series has its own shade, and the numbers follow."""
    assert [
        "Days",
        "  ██ Matched   ▒▒ Missing   ░░ Surplus",
        "                     bar [kWh]  covered",
        "  Mon ███████▒▒▒▒▒▒▒      20.0     50 %",
        "  Tue ████░░░             10.0    100 %",
        "  Wed                      0.0        -",
        "",
    ] == show(BARS)


def test_plain_bars() -> None:
    """A terminal without block characters gets plain ones."""
    assert [
        "  ## Matched   == Missing   .. Surplus",
        "  Mon #######=======      20.0     50 %",
    ] == [show(BARS, encoding="ascii")[n] for n in (1, 3)]


SERIES_MAX = 8


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_no_two_series_look_alike(encoding: str) -> None:
    """Each has a shade of its own, and its name is never parted from it at the end of a line."""
    names = [f"Series number {n}" for n in range(SERIES_MAX)]
    many = replace(BARS, above=tuple(Series(name, Hue.BLUE, (1, 1, 1)) for name in names), below=())
    lines = show(many, width=60, encoding=encoding)
    found = re.findall(r"(\S)\1 (Series number \d)", "\n".join(lines))
    assert names == [name for _, name in found]
    assert SERIES_MAX == len({shade for shade, _ in found})
    more = replace(BARS, above=(*many.above, many.above[0]))
    with pytest.raises(AssertionError, match="only 8 shades"):
        show(more)


def test_an_amount_without_a_unit() -> None:
    """Brackets stand only around something."""
    bare = Unit("", base=1, decimals=0)
    assert "  bar  covered" in show(replace(BARS, unit=bare))[2]
    assert "its peak stands behind it." in " ".join(show(replace(AREAS, unit=bare)))


def test_areas() -> None:
    """Each row rises to its own peak, which stands behind it."""
    assert [
        "Weeks",
        "       M T",
        "  Wind ▁▂▃█ 8.0",
        "  Use  ██▁▁ 8.0",
        "  Each row has its own scale; its peak",
        "stands behind it [kWh].",
        "",
    ] == show(AREAS)


def test_heat_map() -> None:
    """Each cell has the shade of its percentage, and an absent one its own sign."""
    lines = show(HEAT, width=100)
    assert ["Cover", "       a", "  Mon ▏ ░▒█▏", "  Tue ▏▓x█░▏"] == lines[:4]
    scale = "  ░ from 20 %, ▒ from 40 %, ▓ from 60 %, █ from 80 %"
    assert f"{scale}; x no such hour" == lines[4]
    assert len(lines[4]) < 80
    months = replace(HEAT, values=((0, 30, 50, 100), (70, 0, 99, 20)), absent="no month")
    assert scale == show(months, width=100)[4]
    assert f"{scale}; x no month" == show(replace(HEAT, absent="no month"), width=100)[4]


def test_table() -> None:
    """Numbers stand right, words left, shares are small bars, and the total stands apart."""
    assert [
        "Sums",
        "  What   kWh               Part",
        "  ─────────────────────────────",
        "  a      1.0   ███░░░░░░░  25 %",
        "",
        "  All    4.0   ░░░░░░░░░░     -",
        "",
    ] == show(TABLE)


def test_listing() -> None:
    """Text that is to be copied is kept as it is, whatever looks like a style in it."""
    assert ["Command", "a [bold]b[/bold]", "c", ""] == show(
        Listing("Command", "a [bold]b[/bold]\nc")
    )


@pytest.mark.parametrize("block", [BARS, AREAS, HEAT, TABLE])
@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_width(block: Block, width: int, encoding: str) -> None:
    """Nothing is wider than the terminal, nor wider than eyes follow."""
    assert max(map(len, show(block, width=width, encoding=encoding))) <= min(width, 100)
