"""
Tell the time as a clock in Berlin shows it, without a time zone database.

Some systems ship none, and the European rule is one sentence: since 1996 clocks go forward at
01:00 UTC on the last Sunday of March and back at 01:00 UTC on the last Sunday of October. A local
day therefore has 23, 24 or 25 hours, and an hour may be missing or occur twice.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

WINTER_OFFSET_SECONDS = 3600
SUMMER_OFFSET_SECONDS = 7200
YEAR_MIN = 1996
YEAR_MAX = 2199
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_DECEMBER = 12


def to_local(utc_seconds: int) -> datetime:
    """Return what a clock in Berlin shows at this instant, as a naive time."""
    offset = offset_seconds(utc_seconds)
    return datetime.fromtimestamp(utc_seconds + offset, UTC).replace(tzinfo=None)


def from_local(local: datetime) -> tuple[int, ...]:
    """
    Return every instant [UTC seconds] at which a clock in Berlin shows this time, earliest first.

    There is none in the hour that spring skips and there are two in the hour that autumn repeats.
    """
    shown = int(local.replace(tzinfo=UTC).timestamp())
    instants = (shown - SUMMER_OFFSET_SECONDS, shown - WINTER_OFFSET_SECONDS)
    return tuple(instant for instant in instants if to_local(instant) == local)


def offset_seconds(utc_seconds: int) -> int:
    """Return how far Berlin is ahead of UTC at this instant, in seconds."""
    year = datetime.fromtimestamp(utc_seconds, UTC).year
    summer_begin, summer_end = clock_changes(year)
    is_summer = summer_begin <= utc_seconds < summer_end
    return SUMMER_OFFSET_SECONDS if is_summer else WINTER_OFFSET_SECONDS


@lru_cache(maxsize=YEAR_MAX - YEAR_MIN + 1)
def clock_changes(year: int) -> tuple[int, int]:
    """Return when summer time begins and ends in this year, in UTC seconds."""
    if not YEAR_MIN <= year <= YEAR_MAX:
        raise ValueError(f"the rule holds for the years {YEAR_MIN} to {YEAR_MAX}, not for {year}")
    begin, end = (_last_sunday(year, month) for month in (3, 10))
    return begin + WINTER_OFFSET_SECONDS, end + WINTER_OFFSET_SECONDS


def name_day(day: date) -> str:
    """Name a day as people do, in English whatever the machine's language: `Sun 27 Mar`."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def _last_sunday(year: int, month: int) -> int:
    """Return midnight UTC at the start of the last Sunday of a month, in UTC seconds."""
    next_month = date(year + month // _DECEMBER, month % _DECEMBER + 1, 1)
    last = next_month - timedelta(days=1)
    sunday = last - timedelta(days=(last.weekday() + 1) % 7)
    return int(datetime(sunday.year, sunday.month, sunday.day, tzinfo=UTC).timestamp())
