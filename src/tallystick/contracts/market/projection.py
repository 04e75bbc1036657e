"""
Markets' read model: markets, participants, books, orders, fills, bills with every line, mandates.

Nothing that is absent is null: no id is the empty one, and no level is -1. What depends on the time
of asking is left to whoever asks: an `open` order is filled once `filled` is `lots`, and has lapsed
from `valid_until` on. A price is `price_min + level * tick` of its market.
"""

from collections.abc import Iterator
from typing import Final

from tallystick.core.event import Event
from tallystick.core.projection import Add, Insert, Projection, RowChange, Table, Update

from .events import (
    BookOpened,
    MarketFilled,
    MarketOpened,
    OrderEnded,
    OrderPlaced,
    ParticipantAdmitted,
    ParticipantSuspended,
)
from .events_clearing import ClearingEnded, MarketCleared
from .events_mandates import MandateEnded, MandateGiven, OrderProduced
from .events_settlement import (
    Cut,
    LineKind,
    MarketCorrected,
    MarketEntry,
    MarketSettled,
    StatementClosed,
    StatementOpened,
)
from .model import Phase, Reason, Settled, Status

MARKETS = Table(
    name="market_markets",
    columns=(
        ("market", "bytes"),
        ("name", "text"),
        ("subject", "text"),
        ("sector", "text"),
        ("goods", "text"),
        ("money", "bytes"),
        ("trading", "text"),
        ("counterparty", "text"),
        ("quantum", "integer"),
        ("price_min", "integer"),
        ("tick", "integer"),
        ("levels", "integer"),
        ("opened_at", "integer"),
    ),
    key=("market",),
    indexes=(("name",),),
)

PARTICIPANTS = Table(
    name="market_participants",
    columns=(
        ("market", "bytes"),
        ("owner", "bytes"),
        ("admitted", "integer"),
        ("suspended", "integer"),
    ),
    key=("market", "owner"),
)

BOOKS = Table(
    name="market_books",
    columns=(
        ("book", "bytes"),
        ("market", "bytes"),
        ("unit", "bytes"),
        ("begin", "integer"),
        ("end", "integer"),
        ("phase", "text"),
        ("level", "integer"),
        ("fills", "integer"),
        ("bought", "integer"),
        ("sold", "integer"),
        ("demand", "integer"),
        ("supply", "integer"),
        ("digest", "bytes"),
        ("priced_at", "integer"),
    ),
    key=("book",),
    indexes=(("market", "begin"),),
)

ORDERS = Table(
    name="market_orders",
    columns=(
        ("order", "bytes"),
        ("book", "bytes"),
        ("side", "text"),
        ("owner", "bytes"),
        ("level", "integer"),
        ("lots", "integer"),
        ("least", "integer"),
        ("filled", "integer"),
        ("placed_at", "integer"),
        ("valid_until", "integer"),
        ("device", "bytes"),
        ("mandate", "bytes"),
        ("queued", "integer"),
        ("status", "text"),
        ("reason", "text"),
    ),
    key=("order",),
    indexes=(("owner", "status"), ("book", "side", "level")),
)

FILLS = Table(
    name="market_fills",
    columns=(
        ("fill", "bytes"),
        ("book", "bytes"),
        ("number", "integer"),
        ("buy", "bytes"),
        ("sell", "bytes"),
        ("lots", "integer"),
        ("level", "integer"),
        ("filled_at", "integer"),
        ("settled_at", "integer"),
        ("cut", "text"),
        ("cut_lots", "integer"),
        ("missing", "integer"),
        ("delivered_wh", "integer"),
        ("consumed_wh", "integer"),
        ("claimed_wh", "integer"),
        ("buyer_pays", "integer"),
        ("seller_gets", "integer"),
        ("seller_pays", "integer"),
    ),
    key=("fill",),
    indexes=(("book", "number"), ("buy",), ("sell",)),
)

STATEMENTS = Table(
    name="market_statements",
    columns=(
        ("statement", "bytes"),
        ("market", "bytes"),
        ("owner", "bytes"),
        ("period", "integer"),
        ("entries", "integer"),
        ("bought_wh", "integer"),
        ("sold_wh", "integer"),
        ("paid", "integer"),
        ("received", "integer"),
        ("imbalance", "integer"),
        ("compensation", "integer"),
        ("returned", "integer"),
        ("owed", "integer"),
        ("reserved", "integer"),
        ("charged", "integer"),
        ("rest", "integer"),
        ("closed_at", "integer"),
    ),
    key=("statement",),
    indexes=(("owner", "period"), ("market", "period")),
)

