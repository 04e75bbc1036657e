"""The trading floor: who wants what, what is traded, what becomes of futures."""

from collections.abc import Iterator
from datetime import date

import pytest

from tallystick.contracts.market.events import MarketFilled, MarketSettled
from tallystick.contracts.market.model import Reason, Side
from tallystick.scenarios.allowances_cast import SHORT, SOUTH, TRADER
from tallystick.scenarios.allowances_floor import Floor, Wish
from tallystick.scenarios.allowances_founding import allocate, set_baseline
from tallystick.scenarios.allowances_years import Years
from tests.scenarios.test_allowances_desk import desk_in
from tests.scenarios.test_allowances_years import played

SPRING = date(2025, 3, 1)


@pytest.fixture
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """Open a zone in which every unit has allowances and nothing has been emitted."""
    with desk_in(tmp_path_factory.mktemp("zone"), SOUTH) as desk:
        for member in desk.cast.units:
            assert member.plant is not None
            set_baseline(desk, member.plant, 0, expected_mwh=1_000)
            allocate(desk, member.name, 0)
        yield Floor(desk)


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Years]:
    """Play the south."""
    with played(tmp_path_factory.mktemp("south"), SOUTH) as years:
        yield years


def test_without_buyers_nothing_is_traded(floor: Floor) -> None:
    """Everybody has too much, so every order is told that there is nobody opposite."""
    floor.spot(date(2024, 1, 20), 0, share=50)
    auction = floor.auctions[0]
    assert (0, 0, 0) == (auction.price, auction.volume, auction.wanted)
    assert ((Reason.NOBODY_OPPOSITE, auction.orders),) == auction.reasons
    assert date(2024, 1, 19) == auction.day


def test_without_anybody_lacking_there_are_no_futures(floor: Floor) -> None:
    """Nobody hedges, so nobody sells ahead."""
    assert [] == floor.future_wishes(0)
    floor.offer_futures(SPRING, 0, [])
    assert [] == floor.auctions


def test_a_future_is_delivered(floor: Floor) -> None:
    """The seller hands over in spring, and the buyer has it at once."""
    wishes = [Wish("Elm Works", Side.SELL, 5, 200), Wish(SHORT, Side.BUY, 5, 220)]
    before = floor.desk.held(SHORT, 0)
    floor.offer_futures(SPRING, 0, wishes)
    assert {("Elm Works", 0): -5, (SHORT, 0): 5} == floor.futures
    floor.desk.set_day(date(2025, 3, 5), hour=10)
    floor.deliver(SPRING, 0)
    assert before + 5 == floor.desk.held(SHORT, 0)
    assert not floor.futures
    floor.desk.set_day(date(2025, 3, 31), hour=10)
    assert 0 == floor.settle_default(SPRING, 0)


def test_a_default_is_counted_once(floor: Floor) -> None:
    """The buyer gets money; the trader who has nothing to deliver is suspended."""
    wishes = [Wish(TRADER, Side.SELL, 7, 235), Wish(SHORT, Side.BUY, 7, 280)]
    before = floor.desk.held(SHORT, 0)
    floor.offer_futures(SPRING, 0, wishes)
    floor.desk.set_day(date(2025, 3, 5), hour=10)
    floor.deliver(SPRING, 0, except_for=TRADER)
    floor.desk.set_day(date(2025, 3, 31), hour=10)
    assert 7 == floor.settle_default(SPRING, 0)
    assert before == floor.desk.held(SHORT, 0)
    floor.suspend_trader()
    assert (509, 509) == (floor.desk.refusals[-1].wanted, floor.desk.refusals[-1].code)


def test_every_trade_is_settled(years: Years) -> None:
    """Spot at once, futures in spring or by compensation; no fill has two orders."""
    seen = years.desks[0].seen
    fills = seen.of(MarketFilled)
    assert {each.fill for each in fills} == {each.fill for each in seen.of(MarketSettled)}
    assert all((each.buy is None) != (each.sell is None) for each in fills)
    assert {False, True} == {each.is_future for each in years.floors[0].auctions}
    assert years.floors[0].is_suspended
