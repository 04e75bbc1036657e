"""What an order meets on arrival: best price first, then time, and never more than is stated."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.identifiers import RecordId
from tallystick.contracts.market import arrival
from tallystick.contracts.market.book import best, open_lots, walk
from tallystick.contracts.market.commands import MATCHES_MAX, Suspend
from tallystick.contracts.market.continuous import Continuous
from tallystick.contracts.market.events import OrderEnded, OrderPlaced
from tallystick.contracts.market.model import Reason, Side, Status
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    CARL,
    DORA,
    EMIL,
    HOUR,
    MIDNIGHT,
    MONEY,
    OPERATOR,
    PEOPLE,
    QUARTER,
    House,
    account,
    attempt,
    book,
    book_of,
    buy,
    cancel,
    do,
    energy_rules,
    fills,
    holding_rules,
    last,
    open_house,
    open_market,
    order,
    place,
    sell,
    signers_of,
    take,
    take_of,
)
from tests.contracts.market.settling import maintain, outage

LAPSES_AT = (MIDNIGHT + HOUR) * 1000


def opened() -> tuple[House, RecordId, RecordId]:
    """Return a house, a market in continuous trading and the id of its standard book."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    return house, market, book_of(house, market)


def trades(house: House, id: RecordId) -> list[tuple[int, int]]:
    """Return lots and level of a book's fills."""
    return [(each.lots, each.level) for each in fills(house, id)]


def queue(house: House, id: RecordId, side: Side, level: int) -> list[tuple[RecordId, int]]:
    """Return the open orders of a level with what is open of each."""
    return [(each.order, each.lots) for each in walk(house.trial, id, side, level)]


def test_a_sweep_takes_the_best_price_first() -> None:
    """Levels are met from the best on, each trade at the price of who was there."""
    house, market, id = opened()
    for seller, level in ((ANNA, 30), (CARL, 10), (DORA, 20)):
        place(house, sell(house, market, seller, lots=5, level=level))
    bid = place(house, buy(house, market, BEN, lots=12, level=25))
    assert [(5, 10), (5, 20)] == trades(house, id)
    assert (Status.OPEN, 10, 150) == (
        order(house, bid).status,
        order(house, bid).filled,
        order(house, bid).value,
    )
    assert [(bid, 2)] == queue(house, id, Side.BUY, 25)
    assert 30 == best(house.trial, id, book(house, id), Side.SELL)


def test_a_residual_becomes_the_new_best() -> None:
    """What is left of an order that came in waits at its own limit, above the others."""
    house, market, id = opened()
    place(house, buy(house, market, CARL, lots=5, level=20))
    place(house, sell(house, market, ANNA, lots=5, level=30))
    bid = place(house, buy(house, market, BEN, lots=8, level=30))
    assert 30 == best(house.trial, id, book(house, id), Side.BUY)
    assert best(house.trial, id, book(house, id), Side.SELL) is None
    assert [(bid, 3)] == queue(house, id, Side.BUY, 30)


def test_at_one_price_who_came_first_is_met_first() -> None:
    """A cancel in the middle changes nobody else's turn."""
    house, market, id = opened()
    offers = [
        place(house, sell(house, market, seller, lots=5, level=30)) for seller in (ANNA, CARL, DORA)
    ]
    cancel(house, offers[1])
    place(house, buy(house, market, BEN, lots=7, level=30))
    assert [offers[0], offers[2]] == [each.sell for each in fills(house, id)]
    assert [(offers[2], 3)] == queue(house, id, Side.SELL, 30)


def test_a_seller_who_crosses_gets_the_buyers_price() -> None:
    """Whoever was there before sets the price, on both sides."""
    house, market, id = opened()
    place(house, buy(house, market, BEN, lots=5, level=40))
    place(house, buy(house, market, CARL, lots=5, level=35))
    place(house, sell(house, market, ANNA, lots=8, level=30))
    assert [(5, 40), (3, 35)] == trades(house, id)


def test_prices_that_only_touch_cross() -> None:
    """Equal limits trade; a level apart they do not."""
    house, market, id = opened()
    place(house, sell(house, market, ANNA, lots=5, level=30))
    place(house, buy(house, market, BEN, lots=5, level=29))
    assert [] == trades(house, id)
    place(house, buy(house, market, BEN, lots=5, level=30))
    assert [(5, 30)] == trades(house, id)


def test_who_crosses_himself_trades_with_himself() -> None:
    """Nobody's order is passed over, as in an auction."""
    house = open_house()
    market = open_market(house, holding_rules(house))
    place(house, sell(house, market, ANNA, lots=5, level=30))
    place(house, buy(house, market, ANNA, lots=5, level=30))
    assert [(5, 30)] == trades(house, book_of(house, market))


