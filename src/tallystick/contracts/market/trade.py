"""
What trading and ending an order change, whichever way orders meet.

`record_fill` serves continuous trading and the clearing of auctions, `end_order` whatever ends an
order before it is filled. Neither touches the book or its queues, and neither reports an end: the
caller knows why and does.
"""

from typing import NamedTuple

from msgspec.structs import replace

from tallystick.base.identifiers import RecordId
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
    Status,
    Subject,
    fill_id,
    position_id,
    price_of,
)
from .positions import Positions, leave
from .statements import Expected
from .turnover import take_off


class Party(NamedTuple):
    """An order that trades, under its id."""

    id: RecordId
    """Its id."""

    order: Order
    """How it stands before the trade."""


class Counted:
    """
    What the fills of one command in one book come to on their owners' statements and positions.

    Whoever trades often in one command is looked up, and written, once.
    """

    __slots__ = ("_expected", "_positions")

    def __init__(
        self,
        context: Context,
        market: RecordId,
        rules: MarketRules,
        *,
        book: RecordId,
        product: Product,
    ) -> None:
        self._expected = Expected(context, market, rules, product)
        energy = rules.subject is Subject.ENERGY
        self._positions = Positions(context, book) if energy else None

    def fill(self, order: Order, lots: int) -> int | None:
        """Count a fill of an order, as it stands after it; return where its position stood."""
        self._expected.count(order.owner)
        return None if self._positions is None else self._positions.fill(order, lots)

    def settle(self, order: Order) -> None:
        """Write an order's position, because the order is about to leave it."""
        if self._positions is not None:
            self._positions.write_that_of(order)

    def write(self) -> None:
        """Write all that was counted, and begin anew."""
        self._expected.write()
        if self._positions is not None:
            self._positions.write()


class Trade(NamedTuple):
    """What a fill left of its orders."""

    buy: Order | None
    """The buying order after the trade, as it was written."""

    sell: Order | None
    """The selling order after the trade, as it was written."""

    excess: int
    """
    What the buyer bound for this fill above what it costs. It is out of `buy.funded` already; the
    caller frees it by `free_money`, once for as many fills as it likes. [minor units of money]
    """


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
) -> Trade:
    """
    Write a trade of so many lots between two orders, or one order and the clearing account.

    Offsets of energy are where the accounts' positions stood; for holdings `offset` is given. The
    caller counts the book's fills, takes queued orders' lots out of their queues, and writes what
    was `counted` after the last fill.
    """
    bought = sold = buy_offset = sell_offset = None
    reserved = excess = 0
    if buy is not None:
        bought, reserved, excess = _bought(rules, buy.order, lots=lots, level=level)
        buy_offset = _write_side(context, buy.id, bought, counted=counted, lots=lots)
    if sell is not None:
        sold = _sold(rules, sell.order, lots=lots, level=level)
        sell_offset = _write_side(context, sell.id, sold, counted=counted, lots=lots)
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
    return Trade(bought, sold, excess)


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
    free_money(context, rules, id, order, amount=freed, product=product)
    free_goods(context, rules, id, order, product=product)
    take_off(context, rules, order)
    if rules.subject is Subject.ENERGY:
        _leave_position(context, order)
    return ended


def _bought(rules: MarketRules, order: Order, *, lots: int, level: int) -> tuple[Order, int, int]:
    """
    Return the buyer's order after a fill, what is kept for its charges, and what it frees.

    That is what `bound_by_rest` falls by, less the price and its charges: the lots at the limit
    instead of the price, and the charges on the whole order, which was dearer by as much.
    """
    limit, price = lots * price_of(rules, order.level), lots * price_of(rules, level)
    value, filled = order.value + price, order.filled + lots
    reserved = 0
    if rules.charges:
        reserved = charges_of(rules, value=value, lots=filled)
        reserved -= charges_of(rules, value=order.value, lots=order.filled)
    excess = limit - price
    if excess and rules.charges:
        rest = (order.lots - filled) * price_of(rules, order.level)
        excess += charges_of(rules, value=order.value + limit + rest, lots=order.lots)
        excess -= charges_of(rules, value=value + rest, lots=order.lots)
    after = replace(
        order,
        value=value,
        filled=filled,
        funded=order.funded - excess,
        status=Status.FILLED if filled == order.lots else order.status,
    )
    return after, reserved, excess


def _sold(rules: MarketRules, order: Order, *, lots: int, level: int) -> Order:
    """Return the seller's order after a fill; what it deposited stays until that is settled."""
    filled = order.filled + lots
    return replace(
        order,
        value=order.value + lots * price_of(rules, level),
        filled=filled,
        status=Status.FILLED if filled == order.lots else order.status,
    )


def _write_side(
    context: Context, id: RecordId, order: Order, *, counted: Counted, lots: int
) -> int | None:
    """Write one side of a fill; return where its account's position stood, if it has one. [lots]"""
    context.write(id, order)
    return counted.fill(order, lots)


def _leave_position(context: Context, order: Order) -> None:
    """Take an order's open lots out of its position, which ends if nothing came of it."""
    position = leave(context, order)
    if position.open_orders or position.open_fills:
        return
    release_meters(context, order.book, position)
    if not position.lots:
        context.delete(Position, position_id(order.book, order.side, order.owner))
