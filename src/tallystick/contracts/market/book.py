"""
Order books: price levels with running totals, and per level a queue in order of arrival.

Nothing scans. A book keeps, per side, the sum of each page of 256 levels; a page of totals keeps
the open lots of each of its levels; a level's queue keeps its orders in pages of 256 entries and
where the first open one stands. Pages are packed: columns of integers, eight bytes each, the most
significant first. A book is rewritten with every order, and a column of bytes is copied, hashed and
searched for its first figure that is not zero several times as fast as a tuple.

An entry whose lots are zero was filled or cancelled; the others keep their places. A level at which
nothing is open begins its queue anew.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Annotated, Final, NamedTuple

from msgspec import Meta

from tallystick.base.amounts import Amount
from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.core.context import Context
from tallystick.core.contract import Reader

from .errors_sources import LevelFull
from .ids import queue_page_id, totals_id
from .model import LEVELS_MAX, Order, Phase, Product, Side

PAGE: Final = 256
"""How many levels a page of totals has, and how many entries a page of a queue."""

QUEUE_PAGES_MAX: Final = 128
QUEUE_ORDERS_MAX: Final = QUEUE_PAGES_MAX * PAGE
TOTALS_PAGES_MAX: Final = LEVELS_MAX // PAGE
WIDTH: Final = 8
ID_WIDTH: Final = 32

Column = Annotated[bytes, Meta(max_length=PAGE * WIDTH)]
"""Integers of eight bytes, the most significant first."""


class Book(Record, tag="market-book"):
    """What is offered of one product, and where its trading stands."""

    market: RecordId
    """The market."""

    product: Product
    """What is traded."""

    phase: Phase
    """Where it stands."""

    fills: Annotated[int, Meta(ge=0)]
    """How many fills were written; the number of the next."""

    buy_lots: Amount
    """Open in the queues of buyers. [lots]"""

    sell_lots: Amount
    """Open in the queues of sellers. [lots]"""

    buy_pages: Annotated[bytes, Meta(max_length=TOTALS_PAGES_MAX * WIDTH)]
    """The sum of each page of buyers' totals, eight bytes each. [lots]"""

    sell_pages: Annotated[bytes, Meta(max_length=TOTALS_PAGES_MAX * WIDTH)]
    """The sum of each page of sellers' totals, eight bytes each. [lots]"""

    volume: Amount = 0
    """With a central counterparty, what was traded at the clearing; less if it lapsed. [lots]"""

    delivered_lots: Amount = 0
    """With a central counterparty, goods that sellers have delivered so far. [lots]"""

    defaulted_lots: Amount = 0
    """With a central counterparty, goods that sellers failed to deliver. [lots]"""


class Totals(Record, tag="market-totals"):
    """What is open at each of 256 price levels, on one side of a book."""

    lots: Column
    """Open lots of each level, eight bytes each. [lots]"""


class Queue(Record, tag="market-queue"):
    """Where the queue of a level stands; kept under the id of its first page."""

    head: Annotated[int, Meta(ge=0, le=QUEUE_ORDERS_MAX)]
    """Everything before this entry is filled or cancelled."""

    size: Annotated[int, Meta(ge=0, le=QUEUE_ORDERS_MAX)]
    """How many entries there are, over all pages."""


class QueuePage(Record, tag="market-queue-page"):
    """At most 256 orders of one price level, in order of arrival."""

    orders: Annotated[bytes, Meta(max_length=PAGE * ID_WIDTH)]
    """Their ids, 32 bytes each."""

    lots: Column
    """What is open of each, eight bytes each; zero if it was filled or cancelled. [lots]"""

    least: Column
    """The minimum of each, eight bytes each. [lots]"""


class Entry(NamedTuple):
    """An order's place in a queue."""

    order: RecordId
    """The order."""

    lots: int
    """What is open of it. [lots]"""

    least: int
    """Its minimum. [lots]"""


Standing = tuple[int, RecordId]
"""An entry's place on its page, and its order."""


