"""Charts on a terminal are true to their numbers and fit its width."""

import io

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
        "  Mon ███████████▒▒▒▒▒▒▒▒▒▒  50 % 20.0",
        "  Tue █████░░░░░░           100 % 10.0",
        "  Wed                           -  0.0",
        "  Behind each bar: covered; the whole",
        "bar [kWh]",
        "",
    ] == show(BARS)


def test_plain_bars() -> None:
    """A terminal without block characters gets plain ones."""
    assert [
        "  ## Matched   == Missing   .. Surplus",
        "  Mon ###########==========  50 % 20.0",
    ] == show(BARS, encoding="ascii")[1:3]


def test_areas() -> None:
    """Each row rises to its own peak, which stands behind it."""
    assert [
        "Weeks",
        "       M T",
        "  Wind ▁▂▃█ 8.0",
        "  Use  ██▁▁ 8.0",
        "  Each row has its own scale; its peak",
        "stands behind [kWh].",
        "",
    ] == show(AREAS)


def test_heat_map() -> None:
    """Each cell has the shade of its percentage, and an absent one its own sign."""
    lines = show(HEAT, width=100)
    assert ["Cover", "       a", "  Mon ▏ ░▒█▏", "  Tue ▏▓x█░▏"] == lines[:4]
    assert "' ' from 0 %, '░' from 20 %" in lines[4]


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
