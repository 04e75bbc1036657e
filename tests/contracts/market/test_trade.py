"""A fill, and an order's end, change exactly what they should."""

from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.identifiers import RecordId
from tallystick.contracts.certificate.model import Pledge
from tallystick.contracts.market.commands import Cancel
from tallystick.contracts.market.events import MarketFilled, OrderEnded
from tallystick.contracts.market.funding import bound_by_rest, charges_of
from tallystick.contracts.market.model import (
    Basis,
    Charge,
    Fill,
    Position,
    Reason,
    Side,
    Status,
    fill_id,
)
from tallystick.contracts.market.trade import Party
from tallystick.testing.keys import key
from tests.contracts.market.house import (
    ANNA,
    BEN,
    CARL,
    MONEY,
    account,
    book,
    book_of,
    buy,
    cancel,
    device_of,
    do,
    energy_rules,
    fill,
    fills,
    holding_rules,
    last,
    measurement_of,
    new_order,
    open_house,
    open_market,
    order,
    place,
    position,
    sell,
)


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 400)), min_size=1, max_size=12),
    st.integers(0, 400),
    st.integers(0, 30),
    st.lists(st.integers(0, 10**7), max_size=3),
)
def test_parts_never_cost_more_than_was_bound(
    parts: list[tuple[int, int]], discount: int, rest: int, rates: list[int]
) -> None:
    """However an order is filled, at its limit or better, what it bound covers each step."""
    charges = tuple(
        Charge(name=str(n), basis=list(Basis)[n % 2], rate=rate, payee=key(1))
        for n, rate in enumerate(rates)
    )
    rules = energy_rules(open_house(people=()), charges=charges)
    level = max(price for _, price in parts) + discount
    before = new_order(rules, Side.BUY, lots=sum(lots for lots, _ in parts) + rest, level=level)
    assert before.funded == bound_by_rest(rules, before)
    party, kept = Party(rules, RecordId(bytes(32)), before), 0
    for lots, price in parts:
        reserved, excess = party.buy(lots, price)
        after = party.after()
        freed = bound_by_rest(rules, before) - bound_by_rest(rules, after) - lots * price
        assert freed == reserved + excess
        assert min(reserved, excess) >= 0
        assert price < level or excess == 0
        assert before.funded - excess == after.funded
        before, kept = after, kept + reserved
    assert charges_of(rules, value=before.value, lots=before.filled) == kept
    assert (rest == 0) == (before.status is Status.FILLED)


def test_a_fill_names_both_orders_and_where_positions_stood() -> None:
    """Offsets of energy count each account's lots, so that deliveries can be told apart."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    id = book_of(house, market)
    offers = [place(house, sell(house, market, ANNA, lots=5, level=20)) for _ in range(2)]
    bid = place(house, buy(house, market, BEN, lots=8, level=20))
    first, second = fills(house, id)
    expected = Fill(
        book=id,
        number=0,
        buy=bid,
        sell=offers[0],
        lots=5,
        level=20,
        buy_offset=0,
        sell_offset=0,
        reserved=0,
        filled_at=house.trial.time,
    )
    assert expected == first
    assert (offers[1], 3, 5, 5) == (
        second.sell,
        second.lots,
        second.buy_offset,
        second.sell_offset,
    )
    event = MarketFilled(fill_id(id, 1), id, 1, bid, offers[1], 3, 20)
    assert event == last(house, MarketFilled)
    assert 2 == book(house, id).fills


def test_a_fill_is_counted_in_positions() -> None:
    """A position knows what is traded, what is offered, and how many orders and fills are open."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    id = book_of(house, market)
    place(house, sell(house, market, ANNA, lots=5, level=20))
    place(house, sell(house, market, ANNA, lots=5, level=20))
    place(house, buy(house, market, BEN, lots=8, level=20))
    sold = Position(
        book=id,
        side=Side.SELL,
        owner=key(ANNA),
        meters=(measurement_of(ANNA, Side.SELL),),
        device=device_of(house, ANNA),
        lots=8,
        offered=2,
        open_fills=2,
        open_orders=1,
    )
    assert sold == position(house, id, Side.SELL, ANNA)
    bought = position(house, id, Side.BUY, BEN)
    assert bought is not None
    assert (8, 0, 2, 0) == (
        bought.lots,
        bought.offered,
        bought.open_fills,
        bought.open_orders,
    )


