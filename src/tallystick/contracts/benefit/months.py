"""Calendar months of UTC, counted from January 1970."""

from datetime import UTC, datetime, timedelta
from typing import Final

MONTHS: Final = 12
YEAR_FIRST: Final = 1970

_EPOCH: Final = datetime(YEAR_FIRST, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def month_of(time: int) -> int:
    """Return the month in which a block time [ms since the epoch, UTC] lies."""
    moment = _EPOCH + time * _MILLISECOND
    return (moment.year - YEAR_FIRST) * MONTHS + moment.month - 1


def month_end(month: int) -> int:
    """Return the first moment after a month. [ms since the epoch, UTC]"""
    year, place = divmod(month + 1, MONTHS)
    return (datetime(YEAR_FIRST + year, place + 1, 1, tzinfo=UTC) - _EPOCH) // _MILLISECOND


def format_month(month: int) -> str:
    """Return a month as people write it, such as 2026-11."""
    year, place = divmod(month, MONTHS)
    return f"{YEAR_FIRST + year}-{place + 1:02d}"