def test_an_order_for_a_partner_waits_outside() -> None:
    """It meets nobody on arrival, nobody passes it, and its partner takes it."""
    house, market, id = opened()
    place(house, sell(house, market, CARL, lots=5, level=10))
    bid = place(house, buy(house, market, BEN, lots=5, level=30, partner=key(ANNA)))
    assert [] == trades(house, id)
    assert not order(house, bid).queued
    assert not last(house, OrderPlaced).queued
    assert 0 == open_lots(book(house, id), Side.BUY)
    place(house, sell(house, market, DORA, lots=5, level=20))
    assert [] == trades(house, id)
    take(house, bid, ANNA, lots=5)
    assert [(5, 30)] == trades(house, id)
    assert 10 == open_lots(book(house, id), Side.SELL)


@pytest.mark.parametrize(
    ("least", "expected"),
    [(0, [(3, 10), (4, 20)]), (7, [(3, 10), (4, 20)]), (8, []), (9, [])],
)
def test_a_minimum_is_met_on_arrival_or_waits_outside(
    least: int, expected: list[tuple[int, int]]
) -> None:
    """Its fills together reach it, or it has none and is taken later with as much at once."""
    house, market, id = opened()
    place(house, sell(house, market, ANNA, lots=3, level=10))
    place(house, sell(house, market, CARL, lots=4, level=20))
    bid = place(house, buy(house, market, BEN, lots=9, level=30, least=least))
    assert expected == trades(house, id)
    queued = bool(expected)
    assert queued == order(house, bid).queued
    waits = [(bid, 2)] if queued else []
    assert waits == queue(house, id, Side.BUY, 30)
    assert queued == last(house, OrderPlaced).queued


def test_an_order_outside_can_be_cancelled() -> None:
    """It is in no queue, and everything that it binds comes back."""
    house, market, _ = opened()
    bid = place(house, buy(house, market, BEN, lots=9, level=30, least=9))
    assert (MONEY - 270, 270) == account(house, house.money, BEN)
    cancel(house, bid)
    assert (MONEY, 0) == account(house, house.money, BEN)
    assert Status.CANCELLED == order(house, bid).status


def test_what_has_lapsed_is_taken_out_by_who_meets_it() -> None:
    """It trades no more, its money is free, and the next in the queue is met."""
    house, market, id = opened()
    first = place(house, sell(house, market, ANNA, lots=5, level=30, valid_until=LAPSES_AT))
    second = place(house, sell(house, market, CARL, lots=5, level=30))
    third = place(house, sell(house, market, DORA, lots=5, level=30))
    do(house, Suspend(market, key(CARL)), OPERATOR)
    house.trial.move_to(LAPSES_AT)
    place(house, buy(house, market, BEN, lots=5, level=30))
    assert [third] == [each.sell for each in fills(house, id)]
    for gone, owner in ((first, ANNA), (second, CARL)):
        assert (Status.UNMATCHED, Reason.LAPSED) == (
            order(house, gone).status,
            order(house, gone).reason,
        )
        assert (MONEY, 0) == account(house, house.money, owner)
    assert 0 == open_lots(book(house, id), Side.SELL)


def announced(house: House, who: str) -> None:
    """Let Anna announce maintenance of her roof, or the grid operator an outage of either."""
    if who == "owner":
        maintain(house, ANNA)
    else:
        outage(house, ANNA if who == "grid operator" else None)


@pytest.mark.parametrize(
    ("who", "is_met"),
    [("owner", True), ("grid operator", True), ("grid operator, of the sector", False)],
)
def test_an_offer_whose_device_has_an_outage_is_taken_out_by_who_meets_it(
    who: str,
    is_met: bool,  # noqa: FBT001 - a table's column.
) -> None:
    """Nothing is sold that is not to be delivered; bids, and devices without outage, are met."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    id = book_of(house, market)
    gone = place(house, sell(house, market, ANNA, lots=5, level=30))
    other = place(house, sell(house, market, CARL, lots=5, level=30))
    announced(house, who)
    place(house, buy(house, market, BEN, lots=5, level=30))
    assert ([other] if is_met else []) == [each.sell for each in fills(house, id)]
    left = order(house, gone)
    assert (Status.UNMATCHED, Reason.OUTAGE) == (left.status, left.reason)
    assert (MONEY, 0) == account(house, house.money, ANNA)
    assert 0 == open_lots(book(house, id), Side.SELL)


def test_an_outage_at_another_time_lapses_nothing() -> None:
    """Only what falls into the delivery counts."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    offer = place(house, sell(house, market, ANNA, lots=5, level=30))
    outage(house, ANNA, begin=BEGIN + QUARTER)
    place(house, buy(house, market, BEN, lots=5, level=30))
    assert [offer] == [each.sell for each in fills(house, book_of(house, market))]


