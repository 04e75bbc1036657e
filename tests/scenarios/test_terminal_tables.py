"""No number of a table is ever broken, however narrow the terminal."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tallystick.scenarios.report_data import Share, Table
from tallystick.scenarios.terminal_charts import draw
from tallystick.scenarios.terminal_tables import GAP_MAX, GAP_MIN, column_widths

BILLS = Table(
    "Receivers, in EUR",
    ("Who", "kWh", "Energy", "Platform", "Operator", "Grid", "Levy", "Bill", "Elsewhere"),
    (
        ("Greta", "21.7", "-2.02", "-0.03", "-0.09", "-0.69", "-0.44", "-3.269734", "-6.93"),
        ("All", "311.2", "-38.34", "-0.58", "-1.24", "-9.96", "-6.38", "-56.494665", "-99.57"),
    ),
    has_total=True,
)


def lines_of(table: Table, width: int) -> list[str]:
    """Draw a table without colour and return its lines."""
    stream = io.StringIO()
    console = Console(file=stream, width=width, color_system=None, legacy_windows=False)
    console.print(draw(table, console))
    return stream.getvalue().splitlines()


@pytest.mark.parametrize("width", [78, 80, 100, 200])
def test_all_numbers_of_a_wide_table_stand_whole(width: int) -> None:
    """In the line of their row."""
    lines = lines_of(BILLS, width)
    for row in BILLS.rows:
        (line,) = [each.split() for each in lines if each.split()[:1] == [row[0]]]
        assert list(row) == line


def test_words_of_headings_are_kept_where_there_is_room() -> None:
    """At 80 columns gaps shrink and headings stay; narrower, headings are folded first."""
    assert GAP_MAX == column_widths(BILLS, width=98)[1]
    assert GAP_MIN == column_widths(BILLS, width=78)[1]
    assert "Platform" in lines_of(BILLS, 80)[1]


NUMBERS = st.integers(-(10**9), 10**9).map("{:,}".format)
WORDS = st.text("abcdefgh ", min_size=1, max_size=30)
ROWS = st.lists(st.tuples(WORDS, NUMBERS, NUMBERS, st.integers(0, 9)), min_size=1, max_size=6)


@given(ROWS, st.integers(62, 100))
def test_no_number_is_broken(rows: list[tuple[str, str, str, int]], width: int) -> None:
    """Whatever stands beside it, each number is found in one piece."""
    cells = tuple((text, one, two, Share(part, 9)) for text, one, two, part in rows)
    table = Table("Any", ("A text", "One number", "Another number", "A part"), cells)
    lines = lines_of(table, width)
    found = re.findall(r"-?[0-9][0-9,]*(?![0-9,]* %)", "\n".join(lines))
    assert sorted(each for _, *pair, _ in rows for each in pair) == sorted(found)
    assert max(map(len, lines)) <= width


@given(ROWS, st.integers(1, 120))
def test_widths_are_never_less_than_numbers_need(
    rows: list[tuple[str, str, str, int]], width: int
) -> None:
    """Nor more than anything wants."""
    cells = tuple((text, one, two, Share(part, 9)) for text, one, two, part in rows)
    table = Table("Any", ("A", "B", "C", "D"), cells)
    widths, gap = column_widths(table, width=width)
    assert gap in {GAP_MIN, GAP_MAX}
    for place in (1, 2):
        assert widths[place] == max(len(row[place]) for row in rows)  # type: ignore[arg-type]
    assert all(each >= 1 for each in widths)
