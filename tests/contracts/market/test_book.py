"""A book's totals and queues always say the same as a plain list of orders would."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base.encoding import Record, decode, encode
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.market import book as books
from tallystick.contracts.market.book import (
    PAGE,
    QUEUE_ORDERS_MAX,
    Entry,
    Queue,
    QueuePage,
    Totals,
    empty_book,
)
from tallystick.contracts.market.errors_sources import LevelFull
from tallystick.contracts.market.ids import queue_page_id, totals_id
from tallystick.contracts.market.model import Order, Product, Side

AnyRecord = TypeVar("AnyRecord", bound=Record)
MARKET = RecordId(b"m" * 32)
BOOK = RecordId(b"b" * 32)
PRODUCT = Product(unit=MARKET, begin=0, end=900)
LEVELS = 1_000


class Desk:
    """Stands for a context: records by kind and id, each passed through its bytes."""

    def __init__(self) -> None:
        self.records: dict[tuple[type[Record], RecordId], bytes] = {}
        self.book = empty_book(MARKET, PRODUCT, LEVELS)
        self.orders: dict[RecordId, Order] = {}

    def read(self, kind: type[AnyRecord], id: RecordId) -> AnyRecord | None:
        """Return one record, or nothing."""
        data = self.records.get((kind, id))
        return None if data is None else decode(data, kind)

    def write(self, id: RecordId, record: Record) -> None:
        """Put one record."""
        self.records[type(record), id] = encode(record)

    def add(self, number: int, side: Side, level: int, lots: int, least: int = 0) -> RecordId:
        """Put an order with a number into the queue of a level."""
        id = RecordId(number.to_bytes(32, "big"))
        entry = Entry(id, lots, least)
        self.book, page, slot = books.add(self.context, BOOK, self.book, side, level, entry)
        self.orders[id] = Order(
            market=MARKET,
            book=BOOK,
            side=side,
            owner=PublicKey(b"\2" * 33),
            level=level,
            lots=lots,
            least=least,
            filled=0,
            value=0,
            funded=0,
            device=None,
            partner=None,
            placed_at=0,
            valid_until=0,
            page=page,
            slot=slot,
        )
        return id

    def take(self, id: RecordId, lots: int) -> None:
        """Fill so many lots of an order."""
        order = self.orders[id]
        self.book = books.take(self.context, BOOK, self.book, [(order, lots)])
        self.orders[id] = replace(order, filled=order.filled + lots)

    def remove(self, id: RecordId) -> None:
        """Cancel an order."""
        order = self.orders.pop(id)
        self.book = books.remove(self.context, BOOK, self.book, order)

    @property
    def context(self) -> Any:
        """Return this as what the functions of books are given."""
        return self

    def queue(self, side: Side, level: int) -> list[tuple[int, int]]:
        """Return number and open lots of a level's orders, in order of arrival."""
        walked = books.walk(self.context, BOOK, side, level)
        return [(int.from_bytes(entry.order, "big"), entry.lots) for entry in walked]

    def levels(self, side: Side) -> list[int]:
        """Return the levels at which somebody waits, best first."""
        return list(books.levels(self.context, BOOK, self.book, side))

    def everything(self, side: Side) -> list[list[tuple[int, int]]]:
        """Return the queues of all levels, best first."""
        return [self.queue(side, level) for level in self.levels(side)]


def test_best_is_the_highest_buyer_and_the_lowest_seller() -> None:
    """Levels are yielded best first, over pages of totals."""
    desk = Desk()
    for number, level in enumerate((3, 999, 300, 255, 256)):
        desk.add(number, Side.BUY, level, 1)
        desk.add(number + 10, Side.SELL, level, 1)
    assert [999, 300, 256, 255, 3] == desk.levels(Side.BUY)
    assert [3, 255, 256, 300, 999] == desk.levels(Side.SELL)
    assert 999 == books.best(desk.context, BOOK, desk.book, Side.BUY)
    assert 3 == books.best(desk.context, BOOK, desk.book, Side.SELL)


