"""
What a clearing keeps: where it stands, its price, and both sides' places in their queues.

It stands under the book's id, so that anybody can go on where somebody stopped. All amounts of a
side are in lots.
"""

from enum import Enum
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash

from .margin import Cut
from .model import LEVELS_MAX, Level

WORK_MAX: Final = 131_072
"""How many levels and queue entries the search for the price looks at before it pauses."""

HASH_BYTES: Final = 32

PAGES_MAX: Final = 1_024
"""How many pages of queues one command opens before it pauses; it needs one for each side."""


class Stage(Enum):
    """What a clearing does next."""

    PRICING = "pricing"
    """Orders that would be filled below their minimum leave, until the price stands."""

    FILLING = "filling"
    """Price and quantities stand; both queues are walked from their best price."""

    ENDED = "ended"
    """Every order of the book is filled or told why not."""


class Line(Record):
    """How far one side's queue, from its best price to its worst, has been walked."""

    margin: Level
    """The level where the volume ends."""

    cut: Cut
    """What the orders of that level share; with `Tie.TIME` only its sums count."""

    rest: Amount
    """Volume that this side has not been given yet. [lots]"""

    ties: Annotated[int, Meta(ge=0)]
    """How many orders at the cut are still rounded up."""

    rank: Annotated[int, Meta(ge=0, le=LEVELS_MAX)]
    """Which level is walked, counted from the best of all; as many as there are when done."""

    page: Annotated[int, Meta(ge=0)]
    """Which page of that level's queue."""

    slot: Annotated[int, Meta(ge=0, le=256)]
    """The next order on that page, perhaps filled in part."""


NOWHERE: Final = Line(0, Cut(0, 0, 0, 0), 0, 0, 0, 0, 0)
"""The line of a side that gets nothing: its walk begins at its best price."""


class Clearing(Record, tag="market-clearing"):
    """
    A call auction: its price with what proves it, and how far its fills are written.

    The totals of the book stay as they were when the price was fixed. Whoever reads them, or adds
    up the orders, finds the digest and can check the price without trusting who computed it.
    """

    stage: Stage
    """What comes next."""

    rejected: Annotated[int, Meta(ge=0)]
    """Orders that left because they would have been filled below their minimum."""

    lapsed: bool
    """Whether it was left alone until no bill was open, so that nothing more is traded."""

    level: Level | None
    """The price of all fills; nothing if none crosses, or before it is fixed."""

    volume: Amount
    """Lots that change hands."""

    demand: Amount
    """Lots that buyers want at that price."""

    supply: Amount
    """Lots that sellers offer at that price."""

    digest: Hash
    """Hash of both curves, see `match_certificate`; zeros before the price is fixed."""

    buy: Line
    """The buyers' queue."""

    sell: Line
    """The sellers' queue."""

    fills: Annotated[int, Meta(ge=0)]
    """Fills written."""

    unmatched: Annotated[int, Meta(ge=0)]
    """Orders that were told why they, or a part of them, found nobody."""

    priced_at: Milliseconds
    """When the price was fixed; 0 before. [ms since the epoch, UTC]"""

    ended_at: Milliseconds
    """When the last order was dealt with; 0 before. [ms since the epoch, UTC]"""


FRESH: Final = Clearing(
    stage=Stage.PRICING,
    rejected=0,
    lapsed=False,
    level=None,
    volume=0,
    demand=0,
    supply=0,
    digest=Hash(bytes(HASH_BYTES)),
    buy=NOWHERE,
    sell=NOWHERE,
    fills=0,
    unmatched=0,
    priced_at=0,
    ended_at=0,
)
"""A clearing that has not begun."""
