"""
Random orders of a call auction, and what they come to by a plain reference.

The reference allots with lists and sorting, order by order, and shares no code with the ledger: so
a cursor, a page or a cut that is off by one shows.
"""

from collections.abc import Sequence
from typing import NamedTuple

from hypothesis import strategies as st

from tallystick.contracts.market.model import Side, Tie

PEOPLE = (101, 102, 103, 104, 105, 106)
"""Numbers of the keys of those who trade; the same as in `house`."""

LEVELS = 6


class Offer(NamedTuple):
    """An order of a random auction."""

    side: Side
    """Which way it goes."""

    level: int
    """Its limit price."""

    lots: int
    """How much."""

    least: int = 0
    """Its minimum."""

    owner: int = PEOPLE[0]
    """Whose it is."""


class Outcome(NamedTuple):
    """What an auction comes to."""

    level: int | None
    """The price, if anything is traded."""

    volume: int
    """Lots that change hands."""

    parts: list[int]
    """What each order gets."""

    left: list[bool]
    """Whether each order had to leave, because it would have got less than its minimum."""


SIDES = st.sampled_from(Side)


@st.composite
def offers(draw: st.DrawFn, *, least: bool = True) -> Offer:
    """Return an order with a limit, lots, perhaps a minimum, and somebody's."""
    lots = draw(st.integers(1, 9))
    minimum = draw(st.sampled_from((0, 0, 1, lots)) | st.integers(0, lots)) if least else 0
    level = draw(st.integers(0, LEVELS - 1))
    return Offer(draw(SIDES), level, lots, minimum, draw(st.sampled_from(PEOPLE)))


BOOKS = st.lists(offers(), min_size=1, max_size=14)


def best_price(demand: Sequence[int], supply: Sequence[int]) -> tuple[int, int]:
    """Return level and volume by trying every level: volume, imbalance, pressure, midpoint."""
    levels = range(len(demand))
    wanted = [sum(demand[level:]) for level in levels]
    offered = [sum(supply[: level + 1]) for level in levels]
    volume = max(min(wanted[level], offered[level]) for level in levels)
    best = [level for level in levels if min(wanted[level], offered[level]) == volume]
    surplus = {level: wanted[level] - offered[level] for level in best}
    least = min(abs(each) for each in surplus.values())
    best = [level for level in best if abs(surplus[level]) == least]
    if all(surplus[level] > 0 for level in best):
        return best[-1], volume
    if all(surplus[level] < 0 for level in best):
        return best[0], volume
    return (best[0] + best[-1]) // 2, volume


def reference(book: Sequence[Offer], *, tie: Tie, levels: int = LEVELS) -> Outcome:
    """Return what an auction comes to, orders with a minimum leaving one at a time."""
    left = [False] * len(book)
    while True:
        demand, supply = (
            [
                sum(
                    each.lots
                    for each, gone in zip(book, left, strict=True)
                    if not gone and each.side is side and each.level == level
                )
                for level in range(levels)
            ]
            for side in (Side.BUY, Side.SELL)
        )
        level, volume = best_price(demand, supply)
        parts, short = _allot(book, left, volume=volume, tie=tie, levels=levels)
        if short is None:
            return Outcome(level if volume else None, volume, parts, left)
        left[short] = True


def _allot(
    book: Sequence[Offer], left: Sequence[bool], *, volume: int, tie: Tie, levels: int
) -> tuple[list[int], int | None]:
    """Return what each order gets, and the last order that gets less than its minimum."""
    parts, short = [0] * len(book), None
    for side, order in ((Side.BUY, range(levels)[::-1]), (Side.SELL, range(levels))):
        rest = volume
        for level in order:
            queue = [
                n
                for n, each in enumerate(book)
                if not left[n] and each.side is side and each.level == level
            ]
            share = min(rest, sum(book[n].lots for n in queue))
            rest -= share
            given = _share([book[n].lots for n in queue], share=share, tie=tie)
            for n, part in zip(queue, given, strict=True):
                parts[n] = part
                if 0 < part < book[n].least:
                    short = n
    return parts, short


def _share(lots: Sequence[int], *, share: int, tie: Tie) -> list[int]:
    """Return what each order of a level gets."""
    if tie is Tie.TIME:
        given = []
        for each in lots:
            given.append(min(each, share))
            share -= given[-1]
        return given
    total = sum(lots) or 1
    given = [each * share // total for each in lots]
    latest_last = sorted(range(len(lots)), key=lambda n: (-(lots[n] * share % total), n))
    for n in latest_last[: share - sum(given)]:
        given[n] += 1
    return given
