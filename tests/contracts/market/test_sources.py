"""Which devices may sell, as a table; a battery says beforehand that it can."""

from collections.abc import Callable

import pytest

from tallystick.base.identifiers import RecordId
from tallystick.contracts.device.commands import DeclareOutage, Register, Retire
from tallystick.contracts.device.events import DeviceRegistered
from tallystick.contracts.device.model import DeviceKind
from tallystick.contracts.market.commands import Place
from tallystick.contracts.market.errors_sources import (
    BatteryNotReady,
    BatteryTooEmpty,
    DeviceInOutage,
    DeviceNotFound,
    DeviceNotNamed,
    DeviceOfAnother,
    DeviceRetired,
)
from tallystick.contracts.market.sources import REPORT_AGE_MAX
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    CONTROLLER_NUMBERS,
    GRID_OPERATOR,
    HOUR,
    OTHER_SECTOR,
    QUARTER,
    SECTOR,
    House,
    attempt,
    buy,
    cancel,
    device_of,
    do,
    energy_rules,
    last,
    open_house,
    open_market,
    place,
    report,
    sell,
    signers_of,
)

UNKNOWN = RecordId(bytes(32))
Prepare = Callable[[House], RecordId | None]


def roof(house: House) -> RecordId:
    """Return a roof of Anna's."""
    return device_of(house, ANNA)


def retired(house: House) -> RecordId:
    """Return a roof that was taken down."""
    id = roof(house)
    do(house, Retire(id), ANNA)
    return id


def elsewhere(house: House) -> RecordId:
    """Return a roof of Anna's in another sector."""
    controller = CONTROLLER_NUMBERS + ANNA
    command = Register(
        owner=key(ANNA),
        controller=key(controller),
        kind=DeviceKind.ROOF,
        sector=OTHER_SECTOR,
        capacity_wh=10_000,
    )
    do(house, command, ANNA, controller)
    return last(house, DeviceRegistered).device


def in_outage(begin: int, end: int, *, sector: bool = False) -> Prepare:
    """Return a preparation: a roof with an outage, of its own or around it."""

    def prepare(house: House) -> RecordId:
        id = roof(house)
        device = None if sector else id
        command = DeclareOutage(
            device=device, sector=SECTOR, begin=begin, end=end, maintenance=False
        )
        do(house, command, GRID_OPERATOR)
        return id

    return prepare


def battery(stored_wh: int, *, on: bool = True, connected: bool = True, age: int = 0) -> Prepare:
    """Return a preparation: a battery that reported a while ago. [ms]"""

    def prepare(house: House) -> RecordId:
        report(house, ANNA, stored_wh=stored_wh, on=on, connected=connected)
        house.trial.move_to(house.trial.time + age)
        return device_of(house, ANNA, DeviceKind.BATTERY)

    return prepare


SOURCES: list[tuple[str, Prepare, Verdict]] = [
    ("a roof", roof, accepted),
    ("none", lambda _: None, DeviceNotNamed),
    ("one that is not", lambda _: UNKNOWN, DeviceNotFound),
    ("another's", lambda house: device_of(house, BEN), DeviceOfAnother),
    ("one in another sector", elsewhere, DeviceOfAnother),
    ("one that was taken down", retired, DeviceRetired),
    ("an outage during delivery", in_outage(BEGIN, BEGIN + 60), DeviceInOutage),
    ("an outage until then", in_outage(BEGIN - HOUR, BEGIN), accepted),
    ("an outage after it", in_outage(BEGIN + QUARTER, BEGIN + HOUR), accepted),
    ("an outage of the sector", in_outage(BEGIN, BEGIN + 60, sector=True), DeviceInOutage),
    ("a battery", battery(1_000), accepted),
    (
        "a battery that said nothing",
        lambda house: device_of(house, ANNA, DeviceKind.BATTERY),
        BatteryNotReady,
    ),
    ("a battery that is off", battery(1_000, on=False), BatteryNotReady),
    ("a battery that is not connected", battery(1_000, connected=False), BatteryNotReady),
    ("a battery's last report in time", battery(1_000, age=REPORT_AGE_MAX), accepted),
    ("a millisecond later", battery(1_000, age=REPORT_AGE_MAX + 1), BatteryNotReady),
    ("a battery with a watt-hour too little", battery(999), BatteryTooEmpty),
]


def offer(house: House, market: RecordId, device: RecordId | None, lots: int = 10) -> Place:
    """Return Anna's offer of a kilowatt-hour from a device."""
    return sell(house, market, ANNA, lots=lots, level=30, device=device)


@pytest.mark.parametrize(
    ("prepare", "verdict"), [row[1:] for row in SOURCES], ids=[row[0] for row in SOURCES]
)
def test_check_source(prepare: Prepare, verdict: Verdict) -> None:
    """Energy is sold from a device that is the seller's and can deliver."""
    house = open_house()
    market = open_market(house, energy_rules(house, quantum=100))
    device = prepare(house)
    assert verdict == attempt(house, offer(house, market, device), *signers_of(ANNA))


def test_all_offers_of_a_book_count_against_the_battery() -> None:
    """What is sold and what is offered together is stored, and what was cancelled is free."""
    house = open_house()
    market = open_market(house, energy_rules(house, quantum=100))
    report(house, ANNA, stored_wh=1_000)
    device = device_of(house, ANNA, DeviceKind.BATTERY)
    first = place(house, offer(house, market, device, 6))
    place(house, buy(house, market, BEN, lots=2, level=30))
    too_much = offer(house, market, device, 5)
    assert BatteryTooEmpty == attempt(house, too_much, *signers_of(ANNA))
    cancel(house, first)
    place(house, offer(house, market, device, 8))
    assert BatteryTooEmpty == attempt(house, offer(house, market, device, 1), *signers_of(ANNA))
