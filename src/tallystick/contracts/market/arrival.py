"""
What an order meets when it comes in, and where its rest waits.

In a call auction it meets nobody yet and stands in its level's queue. In continuous trading it
meets the best price first and, at a price, whoever came first, always at the price of the order
that was there before. Four things are decided here that could be decided otherwise:

- An order for one partner, and an order whose minimum cannot be met on arrival, never stand in the
  queue: they wait outside until somebody takes them. So nobody ever has to look past an order that
  he cannot have, and the best price shown is one that everybody gets. An order whose minimum is met
  on arrival is divisible from then on.
- A resting order that has lapsed, or whose owner was suspended, or whose device has an outage in
  the delivery by now, is taken out by whoever meets it.
- One arrival fills and takes out a bounded number of orders. What would still cross goes back to
  its owner, so that a book is never left crossed.
- Whoever crosses an own order trades with himself, as in an auction.
"""

from typing import Final, NamedTuple

from msgspec.structs import replace

from tallystick.base.identifiers import RecordId
from tallystick.contracts.device.model import Device
from tallystick.contracts.device.views import in_outage
from tallystick.core.context import Context

from .book import Book, Entry, add, levels, remove, take, walk
from .commands import MATCHES_MAX
from .events import OrderEnded, OrderPlaced
from .model import (
    MarketRules,
    Order,
    Participant,
    Product,
    Reason,
    Side,
    Status,
    Trading,
    participant_id,
)
from .rejected import PLACED, PRODUCED
from .trade import Counted, Party, end_order, record_fill

LAPSES_MAX = 256
"""How many lapsed orders one arrival takes out."""

OPPOSITE = {Side.BUY: Side.SELL, Side.SELL: Side.BUY}


class Match(NamedTuple):
    """An order that was there before, and how much of it is traded."""

    id: RecordId
    """Its id."""

    order: Order
    """How it stands."""

    lots: int
    """How much of it is traded."""


class Plan(NamedTuple):
    """What an arriving order trades, and what becomes of the rest."""

    matches: tuple[Match, ...]
    """With whom it trades, in this order."""

    queued: bool
    """Whether the rest stands in its level's queue, or waits outside."""

    cut_short: bool
    """Whether more than one command may do would still cross."""


WAITS: Final = Plan((), queued=True, cut_short=False)
"""What an order does in a call auction, whatever is there."""


def arrive(context: Context, rules: MarketRules, id: RecordId, order: Order, *, book: Book) -> None:
    """Let a new order meet what crosses it, then put its rest where it waits, and write it."""
    plan, book = _plan(context, rules, order, book)
    report_placed(context, id, order, queued=plan.queued)
    if plan.matches:
        book, order = fill(context, rules, id, order, plan.matches, book=book)
    rest = order.lots - order.filled
    if rest and plan.cut_short:
        order = end_order(
            context,
            rules,
            id,
            order,
            product=book.product,
            status=Status.UNMATCHED,
            reason=Reason.FILLS_MAX,
        )
        context.emit(OrderEnded(order=id, status=order.status, reason=order.reason, lots=rest))
    elif rest and plan.queued:
        entry = Entry(id, rest, order.least)
        names = PLACED if order.mandate is None else PRODUCED
        book, page, slot = add(
            context, order.book, book, order.side, order.level, entry, field=names.level
        )
        context.write(id, replace(order, page=page, slot=slot, queued=True))
    else:
        context.write(id, order)
    context.write(order.book, book)


def fill(
    context: Context,
    rules: MarketRules,
    id: RecordId,
    order: Order,
    matches: tuple[Match, ...],
    *,
    book: Book,
) -> tuple[Book, Order]:
    """
    Trade an order with others at their prices; return the book and the order, to be written.

    Those others trade at their own limits, so only the order that came later can get money back.
    """
    number, buys = book.fills, order.side is Side.BUY
    counted = Counted(context, order.market, rules, book=order.book, product=book.product)
    mine = Party(rules, id, order)
    for match in matches:
        other = Party(rules, match.id, match.order)
        record_fill(
            context,
            rules,
            order.book,
            counted=counted,
            number=number,
            buy=mine if buys else other,
            sell=other if buys else mine,
            lots=match.lots,
            level=match.order.level,
        )
        context.write(match.id, other.after())
        number += 1
    counted.write()
    queued = [(match.order, match.lots) for match in matches if match.order.queued]
    book = take(context, order.book, book, queued)
    return replace(book, fills=number), mine.after()


