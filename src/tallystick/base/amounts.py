"""
Amounts and times as integers with a ceiling.

Everything counted is an integer in base units (Wh, grams, minor currency units) of at most
2**53 - 1, the largest integer that every JSON reader keeps exact. Python's integers never
overflow, so the ceiling has to be checked where amounts are added up.
"""

from collections.abc import Iterable
from typing import Annotated, Final

from msgspec import Meta

AMOUNT_MAX: Final = 2**53 - 1
SECONDS_MAX: Final = 60 * 2**31 - 1
MILLISECONDS_MAX: Final = 1000 * SECONDS_MAX + 999

Amount = Annotated[int, Meta(ge=0, le=AMOUNT_MAX)]
"""A quantity in base units; which unit is said by the field that holds it."""

Seconds = Annotated[int, Meta(ge=0, le=SECONDS_MAX)]
"""
A moment as seconds since 1970-01-01T00:00:00Z. [s]

The ceiling (in the year 6053) is the last second whose minute is a BIP32 index, so every moment
that decodes has a text form and a derivation index.
"""

Milliseconds = Annotated[int, Meta(ge=0, le=MILLISECONDS_MAX)]
"""A moment as milliseconds since 1970-01-01T00:00:00Z, as block times are. [ms]"""


class SumOutOfRange(ValueError):
    """A sum of amounts must itself be an amount."""

    def __init__(self, total: int) -> None:
        """Name the sum that does not fit."""
        super().__init__(f"amounts sum to {total}, which is not between 0 and {AMOUNT_MAX}")
        self.total = total


def checked_sum(values: Iterable[int]) -> int:
    """
    Return the sum of `values`, raising `SumOutOfRange` unless it is an amount.

    Only the total is judged: values that came out of decoding are amounts already.
    """
    total = sum(values)
    if not 0 <= total <= AMOUNT_MAX:
        raise SumOutOfRange(total)
    return total
