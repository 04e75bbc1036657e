"""Intervals are half-open, aligned and whole minutes; moments have one text."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.amounts import SECONDS_MAX
from tallystick.base.intervals import (
    Interval,
    check_interval,
    contains,
    duration_seconds,
    format_time,
    minute_index,
    overlaps,
    parse_time,
)

NEW_YEAR = 1_451_606_400  # 2016-01-01T00:00:00Z
LENGTHS = [60, 120, 180, 240, 300, 360, 600, 720, 900, 1200, 1800, 3600]

ALIGNED = st.builds(
    lambda length, number: Interval(number * length, (number + 1) * length),
    st.sampled_from(LENGTHS),
    st.integers(0, 10**6),
)
SPANS = st.builds(
    lambda begin, length: Interval(begin, begin + length), st.integers(0, 60), st.integers(1, 40)
)


@given(ALIGNED)
def test_aligned_intervals_are_accepted(interval: Interval) -> None:
    """Every length in whole minutes that divides an hour, at every multiple of itself."""
    check_interval(interval.begin, interval.end)
    assert minute_index(interval.begin) * 60 == interval.begin
    assert duration_seconds(interval) in LENGTHS


@pytest.mark.parametrize(
    ("begin", "end", "message"),
    [
        (-900, 0, f"begin: -900 is not between 0 and {SECONDS_MAX}"),
        (SECONDS_MAX + 1, SECONDS_MAX + 61, "begin: "),
        (NEW_YEAR, NEW_YEAR, f"end: {NEW_YEAR} is not after begin {NEW_YEAR}"),
        (NEW_YEAR, NEW_YEAR - 900, f"end: {NEW_YEAR - 900} is not after begin {NEW_YEAR}"),
        (SECONDS_MAX - 59, SECONDS_MAX + 1, "end: "),
        (0, 59, "end: 59 is 59 s after begin, expected 60 to 3600 s"),
        (0, 3601, "end: 3601 is 3601 s after begin, expected 60 to 3600 s"),
        (0, 7200, "end: 7200 is 7200 s after begin, expected 60 to 3600 s"),
        (0, 90, "end: 90 is 90 s after begin, expected whole minutes that divide an hour"),
        (0, 420, "end: 420 is 420 s after begin, expected whole minutes that divide an hour"),
        (0, 2700, "end: 2700 is 2700 s after begin, expected whole minutes"),
        (NEW_YEAR + 60, NEW_YEAR + 960, f"begin: {NEW_YEAR + 60} is not a multiple of the"),
        (NEW_YEAR + 900, NEW_YEAR + 4500, f"begin: {NEW_YEAR + 900} is not a multiple of the"),
        (1, 61, "begin: 1 is not a multiple of the interval's 60 s"),
    ],
)
def test_other_intervals_are_refused_by_field(begin: int, end: int, message: str) -> None:
    """The error names the field, its value and what was expected."""
    with pytest.raises(ValueError, match=f"^{message}"):
        check_interval(begin, end)


@given(st.integers(-4000, 8000), st.integers(-4000, 12000))
def test_an_interval_is_accepted_exactly_by_the_rules(begin: int, end: int) -> None:
    """Nothing else is accepted and nothing else refused."""
    right = begin >= 0 and end - begin in LENGTHS and begin % (end - begin) == 0
    if right:
        check_interval(begin, end)
    else:
        with pytest.raises(ValueError, match=r"^(begin|end): "):
            check_interval(begin, end)


@given(SPANS, SPANS)
def test_containing_and_overlapping_agree(one: Interval, other: Interval) -> None:
    """Two intervals overlap exactly if a second lies in both."""
    seconds = [n for n in range(120) if contains(one, n)]
    assert duration_seconds(one) == len(seconds)
    assert any(contains(other, n) for n in seconds) == overlaps(one, other) == overlaps(other, one)


def test_the_end_does_not_belong() -> None:
    """Begin is inside, end is outside, neighbours don't overlap."""
    quarter, following = Interval(900, 1800), Interval(1800, 2700)
    assert [False, True, True, False] == [contains(quarter, n) for n in (899, 900, 1799, 1800)]
    assert not overlaps(quarter, following)


