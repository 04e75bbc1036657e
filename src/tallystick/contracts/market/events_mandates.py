"""What is reported about standing orders."""

from tallystick.base.amounts import Amount, Seconds
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.event import Event

from .model import Level, Lots, Side


class MandateGiven(Event, tag="market-mandate-given"):
    """An owner let an agent produce orders within bounds."""

    mandate: RecordId
    """Its id, under which its money is locked."""

    market: RecordId
    """The market."""

    owner: PublicKey
    """The account for which orders are produced."""

    agent: PublicKey
    """Who produces them."""

    side: Side
    """Which way they go."""

    level: Level
    """Their limit price."""

    lots_max: Lots
    """The most that one order may have."""

    budget: Amount
    """What a buyer spends at most in one billing period. [minor units of money]"""

    funds: Amount
    """Money locked for all its orders. [minor units of money]"""

    begin: Seconds
    """First delivery that it covers. [s since the epoch, UTC]"""

    end: Seconds
    """End of the last delivery that it covers. [s since the epoch, UTC]"""


class OrderProduced(Event, tag="market-order-produced"):
    """An agent produced an order; the order's own event comes before it."""

    mandate: RecordId
    """The mandate."""

    order: RecordId
    """The order."""

    expected_wh: Amount
    """What the agent expected, from which the lots followed. [Wh]"""

    lots: Lots
    """How much was ordered."""

    bound: Amount
    """Money of the mandate that the order bound. [minor units of money]"""


class MandateEnded(Event, tag="market-mandate-ended"):
    """An owner ended a mandate and got back what no order had bound."""

    mandate: RecordId
    """The mandate."""

    returned: Amount
    """How much. [minor units of money]"""


EVENTS = (MandateGiven, OrderProduced, MandateEnded)
"""Every event above."""
