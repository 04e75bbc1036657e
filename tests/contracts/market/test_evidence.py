"""Evidence: readings as they count, and what is cut before anything is measured."""

import pytest

from tallystick.base.identifiers import RecordId
from tallystick.contracts.device.commands import DeclareOutage
from tallystick.contracts.market.commands import Clear
from tallystick.contracts.market.events_settlement import Cut
from tallystick.contracts.market.evidence import (
    Readings,
    is_forfeited,
    lots_after_cut,
    readings_of,
)
from tallystick.contracts.market.model import Position, Product, Side, Trading, fill_id
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality
from tallystick.testing.keys import key
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    GRID_OPERATOR,
    HOUR,
    OTHER_SECTOR,
    PUBLISHER,
    QUARTER,
    SECTOR,
    STRANGER,
    House,
    book_of,
    buy,
    device_of,
    do,
    measurement_of,
    meter_of,
    move_to,
    place,
    position,
    product_of,
    publish,
    sell,
)
from tests.contracts.market.settling import (
    END,
    context_of,
    correct,
    deal_of,
    declare,
    maintain,
    outage,
    trade,
    trading_house,
)


def position_of(house: House, market: RecordId, side: Side) -> Position:
    """Return what Anna sold or Ben bought."""
    found = position(house, book_of(house, market), side, ANNA if side is Side.SELL else BEN)
    assert found is not None
    return found


def readings(house: House, market: RecordId, side: Side = Side.SELL) -> Readings:
    """Return what is known of the standard delivery."""
    return readings_of(
        context_of(house),
        position_of(house, market, side),
        sector=SECTOR,
        product=Product(market, BEGIN, END),
    )


def test_nothing_is_known_at_first() -> None:
    """The first meter without a reading is named."""
    house, market = trading_house()
    trade(house, market)
    missing = measurement_of(ANNA, Side.SELL)
    assert Readings([0], 0, missing) == readings(house, market)


def test_every_revision_counts() -> None:
    """What is known grows with each publication and correction."""
    house, market = trading_house()
    trade(house, market)
    move_to(house, END)
    id = publish(house, ANNA, Side.SELL, 900)
    assert Readings([900], 1, None) == readings(house, market)
    correct(house, id, 800)
    assert Readings([800], 2, None) == readings(house, market)


@pytest.mark.parametrize(
    ("kind", "sector", "length", "quality", "expected"),
    [
        (Kind.PRODUCTION, SECTOR, QUARTER, Quality.MEASURED, (500, False)),
        (Kind.PRODUCTION, SECTOR, QUARTER, Quality.ESTIMATED, (500, False)),
        (Kind.PRODUCTION, SECTOR, QUARTER, Quality.MISSING, (0, True)),
        (Kind.CONSUMPTION, SECTOR, QUARTER, Quality.MEASURED, (0, False)),
        (Kind.EMISSION, SECTOR, QUARTER, Quality.MEASURED, (0, False)),
        (Kind.PRODUCTION, OTHER_SECTOR, QUARTER, Quality.MEASURED, (0, False)),
        (Kind.PRODUCTION, SECTOR, 300, Quality.MEASURED, (0, False)),
        (Kind.PRODUCTION, SECTOR, 1_800, Quality.MEASURED, (0, False)),
    ],
)
def test_only_what_was_traded_counts(
    kind: Kind, sector: str, length: int, quality: Quality, expected: tuple[int, bool]
) -> None:
    """Another kind, sector or length counts as 0, and only an unknown amount is waited for."""
    house, market = trading_house()
    trade(house, market)
    move_to(house, BEGIN + 1_800)
    meter = key(meter_of(ANNA, Side.SELL))
    do(house, Publish(meter, BEGIN, BEGIN + length, sector, kind, 500, quality), PUBLISHER)
    found = readings(house, market)
    assert ([expected[0]], 1) == (found.amounts_wh, found.known)
    assert expected[1] == (found.missing is not None)


