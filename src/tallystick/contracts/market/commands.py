"""What can be done in a market."""

from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds, Seconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId

from .model import METERS_MAX, Level, Lots, MarketName, MarketRules, Product, Side

FILLS_MAX: Final = 1_024
"""How many fills one step of a clearing writes at most."""

MATCHES_MAX: Final = 256
"""With how many orders one that comes in trades at most."""

SETTLED_MAX: Final = 64
CLOSED_MAX: Final = 64


class Open(Record, tag="market.open"):
    """Open a market under rules that it states once, as its operator."""

    name: MarketName
    """Its name, in which a signer is market operator."""

    rules: MarketRules
    """The rules."""


class Admit(Record, tag="market.admit"):
    """Admit an account to a market, or end its suspension, as the market's operator."""

    market: RecordId
    """The market."""

    owner: PublicKey
    """The account."""


class Suspend(Record, tag="market.suspend"):
    """Let an account place no more orders, as the market's operator."""

    market: RecordId
    """The market."""

    owner: PublicKey
    """The account."""


class MeterKey(Record):
    """A measurement to come, named by what its id is computed from."""

    owner: PublicKey
    """The owner key of the measurement, which signs the order."""

    begin: Seconds
    """Start of its interval. [s since the epoch, UTC]"""


class Place(Record, tag="market.place"):
    """Offer to buy or sell lots of a product at a limit price or better."""

    market: RecordId
    """The market."""

    product: Product
    """What, and when it is delivered."""

    side: Side
    """Whether it buys or sells."""

    owner: PublicKey
    """The account that pays or is paid, which signs."""

    level: Level
    """The limit price: so many ticks above the market's lowest."""

    lots: Lots
    """How much."""

    least: Amount
    """Fill at least so many lots or nothing; `lots` for all or nothing, 0 for divisible."""

    valid_until: Milliseconds
    """When the order lapses; 0 for the gate's closure. [ms since the epoch, UTC]"""

    device: RecordId | None
    """The device that sells energy; nothing for a buyer or for holdings."""

    meters: Annotated[tuple[MeterKey, ...], Meta(max_length=METERS_MAX)]
    """The measurements on which energy is settled, gapless, earliest first; none for holdings."""

    partner: PublicKey | None
    """In continuous trading, the only account to trade with; nothing for anybody."""


class Mandate(Record, tag="market.mandate"):
    """Let an agent produce orders within bounds: a standing order."""

    market: RecordId
    """The market."""

    owner: PublicKey
    """The account for which orders are produced, which signs."""

    agent: PublicKey
    """Who produces them."""

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

    funds: Amount
    """Money that is locked for all its orders. [minor units of money]"""

    device: RecordId | None
    """The device that sells; nothing for buyers."""

    begin: Seconds
    """First delivery that it covers. [s since the epoch, UTC]"""

    end: Seconds
    """End of the last delivery that it covers. [s since the epoch, UTC]"""


class Produce(Record, tag="market.produce"):
    """Produce one interval's order under a mandate, as its agent."""

    mandate: RecordId
    """The mandate."""

    product: Product
    """The delivery."""

    expected_wh: Amount
    """The surplus or the need that the agent expects, from which the lots follow. [Wh]"""

    meters: Annotated[tuple[MeterKey, ...], Meta(min_length=1, max_length=METERS_MAX)]
    """The measurements on which it is settled; their keys sign."""


class EndMandate(Record, tag="market.end-mandate"):
    """End a mandate and get back what no order has bound, as its owner."""

    mandate: RecordId
    """The mandate."""


class Take(Record, tag="market.take"):
    """Trade with a named order at its price, in part or as a whole, in continuous trading."""

    order: RecordId
    """The order that waits."""

    owner: PublicKey
    """The account that pays or is paid, which signs."""

    lots: Lots
    """How much of it."""

    device: RecordId | None
    """The device that sells, if a buying order is taken."""

    meters: Annotated[tuple[MeterKey, ...], Meta(max_length=METERS_MAX)]
    """The measurements on which energy is settled; none for holdings."""


class Cancel(Record, tag="market.cancel"):
    """Take back what is not filled of an order, as its owner."""

    order: RecordId
    """The order."""


class Clear(Record, tag="market.clear"):
    """
    Clear a book after its gate has closed: fix the price first, then write fills.

    Anybody may, and anybody goes on where somebody stopped.
    """

    market: RecordId
    """The market."""

    product: Product
    """The book's product."""

    fills_max: Annotated[int, Meta(ge=1, le=FILLS_MAX)]
    """How many fills to write at most."""


class Settle(Record, tag="market.settle"):
    """Settle fills after delivery: pay for what was measured and claim its certificates."""

    fills: Annotated[tuple[RecordId, ...], Meta(min_length=1, max_length=SETTLED_MAX)]
    """The fills, none of which was settled before."""


class Fetch(Record, tag="market.fetch"):
    """
    Bring goods that were kept to whoever gets them, now that the account can receive them.

    Anybody may.
    """

    parcel: RecordId
    """The fill that they were bought by, or the order that they are left of."""

    amount: Amount
    """How much, if less is left than was kept; 0 for all of it. [units of the holding]"""


class Resettle(Record, tag="market.resettle"):
    """Post the difference that corrected readings make to fills that were settled."""

    fills: Annotated[tuple[RecordId, ...], Meta(min_length=1, max_length=SETTLED_MAX)]
    """The fills, each with a reading that has changed since."""


class Close(Record, tag="market.close"):
    """Close statements of a period: levy its charges, rounded once, and pay out what is left."""

    market: RecordId
    """The market."""

    period: Annotated[int, Meta(ge=0)]
    """Which of its periods."""

    owners: Annotated[tuple[PublicKey, ...], Meta(min_length=1, max_length=CLOSED_MAX)]
    """The accounts whose statements are closed."""


class Pay(Record, tag="market.pay"):
    """Pay what corrections left an account owing."""

    market: RecordId
    """The market."""

    owner: PublicKey
    """The account, which signs."""

    amount: Amount
    """How much of what is due. [minor units of money]"""