ENTRIES = Table(
    name="market_entries",
    columns=(
        ("statement", "bytes"),
        ("ordinal", "integer"),
        ("kind", "text"),
        ("amount", "integer"),
        ("energy_wh", "integer"),
        ("fill", "bytes"),
        ("name", "text"),
        ("posted_at", "integer"),
    ),
    key=("statement", "ordinal"),
    indexes=(("fill",),),
)

MANDATES = Table(
    name="market_mandates",
    columns=(
        ("mandate", "bytes"),
        ("market", "bytes"),
        ("owner", "bytes"),
        ("agent", "bytes"),
        ("side", "text"),
        ("level", "integer"),
        ("lots_max", "integer"),
        ("budget", "integer"),
        ("funds", "integer"),
        ("begin", "integer"),
        ("end", "integer"),
        ("orders", "integer"),
        ("bound", "integer"),
        ("ended_at", "integer"),
    ),
    key=("mandate",),
    indexes=(("owner",), ("agent",)),
)

SUMS: Final = {
    LineKind.PURCHASE: "paid",
    LineKind.SALE: "received",
    LineKind.SHORTFALL: "imbalance",
    LineKind.RESERVE: "reserved",
    LineKind.COMPENSATION: "compensation",
    LineKind.RETURNED: "returned",
    LineKind.OWED: "owed",
    LineKind.CHARGE: "charged",
    LineKind.REST: "rest",
}
"""To which sum of a statement the lines of a kind are added."""

ENERGY: Final = {LineKind.PURCHASE: "bought_wh", LineKind.SALE: "sold_wh"}
"""To which sum their energy is added, where they have any."""

NOBODY: Final = b""
NO_LEVEL: Final = -1


def fold(event: Event, time: int) -> Iterator[RowChange]:
    """Turn an event into row changes."""
    match event:
        case OrderPlaced() | OrderEnded() | MarketFilled() | BookOpened():
            yield from _fold_trading(event, time)
        case MarketCleared() | ClearingEnded():
            yield _fold_clearing(event, time)
        case MarketSettled() | MarketCorrected():
            yield _fold_settlement(event, time)
        case StatementOpened() | MarketEntry() | StatementClosed():
            yield from _fold_bill(event, time)
        case MandateGiven() | OrderProduced() | MandateEnded():
            yield _fold_mandate(event, time)
        case MarketOpened():
            yield _market(event, time)
        case ParticipantAdmitted(market=market, owner=owner):
            yield Add(PARTICIPANTS, (market, owner), {})
            yield Update(PARTICIPANTS, (market, owner), {"admitted": 1, "suspended": 0})
        case ParticipantSuspended(market=market, owner=owner):
            yield Add(PARTICIPANTS, (market, owner), {})
            yield Update(PARTICIPANTS, (market, owner), {"suspended": 1})


def _fold_trading(
    event: OrderPlaced | OrderEnded | MarketFilled | BookOpened, time: int
) -> Iterator[RowChange]:
    """Fold what happens to books, orders and fills."""
    match event:
        case BookOpened(book=book, market=market, product=product):
            row = (book, market, product.unit, product.begin, product.end, Phase.OPEN.value)
            yield Insert(BOOKS, (*row, NO_LEVEL, 0, 0, 0, 0, 0, NOBODY, 0))
        case OrderPlaced():
            yield _order(event, time)
        case OrderEnded(order=order, status=status, reason=reason):
            yield Update(ORDERS, (order,), {"status": status.value, "reason": reason.value})
        case MarketFilled(fill=fill, book=book, buy=buy, sell=sell, lots=lots, level=level):
            names = (fill, book, event.number, buy or NOBODY, sell or NOBODY)
            nothing = (0, Cut.NONE.value, 0, 0, 0, 0, 0, 0, 0, 0)
            yield Insert(FILLS, (*names, lots, level, time, *nothing))
            for traded in (buy, sell):
                if traded is not None:
                    yield Add(ORDERS, (traded,), {"filled": lots})
            bought, sold = (0 if each is None else lots for each in (buy, sell))
            yield Add(BOOKS, (book,), {"fills": 1, "bought": bought, "sold": sold})
            yield Update(BOOKS, (book,), {"level": level})


