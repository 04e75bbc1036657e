"""A stranger finds every auction of the ledger in order, and no tampered one."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash
from tallystick.contracts.market.events import MarketFilled, OrderPlaced
from tallystick.contracts.market.events_clearing import MarketCleared
from tallystick.contracts.market.match_certificate import MatchRefuted
from tallystick.contracts.market.model import Side, Tie
from tests.contracts.market import stranger
from tests.contracts.market.auctions import auction, call_rules, central_rules, clear
from tests.contracts.market.house import ANNA, BEN, CARL, open_house
from tests.contracts.market.offers import BOOKS, Offer

BUY, SELL = Side.BUY, Side.SELL

OFFERS = [
    Offer(BUY, 4, 3, 0, ANNA),
    Offer(BUY, 4, 5, 0, BEN),
    Offer(BUY, 5, 2, 0, CARL),
    Offer(SELL, 2, 6, 0, CARL),
    Offer(SELL, 5, 1, 0, ANNA),
]
"""At level 4, Carl sells 6 lots: 2 to himself, who bids most, and 4 to Anna and Ben."""


@settings(max_examples=40, deadline=None)
@given(offers=BOOKS, tie=st.sampled_from(Tie), central=st.booleans(), fills_max=st.integers(1, 9))
def test_a_stranger_finds_every_auction_in_order(
    offers: list[Offer],
    tie: Tie,
    central: bool,  # noqa: FBT001
    fills_max: int,
) -> None:
    """From events alone, in one pass, price and parts of the ledger's auction are proven."""
    house = open_house()
    rules = central_rules if central else call_rules
    at = auction(offers, rules(house, tie=tie), house=house)
    clear(at, fills_max=fills_max)
    stranger.check(at.events, at.book, tie=tie)


Change = Callable[[Record], Record | None]


def change(kind: type[Record], **fields: object) -> Change:
    """Return a change of a field in every event of a kind."""
    return lambda event: replace(event, **fields) if type(event) is kind else event


def drop(kind: type[Record], **fields: object) -> Change:
    """Return a change that leaves out events of a kind with these fields."""

    def dropped(event: Record) -> Record | None:
        matches = all(getattr(event, name, None) == value for name, value in fields.items())
        return None if type(event) is kind and matches else event

    return dropped


TAMPERED = [
    change(MarketCleared, level=5),
    change(MarketCleared, level=3),
    change(MarketCleared, level=None),
    change(MarketCleared, volume=5),
    change(MarketCleared, demand=11),
    change(MarketCleared, supply=7),
    change(MarketCleared, digest=Hash(bytes(32))),
    change(MarketFilled, level=5),
    change(MarketFilled, lots=1),
    change(OrderPlaced, lots=9),
    change(OrderPlaced, level=4),
    change(OrderPlaced, side=BUY),
    drop(OrderPlaced, side=SELL),
    drop(OrderPlaced, lots=5),
    drop(MarketFilled, number=0),
    drop(MarketFilled, number=1),
    drop(MarketCleared),
]


@pytest.mark.parametrize("tamper", TAMPERED, ids=range(len(TAMPERED)))
def test_a_stranger_refuses_a_tampered_auction(tamper: Change) -> None:
    """Whatever of the published is changed or left out, it no longer fits the rest."""
    at = auction(OFFERS)
    clear(at)
    stranger.check(at.events, at.book, tie=Tie.TIME)
    false = [each for each in map(tamper, at.events) if each is not None]
    with pytest.raises(MatchRefuted):
        stranger.check(false, at.book, tie=Tie.TIME)


def test_a_stranger_refuses_fills_that_were_swapped() -> None:
    """Who came later does not get what is due to who came first."""
    at = auction(OFFERS)
    clear(at)
    anna, ben = at.orders[:2]
    swap = {anna: ben, ben: anna}
    false = [
        replace(each, buy=swap.get(each.buy, each.buy))
        if isinstance(each, MarketFilled) and each.buy is not None
        else each
        for each in at.events
    ]
    with pytest.raises(MatchRefuted):
        stranger.check(false, at.book, tie=Tie.TIME)
