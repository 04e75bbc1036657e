"""Sums of amounts are amounts or an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.amounts import (
    AMOUNT_MAX,
    MILLISECONDS_MAX,
    SECONDS_MAX,
    SumOutOfRange,
    checked_sum,
)

AMOUNTS = st.integers(0, AMOUNT_MAX)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], 0),
        ([0], 0),
        ([1, 2, 3], 6),
        ([AMOUNT_MAX], AMOUNT_MAX),
        ([AMOUNT_MAX - 1, 1], AMOUNT_MAX),
    ],
)
def test_a_sum_within_bounds_is_returned(values: list[int], expected: int) -> None:
    """Sums up to and including the ceiling are amounts."""
    assert expected == checked_sum(values)


@pytest.mark.parametrize("values", [[AMOUNT_MAX, 1], [2**53], [-1], [1, -2]])
def test_a_sum_out_of_bounds_is_refused_with_its_value(values: list[int]) -> None:
    """Beyond the ceiling or below zero there is an error that names the sum."""
    with pytest.raises(SumOutOfRange, match=str(sum(values))) as caught:
        checked_sum(values)
    assert sum(values) == caught.value.total


@given(st.lists(AMOUNTS, max_size=4))
def test_the_sum_is_exact_or_refused(values: list[int]) -> None:
    """There is no third outcome: no wrap, no rounding."""
    if sum(values) <= AMOUNT_MAX:
        assert sum(values) == checked_sum(iter(values))
    else:
        with pytest.raises(SumOutOfRange):
            checked_sum(iter(values))


def test_ceilings_fit_together() -> None:
    """Every second is a moment in milliseconds, and every moment is exact in JSON."""
    assert SECONDS_MAX == MILLISECONDS_MAX // 1000
    assert MILLISECONDS_MAX <= AMOUNT_MAX == 9_007_199_254_740_991
    assert 2**31 - 1 == SECONDS_MAX // 60
