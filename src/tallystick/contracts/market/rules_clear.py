"""The rule that clears a call auction: the price first, then its fills, in bounded steps."""

from msgspec.structs import replace

from tallystick.base.identifiers import RecordId
from tallystick.core.context import Context

from . import commands
from .book import Book, remove
from .clearing import FRESH, WORK_MAX, Clearing, Stage
from .clearing_walk import Budget, Walker
from .deals import deal_of
from .errors_clearing import AlreadyCleared, BookNotFound, GateNotClosed, TradingIsContinuous
from .errors_orders import MarketNotFound
from .events import OrderEnded
from .events_clearing import ClearingEnded, MarketCleared
from .match_certificate import curves_digest
from .model import (
    Counterparty,
    Market,
    MarketRules,
    Order,
    Phase,
    Reason,
    Side,
    Status,
    Trading,
    book_id,
    fill_id,
    price_of,
)
from .payments import goods_of, money_to_clearing, sell_goods
from .pricing import Priced, curve, priced
from .products import gate_closes_at
from .rules_holding import default_at_clearing
from .trade import Counted, Party, end_order, record_fill


def clear(context: Context, command: commands.Clear) -> None:
    """
    Clear a book after its gate has closed, or go on where somebody stopped.

    Whoever sends the command only pays for its transaction: nothing in the outcome depends on who
    it was, how often it was sent, or how much was asked for each time.
    """
    # READ
    id = book_id(command.market, command.product)
    market = context.read(Market, command.market)
    book = context.read(Book, id)
    clearing = context.read(Clearing, id)
    # CHECK
    if market is None:
        raise MarketNotFound(command.market)
    rules = market.rules
    if rules.trading is not Trading.CALL:
        raise TradingIsContinuous(command.market)
    if book is None:
        raise BookNotFound(id, field="product")
    if book.phase is Phase.CLEARED:
        raise AlreadyCleared(id)
    closes_at = gate_closes_at(rules, command.product)
    if context.time < closes_at:
        raise GateNotClosed(closes_at, context.time)
    # WRITE
    if clearing is None or clearing.stage is Stage.PRICING:
        book, clearing = _fix_price(context, rules, id, book=book, clearing=clearing or FRESH)
    if clearing.stage is Stage.FILLING and context.time >= bills_end_at(rules):
        book, clearing = _lapsed(book, clearing)
    if clearing.stage is Stage.FILLING:
        book, clearing = _go_on(
            context, rules, id, book=book, clearing=clearing, fills_max=command.fills_max
        )
    context.write(id, book)
    context.write(id, clearing)


def _fix_price(
    context: Context, rules: MarketRules, id: RecordId, *, book: Book, clearing: Clearing
) -> tuple[Book, Clearing]:
    """Let orders leave that would be filled below their minimum, until the price stands."""
    if context.time >= bills_end_at(rules):
        lapsed = replace(clearing, stage=Stage.FILLING, unmatched=clearing.rejected)
        return replace(book, phase=Phase.FILLING), lapsed
    rejected, work = clearing.rejected, 0
    found = priced(context, id, book, levels=rules.levels, tie=rules.tie)
    while found.short is not None and work < WORK_MAX:
        work += found.work
        book = _turn_away(context, rules, id, book=book, order_id=found.short.order)
        rejected += 1
        found = priced(context, id, book, levels=rules.levels, tie=rules.tie)
    book = replace(book, phase=Phase.FILLING)
    if found.short is not None:
        return book, replace(clearing, rejected=rejected)
    return _publish(context, rules, id, book=book, found=found, rejected=rejected)


def bills_end_at(rules: MarketRules) -> int:
    """
    Return from when on the bill of every period may be closed. [ms since the epoch, UTC]

    What would be traded then could stand on no bill. So a book that nobody has cleared until then
    trades nothing any more, and its orders get back what they bind.
    """
    return (rules.periods[-1] + rules.settlement_delay) * 1000


def _lapsed(book: Book, clearing: Clearing) -> tuple[Book, Clearing]:
    """
    Give neither side any more of the volume.

    Where the clearing account stands between them, sellers come last: buyers have to go without
    what no seller was given.
    """
    after = replace(
        clearing,
        lapsed=True,
        buy=replace(clearing.buy, rest=0),
        sell=replace(clearing.sell, rest=0),
    )
    return replace(book, volume=book.volume - clearing.sell.rest), after


def _turn_away(
    context: Context, rules: MarketRules, id: RecordId, *, book: Book, order_id: RecordId
) -> Book:
    """Take an order out of the auction that would be filled below its minimum."""
    order = context.read(Order, order_id)
    assert order is not None, "a queue names orders that stand on the ledger"
    book = remove(context, id, book, order)
    status, reason = Status.UNMATCHED, Reason.LEAST_NOT_MET
    end_order(context, rules, order_id, order, product=book.product, status=status, reason=reason)
    context.emit(OrderEnded(order_id, status, reason, order.lots))
    return book


