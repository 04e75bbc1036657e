"""Where every watt-hour is, from the rows of the read model."""

from collections.abc import Mapping
from typing import Any

import pytest

from tallystick.base.identifiers import RecordId
from tallystick.scenarios.ledger_facts import Conservation
from tallystick.scenarios.village_conservation import conservation
from tallystick.scenarios.village_data import TECHNOLOGIES, Meter, MeterKind, Village

WIND = next(each for each in TECHNOLOGIES if each.label == "Wind")
PARK, ROOF = (each for each in TECHNOLOGIES if each.technology_code == "T010000")
PLANTS = (WIND, PARK, ROOF)
VILLAGE = Village(
    meters=(
        *(Meter(each.label, "", MeterKind.GENERATOR, each, "p", 1) for each in PLANTS),
        Meter("Home", "", MeterKind.LOAD, None, "p", 1),
    ),
    begins=(900, 1800),
    energy_wh=((100, 50), (40, 0), (7, 3), (60, 60)),
)
METERS = {RecordId(bytes([n]) * 32): n for n in range(len(VILLAGE.meters))}
ISSUED = list(METERS)


def row(meter: int, amount_wh: int, status: str, child: int = 0) -> Mapping[str, Any]:
    """Return a row of the read model: an issued certificate, or a child of one."""
    measurement = ISSUED[meter]
    certificate = RecordId(bytes([meter, child]) * 16) if child else measurement
    return {
        "measurement": measurement,
        "certificate": certificate,
        "amount_wh": amount_wh,
        "leaf": status != "split",
        "status": status,
    }


def found(*rows: Mapping[str, Any]) -> dict[str, Conservation]:
    """Return what the rows amount to, by technology."""
    return {each.label: each for each in conservation(VILLAGE, rows, METERS)}


def test_every_technology_has_its_place() -> None:
    """Without certificates nothing is issued, and what was measured is still known."""
    table = found()
    assert [each.label for each in TECHNOLOGIES] == list(table)
    assert [150, 40, 10] == [table[each.label].measured_wh for each in PLANTS]
    assert {0} == {each.issued_wh for each in table.values()}


def test_parks_and_roofs_are_told_apart_by_meter() -> None:
    """They share their codes, yet each has a row of its own."""
    table = found(row(1, 40, "active"), row(2, 10, "active"))
    assert (40, 10) == (table[PARK.label].issued_wh, table[ROOF.label].issued_wh)


def test_leaves_count_where_they_are() -> None:
    """A split certificate counts as issued and no more; its parts stand where they are."""
    wind = found(
        row(0, 150, "split"),
        row(0, 70, "claimed", 1),
        row(0, 50, "active", 2),
        row(0, 20, "locked", 3),
        row(0, 10, "withdrawn", 4),
    )[WIND.label]
    expected = Conservation(
        label=WIND.label,
        measured_wh=150,
        issued_wh=150,
        held_wh=50,
        locked_wh=20,
        claimed_wh=70,
        withdrawn_wh=10,
        expired_wh=0,
    )
    assert expected == wind
    assert 0 == wind.difference_wh


def test_energy_that_is_missing_shows() -> None:
    """A part that is gone is a difference, and so is one that appears from nothing."""
    assert 80 == found(row(0, 150, "split"), row(0, 70, "claimed", 1))[WIND.label].difference_wh
    assert -70 == found(row(0, 70, "claimed", 1))[WIND.label].difference_wh


def test_a_certificate_on_consumption_is_our_bug() -> None:
    """No home produces anything."""
    with pytest.raises(AssertionError, match="consumption of a home"):
        found(row(3, 60, "active"))