def empty_book(market: RecordId, product: Product, levels: int) -> Book:
    """Return a book in which nothing is offered."""
    pages = bytes(WIDTH * -(-levels // PAGE))
    return Book(market, product, Phase.OPEN, 0, 0, 0, pages, pages)


def open_lots(book: Book, side: Side) -> int:
    """Return what is open in the queues of one side. [lots]"""
    return book.buy_lots if side is Side.BUY else book.sell_lots


def page_sums(book: Book, side: Side) -> tuple[int, ...]:
    """Return the sum of each page of totals of one side. [lots]"""
    return unpack(book.buy_pages if side is Side.BUY else book.sell_pages)


def level_totals(reader: Reader | Context, id: RecordId, side: Side, page: int) -> tuple[int, ...]:
    """Return the open lots of the 256 levels of a page. [lots]"""
    totals = reader.read(Totals, totals_id(id, side, page))
    return (0,) * PAGE if totals is None else unpack(totals.lots)


def queue_of(reader: Reader | Context, id: RecordId, side: Side, level: int) -> Queue:
    """Return where a level's queue stands."""
    return reader.read(Queue, queue_page_id(id, side, level, 0)) or Queue(0, 0)


def open_orders(
    reader: Reader | Context, page_id: RecordId, size: int, *, first: int = 0
) -> list[Standing]:
    """Return who is open among the first `size` entries of a page, from the `first` one on."""
    page = _page(reader, page_id)
    orders = page.orders
    return [
        (slot, RecordId(orders[slot * ID_WIDTH : (slot + 1) * ID_WIDTH]))
        for slot, lots in enumerate(unpack(page.lots)[first:size], first)
        if lots
    ]


def walk(reader: Reader | Context, id: RecordId, side: Side, level: int) -> Iterator[Entry]:
    """Yield the open entries of a level in order of arrival, as they are when a page is reached."""
    queue = queue_of(reader, id, side, level)
    number, slot = divmod(queue.head, PAGE)
    while number * PAGE + slot < queue.size:
        page = _page(reader, queue_page_id(id, side, level, number))
        # What stands beyond the size belongs to a queue that ended before this one began.
        for place in range(slot, min(PAGE, queue.size - number * PAGE)):
            if lots := _figure(page.lots, place):
                order = RecordId(page.orders[place * ID_WIDTH : (place + 1) * ID_WIDTH])
                yield Entry(order, lots, _figure(page.least, place))
        number, slot = number + 1, 0


def levels(reader: Reader | Context, id: RecordId, book: Book, side: Side) -> Iterator[int]:
    """Yield the levels at which somebody waits, best first: highest buyers, lowest sellers."""
    sums = book.buy_pages if side is Side.BUY else book.sell_pages
    for page in _figures(sums, side):
        totals = reader.read(Totals, totals_id(id, side, page))
        if totals is None:
            raise AssertionError(f"page {page} of {side.value} in {id.hex()} has a sum, no totals")
        for slot in _figures(totals.lots, side):
            yield page * PAGE + slot


def best(reader: Reader | Context, id: RecordId, book: Book, side: Side) -> int | None:
    """Return the best level at which somebody waits, or nothing."""
    return next(levels(reader, id, book, side), None)


def add(
    context: Context,
    id: RecordId,
    book: Book,
    side: Side,
    level: int,
    entry: Entry,
    *,
    field: str = "level",
) -> tuple[Book, int, int]:
    """
    Put an order at the end of its level's queue; return the book, to be written, page and slot.

    Raises LevelFull, whose message names the field from which the level comes.
    """
    book, was_empty = _change(context, id, book, side, level, entry.lots)
    first_id = page_id = queue_page_id(id, side, level, 0)
    queue = context.read(Queue, first_id)
    head, size = (0, 0) if queue is None or was_empty else (queue.head, queue.size)
    if size == QUEUE_ORDERS_MAX:
        raise LevelFull(level, QUEUE_ORDERS_MAX, field=field)
    number, slot = divmod(size, PAGE)
    if number:
        page_id = queue_page_id(id, side, level, number)
    lots, least = entry.lots.to_bytes(WIDTH, "big"), entry.least.to_bytes(WIDTH, "big")
    if slot:
        page = _page(context, page_id)
        page = QueuePage(page.orders + entry.order, page.lots + lots, page.least + least)
    else:
        page = QueuePage(entry.order, lots, least)
    context.write(page_id, page)
    context.write(first_id, Queue(head, size + 1))
    return book, number, slot


def take(context: Context, id: RecordId, book: Book, taken: Iterable[tuple[Order, int]]) -> Book:
    """
    Take lots of queued orders out of their entries and the totals; return the book, to be written.

    Filling and cancelling are the same to a queue: whoever stands behind moves up, nobody is moved.
    Orders of one level, and of one page, follow each other, so each is written once.
    """
    for (side, level), orders in groupby(taken, key=_level_of):
        lots = 0
        for page, entries_of_page in groupby(orders, key=_page_of):
            lots += _take_page(context, id, side, level, page, list(entries_of_page))
        book, _ = _change(context, id, book, side, level, -lots)
    return book


def remove(context: Context, id: RecordId, book: Book, order: Order) -> Book:
    """Take what is open of an order out of its queue; return the book, to be written."""
    if not order.queued:
        return book
    return take(context, id, book, ((order, order.lots - order.filled),))


def unpack(column: bytes) -> tuple[int, ...]:
    """Return the integers of a column."""
    return struct.unpack(f">{len(column) // WIDTH}Q", column)


def _change(
    context: Context, id: RecordId, book: Book, side: Side, level: int, lots: int
) -> tuple[Book, bool]:
    """Change a level's total, its page's sum and the side's; tell whether the level was empty."""
    page, slot = divmod(level, PAGE)
    page_id = totals_id(id, side, page)
    totals = context.read(Totals, page_id)
    column = bytes(PAGE * WIDTH) if totals is None else totals.lots
    was_empty = not _figure(column, slot)
    context.write(page_id, Totals(_with(column, slot, lots)))
    buy_lots, sell_lots = book.buy_lots, book.sell_lots
    buy_pages, sell_pages = book.buy_pages, book.sell_pages
    if side is Side.BUY:
        buy_lots += lots
        buy_pages = _with(buy_pages, page, lots)
    else:
        sell_lots += lots
        sell_pages = _with(sell_pages, page, lots)
    changed = Book(
        book.market,
        book.product,
        book.phase,
        book.fills,
        buy_lots,
        sell_lots,
        buy_pages,
        sell_pages,
        book.volume,
        book.delivered_lots,
        book.defaulted_lots,
    )
    return changed, was_empty


def _take_page(
    context: Context,
    id: RecordId,
    side: Side,
    level: int,
    number: int,
    taken: Sequence[tuple[Order, int]],
) -> int:
    """Take lots out of entries of one page; return how many in all."""
    page_id = queue_page_id(id, side, level, number)
    page = _page(context, page_id)
    column = page.lots
    for order, lots in taken:
        column = _with(column, order.slot, -lots)
    context.write(page_id, QueuePage(page.orders, column, page.least))
    _move_head(context, id, side, level, number, column)
    return sum(lots for _, lots in taken)


def _move_head(
    context: Context, id: RecordId, side: Side, level: int, number: int, column: bytes
) -> None:
    """Let a queue begin at its first open entry, if its head was on a page that has changed."""
    first_id = queue_page_id(id, side, level, 0)
    queue = context.read(Queue, first_id)
    if queue is None or queue.head // PAGE != number or _figure(column, queue.head % PAGE):
        return
    slot = _first_figure(column)
    while slot is None and (number + 1) * PAGE < queue.size:
        number += 1
        slot = _first_figure(_page(context, queue_page_id(id, side, level, number)).lots)
    head = queue.size if slot is None else number * PAGE + slot
    context.write(first_id, Queue(head, queue.size))


def _level_of(taken: tuple[Order, int]) -> tuple[Side, int]:
    """Return side and level of an order."""
    return taken[0].side, taken[0].level


def _page_of(taken: tuple[Order, int]) -> int:
    """Return the page of a queue on which an order stands."""
    return taken[0].page


def _page(reader: Reader | Context, page_id: RecordId) -> QueuePage:
    """Return a page that its queue says is there."""
    page = reader.read(QueuePage, page_id)
    if page is None:
        raise AssertionError(f"a queue misses its page {page_id.hex()}")
    return page


def _figure(column: bytes, slot: int) -> int:
    """Return one integer of a column."""
    return int.from_bytes(column[slot * WIDTH : (slot + 1) * WIDTH], "big")


def _with(column: bytes, slot: int, change: int) -> bytes:
    """Return a column in which one integer is changed by so much."""
    begin, end = slot * WIDTH, (slot + 1) * WIDTH
    figure = int.from_bytes(column[begin:end], "big") + change
    return column[:begin] + figure.to_bytes(WIDTH, "big") + column[end:]


def _first_figure(column: bytes) -> int | None:
    """Return where the first integer that is not zero stands, or nothing."""
    zeros = len(column) - len(column.lstrip(b"\0"))
    return None if zeros == len(column) else zeros // WIDTH


def _last_figure(column: bytes) -> int | None:
    """Return where the last integer that is not zero stands, or nothing."""
    length = len(column.rstrip(b"\0"))
    return (length - 1) // WIDTH if length else None


def _figures(column: bytes, side: Side) -> Iterator[int]:
    """Yield where integers other than zero stand: buyers' from the last, others from the first."""
    if side is Side.BUY:
        while (slot := _last_figure(column)) is not None:
            yield slot
            column = column[: slot * WIDTH]
        return
    begin = 0
    while (slot := _first_figure(column[begin * WIDTH :])) is not None:
        yield begin + slot
        begin += slot + 1
