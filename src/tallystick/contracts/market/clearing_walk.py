"""
The walk of a clearing: both queues from their best price to their worst, in steps of any size.

Each side stands at an order that is still to be given lots. Two sides make a fill, whichever
needs less ends its order's part, and that side moves on. An order that has its part, and did not
get all, is told why and gets back what it had bound. When the volume is used up, what is left of
both queues is walked in the same way, and every part is nothing.

Nothing in a queue or a total changes meanwhile, so a place in the queue and the lots that a side
has still to be given are all that the next command needs to know.
"""

from collections.abc import Iterator
from typing import Final

from tallystick.base.identifiers import RecordId
from tallystick.core.context import Context

from .book import PAGE, Book, Queue, Standing, open_lots, open_orders
from .clearing import PAGES_MAX, Clearing, Line
from .events import OrderEnded
from .ids import queue_page_id
from .margin import allotment
from .model import MarketRules, Order, Reason, Side, Status, Tie
from .pricing import curve, rank_of
from .trade import Counted, Party, end_order

OTHER: Final = {Side.BUY: Side.SELL, Side.SELL: Side.BUY}


class Budget:
    """What one command may still do."""

    __slots__ = ("pages", "steps")

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.pages = PAGES_MAX


class Walker:
    """One side of a book, and how far its queue was walked."""

    __slots__ = (
        "_context",
        "_curve",
        "_id",
        "_lapsed",
        "_level",
        "_line",
        "_opened",
        "_page",
        "_price",
        "_rank",
        "_rules",
        "_slot",
        "_tied",
        "_ties",
        "_waiting",
        "book",
        "budget",
        "counted",
        "defaulted_lots",
        "left",
        "party",
        "rest",
        "side",
        "unmatched",
    )

    def __init__(
        self,
        context: Context,
        rules: MarketRules,
        id: RecordId,
        *,
        book: Book,
        side: Side,
        clearing: Clearing,
        budget: Budget,
        counted: Counted,
    ) -> None:
        line = clearing.buy if side is Side.BUY else clearing.sell
        self._context = context
        self._rules = rules
        self._id = id
        self.budget = budget
        self.counted = counted
        self._line = line
        self._price = clearing.level
        self._lapsed = clearing.lapsed
        self._curve = curve(context, id, book, side, rules.levels)
        if side is Side.BUY:
            self._curve.reverse()
        self._rank, self._page, self._slot = line.rank, line.page, line.slot
        self._ties = line.ties
        self._level = 0
        self._opened = False
        self._waiting: Iterator[Standing] = iter(())
        self._tied = False
        self.book = book
        self.side = side
        self.rest = line.rest
        self.party: Party | None = None
        self.left = 0
        self.unmatched = 0
        self.defaulted_lots = 0

    @property
    def ended(self) -> bool:
        """Tell whether every order of this side was dealt with."""
        return self.party is None and self._rank == self._rules.levels

    def advance(self) -> bool:
        """
        Move to the next order that is still to be given lots, and tell whether there is one.

        Orders on the way are told that they found nobody. Without one, either the walk has ended or
        the budget has.
        """
        while self.party is not None or self._load():
            if self.left:
                return True
            if not self._pass():
                return False
        return False

    def give(self, lots: int) -> None:
        """Note a fill of the order that the walk stands at."""
        self.left -= lots
        self.rest -= lots

    def pause(self) -> Line:
        """Write the order that the walk stands at; return where that is."""
        self.write()
        line, ties = self._line, self._ties if self.rest else 0
        return Line(line.margin, line.cut, self.rest, ties, self._rank, self._page, self._slot)

    def write(self) -> None:
        """Write the order that the walk stands at, if it has traded."""
        party = self.party
        if party is not None and party.filled != party.order.filled:
            self._context.write(party.id, party.after())

    def _load(self) -> bool:
        """Read the next order of the queue, and what it is still to be given."""
        while (found := next(self._waiting, None)) is None:
            if self._opened:
                self._page, self._slot, self._opened = self._page + 1, 0, False
            if not self._turn():
                return False
        self._slot, id = found
        order = self._context.read(Order, id)
        assert order is not None, "a queue names orders that stand on the ledger"
        self.party = Party(self._rules, id, order)
        self.left = self._part(order) - order.filled
        return True

    def _turn(self) -> bool:
        """Turn to the page at which the walk stands, or to the next one that there is."""
        curve, levels = self._curve, self._rules.levels
        while self._rank < levels:
            if curve[self._rank]:
                self._level = rank_of(self.side, self._rank, levels=levels)
                first_id = queue_page_id(self._id, self.side, self._level, 0)
                queue = self._context.read(Queue, first_id) or Queue(0, 0)
                self._page = max(self._page, queue.head // PAGE)
                size = queue.size - self._page * PAGE
                if size > 0:
                    return self._open_page(first_id, size)
            self._rank, self._page, self._slot = self._rank + 1, 0, 0
        return False

    def _open_page(self, page_id: RecordId, size: int) -> bool:
        """Read a page of the queue, if the command may read another."""
        if not self.budget.pages:
            return False
        self.budget.pages -= 1
        if self._page:
            page_id = queue_page_id(self._id, self.side, self._level, self._page)
        self._waiting = iter(open_orders(self._context, page_id, size, first=self._slot))
        self._opened = True
        return True

    def _part(self, order: Order) -> int:
        """Return what the clearing gives an order in all. [lots]"""
        self._tied = False
        if not self.rest:
            return order.filled
        line = self._line
        if self._level != line.margin:
            return order.lots
        if self._rules.tie is Tie.TIME:
            return min(order.lots, order.filled + self.rest)
        lots, self._tied = allotment(line.cut, order.lots, ties=self._ties)
        return lots

    def _pass(self) -> bool:
        """Leave an order that has its part, if the command may; end what is left of it."""
        party = self.party
        assert party is not None, "only an order that was read is passed"
        if party.left:
            if not party.filled:
                if not self.budget.steps:
                    return False
                self.budget.steps -= 1
            self._end(party)
        else:
            self.write()
        self._ties -= self._tied
        self._slot += 1
        self.party = None
        return True

    def _end(self, party: Party) -> None:
        """Tell an order that a part of it, or all, found nobody."""
        self.counted.settle(party.order)
        reason = self._reason()
        end_order(
            self._context,
            self._rules,
            party.id,
            party.after(),
            product=self.book.product,
            status=Status.UNMATCHED,
            reason=reason,
        )
        self._context.emit(OrderEnded(party.id, Status.UNMATCHED, reason, party.left))
        self.unmatched += 1

    def _reason(self) -> Reason:
        """Return why lots of the level that is walked found nobody."""
        if self._lapsed:
            return Reason.LAPSED
        if not open_lots(self.book, OTHER[self.side]):
            return Reason.NOBODY_OPPOSITE
        if self._price is None:
            return Reason.PRICES_DO_NOT_CROSS
        outside = self._level < self._price if self.side is Side.BUY else self._level > self._price
        return Reason.OUTSIDE_PRICE if outside else Reason.RATIONED
