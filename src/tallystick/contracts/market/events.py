"""What markets and order books report; the other parts of the contract have their own files."""

from typing import Annotated

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.event import Event

from .events_clearing import ClearingEnded, MarketCleared
from .events_mandates import MandateEnded, MandateGiven, OrderProduced
from .events_settlement import (
    Cut,
    DuePaid,
    LineKind,
    MarketCorrected,
    MarketEntry,
    MarketSettled,
    StatementClosed,
    StatementOpened,
)
from .model import Level, Lots, MarketName, MarketRules, Product, Reason, Side, Status

__all__ = [
    "BookOpened",
    "ClearingEnded",
    "Cut",
    "DuePaid",
    "LineKind",
    "MandateEnded",
    "MandateGiven",
    "MarketCleared",
    "MarketCorrected",
    "MarketEntry",
    "MarketFilled",
    "MarketOpened",
    "MarketSettled",
    "OrderEnded",
    "OrderPlaced",
    "OrderProduced",
    "ParticipantAdmitted",
    "ParticipantSuspended",
    "StatementClosed",
    "StatementOpened",
]


class MarketOpened(Event, tag="market-opened"):
    """A market was opened under rules."""

    market: RecordId
    """Its id."""

    name: MarketName
    """Its name."""

    rules: MarketRules
    """What it states."""


class ParticipantAdmitted(Event, tag="market-participant-admitted"):
    """An account may trade in a market, or may again."""

    market: RecordId
    """The market."""

    owner: PublicKey
    """The account."""


class ParticipantSuspended(Event, tag="market-participant-suspended"):
    """An account places no more orders in a market."""

    market: RecordId
    """The market."""

    owner: PublicKey
    """The account."""


class BookOpened(Event, tag="market-book-opened"):
    """A product had its first order, and so its book."""

    book: RecordId
    """The book."""

    market: RecordId
    """The market."""

    product: Product
    """What is traded in it."""


class OrderPlaced(Event, tag="market-order-placed"):
    """An order came in, before it met anybody."""

    order: RecordId
    """The order."""

    book: RecordId
    """The book of its product."""

    side: Side
    """Which way it goes."""

    owner: PublicKey
    """The account that pays or is paid."""

    level: Level
    """Its limit price."""

    lots: Lots
    """How much."""

    least: Amount
    """It is filled with at least so many lots or not at all; 0 and 1 for divisible. [lots]"""

    valid_until: Milliseconds
    """When it lapses. [ms since the epoch, UTC]"""

    funded: Amount
    """Money that was locked for it. [minor units of money]"""

    device: RecordId | None
    """The device that sells; nothing for buyers and holdings."""

    partner: PublicKey | None
    """The only account with which it trades; nothing for anybody."""

    mandate: RecordId | None
    """The mandate that produced and funds it; nothing if its owner placed and funded it."""

    queued: bool
    """Whether what is not filled on arrival stands in its level's queue, or waits for a take."""


class OrderEnded(Event, tag="market-order-ended"):
    """What was not filled of an order left the market, and its money and goods are free."""

    order: RecordId
    """The order."""

    status: Status
    """How it ended."""

    reason: Reason
    """Why it found nobody."""

    lots: Lots
    """What was not filled."""


class MarketFilled(Event, tag="market-filled"):
    """Lots were traded: between two orders, or between one order and the clearing account."""

    fill: RecordId
    """The fill."""

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
