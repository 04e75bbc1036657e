"""
What happened when fills were settled, settled anew, and billed.

None of them names two parties of a market whose clearing account is everybody's counterparty: there
a fill has one order, and a line of a statement names the fill of its own side.
"""

from enum import Enum
from typing import Annotated

from msgspec import Meta

from tallystick.base.amounts import Amount
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.event import Event

from .model import CHARGES_MAX, PERIODS_MAX, Keeper, Settled, Signed


class Cut(Enum):
    """Why lots were taken out of a fill."""

    NONE = "none"
    """None were."""

    OUTAGE = "outage"
    """The grid operator declared an outage of the seller's device, or its sector: nobody pays."""

    MAINTENANCE = "maintenance"
    """Before the delivery, maintenance of the seller's device was declared: the seller pays."""

    AVAILABILITY = "availability"
    """Before the delivery, its controller declared less than was sold: the seller pays."""

    DEFAULT = "default"
    """The goods were not delivered in time."""


class LineKind(Enum):
    """What a line of a statement is about, and so to which of its sums it is added."""

    PURCHASE = "purchase"
    """Paid for what was bought; the energy is what was consumed of it."""

    SALE = "sale"
    """Received for what was sold; the energy is what was delivered of it."""

    SHORTFALL = "shortfall"
    """Paid for what was sold and not delivered."""

    RESERVE = "reserve"
    """Handed to the clearing account for the period's charges."""

    COMPENSATION = "compensation"
    """Got for what was bought and never delivered."""

    RETURNED = "returned"
    """Got back by a correction; the lines that it corrects say for what."""

    OWED = "owed"
    """Left owing by a correction, or by charges beyond what was reserved for them."""

    CHARGE = "charge"
    """A commission, fee or levy of the whole period."""

    REST = "rest"
    """What the charges left of what was reserved for them, returned at the close."""


class StatementOpened(Event, tag="market-statement-opened"):
    """An account had its first fill in a billing period, and so its statement."""

    statement: RecordId
    """The statement."""

    market: RecordId
    """The market."""

    owner: PublicKey
    """The account."""

    period: Annotated[int, Meta(ge=0, lt=PERIODS_MAX)]
    """Which of the market's periods."""


class MarketEntry(Event, tag="market-entry"):
    """A line was posted to a statement, whose sums are those of its lines and nothing else."""

    statement: RecordId
    """The statement."""

    ordinal: Annotated[int, Meta(ge=0)]
    """Which of its lines."""

    kind: LineKind
    """What it is about."""

    amount: Signed
    """How much money; negative only where it corrects an earlier line. [minor units]"""

    energy_wh: Signed
    """How much energy; negative only where it corrects an earlier line. [Wh]"""

    fill: RecordId | None
    """The fill that it is for; nothing for what concerns the whole period."""

    name: Annotated[str, Meta(max_length=32)]
    """What the market calls the charge; empty for all other lines."""


class MarketSettled(Event, tag="market-settled"):
    """A fill was paid for as its meters measured, or as its goods were delivered."""

    fill: RecordId
    """The fill."""

    settled: Settled
    """What it came to."""

    cut: Cut
    """Why lots were taken out of it, if any were."""


class MarketCorrected(Event, tag="market-corrected"):
    """Readings of a settled fill had changed, and the difference was posted; the old lines stay."""

    fill: RecordId
    """The fill."""

    before: Settled
    """What it had come to."""

    after: Settled
    """What it comes to now."""


class GoodsKept(Event, tag="market-goods-kept"):
    """Whoever gets goods could not receive them, so they wait to be fetched."""

    parcel: RecordId
    """The fill that they were bought by, or the order that they are left of."""

    keeper: Keeper
    """Where they are."""

    amount: Amount
    """How much. [units of the holding]"""


class GoodsFetched(Event, tag="market-goods-fetched"):
    """Goods that were kept have come to whoever gets them."""

    parcel: RecordId
    """The fill that they were bought by, or the order that they are left of."""

    amount: Amount
    """How much came. [units of the holding]"""

    left: Amount
    """How much is still kept. [units of the holding]"""


class StatementClosed(Event, tag="market-statement-closed"):
    """A period's charges were levied on an account's statement, and it is final."""

    statement: RecordId
    """The statement."""

    charges: Annotated[tuple[Amount, ...], Meta(max_length=CHARGES_MAX)]
    """What each of the market's charges came to. [minor units of money]"""

    rest: Amount
    """What was returned of the reserve. [minor units of money]"""


class DuePaid(Event, tag="market-due-paid"):
    """An account paid what corrections had left it owing."""

    market: RecordId
    """The market."""

    owner: PublicKey
    """The account."""

    amount: Amount
    """How much. [minor units of money]"""

    due: Amount
    """What it still owes. [minor units of money]"""