@pytest.mark.parametrize(
    ("begin", "expected"),
    [
        (0, 0),
        (60, 1),
        (NEW_YEAR, 24_193_440),
        (2**31 - 8, (2**31 - 8) // 60),
        (2**31 + 52, (2**31 + 52) // 60),
        (SECONDS_MAX - 59, 2**31 - 1),
    ],
)
def test_minutes_number_the_intervals(begin: int, expected: int) -> None:
    """They count from the epoch, past the year 2038, up to the last index of BIP32."""
    assert expected == minute_index(begin)


@pytest.mark.parametrize("begin", [-60, -1, 1, 59, NEW_YEAR + 30, SECONDS_MAX, SECONDS_MAX + 1])
def test_other_begins_have_no_minute(begin: int) -> None:
    """A begin within a minute or out of range is refused by its value."""
    with pytest.raises(ValueError, match=f"^begin: {begin} is not"):
        minute_index(begin)


TIMES = [
    (0, "1970-01-01T00:00:00Z"),
    (NEW_YEAR, "2016-01-01T00:00:00Z"),
    (1_456_704_000, "2016-02-29T00:00:00Z"),
    (1_459_040_400, "2016-03-27T01:00:00Z"),
    (2**31, "2038-01-19T03:14:08Z"),
    (SECONDS_MAX, "6053-01-23T02:07:59Z"),
]


@pytest.mark.parametrize(("seconds", "text"), TIMES)
def test_known_times(seconds: int, text: str) -> None:
    """Text and number of some moments."""
    assert text == format_time(seconds)
    assert seconds == parse_time(text)


@given(st.integers(0, SECONDS_MAX))
def test_times_read_back(seconds: int) -> None:
    """Parsing what was formatted gives the same moment, and it is the calendar's."""
    text = format_time(seconds)
    assert seconds == parse_time(text)
    assert datetime.fromtimestamp(seconds, UTC).isoformat() == text.replace("Z", "+00:00")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "time: expected 20 characters, found 0"),
        ("2016-01-01", "time: expected 20 characters, found 10"),
        ("2016-01-01T00:00:00+00:00", "time: expected 20 characters, found 25"),
        ("2016-01-01 00:00:00Z", "time: character 11 is ' ', expected 'T'"),
        ("2016-01-01T00:00:00z", "time: character 20 is 'z', expected 'Z'"),
        ("2016-01-01T00:00:0oZ", "time: character 19 is 'o', expected a digit 0-9"),
        ("-016-01-01T00:00:00Z", "time: character 1 is '-', expected a digit 0-9"),
        ("\u0662016-01-01T00:00:00Z", "time: character 1 is '\u0662', expected a digit 0-9"),
        ("2015-02-29T00:00:00Z", "time: 2015-02-29T00:00:00Z does not exist"),
        ("2016-13-01T00:00:00Z", "time: 2016-13-01T00:00:00Z does not exist"),
        ("2016-01-01T24:00:00Z", "time: 2016-01-01T24:00:00Z does not exist"),
        ("2016-12-31T23:59:60Z", "time: 2016-12-31T23:59:60Z does not exist"),
        ("0000-01-01T00:00:00Z", "time: 0000-01-01T00:00:00Z does not exist"),
        ("1969-12-31T23:59:59Z", "time: 1969-12-31T23:59:59Z is not between 1970 and 6053"),
        ("6053-01-23T02:08:00Z", "time: 6053-01-23T02:08:00Z is not between 1970 and 6053"),
    ],
)
def test_other_texts_are_refused_where_they_are_wrong(text: str, message: str) -> None:
    """The error names the character, or the date that doesn't exist."""
    with pytest.raises(ValueError, match=r"^") as caught:
        parse_time(text)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("seconds", [-1, SECONDS_MAX + 1])
def test_moments_out_of_range_have_no_text(seconds: int) -> None:
    """Formatting is refused by value as parsing is."""
    with pytest.raises(ValueError, match=f"^time: {seconds} is not between"):
        format_time(seconds)
