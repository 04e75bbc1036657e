"""What a market takes, as tables: one line per case, the verdict last."""

from collections.abc import Callable
from typing import Any

import pytest

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import RecordId
from tallystick.contracts.asset.errors import NotEnough
from tallystick.contracts.market.book import open_lots
from tallystick.contracts.market.commands import MeterKey
from tallystick.contracts.market.errors_orders import (
    BelowFeedInFloor,
    GateClosed,
    LeastExceedsLots,
    LengthNotAllowed,
    LevelOutside,
    MarketNotFound,
    NotAligned,
    OutsidePeriods,
    PartnerNotAllowed,
    PaymentDue,
    SignerIsNotOwner,
    UnitDiffers,
    ValidityTooShort,
    ValueTooLarge,
)
from tallystick.contracts.market.errors_sources import (
    DeviceNotExpected,
    MeterHasNotSigned,
    MetersDiffer,
    MetersDoNotCover,
)
from tallystick.contracts.market.events import BookOpened, OrderPlaced
from tallystick.contracts.market.model import (
    MarketRules,
    Order,
    Participant,
    Product,
    Side,
    Trading,
    participant_id,
)
from tallystick.core.errors import UnknownCommand
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    DAY,
    HOUR,
    MIDNIGHT,
    MONEY,
    MONTH_END,
    QUARTER,
    STRANGER,
    attempt,
    book,
    book_of,
    buy,
    energy_rules,
    holding_rules,
    last,
    measurement_of,
    meter_of,
    move_to,
    open_house,
    open_market,
    order,
    place,
    position,
    product_of,
    sell,
    signers_of,
)

Rules = Callable[..., MarketRules]
UNKNOWN = RecordId(bytes(32))
GATE = (BEGIN - HOUR) * 1000
CALL = {"trading": Trading.CALL}
FLOOR = {"feed_in_floor": 20}

