"""The walk goes through every page of every level, and stops and goes on at any place."""

import pytest

from tallystick.contracts.market import clearing_walk
from tallystick.contracts.market.book import PAGE
from tallystick.contracts.market.clearing import Stage
from tallystick.contracts.market.model import Phase, Reason, Side, Status, Tie
from tests.contracts.market.auctions import Auction, auction, central_rules, clear, happened
from tests.contracts.market.house import (
    PEOPLE,
    STRANGER,
    account,
    book_of,
    buy,
    cancel,
    do,
    open_house,
    open_market,
    order,
    place,
    sell,
)
from tests.contracts.market.offers import Offer, reference

BUY, SELL = Side.BUY, Side.SELL


def long_queue(tie: Tie, *, left: int = 0) -> Auction:
    """Return an auction of tokens with a queue of more than a page, the first `left` cancelled."""
    house = open_house()
    market = open_market(house, central_rules(house, tie=tie))
    bids = []
    for n in range(PAGE + 6):
        bids.append(place(house, buy(house, market, PEOPLE[n % 6], lots=1 + n % 3, level=3)))
        if n < left:
            cancel(house, bids[-1])
        if n % 20 == 0:
            house.trial.close_block()
    offer = place(house, sell(house, market, PEOPLE[0], lots=300, level=2))
    at = Auction(house, market, book_of(house, market), [*bids, offer])
    house.trial.close_block()
    house.trial.move_to(at.command().product.begin * 1000)
    return at


@pytest.mark.parametrize("tie", Tie)
@pytest.mark.parametrize(("left", "fills_max"), [(0, 256), (0, 100), (3, 7), (PAGE + 1, 1)])
def test_a_queue_of_several_pages(tie: Tie, left: int, fills_max: int) -> None:
    """Everybody in it gets the part that is due, whatever was cancelled in front."""
    at = long_queue(tie, left=left)
    offers = [Offer(BUY, 3, 1 + n % 3) for n in range(left, PAGE + 6)]
    expected = reference([*offers, Offer(SELL, 2, 300)], tie=tie).parts
    clear(at, fills_max=fills_max)
    assert [0] * left + expected == [order(at.house, id).filled for id in at.orders]


def test_a_command_turns_a_bounded_number_of_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every page is another level's, it pauses, and opens its two pages again to go on."""
    offers = [Offer(side, level, 2) for side in Side for level in range(6)]
    whole, pieces = auction(offers), auction(offers)
    assert 1 == clear(whole)
    monkeypatch.setattr(clearing_walk, "PAGES_MAX", 2)
    do(pieces.house, pieces.command(), STRANGER)
    assert (Phase.FILLING, Stage.FILLING) == (pieces.phase, pieces.clearing.stage)
    assert 8 == clear(pieces)
    assert whole.clearing == pieces.clearing
    assert happened(whole) == happened(pieces)


@pytest.mark.parametrize("fills_max", [1, 2, 5])
def test_orders_that_get_nothing_are_steps_too(fills_max: int) -> None:
    """A command tells at most as many of them as it may write fills."""
    at = auction([Offer(BUY, 1, 2, 0, PEOPLE[n % 6]) for n in range(5)])
    assert -(-5 // fills_max) == clear(at, fills_max=fills_max)
    assert (0, 5) == (at.clearing.fills, at.clearing.unmatched)
    for id in at.orders:
        found = order(at.house, id)
        assert (Status.UNMATCHED, Reason.NOBODY_OPPOSITE, 0) == (
            found.status,
            found.reason,
            found.funded,
        )
    for person in PEOPLE:
        assert 0 == account(at.house, at.house.money, person)[1]


def test_an_improved_price_is_given_back_with_the_fill() -> None:
    """Of what a buyer bound, only the price and its charges stay, however often it was filled."""
    offers = [Offer(BUY, 5, 6, 0, PEOPLE[0]), *(Offer(SELL, 1, 2, 0, PEOPLE[n]) for n in (1, 2, 3))]
    at = auction(offers)
    for step in range(1, 4):
        do(at.house, at.command(1), STRANGER)
        bid = order(at.house, at.orders[0])
        level = at.clearing.level
        assert level is not None
        price = 10 + level
        assert 2 * step == bid.filled
        assert bid.filled * price + (6 - bid.filled) * 15 == bid.funded
        assert bid.funded == account(at.house, at.house.money, PEOPLE[0])[1]
