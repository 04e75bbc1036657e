"""Closing a period and paying what is owed: bills that add up, to the last minor unit."""

from collections.abc import Callable

import pytest

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.commands import Close, Pay
from tallystick.contracts.market.errors_orders import MarketNotFound, SignerIsNotOwner
from tallystick.contracts.market.errors_settlement import (
    BalancingAccountShort,
    FillsStillOpen,
    NotDue,
    PeriodNotFound,
    PeriodNotOver,
    StatementClosedAlready,
    StatementNotFound,
)
from tallystick.contracts.market.events import MarketFilled
from tallystick.contracts.market.events_settlement import DuePaid, LineKind, StatementClosed
from tallystick.contracts.market.model import (
    ONE_PPM,
    WH_PER_MWH,
    Basis,
    Charge,
    Participant,
    Product,
    Side,
    participant_id,
)
from tallystick.contracts.measurement.model import Quality
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    CARL,
    DAY,
    HOUR,
    MIDNIGHT,
    MONEY,
    MONTH_END,
    QUARTER,
    STRANGER,
    House,
    account,
    attempt,
    consume,
    do,
    last,
    measurement_of,
    mint,
    move_to,
    produce,
    publish,
    rules_of,
)
from tests.contracts.market.settling import (
    DSO,
    END,
    FLOAT,
    MARKET_OPERATOR,
    PAYEES,
    PLATFORM,
    all_money,
    balancing,
    clearing,
    close,
    close_at,
    commissions,
    correct,
    entries,
    lines,
    money_of,
    resettle,
    settle,
    statement,
    summed,
    trade,
    trading_house,
)

UNKNOWN = RecordId(bytes(32))
PERIODS = (MIDNIGHT, MONTH_END, MONTH_END + 31 * DAY)


def settled_trade(house: House, market: RecordId) -> RecordId:
    """Return a fill of 10 lots at 20 that was delivered and settled."""
    fill = trade(house, market, lots=10, level=20)
    move_to(house, END)
    produce(house, ANNA, 1_000)
    consume(house, BEN, 1_000)
    assert accepted == settle(house, fill)
    return fill


