"""Taking a named order, as a table."""

from typing import Any

import pytest

from tallystick.base.identifiers import RecordId
from tallystick.contracts.asset.errors import NotEnough
from tallystick.contracts.market.book import open_lots
from tallystick.contracts.market.commands import Cancel, Suspend
from tallystick.contracts.market.errors_orders import (
    AccountSuspended,
    BelowFeedInFloor,
    BelowLeast,
    LotsNotAvailable,
    NotContinuous,
    OrderIsForAnother,
    OrderLapsed,
    OrderNotFound,
    OrderNotOpen,
    SignerIsNotOwner,
)
from tallystick.contracts.market.errors_sources import DeviceNotNamed, MetersDoNotCover
from tallystick.contracts.market.events import OrderPlaced
from tallystick.contracts.market.model import Reason, Side, Status, Trading
from tallystick.core.errors import UnknownCommand
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    CARL,
    HOUR,
    MIDNIGHT,
    MONEY,
    OPERATOR,
    STRANGER,
    account,
    attempt,
    book,
    book_of,
    buy,
    cancel,
    do,
    energy_rules,
    fills,
    last,
    move_to,
    open_house,
    open_market,
    order,
    place,
    sell,
    signers_of,
    take,
    take_of,
)
from tests.contracts.market.settling import maintain

UNKNOWN = RecordId(bytes(32))
LAPSES_AT = (MIDNIGHT + HOUR) * 1000
PARTNER = {"partner": key(BEN)}
LEAST = {"least": 6}
RICH = {"lots": MONEY, "level": 10}