def why_lapsed(context: Context, order: Order, *, product: Product) -> Reason:
    """
    Tell why a resting order meets nobody any more, or that nothing speaks against it.

    It is too late, or its owner was suspended; or its device was declared out of order since, for
    which only sellers of energy are looked up.
    """
    if context.time >= order.valid_until:
        return Reason.LAPSED
    participant = context.read(Participant, participant_id(order.market, order.owner))
    if participant is not None and participant.suspended:
        return Reason.LAPSED
    device = None if order.device is None else context.read(Device, order.device)
    if device is not None and in_outage(context, device, product.begin, product.end):
        return Reason.OUTAGE
    return Reason.NONE


def lapse(
    context: Context,
    rules: MarketRules,
    id: RecordId,
    order: Order,
    *,
    book: Book,
    reason: Reason,
) -> Book:
    """End an order that has lapsed for a reason; return the book without it, to be written."""
    book = remove(context, order.book, book, order)
    ended = end_order(
        context,
        rules,
        id,
        order,
        product=book.product,
        status=Status.UNMATCHED,
        reason=reason,
    )
    rest = order.lots - order.filled
    context.emit(OrderEnded(order=id, status=ended.status, reason=ended.reason, lots=rest))
    return book


def report_placed(context: Context, id: RecordId, order: Order, *, queued: bool) -> None:
    """Report an order that came in."""
    context.emit(
        OrderPlaced(
            order=id,
            book=order.book,
            side=order.side,
            owner=order.owner,
            level=order.level,
            lots=order.lots,
            least=order.least,
            valid_until=order.valid_until,
            funded=order.funded,
            device=order.device,
            partner=order.partner,
            mandate=order.mandate,
            queued=queued,
        )
    )


def _plan(context: Context, rules: MarketRules, order: Order, book: Book) -> tuple[Plan, Book]:
    """Return what an arriving order trades, and the book without the lapsed orders it met."""
    if rules.trading is Trading.CALL:
        return WAITS, book
    if order.partner is not None:
        return Plan((), queued=False, cut_short=False), book
    plan, book = _meet(context, rules, order, book)
    if order.least > 1 and sum(match.lots for match in plan.matches) < order.least:
        return Plan((), queued=False, cut_short=False), book
    return plan, book


def _meet(context: Context, rules: MarketRules, order: Order, book: Book) -> tuple[Plan, Book]:
    """Walk what crosses an order, best price first and then by time, as far as one command may."""
    side, id = OPPOSITE[order.side], order.book
    matches: list[Match] = []
    left, lapses = order.lots, 0
    for level in levels(context, id, book, side):
        if not _crosses(order, level):
            break
        for entry in walk(context, id, side, level):
            if len(matches) == MATCHES_MAX or lapses == LAPSES_MAX:
                return Plan(tuple(matches), queued=True, cut_short=True), book
            resting = context.read(Order, entry.order)
            if resting is None:
                raise AssertionError(f"order {entry.order.hex()} is queued and does not exist")
            reason = why_lapsed(context, resting, product=book.product)
            if reason is not Reason.NONE:
                book = lapse(context, rules, entry.order, resting, book=book, reason=reason)
                lapses += 1
                continue
            lots = min(left, entry.lots)
            matches.append(Match(entry.order, resting, lots))
            left -= lots
            if not left:
                return Plan(tuple(matches), queued=True, cut_short=False), book
    return Plan(tuple(matches), queued=True, cut_short=False), book


def _crosses(order: Order, level: int) -> bool:
    """Tell whether an order accepts a price of the other side."""
    return level <= order.level if order.side is Side.BUY else level >= order.level
