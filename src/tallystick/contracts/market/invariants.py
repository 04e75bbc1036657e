"""
What always holds about markets.

Each is checked on what a block changed and, by an audit, on everything: there the state before is
empty, and a change is what there is. What concerns money is in `invariants_funds`. What goods do is
the invariant of whoever keeps them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, Final

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.invariant import Changes, Invariant

from .book import Book, Totals, open_lots, page_sums, unpack
from .clearing import Clearing, Stage
from .ids import totals_id
from .invariants_funds import FUNDS
from .model import (
    Fill,
    Mandate,
    Market,
    Order,
    Participant,
    Phase,
    Position,
    Side,
    Statement,
    Status,
    position_id,
)

_SIDES: Final = tuple(Side)
_ORDER_TERMS: Final = attrgetter(
    "market",
    "book",
    "side",
    "owner",
    "level",
    "lots",
    "least",
    "device",
    "partner",
    "placed_at",
    "valid_until",
    "mandate",
)
_FILL_TERMS: Final = attrgetter(
    "book",
    "number",
    "buy",
    "sell",
    "lots",
    "level",
    "buy_offset",
    "sell_offset",
    "reserved",
    "filled_at",
)
_MANDATE_TERMS: Final = attrgetter(
    "market",
    "owner",
    "agent",
    "side",
    "level",
    "keep_wh",
    "lots_max",
    "budget",
    "device",
    "begin",
    "end",
)
_BOOK_TERMS: Final = attrgetter("market", "product")
_STATEMENT_TERMS: Final = attrgetter("market", "owner", "period")
_POSITION_TERMS: Final = attrgetter("book", "side", "owner", "meters", "device")

Place = tuple[RecordId, bool, PublicKey]
"""A position: a book, whether it buys, and an account."""

Parts = list[tuple[int, int]]
"""Fills of a position: where each begins, and its lots."""


def _rewritten(changes: Changes) -> Iterator[str]:
    kept: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
        (Market, lambda market: market),
        (Book, _BOOK_TERMS),
        (Order, _ORDER_TERMS),
        (Fill, _FILL_TERMS),
        (Statement, _STATEMENT_TERMS),
        (Mandate, _MANDATE_TERMS),
        (Position, _POSITION_TERMS),
        (Participant, lambda _: None),
    )
    for kind, terms in kept:
        for id, old, new in changes.of(kind):
            if new is None:
                if kind is not Position or old.lots:
                    yield f"{kind.__name__} {id.hex()} vanished"
            elif old is not None and terms(old) != terms(new):
                yield f"{kind.__name__} {id.hex()} changed in what never changes"


def _overfilled(changes: Changes) -> Iterator[str]:
    for id, old, new in changes.of(Order):
        if new is None:
            continue
        if new.filled > new.lots:
            yield f"order {id.hex()} is filled with {new.filled} of {new.lots} lots"
        if (new.filled == new.lots) != (new.status is Status.FILLED):
            yield f"order {id.hex()} is {new.status.value}, with {new.filled} of {new.lots} lots"
        if old is not None and (old.filled > new.filled or old.value > new.value):
            yield f"order {id.hex()} lost what it had traded"
        if old is not None and old.status not in (Status.OPEN, new.status):
            yield f"order {id.hex()} was {old.status.value} and is {new.status.value}"


def _traded_alone(changes: Changes) -> Iterator[str]:
    """Yield orders that were filled with more or less than their fills say."""
    lots: defaultdict[RecordId, int] = defaultdict(int)
    for _, old, new in changes.of(Fill):
        if old is None and new is not None:
            if new.buy is not None:
                lots[new.buy] += new.lots
            if new.sell is not None and new.sell != new.buy:
                lots[new.sell] += new.lots
    for id, old, new in changes.of(Order):
        if new is not None:
            lots[id] -= new.filled - (0 if old is None else old.filled)
    for id, difference in lots.items():
        if difference:
            yield f"fills of order {id.hex()} are {difference} lots off what it was filled with"


class _Growth:
    """By how much a position grew, as its orders and fills tell."""

    __slots__ = ("offered", "orders", "parts")

    def __init__(self) -> None:
        self.offered = self.orders = 0
        self.parts: Parts = []


def _misplaced(changes: Changes) -> Iterator[str]:
    """Yield positions that do not add up to the orders, and fills that leave gaps in them."""
    positions = changes.of(Position)
    if not positions:
        return
    by_place, parts_of = _growths(changes)
    for _, old, new in changes.of(Fill):
        if old is None and new is not None:
            if (parts := parts_of.get(new.buy)) is not None:
                parts.append((new.buy_offset, new.lots))
            if (parts := parts_of.get(new.sell)) is not None:
                parts.append((new.sell_offset, new.lots))
    for id, old, new in positions:
        position = old if new is None else new
        book, side, owner = position.book, position.side, position.owner
        grown = by_place[book, side is Side.BUY, owner]
        if id != position_id(book, side, owner):
            yield f"position {id.hex()} stands under another's id"
        begin, end = (0 if each is None else each.lots for each in (old, new))
        if new is not None and not _tiles(sorted(grown.parts), begin, end):
            yield f"fills of position {id.hex()} do not follow each other from {begin} to {end}"
        if grown.offered != _of(new, "offered") - _of(old, "offered"):
            yield f"position {id.hex()} offers something else than its orders"
        if grown.orders != _of(new, "open_orders") - _of(old, "open_orders"):
            yield f"position {id.hex()} counts its open orders wrongly"


def _growths(changes: Changes) -> tuple[defaultdict[Place, _Growth], dict[RecordId | None, Parts]]:
    """Return what the orders tell of each place, and where each order's fills are collected."""
    by_place: defaultdict[Place, _Growth] = defaultdict(_Growth)
    parts_of: dict[RecordId | None, Parts] = {}
    buys, is_open = Side.BUY, Status.OPEN
    for id, old, new in changes.of(Order):
        order = old if new is None else new
        grown = by_place[order.book, order.side is buys, order.owner]
        parts_of[id] = grown.parts
        if new is not None and new.status is is_open:
            grown.offered += new.lots - new.filled
            grown.orders += 1
        if old is not None and old.status is is_open:
            grown.offered -= old.lots - old.filled
            grown.orders -= 1
    return by_place, parts_of


