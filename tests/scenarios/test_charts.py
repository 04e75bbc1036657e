"""Drawings are well-formed, inside their frame, and as high as their amounts."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.scenarios.charts import (
    LINES_MAX,
    Scale,
    choose_scale,
    choose_step,
    draw_areas,
    draw_bars,
    draw_heat_map,
)
from tallystick.scenarios.markup import Markup
from tallystick.scenarios.report_data import (
    KILOWATT_HOURS,
    Areas,
    Bars,
    HeatMap,
    Hue,
    Series,
    Tick,
)

amounts = st.lists(st.integers(0, 10**9), min_size=3, max_size=3).map(tuple)


def read(drawing: Markup) -> ET.Element:
    """Parse a drawing as XML, which is stricter than HTML."""
    return ET.fromstring(drawing)  # noqa: S314 - we wrote it


def rects(root: ET.Element, name: str) -> list[tuple[float, float]]:
    """Return upper edge and height of each rectangle of a class."""
    return [
        (float(rect.attrib["y"]), float(rect.attrib["height"]))
        for rect in root.iter("rect")
        if rect.attrib["class"] == name
    ]


def bars(matched: tuple[int, ...], missing: tuple[int, ...], surplus: tuple[int, ...]) -> Bars:
    """Make a bar chart of three categories."""
    return Bars(
        title="<T>",
        summary="S & s",
        unit=KILOWATT_HOURS,
        labels=("a", "b <b>", "c"),
        caption_title="Part",
        captions=("1 %", "2 %", "3 %"),
        above=(Series("M", Hue.BLUE, matched), Series("N", Hue.VERMILION, missing)),
        below=(Series("S", Hue.GREY, surplus),),
    )


def areas(one: tuple[int, ...], other: tuple[int, ...], line: tuple[int, ...]) -> Areas:
    """Make an area chart of three points."""
    return Areas(
        title="T",
        summary="S",
        unit=KILOWATT_HOURS,
        labels=("a", "b", "c"),
        ticks=(Tick(0, "Mon 21 Mar"), Tick(2, "Tue 22 Mar")),
        marks=(Tick(1, "<now>"),),
        layers=(Series("A", Hue.SKY, one), Series("B", Hue.ORANGE, other)),
        line=Series("L", Hue.GREY, line),
    )


def test_bars_are_as_high_as_their_amounts() -> None:
    """Heights are proportional, parts touch, and what is below hangs from the line."""
    root = read(draw_bars(bars((1000, 2000, 0), (1000, 0, 0), (0, 3000, 0))))
    (first_top, first), (_, second) = rects(root, "blue")
    ((missing_top, missing),) = rects(root, "vermilion")
    ((surplus_top, surplus),) = rects(root, "grey")
    assert second == pytest.approx(2 * first, abs=0.2)
    assert surplus == pytest.approx(3 * first, abs=0.3)
    assert missing_top + missing == pytest.approx(first_top, abs=0.05)
    assert first_top + first == pytest.approx(surplus_top, abs=0.05)


@given(amounts, amounts, amounts)
def test_bars_stay_inside(
    matched: tuple[int, ...], missing: tuple[int, ...], surplus: tuple[int, ...]
) -> None:
    """Nothing leaves the frame, whatever the amounts."""
    root = read(draw_bars(bars(matched, missing, surplus)))
    height = float(root.attrib["viewBox"].split()[3])
    for name in ("blue", "vermilion", "grey"):
        for top, tall in rects(root, name):
            assert 0 <= top <= top + tall <= height
            assert tall >= 0


@given(amounts, amounts, amounts)
def test_areas_stay_inside(
    one: tuple[int, ...], other: tuple[int, ...], line: tuple[int, ...]
) -> None:
    """Layers are painted from the highest to the lowest, and all of it is inside the frame."""
    root = read(draw_areas(areas(one, other, line)))
    height = float(root.attrib["viewBox"].split()[3])
    paths = [path for path in root.iter("path") if path.attrib["class"].startswith("layer")]
    assert ["layer orange", "layer sky"] == [path.attrib["class"] for path in paths]
    for path in root.iter("path"):
        heights = [float(y) for y in re.findall(r",([0-9.]+)", path.attrib["d"])]
        assert all(0 <= y <= height for y in heights)


def test_heat_map_joins_equal_neighbours() -> None:
    """Cells of one colour are one rectangle; only a hundred percent has the last colour."""
    heat = HeatMap(
        title="T",
        summary="S",
        rows=("r",),
        columns=("a", "b", "c", "d", "e"),
        ticks=(Tick(0, "a"),),
        values=((0, 9, None, 99, 100),),
    )
    root = read(draw_heat_map(heat))
    names = [rect.attrib["class"] for rect in root.iter("rect")]
    assert ["heat0", "none", "heat9", "heat10", "cell-cursor"] == names
    widths = [float(rect.attrib["width"]) for rect in root.iter("rect")]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)


def test_drawings_are_described() -> None:
    """Who cannot see a drawing is told what it shows, and texts stay texts."""
    root = read(draw_bars(bars((1, 2, 3), (0, 0, 0), (0, 0, 0))))
    assert ("img", "<T>. S & s") == (root.attrib["role"], root.attrib["aria-label"])
    assert "b <b>" in [label.text for label in root.iter("text")]
    marks = [
        label.text for label in read(draw_areas(areas((1,) * 3, (1,) * 3, (1,) * 3))).iter("text")
    ]
    assert ["Mon", "21 Mar", "Tue", "22 Mar", "<now>"] == marks[-5:]


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (6, 1), (7, 2), (13, 5), (31, 10), (1_500_000, 500_000)]
)
def test_choose_step(most: int, step: int) -> None:
    """Grid lines are round and not too many."""
    assert step == choose_step(most)


@given(st.integers(0, 10**15))
def test_choose_step_is_enough(most: int) -> None:
    """A few steps reach any amount, and few of them are wasted."""
    step = choose_step(most)
    assert most <= step * LINES_MAX
    assert step == 1 or most * 5 > step * LINES_MAX


def test_choose_scale() -> None:
    """The upper edge is round, and the lower one is where the lowest amount ends."""
    assert Scale(top=1500, bottom=1003, step=500, base=9) == choose_scale(1421, 1003, base=9)
