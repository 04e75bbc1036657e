"""What has happened in call auctions."""

from typing import Annotated

from msgspec import Meta

from tallystick.base.amounts import Amount
from tallystick.base.identifiers import Hash, RecordId
from tallystick.core.event import Event

from .model import LEVELS_MAX, Level, Product


class MarketCleared(Event, tag="market-cleared"):
    """
    A call auction has its price; fills follow.

    With the orders placed, cancelled and turned away before it, it is all that anybody needs to
    check the price: see `match_certificate`.
    """

    market: RecordId
    """The market."""

    book: RecordId
    """The book."""

    product: Product
    """What is traded."""

    level: Level | None
    """The level of the price; nothing if no buyer offered what a seller asked."""

    price: Amount
    """The price of every fill; 0 if there is none. [minor units of money per lot]"""

    volume: Amount
    """Lots that change hands."""

    demand: Amount
    """Lots that buyers want at that price."""

    supply: Amount
    """Lots that sellers offer at that price."""

    levels: Annotated[int, Meta(ge=1, le=LEVELS_MAX)]
    """How many levels both curves have."""

    digest: Hash
    """Hash of both curves."""

    rejected: Annotated[int, Meta(ge=0)]
    """Orders that had left because they would have been filled below their minimum."""


class ClearingEnded(Event, tag="market-clearing-ended"):
    """Every order of a book is filled or was told why not."""

    book: RecordId
    """The book."""

    fills: Annotated[int, Meta(ge=0)]
    """Fills that were written."""

    unmatched: Annotated[int, Meta(ge=0)]
    """Orders of which some or all found nobody."""