def test_charges_are_levied_once_on_the_whole_period() -> None:
    """Value to the platform, measured energy to operator and DSO; what is left goes back."""
    house, market = trading_house(charges=commissions())
    before = all_money(house, market)
    for n in range(3):
        product = Product(market, BEGIN + n * QUARTER, BEGIN + (n + 1) * QUARTER)
        trade(house, market, lots=7, level=19, product=product)
    move_to(house, BEGIN + 3 * QUARTER)
    for n in range(3):
        begin = BEGIN + n * QUARTER
        produce(house, ANNA, 700, begin=begin)
        consume(house, BEN, 700, begin=begin)
    fills = [each.fill for each in fills_of(house)]
    assert accepted == settle(house, *fills)
    stood = statement(house, market, BEN)
    assert (399, 2_100, 3 * (4 + 5 + 22)) == (stood.paid, stood.bought_wh, stood.reserved)
    close_at(house, market)
    assert accepted == close(house, market, BEN, ANNA)
    charges = (399 * 25_000 // ONE_PPM, 2_100 * 7_000 // WH_PER_MWH, 2_100 * 31_000 // WH_PER_MWH)
    assert (9, 14, 65) == charges
    assert charges == statement(house, market, BEN).charges
    assert list(charges) == [money_of(house, payee) for payee in (PLATFORM, MARKET_OPERATOR, DSO)]
    assert (MONEY - 399 - sum(charges), 0) == account(house, house.money, BEN)
    assert 0 == money_of(house, clearing(market))
    assert before == all_money(house, market)
    assert [("charge", 9, 0), ("charge", 14, 0), ("charge", 65, 0), ("rest", 5, 0)] == lines(
        house, market, BEN
    )[-4:]
    assert ["platform", "market operator", "dso", ""] == [
        each.name for each in entries(house, market, BEN)[-4:]
    ]
    assert (0, 0, 0) == statement(house, market, ANNA).charges


def fills_of(house: House) -> list[MarketFilled]:
    """Return the events of all fills in this block."""
    return [each for each in house.trial.events if isinstance(each, MarketFilled)]


Preparation = Callable[[House, RecordId], Record]


def closing(market: RecordId, *owners: int, period: int = 0) -> Close:
    """Return a command to close statements."""
    return Close(market=market, period=period, owners=tuple(key(owner) for owner in owners))


def over(house: House, market: RecordId) -> Record:
    """A period that is over, with everything settled."""
    settled_trade(house, market)
    close_at(house, market)
    return closing(market, ANNA, BEN)


def unknown_market(house: House, market: RecordId) -> Record:
    """A market that nobody opened."""
    over(house, market)
    return closing(UNKNOWN, ANNA)


def unknown_period(house: House, market: RecordId) -> Record:
    """A period behind the last."""
    over(house, market)
    return closing(market, ANNA, period=2)


def too_early(house: House, market: RecordId) -> Record:
    """The last second in which late readings are waited for."""
    settled_trade(house, market)
    rules = rules_of(house, market)
    move_to(house, rules.periods[1] + rules.settlement_delay - 1)
    return closing(market, ANNA)


def without_trades(house: House, market: RecordId) -> Record:
    """Somebody who has not traded."""
    over(house, market)
    return closing(market, ANNA, CARL)


def closed_before(house: House, market: RecordId) -> Record:
    """A statement that was closed."""
    command = over(house, market)
    do(house, command, STRANGER)
    return closing(market, ANNA)


def named_twice(house: House, market: RecordId) -> Record:
    """An account that one command names twice."""
    over(house, market)
    return closing(market, ANNA, BEN, ANNA)


def with_open_fills(house: House, market: RecordId) -> Record:
    """A statement that waits for a fill."""
    trade(house, market)
    close_at(house, market)
    return closing(market, ANNA)


@pytest.mark.parametrize(
    ("prepare", "verdict"),
    [
        (over, accepted),
        (unknown_market, MarketNotFound),
        (unknown_period, PeriodNotFound),
        (too_early, PeriodNotOver),
        (without_trades, StatementNotFound),
        (closed_before, StatementClosedAlready),
        (named_twice, StatementClosedAlready),
        (with_open_fills, FillsStillOpen),
    ],
)
def test_close(prepare: Preparation, verdict: Verdict) -> None:
    """Anybody closes what is over and complete, once."""
    house, market = trading_house()
    assert verdict == attempt(house, prepare(house, market), STRANGER)


def owing(house: House, market: RecordId) -> None:
    """Let Anna owe 300 by a correction."""
    fill = settled_trade(house, market)
    correct(house, measurement_of(ANNA, Side.SELL), 700)
    assert accepted == resettle(house, fill)


@pytest.mark.parametrize(
    ("amount", "signer", "verdict"),
    [
        (300, ANNA, accepted),
        (1, ANNA, accepted),
        (300, BEN, SignerIsNotOwner),
        (300, STRANGER, SignerIsNotOwner),
        (0, ANNA, NotDue),
        (301, ANNA, NotDue),
    ],
)
def test_pay(amount: int, signer: int, verdict: Verdict) -> None:
    """The owner pays at most what is due, to the balancing account that had paid for it."""
    house, market = trading_house()
    owing(house, market)
    had = money_of(house, ANNA)
    assert verdict == attempt(house, Pay(market, key(ANNA), amount), signer)
    paid = amount if verdict == accepted else 0
    assert (had - paid, 0) == account(house, house.money, ANNA)
    assert FLOAT + paid == money_of(house, balancing(market))
    found = house.trial.read(Participant, participant_id(market, key(ANNA)))
    assert found is not None
    assert 300 - paid == found.due
    if paid:
        assert 300 - paid == last(house, DuePaid).due


@pytest.mark.parametrize(("unknown", "verdict"), [(UNKNOWN, MarketNotFound), (None, NotDue)])
def test_pay_without_a_debt(unknown: RecordId | None, verdict: Verdict) -> None:
    """Nothing is paid where nothing is owed."""
    house, market = trading_house()
    command = Pay(unknown or market, key(ANNA), 1)
    assert verdict == attempt(house, command, ANNA)


def test_charges_beyond_the_reserve_are_owed() -> None:
    """After a correction of a closed bill nothing is reserved: the payees are paid nonetheless."""
    house, market = trading_house(charges=commissions())
    fill = trade(house, market, lots=100, level=20)
    move_to(house, END)
    publish(house, ANNA, Side.SELL, 10_000, quality=Quality.ESTIMATED)
    consume(house, BEN, 0)
    assert accepted == settle(house, fill)
    close_at(house, market)
    assert accepted == close(house, market, BEN)
    platform = money_of(house, PLATFORM)
    assert (50, 0) == (platform, money_of(house, DSO))
    correct(house, measurement_of(BEN, Side.BUY), 10_000)
    assert accepted == resettle(house, fill)
    close_at(house, market, period=1)
    assert accepted == close(house, market, BEN, period=1)
    assert [("purchase", 0, 10_000), ("charge", 0, 0), ("charge", 70, 0), ("charge", 310, 0)] == (
        lines(house, market, BEN, period=1)[:4]
    )
    assert ("owed", 380, 0) == lines(house, market, BEN, period=1)[4]
    found = house.trial.read(Participant, participant_id(market, key(BEN)))
    assert found is not None
    assert 380 == found.due
    assert [50, 70, 310] == [money_of(house, payee) for payee in PAYEES]
    assert FLOAT - 380 == money_of(house, balancing(market))


def test_the_balancing_account_must_have_the_money() -> None:
    """Charges beyond the reserve wait for the balancing account's money."""
    house, market = trading_house(charges=(Charge("levy", Basis.ENERGY, 10**10, key(DSO)),))
    mint(house, house.money, BEN, 20_000_000)
    fill = trade(house, market, lots=20, level=20)
    move_to(house, END)
    publish(house, ANNA, Side.SELL, 2_000, quality=Quality.ESTIMATED)
    consume(house, BEN, 0)
    assert accepted == settle(house, fill)
    close_at(house, market)
    assert accepted == close(house, market, BEN)
    correct(house, measurement_of(BEN, Side.BUY), 2_000)
    assert accepted == resettle(house, fill)
    close_at(house, market, period=1)
    assert BalancingAccountShort == close(house, market, BEN, period=1)


def quarters(day: int) -> range:
    """Return where the quarter hours of a local day begin, from midnight to midnight."""
    begin, hours = {92: (1_490_482_800, 23), 100: (1_477_778_400, 25)}[day]
    return range(begin, begin + hours * HOUR, QUARTER)


@pytest.mark.parametrize("day", [92, 100])
def test_days_on_which_clocks_change(day: int) -> None:
    """
    A month of local time has all of a day's quarter hours, be they 92 or 100, and no other.

    The days are 2017-03-26 and 2016-10-30 in Berlin; months begin and end there at local midnight.
    """
    months = {
        92: (1_488_322_800, 1_490_997_600, 1_493_589_600),
        100: (1_475_272_800, 1_477_954_800, 1_480_546_800),
    }
    begins = quarters(day)
    assert day == len(begins)
    house, market = trading_house_at(months[day][0], periods=months[day])
    seconds = months[day][1] - months[day][0]
    assert {92: 31 * DAY - HOUR, 100: 31 * DAY + HOUR}[day] == seconds
    before = all_money(house, market)
    for n, begin in enumerate(begins):
        product = Product(market, begin, begin + QUARTER)
        trade(house, market, lots=1 + n % 3, level=17 + n % 5, product=product)
    fills = [each.fill for each in fills_of(house)]
    move_to(house, begins.stop)
    for n, begin in enumerate(begins):
        publish(house, ANNA, Side.SELL, 100 * (1 + n % 3), begin=begin)
        publish(house, BEN, Side.BUY, 100 * (1 + n % 3) - n % 7, begin=begin)
    assert accepted == settle(house, *fills[:60])
    close_at(house, market)
    assert FillsStillOpen == close(house, market, BEN)
    assert accepted == settle(house, *fills[60:])
    assert accepted == close(house, market, BEN, ANNA)
    bill = statement(house, market, BEN)
    assert summed(house, market, BEN) == bill
    assert sum((1 + n % 3) * (17 + n % 5) for n in range(day)) == bill.paid
    assert sum(100 * (1 + n % 3) - n % 7 for n in range(day)) == bill.bought_wh
    assert 2 * day + 4 == bill.entries
    assert 0 == money_of(house, clearing(market))
    assert before == all_money(house, market)


def trading_house_at(begin: int, *, periods: tuple[int, ...]) -> tuple[House, RecordId]:
    """Return a trading house whose market bills by these periods, at the begin of the first."""
    house, market = trading_house(charges=commissions(), periods=periods, claims=False)
    if house.trial.time < begin * 1_000:
        move_to(house, begin)
    return house, market


def test_a_closed_statement_says_so() -> None:
    """Its event has the charges and the rest, and its lines add up to them."""
    house, market = trading_house(charges=commissions())
    settled_trade(house, market)
    close_at(house, market)
    assert accepted == close(house, market, BEN)
    event = last(house, StatementClosed)
    posted = entries(house, market, BEN)
    levied = [each.amount for each in posted if each.kind is LineKind.CHARGE]
    assert list(event.charges) == levied
    reserved = sum(each.amount for each in posted if each.kind is LineKind.RESERVE)
    assert reserved == sum(levied) + event.rest
    assert house.trial.time == statement(house, market, BEN).closed_at
    assert PERIODS == rules_of(house, market).periods
