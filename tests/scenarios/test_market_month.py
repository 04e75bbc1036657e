"""The month is local, and the clocks go forward in it."""

from tallystick.scenarios.market_month import hour_of, midnight

HOUR = 3_600
DAYS = 31
SUMMER_BEGINS = 26
"""Sunday 27 March 2016, counted from 0."""


def test_the_month_is_an_hour_short() -> None:
    """One of its days has 23 hours."""
    lengths = [midnight(day + 1) - midnight(day) for day in range(DAYS)]
    assert 23 * HOUR == lengths.pop(SUMMER_BEGINS)
    assert {24 * HOUR} == set(lengths)


def test_noon_is_noon_on_the_wall() -> None:
    """Eleven hours after midnight when clocks went forward, else twelve."""
    after = [(hour_of(day, 12) - midnight(day)) // HOUR for day in range(DAYS)]
    assert 11 == after.pop(SUMMER_BEGINS)
    assert {12} == set(after)
