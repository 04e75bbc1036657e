"""
Attacks with what a seller may announce: that less is available, or maintenance of its device.

Owner and controller may be one key. So whatever it announces, when and however often, a seller is
never better off than one who does not deliver, and nobody chooses after the delivery.
"""

from collections.abc import Callable

import pytest

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.device.commands import Declare, DeclareOutage
from tallystick.contracts.device.errors import TooManyOutages
from tallystick.contracts.device.model import OUTAGES_MAX
from tallystick.contracts.market.commands import Clear, Settle
from tallystick.contracts.market.events import MarketFilled
from tallystick.contracts.market.events_settlement import Cut, MarketSettled
from tallystick.contracts.market.model import Reason, Side, Trading
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    CONTROLLER_NUMBERS,
    DAY,
    HOUR,
    MONEY,
    QUARTER,
    SECTOR,
    STRANGER,
    House,
    account,
    attempt,
    buy,
    consume,
    device_of,
    do,
    last,
    move_to,
    order,
    place,
    produce,
    product_of,
    publish,
    sell,
)
from tests.contracts.market.settling import trading_house

ANNOUNCED: list[Callable[[RecordId], tuple[Record, int]]] = [
    lambda device: (
        Declare(device, BEGIN, BEGIN + QUARTER, 0),
        CONTROLLER_NUMBERS + ANNA,
    ),
    lambda device: (
        DeclareOutage(device, SECTOR, BEGIN, BEGIN + QUARTER, maintenance=True),
        ANNA,
    ),
]
"""What a seller's side may say alone: nothing is available, or maintenance is planned."""


def sold(house: House, market: RecordId) -> RecordId:
    """Return a fill of 4 lots at 20 that Anna sold to Ben."""
    place(house, sell(house, market, ANNA, lots=4, level=20))
    place(house, buy(house, market, BEN, lots=4, level=20))
    return last(house, MarketFilled).fill


@pytest.mark.parametrize("announce", ANNOUNCED)
def test_who_leaves_after_the_gate_pays_as_for_what_is_not_delivered(
    announce: Callable[[RecordId], tuple[Record, int]],
) -> None:
    """A millisecond before delivery the buyer is told, and the seller is no better off for it."""
    gains = []
    for announced in (False, True):
        house, market = trading_house(shortfall_price=1_000)
        fill = sold(house, market)
        house.trial.move_to(BEGIN * 1_000 - 1)
        if announced:
            do(house, *announce(device_of(house, ANNA)))
        move_to(house, BEGIN + QUARTER)
        publish(house, ANNA, Side.SELL, 0)
        consume(house, BEN, 400)
        do(house, Settle((fill,)), STRANGER)
        gains.append(sum(account(house, house.money, ANNA)) - MONEY)
    assert [-4 * 980] * 2 == gains


@pytest.mark.parametrize("announce", ANNOUNCED)
def test_no_price_is_moved_by_what_was_never_to_be_delivered(
    announce: Callable[[RecordId], tuple[Record, int]],
) -> None:
    """Who offers in an auction and announces before the gate that nothing will come pays for it."""
    house, market = trading_house(trading=Trading.CALL, shortfall_price=1_000)
    place(house, sell(house, market, ANNA, lots=5, level=20))
    place(house, buy(house, market, BEN, lots=5, level=20))
    do(house, *announce(device_of(house, ANNA)))
    move_to(house, BEGIN - HOUR)
    do(house, Clear(market, product_of(house, market), 256), STRANGER)
    fill = last(house, MarketFilled).fill
    move_to(house, BEGIN + QUARTER)
    do(house, Settle((fill,)), STRANGER)
    assert (MONEY - 5 * 980, 0) == account(house, house.money, ANNA)
    assert (MONEY, 0) == account(house, house.money, BEN)


def test_nobody_forgets_an_outage_to_be_paid() -> None:
    """However much maintenance follows, what was cut stays cut, and resting offers are not met."""
    house, market = trading_house()
    fill = sold(house, market)
    rest = place(house, sell(house, market, ANNA, lots=4, level=20))
    device = device_of(house, ANNA)
    do(house, DeclareOutage(device, SECTOR, BEGIN, BEGIN + QUARTER, maintenance=True), ANNA)
    place(house, buy(house, market, BEN, lots=4, level=20))
    assert fill == last(house, MarketFilled).fill
    assert Reason.OUTAGE is order(house, rest).reason
    move_to(house, BEGIN + QUARTER)
    verdicts = []
    for n in range(OUTAGES_MAX):
        begin = BEGIN + 10 * DAY + n * QUARTER
        later = DeclareOutage(device, SECTOR, begin, begin + QUARTER, maintenance=True)
        verdicts.append(attempt(house, later, ANNA))
    assert TooManyOutages == verdicts[-1]
    produce(house, ANNA, 400)
    consume(house, BEN, 400)
    do(house, Settle((fill,)), STRANGER)
    assert Cut.MAINTENANCE is last(house, MarketSettled).cut
