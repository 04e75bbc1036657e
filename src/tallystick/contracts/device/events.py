"""What was said about devices."""

from tallystick.base.amounts import Amount, Seconds
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.event import Event

from .model import DeviceKind


class DeviceRegistered(Event, tag="device-registered"):
    """A device came to be known."""

    device: RecordId
    """Its id."""

    owner: PublicKey
    """For whom it sells."""

    kind: DeviceKind
    """What it is."""

    sector: str
    """Where it is."""

    capacity_wh: Amount
    """What it can store. [Wh]"""


class StateReported(Event, tag="device-state-reported"):
    """A controller said how its device is."""

    device: RecordId
    """The device."""

    on: bool
    """Whether it is switched on."""

    connected: bool
    """Whether it is connected to the grid."""

    stored_wh: Amount
    """What it could give. [Wh]"""


class AvailabilityDeclared(Event, tag="device-availability-declared"):
    """A controller promised what will be available."""

    device: RecordId
    """The device."""

    begin: Seconds
    """Begin of the interval. [s since the epoch, UTC]"""

    end: Seconds
    """End of the interval, exclusive. [s since the epoch, UTC]"""

    available_wh: Amount
    """How much. [Wh]"""


class OutageDeclared(Event, tag="device-outage-declared"):
    """A device, or a whole sector, delivers nothing for a time."""

    device: RecordId | None
    """The device; nothing for the whole sector."""

    sector: str
    """The sector."""

    begin: Seconds
    """Its begin. [s since the epoch, UTC]"""

    end: Seconds
    """Its end, exclusive. [s since the epoch, UTC]"""

    maintenance: bool
    """Whether it was planned."""


class DeviceRetired(Event, tag="device-retired"):
    """A device is out of use."""

    device: RecordId
    """The device."""
