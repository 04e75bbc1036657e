"""The price of a book follows from its pages, whatever was added to it and taken out again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.encoding import Record
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash, RecordId
from tallystick.contracts.market.book import PAGE, Book, Entry, add, empty_book
from tallystick.contracts.market.clearing import NOWHERE
from tallystick.contracts.market.margin import Cut
from tallystick.contracts.market.model import Product, Side, Tie
from tallystick.contracts.market.pricing import curve, priced, rank_of
from tests.contracts.market.offers import BOOKS, LEVELS, Offer, best_price

MARKET = RecordId(Hash(bytes(32)))
BOOK = RecordId(Hash(bytes(31) + b"\1"))
PRODUCT = Product(MARKET, 0, 900)


class Shelf:
    """Records in memory: all that a book's pages need of a ledger."""

    def __init__(self) -> None:
        self._records: dict[tuple[type[Record], RecordId], Record] = {}

    def read(self, kind: type[Record], id: RecordId) -> Record | None:
        """Return one record, or nothing."""
        return self._records.get((kind, id))

    def write(self, id: RecordId, record: Record) -> None:
        """Keep a record."""
        self._records[type(record), id] = record


def shelve(offers: list[Offer], *, levels: int = LEVELS) -> tuple[Any, Book]:
    """Return a book with these orders, and where its pages are."""
    shelf: Any = Shelf()
    book = empty_book(MARKET, PRODUCT, levels)
    for n, each in enumerate(offers):
        entry = Entry(order_id(n), each.lots, each.least)
        book, _, _ = add(shelf, BOOK, book, each.side, each.level, entry)
    return shelf, book


def order_id(n: int) -> RecordId:
    """Return the id of the n-th order."""
    return RecordId(tagged_hash(b"test-order", n.to_bytes(4, "big")))


BUY, SELL = Side.BUY, Side.SELL

SHORT: list[tuple[Tie, list[Offer], int | None]] = [
    (Tie.TIME, [Offer(BUY, 3, 5), Offer(SELL, 3, 3)], None),
    (Tie.TIME, [Offer(BUY, 3, 5, 3), Offer(SELL, 3, 3)], None),
    (Tie.TIME, [Offer(BUY, 3, 5, 4), Offer(SELL, 3, 3)], 0),
    (Tie.TIME, [Offer(BUY, 3, 5, 5), Offer(SELL, 3, 3)], 0),
    (Tie.TIME, [Offer(BUY, 3, 3), Offer(BUY, 3, 5, 5), Offer(SELL, 3, 3)], None),
    (Tie.TIME, [Offer(BUY, 3, 2), Offer(BUY, 3, 5, 5), Offer(SELL, 3, 3)], 1),
    (Tie.TIME, [Offer(SELL, 3, 5, 4), Offer(BUY, 3, 3)], 0),
    (Tie.TIME, [Offer(SELL, 1, 5, 4), Offer(SELL, 2, 5, 2), Offer(BUY, 3, 6)], 1),
    (Tie.PRO_RATA, [Offer(BUY, 3, 4, 2), Offer(BUY, 3, 4, 2), Offer(SELL, 3, 4)], None),
    (Tie.PRO_RATA, [Offer(BUY, 3, 4, 3), Offer(BUY, 3, 4, 2), Offer(SELL, 3, 4)], 0),
    (Tie.PRO_RATA, [Offer(BUY, 3, 4, 3), Offer(BUY, 3, 4, 3), Offer(SELL, 3, 4)], 1),
    (Tie.PRO_RATA, [Offer(BUY, 3, 9), Offer(BUY, 3, 1, 1), Offer(SELL, 3, 3)], None),
]


@pytest.mark.parametrize(("tie", "offers", "expected"), SHORT)
def test_who_would_get_too_little(tie: Tie, offers: list[Offer], expected: int | None) -> None:
    """It is the order where the share ends, or the latest whose proportion is too small."""
    shelf, book = shelve(offers)
    found = priced(shelf, BOOK, book, levels=LEVELS, tie=tie).short
    assert (None if expected is None else order_id(expected)) == (found and found.order)


@given(offers=BOOKS, tie=st.sampled_from(Tie))
def test_the_price_is_that_of_brute_force(offers: list[Offer], tie: Tie) -> None:
    """Level and volume are the best that trying every level finds."""
    shelf, book = shelve(offers)
    found = priced(shelf, BOOK, book, levels=LEVELS, tie=tie)
    demand, supply = (curve(shelf, BOOK, book, side, LEVELS) for side in (BUY, SELL))
    level, volume = best_price(demand, supply)
    assert (level if volume else None, volume) == (found.level, found.volume)
    if found.level is not None:
        assert (sum(demand[level:]), sum(supply[: level + 1])) == (found.demand, found.supply)


@given(offers=BOOKS, tie=st.sampled_from(Tie))
def test_the_volume_ends_at_the_margin(offers: list[Offer], tie: Tie) -> None:
    """What is better than the margin, and the margin's share, make up the volume on each side."""
    shelf, book = shelve(offers)
    found = priced(shelf, BOOK, book, levels=LEVELS, tie=tie)
    for side, line in ((BUY, found.buy), (SELL, found.sell)):
        lots = curve(shelf, BOOK, book, side, LEVELS)
        end = rank_of(side, line.margin, levels=LEVELS)
        better = sum(lots[rank_of(side, rank, levels=LEVELS)] for rank in range(end))
        if found.volume:
            assert found.volume == better + line.cut.share == line.rest
            assert 0 < line.cut.share <= line.cut.total == lots[line.margin]
        else:
            assert NOWHERE == line


def test_a_curve_has_every_level_once() -> None:
    """Pages are joined in order, empty ones included, and cut at the market's last level."""
    levels = 2 * PAGE + 3
    offers = [Offer(BUY, level, 1 + level) for level in (0, PAGE - 1, 2 * PAGE, levels - 1)]
    shelf, book = shelve(offers, levels=levels)
    expected = [0] * levels
    for each in offers:
        expected[each.level] = each.lots
    assert expected == curve(shelf, BOOK, book, BUY, levels)
    assert [0] * levels == curve(shelf, BOOK, book, SELL, levels)


def test_the_margin_is_not_the_price_where_pressures_differ() -> None:
    """The midpoint of the best levels may be worse than where the volume of a side ends."""
    offers = [Offer(BUY, 3, 5), Offer(BUY, 9, 10), Offer(SELL, 0, 10), Offer(SELL, 4, 5)]
    shelf, book = shelve(offers, levels=10)
    found = priced(shelf, BOOK, book, levels=10, tie=Tie.TIME)
    assert (4, 10) == (found.level, found.volume)
    assert (9, Cut(10, 10, 10, 0)) == (found.buy.margin, found.buy.cut)
    assert (0, Cut(10, 10, 10, 0)) == (found.sell.margin, found.sell.cut)


def test_work_is_counted() -> None:
    """It is the levels of both sides, and the orders where the volume ends."""
    shelf, book = shelve([Offer(BUY, 3, 5), Offer(BUY, 3, 5), Offer(SELL, 3, 7)])
    assert 2 * LEVELS + 2 == priced(shelf, BOOK, book, levels=LEVELS, tie=Tie.TIME).work
