"""
The call auction: one price for everybody who trades, computed from integers alone.

A price is a *level*: how many ticks it is above the lowest price that the market allows. At a
level, *demand* is what buyers would take who offer that price or more, *supply* is what sellers
would give who ask that price or less, the *volume* is the smaller of the two and the *imbalance* is
how far they are apart. The price is the level that these rules leave, each applied to what the one
before left:

1. **Maximal volume.** No other level moves more lots.
2. **Minimal imbalance.** Of those, no other leaves fewer lots of the larger side behind.
3. **Market pressure.** If demand exceeds supply at every level that is left, the highest of them;
   if supply exceeds demand at every one, the lowest.
4. **Midpoint.** Otherwise the middle between the lowest and the highest of them, rounded down.

If the largest volume is 0, there is no price. At the price each side is served from its best offer
to its worst, and the level at which the volume ends is shared out by the tie rule. Only the side
of which there is too much is ever cut short.

Nobody could arrange trades with a larger sum of gains, *welfare*: the lots of the best buyers
go to the best sellers, and every lot that changes hands has a buyer who values it at least at what
its seller asks. More lots could change hands at many prices, by joining the worst sellers with the
best buyers; that is what maximal volume without one price means, and it destroys welfare.

All this, and the match certificate, is true of orders that may be filled in part. Orders that
insist on a minimum are judged by `without_indivisible`, which follows a stated procedure and
promises neither the largest volume nor the largest welfare: finding those is a knapsack problem.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from .ration import Tie, ration

LEVEL_COUNT_MAX: Final = 32_768
SELL: Final = 0
BUY: Final = 1


class Clearing(NamedTuple):
    """What the totals of a book say about its price."""

    level: int
    """The price of all fills, as its place above the lowest price."""

    volume: int
    """Lots that change hands; at least 1."""

    demand: int
    """Lots that buyers want at that price."""

    supply: int
    """Lots that sellers offer at that price."""


class Auction(NamedTuple):
    """What an auction gives to whom."""

    clearing: Clearing | None
    """The price and what it rests on; nothing if nobody's offers cross."""

    fills: list[int]
    """What each order trades, in the order in which they were given. [lots]"""


class Margin(NamedTuple):
    """Where one side's volume ends: better levels get everything, worse ones nothing."""

    level: int
    """The level at which it ends."""

    share: int
    """What the orders of that level get together. [lots]"""


def clearing(buys: Sequence[int], sells: Sequence[int]) -> Clearing | None:
    """
    Return the price that both sides' lots per level make, or nothing if none of them cross.

    Both have one entry for each level, the lowest price first. Time is O(levels).

    Demand falls and supply rises from level to level, so they cross once: below the crossing supply
    is the volume, and it grows towards it; from the crossing on demand is, and shrinks. The largest
    volume is thus next to the crossing on one side, the other or both, and so is the smallest
    imbalance; the levels that share both are the flat pieces of the curves there.
    """
    if len(buys) != len(sells):
        raise ValueError(f"{len(buys)} levels of buyers, {len(sells)} of sellers")
    total, count = sum(buys), len(buys)
    demand = [total - below for below in accumulate(buys, initial=0)]
    supply = list(accumulate(sells))
    cross = bisect_left(range(count), 1, key=lambda level: demand[level] <= supply[level])
    below = supply[cross - 1] if cross else 0
    above = demand[cross] if cross < count else 0
    volume = max(below, above)
    if not volume:
        return None
    excess = demand[cross - 1] - below if below == volume else None
    shortage = supply[cross] - above if above == volume else None
    if shortage is None or (excess is not None and excess < shortage):
        level = cross - 1
    elif shortage and shortage != excess:
        level = cross
    else:
        # The levels that are left are balanced, or press both ways with the same force.
        lowest = _flat_from(demand, supply, cross - 1) if excess == shortage else cross
        level = (lowest + _flat_to(demand, supply, cross)) // 2
    return Clearing(level, volume, demand[level], supply[level])


def run_auction(
    sides: Sequence[int],
    levels: Sequence[int],
    lots: Sequence[int],
    *,
    level_count: int = LEVEL_COUNT_MAX,
    tie: Tie = Tie.TIME,
) -> Auction:
    """
    Return the price of an auction and what each of its orders trades.

    The three sequences say, for each order in order of arrival, its side (`BUY` or `SELL`), its
    limit as a level below `level_count`, and its lots. Time is O(orders + levels), and
    O(m log m) for the m orders at the margin if these share pro rata: an order anywhere else
    gets all or nothing, which follows from its level, so nothing is ever sorted by price.

    Raises ValueError unless there is one side, level and lots for each order, and IndexError for a
    level or side that does not exist.
    """
    sells, buys = _totals(sides, levels, lots, level_count)
    found = clearing(buys, sells)
    if found is None:
        return Auction(None, [0] * len(lots))
    buying, selling = margins(buys, sells, found.volume)
    lowest, highest = buying.level, selling.level
    fills = [
        asked if (level > lowest if side else level < highest) else 0
        for side, level, asked in zip(sides, levels, lots, strict=True)
    ]
    for side, margin in ((BUY, buying), (SELL, selling)):
        queue = [place for place in _places(levels, margin.level) if sides[place] == side]
        parts = ration([lots[place] for place in queue], margin.share, tie)
        for place, part in zip(queue, parts, strict=True):
            fills[place] = part
    return Auction(found, fills)


