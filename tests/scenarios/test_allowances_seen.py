"""What a zone's ledger tells is read once, and measurements are passed over."""

from datetime import date
from pathlib import Path

from tallystick.contracts.allowance.events import AllowancesAllocated, UnitApplied
from tallystick.scenarios.allowances_founding import allocate, set_baseline
from tallystick.scenarios.allowances_measuring import Figures, measure
from tests.scenarios.test_allowances_desk import desk_in


def test_events_are_read_once_and_in_order(tmp_path: Path) -> None:
    """Each with its block's time; what is new is told apart from what is known."""
    with desk_in(tmp_path) as desk:
        seen = desk.seen
        seen.catch_up()
        assert [] == seen.catch_up()
        assert 4 == len(seen.of(UnitApplied))
        plant = desk.cast.units[0].plant
        assert plant is not None
        set_baseline(desk, plant, 0, expected_mwh=1_000)
        allocate(desk, plant.name, 0)
        assert [AllowancesAllocated] == [type(each) for each in seen.catch_up()]
        times = [time for time, _ in seen.events]
        assert sorted(times) == times
        desk.set_day(date(2024, 2, 1), hour=6)
        measure(desk, date(2024, 1, 1), Figures())
        assert [] == seen.catch_up()
