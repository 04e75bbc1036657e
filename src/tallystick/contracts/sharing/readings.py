"""Which readings a production may be shared by."""

from collections.abc import Sequence

from tallystick.base.identifiers import RecordId
from tallystick.contracts.measurement.model import Kind, Measurement
from tallystick.core.context import Context

from .errors import ReadingNotFound, ReadingUsedTwice, WrongReading
from .model import SharingKey


def production_of(context: Context, key: SharingKey, id: RecordId) -> Measurement:
    """Return the production that is shared, or reject what is none in the key's sector."""
    measured = _reading_at(context, id)
    if measured.kind is not Kind.PRODUCTION:
        raise WrongReading(id, f"it measures {measured.kind.value}, not production")
    if measured.sector != key.sector:
        raise WrongReading(id, f"it is in {measured.sector!r}, the key in {key.sector!r}")
    return measured


def consumption_of(
    context: Context,
    key: SharingKey,
    production: Measurement,
    ids: Sequence[RecordId | None],
) -> list[Measurement | None]:
    """Return each member's consumption, or reject what does not belong to the production."""
    found: list[Measurement | None] = []
    for n, id in enumerate(ids):
        if id is None:
            found.append(None)
            continue
        measured = _reading_at(context, id)
        if measured.kind is not Kind.CONSUMPTION:
            raise WrongReading(id, f"it measures {measured.kind.value}, not consumption")
        if measured.sector != key.sector:
            raise WrongReading(id, f"it is in {measured.sector!r}, the key in {key.sector!r}")
        if (measured.begin, measured.end) != (production.begin, production.end):
            raise WrongReading(id, "its interval is not the production's")
        if id in ids[:n]:
            raise ReadingUsedTwice(id)
        found.append(measured)
    return found


def _reading_at(context: Context, id: RecordId) -> Measurement:
    """Return a measurement, or reject if there is none."""
    measured = context.read(Measurement, id)
    if measured is None:
        raise ReadingNotFound(id)
    return measured