def test_one_arrival_fills_a_bounded_number_of_orders() -> None:
    """What would still cross goes back with the reason, so that the book is never crossed."""
    house = open_house()
    market = open_market(house, holding_rules(house))
    id = book_of(house, market)
    for _ in range(MATCHES_MAX + 1):
        place(house, sell(house, market, ANNA, lots=1, level=30))
    bid = place(house, buy(house, market, BEN, lots=MATCHES_MAX + 9, level=31))
    assert MATCHES_MAX == book(house, id).fills
    assert (Status.UNMATCHED, Reason.FILLS_MAX) == (
        order(house, bid).status,
        order(house, bid).reason,
    )
    ended = OrderEnded(order=bid, status=Status.UNMATCHED, reason=Reason.FILLS_MAX, lots=9)
    assert ended == last(house, OrderEnded)
    assert (MONEY - 30 * MATCHES_MAX, 30 * MATCHES_MAX) == account(house, house.money, BEN)
    assert 1 == open_lots(book(house, id), Side.SELL)
    bid = place(house, buy(house, market, BEN, lots=9, level=31))
    assert (Status.OPEN, 1) == (order(house, bid).status, order(house, bid).filled)


def test_one_arrival_takes_out_a_bounded_number_of_lapsed_orders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each that meets some makes room for the next, so they never block a market."""
    monkeypatch.setattr(arrival, "LAPSES_MAX", 2)
    house, market, id = opened()
    for _ in range(3):
        place(house, sell(house, market, ANNA, lots=1, level=30, valid_until=LAPSES_AT))
    offer = place(house, sell(house, market, CARL, lots=1, level=30))
    house.trial.move_to(LAPSES_AT)
    bid = place(house, buy(house, market, BEN, lots=1, level=30))
    assert Reason.FILLS_MAX == order(house, bid).reason
    place(house, buy(house, market, BEN, lots=1, level=30))
    assert [offer] == [each.sell for each in fills(house, id)]


def test_filled_in_part_then_cancelled() -> None:
    """What was traded stays traded."""
    house, market, id = opened()
    offer = place(house, sell(house, market, ANNA, lots=5, level=30))
    place(house, buy(house, market, BEN, lots=2, level=30))
    cancel(house, offer)
    assert [(2, 30)] == trades(house, id)
    assert (Status.CANCELLED, 2) == (order(house, offer).status, order(house, offer).filled)
    place(house, buy(house, market, EMIL, lots=2, level=30))
    assert [(2, 30)] == trades(house, id)


LEVELS = (250, 254, 255, 256, 257, 300)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(list(Side)),
        st.sampled_from(PEOPLE),
        st.sampled_from(LEVELS),
        st.integers(1, 12),
        st.integers(0, 15),
        st.sampled_from(["place", "place", "place", "cancel", "take"]),
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=150)
@given(STEPS)
def test_the_ledger_trades_as_the_engine_does(
    steps: Sequence[tuple[Side, int, int, int, int, str]],
) -> None:
    """Orders, minimums, takes and cancels lead to the same fills and book as in memory."""
    house = open_house()
    market = open_market(house, holding_rules(house))
    id, engine = book_of(house, market), Continuous()
    orders: list[RecordId] = []
    for side, owner, level, lots, least, what in steps:
        number = level % len(orders) if orders else 0
        if what == "place" or not orders:
            draft = buy if side is Side.BUY else sell
            command = draft(house, market, owner, lots=lots, level=level, least=min(least, lots))
            orders.append(place(house, command))
            engine.place([(side is Side.BUY, level, lots, command.least)])
        elif what == "cancel":
            if order(house, orders[number]).status is Status.OPEN:
                cancel(house, orders[number])
                assert engine.cancel(number) > 0
        else:
            taking = take_of(house, orders[number], owner, lots=lots)
            taken = attempt(house, taking, *signers_of(owner)) == accepted
            assert engine.take(number, lots=lots) == taken
            if taken:
                orders.append(last(house, OrderPlaced).order)
    traded = [(orders[bid], orders[offer], *terms) for bid, offer, *terms in engine.trades]
    ours = fills(house, id) if orders else []
    assert traded == [(each.buy, each.sell, each.lots, each.level) for each in ours]
    for side in Side:
        for level in LEVELS:
            waiting = engine.queue(buys=side is Side.BUY, level=level)
            assert [(orders[n], lots) for n, lots in waiting] == queue(house, id, side, level)
