"""Settling energy: who pays what, what is claimed, what is cut, and when it is refused."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tallystick.base.identifiers import Hash, LockId, RecordId
from tallystick.contracts.certificate.model import (
    Certificate,
    Pledge,
    Settlement,
    Status,
    status_at,
)
from tallystick.contracts.device.model import DeviceKind
from tallystick.contracts.market.commands import Settle
from tallystick.contracts.market.errors_settlement import (
    BalancingAccountShort,
    DeliveryNotOver,
    FillNotFound,
    FillSettledAlready,
    ReadingMissing,
)
from tallystick.contracts.market.events import MarketFilled
from tallystick.contracts.market.events_settlement import Cut, MarketSettled
from tallystick.contracts.market.model import Backing, Order, Product, Side
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    CARL,
    DAY,
    DORA,
    EMIL,
    HOUR,
    MONEY,
    OTHER_SECTOR,
    PUBLISHER,
    QUARTER,
    SECTOR,
    STRANGER,
    House,
    account,
    attempt,
    book_of,
    buy,
    cancel,
    consume,
    do,
    issue,
    last,
    measurement_of,
    meter_of,
    move_to,
    order,
    place,
    position,
    produce,
    publish,
    report,
    sell,
)
from tests.contracts.market.settling import (
    END,
    FLOAT,
    all_money,
    balancing,
    clearing,
    commissions,
    correct,
    declare,
    entries,
    fill_ids,
    lines,
    money_of,
    outage,
    settle,
    settled,
    statement,
    summed,
    trade,
    trading_house,
)

UNKNOWN = RecordId(bytes(32))


def delivered(house: House, made_wh: int, used_wh: int) -> None:
    """Let Anna have produced and Ben have consumed so much, once the delivery is over."""
    move_to(house, END)
    produce(house, ANNA, made_wh)
    consume(house, BEN, used_wh)


def test_a_fill_that_was_delivered() -> None:
    """The buyer pays the price, the seller gets it, and the certificate is claimed, at once."""
    house, market = trading_house()
    before = all_money(house, market)
    fill = trade(house, market, lots=10, level=20)
    delivered(house, 1_500, 1_200)
    assert accepted == settle(house, fill)
    done = settled(house, fill)
    assert (1_000, 1_000, 1_000) == (done.delivered_wh, done.consumed_wh, done.claimed_wh)
    assert (200, 200, 0) == (done.buyer_pays, done.seller_gets, done.seller_pays)
    assert MONEY - 200 == money_of(house, BEN)
    assert MONEY + 200 == money_of(house, ANNA)
    assert (MONEY - 200, 0) == account(house, house.money, BEN)
    assert (MONEY + 200, 0) == account(house, house.money, ANNA)
    assert (0, FLOAT) == (money_of(house, clearing(market)), money_of(house, balancing(market)))
    assert before == all_money(house, market)
    settlement = house.trial.read(Settlement, measurement_of(BEN, Side.BUY))
    assert settlement is not None
    assert 1_000 == settlement.total_wh


@pytest.mark.parametrize(
    ("made", "used", "claimed", "pays", "gets", "loses"),
    [
        (1_000, 1_000, 1_000, 200, 200, 0),
        (0, 1_000, 0, 200, 0, 800),
        (600, 1_000, 600, 200, 120, 320),
        (1_000, 400, 400, 140, 200, 0),
        (600, 400, 400, 140, 120, 320),
        (999, 1_000, 999, 200, 199, 0),
        (1_000, 999, 999, 200, 200, 0),
        (1_000, 989, 989, 199, 200, 0),
        (999, 989, 989, 199, 199, 0),
    ],
)
def test_what_was_measured_decides(
    made: int, used: int, claimed: int, pays: int, gets: int, loses: int
) -> None:
    """Ten lots of 100 Wh at 20, a shortfall at 100 and an excess at 10, to the last minor unit."""
    house, market = trading_house(price_min=10, excess_price=10)
    before = all_money(house, market)
    fill = trade(house, market, lots=10, level=10)
    move_to(house, END)
    (produce if made else lambda *_: publish(house, ANNA, Side.SELL, 0))(house, ANNA, made)
    consume(house, BEN, used)
    assert accepted == settle(house, fill)
    done = settled(house, fill)
    assert (pays, gets, loses) == (done.buyer_pays, done.seller_gets, done.seller_pays)
    assert claimed == done.claimed_wh
    assert (MONEY - pays, 0) == account(house, house.money, BEN)
    assert (MONEY + gets - loses, 0) == account(house, house.money, ANNA)
    assert FLOAT + pays + loses - gets == money_of(house, balancing(market))
    assert 0 == money_of(house, clearing(market))
    assert before == all_money(house, market)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    lots=st.integers(1, 20),
    level=st.integers(0, 150),
    made=st.integers(0, 2_500),
    used=st.integers(0, 2_500),
)
def test_money_is_conserved(lots: int, level: int, made: int, used: int) -> None:
    """Whatever is measured, everything ends where it belongs and nothing stays locked."""
    house, market = trading_house(price_min=7, excess_price=7, charges=commissions())
    before = all_money(house, market)
    fill = trade(house, market, lots=lots, level=level)
    move_to(house, END)
    publish(house, ANNA, Side.SELL, made)
    consume(house, BEN, used)
    assert accepted == settle(house, fill)
    assert before == all_money(house, market)
    assert [0, 0] == [account(house, house.money, owner)[1] for owner in (ANNA, BEN)]
    assert statement(house, market, BEN).reserved == money_of(house, clearing(market))
    for owner in (ANNA, BEN):
        assert summed(house, market, owner) == statement(house, market, owner)


Preparation = Callable[[House, RecordId], Settle]


def unknown(_house: House, _market: RecordId) -> Settle:
    """A fill that nobody wrote."""
    return Settle((UNKNOWN,))


def unknown_behind_another(house: House, market: RecordId) -> Settle:
    """A fill that nobody wrote, behind one that could be settled."""
    fill = trade(house, market)
    delivered(house, 1_000, 1_000)
    return Settle((fill, UNKNOWN))


def settled_before(house: House, market: RecordId) -> Settle:
    """A fill that was settled."""
    fill = trade(house, market)
    delivered(house, 1_000, 1_000)
    do(house, Settle((fill,)), STRANGER)
    return Settle((fill,))


def named_twice(house: House, market: RecordId) -> Settle:
    """A fill that one command names twice."""
    fill = trade(house, market)
    delivered(house, 1_000, 1_000)
    return Settle((fill, fill))


def too_early(house: House, market: RecordId) -> Settle:
    """A fill whose delivery lasts for another second."""
    fill = trade(house, market)
    move_to(house, END - 1)
    return Settle((fill,))


def without_production(house: House, market: RecordId) -> Settle:
    """A fill whose seller has no reading yet, at the last moment at which it is waited for."""
    fill = trade(house, market)
    move_to(house, END)
    consume(house, BEN, 1_000)
    move_to(house, END + DAY - 1)
    return Settle((fill,))


def without_consumption(house: House, market: RecordId) -> Settle:
    """A fill whose buyer has no reading yet."""
    fill = trade(house, market)
    move_to(house, END)
    produce(house, ANNA, 1_000)
    return Settle((fill,))


def with_a_reading_that_says_nothing(house: House, market: RecordId) -> Settle:
    """A fill whose buyer's reading says that nobody knows."""
    fill = trade(house, market)
    move_to(house, END)
    produce(house, ANNA, 1_000)
    publish(house, BEN, Side.BUY, 0, quality=Quality.MISSING)
    return Settle((fill,))