def _publish(
    context: Context,
    rules: MarketRules,
    id: RecordId,
    *,
    book: Book,
    found: Priced,
    rejected: int,
) -> tuple[Book, Clearing]:
    """Fix the price and say what proves it."""
    digest = curves_digest(
        curve(context, id, book, Side.BUY, rules.levels),
        curve(context, id, book, Side.SELL, rules.levels),
    )
    clearing = Clearing(
        stage=Stage.FILLING,
        rejected=rejected,
        lapsed=False,
        level=found.level,
        volume=found.volume,
        demand=found.demand,
        supply=found.supply,
        digest=digest,
        buy=found.buy,
        sell=found.sell,
        fills=0,
        unmatched=rejected,
        priced_at=context.time,
        ended_at=0,
    )
    context.emit(
        MarketCleared(
            market=book.market,
            book=id,
            product=book.product,
            level=found.level,
            price=0 if found.level is None else price_of(rules, found.level),
            volume=found.volume,
            demand=found.demand,
            supply=found.supply,
            levels=rules.levels,
            digest=digest,
            rejected=rejected,
        )
    )
    return replace(book, volume=found.volume), clearing


def _go_on(
    context: Context,
    rules: MarketRules,
    id: RecordId,
    *,
    book: Book,
    clearing: Clearing,
    fills_max: int,
) -> tuple[Book, Clearing]:
    """Walk both queues as far as one command may."""
    budget = Budget(fills_max)
    counted = Counted(context, book.market, rules, book=id, product=book.product)
    buy, sell = (
        Walker(
            context,
            rules,
            id,
            book=book,
            side=side,
            clearing=clearing,
            budget=budget,
            counted=counted,
        )
        for side in (Side.BUY, Side.SELL)
    )
    level = clearing.level or 0
    if rules.counterparty is Counterparty.NAMED:
        number = _fill_pairs(context, rules, id, buy=buy, sell=sell, level=level)
    else:
        number = _fill_alone(context, rules, id, walker=buy, number=book.fills, level=level)
        if buy.ended:
            number = _fill_alone(context, rules, id, walker=sell, number=number, level=level)
    counted.write()
    ended = buy.ended and sell.ended
    after = replace(
        clearing,
        stage=Stage.ENDED if ended else Stage.FILLING,
        buy=buy.pause(),
        sell=sell.pause(),
        fills=number,
        unmatched=clearing.unmatched + buy.unmatched + sell.unmatched,
        ended_at=context.time if ended else 0,
    )
    if ended:
        context.emit(ClearingEnded(id, after.fills, after.unmatched))
    phase = Phase.CLEARED if ended else Phase.FILLING
    defaulted = book.defaulted_lots + sell.defaulted_lots
    return replace(book, phase=phase, fills=number, defaulted_lots=defaulted), after


def _fill_pairs(
    context: Context, rules: MarketRules, id: RecordId, *, buy: Walker, sell: Walker, level: int
) -> int:
    """Pair buyers and sellers, N to N; return the number of the next fill."""
    book, budget = buy.book, buy.budget
    number = book.fills
    while _advance_both(buy, sell) and budget.steps:
        budget.steps -= 1
        lots = min(buy.left, sell.left)
        record_fill(
            context,
            rules,
            id,
            counted=buy.counted,
            number=number,
            buy=buy.party,
            sell=sell.party,
            lots=lots,
            level=level,
        )
        buy.give(lots)
        sell.give(lots)
        number += 1
    return number


def _advance_both(buy: Walker, sell: Walker) -> bool:
    """
    Move both sides to orders that are still to be given lots; tell whether both have one.

    Buyers move first. Sellers wait if the command may not go on with the buyers, so that events
    come in the same order in however many pieces.
    """
    buys = buy.advance()
    return (buys or buy.ended) and sell.advance() and buys


def _fill_alone(
    context: Context, rules: MarketRules, id: RecordId, *, walker: Walker, number: int, level: int
) -> int:
    """Give each order of a side its part from the clearing; return the number of the next fill."""
    budget, volume = walker.budget, walker.book.volume
    buys = walker.side is Side.BUY
    while walker.advance() and budget.steps:
        budget.steps -= 1
        party, lots = walker.party, walker.left
        assert party is not None, "a walk that has advanced stands at an order"
        fill = record_fill(
            context,
            rules,
            id,
            counted=walker.counted,
            number=number,
            buy=party if buys else None,
            sell=None if buys else party,
            lots=lots,
            level=level,
            offset=volume - walker.rest,
        )
        if buys:
            party.funded -= money_to_clearing(context, rules, party.order, fill=fill)
        elif not rules.collateral:
            _goods_to_vault(
                context, rules, id, walker=walker, party=party, number=number, lots=lots
            )
        walker.give(lots)
        number += 1
    return number


def _goods_to_vault(
    context: Context,
    rules: MarketRules,
    id: RecordId,
    *,
    walker: Walker,
    party: Party,
    number: int,
    lots: int,
) -> None:
    """Move what a seller has deposited to the book's vault, or settle its default at once."""
    unit, fill = walker.book.product.unit, fill_id(id, number)
    refused = sell_goods(
        context,
        rules,
        party.id,
        party.order,
        fill=fill,
        unit=unit,
        lots=lots,
        target=goods_of(id, unit).owner,
    )
    if refused is not None:
        walker.write()
        walker.counted.write()
        default_at_clearing(context, deal_of(context, fill))
        walker.defaulted_lots += lots
