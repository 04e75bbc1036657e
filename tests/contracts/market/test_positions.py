"""Positions that a command changes are read once, written once, and come to the same."""

from msgspec.structs import replace

from tallystick.base.identifiers import RecordId
from tallystick.contracts import market
from tallystick.contracts.market.model import Order, Position, Side, position_id
from tallystick.contracts.market.positions import Positions, leave
from tallystick.core.context import Context
from tallystick.testing.keys import key
from tests.contracts.market.house import (
    ANNA,
    House,
    book_of,
    energy_rules,
    open_house,
    open_market,
    order,
    place,
    position,
    sell,
)


def offering() -> tuple[House, RecordId, Order, Context]:
    """Return a house in which Anna offers five lots, and a context of the market's own."""
    house = open_house()
    venue = open_market(house, energy_rules(house))
    offer = place(house, sell(house, venue, ANNA, lots=5, level=20))
    context = Context(
        house.trial.candidate, market.CONTRACT, signers=(), nonce=bytes(16), ordinal=0
    )
    return house, book_of(house, venue), order(house, offer), context


def test_fills_are_written_together() -> None:
    """Each fill says where the position stood; nothing is written before it is asked for."""
    house, book, offer, context = offering()
    before = position(house, book, Side.SELL, ANNA)
    assert before is not None
    positions = Positions(context, book)
    fills = ((2, False), (1, False), (2, True))
    assert [0, 2, 3] == [positions.fill(offer, lots, filled=filled) for lots, filled in fills]
    assert before == position(house, book, Side.SELL, ANNA)
    positions.write()
    after = replace(before, lots=5, offered=0, open_fills=3, open_orders=0)
    assert after == position(house, book, Side.SELL, ANNA)


def test_whoever_reads_one_finds_it_written() -> None:
    """An order that leaves its position sees the fills that were counted before."""
    house, book, offer, context = offering()
    positions = Positions(context, book)
    positions.fill(offer, 2, filled=False)
    positions.write_that_of(offer)
    left = leave(context, replace(offer, filled=2))
    assert (2, 0, 1, 0) == (left.lots, left.offered, left.open_fills, left.open_orders)
    assert left == context.read(Position, position_id(book, Side.SELL, key(ANNA)))
    positions.write()
    assert left == position(house, book, Side.SELL, ANNA)
