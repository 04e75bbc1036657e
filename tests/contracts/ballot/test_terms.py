"""How much is enough, and how sure."""

from fractions import Fraction as Exact

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.contracts.ballot.terms import (
    DENOMINATOR_MAX,
    Assurance,
    Fraction,
    least,
    statement_period,
    suffices,
)
from tests.contracts.ballot.cases import DAY, HALF, PER_ROLLAM, TWO_THIRDS

ENOUGH: list[tuple[int, Fraction, bool, int]] = [
    (100, HALF, True, 51),
    (100, HALF, False, 50),
    (101, HALF, True, 51),
    (101, HALF, False, 51),
    (100, TWO_THIRDS, True, 67),
    (100, TWO_THIRDS, False, 67),
    (99, TWO_THIRDS, False, 66),
    (99, TWO_THIRDS, True, 67),
    (0, HALF, True, 1),
    (0, HALF, False, 1),
    (7, Fraction(1, 1), False, 7),
    (7, Fraction(0, 1), True, 1),
]


@pytest.mark.parametrize(("whole", "fraction", "more_than", "expected"), ENOUGH)
def test_enough(whole: int, fraction: Fraction, *, more_than: bool, expected: int) -> None:
    """To the unit; nothing is never enough."""
    assert expected == least(whole, fraction, more_than=more_than)


@given(
    whole=st.integers(1, AMOUNT_MAX),
    one=st.integers(1, DENOMINATOR_MAX),
    other=st.integers(1, DENOMINATOR_MAX),
    more_than=st.booleans(),
)
def test_enough_is_exact(whole: int, one: int, other: int, *, more_than: bool) -> None:
    """What is enough reaches the fraction, and one less does not, by exact arithmetic."""
    numerator, denominator = sorted((one, other))
    part = Exact(numerator, denominator)
    needed = least(whole, Fraction(numerator, denominator), more_than=more_than)

    def reaches(weight: int) -> bool:
        exact = Exact(weight, whole)
        return exact > part if more_than else exact >= part

    assert reaches(needed)
    assert not reaches(needed - 1)


def test_assurances_have_an_order() -> None:
    """A stronger one suffices where a weaker one is needed."""
    simple, advanced, qualified = Assurance
    assert all(suffices(each, each) for each in Assurance)
    assert suffices(qualified, simple)
    assert suffices(advanced, simple)
    assert not suffices(simple, advanced)
    assert not suffices(advanced, qualified)


def test_articles_or_fifteen_days() -> None:
    """A member has what the articles say, or what the law says."""
    assert 15 * DAY == statement_period(PER_ROLLAM)
    assert DAY == statement_period(replace(PER_ROLLAM, statement_milliseconds=DAY))
