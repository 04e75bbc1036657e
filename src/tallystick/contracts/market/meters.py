"""
The meters of an order: which measurements settle it, and that they are promised to its book.

Whoever owns the key of a measurement signs the order. Production is pledged, so that its
certificate is born locked for this book; consumption is pledged, so that settling may claim
certificates for it. A measurement is pledged once, so it settles one account's orders on one side
of one book.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from tallystick.base.identifiers import LockId, RecordId
from tallystick.base.intervals import format_time
from tallystick.contracts.certificate.commands import Pledge
from tallystick.contracts.measurement.model import MeasurementParameters, measurement_id
from tallystick.core.context import Context

from .commands import MeterKey
from .errors_sources import (
    MeterHasNotSigned,
    MetersDoNotCover,
)
from .model import MarketRules, Product

HOLDER: Final = "market"
"""This contract's own name, to which measurements are pledged."""

_measurement_id: Final = lru_cache(16_384)(measurement_id)
"""An account that has several orders in a book names the same meters in each."""

SETTLEMENT_SECONDS_MAX: Final = 40 * 86_400
"""How long after its delivery and the settlement delay a pledge lapses by itself. [s]"""


def pledged_until(rules: MarketRules, product: Product) -> int:
    """Return when pledges for a delivery lapse. [ms since the epoch, UTC]"""
    return (product.end + rules.settlement_delay + SETTLEMENT_SECONDS_MAX) * 1000


def check_meters(
    context: Context, product: Product, meters: Sequence[MeterKey]
) -> tuple[RecordId, ...]:
    """
    Return the ids of an order's measurements, each signed for by its key.

    They follow each other without a gap through the delivery and have one length, one that the
    ledger measures.
    """
    count = len(meters)
    if not count:
        raise MetersDoNotCover(
            "none is named; name the measurements of the delivery, earliest first"
        )
    length, rest = divmod(product.end - product.begin, count)
    measured = context.parameters(MeasurementParameters).interval_seconds
    if rest or length not in measured:
        known = ", ".join(str(each) for each in measured)
        raise MetersDoNotCover(f"{count} do not part the delivery into intervals of {known} s")
    begin = product.begin
    for meter in meters:
        if meter.begin != begin:
            place = (begin - product.begin) // length
            raise MetersDoNotCover(
                f"{format_time(meter.begin)} was given, its turn is {format_time(begin)}",
                field=f"meters[{place}].begin",
            )
        begin += length
    for meter in meters:
        if meter.owner not in context.signers:
            place = (meter.begin - product.begin) // length
            raise MeterHasNotSigned(meter.owner, place=place)
    return tuple([_measurement_id(meter.owner, meter.begin) for meter in meters])


def pledge_meters(
    context: Context, book: RecordId, meters: Sequence[MeterKey], *, until: int
) -> None:
    """
    Promise measurements to a book.

    None can be published yet, because a gate closes before delivery begins. What is promised
    elsewhere is refused by the contract `certificate`.
    """
    for meter in meters:
        context.call(Pledge(meter.owner, meter.begin, HOLDER, LockId(book), until))
