"""A fill together with everything around it that does not change."""

from collections.abc import Iterable
from typing import NamedTuple

from tallystick.base.identifiers import RecordId
from tallystick.core.context import Context

from .book import Book
from .errors_settlement import (
    BookNotCleared,
    FillNotFound,
    FillNotSettled,
    FillSettledAlready,
    FillsOfSeveralAccounts,
)
from .model import Counterparty, Fill, Market, MarketRules, Order, Phase, Product, price_of


class Deal(NamedTuple):
    """A fill with its market and product."""

    id: RecordId
    """The fill's id."""

    fill: Fill
    """The fill."""

    market: RecordId
    """The market's id."""

    rules: MarketRules
    """What the market states."""

    product: Product
    """What was traded."""

    price: int
    """At which price. [minor units of money per lot]"""

    place: int = 0
    """Which of the fills that a command names it is, so that a rejection can say so."""


def deals_to_settle(context: Context, ids: Iterable[RecordId]) -> list[Deal]:
    """Return fills that are to be settled for the first time, or refuse them."""
    deals = [deal_of(context, id, place=place) for place, id in enumerate(ids)]
    seen = set()
    for deal in deals:
        if deal.fill.settled is not None or deal.id in seen:
            raise FillSettledAlready(deal.id, place=deal.place)
        seen.add(deal.id)
    central = [deal for deal in deals if deal.rules.counterparty is Counterparty.CENTRAL]
    if central:
        _check_one_account(context, deals)
    for deal in central:
        if book_of(context, deal.fill.book).phase is not Phase.CLEARED:
            raise BookNotCleared(deal.fill.book, place=deal.place)
    return deals


def settled_deals(context: Context, ids: Iterable[RecordId]) -> list[Deal]:
    """Return fills that were settled before, or refuse them."""
    deals = [deal_of(context, id, place=place) for place, id in enumerate(ids)]
    seen = set()
    for deal in deals:
        if deal.fill.settled is None or deal.id in seen:
            raise FillNotSettled(deal.id, place=deal.place)
        seen.add(deal.id)
    return deals


def deal_of(context: Context, id: RecordId, *, place: int = 0) -> Deal:
    """Return a fill with what is around it, or refuse if there is none."""
    fill = context.read(Fill, id)
    if fill is None:
        raise FillNotFound(id, field=f"fills[{place}]")
    book = book_of(context, fill.book)
    rules = market_of(context, book.market).rules
    return Deal(id, fill, book.market, rules, book.product, price_of(rules, fill.level), place)


def order_of(context: Context, id: RecordId | None) -> tuple[RecordId, Order]:
    """Return the order that a fill names on one of its sides."""
    order = None if id is None else context.read(Order, id)
    if id is None or order is None:
        raise AssertionError("a fill misses one of its orders")
    return id, order


def book_of(context: Context, id: RecordId) -> Book:
    """Return a book that something points to."""
    book = context.read(Book, id)
    if book is None:
        raise AssertionError(f"book {id.hex()} vanished")
    return book


def market_of(context: Context, id: RecordId) -> Market:
    """Return a market that something points to."""
    market = context.read(Market, id)
    if market is None:
        raise AssertionError(f"market {id.hex()} vanished")
    return market


def _check_one_account(context: Context, deals: Iterable[Deal]) -> None:
    """Refuse to let two parties of a market whose counterparty is central be seen together."""
    owners = {
        order_of(context, id)[1].owner
        for deal in deals
        for id in (deal.fill.buy, deal.fill.sell)
        if id is not None
    }
    if len(owners) > 1:
        raise FillsOfSeveralAccounts(len(owners))
