"""Charts show whole figures, and never a negative one."""

from dataclasses import replace
from datetime import date

from tallystick.base.identifiers import RecordId
from tallystick.scenarios.allowances_charts import balance, left_over, prices
from tallystick.scenarios.allowances_facts import UnitYear, ZoneFacts
from tallystick.scenarios.allowances_floor import Auction

UNIT = UnitYear(
    name="Unit",
    company="Company",
    zone="north",
    kind="coal",
    size_mw=100,
    period=0,
    rate_g_per_mwh=700,
    produced_wh=1_000,
    emitted_g=500,
    due=90,
    granted=100,
    deduction=0,
    bought=5,
    sold=10,
    surrendered=90,
    missing=0,
    has_left=False,
)
AUCTION = Auction(
    zone="north",
    is_future=True,
    day=date(2024, 7, 14),
    period=0,
    book=RecordId(bytes(32)),
    price=23_500,
    volume=7,
    wanted=9,
    offered=8,
    orders=4,
    reasons=(),
)


def zone_of(*units: UnitYear) -> ZoneFacts:
    """Return what a zone of some units came to, of which nothing else is known."""
    return ZoneFacts(
        zone="north",
        units=units,
        vintages=(),
        stock=(),
        auctions=(),
        inferences=(),
        refusals=(),
        fees={},
        undelivered=0,
    )


def test_what_is_left_over() -> None:
    """It had 100, got 5, handed 10 over and surrendered 90."""
    assert 5 == left_over(UNIT)
    assert 0 == left_over(replace(UNIT, sold=20))


def test_a_number_above_a_column_is_the_columns() -> None:
    """What came is what went, and that is the number that stands there."""
    for unit in (UNIT, replace(UNIT, granted=80, bought=10, sold=0)):
        chart = balance(zone_of(unit))
        (number,) = chart.captions
        for side in (chart.above, chart.below):
            assert int(number) == sum(value for series in side for value in series.values)


def test_prices_of_a_zone() -> None:
    """Futures stand apart, an auction without trades has no price, other zones have their own."""
    nothing = replace(AUCTION, is_future=False, volume=0, price=0)
    chart = prices((AUCTION, nothing, replace(AUCTION, zone="south")), "north")
    assert ("Jul 2024 future", "Jul 2024") == chart.labels
    assert ("235 EUR", "-") == chart.captions
    assert [(0, 0), (7, 0)] == [series.values for series in chart.above]
