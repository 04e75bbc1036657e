"""
Rationing: who gets how much where there is not enough for everybody.

Two rules are known. By time, whoever came first is served first, and at most one is served in part.
Pro rata, everybody gets the same fraction of what was asked, made whole by the method of largest
remainders (Hamilton's): every part is rounded down, and the lots that are left go one each to the
largest remainders; of equal remainders the earliest comes first.

Both give exactly what there is, and nobody more than was asked for. There are no fractions
anywhere: remainders of divisions by one total are compared as integers.
"""

from collections.abc import Sequence
from enum import Enum

from tallystick.base.apportion import apportion


class Tie(Enum):
    """Who is served first at the price where not everybody can be."""

    TIME = "time"
    """Whoever came first."""

    PRO_RATA = "pro-rata"
    """Everybody in proportion, by largest remainder."""


def ration(lots: Sequence[int], volume: int, tie: Tie) -> list[int]:
    """
    Return what each order of a level gets of a volume, in the order in which they arrived.

    The parts sum to exactly `volume`. Raises ValueError if more is to be given than was asked for,
    or less than nothing. Minimum fills are not looked at: see `auction.without_indivisible`.
    """
    asked = sum(lots)
    if not 0 <= volume <= asked:
        raise ValueError(f"{volume} lots for orders of {asked} lots")
    if volume == asked:
        return list(lots)
    return _by_time(lots, volume) if tie is Tie.TIME else apportion(lots, volume)


def _by_time(lots: Sequence[int], volume: int) -> list[int]:
    """Serve orders in the order of their arrival until nothing is left."""
    parts = []
    for asked in lots:
        part = min(asked, volume)
        parts.append(part)
        volume -= part
    return parts
