"""What a market trades, until when, and in which billing period it lies."""

import pytest

from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.errors_orders import (
    GateClosed,
    LengthNotAllowed,
    NotAligned,
    OutsidePeriods,
    UnitDiffers,
)
from tallystick.contracts.market.model import MarketRules, Product
from tallystick.contracts.market.products import (
    check_gate,
    check_product,
    gate_closes_at,
    period_of,
)
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market.house import (
    BEGIN,
    DAY,
    HOUR,
    MIDNIGHT,
    MONTH_END,
    QUARTER,
    energy_rules,
    holding_rules,
    open_house,
)
from tests.contracts.market.settling import context_of

HOUSE = open_house(people=())
MARKET = RecordId(b"m" * 32)
ENERGY = energy_rules(HOUSE)
HOLDING = holding_rules(HOUSE, lengths=(DAY, 7 * DAY))
ELSEWHERE = holding_rules(HOUSE, lengths=(DAY,), goods="allowance")
CONTEXT = context_of(HOUSE)

PRODUCTS = [
    ("a quarter of an hour", ENERGY, MARKET, BEGIN, QUARTER, accepted),
    ("an hour", ENERGY, MARKET, BEGIN, HOUR, accepted),
    ("another's unit", ENERGY, HOUSE.goods, BEGIN, QUARTER, UnitDiffers),
    ("half an hour", ENERGY, MARKET, BEGIN, 1_800, LengthNotAllowed),
    ("nothing", ENERGY, MARKET, BEGIN, 0, LengthNotAllowed),
    ("backwards", ENERGY, MARKET, BEGIN, -QUARTER, LengthNotAllowed),
    ("half past", ENERGY, MARKET, BEGIN + 1_800, HOUR, NotAligned),
    ("a minute past", ENERGY, MARKET, BEGIN + 60, QUARTER, NotAligned),
    ("before the first period", ENERGY, MARKET, MIDNIGHT - QUARTER, QUARTER, OutsidePeriods),
    ("the last of all", ENERGY, MARKET, MONTH_END + 31 * DAY - QUARTER, QUARTER, accepted),
    ("after the last period", ENERGY, MARKET, MONTH_END + 31 * DAY, QUARTER, OutsidePeriods),
    ("holdings", HOLDING, HOUSE.goods, MIDNIGHT + DAY, DAY, accepted),
    ("holdings that nobody knows", HOLDING, MARKET, MIDNIGHT + DAY, DAY, UnitDiffers),
    ("money for money", HOLDING, HOUSE.money, MIDNIGHT + DAY, DAY, UnitDiffers),
    ("holdings of another contract", ELSEWHERE, MARKET, MIDNIGHT + DAY, DAY, accepted),
    ("a week from noon on", HOLDING, HOUSE.goods, BEGIN, 7 * DAY, accepted),
]


@pytest.mark.parametrize(
    ("rules", "unit", "begin", "length", "verdict"),
    [row[1:] for row in PRODUCTS],
    ids=[row[0] for row in PRODUCTS],
)
def test_check_product(
    rules: MarketRules, unit: RecordId, begin: int, length: int, verdict: Verdict
) -> None:
    """A product has the market's unit, one of its lengths, its place in the hour and a period."""
    product = Product(unit=unit, begin=begin, end=begin + length)
    if verdict == accepted:
        check_product(CONTEXT, MARKET, rules, product)
        assert period_of(rules, product) is not None
        return
    assert isinstance(verdict, type)
    with pytest.raises(verdict):
        check_product(CONTEXT, MARKET, rules, product)


def test_the_gate_closes_before_delivery() -> None:
    """In the last millisecond an order comes in; when the gate has closed, none does."""
    product = Product(unit=MARKET, begin=BEGIN, end=BEGIN + QUARTER)
    closes_at = gate_closes_at(ENERGY, product)
    assert (BEGIN - HOUR) * 1000 == closes_at
    check_gate(ENERGY, product, time=closes_at - 1)
    with pytest.raises(GateClosed):
        check_gate(ENERGY, product, time=closes_at)


def test_a_gate_that_closed_before_all_times() -> None:
    """It is told as the first moment that there is."""
    product = Product(unit=MARKET, begin=0, end=QUARTER)
    with pytest.raises(GateClosed, match=r"^product\.begin: its gate closed at 1970-01-01T00"):
        check_gate(ENERGY, product, time=0)


@pytest.mark.parametrize(
    ("begin", "period"),
    [
        (MIDNIGHT - 1, None),
        (MIDNIGHT, 0),
        (MONTH_END - 1, 0),
        (MONTH_END, 1),
        (MONTH_END + 31 * DAY, None),
    ],
)
def test_a_delivery_belongs_to_the_period_in_which_it_begins(
    begin: int, period: int | None
) -> None:
    """A period includes its first second and not that of the next one."""
    assert period == period_of(ENERGY, Product(unit=MARKET, begin=begin, end=begin + QUARTER))
