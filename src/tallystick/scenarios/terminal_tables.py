"""
Draw a table with characters, in such widths that no number is ever broken.

A column of numbers is at least as wide as its longest number, and a column of text as its longest
word. What room is left goes to where lines are most often broken. If there is not even so much, the
gaps between columns shrink, then headings and words are folded; a number in two pieces would be
another number.
"""

from collections.abc import Sequence

from rich import box
from rich.console import JustifyMethod
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from .report_data import Share, Table, is_numeric, write_percent

INDENT = 2
GAP_MAX = 3
GAP_MIN = 2
SHARE_WIDTH = 10
WORD_MAX = 6
"""So wide a column of text is at least where there is no room for its longest word."""


def draw_table(
    table: Table, *, width: int, shades: Sequence[str], style: str, is_plain: bool
) -> Padding:
    """Draw a table whose numbers stand right; `shades` and `style` are those of shares."""
    widths, gap = column_widths(table, width=width - INDENT)
    grid = Grid(
        box=box.ASCII if is_plain else box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        padding=(0, 1),
        collapse_padding=gap == GAP_MIN,
    )
    for place, name in enumerate(table.header):
        justify: JustifyMethod = "right" if is_numeric(table, place) else "left"
        grid.add_column(Text(name), justify=justify, overflow="fold", width=widths[place])
    for place, row in enumerate(table.rows):
        is_total = table.has_total and place == len(table.rows) - 1
        cells = [_draw_cell(cell, shades, style) for cell in row]
        grid.add_row(*cells, style="bold" if is_total else "")
        if table.has_total and place == len(table.rows) - 2:
            grid.add_section()
    return Padding(grid, (0, 0, 0, INDENT), expand=False)


def column_widths(table: Table, *, width: int) -> tuple[list[int], int]:
    """Return the width of each column, and of the gap between two of them."""
    columns = range(len(table.header))
    wanted = [max(len(table.header[n]), _longest_cell(table, n)) for n in columns]
    worded = [max(_longest_word(table.header[n]), _unbroken(table, n)) for n in columns]
    least = [
        max(1, each if is_numeric(table, n) else min(each, WORD_MAX))
        for n, each in enumerate(_unbroken(table, n) for n in columns)
    ]
    for gap in (GAP_MAX, GAP_MIN):
        room = width - gap * (len(wanted) - 1)
        if sum(worded) <= room:
            return _share_out(room, worded, wanted), gap
    return _share_out(room, least, worded), gap


def _share_out(room: int, least: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """Give each column what it needs, and what is left to whoever folds its lines most."""
    widths = list(least)
    for _ in range(room - sum(least)):
        lacking = [n for n, each in enumerate(widths) if each < wanted[n]]
        if not lacking:
            break
        widths[max(lacking, key=lambda n: (wanted[n] / widths[n], -n))] += 1
    return widths


def _unbroken(table: Table, place: int) -> int:
    """Return how wide a column has to be so that no number and no word is broken."""
    if is_numeric(table, place):
        return _longest_cell(table, place)
    return max((_longest_word(_written(row[place])) for row in table.rows), default=0)


def _longest_cell(table: Table, place: int) -> int:
    """Return the length of a column's longest cell."""
    return max((len(_written(row[place])) for row in table.rows), default=0)


def _longest_word(text: str) -> int:
    """Return the length of a text's longest word."""
    return max(map(len, text.split()), default=0)


def _written(cell: str | Share) -> str:
    """Return a cell's text, a share's with blanks for its bar."""
    if isinstance(cell, str):
        return cell
    return f"{'':{SHARE_WIDTH}} {write_percent(cell):>5}"


def _draw_cell(cell: str | Share, shades: Sequence[str], style: str) -> Text:
    """Draw a text as it is and a share as a small bar."""
    if isinstance(cell, str):
        return Text(cell)
    full = (2 * cell.part * SHARE_WIDTH + cell.whole) // (2 * cell.whole) if cell.whole else 0
    bar = shades[0] * full + shades[2] * (SHARE_WIDTH - full)
    return Text.assemble((bar, style), f" {write_percent(cell):>5}", no_wrap=True)
