"""
Dividing a whole amount into whole parts, by the method of largest remainders (Hamilton's).

Every part is rounded down, and the units that are left go one each to the largest remainders; of
equal remainders the earliest comes first. There are no fractions: remainders of divisions by one
total are compared as integers.
"""

from collections.abc import Sequence


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
