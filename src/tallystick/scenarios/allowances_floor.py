"""
A zone's trading floor: auctions for the next day, and futures for the next spring.

Nobody on it knows with whom he trades: each order is filled by the clearing account. Who sells and
who buys follows from the ledger's own forecasts; prices, from what it would cost a unit to emit
less.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.market.commands import (
    FILLS_MAX,
    Clear,
    Close,
    Place,
    Settle,
    Suspend,
)
from tallystick.contracts.market.events import (
    MarketCleared,
    MarketFilled,
    MarketSettled,
    OrderEnded,
    OrderPlaced,
    StatementOpened,
)
from tallystick.contracts.market.model import Product, Reason, Side, book_id

from .allowances_cast import LEAVING, SOUTH, TRADER, Key, Office
from .allowances_desk import Desk
from .allowances_model import second_of
from .allowances_terms import (
    DAY_SECONDS,
    FUTURE_DAYS,
    FUTURE_GATE_SECONDS,
    PRICE_MIN,
)

ACCOUNT_SUSPENDED: Final = 509
PLACED_HOUR: Final = 9
CLEARED_HOUR: Final = 13
SPREAD: Final = 30
"""Everybody places two orders, this much apart. [EUR]"""
URGENT: Final = 450
"""What somebody bids who would else pay the penalty. [EUR]"""
HEDGED: Final = 40
"""Part of what it will lack that somebody buys ahead. [%]"""
SOLD_AHEAD: Final = 10
"""Part of what it will have too much of that somebody sells ahead. [%]"""
PREMIUM: Final = 60
"""What somebody wants more for selling ahead. [EUR]"""
TRADER_ASK: Final = 235
"""What the trader asks for a future. [EUR]"""
DEFAULT_ZONE: Final = SOUTH
"""There the trader bets on falling prices, and never buys what it has sold."""
TRADER_BID: Final = 240
"""What the trader bids for what it has sold and does not have. [EUR]"""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to trade."""

    name: str
    """Who."""
    side: Side
    """Which way."""
    lots: int
    """How much."""
    limit: int
    """At which price, or better. [EUR]"""


@dataclass(frozen=True, slots=True)
class Auction:
    """One auction and what came of it."""

    zone: str
    """Where."""
    is_future: bool
    """Whether delivery was half a year ahead."""
    day: date
    """When it was cleared."""
    period: int
    """The vintage."""
    book: RecordId
    """Its book."""
    price: int
    """The price of all of it; 0 if nothing was traded. [minor units of money]"""
    volume: int
    """How much was traded."""
    wanted: int
    """What all buyers together wanted."""
    offered: int
    """What all sellers together offered."""
    orders: int
    """How many orders there were."""
    reasons: tuple[tuple[Reason, int], ...]
    """Why orders, or parts of them, found nobody."""


