"""
A stranger checks every auction, from what the ledger has told everybody.

Orders and trades are read from events, the published price and digest from an event or a view.
Nothing of the market's own code is called: the curves are added up anew, every level is tried, and
each order's part is compared with what the rules leave it.
"""

import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.events import MarketCleared, MarketFilled, OrderPlaced
from tallystick.contracts.market.model import Side
from tallystick.contracts.market.views import ClearingView

TAG_CURVES: Final = b"tallystick/market/curves/1"

Told = ClearingView | MarketCleared
"""What is said of an auction: by a view, or by the event that told its price."""


def refuted(
    auctions: Iterable[Told], orders: Iterable[OrderPlaced], fills: Iterable[MarketFilled]
) -> list[str]:
    """Return what is wrong with auctions of divisible orders, pro rata; nothing if all is well."""
    orders_of: dict[RecordId, list[OrderPlaced]] = defaultdict(list)
    fills_of: dict[RecordId, list[MarketFilled]] = defaultdict(list)
    for order in orders:
        orders_of[order.book].append(order)
    for fill in fills:
        fills_of[fill.book].append(fill)
    return [
        f"{auction.product.begin}: {problem}"
        for auction in auctions
        if (problem := _problem(auction, orders_of[auction.book], fills_of[auction.book]))
    ]


def _problem(auction: Told, orders: Sequence[OrderPlaced], fills: Sequence[MarketFilled]) -> str:
    """Return what is wrong with one auction, or nothing."""
    levels = auction.levels if isinstance(auction, MarketCleared) else len(auction.bids)
    bids, asks = [0] * levels, [0] * levels
    for order in orders:
        (bids if order.side is Side.BUY else asks)[order.level] += order.lots
    if tagged_hash(TAG_CURVES, _packed(bids), _packed(asks)) != auction.digest:
        return "the digest is not that of the orders' curves"
    told = (auction.level, auction.volume, auction.demand, auction.supply)
    if told != (expected := best_level(bids, asks)):
        return f"level, volume, demand and supply should be {expected}, not {told}"
    if any(fill.level != auction.level for fill in fills):
        return "a trade has another price"
    parts: Counter[RecordId | None] = Counter()
    for fill in fills:
        parts[fill.buy] += fill.lots
        parts[fill.sell] += fill.lots
    return next(
        (problem for side in Side if (problem := _problem_of_side(auction, side, orders, parts))),
        "",
    )


def best_level(bids: Sequence[int], asks: Sequence[int]) -> tuple[int | None, int, int, int]:
    """
    Return the level that trades most, with the smallest imbalance, and its volume and both sums.

    Of several the highest if buyers want more at all of them, the lowest if sellers offer more at
    all of them, and else the middle one, rounded down.
    """
    tried = [(level, sum(bids[level:]), sum(asks[: level + 1])) for level in range(len(bids))]
    most = max(min(demand, supply) for _, demand, supply in tried)
    if not most:
        return None, 0, 0, 0
    kept = [each for each in tried if min(each[1:]) == most]
    least = min(abs(demand - supply) for _, demand, supply in kept)
    kept = [each for each in kept if abs(each[1] - each[2]) == least]
    if all(demand > supply for _, demand, supply in kept):
        chosen = kept[-1]
    elif all(demand < supply for _, demand, supply in kept):
        chosen = kept[0]
    else:
        chosen = kept[(len(kept) - 1) // 2]
    level, demand, supply = chosen
    return level, most, demand, supply


def _problem_of_side(
    auction: Told,
    side: Side,
    orders: Sequence[OrderPlaced],
    parts: Counter[RecordId | None],
) -> str:
    """Return what is wrong with the parts that one side's orders got, or nothing."""
    mine = [order for order in orders if order.side is side]
    if sum(parts[order.order] for order in mine) != auction.volume:
        return f"those who {side.value} do not trade the volume"
    if auction.level is None:
        return ""
    sign = -1 if side is Side.BUY else 1
    served = [order.level for order in mine if parts[order.order]]
    marginal = max(served, key=lambda level: sign * level)
    if sign * marginal > sign * auction.level:
        return f"somebody {side.value}s beyond their limit"
    margin = [order for order in mine if order.level == marginal]
    better = [order for order in mine if sign * order.level < sign * marginal]
    if any(parts[order.order] != order.lots for order in better):
        return f"a better order to {side.value} is left wanting"
    total, share = (
        sum(order.lots for order in margin),
        sum(parts[order.order] for order in margin),
    )
    exact = all(abs(parts[order.order] * total - order.lots * share) < total for order in margin)
    return "" if exact else f"those who {side.value} at the margin do not share in proportion"


def _packed(lots: Sequence[int]) -> bytes:
    """Return amounts as eight bytes each."""
    return struct.pack(f">{len(lots)}Q", *lots)