def test_a_better_price_frees_money() -> None:
    """Who buys below the limit gets the difference back at once, charges on it included."""
    house = open_house()
    charges = (Charge(name="platform", basis=Basis.VALUE, rate=100_000, payee=key(1)),)
    market = open_market(house, energy_rules(house, charges=charges))
    place(house, sell(house, market, ANNA, lots=3, level=20))
    bid = place(house, buy(house, market, BEN, lots=5, level=33))
    bound = 3 * 20 + 2 * 33
    assert bound + 13 == order(house, bid).funded
    assert (MONEY - bound - 13, bound + 13) == account(house, house.money, BEN)
    assert 6 == fill(house, book_of(house, market), 0).reserved


def test_reserves_of_fills_add_up_to_the_order() -> None:
    """Charges are rounded up once over the order, whatever its fills are."""
    house = open_house()
    charges = (Charge(name="platform", basis=Basis.VALUE, rate=100_000, payee=key(1)),)
    market = open_market(house, energy_rules(house, charges=charges))
    for seller in (ANNA, CARL):
        place(house, sell(house, market, seller, lots=1, level=11))
    bid = place(house, buy(house, market, BEN, lots=2, level=11))
    shares = [each.reserved for each in fills(house, book_of(house, market))]
    assert [2, 1] == shares
    assert 22 + 3 == order(house, bid).funded


def test_a_filled_order_is_filled() -> None:
    """Value and filled lots are those of the fills."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    offer = place(house, sell(house, market, ANNA, lots=5, level=20))
    place(house, buy(house, market, BEN, lots=2, level=20))
    assert (Status.OPEN, 2, 40) == (
        order(house, offer).status,
        order(house, offer).filled,
        order(house, offer).value,
    )
    place(house, buy(house, market, BEN, lots=3, level=25))
    assert (Status.FILLED, 5, 100) == (
        order(house, offer).status,
        order(house, offer).filled,
        order(house, offer).value,
    )


def test_ending_the_last_order_frees_its_meters() -> None:
    """While another order is open the pledge stands; then it goes, and the position with it."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    id = book_of(house, market)
    first = place(house, sell(house, market, ANNA, lots=5, level=20))
    second = place(house, sell(house, market, ANNA, lots=5, level=20))
    meter = measurement_of(ANNA, Side.SELL)
    cancel(house, first)
    assert house.trial.read(Pledge, meter) is not None
    cancel(house, second)
    assert house.trial.read(Pledge, meter) is None
    assert position(house, id, Side.SELL, ANNA) is None
    assert (MONEY, 0) == account(house, house.money, ANNA)


def test_a_position_that_has_traded_stays() -> None:
    """What is left of its order can go; its fills are settled by the pledged meters."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    id = book_of(house, market)
    offer = place(house, sell(house, market, ANNA, lots=5, level=20))
    place(house, buy(house, market, BEN, lots=2, level=20))
    cancel(house, offer)
    held = position(house, id, Side.SELL, ANNA)
    assert held is not None
    assert (2, 0, 1, 0) == (held.lots, held.offered, held.open_fills, held.open_orders)
    assert house.trial.read(Pledge, measurement_of(ANNA, Side.SELL)) is not None
    assert 2 * 80 == order(house, offer).funded
    assert (MONEY - 160, 160) == account(house, house.money, ANNA)
    ended = OrderEnded(order=offer, status=Status.CANCELLED, reason=Reason.NONE, lots=3)
    assert ended == last(house, OrderEnded)


def test_ending_a_seller_of_goods_frees_the_rest() -> None:
    """What was sold stays locked until it is settled."""
    house = open_house()
    market = open_market(house, holding_rules(house, quantum=10))
    offer = place(house, sell(house, market, ANNA, lots=5, level=20))
    place(house, buy(house, market, BEN, lots=2, level=20))
    do(house, Cancel(offer), ANNA)
    assert 20 == account(house, house.goods, ANNA)[1]
