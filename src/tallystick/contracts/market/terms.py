"""
What a market states before the first order: subject, prices, products, charges and periods.

Prices are whole minor units of money per lot, and a lot is a whole quantum of the product, so that
a trade is never rounded.
"""

from enum import Enum
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import AMOUNT_MAX, Amount, Seconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId

LEVELS_MAX: Final = 32_768
CHARGES_MAX: Final = 8
PERIODS_MAX: Final = 256
LENGTHS_MAX: Final = 16
ONE_PPM: Final = 1_000_000
WH_PER_MWH: Final = 1_000_000

MarketName = Annotated[
    str, Meta(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z")
]
"""The scope in which the market operator holds its role."""

Level = Annotated[int, Meta(ge=0, lt=LEVELS_MAX)]
"""A price, as its place above the lowest one that the market allows."""

Lots = Annotated[int, Meta(ge=1, le=2**53 - 1)]
"""How many quanta of the product."""

Signed = Annotated[int, Meta(ge=-AMOUNT_MAX, le=AMOUNT_MAX)]
"""An amount that corrections may turn negative."""


class Subject(Enum):
    """What is traded."""

    ENERGY = "energy"
    """Electricity of a delivery interval, settled by what the meters of both sides measured."""

    HOLDING = "holding"
    """Units in accounts, such as tokens or allowances, that change owner."""


class Trading(Enum):
    """How orders meet."""

    CALL = "call"
    """All at once, at one price, after the gate has closed."""

    CONTINUOUS = "continuous"
    """Each on arrival, at the price of the order that was there before."""


class Tie(Enum):
    """Who is served first at the price where not everybody can be."""

    TIME = "time"
    """Whoever came first."""

    PRO_RATA = "pro-rata"
    """Everybody in proportion, by largest remainder."""


class Counterparty(Enum):
    """With whom a participant trades."""

    NAMED = "named"
    """Each fill names the orders of both sides."""

    CENTRAL = "central"
    """Each fill names one order; the clearing account stands on the other side."""


class Basis(Enum):
    """What a charge is levied on."""

    VALUE = "value"
    """What the consumer paid for energy; the rate is in millionths."""

    ENERGY = "energy"
    """The energy that the consumer's meters measured; the rate is in minor units per MWh."""


class Side(Enum):
    """Which way an order goes."""

    BUY = "buy"
    SELL = "sell"


class Charge(Record):
    """A commission, grid fee or levy that consumers pay at the close of a period, rounded once."""

    name: Annotated[str, Meta(min_length=1, max_length=32)]
    """What the statement calls it, such as `platform`, `market operator`, `dso` or `levy`."""

    basis: Basis
    """What it is levied on."""

    rate: Annotated[int, Meta(ge=0, le=10**12)]
    """Millionths of the value, or minor units of money per MWh."""

    payee: PublicKey
    """The account that receives it."""


class MarketRules(Record):
    """Everything that a market states before the first order."""

    subject: Subject
    """What is traded."""

    sector: Annotated[str, Meta(max_length=32)]
    """The sector in which energy is delivered; empty for holdings."""

    goods: Annotated[str, Meta(max_length=32)]
    """The contract that keeps the holdings that are traded; empty for energy."""

    money: RecordId
    """The unit in which is paid: a class of the contract `asset`."""

    trading: Trading
    """How orders meet."""

    tie: Tie
    """Who is served first at the marginal price of a call auction."""

    counterparty: Counterparty
    """With whom a participant trades; central only in call auctions of holdings."""

    quantum: Annotated[int, Meta(ge=1, le=10**12)]
    """What one lot is. [Wh, or units of the holding]"""

    price_min: Amount
    """The lowest price. [minor units of money per lot]"""

    tick: Annotated[int, Meta(ge=1, le=10**12)]
    """The step between prices. [minor units of money per lot]"""

    levels: Annotated[int, Meta(ge=1, le=LEVELS_MAX)]
    """How many prices there are, so that the highest is `price_min + (levels - 1) * tick`."""

    feed_in_floor: Amount
    """No order sells below this price; 0 for no floor. [minor units of money per lot]"""

    lengths: Annotated[
        tuple[Annotated[int, Meta(ge=60, le=366 * 86_400)], ...],
        Meta(min_length=1, max_length=LENGTHS_MAX),
    ]
    """How long a delivery interval may be; it is aligned to its length if at most an hour. [s]"""

    gate_closure: Annotated[int, Meta(ge=0, le=366 * 86_400)]
    """How long before delivery begins orders are no longer taken. [s]"""

    settlement_delay: Annotated[int, Meta(ge=0, le=366 * 86_400)]
    """How long after delivery a reading that is missing is waited for; then it counts as 0. [s]"""

    shortfall_price: Amount
    """What an undelivered lot costs its seller. [minor units of money per lot]"""

    excess_price: Amount
    """What a lot that was bought and not consumed is worth. [minor units of money per lot]"""

    collateral: Amount
    """
    What a seller of holdings deposits instead of the goods, which it then delivers later; 0 if the
    goods themselves are locked with the order. [minor units of money per lot]
    """

    claims: bool
    """Whether settling also moves and claims the certificates of the matched production."""

    members_only: bool
    """Whether only participants whom the operator has admitted may trade."""

    charges: Annotated[tuple[Charge, ...], Meta(max_length=CHARGES_MAX)]
    """What consumers pay besides the price."""

    periods: Annotated[tuple[Seconds, ...], Meta(min_length=2, max_length=PERIODS_MAX + 1)]
    """Where billing periods begin, ascending, and the end of the last. [s since the epoch, UTC]"""


class Product(Record):
    """What an order is for."""

    unit: RecordId
    """The unit of the holding, which includes its vintage; the market's own id for energy."""

    begin: Seconds
    """When delivery begins. [s since the epoch, UTC]"""

    end: Seconds
    """When delivery ends, exclusive. [s since the epoch, UTC]"""


def price_of(rules: MarketRules, level: int) -> int:
    """Return the price of a level. [minor units of money per lot]"""
    return rules.price_min + level * rules.tick
