"""Settling anew: signed differences, for touched fills only, on a statement that is open."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.commands import Resettle
from tallystick.contracts.market.errors_orders import ValueTooLarge
from tallystick.contracts.market.errors_settlement import (
    BalancingAccountShort,
    FillIsNotOfEnergy,
    FillNotFound,
    FillNotSettled,
    NoOpenPeriod,
    NothingChanged,
)
from tallystick.contracts.market.events_settlement import MarketCorrected
from tallystick.contracts.market.model import Participant, Side, participant_id, statement_id
from tallystick.contracts.measurement.model import Quality
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market.house import (
    ANNA,
    BEN,
    CARL,
    DAY,
    MONEY,
    STRANGER,
    House,
    account,
    attempt,
    book_of,
    buy,
    consume,
    holding_rules,
    last,
    measurement_of,
    move_to,
    open_market,
    place,
    produce,
    publish,
    sell,
)
from tests.contracts.market.settling import (
    END,
    FLOAT,
    all_money,
    balancing,
    close,
    close_at,
    commissions,
    correct,
    fill_ids,
    lines,
    money_of,
    resettle,
    settle,
    settled,
    statement,
    summed,
    trade,
    trading_house,
)

UNKNOWN = RecordId(bytes(32))


def settled_trade(
    house: House, market: RecordId, *, made: int = 1_000, used: int = 1_000
) -> RecordId:
    """Return a fill of 10 lots at 20 that was settled on these readings."""
    fill = trade(house, market, lots=10, level=20)
    move_to(house, END)
    produce(house, ANNA, made)
    consume(house, BEN, used)
    assert accepted == settle(house, fill)
    return fill


def due(house: House, market: RecordId, owner: int) -> int:
    """Return what somebody owes a market."""
    found = house.trial.read(Participant, participant_id(market, key(owner)))
    return 0 if found is None else found.due


def test_production_that_was_less() -> None:
    """The seller owes what it should not have got; the old lines stay, and new ones differ."""
    house, market = trading_house()
    before = all_money(house, market)
    fill = settled_trade(house, market)
    correct(house, measurement_of(ANNA, Side.SELL), 700)
    assert accepted == resettle(house, fill)
    done = settled(house, fill)
    assert (700, 1_000, 200, 140, 240) == (
        done.delivered_wh,
        done.consumed_wh,
        done.buyer_pays,
        done.seller_gets,
        done.seller_pays,
    )
    assert [
        ("sale", 200, 1_000),
        ("sale", -60, -300),
        ("shortfall", 240, 0),
        ("owed", 300, 0),
    ] == lines(house, market, ANNA)
    assert [("purchase", 200, 1_000)] == lines(house, market, BEN)
    assert (300, 0) == (due(house, market, ANNA), due(house, market, BEN))
    event = last(house, MarketCorrected)
    assert (1_000, 700) == (event.before.delivered_wh, event.after.delivered_wh)
    assert summed(house, market, ANNA) == statement(house, market, ANNA)
    assert before == all_money(house, market)


def test_consumption_that_was_less() -> None:
    """The buyer gets its excess back at once, out of the balancing account."""
    house, market = trading_house(price_min=10, excess_price=10)
    fill = settled_trade(house, market)
    paid = settled(house, fill).buyer_pays
    correct(house, measurement_of(BEN, Side.BUY), 495)
    assert accepted == resettle(house, fill)
    assert [
        ("purchase", paid, 1_000),
        ("purchase", -50, -505),
        ("returned", 50, 0),
    ] == lines(house, market, BEN)
    assert (MONEY - paid + 50, 0) == account(house, house.money, BEN)
    assert FLOAT - 50 == money_of(house, balancing(market))
    assert 1_000 == settled(house, fill).claimed_wh


def test_corrections_there_and_back() -> None:
    """A correction that is corrected again leaves the sums as they were, and every line."""
    house, market = trading_house()
    fill = settled_trade(house, market)
    before = statement(house, market, ANNA)
    correct(house, measurement_of(ANNA, Side.SELL), 700)
    assert accepted == resettle(house, fill)
    correct(house, measurement_of(ANNA, Side.SELL), 1_000)
    assert accepted == resettle(house, fill)
    after = statement(house, market, ANNA)
    assert (before.received, before.sold_wh, before.imbalance) == (
        after.received,
        after.sold_wh,
        after.imbalance,
    )
    assert (300, 300) == (after.owed, after.returned)
    assert before.entries + 6 == after.entries


def test_a_late_reading() -> None:
    """What counted as nothing counts as soon as it is known."""
    house, market = trading_house()
    fill = trade(house, market, lots=10, level=20)
    move_to(house, END + DAY)
    consume(house, BEN, 1_000)
    assert accepted == settle(house, fill)
    assert NothingChanged == resettle(house, fill)
    produce(house, ANNA, 1_000)
    assert accepted == resettle(house, fill)
    done = settled(house, fill)
    assert (False, 200, 0) == (done.missing, done.seller_gets, done.seller_pays)
    assert MONEY + 200 == money_of(house, ANNA)


def test_only_touched_fills_change() -> None:
    """Of two fills of a seller, a decrease concerns the later one only."""
    house, market = trading_house()
    place(house, sell(house, market, ANNA, lots=10, level=20))
    for owner in (BEN, CARL):
        place(house, buy(house, market, owner, lots=5, level=20))
        move_to(house, house.trial.time // 1_000 + 1)
    move_to(house, END)
    produce(house, ANNA, 1_000)
    for owner in (BEN, CARL):
        consume(house, owner, 500)
    first, second = fill_ids(house, book_of(house, market))
    assert accepted == settle(house, first, second)
    correct(house, measurement_of(ANNA, Side.SELL), 900)
    before = settled(house, first)
    assert accepted == resettle(house, first, second)
    after = settled(house, first)
    assert (before.delivered_wh, before.seller_gets) == (after.delivered_wh, after.seller_gets)
    assert (400, 80) == (settled(house, second).delivered_wh, settled(house, second).seller_gets)
    assert [("sale", -20, -100), ("shortfall", 80, 0), ("owed", 100, 0)] == lines(
        house, market, ANNA
    )[2:]


def test_the_next_statement_takes_it() -> None:
    """What a closed bill says stays; the difference stands on the next one."""
    house, market = trading_house(charges=commissions())
    fill = settled_trade(house, market)
    close_at(house, market)
    assert accepted == close(house, market, ANNA, BEN)
    closed = statement(house, market, BEN)
    correct(house, measurement_of(BEN, Side.BUY), 400)
    correct(house, measurement_of(ANNA, Side.SELL), 900)
    assert accepted == resettle(house, fill)
    assert closed == statement(house, market, BEN)
    assert [("purchase", 0, -600)] == lines(house, market, BEN, period=1)
    assert [("sale", -20, -100), ("shortfall", 80, 0), ("owed", 100, 0)] == lines(
        house, market, ANNA, period=1
    )
    assert -600 == statement(house, market, BEN, period=1).bought_wh
    close_at(house, market, period=1)
    assert accepted == close(house, market, ANNA, BEN, period=1)
    assert (0, 0, 0) == statement(house, market, BEN, period=1).charges
    correct(house, measurement_of(ANNA, Side.SELL), 800)
    assert NoOpenPeriod == resettle(house, fill)


Preparation = Callable[[House, RecordId], Resettle]


def corrected(house: House, market: RecordId) -> Resettle:
    """A fill with a reading that was corrected."""
    fill = settled_trade(house, market)
    correct(house, measurement_of(ANNA, Side.SELL), 900)
    return Resettle((fill,))


def unknown(_house: House, _market: RecordId) -> Resettle:
    """A fill that nobody wrote."""
    return Resettle((UNKNOWN,))


def not_settled(house: House, market: RecordId) -> Resettle:
    """A fill that was never settled."""
    return Resettle((trade(house, market),))


def named_twice(house: House, market: RecordId) -> Resettle:
    """A fill that one command names twice."""
    (fill,) = corrected(house, market).fills
    return Resettle((fill, fill))


def unchanged(house: House, market: RecordId) -> Resettle:
    """A fill whose readings are what they were."""
    return Resettle((settled_trade(house, market),))


def unchanged_in_what_counts(house: House, market: RecordId) -> Resettle:
    """A fill whose seller produced more than before, and more than it had sold."""
    fill = settled_trade(house, market)
    correct(house, measurement_of(ANNA, Side.SELL), 1_100)
    return Resettle((fill,))


def of_holdings(house: House, _market: RecordId) -> Resettle:
    """A fill of tokens."""
    other = open_market(house, holding_rules(house), name="tokens")
    fill = trade(house, other)
    assert accepted == settle(house, fill)
    return Resettle((fill,))


@pytest.mark.parametrize(
    ("prepare", "verdict"),
    [
        (corrected, accepted),
        (unchanged_in_what_counts, accepted),
        (unknown, FillNotFound),
        (not_settled, FillNotSettled),
        (named_twice, FillNotSettled),
        (of_holdings, FillIsNotOfEnergy),
        (unchanged, NothingChanged),
    ],
)
def test_resettle(prepare: Preparation, verdict: Verdict) -> None:
    """Anybody may, if there is something to post."""
    house, market = trading_house()
    assert verdict == attempt(house, prepare(house, market), STRANGER)


def test_a_reading_that_changes_nothing_is_noted() -> None:
    """No line is posted, and the fill knows the new revision."""
    house, market = trading_house()
    command = unchanged_in_what_counts(house, market)
    known = settled(house, command.fills[0]).known
    assert accepted == attempt(house, command, STRANGER)
    assert known + 1 == settled(house, command.fills[0]).known
    assert [("sale", 200, 1_000)] == lines(house, market, ANNA)


def test_the_balancing_account_must_have_the_money() -> None:
    """Who gains is paid now, or not at all."""
    house, market = trading_house()
    fill = trade(house, market, lots=100_000, level=20)
    move_to(house, END + DAY)
    consume(house, BEN, 10_000_000)
    assert accepted == settle(house, fill)
    publish(house, ANNA, Side.SELL, 10_000_000, quality=Quality.ESTIMATED)
    drained = money_of(house, balancing(market))
    assert FLOAT + 10_000_000 == drained
    assert accepted == resettle(house, fill)
    correct(house, measurement_of(BEN, Side.BUY), 0)
    assert accepted == resettle(house, fill)


def test_a_short_balancing_account_is_told() -> None:
    """An excess that is worth more than the account has is not paid back."""
    house, market = trading_house(price_min=20, excess_price=20)
    fill = trade(house, market, lots=100_000, level=0)
    move_to(house, END)
    publish(house, ANNA, Side.SELL, 10_000_000, quality=Quality.ESTIMATED)
    consume(house, BEN, 10_000_000)
    assert accepted == settle(house, fill)
    correct(house, measurement_of(BEN, Side.BUY), 1_000)
    assert BalancingAccountShort == resettle(house, fill)


@pytest.mark.parametrize(
    ("used", "owes", "returned", "verdict"),
    [
        (700, 0, 0, accepted),
        (700, 0, AMOUNT_MAX - 60, accepted),
        (700, 0, AMOUNT_MAX - 59, ValueTooLarge),
        (1_000, AMOUNT_MAX - 60, 0, accepted),
        (1_000, AMOUNT_MAX - 59, 0, ValueTooLarge),
    ],
)
def test_corrections_without_end_are_refused_before_they_overflow(
    used: int, owes: int, returned: int, verdict: Verdict
) -> None:
    """What is owed, and what a bill says was returned, stay amounts; a buyer used 300 Wh less."""
    house, market = trading_house(excess_price=20, price_min=20)
    fill = trade(house, market, lots=10, level=0)
    move_to(house, END)
    produce(house, ANNA, 1_000)
    consume(house, BEN, 1_700 - used)
    assert accepted == settle(house, fill)
    id = participant_id(market, key(BEN))
    house.trial.plant(id, Participant(admitted=False, suspended=False, due=owes))
    bill = statement_id(market, key(BEN), 0)
    house.trial.plant(bill, replace(statement(house, market, BEN), returned=returned))
    correct(house, measurement_of(BEN, Side.BUY), used)
    assert verdict == resettle(house, fill)