def margins(buys: Sequence[int], sells: Sequence[int], volume: int) -> tuple[Margin, Margin]:
    """
    Return where a volume above 0 ends among buyers, and where among sellers.

    It need not be at the price: with pressure both ways the price lies between two margins.
    """
    buying = _margin(reversed(buys), volume)
    return Margin(len(buys) - 1 - buying.level, buying.share), _margin(sells, volume)


def pairs(sides: Sequence[int], fills: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """
    Yield who trades with whom, N to N: the places of a buy and of a sell, and their lots.

    Both sides trade in order of arrival, each order until it has its fill. Everybody pays the same
    price, so who meets whom changes nobody's money. There are fewer pairs than orders that trade.
    """
    buyers = ((place, fill) for place, fill in enumerate(fills) if fill and sides[place])
    sellers = ((place, fill) for place, fill in enumerate(fills) if fill and not sides[place])
    wanted = offered = buy = sell = 0
    while True:
        if not wanted:
            buy, wanted = next(buyers, (0, 0))
        if not offered:
            sell, offered = next(sellers, (0, 0))
        lots = min(wanted, offered)
        if not lots:
            return
        wanted -= lots
        offered -= lots
        yield buy, sell, lots


def without_indivisible(
    sides: Sequence[int],
    levels: Sequence[int],
    lots: Sequence[int],
    least: Sequence[int],
    *,
    level_count: int = LEVEL_COUNT_MAX,
    tie: Tie = Tie.TIME,
) -> list[int]:
    """
    Return the orders that leave an auction because of their minimum, in the order in which they do.

    `least` is what each order insists on: 0 or 1 for a divisible one, all its lots for one that is
    all-or-nothing. This is the procedure, word for word:

    1. Price and volume follow from all orders that are left, as if each could be filled in part.
    2. If orders at the margin would be given something, but less than their minimum, then the one
       of them that arrived last leaves, and 1 begins anew. It does not come back.

    Every round takes an order out, so it ends. The auction without those who left honours every
    minimum that is left and clears with maximal volume *among those orders*; that another choice of
    who leaves would have traded more is possible. Time is O(orders) once, and O(levels + orders at
    the margin) a round.
    """
    totals = _totals(sides, levels, lots, level_count)
    queues = _queues(sides, levels)
    leaving: list[int] = []
    while (found := clearing(totals[BUY], totals[SELL])) is not None:
        buying, selling = margins(totals[BUY], totals[SELL], found.volume)
        short: list[int] = []
        for side, margin in ((BUY, buying), (SELL, selling)):
            queue = queues[side, margin.level]
            parts = ration([lots[place] for place in queue], margin.share, tie)
            given = zip(queue, parts, strict=True)
            short += [place for place, part in given if 0 < part < least[place]]
        if not short:
            break
        last = max(short)
        side, level = sides[last], levels[last]
        totals[side][level] -= lots[last]
        queues[side, level].remove(last)
        leaving.append(last)
    return leaving


def _totals(
    sides: Sequence[int], levels: Sequence[int], lots: Sequence[int], level_count: int
) -> tuple[list[int], list[int]]:
    """Return sellers' and buyers' lots at each level."""
    if min(levels, default=0) < 0:
        raise IndexError("the lowest level is 0")
    totals = ([0] * level_count, [0] * level_count)
    for side, level, asked in zip(sides, levels, lots, strict=True):
        totals[side][level] += asked
    return totals


def _queues(sides: Sequence[int], levels: Sequence[int]) -> dict[tuple[int, int], list[int]]:
    """Return the orders of each side and level, in order of arrival."""
    queues: dict[tuple[int, int], list[int]] = {}
    for place, queue in enumerate(zip(sides, levels, strict=True)):
        queues.setdefault(queue, []).append(place)
    return queues


def _margin(best_first: Iterable[int], volume: int) -> Margin:
    """Return where a volume ends, its level counted from the best."""
    for level, total in enumerate(best_first):
        if total >= volume:
            return Margin(level, volume)
        volume -= total
    raise ValueError(f"the side has {volume} lots less than the volume")


def _places(levels: Sequence[int], level: int) -> Iterator[int]:
    """Yield which orders have a level; `index` looks at them many times faster than a loop."""
    place = -1
    while True:
        try:
            place = levels.index(level, place + 1)
        except ValueError:
            return
        yield place


def _flat_from(demand: Sequence[int], supply: Sequence[int], level: int) -> int:
    """Return the lowest level from which on nothing changes up to this one."""
    same = demand[level], supply[level]
    while level and (demand[level - 1], supply[level - 1]) == same:
        level -= 1
    return level


def _flat_to(demand: Sequence[int], supply: Sequence[int], level: int) -> int:
    """Return the highest level up to which nothing changes from this one."""
    same = demand[level], supply[level]
    while level + 1 < len(supply) and (demand[level + 1], supply[level + 1]) == same:
        level += 1
    return level
