"""What the contract keeps of trades and bills: fills, what was left of them, and statements."""

from enum import Enum
from typing import Annotated

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId

from .terms import CHARGES_MAX, PERIODS_MAX, Level, Lots, Signed


class Backing(Record, tag="market-backing"):
    """Which certificate holds what is left of a production measurement for this market."""

    certificate: RecordId
    """The certificate, locked under the book's id."""


class Settled(Record):
    """How a fill was settled last."""

    known: Annotated[int, Meta(ge=0)]
    """
    What was known of its measurements: the sum of revision + 1 over those that are published. It
    grows with every correction and every late reading, so it says whether to settle anew.
    """

    missing: bool
    """Whether a reading was missing and counted as 0."""

    cut_lots: Amount
    """Lots that an availability or an outage took out of the trade. [lots]"""

    delivered_wh: Amount
    """Delivered by the seller for this fill. [Wh]"""

    consumed_wh: Amount
    """Consumed by the buyer of this fill. [Wh]"""

    claimed_wh: Amount
    """For which certificates were claimed. [Wh]"""

    buyer_pays: Amount
    """What the buyer paid. [minor units of money]"""

    seller_gets: Amount
    """What the seller got. [minor units of money]"""

    seller_pays: Amount
    """What the seller paid beyond that for its shortfall. [minor units of money]"""


class Fill(Record, tag="market-fill"):
    """A trade: so many lots at a price between two orders, or one order and the clearing."""

    book: RecordId
    """The book."""

    number: Annotated[int, Meta(ge=0)]
    """Its ordinal in the book."""

    buy: RecordId | None
    """The buying order; nothing if the clearing account buys."""

    sell: RecordId | None
    """The selling order; nothing if the clearing account sells."""

    lots: Lots
    """How much."""

    level: Level
    """At which price."""

    buy_offset: Amount
    """Where in the buyer's position, or in the book's volume, it begins. [lots]"""

    sell_offset: Amount
    """Where in the seller's position, or in the book's volume, it begins. [lots]"""

    reserved: Amount
    """Held for the charges that this fill brings its buyer. [minor units of money]"""

    filled_at: Milliseconds
    """When. [ms since the epoch, UTC]"""

    settled: Settled | None = None
    """How it was settled; nothing before delivery was."""


class Keeper(Enum):
    """Where goods are that wait to be fetched."""

    VAULT = "vault"
    """In the vault of the fill itself."""

    BOOK = "book"
    """In the vault of the book, with those of its other buyers."""

    LOCK = "lock"
    """Still locked in the account of the seller whom they are to go back to."""


class Parcel(Record, tag="market-parcel"):
    """
    Goods that whoever gets them could not receive, because the contract that keeps them refused.

    It stands under the id of the fill that they were bought by, or of the order that they are left
    of. There may be less of them by now: at a deadline the contract lets goods end wherever they
    are.
    """

    keeper: Keeper
    """Where they are."""

    amount: Amount
    """How much was kept and not fetched yet. [units of the holding]"""


class Turnover(Record, tag="market-turnover"):
    """
    What an account's orders in a market can come to on its statements, in all.

    It stands under the participant's id. No statement's sum is ever larger, so none outgrows what
    is an amount.
    """

    committed: Amount
    """The largest that each order can bring to any sum; the lots that found nobody do not count."""


class Statement(Record, tag="market-statement"):
    """
    One account's bill for one period: the running sums of its entries.

    They are signed, because a correction may take back more than the period brought.
    """

    market: RecordId
    """The market."""

    owner: PublicKey
    """The account."""

    period: Annotated[int, Meta(ge=0, lt=PERIODS_MAX)]
    """Which of the market's periods."""

    open_fills: Annotated[int, Meta(ge=0)]
    """Fills of this period that are not yet settled; it is closed once there are none."""

    entries: Annotated[int, Meta(ge=0)]
    """How many lines were posted to it; each is an event with its ordinal."""

    bought_wh: Signed
    """Energy consumed of what was bought. [Wh]"""

    sold_wh: Signed
    """Energy delivered of what was sold. [Wh]"""

    paid: Signed
    """Paid for what was bought. [minor units of money]"""

    received: Signed
    """Received for what was sold. [minor units of money]"""

    imbalance: Signed
    """Paid for shortfalls. [minor units of money]"""

    compensation: Amount
    """Got for what was bought and never delivered. [minor units of money]"""

    returned: Amount
    """Got back by corrections. [minor units of money]"""

    owed: Amount
    """Left owing by corrections. [minor units of money]"""

    reserved: Amount
    """Held in the clearing account for this period's charges. [minor units of money]"""

    charges: Annotated[tuple[Amount, ...], Meta(max_length=CHARGES_MAX)]
    """What each of the market's charges came to; empty until the period is closed."""

    closed_at: Milliseconds
    """When it was closed; 0 while it is open. [ms since the epoch, UTC]"""
