"""What an account binds on one side of a book can be asked."""

import pytest

from tallystick.base.identifiers import Hash, LockId, RecordId
from tallystick.contracts.market.errors_orders import MarketNotFound
from tallystick.contracts.market.model import Side, position_id
from tallystick.contracts.market.views_bound import BoundView, ShowBound
from tallystick.testing.keys import key
from tests.contracts.market.house import (
    ANNA,
    BEN,
    book_of,
    buy,
    cancel,
    holding_rules,
    open_house,
    open_market,
    order,
    place,
    product_of,
)


def test_all_orders_of_a_side_are_in_one_sum() -> None:
    """It is what they have funded, and nothing is bound by who has none there."""
    house = open_house()
    market = open_market(house, holding_rules(house))
    product, book = product_of(house, market), book_of(house, market)
    bids = [place(house, buy(house, market, BEN, lots=lots, level=20)) for lots in (3, 4)]

    def bound(owner: int, side: Side) -> BoundView:
        answer = house.trial.ask(ShowBound(market, product, side, key(owner)))
        assert isinstance(answer, BoundView)
        return answer

    lock_id = LockId(position_id(book, Side.BUY, key(BEN)))
    assert BoundView(book, house.money, lock_id, 140) == bound(BEN, Side.BUY)
    assert 140 == sum(order(house, bid).funded for bid in bids)
    cancel(house, bids[0])
    assert 80 == bound(BEN, Side.BUY).bound
    assert 0 == bound(BEN, Side.SELL).bound == bound(ANNA, Side.BUY).bound


def test_a_market_that_is_not_there() -> None:
    """Is not answered with a zero."""
    house = open_house()
    product = product_of(house, open_market(house, holding_rules(house)))
    unknown = RecordId(Hash(bytes(32)))
    with pytest.raises(MarketNotFound):
        house.trial.ask(ShowBound(unknown, product, Side.BUY, key(BEN)))
