"""Devices' read model: what there is, what was promised, what failed."""

from collections.abc import Iterator

from tallystick.core.event import Event
from tallystick.core.projection import Add, Insert, Projection, RowChange, Table, Update

from .events import (
    AvailabilityDeclared,
    DeviceRegistered,
    DeviceRetired,
    OutageDeclared,
    StateReported,
)

DEVICES = Table(
    name="devices",
    columns=(
        ("device", "bytes"),
        ("owner", "bytes"),
        ("kind", "text"),
        ("sector", "text"),
        ("capacity_wh", "integer"),
        ("is_on", "integer"),
        ("connected", "integer"),
        ("stored_wh", "integer"),
        ("reported_at", "integer"),
        ("retired", "integer"),
    ),
    key=("device",),
    indexes=(("owner",), ("sector",)),
)

AVAILABILITIES = Table(
    name="device_availabilities",
    columns=(
        ("device", "bytes"),
        ("begin", "integer"),
        ("available_wh", "integer"),
        ("declared", "integer"),
    ),
    key=("device", "begin"),
)

OUTAGES = Table(
    name="device_outages",
    columns=(
        ("sector", "text"),
        ("device", "bytes"),
        ("begin", "integer"),
        ("end", "integer"),
        ("declared_at", "integer"),
        ("maintenance", "integer"),
    ),
    key=("sector", "device", "begin", "end", "declared_at"),
)


def fold(event: Event, time: int) -> Iterator[RowChange]:
    """Turn an event into row changes. [ms since the epoch, UTC]"""
    match event:
        case DeviceRegistered(device=id, owner=owner, kind=kind, sector=sector):
            row = (id, owner, kind.value, sector, event.capacity_wh, 0, 0, 0, 0, 0)
            yield Insert(DEVICES, row)
        case StateReported(device=id):
            switches = {"is_on": int(event.on), "connected": int(event.connected)}
            amounts = {"stored_wh": event.stored_wh, "reported_at": time}
            yield Update(DEVICES, (id,), switches | amounts)
        case AvailabilityDeclared(device=id, begin=begin, available_wh=available_wh):
            yield Add(AVAILABILITIES, (id, begin), {})
            columns = {"available_wh": available_wh, "declared": time}
            yield Update(AVAILABILITIES, (id, begin), columns)
        case OutageDeclared(sector=sector, begin=begin, end=end):
            device = event.device or b""
            place = (sector, device, begin, end, time)
            yield Add(OUTAGES, place, {})
            yield Update(OUTAGES, place, {"maintenance": int(event.maintenance)})
        case DeviceRetired(device=id):
            yield Update(DEVICES, (id,), {"retired": 1})


PROJECTION = Projection(tables=(DEVICES, AVAILABILITIES, OUTAGES), fold=fold)
