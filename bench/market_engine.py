"""
The engine of the market alone, as a function of integers, and what others install for the same.

Ours begins with orders as plain sequences of integers that stand in memory, and ends with a price
and a fill for every order (or, in continuous trading, every trade); nothing is signed or stored.
Peers are given the same orders in the form they want, made before the clock starts. A peer that
is not installed here has a row that says so. Beside its time stand the volume and the welfare (what
buyers would have paid at most, less what sellers asked at least) that it reaches with those orders,
in relation to ours: a fast engine that trades less, or the wrong orders, isn't fast.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple, TypeVar

from bench.result import Result
from bench.yardstick import Yardstick
from tallystick.contracts.market.auction import (
    BUY,
    LEVEL_COUNT_MAX,
    Auction,
    clearing,
    pairs,
    run_auction,
)
from tallystick.contracts.market.continuous import Continuous
from tallystick.contracts.market.match_certificate import (
    MatchCertificate,
    check_fills,
    curves_digest,
)
from tallystick.contracts.market.ration import Tie

ORDERS = 1_000_000
ARRIVALS = 500_000
ROUNDS = 5
PEER_LEVELS = 1_000
PEER_ORDERS = 10_000
SLOW_PEER_ORDERS = 200

T = TypeVar("T")

Trade = tuple[int, int, int]
"""A buying and a selling order, by place, and their lots."""


class Orders(NamedTuple):
    """Orders in order of arrival."""

    sides: bytes
    """1 for buyers, 0 for sellers."""

    levels: list[int]
    """Their limits."""

    lots: list[int]
    """How much."""


Timed = tuple[float, list[Trade]]
Peer = Callable[[Orders], Timed]


def auction(_raw: Yardstick) -> Iterator[Result]:
    """Measure one call auction of a million orders over all levels, and what goes with it."""
    orders = _orders(ORDERS, LEVEL_COUNT_MAX)
    for tie in Tie:
        seconds, found = _median(partial(run_auction, *orders, tie=tie))
        yield _at_most(f"call auction, {ORDERS:,} orders, {tie.value}", seconds, must=0.5, aim=0.15)
    yield Result("its volume", found.clearing.volume if found.clearing else 0, "lots")
    seconds, _ = _median(lambda: list(pairs(orders.sides, found.fills)))
    yield Result("pairing its fills N to N", seconds, "s")
    one_level = orders._replace(levels=[7] * ORDERS)
    seconds, _ = _median(lambda: run_auction(*one_level, tie=Tie.PRO_RATA))
    yield Result("the worst book: all at one level, pro-rata", seconds, "s")
    seconds = _seconds_of_check(orders, found)
    yield Result("checking its match certificate", seconds, "s")
    totals = _totals(orders)
    seconds, _ = _median(lambda: clearing(*totals))
    yield Result(f"its price alone, from {LEVEL_COUNT_MAX:,} totals a side", seconds, "s")
    yield from _vectorised(orders, found)


def continuous(_raw: Yardstick) -> Iterator[Result]:
    """Measure orders that arrive one by one and meet, with every trade kept."""
    orders = _orders(ARRIVALS, PEER_LEVELS)
    rates, trades = [], 0
    for _ in range(ROUNDS):
        seconds, made = _ours(orders)
        rates.append(ARRIVALS / seconds)
        trades = len(made)
    rate = statistics.median(rates)
    name = f"continuous trading, {ARRIVALS:,} arrivals, {trades:,} trades"
    met = rate >= 500_000
    yield Result(name, rate, "1/s", must="≥ 500,000", aim="≥ 1,000,000", met=met)


def peers(_raw: Yardstick) -> Iterator[Result]:
    """Compare with whatever is installed of the packages that do the same."""
    for name, peer, count in AUCTION_PEERS:
        orders = _orders(count, PEER_LEVELS)
        seconds, found = _median(partial(run_auction, *orders))
        ours = (seconds, list(pairs(orders.sides, found.fills)))
        yield from _compare(f"auction by {name}", peer, orders, ours)
    orders = _orders(PEER_ORDERS, PEER_LEVELS)
    ours = min((_ours(orders) for _ in range(ROUNDS)), key=lambda timed: timed[0])
    for name, peer in CONTINUOUS_PEERS:
        yield from _compare(f"arrivals at {name}", peer, orders, ours)


def _orders(count: int, level_count: int) -> Orders:
    """Return the same random orders every time: buyers around a bit less than sellers ask."""
    seeded = random.Random(count)
    middle, spread = level_count / 2, level_count / 8
    sides = bytes(seeded.getrandbits(1) for _ in range(count))
    levels = []
    for side in sides:
        level = int(seeded.gauss(middle + (-spread if side == BUY else spread) / 4, spread))
        levels.append(max(1, min(level, level_count - 1)))
    return Orders(sides, levels, [seeded.randint(1, 200) for _ in sides])


def _median(work: Callable[[], T]) -> tuple[float, T]:
    """Return how long work takes, and what it leads to."""
    durations = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        outcome = work()
        durations.append(time.perf_counter() - began)
    return statistics.median(durations), outcome


def _at_most(name: str, seconds: float, *, must: float, aim: float) -> Result:
    """Return a duration that must not be longer than a bound."""
    return Result(name, seconds, "s", must=f"≤ {must} s", aim=f"≤ {aim} s", met=seconds <= must)


def _totals(orders: Orders) -> tuple[list[int], list[int]]:
    """Return buyers' and sellers' lots at each level."""
    buys, sells = [0] * LEVEL_COUNT_MAX, [0] * LEVEL_COUNT_MAX
    for side, level, lots in zip(*orders, strict=True):
        (buys if side == BUY else sells)[level] += lots
    return buys, sells


def _seconds_of_check(orders: Orders, found: Auction) -> float:
    """Return how long a stranger needs for the price and every fill."""
    if found.clearing is None:
        raise AssertionError("a million random orders cross")
    digest = curves_digest(*_totals(orders))
    certificate = MatchCertificate(digest, *found.clearing, Tie.PRO_RATA)
    seconds, _ = _median(
        lambda: check_fills(certificate, *orders, found.fills, level_count=LEVEL_COUNT_MAX)
    )
    return seconds


def _vectorised(orders: Orders, found: Auction) -> Iterator[Result]:
    """Measure what numpy would make of the price and of all fills off the margins."""
    numpy = _imported("numpy")
    if numpy is None or found.clearing is None:
        yield _absent("the same, vectorised by numpy")
        return
    level = found.clearing.level

    def convert() -> tuple[Any, Any, Any]:
        sides = numpy.frombuffer(orders.sides, dtype=numpy.uint8).astype(bool)
        return sides, numpy.array(orders.levels), numpy.array(orders.lots)

    def vectors(sides: Any, levels: Any, lots: Any) -> Any:
        for side in (sides, ~sides):
            numpy.bincount(levels[side], weights=lots[side], minlength=LEVEL_COUNT_MAX)
        better = numpy.where(sides, levels > level, levels < level)
        return numpy.where(better, lots, 0)

    seconds, arrays = _median(convert)
    yield Result("numpy: lists to arrays", seconds, "s")
    seconds, _ = _median(lambda: vectors(*arrays))
    yield Result("numpy: totals and fills off the margins", seconds, "s")


def _ours(orders: Orders) -> Timed:
    """Let orders arrive at our own book."""
    offers = [(side == BUY, level, lots, 0) for side, level, lots in zip(*orders, strict=True)]
    book = Continuous()
    began = time.perf_counter()
    book.place(offers)
    seconds = time.perf_counter() - began
    return seconds, [trade[:3] for trade in book.trades]


def _compare(name: str, peer: Peer, orders: Orders, ours: Timed) -> Iterator[Result]:
    """Yield a peer's time, volume and welfare, each beside ours with the same orders."""
    try:
        theirs = peer(orders)
    except ImportError:
        yield _absent(name)
        return
    what = f"{name}, {len(orders.lots):,} orders"
    yield Result(f"{what}: time", theirs[0], "s", ours[0], theirs[0] / ours[0])
    if not theirs[1]:
        yield Result(f"{what}: does not say who trades", 0, "lots")
        return
    for label, unit, figure in (("volume", "lots", _volume), ("welfare", "ticks", _welfare)):
        value, yardstick = figure(orders, theirs[1]), figure(orders, ours[1])
        yield Result(f"{what}: {label}", value, unit, yardstick, value / yardstick)