def ready(house: House, market: RecordId) -> Settle:
    """A fill that can be settled."""
    fill = trade(house, market)
    delivered(house, 1_000, 1_000)
    return Settle((fill,))


def late_enough(house: House, market: RecordId) -> Settle:
    """A fill without readings, when they are no longer waited for."""
    fill = trade(house, market)
    move_to(house, END + DAY)
    return Settle((fill,))


@pytest.mark.parametrize(
    ("prepare", "verdict"),
    [
        (ready, accepted),
        (late_enough, accepted),
        (unknown, FillNotFound),
        (unknown_behind_another, FillNotFound),
        (settled_before, FillSettledAlready),
        (named_twice, FillSettledAlready),
        (too_early, DeliveryNotOver),
        (without_production, ReadingMissing),
        (without_consumption, ReadingMissing),
        (with_a_reading_that_says_nothing, ReadingMissing),
    ],
)
def test_settle(prepare: Preparation, verdict: Verdict) -> None:
    """Anybody settles, once and in time; what is refused moves no money."""
    house, market = trading_house()
    command = prepare(house, market)
    before = [account(house, house.money, owner) for owner in (ANNA, BEN, balancing(market))]
    assert verdict == attempt(house, command, STRANGER)
    after = [account(house, house.money, owner) for owner in (ANNA, BEN, balancing(market))]
    assert (verdict == accepted) == (before != after)