class Floor:
    """Both markets of a zone."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.auctions: list[Auction] = []
        """Every auction, earliest first."""
        self.futures: Counter[tuple[str, int]] = Counter()
        """What is bought, or sold if negative, and not delivered yet, by account and vintage."""
        self.fills: dict[tuple[RecordId, int], list[MarketFilled]] = defaultdict(list)
        """Fills of futures that are not settled, by vintage and begin of delivery."""
        self.is_suspended = False
        """Whether the exchange has suspended the trader."""

    def spot(self, day: date, period: int, *, share: int, is_final: bool = False) -> None:
        """Hold an auction for delivery on a day; `share` of what somebody has or lacks. [%]"""
        begin = second_of(day)
        product = Product(self.desk.vintage(period), begin, begin + DAY_SECONDS)
        wishes = list(self._wishes(period, share=share, is_final=is_final))
        self.desk.set_day(day - timedelta(days=1), hour=PLACED_HOUR)
        self._place("spot", product, wishes)
        self.desk.set_day(day - timedelta(days=1), hour=CLEARED_HOUR)
        fills = self._clear("spot", product, wishes, period=period)
        self._settle(fills)

    def offer_futures(self, delivery: date, period: int, wishes: Sequence[Wish]) -> None:
        """Trade a vintage for delivery within thirty days from a day on, far ahead."""
        if not wishes:
            return
        product = self._future(delivery, period)
        gate = delivery - timedelta(seconds=FUTURE_GATE_SECONDS)
        self.desk.set_day(gate - timedelta(days=2), hour=PLACED_HOUR)
        self._place("futures", product, wishes)
        self.desk.set_day(gate, hour=CLEARED_HOUR)
        fills = self._clear("futures", product, wishes, period=period)
        for fill in fills:
            sign = 1 if fill.buy is not None else -1
            self.futures[self._name(fill), period] += sign * fill.lots
        self.fills[self.desk.vintage(period), second_of(delivery)] += fills

    def deliver(self, delivery: date, period: int, *, except_for: str = "") -> None:
        """Let sellers of futures deliver, and if all have, serve buyers."""
        fills = self._waiting(delivery, period)
        sales = [fill for fill in fills if fill.sell is not None and self._name(fill) != except_for]
        purchases = [fill for fill in fills if fill.buy is not None]
        self._settle(sales, by_owner=True)
        if len(sales) + len(purchases) == len(fills):
            self._settle(purchases)
            fills.clear()
            self._forget(period)

    def settle_default(self, delivery: date, period: int) -> int:
        """Settle futures whose delivery has ended; return how many lots never came."""
        fills = self._waiting(delivery, period)
        known = len(self.desk.seen.events)
        settled = {each.fill for each in self.desk.seen.of(MarketSettled)}
        open_fills = [fill for fill in fills if fill.fill not in settled]
        self._settle([fill for fill in open_fills if fill.sell is not None])
        self._settle([fill for fill in open_fills if fill.buy is not None])
        fills.clear()
        self._forget(period)
        lost = [
            event.settled
            for _, event in self.desk.seen.events[known:]
            if isinstance(event, MarketSettled) and event.settled.cut_lots
        ]
        return sum(each.cut_lots for each in lost if not each.seller_pays)

    def suspend_trader(self) -> None:
        """Let the trader place no more orders, and see to it that none is taken."""
        key, exchange = self.desk.account(TRADER), self.desk.office(Office.EXCHANGE)
        for market in ("spot", "futures"):
            self.desk.send(Suspend(self.desk.ids[market], key.public), exchange)
        self.is_suspended = True
        begin = self.desk.clock() // 1_000 // DAY_SECONDS * DAY_SECONDS + 2 * DAY_SECONDS
        product = Product(self.desk.vintage(0), begin, begin + DAY_SECONDS)
        order = self._order("spot", product, Wish(TRADER, Side.BUY, 1, TRADER_BID))
        self.desk.refuse("Who did not deliver trades again", ACCOUNT_SUSPENDED, order, key)

    def close_statements(self) -> None:
        """Close every bill of both markets: only then the exchange gets its fee."""
        opened = self.desk.seen.of(StatementOpened)
        for statement in opened:
            close = Close(statement.market, statement.period, (statement.owner,))
            self.desk.send(close, self.desk.office(Office.EXCHANGE))
        self.desk.seen.catch_up()

    def future_wishes(self, period: int) -> list[Wish]:
        """Return who hedges half of what the forecast says will be lacking, and who sells it."""
        buyers, sellers = [], []
        for member in self.desk.cast.units:
            if member.plant is None or member.name == LEAVING:
                continue
            spare, worth = self._spare(member.name, period), member.plant.worth
            if spare < 0:
                buyers.append(Wish(member.name, Side.BUY, -spare * HEDGED // 100, worth))
            elif lots := spare * SOLD_AHEAD // 100:
                sellers.append(Wish(member.name, Side.SELL, lots, worth + PREMIUM))
        wanted = sum(wish.lots for wish in buyers)
        if not wanted:
            return []
        if not self.is_suspended:
            sellers.append(Wish(TRADER, Side.SELL, wanted, TRADER_ASK))
        return [*buyers, *sellers]

    def _wishes(self, period: int, *, share: int, is_final: bool) -> Iterable[Wish]:
        """Yield what everybody wants, as the ledger's forecast says it."""
        for member in self.desk.cast.units:
            if member.plant is None:
                continue
            spare = self._spare(member.name, period)
            lots, worth = abs(spare) * share // 100, member.plant.worth
            if spare < 0:
                limit = URGENT if is_final else worth
                yield from _two(member.name, Side.BUY, lots, limit - SPREAD, limit)
            else:
                yield from _two(member.name, Side.SELL, lots, worth, worth + SPREAD)
        lacking = -self.futures[TRADER, period] - self.desk.held(TRADER, period)
        if lacking > 0 and self.desk.zone != DEFAULT_ZONE:
            yield from _two(TRADER, Side.BUY, lacking, TRADER_BID, TRADER_BID + SPREAD)

    def _spare(self, name: str, period: int) -> int:
        """
        Return what a unit will have too much of, or too little. [allowances]

        Futures that it has bought are counted on, but not sold: what its emissions have taken so
        far stays in its account.
        """
        if name in self.desk.left:
            return self.desk.held(name, period)
        found = self.desk.forecast(name, period)
        free = found.covered - -(-found.emitted_g // self.desk.plan.unit_grams)
        spare = found.covered - found.needed + self.futures[name, period]
        return min(spare, max(0, free))

    def _place(self, market: str, product: Product, wishes: Iterable[Wish]) -> None:
        """Place everybody's orders, each signed by its own account alone."""
        for wish in wishes:
            self.desk.send(self._order(market, product, wish), self.desk.account(wish.name))

    def _order(self, market: str, product: Product, wish: Wish) -> Place:
        """Return the order that says a wish."""
        return Place(
            market=self.desk.ids[market],
            product=product,
            side=wish.side,
            owner=self.desk.account(wish.name).public,
            level=wish.limit - PRICE_MIN,
            lots=wish.lots,
            least=0,
            valid_until=0,
            device=None,
            meters=(),
            partner=None,
        )

    def _clear(
        self, market: str, product: Product, wishes: Sequence[Wish], *, period: int
    ) -> list[MarketFilled]:
        """Clear an auction, note what came of it, and return its fills."""
        if not wishes:
            return []
        id = self.desk.ids[market]
        self.desk.seen.catch_up()
        self.desk.send(Clear(id, product, FILLS_MAX), self.desk.office(Office.EXCHANGE))
        events = self.desk.seen.catch_up()
        cleared = next(each for each in events if isinstance(each, MarketCleared))
        ended = Counter(each.reason for each in events if isinstance(each, OrderEnded))
        self.auctions.append(
            Auction(
                zone=self.desk.zone,
                is_future=market == "futures",
                day=datetime.fromtimestamp(self.desk.clock() // 1_000, tz=UTC).date(),
                period=period,
                book=book_id(id, product),
                price=cleared.price,
                volume=cleared.volume,
                wanted=sum(each.lots for each in wishes if each.side is Side.BUY),
                offered=sum(each.lots for each in wishes if each.side is Side.SELL),
                orders=len(wishes),
                reasons=tuple(ended.items()),
            )
        )
        return [each for each in events if isinstance(each, MarketFilled)]

    def _settle(self, fills: Iterable[MarketFilled], *, by_owner: bool = False) -> None:
        """Settle fills, each account's apart: anybody may, but for a future's delivery."""
        by_name: dict[str, list[RecordId]] = defaultdict(list)
        for fill in fills:
            by_name[self._name(fill)].append(fill.fill)
        for name, ids in by_name.items():
            signer: Key = self.desk.office(Office.EXCHANGE)
            if by_owner:
                signer = self.desk.account(name)
            self.desk.send(Settle(tuple(ids)), signer)
        self.desk.seen.catch_up()

    def _name(self, fill: MarketFilled) -> str:
        """Return whose order a fill names; only the registry knows."""
        owners = {each.order: each.owner for each in self.desk.seen.of(OrderPlaced)}
        order = fill.buy if fill.sell is None else fill.sell
        if order is None:
            raise AssertionError("a fill names an order")
        owner: PublicKey = owners[order]
        return self.desk.cast.names()[owner]

    def _future(self, delivery: date, period: int) -> Product:
        """Return what a future is about."""
        begin = second_of(delivery)
        return Product(self.desk.vintage(period), begin, begin + FUTURE_DAYS * DAY_SECONDS)

    def _waiting(self, delivery: date, period: int) -> list[MarketFilled]:
        """Return fills of a future that are not settled."""
        return self.fills[self.desk.vintage(period), second_of(delivery)]

    def _forget(self, period: int) -> None:
        """Count futures of a vintage as done."""
        for place in list(self.futures):
            if place[1] == period:
                del self.futures[place]


def _two(name: str, side: Side, lots: int, low: int, high: int) -> Iterable[Wish]:
    """Yield two orders for half of it each, at two limits."""
    half = lots // 2
    for part, limit in ((half, low), (lots - half, high)):
        if part:
            yield Wish(name, side, part, limit)
