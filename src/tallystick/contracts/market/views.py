"""What can be asked about markets, books, orders, fills, bills and mandates, by id."""

from collections.abc import Iterator
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.contract import Reader

from .answers import (
    BookView,
    ClearingView,
    FillView,
    Item,
    MandateView,
    MarketView,
    Offer,
    OrderView,
    ParticipantView,
    StatementView,
)
from .book import PAGE, Book, level_totals, open_lots, page_sums
from .clearing import Clearing
from .errors_clearing import BookNotFound
from .errors_mandates import MandateNotFound, NotCleared
from .errors_orders import MarketNotFound, OrderNotFound
from .errors_settlement import FillNotFound, StatementNotFound
from .mandates import room_of
from .model import (
    PERIODS_MAX,
    Fill,
    Mandate,
    Market,
    MarketRules,
    Order,
    Parcel,
    Participant,
    Side,
    Statement,
    Status,
    participant_id,
    price_of,
    statement_id,
)
from .payments import vaults_of
from .pricing import curve
from .statements import charges_on

DEPTH_MAX: Final = 256

__all__ = [
    "BookView",
    "ClearingView",
    "FillView",
    "Item",
    "MandateView",
    "MarketView",
    "Offer",
    "OrderView",
    "ParticipantView",
    "ShowBook",
    "ShowClearing",
    "ShowFill",
    "ShowMandate",
    "ShowMarket",
    "ShowOrder",
    "ShowParticipant",
    "ShowStatement",
    "StatementView",
]


class ShowMarket(Record, tag="market.show"):
    """Show a market with its rules."""

    market: RecordId
    """Which."""


class ShowBook(Record, tag="market.show-book"):
    """Show what is offered of one product, the best prices first."""

    book: RecordId
    """Which; its id is computed from market and product."""

    depth: Annotated[int, Meta(ge=0, le=DEPTH_MAX)]
    """How many prices of each side at most."""


class ShowOrder(Record, tag="market.show-order"):
    """Show an order and where it stands."""

    order: RecordId
    """Which."""


class ShowFill(Record, tag="market.show-fill"):
    """Show a trade, and how it was settled."""

    fill: RecordId
    """Which."""


class ShowStatement(Record, tag="market.show-statement"):
    """Show what an account's bill for one period comes to; its lines are events."""

    market: RecordId
    """The market."""

    owner: PublicKey
    """The account."""

    period: Annotated[int, Meta(ge=0, lt=PERIODS_MAX)]
    """Which of the market's periods."""


class ShowParticipant(Record, tag="market.show-participant"):
    """Show whether an account may place orders."""

    market: RecordId
    """The market."""

    owner: PublicKey
    """The account."""


class ShowMandate(Record, tag="market.show-mandate"):
    """Show a standing order and what is left of its money."""

    mandate: RecordId
    """Which."""


class ShowClearing(Record, tag="market.show-clearing"):
    """Show a call auction's match certificate, and how far its fills are written."""

    book: RecordId
    """The book that was cleared."""


def show_market(reader: Reader, question: ShowMarket) -> MarketView:
    """Return a market, or raise `MarketNotFound`."""
    found = reader.read(Market, question.market)
    if found is None:
        raise MarketNotFound(question.market)
    vaults = vaults_of(question.market, found.rules.money)
    return MarketView(
        market=question.market,
        name=found.name,
        rules=found.rules,
        price_max=price_of(found.rules, found.rules.levels - 1),
        clearing_account=vaults.clearing,
        balancing_account=vaults.balancing,
        opened_at=found.opened_at,
    )


def show_book(reader: Reader, question: ShowBook) -> BookView:
    """
    Return what a book offers, or raise `BookNotFound`.

    Once a call auction is cleared, it is what was offered when the price was fixed.
    """
    id = question.book
    found, rules = _book(reader, id)
    return BookView(
        book=id,
        market=found.market,
        product=found.product,
        phase=found.phase,
        fills=found.fills,
        bids=_offers(reader, rules, id, found, side=Side.BUY, depth=question.depth),
        asks=_offers(reader, rules, id, found, side=Side.SELL, depth=question.depth),
        bid_lots=open_lots(found, Side.BUY),
        ask_lots=open_lots(found, Side.SELL),
    )


def show_order(reader: Reader, question: ShowOrder) -> OrderView:
    """Return an order, or raise `OrderNotFound`."""
    found = reader.read(Order, question.order)
    if found is None:
        raise OrderNotFound(question.order)
    return OrderView(
        order=question.order,
        market=found.market,
        book=found.book,
        side=found.side,
        owner=found.owner,
        price=price_of(_rules(reader, found.market), found.level),
        lots=found.lots,
        least=found.least,
        filled=found.filled,
        rest=found.lots - found.filled,
        value=found.value,
        funded=found.funded,
        device=found.device,
        placed_at=found.placed_at,
        valid_until=found.valid_until,
        lapsed=found.status is Status.OPEN and reader.time >= found.valid_until,
        status=found.status,
        reason=found.reason,
        mandate=found.mandate,
        kept=_kept(reader, question.order),
    )