def _tiles(parts: Parts, begin: int, end: int) -> bool:
    """Tell whether parts follow each other without gap from begin to end."""
    for first, lots in parts:
        if first != begin:
            return False
        begin += lots
    return begin == end


def _of(record: object, field: str) -> int:
    """Return a field of a record, 0 if there is no record."""
    return 0 if record is None else int(getattr(record, field))


def _unbalanced_books(changes: Changes) -> Iterator[str]:
    totals = {id: new for id, _, new in changes.of(Totals)}
    books = changes.of(Book)
    change: defaultdict[tuple[RecordId, bool], int] = defaultdict(int)
    if any(new is not None and new.phase is Phase.OPEN for _, _, new in books):
        for _, old, new in changes.of(Order):
            for order, sign in ((old, -1), (new, 1)):
                if order is not None and order.status is Status.OPEN and order.queued:
                    buys = order.side is Side.BUY
                    change[order.book, buys] += sign * (order.lots - order.filled)
    for id, old, new in books:
        if new is None:
            continue
        for side in _SIDES:
            sums = page_sums(new, side)
            if sum(sums) != open_lots(new, side):
                yield f"{side.value} pages of book {id.hex()} do not sum to its open lots"
            before = (0,) * len(sums) if old is None else page_sums(old, side)
            for page, (was, is_now) in enumerate(zip(before, sums, strict=True)):
                found = totals.get(totals_id(id, side, page))
                if was != is_now and (found is None or sum(unpack(found.lots)) != is_now):
                    yield f"{side.value} page {page} of book {id.hex()} is not its levels' sum"
            grown = open_lots(new, side) - (0 if old is None else open_lots(old, side))
            if new.phase is Phase.OPEN and grown != change[id, side is Side.BUY]:
                yield f"{side.value} side of book {id.hex()} is not the sum of its queued orders"


