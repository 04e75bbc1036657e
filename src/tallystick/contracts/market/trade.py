"""
What trading and ending an order change, whichever way orders meet.

`record_fill` serves continuous trading and the clearing of auctions, `end_order` whatever ends an
order before it is filled. Neither touches the book or its queues, and neither reports an end: the
caller knows why and does.
"""

from msgspec.structs import replace

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.context import Context

from .claiming import release_meters
from .events import MarketFilled
from .funding import bound_by_rest, charges_of, free_goods, free_money
from .model import (
    Fill,
    MarketRules,
    Order,
    Position,
    Product,
    Reason,
    Side,
    Status,
    Subject,
    fill_id,
    position_id,
    price_of,
)
from .positions import Positions, leave
from .statements import Expected
from .turnover import take_off


class Party:
    """
    An order that trades, and how it stands after what it has traded in this command.

    An order may trade many times in one command. What that changes is counted here, and the order
    is written once, from `after`.
    """

    __slots__ = (
        "_charges",
        "_charges_of_all",
        "_rules",
        "filled",
        "funded",
        "id",
        "order",
        "value",
    )

    def __init__(self, rules: MarketRules, id: RecordId, order: Order) -> None:
        self._rules = rules
        self.id = id
        self.order = order
        self.filled, self.value, self.funded = order.filled, order.value, order.funded
        self._charges = self._charges_of_all = 0
        if rules.charges and order.side is Side.BUY:
            rest = (order.lots - order.filled) * price_of(rules, order.level)
            self._charges = charges_of(rules, value=order.value, lots=order.filled)
            self._charges_of_all = charges_of(rules, value=order.value + rest, lots=order.lots)

    @property
    def left(self) -> int:
        """Return what it has not traded. [lots]"""
        return self.order.lots - self.filled

    def trade(self, lots: int, price: int) -> None:
        """Count lots that it traded, at so much each. [minor units of money]"""
        self.filled += lots
        self.value += lots * price

    def buy(self, lots: int, price: int) -> tuple[int, int]:
        """
        Count lots that it bought; return what is kept for their charges, and what is free again.

        That is what `bound_by_rest` falls by, less the price and its charges: the lots at the limit
        instead of the price, and the charges on the whole order, which was dearer by as much.
        """
        self.trade(lots, price)
        rules, limit = self._rules, price_of(self._rules, self.order.level)
        reserved, excess = 0, lots * (limit - price)
        if rules.charges:
            charges, charges_of_all = self._charges, self._charges_of_all
            self._charges = charges_of(rules, value=self.value, lots=self.filled)
            self._charges_of_all = self._charges
            if self.left:
                value = self.value + self.left * limit
                self._charges_of_all = charges_of(rules, value=value, lots=self.order.lots)
            reserved = self._charges - charges
            excess += charges_of_all - self._charges_of_all
        self.funded -= excess
        return reserved, excess

    def after(self) -> Order:
        """Return the order as it stands now."""
        order = self.order
        return replace(
            order,
            filled=self.filled,
            value=self.value,
            funded=self.funded,
            status=order.status if self.left else Status.FILLED,
        )


class Counted:
    """
    What the fills of one command in one book come to, beside the orders themselves.

    That is their owners' statements and positions, and the money that buyers get back. Whoever
    trades often in one command is looked up, paid and written once.
    """

    __slots__ = ("_context", "_expected", "_freed", "_positions", "_product", "_rules")

    def __init__(
        self,
        context: Context,
        market: RecordId,
        rules: MarketRules,
        *,
        book: RecordId,
        product: Product,
    ) -> None:
        self._context = context
        self._rules = rules
        self._product = product
        self._expected = Expected(context, market, rules, product)
        energy = rules.subject is Subject.ENERGY
        self._positions = Positions(context, book) if energy else None
        self._freed: dict[PublicKey | RecordId, tuple[Order, int]] = {}

    def fill(self, party: Party, lots: int) -> int | None:
        """Count a fill that an order has just taken part in; return where its position stood."""
        self._expected.count(party.order.owner)
        if self._positions is None:
            return None
        return self._positions.fill(party.order, lots, filled=not party.left)

    def free(self, order: Order, amount: int) -> None:
        """Count money that an order binds no longer. [minor units]"""
        if amount:
            payer = order.owner if order.mandate is None else order.mandate
            _, before = self._freed.get(payer, (order, 0))
            self._freed[payer] = order, before + amount

    def settle(self, order: Order) -> None:
        """Write an order's position, because the order is about to leave it."""
        if self._positions is not None:
            self._positions.write_that_of(order)

    def write(self) -> None:
        """Write all that was counted, and begin anew."""
        self._expected.write()
        if self._positions is not None:
            self._positions.write()
        for order, amount in self._freed.values():
            free_money(self._context, self._rules, order, amount=amount, product=self._product)
        self._freed.clear()


def record_fill(  # noqa: PLR0913 - one per fact of a trade.
    context: Context,
    rules: MarketRules,
    book: RecordId,
    *,
    counted: Counted,
    number: int,
    buy: Party | None,
    sell: Party | None,
    lots: int,
    level: int,
    offset: int = 0,
) -> Fill:
    """
    Write a trade of so many lots between two orders, or one order and the clearing account.

    Offsets of energy are where the accounts' positions stood; for holdings `offset` is given. The
    caller counts the book's fills, takes queued orders' lots out of their queues, and writes the
    orders, and what was `counted`, after the last fill.
    """
    price = price_of(rules, level)
    buy_offset = sell_offset = None
    reserved = 0
    if buy is not None:
        reserved, excess = buy.buy(lots, price)
        buy_offset = counted.fill(buy, lots)
        counted.free(buy.order, excess)
    if sell is not None:
        sell.trade(lots, price)
        sell_offset = counted.fill(sell, lots)
    fill = Fill(
        book,
        number,
        None if buy is None else buy.id,
        None if sell is None else sell.id,
        lots,
        level,
        offset if buy_offset is None else buy_offset,
        offset if sell_offset is None else sell_offset,
        reserved,
        context.time,
    )
    id = fill_id(book, number)
    context.create(id, fill)
    context.emit(MarketFilled(id, book, number, fill.buy, fill.sell, lots, level))
    return fill


def end_order(
    context: Context,
    rules: MarketRules,
    id: RecordId,
    order: Order,
    *,
    product: Product,
    status: Status,
    reason: Reason,
) -> Order:
    """
    End an order that is not filled: free its money and goods, and its meters with the last one.

    It is written and returned; the caller reports it and takes it out of its queue.
    """
    freed = bound_by_rest(rules, order)
    ended = replace(order, funded=order.funded - freed, status=status, reason=reason)
    context.write(id, ended)
    free_money(context, rules, order, amount=freed, product=product)
    free_goods(context, rules, id, order, product=product)
    take_off(context, rules, order)
    if rules.subject is Subject.ENERGY:
        _leave_position(context, order)
    return ended


def _leave_position(context: Context, order: Order) -> None:
    """Take an order's open lots out of its position, which ends if nothing came of it."""
    position = leave(context, order)
    if position.open_orders or position.open_fills:
        return
    release_meters(context, order.book, position)
    if not position.lots:
        context.delete(Position, position_id(order.book, order.side, order.owner))
