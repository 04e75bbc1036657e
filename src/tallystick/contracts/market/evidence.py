"""What is known of a delivery: the readings of a position's meters, and what was cut beforehand."""

from typing import NamedTuple

from tallystick.base.identifiers import RecordId
from tallystick.contracts.device.model import (
    Availability,
    Device,
    SectorOutages,
    availability_id,
    overlaps,
    sector_outages_id,
)
from tallystick.contracts.measurement.model import Kind, Measurement, Quality
from tallystick.core.context import Context

from .events_settlement import Cut
from .model import Fill, MarketRules, Position, Product, Side
from .settlement import lots_left


class Readings(NamedTuple):
    """What a position's meters measured."""

    amounts_wh: list[int]
    """One for each meter; 0 where nothing is known. [Wh]"""

    known: int
    """The sum of revision + 1 over what is published: it grows with whatever changes."""

    missing: RecordId | None
    """The first meter of which nothing is known; nothing if there is none."""


def readings_of(context: Context, position: Position, *, sector: str, product: Product) -> Readings:
    """
    Return what a position's meters measured.

    A reading of another kind, sector or length is not what was traded: it counts as 0 and is not
    waited for, so that nobody can hold a settlement up by publishing it.
    """
    kind = Kind.PRODUCTION if position.side is Side.SELL else Kind.CONSUMPTION
    length = (product.end - product.begin) // len(position.meters)
    amounts_wh, known, missing = [], 0, None
    for meter in position.meters:
        reading = context.read(Measurement, meter)
        amount_wh = 0
        if reading is None or reading.quality is Quality.MISSING:
            missing = missing or meter
        elif (
            reading.kind is kind
            and reading.sector == sector
            and reading.end - reading.begin == length
        ):
            amount_wh = reading.amount
        if reading is not None:
            known += reading.revision + 1
        amounts_wh.append(amount_wh)
    return Readings(amounts_wh, known, missing)


def lots_after_cut(
    context: Context, rules: MarketRules, seller: Position, fill: Fill, *, product: Product
) -> tuple[int, Cut]:
    """
    Return what was left of a fill when its delivery began, and what took the rest.

    An outage during any part of the delivery takes all of it, and so does maintenance of the device
    that was declared before the delivery began. An availability, which the device's controller
    signed before then, takes what a seller has sold beyond it, the latest fills first. Who pays for
    that is said by `is_forfeited`.
    """
    id = seller.device
    device = None if id is None else context.read(Device, id)
    if id is None or device is None:
        raise AssertionError(f"a seller's position in {seller.book.hex()} names no device")
    begin, end = product.begin, product.end
    sector = context.read(SectorOutages, sector_outages_id(device.sector))
    outages = [each for each in device.outages if not each.maintenance]
    outages.extend(() if sector is None else sector.outages)
    if overlaps(outages, begin, end):
        return 0, Cut.OUTAGE
    planned = (each for each in device.outages if each.maintenance)
    if overlaps((each for each in planned if each.declared_at < begin * 1_000), begin, end):
        return 0, Cut.MAINTENANCE
    declared = context.read(Availability, availability_id(id, begin))
    if declared is None or declared.end != end:
        return fill.lots, Cut.NONE
    available = declared.available_wh // rules.quantum
    lots = lots_left(offset=fill.sell_offset, lots=fill.lots, available_lots=available)
    return lots, Cut.NONE if lots == fill.lots else Cut.AVAILABILITY


def is_forfeited(cut: Cut) -> bool:
    """
    Tell whether what was cut costs its seller as much as if it had not been delivered.

    It does if the seller's side announced it. Owner and controller may be one key, so what it
    announces for nothing would be an option: to sell, and to leave once the price is another. Nor
    may it be free before the gate: who offers more than is available moves a price at no risk.
    """
    return cut in (Cut.AVAILABILITY, Cut.MAINTENANCE)
