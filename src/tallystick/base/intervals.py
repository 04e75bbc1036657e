"""
Intervals of UTC time, begin inclusive and end exclusive.

Certificates are made for intervals of one minute to one hour. Each is a whole number of minutes
that divides an hour, and begins at a multiple of its own length, so two intervals of one length are
either the same or disjoint, and a begin in minutes names at most one interval of a meter.

Local time, with its days of 23 and 25 hours, ends at the edge: here a day has 24.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from tallystick.base.amounts import SECONDS_MAX, Seconds
from tallystick.base.encoding import Record

MINUTE_SECONDS: Final = 60
HOUR_SECONDS: Final = 3600

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
_PATTERN: Final = "0000-00-00T00:00:00Z"


class Interval(Record):
    """A span of time. What makes it fit for a certificate, `check_interval` says."""

    begin: Seconds
    """Its first second. [s since the epoch, UTC]"""
    end: Seconds
    """The first second after it. [s since the epoch, UTC]"""


def check_interval(begin: int, end: int) -> None:
    """
    Raise ValueError, naming the field, unless a certificate may be for this interval.

    Lengths are whole minutes because keys are derived per minute (`minute_index`).
    """
    if not 0 <= begin <= SECONDS_MAX:
        raise ValueError(f"begin: {begin} is not between 0 and {SECONDS_MAX}")
    if not begin < end <= SECONDS_MAX:
        raise ValueError(f"end: {end} is not after begin {begin} and at most {SECONDS_MAX}")
    length = end - begin
    if not MINUTE_SECONDS <= length <= HOUR_SECONDS:
        raise ValueError(
            f"end: {end} is {length} s after begin, expected {MINUTE_SECONDS} to {HOUR_SECONDS} s"
        )
    if HOUR_SECONDS % length or length % MINUTE_SECONDS:
        raise ValueError(
            f"end: {end} is {length} s after begin, expected whole minutes that divide an hour"
        )
    if begin % length:
        raise ValueError(f"begin: {begin} is not a multiple of the interval's {length} s")


def duration_seconds(interval: Interval) -> int:
    """Return how long an interval is."""
    return interval.end - interval.begin


def contains(interval: Interval, moment: int) -> bool:
    """Return whether a moment lies in an interval; its end doesn't."""
    return interval.begin <= moment < interval.end


def overlaps(one: Interval, other: Interval) -> bool:
    """Return whether two intervals have a second in common; touching ones have none."""
    return max(one.begin, other.begin) < min(one.end, other.end)


def minute_index(begin: int) -> int:
    """
    Return the number of minutes from the epoch to `begin`, as BIP32 paths count intervals.

    Minutes stay below 2**31 until the year 6053; seconds would leave BIP32's range in 2038. A begin
    that is negative, too late or within a minute raises ValueError.
    """
    if not 0 <= begin <= SECONDS_MAX:
        raise ValueError(f"begin: {begin} is not between 0 and {SECONDS_MAX}")
    if begin % MINUTE_SECONDS:
        raise ValueError(f"begin: {begin} is not a multiple of {MINUTE_SECONDS} s")
    return begin // MINUTE_SECONDS


def format_time(seconds: int) -> str:
    """Return a moment as ISO 8601 text in UTC, such as 2016-03-27T01:00:00Z."""
    if not 0 <= seconds <= SECONDS_MAX:
        raise ValueError(f"time: {seconds} is not between 0 and {SECONDS_MAX}")
    return (_EPOCH + seconds * _SECOND).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_time(text: str) -> int:
    """
    Return the moment that `format_time` writes as `text`, in seconds since the epoch.

    No other form is read, so that every moment has one text. Leap seconds don't exist in UTC as
    computers count it. What is wrong raises ValueError that says which character or field.
    """
    if len(text) != len(_PATTERN):
        raise ValueError(
            f"time: expected {len(_PATTERN)} characters, found {len(text)}: give UTC, "
            "such as 2026-01-31T12:15:00Z"
        )
    for index, (found, expected) in enumerate(zip(text, _PATTERN, strict=True)):
        if found not in ("0123456789" if expected == "0" else expected):
            wanted = "a digit 0-9" if expected == "0" else repr(expected)
            raise ValueError(f"time: character {index + 1} is {found!r}, expected {wanted}")
    try:
        moment = datetime(
            int(text[0:4]), int(text[5:7]), int(text[8:10]),
            int(text[11:13]), int(text[14:16]), int(text[17:19]), tzinfo=UTC,
        )  # fmt: skip
    except ValueError as error:
        raise ValueError(f"time: {text} does not exist, {error}") from None
    seconds = (moment - _EPOCH) // _SECOND
    if not 0 <= seconds <= SECONDS_MAX:
        raise ValueError(f"time: {text} is not between 1970 and {format_time(SECONDS_MAX)}")
    return seconds