def _fold_clearing(event: MarketCleared | ClearingEnded, time: int) -> RowChange:
    """Fold what happens in a call auction."""
    if isinstance(event, ClearingEnded):
        return Update(BOOKS, (event.book,), {"phase": Phase.CLEARED.value})
    columns: dict[str, object] = {
        "phase": Phase.FILLING.value,
        "level": NO_LEVEL if event.level is None else event.level,
        "demand": event.demand,
        "supply": event.supply,
        "digest": event.digest,
        "priced_at": time,
    }
    return Update(BOOKS, (event.book,), columns)


def _fold_settlement(event: MarketSettled | MarketCorrected, time: int) -> RowChange:
    """Fold what a fill came to."""
    if isinstance(event, MarketCorrected):
        return Update(FILLS, (event.fill,), _columns(event.after))
    columns = {"settled_at": time, "cut": event.cut.value, **_columns(event.settled)}
    return Update(FILLS, (event.fill,), columns)


def _fold_bill(
    event: StatementOpened | MarketEntry | StatementClosed, time: int
) -> Iterator[RowChange]:
    """Fold what happens to bills."""
    match event:
        case StatementOpened(statement=statement, market=market, owner=owner, period=period):
            yield Insert(STATEMENTS, (statement, market, owner, period, *(0,) * 13))
        case MarketEntry(statement=statement, kind=kind, amount=amount, energy_wh=energy_wh):
            row = (statement, event.ordinal, kind.value, amount, energy_wh)
            yield Insert(ENTRIES, (*row, event.fill or NOBODY, event.name, time))
            amounts = {"entries": 1, SUMS[kind]: amount}
            if kind in ENERGY:
                amounts[ENERGY[kind]] = energy_wh
            yield Add(STATEMENTS, (statement,), amounts)
        case StatementClosed(statement=statement):
            yield Update(STATEMENTS, (statement,), {"closed_at": time})


def _fold_mandate(event: MandateGiven | OrderProduced | MandateEnded, time: int) -> RowChange:
    """Fold what happens to standing orders."""
    if isinstance(event, OrderProduced):
        return Add(MANDATES, (event.mandate,), {"orders": 1, "bound": event.bound})
    if isinstance(event, MandateEnded):
        return Update(MANDATES, (event.mandate,), {"ended_at": time})
    values = (
        event.mandate,
        event.market,
        event.owner,
        event.agent,
        event.side.value,
        event.level,
        event.lots_max,
        event.budget,
        event.funds,
        event.begin,
        event.end,
    )
    return Insert(MANDATES, (*values, 0, 0, 0))


def _market(event: MarketOpened, time: int) -> Insert:
    """Return the row of a new market."""
    rules = event.rules
    values = (
        event.market,
        event.name,
        rules.subject.value,
        rules.sector,
        rules.goods,
        rules.money,
        rules.trading.value,
        rules.counterparty.value,
        rules.quantum,
        rules.price_min,
        rules.tick,
        rules.levels,
        time,
    )
    return Insert(MARKETS, values)


def _order(event: OrderPlaced, time: int) -> Insert:
    """Return the row of a new order."""
    values = (
        event.order,
        event.book,
        event.side.value,
        event.owner,
        event.level,
        event.lots,
        event.least,
        0,
        time,
        event.valid_until,
        event.device or NOBODY,
        event.mandate or NOBODY,
        int(event.queued),
        Status.OPEN.value,
        Reason.NONE.value,
    )
    return Insert(ORDERS, values)


def _columns(settled: Settled) -> dict[str, int]:
    """Return the columns that say what a fill came to."""
    return {
        "cut_lots": settled.cut_lots,
        "missing": int(settled.missing),
        "delivered_wh": settled.delivered_wh,
        "consumed_wh": settled.consumed_wh,
        "claimed_wh": settled.claimed_wh,
        "buyer_pays": settled.buyer_pays,
        "seller_gets": settled.seller_gets,
        "seller_pays": settled.seller_pays,
    }


TABLES: Final = (MARKETS, PARTICIPANTS, BOOKS, ORDERS, FILLS, STATEMENTS, ENTRIES, MANDATES)
PROJECTION = Projection(tables=TABLES, fold=fold)
