"""Amounts are written exactly, whatever their size."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.scenarios.report_data import (
    COUNT,
    KILOWATT_HOURS,
    MEGAWATT_HOURS,
    PERCENT,
    WATT_HOURS,
    Share,
    Table,
    Unit,
    is_numeric,
    write_amount,
    write_percent,
)


@pytest.mark.parametrize(
    ("amount", "unit", "written"),
    [
        (0, WATT_HOURS, "0 Wh"),
        (16_551_964, WATT_HOURS, "16,551,964 Wh"),
        (16_551_964, KILOWATT_HOURS, "16,552.0 kWh"),
        (16_551_964, MEGAWATT_HOURS, "16.6 MWh"),
        (49, KILOWATT_HOURS, "0.0 kWh"),
        (50, KILOWATT_HOURS, "0.1 kWh"),
        (-50, KILOWATT_HOURS, "-0.1 kWh"),
        (-49, KILOWATT_HOURS, "0.0 kWh"),
        (7, COUNT, "7"),
        (7, PERCENT, "7 %"),
        (2**53, WATT_HOURS, "9,007,199,254,740,992 Wh"),
    ],
)
def test_write_amount(amount: int, unit: Unit, written: str) -> None:
    """An amount is rounded half away from zero and has its unit behind it."""
    assert written == write_amount(amount, unit)


@given(st.integers(-(2**60), 2**60), st.integers(1, 10**9), st.integers(0, 9))
def test_write_amount_is_nearest(amount: int, base: int, decimals: int) -> None:
    """What is written is the nearest number with so many decimals."""
    written = write_amount(amount, Unit("x", base=base, decimals=decimals), with_symbol=False)
    error = abs(Fraction(written.replace(",", "")) - Fraction(amount, base))
    assert error <= Fraction(1, 2 * 10**decimals)


@pytest.mark.parametrize(
    ("part", "whole", "decimals", "written"),
    [
        (10_760_442, 16_930_658, 0, "64 %"),
        (10_760_442, 16_930_658, 2, "63.56 %"),
        (16_551_964, 16_930_658, 0, "98 %"),
        (1, 200, 0, "1 %"),
        (3, 2, 0, "150 %"),
        (0, 0, 0, "-"),
    ],
)
def test_write_percent(part: int, whole: int, decimals: int, written: str) -> None:
    """A share is written in percent; there is none of nothing."""
    assert written == write_percent(Share(part, whole), decimals=decimals)


def test_is_numeric() -> None:
    """Numbers, percentages, shares and absent values are numeric; words are not."""
    table = Table("t", ("a", "b", "c"), (("x", "1,2.3 %", Share(1, 2)), ("1", "-", "-4")))
    assert [False, True, True] == [is_numeric(table, column) for column in range(3)]