def test_the_balancing_account_must_have_the_money() -> None:
    """Excess is paid for out of the balancing account, or the settlement waits for its money."""
    house, market = trading_house(price_min=10, excess_price=10)
    fill = trade(house, market, lots=110_000, level=10)
    delivered(house, 11_000_000, 0)
    assert BalancingAccountShort == settle(house, fill)
    assert 2_200_000 == account(house, house.money, BEN)[1]


@pytest.mark.parametrize(
    ("available_wh", "lots", "pays"),
    [(10_000, 10, 200), (1_000, 10, 200), (999, 9, 180), (450, 4, 80), (99, 0, 0), (0, 0, 0)],
)
def test_a_donor_over_promises(available_wh: int, lots: int, pays: int) -> None:
    """What its controller has not available before delivery is cut, and costs only the donor."""
    house, market = trading_house()
    fill = trade(house, market, lots=10, level=20)
    declare(house, ANNA, available_wh)
    delivered(house, lots * 100 or 1, 1_000)
    assert accepted == settle(house, fill)
    done = settled(house, fill)
    fine = (10 - lots) * (100 - 20)
    assert (10 - lots, pays, pays, fine) == (
        done.cut_lots,
        done.buyer_pays,
        done.seller_gets,
        done.seller_pays,
    )
    assert lots * 100 == done.claimed_wh
    cut = last(house, MarketSettled).cut
    assert (Cut.NONE if lots == 10 else Cut.AVAILABILITY) is cut
    assert (MONEY - pays, 0) == account(house, house.money, BEN)
    assert (MONEY + pays - fine, 0) == account(house, house.money, ANNA)
    assert FLOAT + fine == account(house, house.money, balancing(market))[0]
    shortfalls = [("shortfall", fine, 0)] if fine else []
    assert shortfalls == [each for each in lines(house, market, ANNA) if each[0] == "shortfall"]


def test_the_latest_fills_are_cut_first() -> None:
    """Of 12 lots sold to two people, 8 available ones serve the first, and then the second."""
    house, market = trading_house()
    place(house, sell(house, market, ANNA, lots=12, level=20))
    place(house, buy(house, market, BEN, lots=6, level=20))
    place(house, buy(house, market, CARL, lots=6, level=20))
    declare(house, ANNA, 800)
    move_to(house, END)
    produce(house, ANNA, 800)
    consume(house, BEN, 600)
    consume(house, CARL, 600)
    ids = fill_ids(house, book_of(house, market))
    assert accepted == settle(house, *reversed(ids))
    assert [0, 4] == [settled(house, id).cut_lots for id in ids]
    assert [600, 200] == [settled(house, id).claimed_wh for id in ids]


