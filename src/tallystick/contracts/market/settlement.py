"""
What a fill comes to: the law of settlement, in integers, without a ledger.

1.  A fill is a firm promise. Its energy is spread evenly over the delivery interval: of a promise
    of x watt-hours, the i-th of n equal intervals, counted from 0, has floor((x + n - 1 - i) / n).
    That adds up to x, and a larger promise has no less in any interval.
2.  A position's fills stand one behind the other. What a meter measured serves them in that order,
    interval by interval, so that no watt-hour is delivered, or consumed, for two fills. Each side
    is measured on the grid of its own meters; the other side's never matter to its bill.
3.  What was cut out of a promise before delivery is no promise any more. It keeps its place among
    the fills: somebody outside the market delivered it. Nobody pays for it, unless the seller's own
    side announced it: then that costs the seller what exceeds the price in 5.
4.  The buyer pays the price of its lots, and gets the excess price for what it did not consume.
    What it gets is rounded down.
5.  The seller gets the price of its lots, less the value of what it did not deliver. It pays for
    that the shortfall price, or the price itself if that is higher: not to deliver never pays.
    Its loss is rounded up, once, whatever the figures that show it.
6.  The balancing account delivers what is missing and takes what is left over. It receives exactly
    what the buyer and the seller pay and nobody gets, or gives exactly what is wanting. Both
    roundings are in its favour, so it is never asked for money because of a rounding.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import gcd
from typing import NamedTuple


class Terms(NamedTuple):
    """At what prices a fill is settled; all in minor units of money per lot."""

    price: int
    """What was agreed."""

    shortfall_price: int
    """What an undelivered lot costs its seller, unless the price is higher."""

    excess_price: int
    """What a lot that was not consumed is worth; at most the price."""

    quantum: int
    """What one lot is. [Wh]"""


class Bill(NamedTuple):
    """Who pays what for a fill; all in minor units of money."""

    buyer_pays: int
    """What the buyer pays."""

    seller_gets: int
    """What the seller gets for what it delivered."""

    seller_pays: int
    """What the seller pays beyond that for what it did not."""

    @property
    def balance(self) -> int:
        """What is left for the balancing account, or is wanting from it if negative."""
        return self.buyer_pays + self.seller_pays - self.seller_gets


class Pair(NamedTuple):
    """Energy of one production interval that was consumed in one consumption interval."""

    production: int
    """The ordinal of the seller's measurement."""

    consumption: int
    """The ordinal of the buyer's measurement."""

    energy_wh: int
    """How much. [Wh]"""


def lots_left(*, offset: int, lots: int, available_lots: int) -> int:
    """
    Return what is left of a fill when a seller has only so many lots for its whole position.

    The fills that came first are served first; the rest of this one is cut.
    """
    return min(max(available_lots - offset, 0), lots)


def shares(energy_wh: int, intervals: int) -> list[int]:
    """
    Return what each of so many equal intervals has of a promise, spread evenly. [Wh]

    What does not divide falls to the first intervals. So a larger promise has no less in any of
    them, and what lies between two promises is never negative.
    """
    return [(energy_wh + n) // intervals for n in reversed(range(intervals))]


def attributed(readings_wh: Sequence[int], *, offset_wh: int, energy_wh: int) -> list[int]:
    """
    Return what of each interval's reading counts for a fill. [Wh]

    The fill begins behind `offset_wh` of its position. Summed over a position's fills it is never
    more than was measured, nor more than was promised, in any interval.
    """
    count = len(readings_wh)
    if count == 1:
        return [min(max(readings_wh[0] - offset_wh, 0), energy_wh)]
    before = shares(offset_wh, count)
    until = shares(offset_wh + energy_wh, count)
    return [
        min(max(reading - begin, 0), end - begin)
        for reading, begin, end in zip(readings_wh, before, until, strict=True)
    ]


def bill(
    terms: Terms, *, lots: int, delivered_wh: int, consumed_wh: int, forfeited_lots: int = 0
) -> Bill:
    """
    Return what a fill of so many lots, cut already, costs its buyer and brings its seller.

    `forfeited_lots` are cut as well, at the seller's cost. It never pays more than
    (lots + forfeited_lots) * (shortfall_price - price) beyond what it lost, which is what its
    collateral covers; the buyer never pays more than lots * price.
    """
    price, quantum = terms.price, terms.quantum
    value, promised_wh = lots * price, lots * quantum
    undelivered_wh, unconsumed_wh = promised_wh - delivered_wh, promised_wh - consumed_wh
    excess = unconsumed_wh * terms.excess_price // quantum
    withheld = -(-undelivered_wh * price // quantum)
    dearer = max(terms.shortfall_price, price)
    loss = -(-undelivered_wh * dearer // quantum)
    forfeit = forfeited_lots * (dearer - price)
    return Bill(value - excess, value - withheld, loss - withheld + forfeit)


def pairs(delivered_wh: Sequence[int], consumed_wh: Sequence[int]) -> Iterator[Pair]:
    """
    Yield which production was consumed when, as far as both were measured, earliest first.

    Both sides' intervals divide the same delivery. A slot is the shortest time that is made of
    whole intervals of both; within it the earliest production meets the earliest consumption.
    """
    slots = gcd(len(delivered_wh), len(consumed_wh))
    many, few = len(delivered_wh) // slots, len(consumed_wh) // slots
    for slot in range(slots):
        yield from _pairs_of_slot(
            delivered_wh[slot * many : (slot + 1) * many],
            consumed_wh[slot * few : (slot + 1) * few],
            slot * many,
            slot * few,
        )


def _pairs_of_slot(
    delivered_wh: Sequence[int], consumed_wh: Sequence[int], production: int, consumption: int
) -> Iterator[Pair]:
    """Yield a slot's pairs: both running totals are cut at every end of either."""
    made, used = list(accumulate(delivered_wh)), list(accumulate(consumed_wh))
    begin = n = m = 0
    while n < len(made) and m < len(used):
        end = min(made[n], used[m])
        if end > begin:
            yield Pair(production + n, consumption + m, end - begin)
            begin = end
        if made[n] == end:
            n += 1
        else:
            m += 1
