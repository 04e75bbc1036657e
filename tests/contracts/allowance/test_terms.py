"""Which period a moment belongs to."""

import pytest

from tallystick.contracts.allowance.model import begun_period, current_period
from tests.contracts.allowance.cases import PERIODS, TERMS

FIRST, SECOND, THIRD = PERIODS


@pytest.mark.parametrize(
    ("second", "begun", "current"),
    [
        (FIRST.begin - 1, -1, 0),
        (FIRST.begin, 0, 0),
        (FIRST.end, 1, 0),
        (FIRST.deadline - 1, 1, 0),
        (FIRST.deadline, 1, 1),
        (SECOND.deadline, 2, 2),
        (THIRD.deadline - 1, 2, 2),
        (THIRD.deadline, 2, 3),
    ],
)
def test_periods(second: int, begun: int, current: int) -> None:
    """A period has begun from its first second on, and is current until its deadline."""
    assert begun == begun_period(TERMS, time=second * 1000)
    assert current == current_period(TERMS, time=second * 1000)
