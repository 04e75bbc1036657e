"""What can be asked about measurements."""

from msgspec import Struct

from tallystick.base.amounts import Amount, Milliseconds, Seconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.contract import Reader

from .errors import MeasurementNotFound
from .model import Kind, Measurement, Quality


class ShowMeasurement(Record, tag="measurement.show"):
    """Show a measurement."""

    measurement: RecordId
    """Which."""


class MeasurementView(Struct, frozen=True):
    """A measurement as it stands."""

    measurement: RecordId
    """Its id."""

    owner: PublicKey
    """The key that may act on it."""

    begin: Seconds
    """The first second of the interval. [s since the epoch, UTC]"""

    end: Seconds
    """The first second after the interval. [s since the epoch, UTC]"""

    sector: str
    """Where on the grid."""

    kind: Kind
    """What was measured."""

    amount: Amount
    """How much, as corrected so far. [Wh for energy, g for an emission]"""

    quality: Quality
    """How the figure came about."""

    revision: int
    """How many times it was corrected."""

    relier: str
    """The contract that relies on it and alone may correct it; empty if none does."""

    published_at: Milliseconds
    """When it was published. [ms since the epoch, UTC]"""


def show(reader: Reader, question: ShowMeasurement) -> MeasurementView:
    """Return a measurement, or raise `MeasurementNotFound`."""
    found = reader.read(Measurement, question.measurement)
    if found is None:
        raise MeasurementNotFound(question.measurement)
    return MeasurementView(
        measurement=question.measurement,
        owner=found.owner,
        begin=found.begin,
        end=found.end,
        sector=found.sector,
        kind=found.kind,
        amount=found.amount,
        quality=found.quality,
        revision=found.revision,
        relier=found.relier,
        published_at=found.published_at,
    )