def _absent(name: str) -> Result:
    """Return the row of what cannot be measured here."""
    return Result(f"{name}: not installed", 0, "")


def _imported(name: str) -> Any | None:
    """Return a module, if it is installed."""
    try:
        return import_module(name)
    except ImportError:
        return None


def _volume(_orders: Orders, trades: Sequence[Trade]) -> int:
    """Return how many lots changed hands."""
    return sum(lots for _, _, lots in trades)


def _welfare(orders: Orders, trades: Sequence[Trade]) -> int:
    """Return what buyers would have paid at most, less what sellers asked at least."""
    levels = orders.levels
    return sum((levels[buy] - levels[sell]) * lots for buy, sell, lots in trades)


def _joined(orders: Orders, one: int, other: int, lots: int) -> Trade:
    """Return a trade of two orders, whichever of them buys."""
    return (one, other, lots) if orders.sides[one] == BUY else (other, one, lots)


def _gsy(orders: Orders) -> Timed:
    """Run the pay-as-clear auction of gsy-framework."""
    engine = import_module("gsy_framework.matching_algorithms").PayAsClearMatchingAlgorithm()
    rows = [
        {"id": str(place), "energy_rate": level, "energy": lots, "buyer": "", "seller": ""}
        for place, (level, lots) in enumerate(zip(orders.levels, orders.lots, strict=True))
    ]
    sides = {1: "bids", 0: "offers"}
    data: dict[str, Any] = {"bids": [], "offers": [], "current_time": "now"}
    for side, row in zip(orders.sides, rows, strict=True):
        data[sides[side]].append(row)
    began = time.perf_counter()
    found = engine.get_matches_recommendations({"market": {"slot": data}})
    seconds = time.perf_counter() - began
    return seconds, [
        (int(each["bids"][0]["id"]), int(each["offers"][0]["id"]), int(each["selected_energy"]))
        for each in found
    ]


