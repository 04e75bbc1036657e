"""What can be said about devices."""

from tallystick.base.amounts import Amount, Seconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.identity.model import Scope

from .model import DeviceKind


class Register(Record, tag="device.register"):
    """Register a device, as its owner and its controller together."""

    owner: PublicKey
    """The account for which it sells, which signs."""

    controller: PublicKey
    """The key inside the device, which signs."""

    kind: DeviceKind
    """What it is."""

    sector: Scope
    """Where on the grid it is connected."""

    capacity_wh: Amount
    """What it can store; 0 if it stores nothing. [Wh]"""


class Report(Record, tag="device.report"):
    """Say how a device is now, as its controller."""

    device: RecordId
    """The device."""

    on: bool
    """Whether it is switched on."""

    connected: bool
    """Whether it is connected to the grid."""

    stored_wh: Amount
    """What it could give now. [Wh]"""


class Declare(Record, tag="device.declare"):
    """Promise what a device will have available in an interval, before it begins."""

    device: RecordId
    """The device."""

    begin: Seconds
    """Begin of the interval. [s since the epoch, UTC]"""

    end: Seconds
    """End of the interval, exclusive. [s since the epoch, UTC]"""

    available_wh: Amount
    """What will be available in it. [Wh]"""


class DeclareOutage(Record, tag="device.declare-outage"):
    """Declare that a device, or a whole sector, delivers nothing for a time."""

    device: RecordId | None
    """The device; nothing for the whole sector."""

    sector: Scope
    """The sector, that of the device if one is named."""

    begin: Seconds
    """Its begin. [s since the epoch, UTC]"""

    end: Seconds
    """Its end, exclusive. [s since the epoch, UTC]"""

    maintenance: bool
    """Whether it is planned; then it is declared before it begins."""


class Retire(Record, tag="device.retire"):
    """Take a device out of use for good, as its owner."""

    device: RecordId
    """The device."""
