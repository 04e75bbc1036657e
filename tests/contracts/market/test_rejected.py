"""Messages name the field that says what an order has, whatever command it comes by."""

import pytest

from tallystick.base.encoding import Record
from tallystick.contracts.market.commands import Place, Produce, Take
from tallystick.contracts.market.errors_sources import LevelFull, MetersDiffer
from tallystick.contracts.market.rejected import PLACED, PRODUCED, TAKEN, Naming, opening


@pytest.mark.parametrize(
    ("names", "command"), [(PLACED, Place), (PRODUCED, Produce), (TAKEN, Take)]
)
def test_names_are_fields(names: Naming, command: type[Record]) -> None:
    """Each command has the fields by which its orders are named."""
    assert set(names) <= set(command.__struct_fields__)


@pytest.mark.parametrize(
    ("field", "expected"), [("level", "level: "), ("mandate", "mandate: its level ")]
)
def test_opening(field: str, expected: str) -> None:
    """A part that stands in a record which the command names is said to be its."""
    assert expected == opening(field, "level")


@pytest.mark.parametrize(
    ("rejected", "beginning"),
    [
        (LevelFull(7, 4_096, field=PLACED.level), "level: 7 holds 4096 orders"),
        (LevelFull(7, 4_096, field=PRODUCED.level), "mandate: its level 7 holds 4096 orders"),
        (MetersDiffer(field="meters"), "meters: they differ from those"),
        (MetersDiffer(field=PLACED.device), "device: the device differs from that"),
        (MetersDiffer(field=PRODUCED.device), "mandate: the device differs from that"),
    ],
)
def test_what_a_mandate_is_told(rejected: Exception, beginning: str) -> None:
    """It hears of its own level and device, a placed order of the command's."""
    assert str(rejected).startswith(beginning)