def test_an_empty_book_has_no_best() -> None:
    """Where nobody waits there is no level, no entry and no total."""
    desk = Desk()
    assert books.best(desk.context, BOOK, desk.book, Side.BUY) is None
    assert [] == desk.queue(Side.BUY, 3)
    assert (0,) * PAGE == books.level_totals(desk.context, BOOK, Side.BUY, 0)
    assert (0, 0, 0, 0) == books.page_sums(desk.book, Side.SELL)
    assert Queue(0, 0) == books.queue_of(desk.context, BOOK, Side.BUY, 3)


def test_cancelling_in_the_middle_keeps_the_queue() -> None:
    """Whoever stands before and behind a cancelled order keeps his place."""
    desk = Desk()
    ids = [desk.add(number, Side.SELL, 7, 10) for number in range(4)]
    desk.remove(ids[1])
    assert [(0, 10), (2, 10), (3, 10)] == desk.queue(Side.SELL, 7)
    desk.remove(ids[0])
    assert Queue(head=2, size=4) == books.queue_of(desk.context, BOOK, Side.SELL, 7)
    assert Entry(ids[2], 10, 0) == next(books.walk(desk.context, BOOK, Side.SELL, 7))


def test_a_residual_keeps_its_place() -> None:
    """What is left of an order that was filled in part still comes first."""
    desk = Desk()
    first = desk.add(1, Side.BUY, 7, 10)
    desk.add(2, Side.BUY, 7, 10)
    desk.take(first, 4)
    assert [(1, 6), (2, 10)] == desk.queue(Side.BUY, 7)
    assert 16 == books.open_lots(desk.book, Side.BUY)


def test_a_queue_goes_on_over_pages() -> None:
    """The head moves over whole pages of what was filled, and their entries stay readable."""
    desk = Desk()
    ids = [desk.add(number, Side.SELL, 7, 1, least=1) for number in range(2 * PAGE + 5)]
    for id in ids[1 : 2 * PAGE + 2]:
        desk.remove(id)
    assert Queue(head=0, size=2 * PAGE + 5) == books.queue_of(desk.context, BOOK, Side.SELL, 7)
    desk.remove(ids[0])
    assert Queue(2 * PAGE + 2, 2 * PAGE + 5) == books.queue_of(desk.context, BOOK, Side.SELL, 7)
    assert [(2 * PAGE + n, 1) for n in (2, 3, 4)] == desk.queue(Side.SELL, 7)
    page = queue_page_id(BOOK, Side.SELL, 7, 2)
    waiting = [(n, ids[2 * PAGE + n]) for n in (2, 3, 4)]
    assert waiting == books.open_orders(desk.context, page, 5)
    assert waiting[:1] == books.open_orders(desk.context, page, 3)


def test_a_sweep_is_taken_page_by_page() -> None:
    """Several orders over pages and levels go at once, and what is left of the last one stays."""
    desk = Desk()
    ids = [desk.add(number, Side.SELL, 7, 2) for number in range(PAGE + 2)]
    far = desk.add(999, Side.SELL, 8, 5)
    taken = [(desk.orders[id], 2) for id in ids[: PAGE + 1]] + [(desk.orders[far], 4)]
    desk.book = books.take(desk.context, BOOK, desk.book, taken)
    assert [[(PAGE + 1, 2)], [(999, 1)]] == desk.everything(Side.SELL)
    assert Queue(PAGE + 1, PAGE + 2) == books.queue_of(desk.context, BOOK, Side.SELL, 7)
    assert 3 == books.open_lots(desk.book, Side.SELL)


def test_a_level_that_is_empty_begins_anew() -> None:
    """So a level in use for long never fills up, and nothing of before is seen again."""
    desk = Desk()
    ids = [desk.add(number, Side.SELL, 7, 1) for number in range(PAGE + 3)]
    for id in ids:
        desk.remove(id)
    assert [] == desk.queue(Side.SELL, 7)
    desk.add(999, Side.SELL, 7, 5)
    assert Queue(0, 1) == books.queue_of(desk.context, BOOK, Side.SELL, 7)
    assert [(999, 5)] == desk.queue(Side.SELL, 7)


