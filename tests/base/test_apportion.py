"""A whole amount is divided into whole parts, as fractions and sorting would do it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.apportion import apportion

WEIGHTS = st.lists(st.integers(0, 9) | st.integers(0, 2**53 - 1), min_size=1, max_size=30)


def by_fractions(weights: list[int], amount: int) -> list[int]:
    """Return what the textbook says: exact quotas, the largest remainders rounded up."""
    quotas = [Fraction(weight * amount, sum(weights)) for weight in weights]
    parts = [int(quota) for quota in quotas]
    order = sorted(range(len(parts)), key=lambda n: (parts[n] - quotas[n], n))
    for n in order[: amount - sum(parts)]:
        parts[n] += 1
    return parts


@given(weights=WEIGHTS, amount=st.integers(0, 2**53 - 1) | st.integers(0, 40))
def test_parts_are_those_of_largest_remainders(weights: list[int], amount: int) -> None:
    """What is computed in integers is what fractions and sorting give."""
    if sum(weights):
        assert by_fractions(weights, amount) == apportion(weights, amount)


def test_nothing_is_shared_among_nobody() -> None:
    """Weights that are all 0 share 0 and refuse anything else."""
    assert [0, 0] == apportion([0, 0], 0)
    with pytest.raises(ValueError, match="1 to be shared among weights that are all 0"):
        apportion([0, 0], 1)