@pytest.mark.parametrize("owner", [ANNA, None])
def test_an_outage_cuts_everything(owner: int | None) -> None:
    """An outage of the device, or of its sector, takes the whole fill, without any reading."""
    house, market = trading_house(charges=commissions())
    fill = trade(house, market, lots=10, level=20)
    outage(house, owner)
    move_to(house, END)
    assert accepted == settle(house, fill)
    done = settled(house, fill)
    assert (10, 0, 0, 0) == (done.cut_lots, done.buyer_pays, done.seller_gets, done.seller_pays)
    assert not done.missing
    assert Cut.OUTAGE is last(house, MarketSettled).cut
    assert [(MONEY, 0)] * 2 == [account(house, house.money, each) for each in (ANNA, BEN)]
    assert [("purchase", 0, 0)] == lines(house, market, BEN)


def test_an_outage_at_another_time_cuts_nothing() -> None:
    """Only what falls into the delivery counts."""
    house, market = trading_house()
    fill = trade(house, market)
    outage(house, ANNA, begin=END)
    delivered(house, 1_000, 1_000)
    assert accepted == settle(house, fill)
    assert 0 == settled(house, fill).cut_lots


def test_a_late_meter_counts_as_nothing() -> None:
    """After the delay a missing reading is 0: the seller pays for its shortfall."""
    house, market = trading_house()
    fill = trade(house, market, lots=10, level=20)
    move_to(house, END)
    consume(house, BEN, 1_000)
    assert ReadingMissing == settle(house, fill)
    move_to(house, END + DAY)
    assert accepted == settle(house, fill)
    done = settled(house, fill)
    assert (True, 0, 200, 0, 800) == (
        done.missing,
        done.delivered_wh,
        done.buyer_pays,
        done.seller_gets,
        done.seller_pays,
    )


def test_a_correction_before_settlement_is_simply_used() -> None:
    """The figures of the moment count."""
    house, market = trading_house()
    fill = trade(house, market, lots=10, level=20)
    delivered(house, 1_000, 1_000)
    correct(house, measurement_of(ANNA, Side.SELL), 700)
    assert accepted == settle(house, fill)
    done = settled(house, fill)
    assert (700, 700, 140) == (done.delivered_wh, done.claimed_wh, done.seller_gets)
    assert 3 == done.known


def test_an_estimate_is_paid_and_not_claimed() -> None:
    """There is no certificate of an estimate; payment does not wait for one."""
    house, market = trading_house()
    fill = trade(house, market, lots=10, level=20)
    move_to(house, END)
    publish(house, ANNA, Side.SELL, 1_000, quality=Quality.ESTIMATED)
    consume(house, BEN, 1_000)
    assert accepted == settle(house, fill)
    assert (200, 0) == (settled(house, fill).seller_gets, settled(house, fill).claimed_wh)
    assert None is house.trial.read(Pledge, measurement_of(ANNA, Side.SELL))


@pytest.mark.parametrize(
    ("kind", "sector"), [(Kind.CONSUMPTION, SECTOR), (Kind.PRODUCTION, OTHER_SECTOR)]
)
def test_a_reading_of_something_else_counts_as_nothing(kind: Kind, sector: str) -> None:
    """A forged reading of another kind or place pays nobody, and holds nobody up."""
    house, market = trading_house()
    fill = trade(house, market, lots=10, level=20)
    move_to(house, END)
    meter = key(meter_of(ANNA, Side.SELL))
    forged = Publish(meter, BEGIN, END, sector, kind, 1_000, Quality.MEASURED)
    do(house, forged, PUBLISHER)
    consume(house, BEN, 1_000)
    assert accepted == settle(house, fill)
    done = settled(house, fill)
    assert (0, 0, 800, False) == (
        done.delivered_wh,
        done.seller_gets,
        done.seller_pays,
        done.missing,
    )


