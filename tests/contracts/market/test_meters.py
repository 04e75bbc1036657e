"""Which measurements settle an order, and how they are promised to its book."""

from collections.abc import Sequence

import pytest

from tallystick.base.identifiers import LockId
from tallystick.contracts.certificate.errors import (
    PledgeInForce,
)
from tallystick.contracts.certificate.model import Pledge
from tallystick.contracts.market.commands import MeterKey
from tallystick.contracts.market.errors_sources import MetersDoNotCover
from tallystick.contracts.market.meters import SETTLEMENT_SECONDS_MAX, pledged_until
from tallystick.contracts.market.model import Side
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    DAY,
    HOUR,
    QUARTER,
    attempt,
    book_of,
    buy,
    cancel,
    energy_rules,
    measurement_of,
    meter_of,
    meters_of,
    open_house,
    open_market,
    place,
    product_of,
    rules_of,
    sell,
    signers_of,
)

OWNER = key(meter_of(ANNA, Side.SELL))


def meters(*begins: int) -> tuple[MeterKey, ...]:
    """Return measurements that begin so long after the delivery does. [s]"""
    return tuple(MeterKey(owner=OWNER, begin=BEGIN + begin) for begin in begins)


QUARTERS = (0, QUARTER, 2 * QUARTER, 3 * QUARTER)

COVERS: list[tuple[str, Sequence[int], Verdict]] = [
    ("an hour by quarters", QUARTERS, accepted),
    ("an hour by half hours", (0, 1_800), accepted),
    ("an hour by itself", (0,), accepted),
    ("an hour by five minutes", range(0, HOUR, 300), accepted),
    ("none", (), MetersDoNotCover),
    ("a gap", (0, QUARTER, 3 * QUARTER), MetersDoNotCover),
    ("one twice", (0, QUARTER, QUARTER, 2 * QUARTER), MetersDoNotCover),
    ("the wrong order", (QUARTER, 0, 2 * QUARTER, 3 * QUARTER), MetersDoNotCover),
    ("too early", (-QUARTER, 0, QUARTER, 2 * QUARTER), MetersDoNotCover),
    ("too many", (*QUARTERS, HOUR), MetersDoNotCover),
    ("lengths that nobody measures", range(0, HOUR, 1_200), MetersDoNotCover),
    ("minutes that nobody measures", range(0, HOUR, 60), MetersDoNotCover),
    ("lengths that do not divide it", range(0, HOUR, 514), MetersDoNotCover),
]


@pytest.mark.parametrize(
    ("begins", "verdict"), [row[1:] for row in COVERS], ids=[row[0] for row in COVERS]
)
def test_meters_cover_the_delivery(begins: Sequence[int], verdict: Verdict) -> None:
    """They follow each other without a gap and are all of one length that is measured."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    product = product_of(house, market, length=HOUR)
    command = sell(house, market, ANNA, lots=4, level=30, product=product, meters=meters(*begins))
    assert verdict == attempt(house, command, *signers_of(ANNA))


@pytest.mark.parametrize("side", list(Side))
def test_the_first_order_pledges_its_measurements(side: Side) -> None:
    """They are the book's until well after the last day of settlement."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    draft = buy if side is Side.BUY else sell
    place(house, draft(house, market, ANNA, lots=1, level=1))
    end = BEGIN + QUARTER + DAY + SETTLEMENT_SECONDS_MAX
    expected = Pledge("market", LockId(book_of(house, market)), end * 1000)
    assert expected == house.trial.read(Pledge, measurement_of(ANNA, side))
    product = product_of(house, market)
    assert end * 1000 == pledged_until(rules_of(house, market), product)


def test_a_measurement_backs_one_account_only() -> None:
    """Whoever names another's meter, even with its signature, is refused while it is pledged."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    place(house, sell(house, market, ANNA, lots=1, level=9))
    product = product_of(house, market)
    borrowed = meters_of(house, market, ANNA, Side.SELL, product)
    command = sell(house, market, BEN, lots=1, level=9, meters=borrowed)
    assert PledgeInForce == attempt(house, command, *signers_of(BEN), *signers_of(ANNA))


def test_a_measurement_backs_one_book_only() -> None:
    """The quarter's and the hour's book of one market are two; after a cancel it is free again."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    first = place(house, sell(house, market, ANNA, lots=1, level=9))
    hour = sell(
        house, market, ANNA, lots=1, level=9, product=product_of(house, market, length=HOUR)
    )
    assert PledgeInForce == attempt(house, hour, *signers_of(ANNA))
    cancel(house, first)
    place(house, hour)
