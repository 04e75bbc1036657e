"""
Keys of collective self-consumption: who is credited with how much of a shared production.

The law leaves it to a community to choose one of a few keys and applies it to every metered
interval: the French rules know a static, a dynamic and, in variants, a hybrid key, the Spanish ones
coefficients that are fixed for each participant. No key changes what anybody pays to whom, and
none needs an order: production is measured, and so is what each participant consumed.

In every key nobody is credited with more than was consumed, whole watt-hours are made by the method
of largest remainders (ties by place), and what the key leaves over is *not allocated*: it goes to
the grid, and is `production_wh - sum(shares)`. All amounts are of one interval, in Wh.
"""

from collections.abc import Sequence
from typing import Final

from tallystick.base.apportion import apportion

ONE_PPM: Final = 1_000_000


def share_static(
    production_wh: int, consumptions_wh: Sequence[int], shares_ppm: Sequence[int]
) -> list[int]:
    """
    Credit everybody with a fixed share of the production, as far as it was consumed.

    Shares are millionths and sum to at most all; what somebody does not consume is lost to the
    community, however much a neighbour would need. That is the price of a key that everybody can
    check without knowing the others' meters.
    """
    _check(production_wh, consumptions_wh, shares_ppm)
    nobody_ppm = ONE_PPM - sum(shares_ppm)
    if nobody_ppm < 0 or min(shares_ppm, default=0) < 0:
        raise ValueError(f"shares are millionths of a whole, they sum to {sum(shares_ppm)}")
    quotas = apportion([*shares_ppm, nobody_ppm], production_wh)
    return list(map(min, quotas, consumptions_wh))


def share_dynamic(production_wh: int, consumptions_wh: Sequence[int]) -> list[int]:
    """Credit everybody in proportion to what was consumed in the interval."""
    _check(production_wh, consumptions_wh, consumptions_wh)
    return apportion(consumptions_wh, min(production_wh, sum(consumptions_wh)))


def share_hybrid(
    production_wh: int, consumptions_wh: Sequence[int], shares_ppm: Sequence[int]
) -> list[int]:
    """
    Credit fixed shares first, then what these leave over in proportion to what is still uncovered.

    Nothing is left over as long as anybody's consumption is uncovered.
    """
    fixed = share_static(production_wh, consumptions_wh, shares_ppm)
    uncovered = [consumed - share for consumed, share in zip(consumptions_wh, fixed, strict=True)]
    more = share_dynamic(production_wh - sum(fixed), uncovered)
    return [share + each for share, each in zip(fixed, more, strict=True)]


def share_priority(
    production_wh: int, consumptions_wh: Sequence[int], order: Sequence[int]
) -> list[int]:
    """
    Credit everybody in a fixed order, each with all that was consumed, until nothing is left.

    `order` names every participant once, by place, the first to be served first.
    """
    _check(production_wh, consumptions_wh, order)
    if sorted(order) != list(range(len(consumptions_wh))):
        raise ValueError("the order of priority names every participant exactly once")
    shares = [0] * len(consumptions_wh)
    for place in order:
        shares[place] = min(production_wh, consumptions_wh[place])
        production_wh -= shares[place]
    return shares


def _check(production_wh: int, consumptions_wh: Sequence[int], key: Sequence[int]) -> None:
    """Refuse what cannot have been measured, and a key for other participants."""
    if production_wh < 0 or min(consumptions_wh, default=0) < 0:
        raise ValueError("an amount of energy is not negative")
    if len(key) != len(consumptions_wh):
        raise ValueError(f"a key for {len(key)} participants, there are {len(consumptions_wh)}")
