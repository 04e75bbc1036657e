"""
What the contract keeps: markets, participants, orders, positions and mandates.

A book's price levels, its running totals and its queues are in `book`. What a market states is in
`terms`, fills and statements are in `model_settlement`, and how ids are computed is in `ids`; all
of them are to be had from here as well.
"""

from enum import Enum
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds, Seconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId

from .ids import (
    balancing_vault,
    book_id,
    clearing_vault,
    fill_id,
    goods_vault,
    participant_id,
    position_id,
    statement_id,
)
from .model_settlement import (
    Backing,
    Fill,
    Keeper,
    Parcel,
    Settled,
    Statement,
    Turnover,
)
from .terms import (
    CHARGES_MAX,
    LENGTHS_MAX,
    LEVELS_MAX,
    ONE_PPM,
    PERIODS_MAX,
    WH_PER_MWH,
    Basis,
    Charge,
    Counterparty,
    Level,
    Lots,
    MarketName,
    MarketRules,
    Product,
    Side,
    Signed,
    Subject,
    Tie,
    Trading,
    price_of,
)

METERS_MAX: Final = 60
LEVIES_MAX: Final = 4


class Market(Record, tag="market"):
    """A place where one sort of product is traded under one set of rules."""

    name: MarketName
    """Its name, the scope of its operator's authority."""

    rules: MarketRules
    """What it states; fixed when it is opened."""

    opened_at: Milliseconds
    """When. [ms since the epoch, UTC]"""


class Participant(Record, tag="market-participant"):
    """An account in a market, as far as the operator or a debt says something about it."""

    admitted: bool
    """Whether the operator admitted it."""

    suspended: bool
    """Whether the operator suspended it: it places no orders, and settles what it has traded."""

    due: Amount
    """What it owes after corrections; it places no orders until that is paid. [minor units]"""


class Phase(Enum):
    """Where a book stands."""

    OPEN = "open"
    """Orders come and go until the gate closes; in continuous trading they also meet."""

    FILLING = "filling"
    """Price and quantities are fixed, fills are being written; nothing can be cancelled."""

    CLEARED = "cleared"
    """Every fill is written."""


class Status(Enum):
    """Where an order stands."""

    OPEN = "open"
    """It waits in its book, perhaps filled in part."""

    FILLED = "filled"
    """All of it was traded."""

    CANCELLED = "cancelled"
    """Its owner took back what was not filled."""

    UNMATCHED = "unmatched"
    """The book was cleared and some or all of it found nobody; `reason` says why."""


class Reason(Enum):
    """Why an order, or part of it, found nobody."""

    NONE = "none"
    """It did, or nothing is decided yet."""

    NOBODY_OPPOSITE = "nobody-opposite"
    """There was no order on the other side."""

    PRICES_DO_NOT_CROSS = "prices-do-not-cross"
    """The best buyer offered less than the best seller asked."""

    OUTSIDE_PRICE = "outside-price"
    """Its limit lies on the wrong side of the clearing price."""

    RATIONED = "rationed"
    """At the marginal price there was not enough for all, and the tie rule served others."""

    LEAST_NOT_MET = "least-not-met"
    """It would have been filled below its minimum, so it left the auction."""

    LAPSED = "lapsed"
    """It was valid no longer, or its owner was suspended."""

    OUTAGE = "outage"
    """Since it came in, its device, or the sector, was declared out of order in the delivery."""

    FILLS_MAX = "fills-max"
    """On arrival it met as many as one command may fill; what would still cross went back."""


class Order(Record, tag="market-order"):
    """An offer to buy or sell lots of one product at a limit price or better."""

    market: RecordId
    """The market."""

    book: RecordId
    """The book of its product."""

    side: Side
    """Which way it goes."""

    owner: PublicKey
    """The account that pays or is paid, which signs."""

    level: Level
    """Its limit price."""

    lots: Lots
    """How much in all."""

    least: Amount
    """It is filled with at least so many lots or not at all; 0 and 1 for divisible. [lots]"""

    filled: Amount
    """How much of it was traded. [lots]"""

    value: Amount
    """What was agreed for the filled lots. [minor units of money]"""

    funded: Amount
    """Money still locked for it, within what its account locked here. [minor units of money]"""

    device: RecordId | None
    """The device that sells; nothing for buyers and holdings."""

    partner: PublicKey | None
    """The only account with which it trades; nothing for anybody."""

    placed_at: Milliseconds
    """Entry date. [ms since the epoch, UTC]"""

    valid_until: Milliseconds
    """From then on it meets nobody; at latest the gate's closure. [ms since the epoch, UTC]"""

    page: Annotated[int, Meta(ge=0)]
    """The page of its level's queue on which it stands."""

    slot: Annotated[int, Meta(ge=0, lt=256)]
    """Its place on that page."""

    status: Status = Status.OPEN
    """Where it stands."""

    reason: Reason = Reason.NONE
    """Why the rest found nobody."""

    mandate: RecordId | None = None
    """The mandate that produced and funds it; nothing if its owner placed and funded it."""

    queued: bool = True
    """
    Whether it stands in its level's queue and in the totals. In continuous trading an order for
    one partner, or whose minimum was not met on arrival, waits outside for somebody's `take`.
    """