TAKE: list[tuple[str, dict[str, Any], dict[str, Any], Verdict]] = [
    ("a part", {}, {}, accepted),
    ("all of it", {}, {"lots": 10}, accepted),
    ("more than there is", {}, {"lots": 11}, LotsNotAvailable),
    ("nothing", {}, {"lots": 0}, UnknownCommand),
    ("an order that is not", {}, {"order": UNKNOWN}, OrderNotFound),
    ("without a meter", {}, {"meters": ()}, MetersDoNotCover),
    ("the partner's", PARTNER, {}, accepted),
    ("another partner's", {"partner": key(CARL)}, {}, OrderIsForAnother),
    ("its minimum", LEAST, {"lots": 6}, accepted),
    ("less than its minimum", LEAST, {"lots": 5}, BelowLeast),
    ("all of its minimum's", LEAST, {"lots": 10}, accepted),
    ("more money than there is", RICH, {"lots": MONEY // 10 + 1}, NotEnough),
]


@pytest.mark.parametrize(
    ("offered", "changes", "verdict"), [row[1:] for row in TAKE], ids=[row[0] for row in TAKE]
)
def test_take(offered: dict[str, Any], changes: dict[str, Any], verdict: Verdict) -> None:
    """A named order is taken in part or as a whole, at its price."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    if offered is RICH:
        market = open_market(house, energy_rules(house, shortfall_price=0))
    terms = {"lots": 10, "level": 30, **offered}
    offer = place(house, sell(house, market, ANNA, **terms))
    command = take_of(house, offer, BEN, **{"lots": 4, **changes})
    before = order(house, offer)
    assert verdict == attempt(house, command, *signers_of(BEN))
    if verdict != accepted:
        assert before == order(house, offer)
        return
    taken = command.lots
    assert (taken, 30 * taken) == (order(house, offer).filled, order(house, offer).value)
    mine = order(house, last(house, OrderPlaced).order)
    assert (Status.FILLED, taken, 30 * taken) == (mine.status, mine.filled, mine.funded)
    assert [(taken, 30)] == [(each.lots, each.level) for each in fills(house, mine.book)]
    queued = 10 - taken if order(house, offer).queued else 0
    assert queued == open_lots(book(house, mine.book), Side.SELL)


SIGNERS = [
    ("the taker and his meter", signers_of(BEN), accepted),
    ("the taker's meter alone", signers_of(BEN)[1:], SignerIsNotOwner),
    ("the other's owner", signers_of(ANNA), SignerIsNotOwner),
    ("nobody known", (STRANGER,), SignerIsNotOwner),
]


@pytest.mark.parametrize(
    ("signers", "verdict"), [row[1:] for row in SIGNERS], ids=[row[0] for row in SIGNERS]
)
def test_the_taker_signs(signers: tuple[int, ...], verdict: Verdict) -> None:
    """Whoever waits has agreed by waiting."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    offer = place(house, sell(house, market, ANNA, lots=10, level=30))
    assert verdict == attempt(house, take_of(house, offer, BEN, lots=4), *signers)


def test_a_buyer_is_taken_by_who_can_sell() -> None:
    """A taker who sells energy names a device, and his meters pledge what he delivers."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    bid = place(house, buy(house, market, BEN, lots=10, level=30))
    without = take_of(house, bid, ANNA, lots=4, device=None)
    assert DeviceNotNamed == attempt(house, without, *signers_of(ANNA))
    mine = take(house, bid, ANNA, lots=4)
    assert (Side.SELL, 4) == (order(house, mine).side, order(house, mine).filled)
    assert (MONEY - 4 * 70, 4 * 70) == account(house, house.money, ANNA)


def test_nobody_takes_below_the_floor() -> None:
    """Who takes a bid sells, and nobody sells below the feed-in floor."""
    house = open_house()
    market = open_market(house, energy_rules(house, feed_in_floor=20))
    bid = place(house, buy(house, market, BEN, lots=10, level=19))
    command = take_of(house, bid, ANNA, lots=4)
    assert BelowFeedInFloor == attempt(house, command, *signers_of(ANNA))


def test_nobody_takes_in_a_call_auction() -> None:
    """There everybody gets the same price."""
    house = open_house()
    market = open_market(house, energy_rules(house, trading=Trading.CALL))
    offer = place(house, sell(house, market, ANNA, lots=10, level=30))
    assert NotContinuous == attempt(house, take_of(house, offer, BEN, lots=4), *signers_of(BEN))


def test_what_has_lapsed_is_not_taken() -> None:
    """Neither is what a suspended account offers, nor what is no longer open."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    first = place(house, sell(house, market, ANNA, lots=10, level=30, valid_until=LAPSES_AT))
    second = place(house, sell(house, market, CARL, lots=10, level=30))
    third = place(house, sell(house, market, CARL, lots=10, level=30))
    commands = [take_of(house, each, BEN, lots=4) for each in (first, second, third)]
    cancel(house, third)
    assert OrderNotOpen == attempt(house, commands[2], *signers_of(BEN))
    do(house, Suspend(market, key(CARL)), OPERATOR)
    assert OrderLapsed == attempt(house, commands[1], *signers_of(BEN))
    house.trial.move_to(LAPSES_AT - 1)
    assert accepted == attempt(house, commands[0], *signers_of(BEN))
    house.trial.move_to(LAPSES_AT)
    assert OrderLapsed == attempt(house, commands[0], *signers_of(BEN))


def test_what_a_device_in_an_outage_offers_is_not_taken() -> None:
    """Who takes hears that it has lapsed, and anybody may end it."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    offer = place(house, sell(house, market, ANNA, lots=10, level=30))
    command = take_of(house, offer, BEN, lots=4)
    assert SignerIsNotOwner == attempt(house, Cancel(offer), STRANGER)
    maintain(house, ANNA)
    assert OrderLapsed == attempt(house, command, *signers_of(BEN))
    do(house, Cancel(offer), STRANGER)
    assert Reason.OUTAGE is order(house, offer).reason


def test_a_taker_is_judged_as_who_places() -> None:
    """A suspended account takes nothing, and after the gate nobody does."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    offer = place(house, sell(house, market, ANNA, lots=10, level=30))
    command = take_of(house, offer, BEN, lots=4)
    do(house, Suspend(market, key(BEN)), OPERATOR)
    assert AccountSuspended == attempt(house, command, *signers_of(BEN))
    move_to(house, BEGIN - HOUR)
    late = take_of(house, offer, CARL, lots=4)
    assert OrderLapsed == attempt(house, late, *signers_of(CARL))


def test_what_is_left_keeps_its_place() -> None:
    """Who takes may pass over a better price; the order taken stands where it stood."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    place(house, sell(house, market, CARL, lots=10, level=20))
    offer = place(house, sell(house, market, ANNA, lots=10, level=30))
    place(house, sell(house, market, CARL, lots=10, level=30))
    take(house, offer, BEN, lots=4)
    place(house, buy(house, market, BEN, lots=18, level=30))
    sold = [each.sell for each in fills(house, book_of(house, market))]
    sellers = [order(house, id).owner for id in sold if id is not None]
    assert [key(ANNA), key(CARL), key(ANNA), key(CARL)] == sellers
    assert Status.FILLED == order(house, offer).status


def test_an_order_whose_minimum_was_met_is_divisible() -> None:
    """After a first take of its minimum any part of it is taken."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    offer = place(house, sell(house, market, ANNA, lots=10, level=30, least=6))
    take(house, offer, BEN, lots=6)
    take(house, offer, CARL, lots=1)
    assert 7 == order(house, offer).filled
