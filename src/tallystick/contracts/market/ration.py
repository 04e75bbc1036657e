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


def apportion(weights: Sequence[int], amount: int) -> list[int]:
    """
    Return whole parts of an amount in proportion to weights, by largest remainder.

    The parts sum to exactly `amount`, and none is above its weight if `amount` is not above the sum
    of the weights. Where all weights are 0 there is nobody to give to, so the amount must be 0 too:
    ValueError otherwise. Time is O(n log n) in the number of weights.
    """
    total = sum(weights)
    if not total:
        if amount:
            raise ValueError(f"{amount} to be shared among weights that are all 0")
        return [0] * len(weights)
    remainders = [weight * amount % total for weight in weights]
    left = sum(remainders) // total
    if not left:
        return [weight * amount // total for weight in weights]
    smallest = sorted(remainders)[-left]
    parts = [
        weight * amount // total + (remainder >= smallest)
        for weight, remainder in zip(weights, remainders, strict=True)
    ]
    # Everybody with the smallest remainder that counts was rounded up: the latest are too many.
    excess = sum(parts) - amount
    if excess:
        tied = [place for place, remainder in enumerate(remainders) if remainder == smallest]
        for place in tied[-excess:]:
            parts[place] -= 1
    return parts


def _by_time(lots: Sequence[int], volume: int) -> list[int]:
    """Serve orders in the order of their arrival until nothing is left."""
    parts = []
    for asked in lots:
        part = min(asked, volume)
        parts.append(part)
        volume -= part
    return parts
