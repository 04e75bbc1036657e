"""What can be asked about devices, by id."""

from msgspec import Struct

from tallystick.base.amounts import Amount, Milliseconds, Seconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.contract import Reader

from .errors import DeviceNotFound
from .model import (
    Availability,
    Device,
    DeviceKind,
    DeviceState,
    Outage,
    SectorOutages,
    availability_id,
    overlaps,
    sector_outages_id,
)


class ShowDevice(Record, tag="device.show"):
    """Show a device with its latest state."""

    device: RecordId
    """Which."""


class ShowAvailability(Record, tag="device.show-availability"):
    """Show what a device promised for an interval."""

    device: RecordId
    """Which."""

    begin: Seconds
    """Begin of the interval. [s since the epoch, UTC]"""


class DeviceView(Struct, frozen=True):
    """A device at the latest block."""

    device: RecordId
    """Its id."""

    owner: PublicKey
    """For whom it sells."""

    controller: PublicKey
    """The key inside it."""

    kind: DeviceKind
    """What it is."""

    sector: str
    """Where it is."""

    capacity_wh: Amount
    """What it can store. [Wh]"""

    retired: bool
    """Whether it is out of use."""

    on: bool
    """Whether it was last said to be on."""

    connected: bool
    """Whether it was last said to be connected."""

    stored_wh: Amount
    """What it was last said to store. [Wh]"""

    reported_at: Milliseconds
    """When that was; 0 for never. [ms since the epoch, UTC]"""

    outages: tuple[Outage, ...]
    """Its own outages."""


class AvailabilityView(Struct, frozen=True):
    """What a device promised."""

    end: Seconds
    """End of the interval. [s since the epoch, UTC]"""

    available_wh: Amount
    """How much. [Wh]"""

    declared_at: Milliseconds
    """When; 0 if it promised nothing. [ms since the epoch, UTC]"""


def show(reader: Reader, question: ShowDevice) -> DeviceView:
    """Show a device, or reject if there is none."""
    device = reader.read(Device, question.device)
    if device is None:
        raise DeviceNotFound(question.device)
    state = reader.read(DeviceState, question.device)
    return DeviceView(
        device=question.device,
        owner=device.owner,
        controller=device.controller,
        kind=device.kind,
        sector=device.sector,
        capacity_wh=device.capacity_wh,
        retired=device.retired,
        on=state is not None and state.on,
        connected=state is not None and state.connected,
        stored_wh=0 if state is None else state.stored_wh,
        reported_at=0 if state is None else state.reported_at,
        outages=device.outages,
    )


def show_availability(reader: Reader, question: ShowAvailability) -> AvailabilityView:
    """Show a promise; zeros if there is none."""
    if reader.read(Device, question.device) is None:
        raise DeviceNotFound(question.device)
    found = reader.read(Availability, availability_id(question.device, question.begin))
    if found is None:
        return AvailabilityView(0, 0, 0)
    return AvailabilityView(found.end, found.available_wh, found.declared_at)


def in_outage(reader: Reader, device: Device, begin: int, end: int) -> bool:
    """
    Tell whether a device, or its whole sector, was in an outage within [begin, end).

    For other contracts. [s since the epoch, UTC]
    """
    if overlaps(device.outages, begin, end):
        return True
    found = reader.read(SectorOutages, sector_outages_id(device.sector))
    return found is not None and overlaps(found.outages, begin, end)
