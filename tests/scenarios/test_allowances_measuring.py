"""A month's readings reach the ledger, and are counted."""

from datetime import date
from pathlib import Path

from tallystick.scenarios.allowances_cast import PLANTS
from tallystick.scenarios.allowances_measuring import Figures, expected_mwh, measure
from tests.scenarios.test_allowances_desk import desk_in

JANUARY = date(2024, 1, 1)


def test_a_month_is_published_and_counted(tmp_path: Path) -> None:
    """What the ledger has counted of each unit is what the model says, to the gram."""
    figures = Figures()
    with desk_in(tmp_path) as desk:
        desk.set_day(date(2024, 2, 1), hour=6)
        measure(desk, JANUARY, figures)
        for name in desk.units:
            owed = desk.obligation(name, 0)
            assert figures.emitted_g[name, 2024] == figures.by_month[name, JANUARY] > 0
            assert figures.emitted_g[name, 2024] == owed.emitted_g
            assert figures.produced_wh[name, 2024] == owed.produced_wh


def test_readings_reach_to_the_end_of_the_month(tmp_path: Path) -> None:
    """So a forecast is the month's emission for each of the year's months, and none more."""
    figures = Figures()
    with desk_in(tmp_path) as desk:
        desk.set_day(date(2024, 2, 1), hour=6)
        measure(desk, JANUARY, figures)
        found = desk.forecast("Alder 1", 0)
        emitted = figures.emitted_g["Alder 1", 2024]
        assert -(-emitted * 366 // 31) == found.expected_g


def test_who_has_left_is_not_measured(tmp_path: Path) -> None:
    """Its meters are silent."""
    figures = Figures()
    with desk_in(tmp_path) as desk:
        desk.left.add("Birk 1")
        desk.set_day(date(2024, 2, 1), hour=6)
        measure(desk, JANUARY, figures)
        assert 0 == desk.obligation("Birk 1", 0).emitted_g
        assert 0 < desk.obligation("Alder 1", 0).emitted_g


def test_what_is_expected_is_near_what_comes() -> None:
    """A leap year of a coal unit of 350 MW: 182 winter days and 184 others, less a day."""
    # 183 winter days × 14 h × 85 % + 183 summer days × 10 h × 60 %, of 350 MW.
    assert (183 * 14 * 85 + 183 * 10 * 60) * 350 // 100 == expected_mwh(PLANTS[0], 2024, apart=1)
