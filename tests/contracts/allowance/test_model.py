"""How many allowances emissions take."""

import pytest

from tallystick.contracts.allowance.model import Obligation, due
from tests.contracts.allowance.cases import TERMS, UNKNOWN


@pytest.mark.parametrize(
    ("emitted_g", "carried_g", "expected"),
    [(0, 0, 0), (1, 0, 1), (1_000, 0, 1), (1_001, 0, 2), (0, 500, 1), (600, 500, 2), (9, -10, 0)],
)
def test_due(emitted_g: int, carried_g: int, expected: int) -> None:
    """A part of an allowance is a whole one, and nobody is owed for negative emissions."""
    obligation = Obligation(UNKNOWN, 0, emitted_g=emitted_g, carried_g=carried_g)
    assert expected == due(obligation, TERMS)
