"""Calendar months of UTC."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tallystick.base.amounts import MILLISECONDS_MAX
from tallystick.contracts.benefit.model import MONTH_MAX
from tallystick.contracts.benefit.months import format_month, month_end, month_of

MONTHS = [
    ("1970-01-01T00:00:00+00:00", 0, "1970-01"),
    ("1970-12-31T23:59:59.999+00:00", 11, "1970-12"),
    ("2024-02-29T12:00:00+00:00", 12 * 54 + 1, "2024-02"),
    ("2026-11-30T23:59:59.999+00:00", 12 * 56 + 10, "2026-11"),
    ("2026-12-01T00:00:00+00:00", 12 * 56 + 11, "2026-12"),
]


@pytest.mark.parametrize(("moment", "month", "text"), MONTHS)
def test_each_month(moment: str, month: int, text: str) -> None:
    """A month begins on its first day, at midnight UTC."""
    time = round(datetime.fromisoformat(moment).timestamp() * 1_000)
    assert month == month_of(time)
    assert text == format_month(month)
    assert datetime.fromtimestamp(month_end(month) / 1_000, UTC).day == 1


@given(st.integers(0, MILLISECONDS_MAX))
@example(MILLISECONDS_MAX)
def test_every_moment_lies_before_its_months_end(time: int) -> None:
    """And not before the end of the month before."""
    month = month_of(time)
    assert 0 <= month <= MONTH_MAX
    assert time < month_end(month)
    assert month == 0 or month_end(month - 1) <= time