TERMS: list[tuple[str, Rules, dict[str, Any], Side, dict[str, Any], Verdict]] = [
    ("a bid", energy_rules, {}, Side.BUY, {}, accepted),
    ("an offer", energy_rules, {}, Side.SELL, {}, accepted),
    ("in a call auction", energy_rules, CALL, Side.BUY, {}, accepted),
    ("holdings", holding_rules, {}, Side.SELL, {}, accepted),
    ("a market that is not", energy_rules, {}, Side.BUY, {"market": UNKNOWN}, MarketNotFound),
    ("the gate itself", energy_rules, CALL, Side.BUY, {"valid_until": GATE}, accepted),
    ("after the gate", energy_rules, CALL, Side.BUY, {"valid_until": GATE + 1}, accepted),
    (
        "too short for an auction",
        energy_rules,
        CALL,
        Side.BUY,
        {"valid_until": GATE - 1},
        ValidityTooShort,
    ),
    ("for a while", energy_rules, {}, Side.BUY, {"valid_until": GATE - 1}, accepted),
    (
        "for a moment",
        energy_rules,
        {},
        Side.BUY,
        {"valid_until": MIDNIGHT * 1000 + 2},
        accepted,
    ),
    (
        "for no time",
        energy_rules,
        {},
        Side.BUY,
        {"valid_until": MIDNIGHT * 1000 + 1},
        ValidityTooShort,
    ),
    ("the highest level", energy_rules, {}, Side.BUY, {"level": 999}, accepted),
    ("above it", energy_rules, {}, Side.BUY, {"level": 1_000}, LevelOutside),
    ("far above", energy_rules, {}, Side.BUY, {"level": 32_768}, UnknownCommand),
    ("a negative level", energy_rules, {}, Side.BUY, {"level": -1}, UnknownCommand),
    ("no lots", energy_rules, {}, Side.BUY, {"lots": 0}, UnknownCommand),
    ("negative lots", energy_rules, {}, Side.BUY, {"lots": -1}, UnknownCommand),
    ("the floor", energy_rules, FLOOR, Side.SELL, {"level": 20}, accepted),
    ("below it", energy_rules, FLOOR, Side.SELL, {"level": 19}, BelowFeedInFloor),
    ("buying below it", energy_rules, FLOOR, Side.BUY, {"level": 19}, accepted),
    ("all or nothing", energy_rules, {}, Side.BUY, {"least": 10}, accepted),
    ("more than all", energy_rules, {}, Side.BUY, {"least": 11}, LeastExceedsLots),
    ("for one partner", energy_rules, {}, Side.BUY, {"partner": key(ANNA)}, accepted),
    (
        "for a partner in an auction",
        energy_rules,
        CALL,
        Side.BUY,
        {"partner": key(ANNA)},
        PartnerNotAllowed,
    ),
    ("unfunded", energy_rules, {}, Side.BUY, {"lots": MONEY // 25 + 1}, NotEnough),
    ("funded to the last unit", energy_rules, {}, Side.BUY, {"lots": MONEY // 25}, accepted),
    ("more goods than there are", holding_rules, {}, Side.SELL, {"lots": 100_001}, NotEnough),
    (
        "goods that there are not",
        holding_rules,
        {"trading": Trading.CALL},
        Side.SELL,
        {"product": Product(unit=UNKNOWN, begin=MIDNIGHT + DAY, end=MIDNIGHT + 2 * DAY)},
        UnitDiffers,
    ),
    (
        "dearer than an amount",
        energy_rules,
        {"price_min": 2**40, "tick": 1},
        Side.BUY,
        {"lots": 2**13},
        ValueTooLarge,
    ),
    (
        "more energy than an amount",
        energy_rules,
        {},
        Side.SELL,
        {"lots": AMOUNT_MAX // 100 + 1, "level": 0},
        ValueTooLarge,
    ),
    (
        "another market's unit",
        energy_rules,
        {},
        Side.BUY,
        {"product": Product(unit=UNKNOWN, begin=BEGIN, end=BEGIN + QUARTER)},
        UnitDiffers,
    ),
    ("a buyer's device", energy_rules, {}, Side.BUY, {"device": UNKNOWN}, DeviceNotExpected),
    ("a device of tokens", holding_rules, {}, Side.SELL, {"device": UNKNOWN}, DeviceNotExpected),
    (
        "meters of tokens",
        holding_rules,
        {},
        Side.BUY,
        {"meters": (MeterKey(key(1), BEGIN),)},
        MetersDoNotCover,
    ),
]


@pytest.mark.parametrize(
    ("rules", "stated", "side", "changes", "verdict"),
    [row[1:] for row in TERMS],
    ids=[row[0] for row in TERMS],
)
def test_terms(
    rules: Rules,
    stated: dict[str, Any],
    side: Side,
    changes: dict[str, Any],
    verdict: Verdict,
) -> None:
    """An order has to fit the market's rules; one that does not leaves nothing behind."""
    house = open_house()
    market = open_market(house, rules(house, **stated))
    draft = buy if side is Side.BUY else sell
    command = draft(house, market, BEN, **{"lots": 10, "level": 25, **changes})
    before = len(house.trial.events)
    assert verdict == attempt(house, command, *signers_of(BEN))
    assert (verdict == accepted) == (len(house.trial.events) > before)


PRODUCTS = [
    ("as long as no product", BEGIN, 1_800, LengthNotAllowed),
    ("between the hours", BEGIN + 1_800, HOUR, NotAligned),
    ("in no period", MONTH_END + 31 * DAY, QUARTER, OutsidePeriods),
    ("long ago", MIDNIGHT - 31 * DAY, QUARTER, OutsidePeriods),
    ("past", MIDNIGHT, QUARTER, GateClosed),
    ("after the gate", MIDNIGHT + HOUR, QUARTER, GateClosed),
    ("before the gate", MIDNIGHT + HOUR + QUARTER, QUARTER, accepted),
]


@pytest.mark.parametrize(
    ("begin", "length", "verdict"), [row[1:] for row in PRODUCTS], ids=[row[0] for row in PRODUCTS]
)
def test_products(begin: int, length: int, verdict: Verdict) -> None:
    """An order is for a product of the market whose gate is open."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    product = Product(unit=market, begin=begin, end=begin + length)
    command = buy(house, market, BEN, lots=1, level=1, product=product)
    assert verdict == attempt(house, command, *signers_of(BEN))


def test_the_gate_closes_to_the_millisecond() -> None:
    """The last millisecond before is in time."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    command = buy(house, market, BEN, lots=1, level=1)
    house.trial.move_to(GATE - 1)
    assert accepted == attempt(house, command, *signers_of(BEN))
    move_to(house, BEGIN - HOUR)
    assert GateClosed == attempt(house, command, *signers_of(BEN))


def test_who_owes_pays_first() -> None:
    """An account with a debt from a correction places no order."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    id = participant_id(market, key(BEN))
    house.trial.plant(id, Participant(admitted=True, suspended=False, due=1))
    command = buy(house, market, BEN, lots=1, level=1)
    assert PaymentDue == attempt(house, command, *signers_of(BEN))


def test_every_meter_signs() -> None:
    """The owner's signature alone opens nobody's meter."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    command = buy(house, market, BEN, lots=1, level=1)
    assert MeterHasNotSigned == attempt(house, command, BEN)
    assert SignerIsNotOwner == attempt(house, command, meter_of(BEN, Side.BUY))
    assert SignerIsNotOwner == attempt(house, command, STRANGER)


def test_an_account_has_one_set_of_meters_in_a_book() -> None:
    """The second order on the same side names the same meters and the same device."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    place(house, sell(house, market, BEN, lots=1, level=9))
    other = (MeterKey(owner=key(meter_of(BEN, Side.BUY)), begin=BEGIN),)
    again = sell(house, market, BEN, lots=1, level=9, meters=other)
    assert MetersDiffer == attempt(house, again, *signers_of(BEN))
    place(house, sell(house, market, BEN, lots=1, level=9))


def test_volumes_of_a_book_stay_amounts() -> None:
    """Many orders together offer no more than can be counted."""
    house = open_house()
    rules = energy_rules(house, quantum=10**12, shortfall_price=0, levels=1, **CALL)
    market = open_market(house, rules)
    place(house, sell(house, market, ANNA, lots=9_000, level=0))
    beyond = sell(house, market, BEN, lots=8, level=0)
    assert ValueTooLarge == attempt(house, beyond, *signers_of(BEN))
    place(house, sell(house, market, BEN, lots=7, level=0))


def test_an_order_is_written_and_reported() -> None:
    """What stands on the ledger and what is reported is what was asked for."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    id = place(house, sell(house, market, ANNA, lots=7, level=30, valid_until=GATE - 5))
    id_of_book = book_of(house, market)
    device = house.devices[ANNA, next(iter(house.devices))[1]]
    expected = Order(
        market=market,
        book=id_of_book,
        side=Side.SELL,
        owner=key(ANNA),
        level=30,
        lots=7,
        least=0,
        filled=0,
        value=0,
        funded=7 * 70,
        device=device,
        partner=None,
        placed_at=house.trial.time,
        valid_until=GATE - 5,
        page=0,
        slot=0,
    )
    assert expected == order(house, id)
    opened = BookOpened(book=id_of_book, market=market, product=product_of(house, market))
    assert opened == last(house, BookOpened)
    placed = OrderPlaced(
        order=id,
        book=id_of_book,
        side=Side.SELL,
        owner=key(ANNA),
        level=30,
        lots=7,
        least=0,
        valid_until=GATE - 5,
        funded=490,
        device=device,
        partner=None,
        mandate=None,
        queued=True,
    )
    assert placed == last(house, OrderPlaced)


def test_equal_orders_of_one_person_both_count() -> None:
    """The same order twice is two orders, with two places in the queue."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    first = place(house, buy(house, market, BEN, lots=7, level=30))
    second = place(house, buy(house, market, BEN, lots=7, level=30))
    assert first != second
    assert (0, 1) == (order(house, first).slot, order(house, second).slot)
    assert 14 == open_lots(book(house, book_of(house, market)), Side.BUY)


def test_measurements_are_where_they_can_be_computed_beforehand() -> None:
    """A position names ids of measurements that do not exist yet."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    product = product_of(house, market, length=HOUR)
    place(house, buy(house, market, BEN, lots=7, level=30, product=product))
    begins = range(BEGIN, BEGIN + HOUR, QUARTER)
    expected = tuple(measurement_of(BEN, Side.BUY, begin) for begin in begins)
    held = position(house, book_of(house, market, product), Side.BUY, BEN)
    assert held is not None
    assert expected == held.meters
