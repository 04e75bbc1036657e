"""
The price of an auction, from a book's totals: one level, one volume, and where each side ends.

Orders with a minimum go through this loop, one at a time:

1. Price and volume follow from the totals, as if every order were divisible.
2. At the margin of either side, an order may be allotted something, but less than its minimum.
   With `Tie.TIME` that can be one order only; with `Tie.PRO_RATA` the latest of them is meant.
3. It leaves the auction for good, the totals fall by it, and 1 begins anew.

The loop ends because every round takes an order out, and it looks at pages, never at orders. It
pauses when it has looked at `WORK_MAX` levels and entries, and anybody goes on: what has left has
left, so the outcome is the same in however many pieces.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tallystick.base.identifiers import RecordId
from tallystick.core.context import Context
from tallystick.core.contract import Reader

from .auction import Margin, clearing, margins
from .book import PAGE, Book, Entry, level_totals, page_sums, walk
from .clearing import NOWHERE, Line
from .margin import Cut, allotment, cut_of
from .model import Side, Tie


class Priced(NamedTuple):
    """What the totals of a book say."""

    level: int | None
    """The price; nothing if nobody's offers cross."""

    volume: int
    """Lots that change hands."""

    demand: int
    """Lots wanted at the price."""

    supply: int
    """Lots offered at the price."""

    buy: Line
    """How the volume is shared among buyers."""

    sell: Line
    """How the volume is shared among sellers."""

    short: Entry | None
    """An order that would be filled below its minimum."""

    short_side: Side
    """Which way that order goes."""

    work: int
    """How many levels and entries were looked at."""


def priced(reader: Reader | Context, id: RecordId, book: Book, *, levels: int, tie: Tie) -> Priced:
    """Return the price that the totals of a book make, and who would be filled too little."""
    demand = curve(reader, id, book, Side.BUY, levels)
    supply = curve(reader, id, book, Side.SELL, levels)
    found = clearing(demand, supply)
    if found is None:
        return Priced(None, 0, 0, 0, NOWHERE, NOWHERE, None, Side.BUY, 2 * levels)
    volume = found.volume
    buying, selling = margins(demand, supply, volume)
    buy, short_buyer, buyers = _line(
        reader, id, Side.BUY, buying, total=demand[buying.level], volume=volume, tie=tie
    )
    sell, short_seller, sellers = _line(
        reader, id, Side.SELL, selling, total=supply[selling.level], volume=volume, tie=tie
    )
    return Priced(
        level=found.level,
        volume=found.volume,
        demand=found.demand,
        supply=found.supply,
        buy=buy,
        sell=sell,
        short=short_buyer or short_seller,
        short_side=Side.BUY if short_buyer else Side.SELL,
        work=2 * levels + buyers + sellers,
    )


def curve(reader: Reader | Context, id: RecordId, book: Book, side: Side, levels: int) -> list[int]:
    """Return the open lots of every level of one side, from at most 128 pages. [lots]"""
    lots: list[int] = []
    for page, total in enumerate(page_sums(book, side)):
        lots += level_totals(reader, id, side, page) if total else (0,) * PAGE
    return lots[:levels]


def rank_of(side: Side, level: int, *, levels: int) -> int:
    """Return how many levels are better for the other side: buyers begin at the highest price."""
    return levels - 1 - level if side is Side.BUY else level


def _line(
    reader: Reader | Context,
    id: RecordId,
    side: Side,
    margin: Margin,
    *,
    total: int,
    volume: int,
    tie: Tie,
) -> tuple[Line, Entry | None, int]:
    """Return how one side's volume ends, who is filled too little there, and the entries read."""
    cut, short, looked = Cut(margin.share, total, total, 0), None, 0
    if margin.share < total:
        queue = list(walk(reader, id, side, margin.level))
        looked = len(queue)
        if tie is Tie.TIME:
            short = _short_in_time(queue, share=margin.share)
        else:
            cut = cut_of([entry.lots for entry in queue], share=margin.share)
            short = _short_in_proportion(queue, cut)
    return Line(margin.level, cut, volume, cut.ties, 0, 0, 0), short, looked


def _short_in_time(queue: Sequence[Entry], *, share: int) -> Entry | None:
    """Return the order at which a level's share ends, if it gets less than its minimum."""
    for entry in queue:
        if entry.lots > share:
            return entry if 0 < share < entry.least else None
        share -= entry.lots
    return None


def _short_in_proportion(queue: Sequence[Entry], cut: Cut) -> Entry | None:
    """Return the latest order whose proportional part is something, but below its minimum."""
    short, ties = None, cut.ties
    for entry in queue:
        lots, tied = allotment(cut, entry.lots, ties=ties)
        ties -= tied
        if 0 < lots < entry.least:
            short = entry
    return short