def test_a_level_holds_a_bounded_number_of_orders() -> None:
    """One order more is refused as LevelFull; the one before is not."""
    desk = Desk()
    desk.add(1, Side.SELL, 7, 1)
    page = QUEUE_ORDERS_MAX // PAGE - 1
    full = queue_page_id(BOOK, Side.SELL, 7, page)
    column = bytes(8 * (PAGE - 1))
    desk.write(queue_page_id(BOOK, Side.SELL, 7, 0), Queue(0, QUEUE_ORDERS_MAX - 1))
    desk.write(full, QueuePage(bytes(32 * (PAGE - 1)), column, column))
    desk.add(2, Side.SELL, 7, 1)
    with pytest.raises(LevelFull):
        desk.add(3, Side.SELL, 7, 1)


def test_an_order_outside_of_the_queue_is_not_removed_from_it() -> None:
    """Removing what waits for a take leaves the book as it is."""
    desk = Desk()
    id = desk.add(1, Side.SELL, 7, 1)
    outside = replace(desk.orders[id], queued=False)
    assert desk.book == books.remove(desk.context, BOOK, desk.book, outside)


@pytest.mark.parametrize(
    "damage",
    [
        lambda desk: desk.records.pop((Totals, totals_id(BOOK, Side.SELL, 0))),
        lambda desk: desk.records.pop((QueuePage, queue_page_id(BOOK, Side.SELL, 7, 0))),
    ],
    ids=["totals", "queue page"],
)
def test_a_missing_page_is_a_bug(damage: Callable[[Desk], object]) -> None:
    """A sum without its totals, or a queue without its page, is never passed over."""
    desk = Desk()
    desk.add(1, Side.SELL, 7, 1)
    damage(desk)
    with pytest.raises(AssertionError):
        desk.everything(Side.SELL)


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "take", "remove"]),
        st.sampled_from(list(Side)),
        st.sampled_from([0, 1, 255, 256, 511, 999]),
        st.integers(1, 2**40),
        st.integers(0, 1_000),
    ),
    max_size=60,
)


@given(ACTIONS)
def test_a_book_is_a_list_of_orders(actions: list[tuple[str, Side, int, int, int]]) -> None:
    """Totals, sums, levels and queues follow every order that comes, is filled in part, or goes."""
    desk = Desk()
    model: dict[RecordId, int] = {}
    for number, (action, side, level, lots, which) in enumerate(actions):
        if action == "add":
            model[desk.add(number, side, level, lots)] = lots
            continue
        if not model:
            continue
        id = list(model)[which % len(model)]
        taken = min(lots, model[id])
        if action == "remove" or taken == model[id]:
            del model[id]
            desk.remove(id)
        else:
            model[id] -= taken
            desk.take(id, taken)
    for side in Side:
        mine = {id: lots for id, lots in model.items() if desk.orders[id].side is side}
        levels = sorted({desk.orders[id].level for id in mine}, reverse=side is Side.BUY)
        assert levels == desk.levels(side)
        assert sum(mine.values()) == books.open_lots(desk.book, side)
        for level in levels:
            expected = [
                (int.from_bytes(id, "big"), lots)
                for id, lots in mine.items()
                if desk.orders[id].level == level
            ]
            assert expected == desk.queue(side, level)
        for page, total in enumerate(books.page_sums(desk.book, side)):
            assert total == sum(books.level_totals(desk.context, BOOK, side, page))


def test_a_book_has_as_many_sums_as_pages() -> None:
    """The last page need not be full."""
    pages = [len(empty_book(MARKET, PRODUCT, levels).buy_pages) // 8 for levels in (1, 256, 257)]
    assert [1, 1, 2] == pages
