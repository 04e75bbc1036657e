"""What always holds about measurements."""

from collections.abc import Iterator

from tallystick.base.identifiers import RecordId
from tallystick.core.invariant import Changes, Invariant

from .model import Measurement, measurement_id


def _unsound_measurement(changes: Changes) -> Iterator[str]:
    for id, before, after in changes.of(Measurement):
        if after is None:
            yield f"measurement {id.hex()} vanished"
        elif before is None:
            yield from _unsound_beginning(id, after)
        else:
            yield from _unsound_change(id, before, after)


def _unsound_beginning(id: RecordId, after: Measurement) -> Iterator[str]:
    if id != measurement_id(after.owner, after.begin):
        yield f"measurement {id.hex()} does not stand under the id of its owner and begin"
    if after.end <= after.begin:
        yield f"measurement {id.hex()} ends before it begins"


def _unsound_change(id: RecordId, before: Measurement, after: Measurement) -> Iterator[str]:
    if _constants(before) != _constants(after):
        yield f"measurement {id.hex()} changed in more than its figure"
    if after.revision < before.revision:
        yield f"measurement {id.hex()} went back to an earlier revision"
    if after.revision == before.revision and (
        after.amount != before.amount or after.quality is not before.quality
    ):
        yield f"measurement {id.hex()} changed its figure without a new revision"
    if before.relier not in {"", after.relier}:
        yield f"measurement {id.hex()} lost the contract that relies on it"


def _constants(measurement: Measurement) -> tuple[object, ...]:
    """Return what never changes about a measurement."""
    return (
        measurement.owner,
        measurement.begin,
        measurement.end,
        measurement.sector,
        measurement.kind,
        measurement.published_at,
    )


INVARIANTS = (
    Invariant(
        "a measurement stands for ever under the id of its owner and begin; its figure changes "
        "only with its revision, and its relier only from nobody to one",
        _unsound_measurement,
    ),
)
