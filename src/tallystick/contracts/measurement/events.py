"""What has happened to measurements."""

from typing import Annotated

from msgspec import Meta

from tallystick.base.amounts import Amount, Seconds
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.event import Event

from .model import REVISION_MAX, Kind, Quality, Relier, Sector


class MeasurementPublished(Event, tag="measurement-published"):
    """A measurement appeared."""

    measurement: RecordId
    """Its id."""

    owner: PublicKey
    """The key that may act on it."""

    begin: Seconds
    """The first second of the interval. [s since the epoch, UTC]"""

    end: Seconds
    """The first second after the interval. [s since the epoch, UTC]"""

    sector: Sector
    """Where on the grid."""

    kind: Kind
    """What was measured."""

    amount: Amount
    """How much. [Wh for energy, g for an emission]"""

    quality: Quality
    """How the figure came about."""


class MeasurementCorrected(Event, tag="measurement-corrected"):
    """A measurement's figure was replaced."""

    measurement: RecordId
    """Its id."""

    begin: Seconds
    """The first second of its interval. [s since the epoch, UTC]"""

    end: Seconds
    """The first second after its interval. [s since the epoch, UTC]"""

    sector: Sector
    """Where on the grid."""

    kind: Kind
    """What was measured."""

    old_amount: Amount
    """How much it was before. [Wh for energy, g for an emission]"""

    new_amount: Amount
    """How much it is now. [Wh for energy, g for an emission]"""

    quality: Quality
    """How the new figure came about."""

    revision: Annotated[int, Meta(ge=1, le=REVISION_MAX)]
    """How many times it has been corrected by now."""


class MeasurementReliedOn(Event, tag="measurement-relied-on"):
    """A contract made itself the one that corrects a measurement."""

    measurement: RecordId
    """Its id."""

    relier: Relier
    """The contract."""
