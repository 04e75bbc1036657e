"""Local time is what a clock in Berlin shows, and both its strange hours are known."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.scenarios.local_time import (
    YEAR_MAX,
    YEAR_MIN,
    clock_changes,
    from_local,
    name_day,
    offset_seconds,
    to_local,
)

FIRST = int(datetime(YEAR_MIN, 1, 2, tzinfo=UTC).timestamp())
LAST = int(datetime(YEAR_MAX, 12, 30, tzinfo=UTC).timestamp())

PUBLISHED_CHANGES = [
    (1996, (3, 31), (10, 27)),
    (2000, (3, 26), (10, 29)),
    (2016, (3, 27), (10, 30)),
    (2019, (3, 31), (10, 27)),
    (2020, (3, 29), (10, 25)),
    (2021, (3, 28), (10, 31)),
    (2024, (3, 31), (10, 27)),
    (2026, (3, 29), (10, 25)),
]


def utc(*fields: int) -> int:
    """Return an instant in UTC seconds."""
    year, month, day, hour, minute = fields
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp())


def local(text: str) -> datetime:
    """Return a local time."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(("year", "spring", "autumn"), PUBLISHED_CHANGES)
def test_clock_changes(year: int, spring: tuple[int, int], autumn: tuple[int, int]) -> None:
    """Clocks change at 01:00 UTC on the published Sundays."""
    expected = (utc(year, *spring, 1, 0), utc(year, *autumn, 1, 0))
    assert expected == clock_changes(year)


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        (utc(2016, 3, 20, 23, 0), "2016-03-21T00:00"),
        (utc(2016, 3, 27, 0, 45), "2016-03-27T01:45"),
        (utc(2016, 3, 27, 1, 0), "2016-03-27T03:00"),
        (utc(2016, 10, 30, 0, 45), "2016-10-30T02:45"),
        (utc(2016, 10, 30, 1, 0), "2016-10-30T02:00"),
        (utc(2016, 12, 31, 23, 0), "2017-01-01T00:00"),
    ],
)
def test_to_local(instant: int, shown: str) -> None:
    """A clock shows winter time, skips an hour, shows summer time and repeats an hour."""
    assert local(shown) == to_local(instant)


@pytest.mark.parametrize(
    ("shown", "instants"),
    [
        ("2016-03-27T01:45", (utc(2016, 3, 27, 0, 45),)),
        ("2016-03-27T02:00", ()),
        ("2016-03-27T02:45", ()),
        ("2016-03-27T03:00", (utc(2016, 3, 27, 1, 0),)),
        ("2016-10-30T01:45", (utc(2016, 10, 29, 23, 45),)),
        ("2016-10-30T02:00", (utc(2016, 10, 30, 0, 0), utc(2016, 10, 30, 1, 0))),
        ("2016-10-30T02:45", (utc(2016, 10, 30, 0, 45), utc(2016, 10, 30, 1, 45))),
        ("2016-10-30T03:00", (utc(2016, 10, 30, 2, 0),)),
    ],
)
def test_from_local(shown: str, instants: tuple[int, ...]) -> None:
    """A local time has one instant, none in spring's hour and two in autumn's."""
    assert instants == from_local(local(shown))


@given(st.integers(FIRST, LAST))
def test_from_local_finds_every_instant(instant: int) -> None:
    """Whatever instant a clock shows, it is among those found for what is shown."""
    assert instant in from_local(to_local(instant))


@given(st.integers(YEAR_MIN, YEAR_MAX))
def test_summer_lasts_whole_weeks(year: int) -> None:
    """Summer time begins and ends on Sundays and is the only time that is two hours ahead."""
    begin, end = clock_changes(year)
    assert 0 == (end - begin) % timedelta(days=7).total_seconds()
    offsets = [offset_seconds(begin - 1), offset_seconds(begin)]
    offsets += [offset_seconds(end - 1), offset_seconds(end)]
    assert [3600, 7200, 7200, 3600] == offsets


@pytest.mark.parametrize("year", [YEAR_MIN - 1, YEAR_MAX + 1])
def test_clock_changes_outside_the_rule(year: int) -> None:
    """A year for which there is no rule is refused by name."""
    with pytest.raises(ValueError, match=f"not for {year}"):
        clock_changes(year)


def test_name_day() -> None:
    """A day is named in English, whatever the machine speaks."""
    assert "Sun 27 Mar" == name_day(date(2016, 3, 27))
