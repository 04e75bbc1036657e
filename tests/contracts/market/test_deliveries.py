"""Deliveries: a fill with its readings, and what it comes to."""

from collections.abc import Callable

import pytest

from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.deliveries import (
    delivery_of,
    measured_again,
    outcome_of,
    settled_of,
)
from tallystick.contracts.market.events_settlement import Cut
from tallystick.contracts.market.model import Side
from tallystick.contracts.market.settlement import Bill
from tests.contracts.market.house import ANNA, BEN, House, consume, measurement_of, move_to, produce
from tests.contracts.market.settling import (
    END,
    context_of,
    correct,
    deal_of,
    declare,
    maintain,
    outage,
    trade,
    trading_house,
)


def sold(made: int, used: int) -> tuple[House, RecordId]:
    """Return a fill of 10 lots at 20 of which 8 were available, measured."""
    house, market = trading_house()
    fill = trade(house, market, lots=10, level=20)
    declare(house, ANNA, 800)
    move_to(house, END)
    produce(house, ANNA, made)
    consume(house, BEN, used)
    return house, fill


def test_what_a_delivery_comes_to() -> None:
    """The cut first, then the readings, then the law."""
    house, fill = sold(750, 1_000)
    delivery = delivery_of(context_of(house), deal_of(house, fill))
    assert (8, Cut.AVAILABILITY) == (delivery.lots, delivery.cut)
    outcome = outcome_of(delivery)
    assert ([750], [800]) == (outcome.delivered_wh, outcome.consumed_wh)
    assert Bill(160, 150, 40 + 2 * 80) == outcome.bill
    settled = settled_of(delivery, outcome, claimed_wh=7)
    assert (2, 2, False, 7) == (
        settled.known,
        settled.cut_lots,
        settled.missing,
        settled.claimed_wh,
    )


def test_what_was_cut_stays_cut() -> None:
    """Measured again, a fill has the lots that were left of it, and the cut costs the same."""
    house, fill = sold(750, 1_000)
    context, deal = context_of(house), deal_of(house, fill)
    delivery = delivery_of(context, deal)
    before = settled_of(delivery, outcome_of(delivery), claimed_wh=0)
    correct(house, measurement_of(ANNA, Side.SELL), 900)
    again = measured_again(context, deal, before)
    assert (8, [900]) == (again.lots, again.seller.readings.amounts_wh)
    assert Bill(160, 160, 2 * 80) == outcome_of(again).bill


@pytest.mark.parametrize(
    ("announce", "shortfall_price", "pays"),
    [
        (lambda house: outage(house, ANNA), 100, 0),
        (lambda house: outage(house, None), 100, 0),
        (lambda house: maintain(house, ANNA), 100, 800),
        (lambda house: maintain(house, ANNA), 20, 0),
        (lambda house: declare(house, ANNA, 0), 100, 800),
        (lambda house: declare(house, ANNA, 0), 20, 0),
    ],
)
def test_a_whole_fill_that_was_cut_costs_the_same_when_it_is_measured_again(
    announce: Callable[[House], None], shortfall_price: int, pays: int
) -> None:
    """Nobody pays for an outage, then as now; the seller pays for what its side announced."""
    house, market = trading_house(shortfall_price=shortfall_price)
    fill = trade(house, market, lots=10, level=20)
    announce(house)
    move_to(house, END)
    context, deal = context_of(house), deal_of(house, fill)
    first = delivery_of(context, deal)
    before = settled_of(first, outcome_of(first), claimed_wh=0)
    assert (10, 0, 0, pays) == (
        before.cut_lots,
        before.buyer_pays,
        before.seller_gets,
        before.seller_pays,
    )
    produce(house, ANNA, 1_000)
    again = measured_again(context, deal, before)
    assert Bill(0, 0, pays) == outcome_of(again).bill