class Position(Record, tag="market-position"):
    """What one account has bought, or sold, in one book of energy, and by which meters."""

    book: RecordId
    """The book."""

    side: Side
    """Whether it bought or sold."""

    owner: PublicKey
    """The account."""

    meters: Annotated[tuple[RecordId, ...], Meta(max_length=METERS_MAX)]
    """The measurements that settle it, which follow each other through the delivery interval."""

    device: RecordId | None
    """The device that sells; nothing for buyers."""

    lots: Amount
    """Traded so far; the next fill begins here. [lots]"""

    offered: Amount
    """What is still open of its orders. [lots]"""

    open_fills: Annotated[int, Meta(ge=0)]
    """Fills that are not yet settled."""

    open_orders: Annotated[int, Meta(ge=0)]
    """Orders that can still be filled; at 0 of both, what is left of pledges is released."""


class Mandate(Record, tag="market-mandate"):
    """
    A standing order: within its bounds an agent produces orders without asking again.

    A seller's says "whatever I have above so much, at this price or better"; a buyer's says "up to
    so much money in each billing period".
    """

    market: RecordId
    """The market."""

    owner: PublicKey
    """The account for which orders are produced."""

    agent: PublicKey
    """Who produces them and signs with the meters' keys: a controller at home."""

    side: Side
    """Which way they go."""

    level: Level
    """The limit price of every order."""

    keep_wh: Amount
    """What a seller keeps of each interval's surplus; 0 for buyers. [Wh]"""

    lots_max: Lots
    """The most that one interval's order may have."""

    budget: Amount
    """What a buyer spends at most in one billing period; 0 for sellers. [minor units of money]"""

    device: RecordId | None
    """The device that sells; nothing for buyers."""

    funded: Amount
    """Money locked under this mandate's id and not yet bound by an order. [minor units of money]"""

    period: Annotated[int, Meta(ge=0, lt=PERIODS_MAX)]
    """The billing period to which `spent` refers."""

    spent: Amount
    """Bound by orders of that period. [minor units of money]"""

    begin: Seconds
    """First delivery that it covers. [s since the epoch, UTC]"""

    end: Seconds
    """End of the last delivery that it covers. [s since the epoch, UTC]"""

    ended: bool
    """Whether its owner ended it."""


class MarketParameters(Record, tag="market-parameters"):
    """What all markets of a ledger have in common; everything else each states itself."""

    levies: Annotated[tuple[Charge, ...], Meta(max_length=LEVIES_MAX)] = ()
    """
    Charges of every market that is opened while they hold, besides its own.

    A market keeps those that it was opened with: nobody's order gets dearer by a vote.
    """


__all__ = [
    "CHARGES_MAX",
    "LENGTHS_MAX",
    "LEVELS_MAX",
    "METERS_MAX",
    "ONE_PPM",
    "PERIODS_MAX",
    "WH_PER_MWH",
    "Backing",
    "Basis",
    "Charge",
    "Counterparty",
    "Fill",
    "Keeper",
    "Level",
    "Lots",
    "Mandate",
    "Market",
    "MarketName",
    "MarketParameters",
    "MarketRules",
    "Order",
    "Parcel",
    "Participant",
    "Phase",
    "Position",
    "Product",
    "Reason",
    "Settled",
    "Side",
    "Signed",
    "Statement",
    "Status",
    "Subject",
    "Tie",
    "Trading",
    "Turnover",
    "balancing_vault",
    "book_id",
    "clearing_vault",
    "fill_id",
    "goods_vault",
    "participant_id",
    "position_id",
    "price_of",
    "statement_id",
]
