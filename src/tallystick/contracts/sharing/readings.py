"""
By which readings an interval is divided: they were bound beforehand, so nobody chooses them.

What a member has enrolled counts, or counts as nothing consumed, by rules that only the ledger's
records decide. No member's reading can stop a division, and none is rejected.
"""

from msgspec import Struct

from tallystick.base.amounts import Amount
from tallystick.base.identifiers import RecordId
from tallystick.contracts.certificate.model import Pledge, Settlement
from tallystick.contracts.measurement.model import Kind, Measurement, Quality
from tallystick.core.context import Context

from .errors import NotEnrolled, ReadingNotFound, WrongReading
from .model import (
    Enrolled,
    SharingKey,
    enrolled_consumption_id,
    enrolled_production_id,
    lock_id_of,
)


class Consumed(Struct, frozen=True):
    """What a member consumed in the interval."""

    measurement: RecordId
    """The reading that says so."""

    amount_wh: Amount
    """How much. [Wh]"""


def enrolled_production(context: Context, key: RecordId, begin: int) -> RecordId:
    """Return which measurement is the plant's production in an interval."""
    found = context.read(Enrolled, enrolled_production_id(key, begin))
    if found is None:
        raise NotEnrolled(begin)
    return found.measurement


def production_of(context: Context, key: SharingKey, id: RecordId) -> Measurement:
    """Return the production that is shared, or reject what is none in the key's sector."""
    measured = context.read(Measurement, id)
    if measured is None:
        raise ReadingNotFound(id)
    if measured.kind is not Kind.PRODUCTION:
        raise WrongReading(id, f"it measures {measured.kind.value}, not production")
    if measured.sector != key.sector:
        raise WrongReading(id, f"it is in {measured.sector!r}, the key in {key.sector!r}")
    return measured


def consumptions_of(
    context: Context, id: RecordId, key: SharingKey, production: Measurement, *, before: int
) -> list[Consumed | None]:
    """
    Return what each member consumed, or nothing where no reading counts.

    Only what was published before the production could first be shared counts [ms], so that it
    makes no difference who asks when.
    """
    found: list[Consumed | None] = []
    for member in key.members:
        place = enrolled_consumption_id(id, member.account, production.begin)
        enrolled = context.read(Enrolled, place)
        measurement = None if enrolled is None else enrolled.measurement
        if any(each is not None and each.measurement == measurement for each in found):
            measurement = None
        found.append(
            None
            if measurement is None
            else _consumed(context, id, measurement, production, before=before)
        )
    return found


def _consumed(
    context: Context, key: RecordId, id: RecordId, production: Measurement, *, before: int
) -> Consumed | None:
    """
    Return what an enrolled measurement says, or nothing if it doesn't count.

    It counts if it is consumption, in the production's sector and interval, was known in time, is
    still pledged, and its owner has had nothing else claimed for it.
    """
    measured = context.read(Measurement, id)
    pledge = context.read(Pledge, id)
    if measured is None or pledge is None:
        return None
    counts = (
        measured.kind is Kind.CONSUMPTION
        and measured.quality is not Quality.MISSING
        and (measured.sector, measured.end) == (production.sector, production.end)
        and measured.published_at < before
        and context.time < pledge.until
        and (pledge.holder, pledge.lock_id) == ("sharing", lock_id_of(key))
        and context.read(Settlement, id) is None
    )
    return Consumed(id, measured.amount) if counts else None