@pytest.mark.parametrize("sell_meter", [300, 900, 1_800, 3_600])
@pytest.mark.parametrize("buy_meter", [300, 900, 1_800, 3_600])
def test_mixed_lengths(sell_meter: int, buy_meter: int) -> None:
    """Meters of 5, 15, 30 and 60 minutes settle an hour; equal intervals are also claimed."""
    house, market = trading_house()
    product = Product(market, BEGIN, BEGIN + HOUR)
    fill = trade(
        house, market, lots=12, product=product, sell_meter=sell_meter, buy_meter=buy_meter
    )
    move_to(house, BEGIN + HOUR)
    sold, bought = HOUR // sell_meter, HOUR // buy_meter
    for n in range(sold):
        begin = BEGIN + n * sell_meter
        amount_wh = 1_200 // sold - (60 if n == 0 else 0)
        issue(house, publish(house, ANNA, Side.SELL, amount_wh, begin=begin, length=sell_meter))
    for n in range(bought):
        begin = BEGIN + n * buy_meter
        publish(house, BEN, Side.BUY, 1_200 // bought, begin=begin, length=buy_meter)
    assert accepted == settle(house, fill)
    done = settled(house, fill)
    assert (1_140, 1_200) == (done.delivered_wh, done.consumed_wh)
    assert (240, 228, 48) == (done.buyer_pays, done.seller_gets, done.seller_pays)
    assert (1_140 if sell_meter == buy_meter else 0) == done.claimed_wh


def test_a_battery_sells_to_many_and_somebody_buys_from_many() -> None:
    """N to N: each fill takes its own part of the readings, and of the certificates."""
    house, market = trading_house()
    report(house, ANNA, stored_wh=3_000)
    place(house, sell(house, market, ANNA, lots=30, level=20, kind=DeviceKind.BATTERY))
    place(house, sell(house, market, EMIL, lots=5, level=20))
    for owner, lots in ((BEN, 10), (CARL, 8), (DORA, 17)):
        place(house, buy(house, market, owner, lots=lots, level=20))
    ids = fill_ids(house, book_of(house, market))
    assert 4 == len(ids)
    move_to(house, END)
    produce(house, ANNA, 2_900)
    produce(house, EMIL, 500)
    for owner, used in ((BEN, 1_000), (CARL, 850), (DORA, 1_600)):
        consume(house, owner, used)
    assert accepted == settle(house, ids[2], ids[0])
    assert accepted == settle(house, ids[3], ids[1])
    done = [settled(house, id) for id in ids]
    assert [1_000, 800, 1_100, 500] == [each.delivered_wh for each in done]
    assert [1_000, 800, 1_200, 400] == [each.consumed_wh for each in done]
    assert [1_000, 800, 1_100, 400] == [each.claimed_wh for each in done]
    assert [(MONEY + 580 - 80, 0), (MONEY + 100, 0)] == [
        account(house, house.money, owner) for owner in (ANNA, EMIL)
    ]


def status(house: House, id: RecordId) -> Status | None:
    """Return where a certificate stands, or nothing."""
    found = house.trial.read(Certificate, id)
    return None if found is None else status_at(found, time=house.trial.time, expiry_seconds=0)


def test_the_last_settlement_hands_back_what_is_left() -> None:
    """Until then pledges and certificates are the book's; afterwards they are their owners'."""
    house, market = trading_house()
    place(house, sell(house, market, ANNA, lots=10, level=20))
    place(house, buy(house, market, BEN, lots=4, level=20))
    place(house, buy(house, market, CARL, lots=4, level=20))
    rest = order(house, last(house, MarketFilled).sell or UNKNOWN)
    delivered(house, 1_500, 400)
    consume(house, CARL, 400)
    first, second = fill_ids(house, book_of(house, market))
    root = measurement_of(ANNA, Side.SELL)
    assert accepted == settle(house, first)
    backing = house.trial.read(Backing, root)
    assert backing is not None
    assert Status.LOCKED is status(house, backing.certificate)
    assert None is house.trial.read(Pledge, measurement_of(BEN, Side.BUY))
    assert house.trial.read(Pledge, measurement_of(CARL, Side.BUY)) is not None
    assert accepted == settle(house, second)
    left = house.trial.read(Backing, root)
    assert left is not None
    assert rest.filled < rest.lots
    cancel(house, last_order(house, ANNA, market))
    assert None is house.trial.read(Backing, root)
    assert Status.ACTIVE is status(house, left.certificate)
    found = position(house, book_of(house, market), Side.SELL, ANNA)
    assert found is not None
    assert (8, 0, 0) == (found.lots, found.open_fills, found.open_orders)


def last_order(house: House, owner: int, market: RecordId) -> RecordId:
    """Return the selling order of the latest fill, which is its owner's."""
    id = last(house, MarketFilled).sell
    assert id is not None
    found = order(house, id)
    assert (key(owner), market) == (found.owner, found.market)
    return id


def test_nothing_is_claimed_where_the_market_does_not() -> None:
    """Claims can be switched off: payment is the same."""
    house, market = trading_house(claims=False)
    fill = trade(house, market, lots=10, level=20)
    delivered(house, 1_000, 1_000)
    assert accepted == settle(house, fill)
    assert (200, 0) == (settled(house, fill).buyer_pays, settled(house, fill).claimed_wh)
    assert Status.ACTIVE is status(house, measurement_of(ANNA, Side.SELL))


def test_lines_are_posted_on_both_sides() -> None:
    """A purchase with what is held for charges, a sale, and a shortfall; each has its ordinal."""
    house, market = trading_house(charges=commissions())
    fill = trade(house, market, lots=10, level=20)
    delivered(house, 900, 1_000)
    assert 1 == statement(house, market, BEN).open_fills
    assert accepted == settle(house, fill)
    reserve = ("reserve", 5 + 7 + 31, 0)
    assert [("purchase", 200, 1_000), reserve] == lines(house, market, BEN)
    assert [("sale", 180, 900), ("shortfall", 80, 0)] == lines(house, market, ANNA)
    assert 0 == statement(house, market, BEN).open_fills
    assert {fill} == {each.fill for each in entries(house, market, ANNA)}


def test_somebody_may_trade_with_himself() -> None:
    """Both lines stand on one statement, and nothing is counted twice."""
    house, market = trading_house()
    before = money_of(house, ANNA)
    fill = trade(house, market, seller=ANNA, buyer=ANNA, lots=10, level=20)
    move_to(house, END)
    produce(house, ANNA, 1_000)
    consume(house, ANNA, 1_000)
    assert accepted == settle(house, fill)
    assert before == money_of(house, ANNA)
    assert [("purchase", 200, 1_000), ("sale", 200, 1_000)] == lines(house, market, ANNA)


def test_an_order_binds_what_is_open_and_no_more() -> None:
    """With each settlement an order's locked money falls, to the last minor unit."""
    house, market = trading_house(charges=commissions())
    place(house, sell(house, market, ANNA, lots=4, level=17))
    place(house, sell(house, market, CARL, lots=3, level=19))
    bid = place(house, buy(house, market, BEN, lots=10, level=23))
    move_to(house, END)
    for owner in (ANNA, CARL):
        produce(house, owner, 400)
    consume(house, BEN, 1_000)
    for id in fill_ids(house, book_of(house, market)):
        assert accepted == settle(house, id)
        found = house.trial.read(Order, bid)
        assert found is not None
        assert found.funded == account(house, house.money, BEN)[1]
    cancel(house, bid)
    assert 0 == account(house, house.money, BEN)[1]
    assert MONEY - 4 * 17 - 3 * 19 - statement(house, market, BEN).reserved == money_of(house, BEN)


def test_locks_are_under_the_books_id() -> None:
    """What the market pledges and claims is named by its book."""
    house, market = trading_house()
    trade(house, market)
    pledge = house.trial.read(Pledge, measurement_of(BEN, Side.BUY))
    assert pledge is not None
    assert LockId(Hash(book_of(house, market))) == pledge.lock_id
    assert QUARTER == END - BEGIN