def _pymarket(orders: Orders) -> Timed:
    """Run the random bilateral trading of pymarket; its auctions allow one trade a person."""
    market = import_module("pymarket").Market()
    for place, (side, level, lots) in enumerate(zip(*orders, strict=True)):
        market.accept_bid(lots, level, place, side == BUY, 0)
    began = time.perf_counter()
    found, _ = market.run("p2p", r=random.Random(1))
    seconds = time.perf_counter() - began
    rows = found.get_df().to_dict("records")
    return seconds, [
        (int(row["bid"]), int(row["source"]), int(row["quantity"]))
        for row in rows
        if row["quantity"] and orders.sides[int(row["bid"])] == BUY
    ]


def _lightmatchingengine(orders: Orders) -> Timed:
    """Let orders arrive at lightmatchingengine, which reports each trade from both sides."""
    engine = import_module("lightmatchingengine.lightmatchingengine").LightMatchingEngine()
    found = []
    began = time.perf_counter()
    for side, level, lots in zip(*orders, strict=True):
        found.append(engine.add_order("slot", level, lots, 1 if side == BUY else 2))
    seconds = time.perf_counter() - began
    return seconds, [
        _joined(orders, order.order_id - 1, each.order_id - 1, each.trade_qty)
        for order, trades in found
        for each in trades
        if each.order_id != order.order_id
    ]


def _cython_orderbook(orders: Orders) -> Timed:
    """Let orders arrive at cython-orderbook, made beforehand."""
    module = import_module("cython_orderbook")
    book, sides = module.OrderBook(), (module.OrderSide.ASK, module.OrderSide.BID)
    made = [
        module.Order(side=sides[side], price=level, original_quantity=lots)
        for side, level, lots in zip(*orders, strict=True)
    ]
    began = time.perf_counter()
    for order in made:
        book.add_limit_order(order)
    seconds = time.perf_counter() - began
    places = {order.order_id: place for place, order in enumerate(made)}
    return seconds, [
        _joined(orders, places[each.aggressor_id], places[each.filler_id], each.quantity_filled)
        for each in book.trade_log
    ]


def _pyorderbook(orders: Orders) -> Timed:
    """Let orders arrive at pyorderbook, made beforehand."""
    module = import_module("pyorderbook")
    book, sides = module.Book(), (module.ask, module.bid)
    made = [sides[side]("slot", level, lots) for side, level, lots in zip(*orders, strict=True)]
    found = []
    began = time.perf_counter()
    for order in made:
        found += book.match(order).trades
    seconds = time.perf_counter() - began
    places = {order.id: place for place, order in enumerate(made)}
    return seconds, [
        _joined(
            orders,
            places[each.incoming_order_id],
            places[each.standing_order_id],
            each.fill_quantity,
        )
        for each in found
    ]


def _order_matching(orders: Orders) -> Timed:
    """Let orders arrive at order-matching, its logging off, in one batch: its fastest way."""
    import_module("loguru").logger.remove()
    engine = import_module("order_matching.matching_engine").MatchingEngine(seed=1)
    limit_order = import_module("order_matching.order").LimitOrder
    side_of = import_module("order_matching.enums").Side
    # It compares with a moment of its own that has no zone.
    sides, began_at = (
        (side_of.SELL, side_of.BUY),
        datetime(2023, 1, 1, tzinfo=UTC).replace(tzinfo=None),
    )
    made = [
        limit_order(
            side=sides[side],
            price=level,
            size=lots,
            timestamp=began_at + timedelta(milliseconds=place),
            order_id=str(place),
            trader_id="",
        )
        for place, (side, level, lots) in enumerate(zip(*orders, strict=True))
    ]
    batch = import_module("order_matching.orders").Orders(made)
    began = time.perf_counter()
    engine.place(orders=batch)
    found = engine.match(timestamp=began_at + timedelta(days=1))
    seconds = time.perf_counter() - began
    return seconds, [
        _joined(orders, int(each.incoming_order_id), int(each.book_order_id), int(each.size))
        for each in found.trades
    ]


def _limit_order_book(orders: Orders) -> Timed:
    """Let orders arrive at limit-order-book, which is C++ and reports no trades."""
    book = import_module("limit_order_book.limit_order_book").LimitOrderBook()
    place_order = (book.limit_sell, book.limit_buy)
    began = time.perf_counter()
    for place, (side, level, lots) in enumerate(zip(*orders, strict=True)):
        place_order[side](place, lots, level)
    return time.perf_counter() - began, []


AUCTION_PEERS: tuple[tuple[str, Peer, int], ...] = (
    ("gsy-framework", _gsy, PEER_ORDERS),
    ("pymarket", _pymarket, SLOW_PEER_ORDERS),
)
CONTINUOUS_PEERS: tuple[tuple[str, Peer], ...] = (
    ("lightmatchingengine", _lightmatchingengine),
    ("cython-orderbook", _cython_orderbook),
    ("pyorderbook", _pyorderbook),
    ("order-matching", _order_matching),
    ("limit-order-book", _limit_order_book),
)
