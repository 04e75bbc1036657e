"""What views answer: markets, books, orders, fills, bills and mandates as people see them."""

from msgspec import Struct

from tallystick.base.amounts import Amount, Milliseconds, Seconds
from tallystick.base.identifiers import Hash, PublicKey, RecordId

from .clearing import Stage
from .model import (
    Level,
    Mandate,
    MarketRules,
    Phase,
    Product,
    Reason,
    Settled,
    Side,
    Status,
)


class MarketView(Struct, frozen=True):
    """A market and what it states."""

    market: RecordId
    """Its id."""

    name: str
    """Its name."""

    rules: MarketRules
    """What it states."""

    price_max: int
    """The highest price. [minor units of money per lot]"""

    clearing_account: PublicKey
    """The vault through which every payment goes."""

    balancing_account: PublicKey
    """The vault that buys excess and covers shortfalls: the operator funds it by transfers."""

    opened_at: Milliseconds
    """When. [ms since the epoch, UTC]"""


class Offer(Struct, frozen=True):
    """What is open at one price."""

    level: Level
    """The price, as its place above the lowest one."""

    price: int
    """The price. [minor units of money per lot]"""

    lots: Amount
    """How much is open there. [lots]"""


class BookView(Struct, frozen=True):
    """What is offered of one product at the latest block."""

    book: RecordId
    """Its id."""

    market: RecordId
    """The market."""

    product: Product
    """What is traded."""

    phase: Phase
    """Where trading stands."""

    fills: int
    """How many fills were written."""

    bids: tuple[Offer, ...]
    """What buyers offer, the highest price first."""

    asks: tuple[Offer, ...]
    """What sellers ask, the lowest price first."""

    bid_lots: Amount
    """All that buyers want. [lots]"""

    ask_lots: Amount
    """All that sellers offer. [lots]"""


class OrderView(Struct, frozen=True):
    """An order at the latest block."""

    order: RecordId
    """Its id."""

    market: RecordId
    """The market."""

    book: RecordId
    """The book of its product."""

    side: Side
    """Which way it goes."""

    owner: PublicKey
    """The account that pays or is paid."""

    price: int
    """Its limit. [minor units of money per lot]"""

    lots: Amount
    """How much in all."""

    least: Amount
    """It is filled with at least so many lots or not at all. [lots]"""

    filled: Amount
    """How much of it was traded. [lots]"""

    rest: Amount
    """How much of it was not. [lots]"""

    value: Amount
    """What was agreed for the filled lots. [minor units of money]"""

    funded: Amount
    """Money still locked for it. [minor units of money]"""

    device: RecordId | None
    """The device that sells."""

    placed_at: Milliseconds
    """Entry date. [ms since the epoch, UTC]"""

    valid_until: Milliseconds
    """From then on it meets nobody. [ms since the epoch, UTC]"""

    lapsed: bool
    """Whether it stands in the book and meets nobody any more, because that time has come."""

    status: Status
    """Where it stands."""

    reason: Reason
    """Why the rest found nobody."""

    mandate: RecordId | None
    """The mandate that produced it."""

    kept: Amount
    """Goods that could not be given back and wait for `fetch`. [units of the holding]"""


class FillView(Struct, frozen=True):
    """A trade at the latest block."""

    fill: RecordId
    """Its id."""

    book: RecordId
    """The book."""

    number: int
    """Its ordinal in the book."""

    product: Product
    """What was traded."""

    buy: RecordId | None
    """The buying order; nothing if the clearing account buys."""

    sell: RecordId | None
    """The selling order; nothing if the clearing account sells."""

    lots: Amount
    """How much."""

    price: int
    """At which price. [minor units of money per lot]"""

    value: int
    """Lots times price. [minor units of money]"""

    filled_at: Milliseconds
    """When. [ms since the epoch, UTC]"""

    settled: Settled | None
    """How it was settled; nothing before that."""

    kept: Amount
    """Goods that could not be received and wait for `fetch`. [units of the holding]"""


class Item(Struct, frozen=True):
    """One line of a bill."""

    name: str
    """What it is for."""

    amount: int
    """What it adds to what the account has, so what it pays is negative. [minor units of money]"""


class StatementView(Struct, frozen=True):
    """An account's bill for one period."""

    statement: RecordId
    """Its id."""

    market: RecordId
    """The market."""

    owner: PublicKey
    """The account."""

    period: int
    """Which of the market's periods."""

    begin: Seconds
    """When the period begins. [s since the epoch, UTC]"""

    end: Seconds
    """When it ends, exclusive. [s since the epoch, UTC]"""

    bought_wh: int
    """Energy consumed of what was bought. [Wh]"""

    sold_wh: int
    """Energy delivered of what was sold. [Wh]"""

    items: tuple[Item, ...]
    """Every line, those of the charges last."""

    total: int
    """What the lines sum to. [minor units of money]"""

    returned: Amount
    """What corrections have paid back of it already. [minor units of money]"""

    owed: Amount
    """What corrections and charges have left owing, paid since or not. [minor units of money]"""

    entries: int
    """How many entries were posted to it; the read model has each of them."""

    open_fills: int
    """Fills of the period that are not settled yet."""

    reserved: Amount
    """Held in the clearing account for charges that are not levied yet. [minor units of money]"""

    closed_at: Milliseconds
    """When it was closed; 0 while lines can still come. [ms since the epoch, UTC]"""


class ParticipantView(Struct, frozen=True):
    """What a market says about an account at the latest block."""

    market: RecordId
    """The market."""

    owner: PublicKey
    """The account."""

    admitted: bool
    """Whether the operator admitted it."""

    suspended: bool
    """Whether the operator suspended it."""

    due: Amount
    """What it owes after corrections. [minor units of money]"""

    may_order: bool
    """Whether it may place orders now."""


class MandateView(Struct, frozen=True):
    """A standing order at the latest block."""

    mandate: RecordId
    """Its id, under which its money is locked."""

    terms: Mandate
    """Its bounds, and what its orders have bound so far."""

    price: int
    """The limit of every order. [minor units of money per lot]"""

    room: Amount
    """What its next order may bind, if it is for the same billing period. [minor units of money]"""


class ClearingView(Struct, frozen=True):
    """
    A call auction's match certificate.

    The price is the level at which, of all levels, most is traded; whoever adds up the two curves
    sees that in one pass. That they are the curves of the orders is proven by the digest.
    """

    book: RecordId
    """The book that was cleared."""

    product: Product
    """What is traded."""

    stage: Stage
    """What comes next."""

    level: Level | None
    """The level of the price; nothing if no prices cross, or before it is fixed."""

    price: int | None
    """The price of every fill. [minor units of money per lot]"""

    volume: Amount
    """Lots that change hands."""

    demand: Amount
    """Lots that buyers want at that price."""

    supply: Amount
    """Lots that sellers offer at that price."""

    digest: Hash
    """Hash of both curves."""

    bids: tuple[Amount, ...]
    """What buyers offer at each level, the lowest price first: the first curve. [lots]"""

    asks: tuple[Amount, ...]
    """What sellers ask at each level, the lowest price first: the second curve. [lots]"""

    rejected: int
    """Orders that left because they would have been filled below their minimum."""

    fills: int
    """Fills written so far."""

    unmatched: int
    """Orders that were told why they, or a part of them, found nobody."""

    priced_at: Milliseconds
    """When the price was fixed; 0 before. [ms since the epoch, UTC]"""

    ended_at: Milliseconds
    """When the last order was dealt with; 0 before. [ms since the epoch, UTC]"""