def _badly_cleared(changes: Changes) -> Iterator[str]:
    books = {id: new for id, _, new in changes.of(Book)}
    for id, old, new in changes.of(Clearing):
        if new is None:
            yield f"clearing of {id.hex()} vanished"
            continue
        if old is not None and old.priced_at and _price(old) != _price(new):
            yield f"clearing of {id.hex()} changed its price"
        if new.volume > min(new.demand, new.supply):
            yield f"clearing of {id.hex()} trades more than is offered"
        if max(new.buy.rest, new.sell.rest) > new.volume:
            yield f"clearing of {id.hex()} has more left to give than it trades"
        ended = new.stage is Stage.ENDED
        if ended and (new.buy.rest or new.sell.rest):
            yield f"clearing of {id.hex()} ended before its volume was given"
        book = books.get(id)
        if book is not None and ended != (book.phase is Phase.CLEARED):
            yield f"book {id.hex()} is {book.phase.value}, its clearing {new.stage.value}"


def _price(clearing: Clearing) -> tuple[object, ...]:
    """Return what is fixed once the price is."""
    return clearing.level, clearing.volume, clearing.demand, clearing.supply, clearing.digest


def _badly_settled(changes: Changes) -> Iterator[str]:
    waited = 0
    for id, old, new in changes.of(Fill):
        if new is None:
            continue
        sides = (new.buy is not None) + (new.sell is not None)
        was, settled = None if old is None else old.settled, new.settled
        waited += sides * ((old is None) - (was is None and settled is not None))
        if settled is None:
            if was is not None:
                yield f"fill {id.hex()} is not settled any more"
            continue
        if settled.cut_lots > new.lots:
            yield f"fill {id.hex()} was cut by more than it was"
    for _, old, new in changes.of(Statement):
        waited -= _of(new, "open_fills") - _of(old, "open_fills")
    if waited:
        yield f"statements wait for {-waited} fills more than there are to settle"


def _badly_billed(changes: Changes) -> Iterator[str]:
    for id, old, new in changes.of(Statement):
        if new is None:
            continue
        if old is not None and old.closed_at and old != new:
            yield f"statement {id.hex()} changed after it was closed"
        if old is not None and new.entries < old.entries:
            yield f"statement {id.hex()} lost lines"
        if new.closed_at and new.open_fills:
            yield f"statement {id.hex()} was closed before all of it was settled"
        if new.charges and not new.closed_at:
            yield f"statement {id.hex()} was charged before it was closed"


def _unbounded(changes: Changes) -> Iterator[str]:
    for id, old, new in changes.of(Mandate):
        if new is None:
            continue
        if new.side is Side.BUY and new.spent > new.budget:
            yield f"mandate {id.hex()} has bound {new.spent} of {new.budget}"
        if new.ended and new.funded:
            yield f"mandate {id.hex()} has ended and still holds {new.funded}"
        if old is not None and old.ended and not new.ended:
            yield f"mandate {id.hex()} had ended"


INVARIANTS = (
    Invariant(
        "markets, books, orders, fills, statements and mandates keep their terms and never vanish",
        _rewritten,
    ),
    Invariant(
        "no order is filled beyond its lots, what was traded stays traded, and an order that ended "
        "never begins again",
        _overfilled,
    ),
    Invariant("every lot that an order was filled with is in exactly one fill", _traded_alone),
    Invariant(
        "an account's position is the sum of its orders, and its fills follow each other without "
        "gap",
        _misplaced,
    ),
    Invariant(
        "the totals of an open book are the sums of its levels, and of its queued orders",
        _unbalanced_books,
    ),
    Invariant(
        "an auction's price is fixed once, for no more than is offered, and all of its volume is "
        "given",
        _badly_cleared,
    ),
    Invariant(
        "a fill is settled for no more than was traded, and exactly the fills that are not settled "
        "are waited for",
        _badly_settled,
    ),
    Invariant("a closed statement is complete and never changes", _badly_billed),
    Invariant("a mandate binds no more than its budget, and nothing once it has ended", _unbounded),
    *FUNDS,
)
