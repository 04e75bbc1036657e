"""A stranger accepts the auctions as they were, and nothing else."""

from collections.abc import Callable, Sequence

import msgspec
import pytest

from tallystick.contracts.market.events import MarketCleared, MarketFilled, OrderPlaced
from tallystick.scenarios.community_auctions import best_level, refuted
from tests.scenarios.lane import played


@pytest.mark.parametrize(
    ("bids", "asks", "expected"),
    [
        ((0, 0, 0), (0, 0, 0), (None, 0, 0, 0)),
        ((5, 0, 0), (0, 0, 5), (None, 0, 0, 0)),
        ((0, 0, 5), (5, 0, 0), (1, 5, 5, 5)),
        ((0, 0, 9), (5, 0, 0), (2, 5, 9, 5)),
        ((0, 0, 5), (9, 0, 0), (0, 5, 5, 9)),
        ((0, 4, 5), (5, 0, 0), (2, 5, 5, 5)),
        ((0, 0, 0, 5), (5, 0, 0, 0), (1, 5, 5, 5)),
    ],
)
def test_the_price(
    bids: Sequence[int], asks: Sequence[int], expected: tuple[int | None, int, int, int]
) -> None:
    """Most volume, then least imbalance, then pressure, then the middle rounded down."""
    assert expected == best_level(bids, asks)


def evidence() -> tuple[MarketCleared, list[OrderPlaced], list[MarketFilled]]:
    """Return what is known of an auction in which not everybody was served."""
    seen = played().week.seen
    auction = next(
        each
        for each in seen.clearings.values()
        if each.demand != each.supply and sum(fill.book == each.book for fill in seen.fills) > 2
    )
    orders = [each for each in seen.orders.values() if each.book == auction.book]
    return auction, orders, [each for each in seen.fills if each.book == auction.book]


def test_the_auctions_stand() -> None:
    """Nothing is wrong with any of them."""
    seen = played().week.seen
    assert [] == refuted(seen.clearings.values(), seen.orders.values(), seen.fills)


Tamper = Callable[
    [MarketCleared, list[OrderPlaced], list[MarketFilled]],
    tuple[MarketCleared, list[OrderPlaced], list[MarketFilled]],
]


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (
            lambda auction, orders, fills: (auction, orders[1:], fills),
            "the digest is not that of the orders' curves",
        ),
        (
            lambda auction, orders, fills: (
                msgspec.structs.replace(auction, volume=auction.volume + 1),
                orders,
                fills,
            ),
            "level, volume, demand and supply should be",
        ),
        (
            lambda auction, orders, fills: (auction, orders, fills[1:]),
            "do not trade the volume",
        ),
        (
            lambda auction, orders, fills: (
                auction,
                orders,
                [msgspec.structs.replace(fills[0], level=fills[0].level + 1), *fills[1:]],
            ),
            "a trade has another price",
        ),
        (
            lambda auction, orders, fills: (auction, orders, _moved(orders, fills)),
            "share in proportion",
        ),
    ],
)
def test_tampering_is_found(tamper: Tamper, problem: str) -> None:
    """A missing order, another volume, price or part each have a name."""
    auction, orders, fills = tamper(*evidence())
    (found,) = refuted([auction], orders, fills)
    assert problem in found


def _moved(orders: list[OrderPlaced], fills: list[MarketFilled]) -> list[MarketFilled]:
    """Return trades in which one seller has what was another's."""
    sellers = sorted({fill.sell for fill in fills if fill.sell})
    assert 1 < len(sellers) < len(orders)
    return [msgspec.structs.replace(fill, sell=sellers[0]) for fill in fills]
