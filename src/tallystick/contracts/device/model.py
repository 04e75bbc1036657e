"""What the contract keeps: devices, what their controllers sign, and outages."""

from collections.abc import Iterable
from enum import Enum
from functools import lru_cache
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds, Seconds
from tallystick.base.encoding import Record
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.identity.model import Scope

OUTAGES_MAX: Final = 256
"""How many outages of a device, or of a sector, are remembered."""

SETTLED_AFTER_SECONDS_MAX: Final = 2 * 366 * 86_400
"""
How long after an outage a market may still ask about it: a delivery that began with it ends within
366 days, and its readings are waited for during 366 more at most. [s]
"""

TAG_AVAILABILITY_ID: Final = b"tallystick/device/availability-id/1"
TAG_SECTOR_ID: Final = b"tallystick/device/sector-id/1"


class DeviceKind(Enum):
    """What a device is, as far as a market's rules care."""

    ROOF = "roof"
    """It produces when the sun shines."""

    BATTERY = "battery"
    """It gives what it stored; it must be on, connected and charged to sell."""

    OTHER = "other"
    """Any other plant."""


class Outage(Record):
    """A stretch of time in which nothing is delivered."""

    begin: Seconds
    """Its begin. [s since the epoch, UTC]"""

    end: Seconds
    """Its end, exclusive. [s since the epoch, UTC]"""

    maintenance: bool
    """Whether it was planned, and declared before it began."""

    declared_at: Milliseconds
    """When it was declared. [ms since the epoch, UTC]"""


class Device(Record, tag="device"):
    """A plant or battery that sells, and the controller that signs for its state."""

    owner: PublicKey
    """The account for which it sells."""

    controller: PublicKey
    """The key inside the device."""

    kind: DeviceKind
    """What it is."""

    sector: Scope
    """Where on the grid it is connected."""

    capacity_wh: Amount
    """What it can store; 0 if it stores nothing. [Wh]"""

    outages: Annotated[tuple[Outage, ...], Meta(max_length=OUTAGES_MAX)]
    """Its own outages, in order of declaration; those that are over for years may be gone."""

    retired: bool
    """Whether its owner took it out of use."""


class DeviceState(Record, tag="device-state"):
    """What a controller last said of its device."""

    on: bool
    """Whether it is switched on."""

    connected: bool
    """Whether it is connected to the grid."""

    stored_wh: Amount
    """What it could give now. [Wh]"""

    reported_at: Milliseconds
    """When. [ms since the epoch, UTC]"""


class Availability(Record, tag="device-availability"):
    """What a controller promised, before an interval began, that its device will have."""

    device: RecordId
    """The device."""

    begin: Seconds
    """Begin of the interval. [s since the epoch, UTC]"""

    end: Seconds
    """End of the interval, exclusive. [s since the epoch, UTC]"""

    available_wh: Amount
    """What will be available in it. [Wh]"""

    declared_at: Milliseconds
    """When it was promised. [ms since the epoch, UTC]"""


class SectorOutages(Record, tag="sector-outages"):
    """The outages of a whole sector."""

    outages: Annotated[tuple[Outage, ...], Meta(max_length=OUTAGES_MAX)]
    """In order of declaration; those that are over for years may be gone."""


class DeviceParameters(Record, tag="device-parameters"):
    """Nothing to set."""


def availability_id(device: RecordId, begin: int) -> RecordId:
    """Return the id of what a device has available from a second on."""
    return RecordId(tagged_hash(TAG_AVAILABILITY_ID, device, begin.to_bytes(8, "big")))


@lru_cache(1_024)
def sector_outages_id(sector: str) -> RecordId:
    """Return the id under which a sector's outages stand."""
    return RecordId(tagged_hash(TAG_SECTOR_ID, sector.encode()))


def overlaps(outages: Iterable[Outage], begin: int, end: int) -> bool:
    """Tell whether any outage touches the interval [begin, end). [s since the epoch, UTC]"""
    return any(each.begin < end and begin < each.end for each in outages)
