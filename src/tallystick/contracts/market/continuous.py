"""
Continuous trading in memory: the rules of `arrival` on integers alone.

The ledger doesn't use it. It says what arriving orders must lead to, so that the ledger's books are
held against it, and it is what the engine alone costs. Orders are numbered from 0 in the order in
which they come. Whoever comes meets the best price first and, at a price, who came first, at the
price of who was there before. An order with a minimum that cannot be met on arrival waits outside
of the queues; what would still cross after so many fills goes back.

Prices are kept as keys that are better the smaller they are, on both sides: a seller's level, and a
buyer's below zero. Then both sides are one piece of code, and a heap knows the best.
"""

from collections import deque
from collections.abc import Iterable
from heapq import heappop, heappush
from typing import Final, NamedTuple

from .commands import MATCHES_MAX

Queues = dict[int, deque[int]]


class Offer(NamedTuple):
    """An order that comes in."""

    buys: bool
    """Which way it goes."""

    level: int
    """Its limit price."""

    lots: int
    """How much; at least 1."""

    least: int = 0
    """It meets at least so much on arrival or nothing; 0 and 1 for divisible. [lots]"""


class Trade(NamedTuple):
    """Two orders met."""

    buy: int
    """The buying order's number."""

    sell: int
    """The selling order's number."""

    lots: int
    """How much."""

    level: int
    """The limit of the order that was there before."""


class Continuous:
    """One book: what is open, and every trade so far."""

    __slots__ = (
        "_buyers",
        "_buyers_best",
        "_sellers",
        "_sellers_best",
        "fills_max",
        "left",
        "offers",
        "trades",
    )

    def __init__(self, *, fills_max: int = MATCHES_MAX) -> None:
        self.fills_max: Final = fills_max
        self.offers: list[tuple[bool, int, int, int]] = []
        """Every order as it came, under its number: the fields of an `Offer` each."""
        self.left: list[int] = []
        """What is open of each order, in a queue or outside. [lots]"""
        self.trades: list[tuple[int, int, int, int]] = []
        """The fields of a `Trade` each: plain tuples, because a million are made in a second."""
        self._buyers: Queues = {}
        self._sellers: Queues = {}
        self._buyers_best: list[int] = []
        self._sellers_best: list[int] = []

    def place(self, offers: Iterable[tuple[bool, int, int, int]]) -> None:
        """
        Let orders come in one after the other; each is the fields of an `Offer`.

        Time is O(1) for each order and each trade, and O(log levels) where a level opens or ends.
        """
        left, trades, fresh = self.left, self.trades, list(offers)
        self.offers += fresh
        for buys, level, asked, least in fresh:
            number, lots = len(left), asked
            if buys:
                limit, best, queues = level, self._sellers_best, self._sellers
            else:
                limit, best, queues = -level, self._buyers_best, self._buyers
            if least > 1 and self._within_reach(best, queues, limit, lots) < least:
                left.append(lots)
                continue
            room = self.fills_max
            while lots and best and best[0] <= limit:
                key = best[0]
                queue = queues[key]
                while queue and lots:
                    other = queue[0]
                    there = left[other]
                    if there and not room:
                        break
                    if there > lots:
                        left[other] = there - lots
                        there = lots
                    else:
                        queue.popleft()
                        left[other] = 0
                    if there:
                        room -= 1
                        lots -= there
                        trades.append(
                            (number, other, there, key) if buys else (other, number, there, -key)
                        )
                if queue:
                    break
                del queues[heappop(best)]
            if lots and best and best[0] <= limit:
                lots = 0
            left.append(lots)
            if not lots:
                continue
            if buys:
                _join(self._buyers, self._buyers_best, key=-limit, number=number)
            else:
                _join(self._sellers, self._sellers_best, key=-limit, number=number)

    def take(self, number: int, *, lots: int) -> bool:
        """
        Trade with a named order at its price; tell whether it was there for that.

        The taker becomes an order of its own, filled at once. What is left keeps its place.
        """
        buys, level, whole, least = self.offers[number]
        there = self.left[number]
        if not 0 < lots <= there or (lots < least and whole - there < least):
            return False
        self.left[number] -= lots
        taker = len(self.left)
        self.offers.append((not buys, level, lots, lots))
        self.left.append(0)
        pair = (number, taker) if buys else (taker, number)
        self.trades.append((*pair, lots, level))
        return True

    def cancel(self, number: int) -> int:
        """Take back what is open of an order; return how much, 0 for what is filled. [lots]"""
        lots, self.left[number] = self.left[number], 0
        return lots

    def best(self, *, buys: bool) -> int | None:
        """Return the best level at which somebody waits in a queue, or nothing."""
        best, queues = self._sellers_best, self._sellers
        if buys:
            best, queues = self._buyers_best, self._buyers
        while best:
            queue = queues[best[0]]
            while queue and not self.left[queue[0]]:
                queue.popleft()
            if queue:
                return -best[0] if buys else best[0]
            del queues[heappop(best)]
        return None

    def queue(self, *, buys: bool, level: int) -> list[tuple[int, int]]:
        """Return number and open lots of the orders that wait at a level, in order of arrival."""
        waiting = self._buyers.get(-level, ()) if buys else self._sellers.get(level, ())
        return [(number, self.left[number]) for number in waiting if self.left[number]]

    def _within_reach(self, best: list[int], queues: Queues, limit: int, lots: int) -> int:
        """Return how much of so many lots an order would meet at once. [lots]"""
        left, met, room = self.left, 0, self.fills_max
        for key in sorted(key for key in best if key <= limit):
            for other in queues[key]:
                if not room or met >= lots:
                    return min(met, lots)
                met += left[other]
                room -= left[other] > 0
        return min(met, lots)


def _join(queues: Queues, best: list[int], *, key: int, number: int) -> None:
    """Put an order at the end of its level's queue."""
    queue = queues.get(key)
    if queue is None:
        queues[key] = deque((number,))
        heappush(best, key)
    else:
        queue.append(number)
