"""The rules by which owners place orders and take them back."""

from tallystick.core.context import Context

from . import commands
from .arrival import lapse, why_lapsed
from .book import Book, remove
from .entry import enter_order
from .errors_orders import (
    BookNotOpen,
    GateClosed,
    MarketNotFound,
    OrderNotFound,
    OrderNotOpen,
    SignerIsNotOwner,
)
from .events import OrderEnded
from .model import Market, Order, Phase, Reason, Status, Trading
from .products import gate_closes_at
from .trade import end_order


def place(context: Context, command: commands.Place) -> None:
    """
    Offer to buy or sell, with money, goods and measurements bound beforehand.

    What the market itself says about the order is checked where mandates' orders come in as well.
    """
    # READ
    market = context.read(Market, command.market)
    # CHECK
    if market is None:
        raise MarketNotFound(command.market)
    if command.owner not in context.signers:
        raise SignerIsNotOwner(command.owner)
    # WRITE
    enter_order(context, command)


def cancel(context: Context, command: commands.Cancel) -> None:
    """
    Take back what is not filled of an order.

    In continuous trading anybody may end an order that has lapsed, so that what it binds is free
    even if nobody meets it. In a call auction nobody leaves after the gate has closed: who could
    look at the closed book and go would have an option on everybody else.
    """
    # READ
    id = command.order
    order = context.read(Order, id)
    market = None if order is None else context.read(Market, order.market)
    book = None if order is None else context.read(Book, order.book)
    # CHECK
    if order is None or market is None or book is None:
        raise OrderNotFound(id)
    rules = market.rules
    call = rules.trading is Trading.CALL
    own = order.owner in context.signers
    reason = Reason.NONE if own else why_lapsed(context, order, product=book.product)
    if not own and (call or reason is Reason.NONE):
        raise SignerIsNotOwner(order.owner, field="order")
    if order.status is not Status.OPEN:
        raise OrderNotOpen(id, order.status)
    if book.phase is not Phase.OPEN:
        raise BookNotOpen(order.book, book.phase, field="order")
    closed_at = gate_closes_at(rules, book.product)
    if call and context.time >= closed_at:
        raise GateClosed(closed_at, field="order")
    # WRITE
    if not own:
        context.write(order.book, lapse(context, rules, id, order, book=book, reason=reason))
        return
    context.write(order.book, remove(context, order.book, book, order))
    ended = end_order(
        context,
        rules,
        id,
        order,
        product=book.product,
        status=Status.CANCELLED,
        reason=Reason.NONE,
    )
    rest = order.lots - order.filled
    context.emit(OrderEnded(order=id, status=ended.status, reason=ended.reason, lots=rest))