def show_fill(reader: Reader, question: ShowFill) -> FillView:
    """Return a trade, or raise `FillNotFound`."""
    found = reader.read(Fill, question.fill)
    if found is None:
        raise FillNotFound(question.fill, field="fill")
    book, rules = _book(reader, found.book)
    price = price_of(rules, found.level)
    return FillView(
        fill=question.fill,
        book=found.book,
        number=found.number,
        product=book.product,
        buy=found.buy,
        sell=found.sell,
        lots=found.lots,
        price=price,
        value=found.lots * price,
        filled_at=found.filled_at,
        settled=found.settled,
        kept=_kept(reader, question.fill),
    )


def _kept(reader: Reader, id: RecordId) -> int:
    """Return what waits to be fetched under a fill's or an order's id."""
    found = reader.read(Parcel, id)
    return 0 if found is None else found.amount


def show_statement(reader: Reader, question: ShowStatement) -> StatementView:
    """
    Return an account's bill for a period, or raise `StatementNotFound`.

    While it is open its charges are what they would be if it closed now. How it is paid, from a
    reserve or a correction's debt, adds nothing to what it comes to.
    """
    id = statement_id(question.market, question.owner, question.period)
    found = reader.read(Statement, id)
    if found is None:
        raise StatementNotFound(question.owner, question.period, field="owner")
    rules = _rules(reader, question.market)
    items = tuple(_items(rules, found))
    return StatementView(
        statement=id,
        market=question.market,
        owner=question.owner,
        period=question.period,
        begin=rules.periods[question.period],
        end=rules.periods[question.period + 1],
        bought_wh=found.bought_wh,
        sold_wh=found.sold_wh,
        items=items,
        total=sum(item.amount for item in items),
        returned=found.returned,
        owed=found.owed,
        entries=found.entries,
        open_fills=found.open_fills,
        reserved=found.reserved,
        closed_at=found.closed_at,
    )


def show_participant(reader: Reader, question: ShowParticipant) -> ParticipantView:
    """Return what a market says about an account, perhaps nothing, or raise `MarketNotFound`."""
    rules = _rules(reader, question.market)
    found = reader.read(Participant, participant_id(question.market, question.owner))
    if found is None:
        found = Participant(admitted=False, suspended=False, due=0)
    admitted = found.admitted or not rules.members_only
    return ParticipantView(
        market=question.market,
        owner=question.owner,
        admitted=found.admitted,
        suspended=found.suspended,
        due=found.due,
        may_order=admitted and not found.suspended and not found.due,
    )


def show_mandate(reader: Reader, question: ShowMandate) -> MandateView:
    """Return a standing order, or raise `MandateNotFound`."""
    found = reader.read(Mandate, question.mandate)
    if found is None:
        raise MandateNotFound(question.mandate)
    return MandateView(
        mandate=question.mandate,
        terms=found,
        price=price_of(_rules(reader, found.market), found.level),
        room=room_of(found, spent=found.spent),
    )


def show_clearing(reader: Reader, question: ShowClearing) -> ClearingView:
    """Return a call auction's certificate, or raise `BookNotFound` or `NotCleared`."""
    id = question.book
    book, rules = _book(reader, id)
    found = reader.read(Clearing, id)
    if found is None:
        raise NotCleared(id)
    return ClearingView(
        book=id,
        product=book.product,
        stage=found.stage,
        level=found.level,
        price=None if found.level is None else price_of(rules, found.level),
        volume=found.volume,
        demand=found.demand,
        supply=found.supply,
        digest=found.digest,
        bids=tuple(curve(reader, id, book, Side.BUY, rules.levels)),
        asks=tuple(curve(reader, id, book, Side.SELL, rules.levels)),
        rejected=found.rejected,
        fills=found.fills,
        unmatched=found.unmatched,
        priced_at=found.priced_at,
        ended_at=found.ended_at,
    )


def _items(rules: MarketRules, found: Statement) -> Iterator[Item]:
    """Yield the lines of a bill, each as what it adds to what the account has."""
    yield Item("bought", -found.paid)
    yield Item("sold", found.received)
    yield Item("imbalance", -found.imbalance)
    yield Item("compensation", found.compensation)
    charges = found.charges if found.closed_at else charges_on(rules, found)
    for charge, amount in zip(rules.charges, charges, strict=True):
        yield Item(charge.name, -amount)


def _offers(
    reader: Reader, rules: MarketRules, id: RecordId, book: Book, *, side: Side, depth: int
) -> tuple[Offer, ...]:
    """Return what is open at the best prices of one side."""
    pages = [page for page, lots in enumerate(page_sums(book, side)) if lots]
    if side is Side.BUY:
        pages.reverse()
    offers: list[Offer] = []
    for page in pages:
        if len(offers) >= depth:
            break
        levels = range(PAGE)
        totals = level_totals(reader, id, side, page)
        for slot in levels if side is Side.SELL else reversed(levels):
            if totals[slot]:
                level = page * PAGE + slot
                offers.append(Offer(level, price_of(rules, level), totals[slot]))
    return tuple(offers[:depth])


def _book(reader: Reader, id: RecordId) -> tuple[Book, MarketRules]:
    """Return a book and the rules of its market, or raise `BookNotFound`."""
    found = reader.read(Book, id)
    if found is None:
        raise BookNotFound(id, field="book")
    return found, _rules(reader, found.market)


def _rules(reader: Reader, market: RecordId) -> MarketRules:
    """Return the rules of a market, or raise `MarketNotFound`."""
    found = reader.read(Market, market)
    if found is None:
        raise MarketNotFound(market)
    return found.rules
