"""The rule by which somebody trades with a named order."""

from tallystick.core.context import Context

from . import commands
from .arrival import OPPOSITE, Match, fill, report_placed, why_lapsed
from .book import Book
from .entry import enter, judge
from .errors_orders import (
    BelowLeast,
    LotsNotAvailable,
    NotContinuous,
    OrderIsForAnother,
    OrderLapsed,
    OrderNotFound,
    OrderNotOpen,
    SignerIsNotOwner,
)
from .model import Market, Order, Product, Reason, Status, Trading
from .rejected import TAKEN


def take(context: Context, command: commands.Take) -> None:
    """
    Trade with a named order at its price, in part or as a whole.

    The taker's side becomes an order as well, filled at once, so that each fill names two. What is
    taken need not be the best price: who takes has chosen, and what is left keeps its place.
    """
    # READ
    id = command.order
    resting = context.read(Order, id)
    market = None if resting is None else context.read(Market, resting.market)
    book = None if resting is None else context.read(Book, resting.book)
    # CHECK
    if resting is None or market is None or book is None:
        raise OrderNotFound(id)
    if command.owner not in context.signers:
        raise SignerIsNotOwner(command.owner)
    if resting.status is not Status.OPEN:
        raise OrderNotOpen(id, resting.status)
    _check_taken(context, market, command, resting, product=book.product)
    opposite = commands.Place(
        market=resting.market,
        product=book.product,
        side=OPPOSITE[resting.side],
        owner=command.owner,
        level=resting.level,
        lots=command.lots,
        least=command.lots,
        valid_until=0,
        device=command.device,
        meters=command.meters,
        partner=None,
    )
    judged = judge(context, market, opposite, TAKEN)
    # WRITE
    taker_id, taker, book = enter(context, market.rules, opposite, judged, mandate=None)
    report_placed(context, taker_id, taker, queued=False)
    match = Match(id, resting, command.lots)
    book, taker = fill(context, market.rules, taker_id, taker, (match,), book=book)
    context.write(taker_id, taker)
    context.write(resting.book, book)


def _check_taken(
    context: Context,
    market: Market,
    command: commands.Take,
    resting: Order,
    *,
    product: Product,
) -> None:
    """Refuse to take what is not there for this account, or not in this amount."""
    id, left = command.order, resting.lots - resting.filled
    if market.rules.trading is not Trading.CONTINUOUS:
        raise NotContinuous(market.name)
    if why_lapsed(context, resting, product=product) is not Reason.NONE:
        raise OrderLapsed(id)
    if command.lots > left:
        raise LotsNotAvailable(command.lots, left)
    if resting.filled < resting.least and command.lots < resting.least:
        raise BelowLeast(command.lots, resting.least)
    if resting.partner not in (None, command.owner):
        raise OrderIsForAnother(id)
