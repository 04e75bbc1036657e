"""Fills with what is around them."""

import pytest

from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.deals import (
    book_of,
    deals_to_settle,
    market_of,
    order_of,
    settled_deals,
)
from tallystick.contracts.market.errors_settlement import (
    FillNotFound,
    FillNotSettled,
    FillSettledAlready,
)
from tallystick.contracts.market.model import Fill
from tallystick.testing.tables import accepted
from tests.contracts.market.house import BEN, consume, move_to
from tests.contracts.market.settling import (
    END,
    context_of,
    deal_of,
    outage,
    settle,
    trade,
    trading_house,
)

UNKNOWN = RecordId(bytes(32))


def test_a_deal_has_everything_that_does_not_change() -> None:
    """Market, rules, product and price come with the fill."""
    house, market = trading_house(price_min=3, tick=2)
    fill = trade(house, market, level=20)
    (deal,) = deals_to_settle(context_of(house), [fill])
    assert deal_of(house, fill) == deal
    assert (market, 43) == (deal.market, deal.price)


def test_a_fill_is_settled_once_before_it_is_settled_anew() -> None:
    """What is to be settled was not, and the other way round; none is named twice."""
    house, market = trading_house()
    first, second = trade(house, market), trade(house, market)
    outage(house, None)
    move_to(house, END)
    consume(house, BEN, 0)
    assert accepted == settle(house, first)
    context = context_of(house)
    assert [first] == [deal.id for deal in settled_deals(context, [first])]
    assert [second] == [deal.id for deal in deals_to_settle(context, [second])]
    for ids in ([first], [second, first], [second, second]):
        with pytest.raises(FillSettledAlready):
            deals_to_settle(context, ids)
    for ids in ([second], [first, second], [first, first]):
        with pytest.raises(FillNotSettled):
            settled_deals(context, ids)
    with pytest.raises(FillNotFound):
        deals_to_settle(context, [second, UNKNOWN])
    with pytest.raises(FillNotFound):
        settled_deals(context, [first, UNKNOWN])


def test_what_a_fill_points_to_is_there() -> None:
    """That a record vanished is a bug, and said as one."""
    house, market = trading_house()
    fill = house.trial.read(Fill, trade(house, market))
    assert fill is not None
    context = context_of(house)
    assert market == order_of(context, fill.buy)[1].market
    assert market == book_of(context, fill.book).market
    assert market_of(context, market).rules.quantum == 100
    with pytest.raises(AssertionError, match="misses one of its orders"):
        order_of(context, None)
    with pytest.raises(AssertionError, match="vanished"):
        book_of(context, UNKNOWN)
    with pytest.raises(AssertionError, match="vanished"):
        market_of(context, UNKNOWN)
