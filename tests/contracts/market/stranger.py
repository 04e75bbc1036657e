"""
A stranger who checks an auction from what the ledger has published, and from nothing else.

It reads the events of a book once, from the first order to the last fill, adds up both curves and
holds price, parts and pairs against `match_certificate`. It calls no rule and no engine.
"""

from collections.abc import Iterable
from typing import NamedTuple

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.events import MarketFilled, OrderEnded, OrderPlaced
from tallystick.contracts.market.events_clearing import MarketCleared
from tallystick.contracts.market.match_certificate import (
    MatchCertificate,
    MatchRefuted,
    check_fills,
    check_pairs,
)
from tallystick.contracts.market.model import Side, Tie
from tallystick.contracts.market.ration import Tie as TieRule


class Seen(NamedTuple):
    """What the events of a book say."""

    placed: dict[RecordId, OrderPlaced]
    """The orders that took part, in order of arrival."""

    cleared: MarketCleared
    """The price."""

    fills: list[MarketFilled]
    """The fills, in the order in which they were written."""


def check(events: Iterable[Record], book: RecordId, *, tie: Tie) -> None:
    """Refuse an auction whose events contradict each other, by MatchRefuted."""
    seen = look(events, book)
    told, orders = seen.cleared, list(seen.placed.values())
    places = {each.order: place for place, each in enumerate(orders)}
    parts, pairs = [0] * len(orders), []
    for fill in seen.fills:
        if fill.level != told.level:
            raise MatchRefuted("a fill at another price than the published one")
        named = [places.get(id) for id in (fill.buy, fill.sell) if id is not None]
        for place in named:
            if place is None:
                raise MatchRefuted("a fill of an order that took no part")
            parts[place] += fill.lots
        if fill.buy is not None and fill.sell is not None:
            pairs.append((places[fill.buy], places[fill.sell], fill.lots))
    sides = [int(each.side is Side.BUY) for each in orders]
    check_fills(
        MatchCertificate(
            told.digest, told.level, told.volume, told.demand, told.supply, TieRule(tie.value)
        ),
        sides,
        [each.level for each in orders],
        [each.lots for each in orders],
        parts,
        level_count=told.levels,
    )
    if pairs:
        check_pairs(sides, parts, pairs)
    if any(0 < part < each.least for part, each in zip(parts, orders, strict=True)):
        raise MatchRefuted("an order was filled below its minimum")


def look(events: Iterable[Record], book: RecordId) -> Seen:
    """Return what the events of a book say: who left before the price was fixed took no part."""
    placed: dict[RecordId, OrderPlaced] = {}
    fills: list[MarketFilled] = []
    cleared: MarketCleared | None = None
    for event in events:
        if isinstance(event, OrderPlaced) and event.book == book:
            placed[event.order] = event
        elif isinstance(event, OrderEnded) and cleared is None:
            placed.pop(event.order, None)
        elif isinstance(event, MarketCleared) and event.book == book:
            cleared = event
        elif isinstance(event, MarketFilled) and event.book == book:
            fills.append(event)
    if cleared is None:
        raise MatchRefuted("no price was published")
    return Seen(placed, cleared, fills)
