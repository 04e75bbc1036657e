"""What a compliance account holds against what its unit has emitted."""

import pytest

from tallystick.contracts.allowance.coverage import (
    obligation_of,
    uncovered,
    unit_of,
    usable,
)
from tallystick.contracts.allowance.model import Obligation
from tallystick.contracts.allowance.stock import Place
from tallystick.testing.keys import key
from tests.contracts.allowance.cases import (
    NORTH,
    PLANT,
    SOUTH,
    TERMS,
    TRADER,
    UNKNOWN,
    admitted,
    allocate,
    applied,
    market,
    opened,
)
from tests.contracts.allowance.cases import unit_of as unit_at


@pytest.mark.parametrize(
    ("emitted_g", "surrendered", "expected"), [(0, 0, 0), (1, 0, 1), (9_001, 4, 6), (9_000, 12, 0)]
)
def test_uncovered(emitted_g: int, surrendered: int, expected: int) -> None:
    """What was surrendered covers emissions, and never more than there are."""
    found = Obligation(UNKNOWN, 0, emitted_g=emitted_g, surrendered=surrendered)
    assert expected == uncovered(TERMS, found)


def test_obligation_before_anything() -> None:
    """A unit of which nothing was counted owes nothing."""
    trial, _, unit = market()
    assert Obligation(unit, 2) == obligation_of(trial, unit, 2)


def test_which_unit() -> None:
    """Only an admitted unit's own account, in its zone, serves it."""
    trial, programme = opened()
    unit = applied(trial, programme)
    place = Place(programme, NORTH, 0)
    assert unit_of(trial, place, key(PLANT)) is None
    trial, programme = opened()
    unit = admitted(trial, programme)
    assert (unit, unit_at(trial, unit)) == unit_of(trial, place, key(PLANT))
    assert unit_of(trial, place, key(TRADER)) is None
    assert unit_of(trial, place._replace(zone=SOUTH), key(PLANT)) is None


def test_usable() -> None:
    """Vintages up to the period, as long as they are good, oldest first."""
    trial, _, unit = market()
    allocate(trial, unit, 1, expected_mwh=10)
    found = unit_at(trial, unit)
    assert {0: 200} == usable(trial, found, 0, carried_to=0)
    assert [(0, 200), (1, 20)] == list(usable(trial, found, 2, carried_to=0).items())
    assert {1: 20} == usable(trial, found, 1, carried_to=1)