@pytest.mark.parametrize(
    ("available_wh", "out", "expected"),
    [
        (None, False, (10, Cut.NONE)),
        (1_000, False, (10, Cut.NONE)),
        (999, False, (9, Cut.AVAILABILITY)),
        (0, False, (0, Cut.AVAILABILITY)),
        (None, True, (0, Cut.OUTAGE)),
        (999, True, (0, Cut.OUTAGE)),
    ],
)
def test_cuts(available_wh: int | None, out: bool, expected: tuple[int, Cut]) -> None:  # noqa: FBT001 - a table's column.
    """An outage takes everything; an availability what was sold beyond it."""
    house, market = trading_house()
    fill = trade(house, market, lots=10)
    if available_wh is not None:
        declare(house, ANNA, available_wh)
    if out:
        outage(house, ANNA)
    deal = deal_of(house, fill)
    seller = position_of(house, market, Side.SELL)
    assert expected == lots_after_cut(
        context_of(house), deal.rules, seller, deal.fill, product=deal.product
    )


@pytest.mark.parametrize(
    ("trading", "declared", "sector", "expected"),
    [
        (Trading.CONTINUOUS, "sold", False, Cut.MAINTENANCE),
        (Trading.CONTINUOUS, "last", False, Cut.MAINTENANCE),
        (Trading.CONTINUOUS, "begun", False, Cut.NONE),
        (Trading.CONTINUOUS, "late", False, Cut.NONE),
        (Trading.CONTINUOUS, "late", True, Cut.OUTAGE),
        (Trading.CALL, "before", False, Cut.MAINTENANCE),
        (Trading.CALL, "closed", False, Cut.MAINTENANCE),
        (Trading.CALL, "sold", False, Cut.MAINTENANCE),
        (Trading.CALL, "sold", True, Cut.OUTAGE),
        (Trading.CALL, "begun", False, Cut.NONE),
    ],
)
def test_maintenance_is_no_way_out_of_a_sale(
    trading: Trading,
    declared: str,
    sector: bool,  # noqa: FBT001 - a table's column.
    expected: Cut,
) -> None:
    """What an owner plans cuts at its own cost until delivery begins, and nothing afterwards."""
    house, market = trading_house(trading=trading)
    device = None if sector else device_of(house, ANNA)
    signer = GRID_OPERATOR if sector else ANNA
    command = DeclareOutage(device, SECTOR, END - 1, END, True)  # noqa: FBT003 - as in the record.

    def reach(moment: str) -> None:
        if declared == moment:
            do(house, command, signer)
        house.trial.move_to(house.trial.time + 1)

    place(house, sell(house, market, ANNA, lots=10, level=20))
    reach("before")
    if trading is Trading.CALL:
        place(house, buy(house, market, BEN, lots=10, level=20))
        move_to(house, BEGIN - HOUR)
        reach("closed")
        do(house, Clear(market, product_of(house, market), 256), STRANGER)
    else:
        place(house, buy(house, market, BEN, lots=10, level=20))
    reach("sold")
    house.trial.move_to(BEGIN * 1_000 - 1)
    reach("last")
    reach("begun")
    move_to(house, END - 60)
    reach("late")
    deal = deal_of(house, fill_id(book_of(house, market), 0))
    seller = position_of(house, market, Side.SELL)
    lots, cut = lots_after_cut(
        context_of(house), deal.rules, seller, deal.fill, product=deal.product
    )
    assert (10 if expected is Cut.NONE else 0, expected) == (lots, cut)


def test_an_outage_comes_before_what_the_seller_announced() -> None:
    """What the grid operator answers for costs a seller nothing, whatever it said before."""
    house, market = trading_house()
    fill = trade(house, market, lots=10)
    declare(house, ANNA, 0)
    maintain(house, ANNA)
    outage(house, None)
    deal = deal_of(house, fill)
    seller = position_of(house, market, Side.SELL)
    assert (0, Cut.OUTAGE) == lots_after_cut(
        context_of(house), deal.rules, seller, deal.fill, product=deal.product
    )


def test_what_is_forfeited() -> None:
    """Whatever the seller's own side announced, and nothing else."""
    forfeited = {cut for cut in Cut if is_forfeited(cut)}
    assert {Cut.AVAILABILITY, Cut.MAINTENANCE} == forfeited


def test_an_availability_of_another_interval_cuts_nothing() -> None:
    """It must be for exactly the delivery."""
    house, market = trading_house()
    product = Product(market, BEGIN, BEGIN + 4 * QUARTER)
    fill = trade(house, market, lots=10, product=product)
    declare(house, ANNA, 0)
    deal = deal_of(house, fill)
    seller = position(house, book_of(house, market, product), Side.SELL, ANNA)
    assert seller is not None
    assert (10, Cut.NONE) == lots_after_cut(
        context_of(house), deal.rules, seller, deal.fill, product=product
    )
